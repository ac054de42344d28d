# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""How a worker ended, in words."""

import signal

from assistant.errors import WorkerCrashedError, WorkerTimeoutError
from assistant.texts import Text, text
from assistant.workers.child import Child

KILLED = -9  # by the system where memory runs out; there is no signal.SIGKILL on Windows
ABORTED = (-int(signal.SIGABRT), 3, 0xC0000409)  # on Windows: abort() and its fast form
AGAIN = text("It starts again by itself; ask again.")


def killed_from_outside(child: Child) -> bool:
    """Say whether the system ended it, as it does where memory runs out."""
    return child.exit_code == KILLED


def crash(child: Child) -> WorkerCrashedError:
    """Return the error for a process that ended without being asked."""
    return WorkerCrashedError(_what_happened(child), AGAIN, details=child.last_words())


def too_large(child: Child) -> WorkerCrashedError:
    """Return the error for a process that was ended because it took too much memory."""
    limit = child.spec.resident_limit or 0
    return WorkerCrashedError(
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


def _what_happened(child: Child) -> Text:
    worker, code = str(child.spec.name), child.exit_code
    if code == KILLED:
        return text(
            "The {worker} ended unexpectedly: the system ended it, maybe because memory ran out.",
            worker=worker,
        )
    if code in ABORTED:
        return text(
            "The {worker} ended unexpectedly: it met an error that it cannot go on from.", worker=worker
        )
    if code is None or code == 0:
        return text("The {worker} ended unexpectedly.", worker=worker)
    return text("The {worker} ended unexpectedly: it crashed (code {code}).", worker=worker, code=str(code))
