# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""`maru redact`, `models`, `doctor` and the self-test: the machine, the models, the filter."""

import argparse
import contextlib
import platform
import sys
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import psutil

from assistant.commands.output import note, say, say_json, table, write
from assistant.engines import known_models
from assistant.errors import DocumentError, MaruError
from assistant.looking import open_for_checking, store_health
from assistant.paths import Home
from assistant.privacy.filter import find, mask
from assistant.privacy.vault import Vault
from assistant.settings import load_settings
from assistant.texts import language_of, text, tr

LIBRARIES = ("llama-cpp-python", "chromadb", "pypdfium2", "kreuzberg", "sqlcipher3", "PySide6-Essentials")
GIB = 2**30
MEGABYTE = 10**6
PART_NAMES = {
    "versions": text("Versions"),
    "backend": text("Runs on"),
    "devices": text("Devices"),
    "layers": text("Layers on the graphics card"),
    "layers_total": text("Layers in all"),
    "reason": text("Why"),
    "memory": text("Memory (GiB)"),
    "folders": text("Folders"),
    "stores": text("Stores"),
}
KIND_NAMES = {
    "chat": text("writes"),
    "embedding": text("searches"),
    "other": text("other"),
}


def add_parsers(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Add the parsers of `redact`, `models` and `doctor`."""
    for name, run, about in (
        ("redact", redact, tr("hide personal data in a text")),
        ("models", models, tr("list the models that are known")),
        ("doctor", doctor, tr("say what this installation has and how it is")),
    ):
        parser = commands.add_parser(name, parents=[shared], help=about, description=about)
        parser.set_defaults(run=run)
        parser.add_argument("--json", action="store_true", help=tr("print JSON"))
        if name == "redact":
            parser.add_argument(
                "file",
                nargs="?",
                metavar="FILE",
                type=Path,
                help=tr("a text file; without it standard input"),
            )


def redact(home: Home, arguments: argparse.Namespace) -> int:
    """Print a text with its personal data masked; needs no home."""
    del home
    words = _input(arguments.file)
    if not arguments.json:
        write(mask(words, Vault(language_of(words)))[0])
        return 0
    masked, _ = mask(words, Vault(language_of(words)))
    entities = [{**asdict(entity), "entity_type": entity.entity_type.value} for entity in find(words)]
    say_json({"text": masked, "entities": entities})
    return 0


def _input(path: Path | None) -> str:
    """Return a file's text, or standard input's; UTF-8, or CP949 where it is none."""
    try:
        raw = path.expanduser().read_bytes() if path is not None else sys.stdin.buffer.read()
    except OSError as error:
        raise DocumentError(
            text(
                "{name} cannot be read ({reason}).",
                name=path.name if path else "-",
                reason=error.strerror or "",
            ),
            text("Check the path and its rights."),
        ) from error
    for encoding in ("utf-8-sig", "cp949"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise DocumentError(
        text("The text is in an encoding that Maru does not know."), text("Save it as UTF-8 and try again.")
    )


def models(home: Home, arguments: argparse.Namespace) -> int:
    """List model files with their hashes."""
    found = known_models(home, load_settings(home)[0])
    if arguments.json:
        names = ("name", "path", "kind", "sha256", "size")
        say_json([{name: _plain(getattr(model, name)) for name in names} for model in found])
    elif not found:
        note(tr("No model was found. Give one: maru ask --model FILE.gguf"))
    else:
        heads = (tr("Name"), tr("Kind"), tr("Size"), tr("Licence"), tr("File"))
        rows = [
            (model.name, str(KIND_NAMES[model.kind]), size_words(model.size), model.licence, str(model.path))
            for model in found
        ]
        table([heads, *rows])
    return 0


def size_words(size: int) -> str:
    """Return a size in bytes as the window shows it."""
    return tr("{size} MB", size=round(size / MEGABYTE))


def _plain(value: object) -> object:
    return str(value) if isinstance(value, Path) else value


def doctor(home: Home, arguments: argparse.Namespace) -> int:
    """Say versions, devices, memory, folders and the health of each store."""
    report = _report(home)
    if arguments.json:
        say_json(report)
        return 0
    for part, content in report.items():
        name = str(PART_NAMES[part])
        if isinstance(content, dict):
            say(f"{name}:")
            for inner, value in content.items():
                say(f"  {inner}: {value}")
        elif isinstance(content, list):
            say(f"{name}:")
            for entry in content:
                say(f"  {entry['name']}: {entry['description']} ({entry['kind']})")
        else:
            say(f"{name}: {content}")
    return 0


def _report(home: Home) -> dict[str, Any]:
    memory = psutil.virtual_memory()
    return {
        "versions": _versions(),
        **_devices(home),
        "memory": {"total_gib": round(memory.total / GIB, 1), "free_gib": round(memory.available / GIB, 1)},
        "folders": {"home": str(home.root), "models": str(home.models)},
        "stores": store_health(home),
    }


def _devices(home: Home) -> dict[str, Any]:
    """Say what the chat model runs on; where it cannot be loaded, why."""
    try:
        with contextlib.closing(open_for_checking(home).chat) as engine:
            engine.loaded()
            found = engine.devices()
    except MaruError as error:
        return {"backend": "", "devices": [], "layers": 0, "layers_total": 0, "reason": str(error)}
    return {
        "backend": found.backend,
        "devices": [asdict(device) for device in found.devices],
        "layers": found.layers,
        "layers_total": found.layers_total,
        "reason": str(found.reason or ""),
    }


def _versions() -> dict[str, str]:
    found = {"maru": _version("maru-assistant"), "python": platform.python_version()}
    return found | {name: _version(name) for name in LIBRARIES}


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
