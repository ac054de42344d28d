# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Asks at the terminal for what opens a home, and goes on with the command."""

import os
import sys
import time
from collections.abc import Callable
from getpass import getpass

from assistant.commands.output import note
from assistant.errors import LockedError, LockedReason
from assistant.home_key import pause_after
from assistant.recovery_codes import looks_like_code
from assistant.texts import tr

PASSPHRASE, RECOVERY_CODE = "MARU_PASSPHRASE", "MARU_RECOVERY_CODE"
GUESSES = (LockedReason.WRONG_PASSPHRASE, LockedReason.WRONG_CODE, LockedReason.MISTYPED_CODE)
HOPELESS = (LockedReason.PLAIN, LockedReason.DAMAGED, LockedReason.NEWER)


def run_unlocked(run: Callable[[], int]) -> int:
    """Run a command; where it finds the home closed and somebody can be asked, ask and run it again.

    What was typed stands where the command looks for it, as if the environment had given it. Raises
    LockedError where nobody can be asked, or answers nothing.
    """
    wrong = 0
    while True:
        try:
            return run()
        except LockedError as error:
            if error.reason in HOPELESS or not at_terminal():
                raise
            wrong += error.reason in GUESSES
            note(str(error.message))
            time.sleep(pause_after(wrong))
            if not _asked(error.reason):
                raise


def at_terminal() -> bool:
    """Say whether somebody sits there."""
    return sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty()


def new_passphrase() -> str:
    """Ask twice for a new passphrase, "" where nothing is typed or the second is another."""
    first = typed(tr("New passphrase (leave empty to stop): "))
    if not first or typed(tr("Once more: ")) == first:
        return first
    note(tr("The second one is different."))
    return ""


def typed(question: str, ask: Callable[[str], str] | None = None) -> str:
    """Return what is typed, "" for nothing or Ctrl+D; unseen, unless `ask` shows it."""
    try:
        return (ask or getpass)(question)
    except EOFError:
        note("")
        return ""


def _asked(reason: LockedReason) -> bool:
    """Ask for what would open the home; False where nothing was typed."""
    for name in (PASSPHRASE, RECOVERY_CODE):
        if reason in GUESSES:
            os.environ.pop(name, None)
    if reason is LockedReason.NEW:
        note(tr("Choose a passphrase, or stop and run `maru init --plain` to keep everything readable."))
        name, found = PASSPHRASE, new_passphrase()
    elif reason.name.startswith("KEYRING"):
        name, found = RECOVERY_CODE, typed(tr("Recovery code (leave empty to stop): "))
    else:
        found = typed(tr("Passphrase or recovery code (leave empty to stop): "))
        name = RECOVERY_CODE if looks_like_code(found) else PASSPHRASE
    if found:
        os.environ[name] = found
    return bool(found)
