# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Finds the key of a home: in the keyring, by the passphrase, by the recovery code; makes it in a new home.

Never plain text unless it was chosen in so many words, never locked out while the code is there.
"""

import contextlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from assistant.credentials import SYSTEM, Keyring, switched_off
from assistant.errors import (
    CredentialError,
    KeyringAbsentError,
    KeyringLockedError,
    LockedError,
    LockedReason,
)
from assistant.key_file import KeyFile, Protection, Recovery, exchanged, unreadable
from assistant.keys import ROUNDS, SECRET_BYTES, HomeKey, Wrapped, unwrap, wrap
from assistant.paths import Home
from assistant.recovery_codes import new_code, read_code
from assistant.texts import Text, text

CODE_ROUNDS = 10_000
"""Guessing 120 random bits is hopeless anyway; opening by the code shall be quick."""

FREE_GUESSES, LONGEST_PAUSE_S = 3, 30.0


@dataclass(frozen=True)
class Given:
    """What the person gave to open the home, or the environment did. Kept out of logs and tracebacks."""

    passphrase: str | None = field(default=None, repr=False)
    recovery_code: str | None = field(default=None, repr=False)
    plain: bool = False
    keyring: bool = True


def given_by_environment() -> Given:
    """Return MARU_PASSPHRASE and MARU_RECOVERY_CODE; MARU_KEYRING=off keeps the keyring out."""
    return Given(
        os.environ.get("MARU_PASSPHRASE") or None,
        os.environ.get("MARU_RECOVERY_CODE") or None,
        keyring=not switched_off(),
    )


def key_by(home: Home, file: KeyFile, given: Given, keyring: Keyring = SYSTEM) -> HomeKey | None:
    """Return the key of a home that has a key file; nothing is written to the home. Raises LockedError.

    What was given is tried in turn: a code of before that the environment still gives locks nobody out.
    """
    if file.protection is Protection.PLAIN:
        if given.passphrase is not None and file.chosen:
            raise _locked_plain()
        return None
    problem: LockedError | None = None
    for way in _ways(home, file, given, keyring):
        try:
            return way()
        except LockedError as error:
            problem = problem or error
    raise problem or LockedError(
        text("This home is protected by a passphrase."),
        text("Give it in MARU_PASSPHRASE and start again."),
        reason=LockedReason.PASSPHRASE,
    )


def _ways(home: Home, file: KeyFile, given: Given, keyring: Keyring) -> Iterator[Callable[[], HomeKey]]:
    """Return how the key can be had. The code goes before the keyring: it is given where that fails."""
    wrapped, words, code = file.passphrase, given.passphrase, given.recovery_code
    if wrapped is not None and words is not None:
        yield lambda: _by_passphrase(home, file, wrapped, words)
    if code is not None:
        yield lambda: _by_code_mending(home, file, code, given, keyring)
    if file.protection is Protection.KEYRING:
        yield lambda: _by_keyring(file, given, keyring)


def begin(home: Home, given: Given, keyring: Keyring = SYSTEM) -> HomeKey | None:
    """Make the key of a home that has none, as it was given. Raises LockedError(NEW), OSError."""
    key = new_key()
    if given.plain:
        KeyFile(key.home_id, Protection.PLAIN).write(home)
        return None
    if given.passphrase is not None:
        protect_with_passphrase(home, key, given.passphrase)
        return key
    problem: Text | None = None
    if given.keyring:
        try:
            protect_with_keyring(home, key, keyring)
        except CredentialError as error:
            problem = error.message
        else:
            return key
    raise undecided(problem)


def undecided(problem: Text | None = None) -> LockedError:
    """Return the error for a home that nothing protects; `problem` is why the keyring does not."""
    return LockedError(
        problem or text("Nothing protects what Maru would keep here yet."),
        text(
            "Set MARU_PASSPHRASE to encrypt with a passphrase, or run `maru init --plain` to keep everything"
            " readable for whoever can read your files."
        ),
        reason=LockedReason.NEW,
    )


def blank_passphrase() -> LockedError:
    """Return the error for a new passphrase that whoever presses the longest key has."""
    return LockedError(
        text("A passphrase of blanks alone protects nothing."),
        text("Choose one with letters or digits."),
        reason=LockedReason.NEW,
    )


def new_key() -> HomeKey:
    """Return a key that nobody has seen, of a home that has a name from now on."""
    return HomeKey(os.urandom(SECRET_BYTES), os.urandom(16).hex())


def protect_with_passphrase(home: Home, key: HomeKey, passphrase: str) -> None:
    """Let `passphrase` open the home from now on. Raises LockedError(NEW) for one of blanks, OSError."""
    if not passphrase.strip():
        raise blank_passphrase()
    wrapped = wrap(key.secret, passphrase, ROUNDS)
    _protected(home, key, Protection.PASSPHRASE, wrapped).write(home)


def protect_with_keyring(home: Home, key: HomeKey, keyring: Keyring = SYSTEM) -> None:
    """Let the system's keyring open the home from now on, once it has given the key back.

    Raises CredentialError, OSError.
    """
    _put(key, keyring)
    _protected(home, key, Protection.KEYRING, None).write(home)


def leave_protection(home: Home, key: HomeKey) -> None:
    """Let the home become plain text at its next start, as somebody chose. Raises OSError."""
    file = KeyFile.read(home)
    if file is not None and file.fits(key):
        replace(file, leaving=True).write(home)


def become_plain(home: Home, key: HomeKey, keyring: Keyring = SYSTEM) -> None:
    """Let the home be plain, now that its databases are. Raises OSError."""
    KeyFile(key.home_id, Protection.PLAIN).write(home)
    with contextlib.suppress(CredentialError):  # a key that opens nothing any more
        keyring.remove(key.home_id)


def give_up(home: Home, key: HomeKey, given: Given, keyring: Keyring = SYSTEM) -> HomeKey:
    """Return a new key, protected as `key` was; codes are to be made anew.

    The home keeps `key` where what was given does not protect the new one: where the code opened it, or the
    keyring fails. Raises LockedError, OSError.
    """
    file, new = _file(home), new_key()
    anew = _protected_alike(file, key, new, given, keyring)
    if anew is None:
        replace(file, spent=False).write(home)
        return key
    anew.overwrite(home)
    with contextlib.suppress(CredentialError):  # a locked one keeps what nobody asks it for
        keyring.remove(key.home_id)
    return new


def _protected_alike(
    file: KeyFile, key: HomeKey, new: HomeKey, given: Given, keyring: Keyring
) -> KeyFile | None:
    """Return the file that protects `new` as `file` does `key`, None where it cannot be made."""
    wrapped, words = file.passphrase, given.passphrase
    if wrapped is not None and words is not None and unwrap(wrapped, words) == key.secret:
        return KeyFile(new.home_id, file.protection, new.check(), wrap(new.secret, words, ROUNDS))
    if wrapped is not None or not given.keyring:
        return None
    try:
        _put(new, keyring)
    except CredentialError:
        return None
    return KeyFile(new.home_id, file.protection, new.check())


def new_recovery_code(home: Home, key: HomeKey) -> str:
    """Return a new recovery code: to be shown once, printed and confirmed. Raises LockedError, OSError.

    Codes of before stay good until this one is confirmed.
    """
    code, file = new_code(), _file(home)
    if not file.fits(key):
        raise exchanged(home)
    file.with_recovery(Recovery(wrap(key.secret, code, CODE_ROUNDS))).write(home)
    return code


def confirm_recovery(home: Home, code: str) -> bool:
    """Say whether the code that was typed back opens the home; from then on it alone does.

    Raises LockedError(MISTYPED_CODE), OSError.
    """
    file = _file(home)
    for recovery in reversed(file.recoveries):
        if unwrap(recovery.wrapped, read_code(code)) is not None:
            if file.recoveries != (confirmed := replace(recovery, confirmed=True),):
                replace(file, recoveries=(confirmed,)).keep(home)
            return True
    return False


def recovery_confirmed(home: Home) -> bool:
    """Say whether a recovery code was made and typed back. A plain home needs none."""
    file = KeyFile.read(home)
    return file is not None and any(one.confirmed for one in file.recoveries)


def pause_after(wrong: int) -> float:
    """Return how many seconds to wait before the next guess, after `wrong` wrong ones in a row."""
    return min(2.0 ** (wrong - FREE_GUESSES), LONGEST_PAUSE_S) if wrong >= FREE_GUESSES else 0.0


def _put(key: HomeKey, keyring: Keyring) -> None:
    keyring.put(key.home_id, key.secret)
    if keyring.get(key.home_id) != key.secret:
        raise KeyringAbsentError(
            text("The system's keyring did not keep what was put into it."),
            text("A passphrase can take its place."),
        )


def _protected(home: Home, key: HomeKey, protection: Protection, wrapped: Wrapped | None) -> KeyFile:
    before = KeyFile.read(home)
    recoveries = before.recoveries if before is not None and before.fits(key) else ()
    return KeyFile(key.home_id, protection, key.check(), wrapped, recoveries)


def _file(home: Home) -> KeyFile:
    file = KeyFile.read(home)
    if file is None:
        raise unreadable(home)
    return file


def _by_passphrase(home: Home, file: KeyFile, wrapped: Wrapped, passphrase: str) -> HomeKey:
    secret = unwrap(wrapped, passphrase)
    if secret is None:
        raise LockedError(
            text("The passphrase does not open this home."),
            text("Check MARU_PASSPHRASE; capital letters and spaces count."),
            reason=LockedReason.WRONG_PASSPHRASE,
        )
    return _checked(home, file, secret)


def _by_code_mending(home: Home, file: KeyFile, code: str, given: Given, keyring: Keyring) -> HomeKey:
    """Open by the code, and put the key back into the keyring that is to give it."""
    key = _by_code(home, file, code)
    if file.protection is Protection.KEYRING and given.keyring:
        with contextlib.suppress(CredentialError):  # where it cannot be, the code opens again
            keyring.put(key.home_id, key.secret)
    return key


def _by_code(home: Home, file: KeyFile, typed: str) -> HomeKey:
    code = read_code(typed)
    for recovery in reversed(file.recoveries):
        if (secret := unwrap(recovery.wrapped, code)) is not None:
            return _checked(home, file, secret)
    raise LockedError(
        text("This recovery code does not open this home."),
        text("It was made for another home, or a newer one took its place."),
        reason=LockedReason.WRONG_CODE,
    )


def _checked(home: Home, file: KeyFile, secret: bytes) -> HomeKey:
    key = HomeKey(secret, file.home_id)
    if not file.fits(key):
        raise unreadable(home)
    return key


def _by_keyring(file: KeyFile, given: Given, keyring: Keyring) -> HomeKey:
    try:
        if not given.keyring:
            raise KeyringAbsentError(text("The system's keyring is switched off (MARU_KEYRING)."))
        secret = keyring.get(file.home_id)
    except KeyringLockedError as error:
        raise _without(file, error.message, LockedReason.KEYRING_LOCKED) from None
    except CredentialError as error:
        raise _without(file, error.message, LockedReason.KEYRING_ABSENT) from None
    if secret is None:
        raise _without(
            file, text("The key of this home is not in the system's keyring."), LockedReason.KEYRING_EMPTY
        )
    key = HomeKey(secret, file.home_id)
    if not file.fits(key):
        raise _without(
            file,
            text("The system's keyring holds another key than that of this home."),
            LockedReason.KEYRING_CHANGED,
        )
    return key


def _without(file: KeyFile, message: Text, reason: LockedReason) -> LockedError:
    """Return what to do where the keyring does not give the key."""
    if file.recoveries:
        hint = text(
            "Bring the keyring back, or give the recovery code (in the terminal: MARU_RECOVERY_CODE)."
        )
    else:
        hint = text(
            "Bring the keyring back as it was; no recovery code was made for this home. Its entry is called"
            " {name}.",
            name=f"Maru, {file.home_id}",
        )
    return LockedError(message, hint, reason=reason)


def _locked_plain() -> LockedError:
    return LockedError(
        text("A passphrase was given, but this home is kept in plain text, as it was chosen."),
        text("Run `maru init --passphrase` to encrypt it, or start without MARU_PASSPHRASE."),
        reason=LockedReason.PLAIN,
    )
