# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""`maru redact`: a text with its personal data hidden."""

import argparse
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from assistant.commands.output import say_json, write
from assistant.errors import DocumentError
from assistant.paths import Home
from assistant.privacy.filter import find, mask
from assistant.privacy.vault import Vault
from assistant.texts import language_of, text, tr


def add_parser(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Add the parser of `redact`."""
    about = tr("hide personal data in a text")
    parser = commands.add_parser("redact", parents=[shared], help=about, description=about)
    parser.set_defaults(run=redact)
    parser.add_argument("--json", action="store_true", help=tr("print JSON"))
    parser.add_argument(
        "file", nargs="?", metavar="FILE", type=Path, help=tr("a text file; without it standard input")
    )


def redact(home: Home, arguments: argparse.Namespace) -> int:
    """Print a text with its personal data masked; needs no home."""
    del home
    words = _input(arguments.file)
    if not arguments.json:
        write(mask(words, Vault(language_of(words)))[0])
        return 0
    masked, _ = mask(words, Vault(language_of(words)))
    entities = [
        {**asdict(entity), "entity_type": entity.entity_type.value, "evidence": entity.evidence.name.lower()}
        for entity in find(words)
    ]
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
