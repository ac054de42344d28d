# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Where Maru's files lie: the home it writes to and the resources it ships."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path

PRIVATE_FOLDER = 0o700
PRIVATE_FILE = 0o600


@dataclass(frozen=True)
class Home:
    """The one folder that Maru writes to. Nothing outside it is ever written."""

    root: Path

    @property
    def conversations(self) -> Path:
        """The database of conversations."""
        return self.root / "conversations.db"

    @property
    def library(self) -> Path:
        """The database of documents, passages and vectors: the truth about documents."""
        return self.root / "library.db"

    @property
    def index(self) -> Path:
        """Chroma's folder: an index that can be rebuilt from the library at any time."""
        return self.root / "index"

    @property
    def models(self) -> Path:
        """GGUF files that Maru made or the user brought."""
        return self.root / "models"

    @property
    def states(self) -> Path:
        """What a model has read of conversations, so that it need not read them again."""
        return self.root / "states"

    @property
    def snapshots(self) -> Path:
        """Earlier states of the databases, a folder each."""
        return self.root / "snapshots"

    @property
    def pending(self) -> Path:
        """What is to be done before the databases are opened: a restore, a wipe."""
        return self.root / "pending.json"

    @property
    def tessdata(self) -> Path:
        """Where the user may put Tesseract's language data; not made by Maru."""
        return self.root / "tessdata"

    @property
    def settings(self) -> Path:
        """The settings file."""
        return self.root / "settings.json"

    @property
    def key_file(self) -> Path:
        """How the home is protected; never the key itself."""
        return self.root / "key.json"

    @property
    def mark(self) -> Path:
        """Which key the databases have; never the key itself."""
        return self.root / "home.json"

    @property
    def lock(self) -> Path:
        """Held by the process that owns the databases."""
        return self.root / "home.lock"

    @property
    def logs(self) -> Path:
        """Log files; never any text of the user's."""
        return self.root / "logs"

    def create(self) -> None:
        """Make the folder and its parts, private to the user. Raises OSError.

        The user's own rights stay as they are: a folder that shall not be written is not made one.
        """
        for folder in (self.root, self.models, self.states, self.logs):
            folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
        mode = self.root.stat().st_mode & 0o777
        if os.name == "posix" and mode & ~PRIVATE_FOLDER:
            self.root.chmod(mode & PRIVATE_FOLDER)


def default_home() -> Path:
    """Return MARU_HOME, or the platform's folder for a program's data.

    A variable of the system that holds no whole path, nothing say, is passed over, as freedesktop.org's
    Base Directory Specification wants it: the home would lie wherever Maru was started.
    """
    if chosen := os.environ.get("MARU_HOME"):
        return Path(chosen).expanduser()
    if sys.platform == "win32":
        return _whole(os.environ.get("LOCALAPPDATA", ""), Path.home()) / "Maru"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "Maru"
    return _whole(os.environ.get("XDG_DATA_HOME", ""), Path.home() / ".local" / "share") / "maru"


def _whole(given: str, usual: Path) -> Path:
    return Path(given) if Path(given).is_absolute() else usual


def resources() -> Path:
    """Return the folder of icons, styles, locale, catalogue and prompt templates."""
    bundle = getattr(sys, "_MEIPASS", None)
    return Path(bundle or Path(__file__).resolve().parents[1]) / "resources"
