# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Builds the program that needs no Python: `dist/maru/` with both starter models and all licences.

    .venv/bin/python packaging/build.py [--native-engine]

The engine of `.venv` is built for this very processor; the one that goes into the program runs on
every computer of this kind (packaging/engine.py). `--native-engine` takes the one of `.venv`:
quicker, but not to be passed on.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import contents
import engine

from assistant.model_files import CHAT_STARTER, CONVERTED, EMBEDDING_STARTER, starter_chat, starter_embedding
from assistant.paths import Home

ROOT = Path(__file__).resolve().parents[1]
BUILD = ROOT / "build"
MODELS = BUILD / "models"
PROGRAM = ROOT / "dist" / "maru"


def main(arguments: list[str]) -> int:
    """Build and check. Returns the exit code."""
    surroundings = dict(os.environ)
    if "--native-engine" not in arguments:
        if (wheel := engine.wheel()) is None:
            return 1
        surroundings["PYTHONPATH"] = str(engine.unpack(wheel, BUILD / "engine" / "unpacked"))
    _models()
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN"]
    folders = ["--distpath", str(ROOT / "dist"), "--workpath", str(BUILD / "pyinstaller")]
    print("Building the program, about two minutes …", flush=True)
    done = subprocess.run(
        [*command, *folders, str(ROOT / "packaging" / "maru.spec")], env=surroundings, check=False
    )
    return _check() if done.returncode == 0 else done.returncode


def _models() -> None:
    """Lay the starter models where the program looks for them; the embedder already converted."""
    home = Home(BUILD / "home")
    home.create()
    embedder = starter_embedding(home).path
    for source, starter, name in (
        (starter_chat(home).path, CHAT_STARTER, Path(CHAT_STARTER.file).name),
        (embedder, EMBEDDING_STARTER, CONVERTED),
        (embedder.with_name(CONVERTED + ".sha256"), EMBEDDING_STARTER, CONVERTED + ".sha256"),
    ):
        target = MODELS / starter.distribution / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)


def _check() -> int:
    found = contents.works(contents.read_list())
    for starter in (CHAT_STARTER, EMBEDDING_STARTER):
        found[contents.Work(contents.DISTRIBUTION, starter.distribution)] = set()
    without = contents.collect_licences(found, PROGRAM / "licenses")
    strangers = contents.strangers(found)
    for work in strangers:
        print(f"not in packaging/allowed-works.txt: {work.kind} {work.name}")
    for work in without:
        print(f"no licence text found: {work.kind} {work.name}")
    size = sum(file.stat().st_size for file in PROGRAM.rglob("*") if file.is_file() and not file.is_symlink())
    print(f"{PROGRAM.relative_to(ROOT)}: {size / 1e6:.0f} MB")
    return 1 if strangers or without else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
