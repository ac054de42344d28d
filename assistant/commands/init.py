# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""`maru init`: how what Maru keeps is protected, before the first start or later; the recovery code."""

import argparse
import os
import sys
from typing import Any

from assistant import pending
from assistant.amounts import size_words
from assistant.commands.opened import say_notice
from assistant.commands.output import note, say, say_json
from assistant.commands.unlock import PASSPHRASE, RECOVERY_CODE, at_terminal, new_passphrase, typed
from assistant.errors import LockedError, LockedReason, UsageError
from assistant.home_conversion import Converting
from assistant.home_key import Given, blank_passphrase, given_by_environment
from assistant.home_lock import HomeLock, hold
from assistant.key_file import Protection
from assistant.newer_schemas import check_own
from assistant.paths import Home
from assistant.protecting import HomeProtection
from assistant.texts import text, tr
from assistant.unlocking import is_undecided, unlock

PERCENT_STEP, WORTH_TELLING = 5, 20_000_000  # of how many bytes it takes a second
NEW_PASSPHRASE = "MARU_NEW_PASSPHRASE"  # noqa: S105 - the name of a variable
CHANGES = ("keyring", "passphrase", "plain", "recovery_code", "check_recovery")
KINDS = {
    Protection.KEYRING: text("encrypted; the system's keyring opens it"),
    Protection.PASSPHRASE: text("encrypted; a passphrase opens it"),
    Protection.PLAIN: text("not encrypted"),
}


def add_parser(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Add the parser of `init`."""
    about = tr("choose how what Maru keeps is protected; make a recovery code")
    parser = commands.add_parser("init", parents=[shared], help=about, description=about)
    parser.set_defaults(run=init)
    kinds = parser.add_mutually_exclusive_group()
    kinds.add_argument("--keyring", action="store_true", help=tr("let the system's keyring open it"))
    kinds.add_argument(
        "--passphrase",
        action="store_true",
        help=tr("let a passphrase open it (MARU_PASSPHRASE; to change one, MARU_NEW_PASSPHRASE)"),
    )
    kinds.add_argument("--plain", action="store_true", help=tr("encrypt nothing"))
    parser.add_argument(
        "--recovery-code", action="store_true", help=tr("make a new recovery code and print it")
    )
    parser.add_argument(
        "--check-recovery",
        action="store_true",
        help=tr("check a recovery code: MARU_RECOVERY_CODE, or typed"),
    )
    parser.add_argument("--json", action="store_true", help=tr("print JSON"))


def init(home: Home, arguments: argparse.Namespace) -> int:
    """Protect the home as asked, make or check a recovery code, and say how it is protected."""
    if not any(getattr(arguments, name) for name in CHANGES):
        return _say(home, _looked_at(home), as_json=arguments.json)
    with HomeLock.acquire(home):
        pending.finish(home)  # else what is restored later would be as it was prepared: plain, or encrypted
        if arguments.check_recovery:
            return _check(home, as_json=arguments.json)
        protection = _protected(home, arguments)
        code = protection.new_recovery_code() if arguments.recovery_code else ""
    return _say(home, protection, code, as_json=arguments.json)


def _say(home: Home, protection: HomeProtection, code: str = "", *, as_json: bool) -> int:
    if as_json:
        say_json(protection_object(protection) | ({"recovery_code": code} if code else {}))
        return 0
    say(f"{tr('Protection')}: {KINDS[protection.kind]}")
    if code:
        _show(home, code)
    elif protection.recovery_wanted:
        note(tr("There is no recovery code that was checked yet: maru init --recovery-code"))
    return 0


def protection_object(protection: HomeProtection) -> dict[str, Any]:
    """Return how a home is protected, for programs."""
    confirmed = protection.kind is not Protection.PLAIN and not protection.recovery_wanted
    return {"protection": protection.kind.value, "recovery_confirmed": confirmed}


def _looked_at(home: Home) -> HomeProtection:
    """Return how a home is protected; where it can be written it is protected as on any other start."""
    with hold(home) as lock:
        own = lock.read_only is None
        if own:
            pending.finish(home)
        unlocked = unlock(home, own=own, tell=_Teller())
        say_notice(unlocked.notice)
        return HomeProtection(home, unlocked.key)


def _protected(home: Home, arguments: argparse.Namespace) -> HomeProtection:
    wanted = arguments.keyring or arguments.passphrase or arguments.plain
    if wanted and is_undecided(home):
        given = Given(plain=True)
        if not arguments.plain:
            check_own(home, None)
        if arguments.passphrase:
            given = Given(_passphrase(PASSPHRASE), keyring=False)
        elif arguments.keyring:
            given = Given(keyring=given_by_environment().keyring)
        return HomeProtection(home, unlock(home, given, tell=_Teller()).key)
    given = given_by_environment()
    unlocked = unlock(home, _as_it_is(home, given, arguments), tell=_Teller())
    say_notice(unlocked.notice)
    protection = HomeProtection(home, unlocked.key)
    if not wanted:
        return protection
    if arguments.plain:
        if protection.kind is not Protection.PLAIN:
            note(tr("What `maru redact --vault` hid can then no longer be put back."))
        protection.make_plain()
    elif arguments.keyring:
        protection.use_keyring()
    else:
        plain_or_keyring = protection.kind is not Protection.PASSPHRASE
        new = _passphrase(PASSPHRASE if plain_or_keyring else NEW_PASSPHRASE)
        protection.use_passphrase(new)
        given = Given(new, keyring=given.keyring)
    if protection.at_next_start:
        return HomeProtection(home, unlock(home, given, tell=_Teller()).key)
    return protection


class _Teller:
    """Says how far a conversion of much is, in steps."""

    def __init__(self) -> None:
        self._said = -1

    def __call__(self, step: Converting) -> None:
        percent = step.done * 100 // step.total // PERCENT_STEP * PERCENT_STEP
        if step.checking or step.total < WORTH_TELLING or percent == self._said:
            return
        self._said = percent
        total = size_words(step.total)
        note(
            tr("Taking the encryption off {total}: {percent} %", total=total, percent=percent)
            if step.plain
            else tr("Encrypting {total}: {percent} %", total=total, percent=percent)
        )


def _as_it_is(home: Home, given: Given, arguments: argparse.Namespace) -> Given:
    """Return what opens the home now: a passphrase that is to protect a plain one does not."""
    plain = HomeProtection(home, None).kind is Protection.PLAIN
    if plain and not is_undecided(home) and (arguments.passphrase or arguments.keyring):
        return Given(recovery_code=given.recovery_code, keyring=given.keyring)
    return given


def _passphrase(name: str) -> str:
    """Return the new passphrase from the environment or the keyboard. Raises UsageError."""
    if found := os.environ.get(name) or os.environ.get(NEW_PASSPHRASE):
        if not found.strip():
            raise UsageError(blank_passphrase().message, blank_passphrase().hint)
        return found
    if at_terminal() and (chosen := new_passphrase()):
        return chosen
    raise UsageError(
        text("No new passphrase was given."), text("Set {name}, or run it in a terminal.", name=name)
    )


def _show(home: Home, code: str) -> None:
    say()
    say(f"    {code}")
    say()
    note(tr("Print it or write it down, and keep it away from this computer: it alone opens your data."))
    if not at_terminal():
        note(tr("Check what you wrote down: maru init --check-recovery"))
        return
    _typed_back(home)


def _typed_back(home: Home) -> None:
    """Let the code be typed back until it is right, or nothing is typed."""
    while code := typed(tr("Type it back (leave empty to do it later): "), input).strip():
        try:
            if HomeProtection(home, None).confirm_recovery(code):
                note(tr("This recovery code opens your home."))
                return
            note(tr("That is another code."))
        except LockedError as error:
            note(str(error))
    note(tr("Check what you wrote down: maru init --check-recovery"))


def _check(home: Home, *, as_json: bool) -> int:
    code = os.environ.get(RECOVERY_CODE) or ""
    if not code:
        if at_terminal():
            sys.stderr.write(tr("Recovery code: "))
            sys.stderr.flush()
        code = sys.stdin.readline().strip() if sys.stdin is not None else ""
    if not HomeProtection(home, None).confirm_recovery(code):
        raise LockedError(
            text("This recovery code does not open this home."),
            text("It was made for another home, or a newer one took its place."),
            reason=LockedReason.WRONG_CODE,
        )
    if as_json:
        say_json({"recovery_confirmed": True})
    else:
        say(tr("This recovery code opens your home."))
    return 0
