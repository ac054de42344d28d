# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The one error tree: what happened, and what to do about it.

MaruError
├── UsageError            the command line was used wrongly (exit code 2)
├── SettingsError         a setting is out of its range
├── HomeError             the home folder cannot be used
│   └── HomeHeldError     another Maru holds it
├── LockedError           what opens the home is not there: the reason says what would
├── DatabaseError         a database cannot be opened, read or written
│   ├── SealError         a sealed file cannot be opened: it belongs to another home, say
│   │   └── ChangedError    it is no longer what was sealed
│   ├── NewerSchemaError  a newer Maru wrote it
│   ├── ReadOnlyError     it can only be read just now
│   ├── DamagedError      its bytes are no longer a database
│   └── DiskFullError     no space is left
├── CredentialError       the system's keyring cannot be used
│   ├── KeyringAbsentError  there is none
│   └── KeyringLockedError  it is locked, or does not answer
├── BlockedError          a question holds what the person chose never to send
├── ModelError            a model file cannot be used
├── EngineError           the engine failed
│   ├── ContextFullError  the question does not fit the context window
│   └── StoppedError      it was stopped as the user wished
├── DocumentError         a document cannot be read
│   ├── NoTextError       it holds no text
│   ├── TooLargeError     it needs more memory than a reader may have
│   └── PasswordError     it is protected, and the password given ("" for none) does not open it
├── ScanError             pages of it have to be recognized, which was not wanted yet
├── VectorIndexError      the vector index failed; it can be rebuilt
├── WorkerError           a worker process failed
│   ├── WorkerCrashedError  it ended without being asked
│   │   ├── OutOfMemoryError  maybe because memory ran out
│   │   │   └── MemoryLimitError  it held more than it may, and was ended
│   │   └── SetAsideError   it did so three times: it is not started again by itself
│   ├── CallTooLargeError  one call needed more memory than there is; the process goes on
│   ├── WorkerTimeoutError  it gave no sign of life
│   └── WorkerStoppedError  a call was stopped before its turn came
└── NotFoundError         what was asked for is not there

Each carries a message and a hint as Text, so that it crosses processes and is translated where it
is shown. No exception of a library leaves the module that calls it.
"""

from dataclasses import dataclass
from enum import Enum

from assistant.texts import Text, text


@dataclass(frozen=True)
class Offer:
    """Settings of a model that take less memory; None leaves one as it is. `n_ctx` is in tokens."""

    n_ctx: int | None = None
    n_gpu_layers: int | None = None


class MaruError(Exception):
    """Something that the user is told: what happened (`message`), what to do (`hint`).

    `offer` is what may work instead, where there is such a thing.
    """

    def __init__(self, message: Text, hint: Text | None = None, offer: Offer | None = None) -> None:
        """Keep both texts; they are translated when shown."""
        super().__init__(message, hint)
        self.message = message
        self.hint = hint or text("")
        self.offer = offer

    def __str__(self) -> str:
        """Return message and hint in the language in use."""
        hint = str(self.hint) if self.hint.msgid else ""
        return f"{self.message} {hint}".strip()


class UsageError(MaruError):
    """The command line was used wrongly."""


class SettingsError(MaruError):
    """A setting is out of its range."""


class HomeError(MaruError):
    """The home folder cannot be used."""


class HomeHeldError(HomeError):
    """Another Maru holds the home."""


class DatabaseError(MaruError):
    """A database cannot be opened, read or written."""


class LockedReason(Enum):
    """Why a home is closed, and so what would open it."""

    NEW = "new"  # nothing is decided: there is no keyring, and no passphrase was given
    PASSPHRASE = "passphrase"  # noqa: S105 - a passphrase protects it, and none was given
    WRONG_PASSPHRASE = "wrong passphrase"  # noqa: S105
    MISTYPED_CODE = "mistyped code"  # no recovery code looks like this
    WRONG_CODE = "wrong code"
    KEYRING_ABSENT = "keyring absent"
    KEYRING_LOCKED = "keyring locked"
    KEYRING_EMPTY = "keyring empty"  # the key is not in it any more
    KEYRING_CHANGED = "keyring changed"  # it holds another key
    PLAIN = "plain"  # a passphrase was given for a home that is in plain text
    DAMAGED = "damaged"  # the file that tells how the home is protected
    NEWER = "newer"  # a newer Maru wrote that file


class LockedError(MaruError):
    """What opens the home was not given, or does not open it."""

    def __init__(
        self, message: Text, hint: Text | None = None, *, reason: LockedReason = LockedReason.PASSPHRASE
    ) -> None:
        """Keep the texts and the reason."""
        super().__init__(message, hint)
        self.reason = reason


class SealError(DatabaseError):
    """A sealed file cannot be opened: it was changed, or belongs to another home."""


class ChangedError(SealError):
    """A sealed file is no longer what was sealed."""


class NewerSchemaError(DatabaseError):
    """A newer Maru wrote the database."""


class ReadOnlyError(DatabaseError):
    """A database can only be read: a newer Maru wrote it, or its folder cannot be written."""


class DamagedError(DatabaseError):
    """A database is damaged. `file` is its name, `snapshot` that of the newest sound one, "" for none."""

    def __init__(
        self, message: Text, hint: Text | None = None, *, file: str = "", snapshot: str = ""
    ) -> None:
        """Keep what can be restored."""
        super().__init__(message, hint)
        self.file = file
        self.snapshot = snapshot


class DiskFullError(DatabaseError):
    """No space is left on the disk."""


class CredentialError(MaruError):
    """The system's keyring cannot be used."""


class KeyringAbsentError(CredentialError):
    """There is no keyring on this system, or none that can be reached."""


class KeyringLockedError(CredentialError):
    """The keyring is locked, or did not answer in time."""


class BlockedError(MaruError):
    """A question holds what the person chose never to send; it was neither stored nor sent."""


class ModelError(MaruError):
    """A model file cannot be used."""


class EngineError(MaruError):
    """The engine failed."""


class ContextFullError(EngineError):
    """The question does not fit the context window, with the numbers."""


class StoppedError(EngineError):
    """Loading, checking or bringing in a model was stopped, as the user wished."""


class DocumentError(MaruError):
    """A document cannot be read."""


class NoTextError(DocumentError):
    """A document holds no text."""


class TooLargeError(DocumentError):
    """A document needs more memory than a reader may have."""


class PasswordError(DocumentError):
    """A document is protected, and the password given ("" for none) does not open it."""


class ScanError(MaruError):
    """Pages of a document have to be recognized, which takes its time and was not wanted yet."""


class VectorIndexError(MaruError):
    """The vector index failed; it can be rebuilt from the library."""


class WorkerError(MaruError):
    """A worker process failed.

    `details` are the last lines it logged, for a report: nothing that a user wrote is in them.
    """

    def __init__(
        self,
        message: Text,
        hint: Text | None = None,
        offer: Offer | None = None,
        details: tuple[str, ...] = (),
    ) -> None:
        """Keep the texts and the lines."""
        super().__init__(message, hint, offer)
        self.details = details


class WorkerCrashedError(WorkerError):
    """A worker ended without being asked."""


class OutOfMemoryError(WorkerCrashedError):
    """A worker ended without being asked, maybe because memory ran out."""


class MemoryLimitError(OutOfMemoryError):
    """A worker held more memory than it may, and was ended."""


class SetAsideError(WorkerCrashedError):
    """A worker crashed three times with the same settings: it is not started again by itself."""


class CallTooLargeError(WorkerError):
    """A call, or its answer, needed more memory than the process may have; it goes on without it."""


class WorkerTimeoutError(WorkerError):
    """A worker gave no sign of life."""


class WorkerStoppedError(WorkerError):
    """A call was stopped before its turn came."""


class NotFoundError(MaruError):
    """What was asked for is not there."""
