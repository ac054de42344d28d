# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""`maru add`, `retry`, `documents`, `remove`, `read`: the user's documents in the terminal."""

import argparse
import contextlib
import sys
import threading
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from assistant.commands.interrupts import Interrupts
from assistant.commands.opened import opened, opened_to_look
from assistant.commands.output import note, say, say_json, table
from assistant.copies import counts_of
from assistant.documents.collection import DEFAULT_COLLECTION, kept_name, shown_name
from assistant.documents.library import Library
from assistant.documents.protocol import DocumentRow, FileProgress, FileResult, FileStatus
from assistant.documents.walk import absolute
from assistant.engines import open_parser
from assistant.entities import ENTITY_NAMES, EntityType
from assistant.errors import DocumentError, NotFoundError, UsageError
from assistant.in_steps import result_of
from assistant.paths import Home
from assistant.texts import text, tr, trn

Counts = Mapping[EntityType, int]

STATUS_WORDS = {
    FileStatus.ADDED: text("added"),
    FileStatus.UNCHANGED: text("unchanged"),
    FileStatus.REPLACED: text("replaced"),
    FileStatus.NO_TEXT: text("no text"),
    FileStatus.PROTECTED: text("needs a password"),
    FileStatus.FAILED: text("failed"),
    FileStatus.REMOVED: text("removed"),
}


def add_parsers(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Add the parsers of the document commands."""

    def command(name: str, run: Any, about: str) -> argparse.ArgumentParser:
        parser: argparse.ArgumentParser = commands.add_parser(
            name, parents=[shared], help=about, description=about
        )
        parser.set_defaults(run=run)
        parser.add_argument("--json", action="store_true", help=tr("print JSON"))
        return parser

    def collection(of: argparse.ArgumentParser) -> None:
        of.add_argument("--collection", metavar="NAME", type=kept_name, help=tr("a collection of documents"))

    def password(parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--password-file",
            metavar="FILE",
            type=Path,
            help=tr("a file with the password of the protected files; - is standard input"),
        )

    adding = command("add", add, tr("add files and folders to your documents"))
    adding.add_argument("paths", nargs="+", metavar="PATH", type=Path, help=tr("a file or a folder"))
    about = tr("have the folders watched from now on, whenever the window is open")
    adding.add_argument("--watch", action="store_true", help=about)
    password(adding)
    collection(adding)
    again = command("retry", retry, tr("read once more what was set aside"))
    again.add_argument("path", nargs="?", metavar="PATH", type=Path, help=tr("one file; without it, all"))
    listing = command("documents", documents, tr("list your documents"))
    about = tr("also how much personal data each of them holds")
    listing.add_argument("--personal", action="store_true", help=about)
    collection(listing)
    removing = command("remove", remove, tr("remove a document everywhere; the file itself stays"))
    removing.add_argument("path", metavar="PATH", type=Path, help=tr("a file or a folder that was added"))
    collection(removing)
    reading = command("read", read, tr("show the text of a file as Maru reads it"))
    reading.add_argument("file", metavar="FILE", type=Path, help=tr("a file"))
    password(reading)


def add(home: Home, arguments: argparse.Namespace) -> int:
    """Add files; a line each. Returns 1 where every file failed."""
    paths = _absolute(arguments.paths)
    password = _password(arguments.password_file, paths) if arguments.password_file else ""
    with opened(home) as assistant, Interrupts() as stop:
        if password:
            assistant.library.filing.passwords.update((str(absolute(path)), password) for path in paths)
        if arguments.watch:
            assistant.library.watch(arguments.collection or DEFAULT_COLLECTION, paths)
        results = show_adding(
            assistant.add(paths, arguments.collection, stop, rest=True), as_json=arguments.json
        )
    if not results and not stop.is_set():
        raise DocumentError(
            text("There is no file to read in {name}.", name=arguments.paths[0].name),
            text("Check the path. Hidden files are left out."),
        )
    return _failures(results, as_json=arguments.json)


def retry(home: Home, arguments: argparse.Namespace) -> int:
    """Read once more what was set aside: one file, or all. Returns 1 where every file failed."""
    with opened(home) as assistant, Interrupts() as stop:
        if not assistant.library.filing.retry(arguments.path):
            if arguments.path is not None:
                raise NotFoundError(
                    text("{name} is not among the files that were set aside.", name=arguments.path.name),
                    text("See: maru documents"),
                )
            note(tr("No file was set aside."))
            return 0
        results = show_adding(assistant.add([], None, stop, rest=True), as_json=arguments.json)
    return _failures(results, as_json=arguments.json)


def show_adding(events: Iterable[FileProgress | FileResult], *, as_json: bool) -> list[FileResult]:
    """Print a line for each file that is finished, and return the results."""
    results: list[FileResult] = []
    for event in events:
        if isinstance(event, FileResult):
            results.append(event)
            say_json(_result_object(event)) if as_json else _show_result(event)
        elif not as_json and event.places >= 50 and event.done % 50 == 0:
            note(tr("{name}: {done} of {places}", name=event.path.name, done=event.done, places=event.places))
    return results


def _failures(results: list[FileResult], *, as_json: bool) -> int:
    failed = sum(result.status is FileStatus.FAILED for result in results)
    if failed and not as_json:
        note(trn("{n} file could not be read.", "{n} files could not be read.", failed))
    return 1 if results and failed == len(results) else 0


def _password(file: Path, paths: list[Path]) -> str:
    """Return the first line of a file, or of standard input. Raises UsageError."""
    if any(path.is_dir() for path in paths):
        raise UsageError(
            text("A password belongs to files, not to folders."), text("Name the protected files.")
        )
    try:
        lines = (sys.stdin.read() if str(file) == "-" else file.read_text("utf-8")).splitlines()
    except (OSError, UnicodeDecodeError):
        raise UsageError(
            text("{name} cannot be read.", name=file.name), text("Check the file of the password.")
        ) from None
    if not lines or not lines[0]:
        raise UsageError(text("There is no password."), text("Write it into the first line."))
    return lines[0]


def _absolute(paths: list[Path]) -> list[Path]:
    return [path.expanduser().absolute() for path in paths]


def _result_object(result: FileResult) -> dict[str, Any]:
    return {
        "path": str(result.path),
        "status": result.status.value,
        "pages": result.pages,
        "passages": result.passages,
        "seconds": round(result.seconds, 3),
        "reason": result.reason,
    }


def _show_result(result: FileResult) -> None:
    status = str(STATUS_WORDS[result.status])
    if result.reason and not result.passages:
        say(tr("{path}: {status}. {reason}", path=str(result.path), status=status, reason=result.reason))
    else:
        counts = [trn("{n} page", "{n} pages", result.pages)] if result.pages else []
        counts.append(trn("{n} passage", "{n} passages", result.passages))
        shown = ", ".join(counts)
        said = tr("{path}: {status} ({counts})", path=str(result.path), status=status, counts=shown)
        say(f"{said}. {result.reason}" if result.reason else said)


def documents(home: Home, arguments: argparse.Namespace) -> int:
    """List the documents of the library."""
    with opened_to_look(home) as looking:
        if arguments.collection:
            looking.library.filing.catalogue.existing(arguments.collection)
        rows = looking.library.documents(arguments.collection)
        personal = [_personal(looking.library, row) if arguments.personal else None for row in rows]
    if arguments.json:
        say_json([_listed(row, counts) for row, counts in zip(rows, personal, strict=True)])
    elif not rows:
        note(tr("There are no documents yet. Add some: maru add PATH"))
    else:
        heads = (tr("Document"), tr("Collection"), tr("Pages"), tr("Passages"), tr("State"))
        table([heads, *[_shown(row, counts) for row, counts in zip(rows, personal, strict=True)]])
    return 0


def _personal(library: Library, row: DocumentRow) -> Counts:
    """Return how much personal data a document holds; nothing where it could not be read."""
    return counts_of(library.places(row.path)) if row.passages else {}


def _listed(row: DocumentRow, counts: Counts | None) -> dict[str, Any]:
    listed = {
        "path": str(row.path),
        "collection": row.collection,
        "pages": row.pages,
        "passages": row.passages,
        "status": row.status,
        "reason": row.reason,
        "there": row.there,
    }
    return listed if counts is None else {**listed, "personal": {str(kind): n for kind, n in counts.items()}}


def _shown(row: DocumentRow, counts: Counts | None) -> tuple[str, ...]:
    state = str(STATUS_WORDS[FileStatus(row.status)]) if row.status != FileStatus.ADDED else ""
    if not row.there:
        state = tr("not there just now")
    if row.reason:
        state = f"{state}: {row.reason}" if state else row.reason
    if counts:
        held = ", ".join(f"{ENTITY_NAMES[kind]} × {n}" for kind, n in counts.items())
        state = f"{state}; {held}" if state else held
    return str(row.path), shown_name(row.collection), f"{row.pages:,}", f"{row.passages:,}", state


def remove(home: Home, arguments: argparse.Namespace) -> int:
    """Remove a document from the library, full text and index; the file itself stays."""
    path = arguments.path.expanduser().absolute()
    with opened(home) as assistant:
        removed = assistant.library.remove(path, arguments.collection)
    if not removed:
        raise NotFoundError(
            text("{path} is not among your documents.", path=str(path)), text("See: maru documents")
        )
    if arguments.json:
        say_json({"path": str(path), "removed": removed})
    else:
        say(trn("{n} document was removed; the file itself stays.",
                "{n} documents were removed; the files themselves stay.", removed))  # fmt: skip
    return 0


def read(home: Home, arguments: argparse.Namespace) -> int:
    """Print the text of a file place by place; needs no home."""
    del home
    file = arguments.file.expanduser().absolute()
    password = _password(arguments.password_file, [file]) if arguments.password_file else ""
    with contextlib.closing(open_parser()) as parser:
        document = result_of(parser.read(file, threading.Event(), password))
    if arguments.json:
        say_json(
            [
                {"place": one.place.shown(), "page": one.place.page, "text": one.text}
                for one in document.places
            ]
        )
    else:
        for one in document.places:
            say(f"── {one.place.shown()}\n{one.text.rstrip()}\n")
        for words in document.notes:
            note(str(words))
    return 0
