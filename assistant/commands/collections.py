# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""`maru collections`: which there are and what they watch; made, renamed, deleted, given folders."""

import argparse
import sys
from pathlib import Path
from typing import Any

from assistant.commands.documents import show_adding
from assistant.commands.interrupts import Interrupts
from assistant.commands.opened import opened, opened_to_look
from assistant.commands.output import note, say, say_json, table
from assistant.documents.collection import Collection, FolderState, kept_name, shown_name
from assistant.documents.library import Library
from assistant.errors import UsageError
from assistant.paths import Home
from assistant.texts import text, tr, trn

STATES = {
    FolderState.WATCHED: text("watched"),
    FolderState.LOOKED_AT: text("watched"),  # how, only the open window knows
    FolderState.NOT_THERE: text("not there just now"),
}


def add_parser(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Add the parser of `collections`."""
    about = tr("list collections of documents, make, rename or delete one, give it a folder")
    parser = commands.add_parser("collections", parents=[shared], help=about, description=about)
    parser.set_defaults(run=collections)
    parser.add_argument("--json", action="store_true", help=tr("print JSON"))
    doing = parser.add_mutually_exclusive_group()
    doing.add_argument("--create", metavar="NAME", help=tr("make an empty collection"))
    doing.add_argument("--rename", nargs=2, metavar=("NAME", "NEW"), help=tr("give one another name"))
    doing.add_argument("--delete", metavar="NAME", type=kept_name,
                       help=tr("delete one; the files themselves stay"))  # fmt: skip
    doing.add_argument("--watch", nargs=2, metavar=("NAME", "FOLDER"),
                       help=tr("add a folder and keep up with what changes in it"))  # fmt: skip
    doing.add_argument("--unwatch", nargs=2, metavar=("NAME", "FOLDER"),
                       help=tr("stop watching a folder and remove what came from it"))  # fmt: skip
    parser.add_argument("--keep", action="store_true", help=tr("with --unwatch: keep its documents"))
    parser.add_argument("--yes", action="store_true", help=tr("with --delete: do not ask if it is meant"))


def collections(home: Home, arguments: argparse.Namespace) -> int:
    """List the collections, or change one."""
    if arguments.watch:
        return _watch(home, *arguments.watch, as_json=arguments.json)
    if arguments.create or arguments.rename or arguments.delete or arguments.unwatch:
        with opened(home) as assistant:
            if not _change(assistant.library, arguments):
                note(tr("Nothing was deleted."))
                return 1
            found = assistant.library.collections()
    else:
        with opened_to_look(home) as looking:
            found = looking.library.collections()
    if arguments.json:
        say_json([collection_object(one) for one in found])
    elif not found:
        note(tr("There are no collections yet. Add documents: maru add PATH"))
    else:
        _show(found)
    return 0


def collection_object(collection: Collection) -> dict[str, Any]:
    """Return a collection as --json gives it."""
    return {
        "name": collection.name,
        "folders": [{"path": str(one.path), "state": one.state.value} for one in collection.folders],
        "documents": collection.documents,
        "passages": collection.passages,
        "set_aside": collection.set_aside,
        "waiting": collection.waiting,
    }


def _watch(home: Home, name: str, folder: str, *, as_json: bool) -> int:
    """Give a collection a folder and read what is in it."""
    path = Path(folder)
    if not path.expanduser().is_dir():
        raise UsageError(text("{path} is not a folder.", path=folder), text("Name a folder."))
    with opened(home) as assistant, Interrupts() as stop:
        name = kept_name(name)
        assistant.library.watch(name, [path])
        show_adding(assistant.add([path], name, stop, rest=True), as_json=as_json)
    return 0


def _change(library: Library, arguments: argparse.Namespace) -> bool:
    """Do what was asked; False where the user thought better of it."""
    if arguments.create:
        library.create_collection(arguments.create)
    elif arguments.rename:
        name, new = arguments.rename
        library.rename_collection(kept_name(name), new)
    elif arguments.unwatch:
        name, folder = arguments.unwatch
        library.unwatch(kept_name(name), Path(folder), keep=arguments.keep)
    else:
        if not arguments.yes and not _meant(library, arguments.delete):
            return False
        library.delete_collection(arguments.delete)
    return True


def _meant(library: Library, name: str) -> bool:
    """Ask in words. Raises UsageError where nobody can be asked."""
    if sys.stdin is None or not sys.stdin.isatty():
        raise UsageError(
            text("Deleting {name} has to be confirmed.", name=shown_name(name)),
            text("Add --yes if you mean it."),
        )
    count = sum(one.documents for one in library.collections() if one.name == name)
    note(
        trn(
            "{name} will be deleted with {n} document; the file itself stays.",
            "{name} will be deleted with {n} documents; the files themselves stay.",
            count,
            name=shown_name(name),
        )
    )
    try:
        answer = input(tr("Type “yes” to delete it: "))
    except (EOFError, KeyboardInterrupt):
        return False
    return answer.strip().casefold() in ("yes", tr("yes").casefold())


def _show(found: list[Collection]) -> None:
    heads = (tr("Collection"), tr("Documents"), tr("Passages"), tr("Set aside"), tr("Waiting"))
    table(
        [
            heads,
            *[
                (
                    shown_name(one.name),
                    *(f"{n:,}" for n in (one.documents, one.passages, one.set_aside, one.waiting)),
                )
                for one in found
            ],
        ]
    )
    for one in found:
        for folder in one.folders:
            say(
                tr("{name}: {path} ({state})", name=shown_name(one.name), path=str(folder.path),
                   state=str(STATES[folder.state]))
            )  # fmt: skip
