# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""`maru wipe`: a conversation, a document or everything is deleted for good."""

import argparse
import contextlib
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from assistant import pending
from assistant.commands.exports import named_by_number
from assistant.commands.opened import opened
from assistant.commands.output import note, say, say_json
from assistant.commands.snapshots import moment_words
from assistant.errors import HomeError, LockedError, UsageError
from assistant.home_lock import HomeLock
from assistant.keeping import Wiped
from assistant.key_file import KeyFile
from assistant.paths import Home
from assistant.texts import text, tr, trn


def add_parser(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Add the parser of `wipe`."""
    about = tr("delete a conversation, a document or everything for good")
    parser = commands.add_parser("wipe", parents=[shared], help=about, description=about)
    what = parser.add_subparsers(dest="what", metavar="WHAT", required=True, parser_class=type(parser))

    def kind(name: str, run: Any, about: str) -> argparse.ArgumentParser:
        found: argparse.ArgumentParser = what.add_parser(
            name, parents=[shared], help=about, description=about
        )
        found.set_defaults(run=run)
        found.add_argument("--yes", action="store_true", help=tr("do not ask if it is meant"))
        found.add_argument("--json", action="store_true", help=tr("print JSON"))
        return found

    one = kind("conversation", conversation, tr("a conversation with its own files"))
    one.add_argument("number", type=int, metavar="N", help=tr("its number"))
    file = kind("document", document, tr("what Maru knows of a document; the file itself stays"))
    file.add_argument("path", type=Path, metavar="PATH", help=tr("a file or a folder that was added"))
    lost = tr("also in all snapshots, with conversations that quote it and are only there")
    for parser, about in ((one, tr("also in all snapshots")), (file, lost)):
        parser.add_argument("--snapshots", action="store_true", help=about)
    kind("everything", everything, tr("all conversations, documents, snapshots and settings; models stay"))


def conversation(home: Home, arguments: argparse.Namespace) -> int:
    """Wipe a conversation."""
    with opened(home) as assistant:
        with named_by_number(arguments.number):
            title = assistant.keeping.title_of(arguments.number, snapshots=arguments.snapshots)
        if not _meant(arguments, tr("The conversation “{title}” will be deleted for good.", title=title)):
            return 1
        wiped = assistant.keeping.wipe_conversation(arguments.number, snapshots=arguments.snapshots)
    return _tell(wiped, arguments)


def document(home: Home, arguments: argparse.Namespace) -> int:
    """Wipe a document."""
    if not _meant(arguments, tr("What Maru knows of {path} will be deleted for good.", path=arguments.path)):
        return 1
    with opened(home) as assistant:
        wiped = assistant.keeping.wipe_document(arguments.path, snapshots=arguments.snapshots)
    return _tell(wiped, arguments)


def everything(home: Home, arguments: argparse.Namespace) -> int:
    """Wipe everything; needs no key, which the next start gives up."""
    if not any(path.exists() for path in (home.conversations, home.library, home.key_file, home.snapshots)):
        raise HomeError(
            text("Maru keeps nothing in {folder}.", folder=str(home.root)),
            text("Name the folder that it writes to with --home; maru doctor tells which that is."),
        )
    with contextlib.suppress(LockedError):
        file = KeyFile.read(home)
        if file is not None and file.check:  # the key goes too
            note(tr("What `maru redact --vault` hid can then no longer be put back."))
    if not _meant(arguments, tr("All conversations, documents, snapshots and settings will be deleted.")):
        return 1
    with HomeLock.acquire(home):
        pending.plan_wipe(home)
        pending.finish(home)
    return _tell(Wiped(), arguments)


def _meant(arguments: argparse.Namespace, what: str) -> bool:
    """Ask in words. Raises UsageError where nobody can be asked."""
    if arguments.yes:
        return True
    if sys.stdin is None or not sys.stdin.isatty():
        raise UsageError(text("Deleting for good has to be confirmed."), text("Add --yes if you mean it."))
    note(what)
    try:
        answer = input(tr("Type “yes” to delete it: "))
    except (EOFError, KeyboardInterrupt):
        answer = ""
    if answer.strip().casefold() in ("yes", tr("yes").casefold()):
        return True
    note(tr("Nothing was deleted."))
    return False


def _tell(wiped: Wiped, arguments: argparse.Namespace) -> int:
    """Say what is left of it."""
    until = wiped.kept_until
    if arguments.json:
        say_json(
            {
                "wiped": arguments.what,
                "kept_until": until.isoformat() if until else None,
                "damaged": list(wiped.damaged),
                "quoted_in": list(wiped.quoted_in),
            }
        )
        return 0
    say(tr("Deleted for good."))
    if until is not None:
        say(kept_words(until))
        say(tr("Add --snapshots to delete it there too."))
    for file in wiped.damaged:
        say(tr("{file} was set aside because it is damaged, and may still hold it.", file=file))
    if wiped.quoted_in:
        say(
            trn(
                "The answers of {n} conversation quote it: {numbers}",
                "The answers of {n} conversations quote it: {numbers}",
                len(wiped.quoted_in),
                numbers=", ".join(map(str, wiped.quoted_in)),
            )
        )
    return 0


def kept_words(until: datetime) -> str:
    """Say until when a snapshot keeps what was deleted."""
    return tr("A snapshot keeps it until {moment}, or the next start after that.", moment=moment_words(until))
