# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""From a home to its key: the key file, homes of before there was one, conversions that were cut off."""

from concurrent.futures import Future
from dataclasses import dataclass
from threading import Thread

from assistant import home_conversion
from assistant.credentials import SYSTEM, Keyring
from assistant.database_errors import unusable
from assistant.errors import CredentialError, LockedError, LockedReason
from assistant.home_conversion import Tell, in_silence
from assistant.home_key import (
    Given,
    become_plain,
    begin,
    given_by_environment,
    key_by,
    new_key,
    undecided,
)
from assistant.key_file import KeyFile, Protection, unreadable
from assistant.keys import HomeKey
from assistant.paths import Home
from assistant.texts import Text, text


@dataclass(frozen=True)
class Unlocked:
    """The key of a home, None for a plain one, and what the user should know about it."""

    key: HomeKey | None
    notice: Text | None = None


class KeySearch:
    """A key that is looked for on a thread, while the window's modules are imported.

    Nothing is written. Deriving a key takes 0.3 s, and a keyring may wait for somebody: where a home is
    new, it is asked here whether it answers.
    """

    def __init__(self, home: Home, given: Given | None = None, keyring: Keyring = SYSTEM) -> None:
        """Begin to look."""
        self._found: Future[HomeKey | None] = Future()
        self._home, self._given, self._keyring = home, given or given_by_environment(), keyring
        Thread(target=self._look, name="key", daemon=True).start()

    @property
    def done(self) -> bool:
        """Whether `result` would return, or raise, at once."""
        return self._found.done()

    def result(self) -> HomeKey | None:
        """Wait for the key, None of a plain or new home. Raises LockedError."""
        return self._found.result()

    def _look(self) -> None:
        try:
            file = KeyFile.read(self._home)
            if file is None or (file.protection is Protection.PLAIN and not file.chosen):
                self._try_keyring()
                self._found.set_result(None)
            else:
                self._found.set_result(key_by(self._home, file, self._given, self._keyring))
        except BaseException as error:  # noqa: BLE001 - belongs to whoever asks for the result
            self._found.set_exception(error)

    def _try_keyring(self) -> None:
        given = self._given
        if given.keyring and given.passphrase is None and not given.plain:
            try:
                self._keyring.get("")
            except CredentialError as error:
                raise undecided(error.message) from None


def is_undecided(home: Home) -> bool:
    """Say whether nobody has decided yet how the home is protected. Raises LockedError(DAMAGED)."""
    file = KeyFile.read(home)
    if file is None:
        return not home_conversion.databases(home) or not _has_old_keys(home)
    return file.protection is Protection.PLAIN and not file.chosen


def conversion_waits(home: Home) -> bool:
    """Say whether opening the home by its key would first write files anew. Raises LockedError(DAMAGED)."""
    file = KeyFile.read(home)
    if file is not None and file.leaving:
        return True
    if file is not None and file.protection is Protection.PLAIN and file.chosen:
        return False
    try:
        return bool(home_conversion.to_encrypt(home))
    except OSError:  # whoever opens it says what is wrong
        return False


def unlock(
    home: Home,
    given: Given | None = None,
    keyring: Keyring = SYSTEM,
    *,
    own: bool = True,
    search: KeySearch | None = None,
    tell: Tell = in_silence,
) -> Unlocked:
    """Return the key of `home`; make it in a new one, convert what still lies there without it.

    `given` None: what the environment gives. `search` has begun to look for it already. With `own` False,
    beside a process that holds the home, nothing is made or converted. `tell` hears, on this thread, how far
    a conversion is. Raises LockedError, HomeError, DatabaseError.
    """
    if given is not None:
        search = None  # it looked with what the environment gives
    given = given or given_by_environment()
    try:
        return _unlocked(home, given, keyring, search, tell, own=own)
    except OSError as error:
        raise unusable(home.key_file, error) from None


def _unlocked(
    home: Home, given: Given, keyring: Keyring, search: KeySearch | None, tell: Tell, *, own: bool
) -> Unlocked:
    file = KeyFile.read(home)
    is_open = file is not None and is_undecided(home)
    if own and file is not None:
        file.mend(home)
    if not own and (file is None or is_open):
        return Unlocked(None)
    if file is None and not home_conversion.databases(home):
        return Unlocked(_begin(home, given, keyring, search))
    if file is None and _has_old_keys(home):
        return Unlocked(_with_old_keys(home, given, tell))
    if file is None or is_open:
        return _was_plain(home, given, keyring, search, tell, said=is_open)
    key = search.result() if search is not None else None
    if key is None or not file.fits(key):  # the home may have another key since
        key = key_by(home, file, given, keyring)
    if key is None or not own:
        return Unlocked(key)
    if file.leaving:
        home_conversion.decrypt(home, key, tell)
        become_plain(home, key, keyring)
        return Unlocked(None)
    home_conversion.encrypt(home, key, given.passphrase, tell)
    return Unlocked(key)


def _has_old_keys(home: Home) -> bool:
    """Say whether a passphrase made the keys of the databases: each has its check, but a lost one."""
    paths = home_conversion.databases(home)
    checks = any(home_conversion.check_of(path).exists() for path in paths)
    return checks or not any(home_conversion.is_plain(path) for path in paths)


def _with_old_keys(home: Home, given: Given, tell: Tell) -> HomeKey | None:
    known = any(home_conversion.check_of(path).exists() for path in home_conversion.databases(home))
    if given.passphrase is None and known:
        raise LockedError(
            text("This home is protected by a passphrase."),
            text("Give it in MARU_PASSPHRASE and start again."),
            reason=LockedReason.PASSPHRASE,
        )
    if given.passphrase is None:
        raise unreadable(home)
    if not home_conversion.mark_old_keys(home, given.passphrase):
        if not known:
            raise unreadable(home)
        raise LockedError(
            text("The passphrase does not open this home."),
            text("Check MARU_PASSPHRASE; capital letters and spaces count."),
            reason=LockedReason.WRONG_PASSPHRASE,
        )
    key = begin(home, Given(given.passphrase))
    if key is not None:
        home_conversion.encrypt(home, key, given.passphrase, tell)
    return key


def _begin(home: Home, given: Given, keyring: Keyring, search: KeySearch | None) -> HomeKey | None:
    if search is not None:
        search.result()  # raises where the keyring did not answer: it is not asked, and waited for, again
    return begin(home, given, keyring)


def _was_plain(
    home: Home, given: Given, keyring: Keyring, search: KeySearch | None, tell: Tell, *, said: bool
) -> Unlocked:
    """Protect a home of before there was a key file, where there is something to protect it with.

    `said`: the person knows already that it is plain.
    """
    try:
        key = _begin(home, given, keyring, search)
    except LockedError:
        if said:
            return Unlocked(None)
        KeyFile(new_key().home_id, Protection.PLAIN, chosen=False).write(home)
        return Unlocked(None, _still_plain())
    if key is None:
        return Unlocked(None)
    home_conversion.encrypt(home, key, tell=tell)
    return Unlocked(
        key,
        text("Your conversations and documents are encrypted from now on; the passphrase opens them.")
        if given.passphrase is not None
        else text(
            "Your conversations and documents are encrypted from now on; the system's keyring opens them."
        ),
    )


def _still_plain() -> Text:
    return text(
        "Your conversations and documents are not encrypted: there is no keyring on this system."
        " Protect them in the settings, or with `maru init --passphrase`."
    )
