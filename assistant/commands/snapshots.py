# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""`maru snapshots` and `maru restore`: earlier states of conversations and documents, and back to one."""

import argparse
from datetime import datetime
from typing import Any

from assistant.amounts import size_words
from assistant.commands.opened import opened
from assistant.commands.output import note, say, say_json, table
from assistant.errors import UsageError
from assistant.paths import Home
from assistant.restoring import Salvaged, restore_closed, start_from_readable, start_from_set_aside
from assistant.settings import look_at_settings
from assistant.snapshots import Reason, Snapshot, Snapshots
from assistant.stores import budget_of
from assistant.texts import text, tr, trn
from assistant.unlocking import unlock

REASONS = {
    Reason.DAILY: text("once a day"),
    Reason.UPDATE: text("before an update"),
    Reason.RESTORE: text("before a restore"),
    Reason.ASKED: text("asked for"),
}


def add_parsers(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Add the parsers of `snapshots` and `restore`."""
    about = tr("list earlier states of your conversations and documents")
    listing = commands.add_parser("snapshots", parents=[shared], help=about, description=about)
    listing.set_defaults(run=snapshots)
    listing.add_argument("--json", action="store_true", help=tr("print JSON"))
    listing.add_argument("--now", action="store_true", help=tr("take one now"))
    about = tr("go back to a snapshot; the present state becomes one")
    back = commands.add_parser("restore", parents=[shared], help=about, description=about)
    back.set_defaults(run=restore)
    back.add_argument("name", nargs="?", metavar="NAME", help=tr("a snapshot, as maru snapshots names it"))
    back.add_argument(
        "--readable",
        action="store_true",
        help=tr("go on with what can still be read of damaged databases, or of NAME, one that was set aside"),
    )
    back.add_argument("--json", action="store_true", help=tr("print JSON"))


def snapshots(home: Home, arguments: argparse.Namespace) -> int:
    """List the snapshots, the newest first."""
    if arguments.now:
        with opened(home) as assistant:
            assistant.keeping.snapshot_now()
    found = Snapshots(home, None).all()  # which there are is told without the key
    if arguments.json:
        say_json([snapshot_object(one) for one in found])
    elif not found:
        note(tr("There are no snapshots yet. Maru takes one a day."))
    else:
        heads = (tr("Snapshot"), tr("Taken"), tr("Why"), tr("Size"), tr("Documents"))
        table([heads, *[_row(one) for one in found]])
    return 0


def restore(home: Home, arguments: argparse.Namespace) -> int:
    """Go back to a snapshot, or go on with what can be read of damaged databases. Raises UsageError."""
    if arguments.name is None and not arguments.readable:
        raise UsageError(
            text("Name a snapshot, or say --readable."), text("See which there are: maru snapshots")
        )
    key = unlock(home, own=False).key
    if arguments.readable and arguments.name is not None:
        found = start_from_set_aside(home, key, arguments.name, budget_of(look_at_settings(home)))
        if arguments.json:
            say_json(_restored_object(None, [found]))
        else:
            say(trn("{n} row of {file} could be read.", "{n} rows of {file} could be read.", found.rows,
                    file=found.kept_as))  # fmt: skip
            say(tr("What was there before: maru snapshots"))
        return 0
    if arguments.readable:
        salvaged = start_from_readable(home, key)
    else:
        salvaged = restore_closed(home, key, arguments.name, budget_of(look_at_settings(home)))
    if arguments.json:
        say_json(_restored_object(arguments.name, salvaged))
    else:
        _show(salvaged, arguments.name)
    return 0


def _show(salvaged: list[Salvaged], name: str | None) -> None:
    """Say what became of the databases, and of the snapshot `name`, None: that there was none."""
    for one in salvaged:
        if not one.kept_as:
            say(tr("{file} was gone; a new, empty one is in its place.", file=one.file))
            continue
        say(tr("{file} was damaged; it is kept as {kept}.", file=one.file, kept=one.kept_as))
        if name is None:
            say(trn("{n} row of it could be read.", "{n} rows of it could be read.", one.rows))
    if name is not None:
        say(tr("{name} is restored. What was there before: maru snapshots", name=name))
    elif not salvaged:
        say(tr("Nothing is damaged; nothing was changed."))


def snapshot_object(one: Snapshot) -> dict[str, Any]:
    """Return a snapshot as --json gives it."""
    return {
        "name": one.name,
        "taken": one.when.isoformat(),
        "reason": one.reason.value,
        "size": one.size,
        "documents": one.library,
    }


def moment_words(moment: datetime) -> str:
    """Return a moment in the user's time zone: 2026-11-21 18:33."""
    return moment.astimezone().strftime("%Y-%m-%d %H:%M")


def _row(one: Snapshot) -> tuple[str, ...]:
    documents = tr("yes") if one.library else tr("no")
    return (one.name, moment_words(one.when), str(REASONS[one.reason]), size_words(one.size), documents)


def _restored_object(name: str | None, salvaged: list[Salvaged]) -> dict[str, Any]:
    damaged = [{"file": one.file, "kept_as": one.kept_as or None, "rows": one.rows} for one in salvaged]
    return {"restored": name, "damaged": damaged}
