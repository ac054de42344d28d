# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What is to be done while no database is open: a restore that was prepared, a wipe of everything.

`pending.json` says what. It is written when all is ready and goes when all is done, and every step may be
done twice: killed at any moment, the next start does the rest. Needs no key: who gives that up after a wipe
of everything, so that nothing is left that opens what an undelete finds, is the first start that has it.
"""

import contextlib
import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from assistant.database_errors import unusable
from assistant.errors import DiskFullError, LockedError, NewerSchemaError
from assistant.key_file import KeyFile
from assistant.paths import Home
from assistant.private_files import sync_folder, write_private
from assistant.texts import text

VERSION = 1
RESTORING = ".restoring"  # after the name of a database: what comes in its place
_LOG, _SHARED = "-wal", "-shm"
# By name: a home may lie in a folder that holds other things. What a write left that was cut off is hidden.
_WIPED = (
    *(f"{name}.{end}" for name in ("conversations", "library") for end in ("db*", "damaged-*")),
    *("settings.json", "settings.old-*.json", "home.json"),
    *(f".{name}.json.*" for name in ("settings", "key", "home", "pending")),
    *("index", "logs", "snapshots", "states"),
)
_MAKES_ROOM = ("home.json", "states/*", "snapshots/*")  # of these; the last costs most where the plan fails


def incoming(database: Path) -> Path:
    """Return where a restore puts what takes the place of `database`."""
    return database.with_name(database.name + RESTORING)


def plan_restore(home: Home, aside: Mapping[str, str] | None = None) -> None:
    """Let what lies at `incoming` take the place of the databases, once they are closed.

    `aside` names the damaged ones, by file, and what they are called then. Raises HomeError, DiskFullError.
    """
    _plan(home, {"do": "restore", "aside": dict(aside or {})})


def plan_wipe(home: Home) -> None:
    """Let all that Maru keeps, but the models, go once it is closed; the key with the next start.

    On a full disk some of it goes at once, so that there is room for the plan. Raises HomeError,
    DiskFullError.
    """
    for name in _MAKES_ROOM:
        try:
            _plan(home, {"do": "wipe"})
        except DiskFullError:
            _remove(home, name)
        else:
            return
    _plan(home, {"do": "wipe"})


def finish(home: Home) -> None:
    """Do what is planned, or clear away what was prepared for nothing.

    Raises HomeError, DiskFullError; NewerSchemaError where a newer Maru planned it.

    Only by the holder of the home, and while no database is open.
    """
    try:
        plan = _read(home)
        if plan.get("do") == "wipe":
            _wipe(home)
        elif plan.get("do") == "restore":
            _restore(home, dict(plan.get("aside", {})))
        else:
            for database in (home.conversations, home.library):
                for path in home.root.glob(f"{incoming(database).name}*"):
                    path.unlink(missing_ok=True)
        home.pending.unlink(missing_ok=True)
    except OSError as error:
        raise unusable(home.pending, error) from None


def _plan(home: Home, plan: dict[str, Any]) -> None:
    try:
        write_private(home.pending, json.dumps({"version": VERSION, **plan}).encode())
    except OSError as error:
        raise unusable(home.pending, error) from None


def _read(home: Home) -> dict[str, Any]:
    try:
        found = json.loads(home.pending.read_bytes())
    except FileNotFoundError:
        return {}
    except (ValueError, RecursionError):  # it is written whole or not at all: another program was at it
        return {}
    if not isinstance(found, dict):
        return {}
    if isinstance(version := found.get("version"), int) and version > VERSION:
        raise NewerSchemaError(
            text("{file} was written by a newer Maru.", file=home.pending.name),
            text("Install the newer version again; nothing was changed."),
        )
    return found if _names_files(found.get("aside", {})) else {}


def _names_files(aside: Any) -> bool:
    """Say whether this is what `plan_restore` writes: the name of a file for each of some databases."""
    kept = aside.values() if isinstance(aside, dict) else [None]
    return all(isinstance(name, str) and name == Path(name).name and name.isprintable() for name in kept)


def _restore(home: Home, aside: dict[str, str]) -> None:
    for database in (home.conversations, home.library):
        if database.name in aside:
            _set_aside(database, database.with_name(aside[database.name]))
        new = incoming(database)
        if new.exists():
            for remnant in (_LOG, _SHARED):  # of the old one: never to be played into the new one
                database.with_name(database.name + remnant).unlink(missing_ok=True)
            os.replace(new, database)  # noqa: PTH105 - its name says what matters
    sync_folder(home.root)
    for path in home.states.glob("*"):  # what was read of conversations that are others now
        path.unlink(missing_ok=True)


def _set_aside(database: Path, kept: Path) -> None:
    """Give a damaged database, with its log, another name; nothing where that is done."""
    if kept.exists() or not database.exists():
        return
    log = database.with_name(database.name + _LOG)
    if log.exists():
        log.rename(kept.with_name(kept.name + _LOG))
    database.with_name(database.name + _SHARED).unlink(missing_ok=True)
    database.rename(kept)


def _remove(home: Home, name: str) -> None:
    """Remove what has this name, a pattern, in the home. Raises HomeError."""
    try:
        for path in list(home.root.glob(name)):
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
    except OSError as error:
        raise unusable(home.pending, error) from None


def _wipe(home: Home) -> None:
    for name in _WIPED:
        _remove(home, name)
    with contextlib.suppress(LockedError):  # what is no key file of ours stays as it is
        file = KeyFile.read(home)
        if file is not None and file.check and not file.spent:
            replace(file, spent=True).overwrite(home)
    home.create()
