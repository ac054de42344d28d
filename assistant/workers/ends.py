# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""How a worker ended, in words."""

import signal

from assistant.errors import MemoryLimitError, OutOfMemoryError, WorkerCrashedError, WorkerTimeoutError
from assistant.texts import Text, text
from assistant.workers.child import Child

KILLED = -9  # by the system where memory runs out; there is no signal.SIGKILL on Windows
ABORTED = (-int(signal.SIGABRT), 3, 0xC0000409)  # on Windows: abort() and its fast form
NO_MEMORY = (
    "out of memory", "failed to allocate", "bad_alloc", "cannot allocate memory", "memory allocation of"
)  # fmt: skip
AGAIN = text("It starts again by itself; ask again.")


def crash(child: Child) -> WorkerCrashedError:
    """Return the error for a process that ended without being asked."""
    worker, code, details = str(child.spec.name), child.exit_code, child.last_words()
    told = any(sign in line.lower() for line in details for sign in NO_MEMORY)
    if told and child.spec.resident_limit is not None:  # such a worker limits itself too
        return too_large(child)
    if code == KILLED or told:
        return OutOfMemoryError(
            text("The {worker} ended unexpectedly, maybe because memory ran out.", worker=worker),
            AGAIN,
            details=details,
        )
    return WorkerCrashedError(_what_happened(worker, code), AGAIN, details=details)


def too_large(child: Child) -> MemoryLimitError:
    """Return the error for a process that was ended because it took too much memory."""
    limit = child.spec.resident_limit or 0
    return MemoryLimitError(
        text("The {worker} needed more than {limit} MB of memory and was ended.",
             worker=str(child.spec.name), limit=limit // 2**20),
        details=child.last_words(),
    )  # fmt: skip


def hang(child: Child, seconds: float) -> WorkerTimeoutError:
    """Return the error for a process that gave no sign of life for `seconds`."""
    return WorkerTimeoutError(
        text("The {worker} gave no sign of life for {seconds} seconds.",
             worker=str(child.spec.name), seconds=max(1, round(seconds))),
        text("It was ended and starts again by itself; ask again.")
        if child.spec.killable
        else text("It was asked to end; try again in a while."),
        details=child.last_words(),
    )  # fmt: skip


def _what_happened(worker: str, code: int | None) -> Text:
    if code in ABORTED:
        return text("The {worker} ended unexpectedly: it met an error it cannot go on from.", worker=worker)
    if not code:
        return text("The {worker} ended unexpectedly.", worker=worker)
    return text("The {worker} ended unexpectedly: it crashed (code {code}).", worker=worker, code=str(code))
