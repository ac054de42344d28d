# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What is in the packaged program: whose work, under which licence, and the texts of the licences.

The list of files comes from maru.spec (`build/contents.json`). Every file belongs to a Python
distribution, to Python, to Qt or to a library of the system; each of those must stand in
`allowed-works.txt`, which names its licence. Nothing under the GPL or AGPL alone may stand there.
"""

import csv
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LIST = ROOT / "build" / "contents.json"
ALLOWED = ROOT / "packaging" / "allowed-works.txt"
OWN_TEXTS = ROOT / "packaging" / "licenses"
OWN = "maru-assistant"
DISTRIBUTION, QT, SYSTEM = "distribution", "qt", "system"
LICENCE_FILE = re.compile(r"licen[cs]e|copying|notice|authors", re.IGNORECASE)
# Texts that a distribution leaves out of its wheel.
TEXTS_OF = {
    "kreuzberg": ["kreuzberg.txt", "onnxruntime.txt"],
    "llama-cpp-python": ["llama.cpp.txt"],
    "pyside6-essentials": ["LGPL-3.0.txt", "GPL-3.0.txt"],
    "shiboken6": ["LGPL-3.0.txt", "GPL-3.0.txt"],
}


@dataclass(frozen=True, order=True)
class Work:
    """Somebody's work in the program: `kind` is "distribution", "qt" or "system"."""

    kind: str
    name: str


def normal(name: str) -> str:
    """Return a distribution's name as it is compared."""
    return re.sub(r"[-_.]+", "-", name).lower()


def allowed() -> dict[Work, str]:
    """Return the works that may be in the program, with their licences."""
    works = {}
    for line in ALLOWED.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            kind, name, licence = line.split(maxsplit=2)
            works[Work(kind, name)] = licence
    return works


def works(entries: Iterable[Iterable[str]]) -> dict[Work, set[str]]:
    """Return whose files are in the program: (target, source, kind of entry) each, by work."""
    owners = _owners()
    found: dict[Work, set[str]] = {}
    for target, source, _ in entries:
        # A link has the name of its target as its source; a namespace package has no file.
        if Path(source).is_file() and (work := _work(target, source, owners)) is not None:
            found.setdefault(work, set()).add(source)
    return found


def _work(target: str, source: str, owners: dict[str, str]) -> Work | None:
    name = Path(target).name
    if re.match(r"(lib)?Qt6", name):
        return Work(QT, name.split(".")[0].removeprefix("lib"))
    path = Path(source)
    if owner := owners.get(str(path)) or owners.get(str(path.resolve())) or _owner_of_libraries(path):
        return Work(DISTRIBUTION, owner) if owner != OWN else None
    if _is_ours(path) or _is_pythons(path):
        return None
    if re.search(r"\.(so|dylib|dll)\b", name):
        return Work(SYSTEM, re.split(r"\.so|\.dylib|\.dll|-\d", name)[0])
    return Work(SYSTEM, target)


@cache
def _owners() -> dict[str, str]:
    """Return the distribution that installed each file."""
    owners = {}
    for distribution in metadata.distributions():
        root, name = str(distribution.locate_file("")), normal(distribution.name)
        # The record itself: `distribution.files` takes a minute for what this does in a second.
        for row in csv.reader((distribution.read_text("RECORD") or "").splitlines()):
            owners[os.path.normpath(f"{root}/{row[0]}")] = name
    return owners


def _owner_of_libraries(path: Path) -> str | None:
    """Return the distribution whose wheel brings `path` in a folder of repaired libraries."""
    if path.parent.suffix == ".libs":
        return normal(path.parent.stem)
    return "llama-cpp-python" if path.parent.parent.name == "llama_cpp" else None


def _is_ours(path: Path) -> bool:
    folders = [ROOT / name for name in ("assistant", "ui", "resources", "packaging", "build")]
    return any(folder in path.parents for folder in folders) and ".venv" not in path.parts


def _is_pythons(path: Path) -> bool:
    homes = {
        sysconfig.get_path("stdlib"),
        sysconfig.get_path("platstdlib"),
        sysconfig.get_config_var("LIBDIR"),
    }
    standard = [Path(home).resolve() for home in homes if home]
    inside = any(home in path.resolve().parents for home in standard[:]) and "site-packages" not in path.parts
    return (inside and "python3" in str(path)) or path.name.startswith("libpython")


def strangers(found: Iterable[Work]) -> list[Work]:
    """Return the works that are not in the list of allowed ones."""
    return sorted(set(found) - set(allowed()))


def collect_licences(found: dict[Work, set[str]], target: Path) -> list[Work]:
    """Copy the licence texts of every work to `target`; return the works that have none."""
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    for own in ("LICENSE", "NOTICE"):
        shutil.copy(ROOT / own, target)
    _copy([OWN_TEXTS / name for name in ("LGPL-3.0.txt", "GPL-3.0.txt")], target / "Qt")
    _copy(_texts_of_python(), target / "Python")
    _copy(_distribution_texts("pyinstaller"), target / "PyInstaller")
    without = []
    for work, sources in sorted(found.items()):
        if work.kind == DISTRIBUTION:
            texts = _distribution_texts(work.name)
        elif work.kind == SYSTEM:
            texts = _system_texts(sources)
        else:
            continue
        _copy(texts, target / work.name)
        if not texts:
            without.append(work)
    return without


def _copy(texts: list[Path], folder: Path) -> None:
    for text in texts:
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(text, folder / text.name)


def _distribution_texts(name: str) -> list[Path]:
    distribution = metadata.distribution(name)
    # Licences lie in the metadata; files like them in the package may be code.
    inside = [file for file in distribution.files or () if ".dist-info" in str(file)]
    texts = [
        Path(str(distribution.locate_file(file)))
        for file in inside
        if LICENCE_FILE.search(file.name) or "licenses" in (part.lower() for part in file.parts)
    ]
    texts += [OWN_TEXTS / text for text in TEXTS_OF.get(name, [])]
    if not texts and "apache" in _declared(distribution).lower():
        texts = [ROOT / "LICENSE"]  # the text of Apache-2.0
    return texts


def _declared(distribution: metadata.Distribution) -> str:
    told = distribution.metadata
    return " ".join(
        word for field in ("License-Expression", "Classifier") for word in told.get_all(field) or []
    )


def _texts_of_python() -> list[Path]:
    places = [Path(sysconfig.get_path("stdlib")) / "LICENSE.txt", Path(sys.base_prefix) / "LICENSE.txt"]
    return [place for place in places if place.exists()][:1]


def _system_texts(sources: set[str]) -> list[Path]:
    """Return what Debian says about the packages that brought these files."""
    texts = set()
    for source in sources:
        for path in {source, str(Path(source).resolve()), str(Path(source).resolve()).removeprefix("/usr")}:
            asked = subprocess.run(["dpkg", "-S", path], capture_output=True, text=True, check=False)
            if asked.returncode == 0:
                package = asked.stdout.split(":")[0]
                texts.add(Path("/usr/share/doc") / package / "copyright")
    return sorted(text for text in texts if text.exists())


def read_list() -> list[list[str]]:
    """Return the list of files that maru.spec wrote."""
    entries: list[list[str]] = json.loads(LIST.read_text(encoding="utf-8"))
    return entries
