# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""`maru conversations`, `maru export`, `maru import`: what there is, out in open formats, and back in."""

import argparse
import contextlib
from collections.abc import Generator, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

from assistant import exporting
from assistant.app import Assistant
from assistant.commands.documents import show_adding
from assistant.commands.interrupts import Interrupts
from assistant.commands.opened import opened
from assistant.commands.output import note, say, say_json, table
from assistant.copies import Exported, TakenIn, still_there
from assistant.errors import NotFoundError, UsageError
from assistant.paths import Home
from assistant.texts import text, tr, trn

ResultT = TypeVar("ResultT")

FAILED = 1  # as Ctrl+C ends every command
LISTED = 20  # of the conversations that could not be read, and of documents


def add_parsers(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Add the parsers of `conversations`, `export` and `import`."""
    about = tr("list your conversations")
    parser = commands.add_parser("conversations", parents=[shared], help=about, description=about)
    parser.set_defaults(run=conversations)
    parser.add_argument("--json", action="store_true", help=tr("print JSON"))
    about = tr("write your conversations and documents as files that other programs read")
    parser = commands.add_parser("export", parents=[shared], help=about, description=about)
    parser.set_defaults(run=export)
    one = parser.add_mutually_exclusive_group()
    one.add_argument("--conversation", type=int, metavar="N", help=tr("one conversation, as .md or .json"))
    one.add_argument(
        "--document", type=Path, metavar="PATH", help=tr("the text of a document, personal data hidden")
    )
    parser.add_argument("--masked", action="store_true", help=tr("hide personal data"))
    parser.add_argument("--json", action="store_true", help=tr("print JSON"))
    parser.add_argument("target", metavar="TARGET", type=Path, help=tr("a new folder; or the file to write"))
    about = tr("bring in an export of Maru, ChatGPT or Claude")
    parser = commands.add_parser("import", parents=[shared], help=about, description=about)
    parser.set_defaults(run=take_in)
    parser.add_argument("--json", action="store_true", help=tr("print JSON"))
    parser.add_argument(
        "source", metavar="FILE", type=Path, help=tr("a folder of an export, a .zip, or a conversations.json")
    )
    about = tr("also read the documents that it names, where they still are")
    parser.add_argument("--documents", action="store_true", help=about)


def conversations(home: Home, arguments: argparse.Namespace) -> int:
    """List the conversations, the one changed last first, with the numbers other commands want."""
    with opened(home) as assistant:
        found = assistant.conversations.all()
    if arguments.json:
        say_json([asdict(one) for one in found])
    elif found:
        rows = [(str(one.id), exporting.day(one.updated), one.title) for one in found]
        table([(tr("Number"), tr("Changed"), tr("Title")), *rows])
    else:
        say(tr("There are no conversations yet."))
    return 0


@contextlib.contextmanager
def named_by_number(number: int) -> Iterator[None]:
    """Say of a conversation that is not there which command lists those that are. Raises NotFoundError."""
    try:
        yield
    except NotFoundError:
        raise NotFoundError(
            text("There is no conversation {number:d}.", number=number),
            text("See which there are: maru conversations"),
        ) from None


def export(home: Home, arguments: argparse.Namespace) -> int:
    """Write what was asked for."""
    target = arguments.target.expanduser().absolute()
    if arguments.document is not None and arguments.json:
        raise UsageError(text("--document writes a text, not JSON."), text("Leave --json out."))
    with opened(home) as assistant:
        if arguments.conversation is not None:
            with named_by_number(arguments.conversation):
                assistant.copies.conversation(arguments.conversation, target, masked=arguments.masked)
            found: dict[str, Any] = {"file": str(target), "conversations": 1, "documents": 0}
            words = tr("Written: {path}", path=str(target))
        elif arguments.document is not None:
            hidden = assistant.copies.document(arguments.document.expanduser().absolute(), target)
            found = {"file": str(target), "conversations": 0, "documents": 1}
            words = trn("Written: {path}; {n} value is hidden", "Written: {path}; {n} values are hidden",
                        hidden, path=str(target))  # fmt: skip
        else:
            found, words = _everything(assistant, target, masked=arguments.masked)
    say_json(found) if arguments.json else say(words)
    return FAILED if "stopped" in found else 0


def _everything(assistant: Assistant, folder: Path, *, masked: bool) -> tuple[dict[str, Any], str]:
    with Interrupts() as stop:
        done = _watched(assistant.copies.everything(folder, masked=masked, stop=stop))
    counted = {
        "folder": str(folder),
        "conversations": done.conversations,
        "documents": done.documents,
        **_stopped(done),
    }
    conversations = trn("{n} conversation", "{n} conversations", done.conversations)
    documents = trn("{n} document", "{n} documents", done.documents)
    if done.stopped:
        note(tr("Stopped; what was written stays."))
    listed = f"{conversations}, {documents}"
    return counted, tr("Written: {path} ({listed})", path=str(folder), listed=listed)


def take_in(home: Home, arguments: argparse.Namespace) -> int:
    """Bring an export in; the documents that it names are read where the user says so."""
    with opened(home) as assistant, Interrupts() as stop:
        came = _watched(assistant.copies.take_in(arguments.source.expanduser().absolute(), stop))
        if arguments.json:
            say_json({"event": "imported", **_counted(came)})
        else:
            _show(came)
            if not arguments.documents:
                _show_documents([path for paths in came.documents.values() for path in paths])
        elsewhere = still_there(came.documents) if arguments.documents else {}
        for collection, paths in elsewhere.items():
            show_adding(assistant.add(paths, collection, stop), as_json=arguments.json)
        stopped = came.stopped or (stop.is_set() and bool(elsewhere))
    if stopped:
        note(tr("Stopped; import it again for the rest."))
    return FAILED if stopped else 0


def _watched(work: Generator[tuple[int, int], None, ResultT]) -> ResultT:
    """Run it to its end and say now and then how far it is."""
    told = 0
    with contextlib.closing(work):
        while True:
            try:
                done, total = next(work)
            except StopIteration as end:
                result: ResultT = end.value
                return result
            if done * 10 // max(total, 1) > told and total > 100:
                told = done * 10 // total
                note(tr("{done} of {total}", done=done, total=total))


def _counted(came: TakenIn) -> dict[str, Any]:
    documents = sum(len(paths) for paths in came.documents.values())
    return {
        "conversations": came.conversations,
        "known": came.known,
        "left_out": len(came.left_out),
        "unread": [asdict(one) for one in came.left_out],
        "documents": documents,
        **_stopped(came),
    }


def _stopped(done: Exported | TakenIn) -> dict[str, bool]:
    return {"stopped": True} if done.stopped else {}


def _show(came: TakenIn) -> None:
    say(trn("{n} conversation was brought in.", "{n} conversations were brought in.", came.conversations))
    if came.known:
        say(trn("{n} was there already.", "{n} were there already.", came.known))
    if came.left_out:
        note(trn("{n} could not be read and was left out.", "{n} could not be read and were left out.",
                 len(came.left_out)))  # fmt: skip
        for one in came.left_out[:LISTED]:
            note(f"  {one.shown()}")
        if more := len(came.left_out[LISTED:]):
            note(f"  {trn('and {n} more', 'and {n} more', more)}")


def _show_documents(paths: Sequence[Path]) -> None:
    """Name the documents of an export, which are not read unasked, and say how they are."""
    if not paths:
        return
    note(trn("The export names {n} document, which was not read:",
             "The export names {n} documents, which were not read:", len(paths)))  # fmt: skip
    for path in paths[:LISTED]:
        note(f"  {path}")
    if more := len(paths[LISTED:]):
        note(f"  {trn('and {n} more', 'and {n} more', more)}")
    note(tr("To read those that are still there: maru import FILE --documents"))
