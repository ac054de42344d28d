# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""From a home to its key: the key file, homes of before there was one or that lost it, conversions cut off.

Nothing of the key file is written before the key that it gives has opened the home.
"""

from concurrent.futures import Future
from dataclasses import dataclass
from threading import Thread

from assistant import home_conversion
from assistant.credentials import SYSTEM, Keyring
from assistant.database_errors import unusable
from assistant.errors import CredentialError, LockedError, LockedReason, NewerSchemaError
from assistant.home_conversion import Tell, in_silence
from assistant.home_key import (
    Given,
    become_plain,
    begin,
    give_up,
    given_by_environment,
    key_by,
    new_key,
    undecided,
)
from assistant.home_mark import HomeMark, is_keyed, mark, opens
from assistant.key_file import KeyFile, Protection, exchanged, unreadable
from assistant.keys import HomeKey
from assistant.newer_schemas import check_own
from assistant.paths import Home
from assistant.texts import Text, text


@dataclass(frozen=True)
class Unlocked:
    """The key of a home, None for a plain one, and what the user should know about it."""

    key: HomeKey | None
    notice: Text | None = None


@dataclass(frozen=True)
class _Found:
    """The key file of a home, and the key that it gives, None for a plain home.

    `lost`: there is none; the file is what can take its place.
    """

    file: KeyFile
    key: HomeKey | None
    lost: bool = False


class KeySearch:
    """A key that is looked for on a thread, while the window's modules are imported.

    Nothing is written. Deriving a key takes 0.3 s, and a keyring may wait for somebody: where a home is
    new, it is asked here whether it answers.
    """

    def __init__(self, home: Home, given: Given | None = None, keyring: Keyring = SYSTEM) -> None:
        """Begin to look."""
        self._found: Future[tuple[_Found | None, LockedError | None]] = Future()
        self._home, self._given, self._keyring = home, given or given_by_environment(), keyring
        Thread(target=self._look, name="key", daemon=True).start()

    @property
    def done(self) -> bool:
        """Whether `result` would return, or raise, at once."""
        return self._found.done()

    def result(self) -> HomeKey | None:
        """Wait for the key, None of a plain or new home. Raises LockedError."""
        found, problem = self._found.result()
        if problem is not None:
            raise problem
        return found.key if found is not None else None

    def found(self) -> _Found | None:
        """Wait for the key file and its key, whether or not the keyring answers. Raises LockedError."""
        return self._found.result()[0]

    def _look(self) -> None:
        try:
            found = _find(self._home, self._given, self._keyring)
            problem = self._keyring_problem() if found is None or found.file.is_undecided else None
            self._found.set_result((found, problem))
        except BaseException as error:  # noqa: BLE001 - belongs to whoever asks for the result
            self._found.set_exception(error)

    def _keyring_problem(self) -> LockedError | None:
        given = self._given
        if given.keyring and given.passphrase is None and not given.plain:
            try:
                self._keyring.get("")
            except CredentialError as error:
                return undecided(error.message)
        return None


def is_undecided(home: Home) -> bool:
    """Say whether nobody has decided yet how the home is protected. Raises LockedError(DAMAGED)."""
    file = _lost(home) or KeyFile.read(home)
    if file is None:
        return not home_conversion.databases(home) or not _has_old_keys(home)
    return file.is_undecided


def conversion_waits(home: Home) -> bool:
    """Say whether opening the home by its key would first write files anew. Raises LockedError(DAMAGED)."""
    file = _lost(home) or KeyFile.read(home)
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
    lost = _lost(home)
    files = KeyFile.both(home) if lost is None else [lost]
    if not files:
        return _without_key_file(home, given, keyring, search, tell) if own else Unlocked(None)
    found = search.found() if search is not None else None
    if found is None or found.file not in files:  # the home may have another key since
        found = _find(home, given, keyring)
    if found is None:
        raise unreadable(home)
    if not own:
        return Unlocked(found.key)
    kept = found.file.keep(home)
    notice = _taken_from_keyring(home) if found.lost else _kept(kept)
    if found.file.is_undecided:
        return _was_plain(home, given, keyring, search, tell, said=True)
    if found.key is not None and found.file.leaving:
        check_own(home, found.key, None)
        home_conversion.decrypt(home, found.key, tell)
        become_plain(home, found.key, keyring)
        mark(home, found.key.home_id, None)
        return Unlocked(None, notice)
    if found.key is not None and found.file.spent:
        empty = not home_conversion.databases(home)
        by = given if empty else Given(keyring=False)  # what was put back meanwhile has that key
        return Unlocked(_converted(home, give_up(home, found.key, by, keyring)), notice)
    if found.key is None:
        mark(home, found.file.home_id, None)
        return Unlocked(None, notice)
    return Unlocked(_converted(home, found.key, given.passphrase, tell), notice)


def _find(home: Home, given: Given, keyring: Keyring) -> _Found | None:
    """Return the key file that belongs to the databases with its key; None where there is no key file.

    key.json may have been exchanged for that of another home: its copy is as good then. Nothing is written.
    Raises LockedError.
    """
    if (lost := _lost(home)) is not None:
        return _Found(lost, _key_in_keyring(home, lost, given, keyring), lost=True)
    files, known = KeyFile.both(home), HomeMark.read(home)
    if not files:
        return None
    if known is not None and known.is_of(home):
        files = [file for file in files if file.is_of(known)]
    problem: LockedError | None = None
    for file in files:
        sure = known is not None and file.is_of(known)
        if file.protection is Protection.PLAIN and (problem or not (sure or _may_be_plain(home))):
            continue  # never plain because a key is missing
        try:
            key = key_by(home, file, given, keyring)
        except LockedError as error:
            problem = problem or error
            continue
        if key is None or sure or _opens_something(home, key):
            return _Found(file, key)
    raise problem or exchanged(home)


def _lost(home: Home) -> KeyFile | None:
    """Return what home.json tells of the key where neither key file can be read; None where one can.

    Only of databases that lie here; whether the keyring has the key is yet to be seen. Raises
    LockedError(NEWER).
    """
    try:
        if KeyFile.both(home):
            return None
    except LockedError as error:
        if error.reason is not LockedReason.DAMAGED:
            raise
    known = HomeMark.read(home)
    if known is None or not known.check or not known.is_of(home):
        return None
    return KeyFile(known.home_id, Protection.KEYRING, known.check)


def _key_in_keyring(home: Home, file: KeyFile, given: Given, keyring: Keyring) -> HomeKey:
    """Return the key of a home that lost its key file; it counts where it opens a database.

    Raises LockedError(DAMAGED).
    """
    try:
        key = key_by(home, file, Given(keyring=given.keyring), keyring)
    except LockedError as error:
        if error.reason not in (LockedReason.KEYRING_LOCKED, LockedReason.KEYRING_ABSENT):
            raise unreadable(home) from None
        hint = text(
            "The system's keyring may still hold the key: unlock it and start again. Or bring the file back"
            " from a copy of {folder}; nothing was changed.",
            folder=str(home.root),
        )
        raise LockedError(unreadable(home).message, hint, reason=LockedReason.DAMAGED) from None
    if key is None or not any(opens(path, key) for path in home_conversion.databases(home)):
        raise unreadable(home)
    return key


def _taken_from_keyring(home: Home) -> Text:
    return text(
        "{file} was lost and was written anew, with the key from the system's keyring. Recovery codes of"
        " before open nothing any more: make a new one in the settings, or with `maru init --recovery-code`.",
        file=home.key_file.name,
    )


def _may_be_plain(home: Home) -> bool:
    """Say whether a home can be one without a key: not where each of its databases is encrypted."""
    paths = home_conversion.databases(home)
    return any(home_conversion.is_plain(path) for path in paths) or not any(map(is_keyed, paths))


def _opens_something(home: Home, key: HomeKey) -> bool:
    """Say whether `key` is that of a database, or some are still to get it, or none has another one."""
    paths = home_conversion.databases(home)
    waiting = any(home_conversion.is_plain(path) or home_conversion.check_of(path).exists() for path in paths)
    keyed = [path for path in paths if is_keyed(path)]
    return waiting or not keyed or any(opens(path, key) for path in keyed)


def _kept(names: list[str]) -> Text | None:
    if not names:
        return None
    return text("A key file of another home lay here; it is kept as {file}.", file=names[0])


def _converted(
    home: Home, key: HomeKey | None, passphrase: str | None = None, tell: Tell = in_silence
) -> HomeKey | None:
    """Give every database the key, and write down that they have it. Returns the key, None for a plain home.

    It is written down before, too: where one is damaged nobody is to take the key for that of another home.
    """
    if key is not None:
        mark(home, key.home_id, key)
        if home_conversion.to_encrypt(home):
            check_own(home, None)
        home_conversion.encrypt(home, key, passphrase, tell)
        mark(home, key.home_id, key)
    return key


def _without_key_file(
    home: Home, given: Given, keyring: Keyring, search: KeySearch | None, tell: Tell
) -> Unlocked:
    if not home_conversion.databases(home):
        return Unlocked(_converted(home, _begin(home, given, keyring, search)))
    if _has_old_keys(home):
        return Unlocked(_with_old_keys(home, given, tell))
    return _was_plain(home, given, keyring, search, tell, said=False)


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
    return _converted(home, begin(home, Given(given.passphrase)), given.passphrase, tell)


def _begin(home: Home, given: Given, keyring: Keyring, search: KeySearch | None) -> HomeKey | None:
    if search is not None:
        search.result()  # raises where the keyring did not answer: it is not asked, and waited for, again
    return begin(home, given, keyring)


def _was_plain(
    home: Home, given: Given, keyring: Keyring, search: KeySearch | None, tell: Tell, *, said: bool
) -> Unlocked:
    """Protect a home of before there was a key file, where there is something to protect it with.

    `said`: the person knows already that it is plain. What a newer Maru wrote stays as it is.
    """
    try:
        check_own(home, None)
    except NewerSchemaError:
        return Unlocked(None)
    try:
        key = _begin(home, given, keyring, search)
    except LockedError:
        if given.passphrase is not None:
            raise
        if said:
            return Unlocked(None)
        KeyFile(new_key().home_id, Protection.PLAIN, chosen=False).write(home)
        return Unlocked(None, _still_plain())
    if key is None:
        return Unlocked(None)
    _converted(home, key, tell=tell)
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
