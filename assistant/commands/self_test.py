# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""`maru --self-test`: one document, one question, one citation, in a home of its own."""

import contextlib
import os
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from assistant import chat
from assistant.app import Assistant
from assistant.commands.output import note, say
from assistant.documents.protocol import FileResult, FileStatus
from assistant.errors import MaruError
from assistant.messages import FinishReason
from assistant.opening import open_assistant
from assistant.paths import Home
from assistant.texts import text, tr

SAMPLE = """# Lease

## Premises
The apartment is on the third floor of 12 Harbor Street and has two rooms.

## Rent
The monthly rent is USD 850, payable on the first day of each month.

## Deposit
The tenant pays a security deposit of USD 1,700 before moving in.
"""
QUESTION = "How much is the monthly rent?"
OWN_HOME = {"MARU_PASSPHRASE": "self-test", "MARU_KEYRING": "off"}


def self_test(open_window: Callable[[Home], int] | None) -> int:
    """Open the window (where there is one), index a document, answer with a citation.

    Returns 0; raises MaruError that names the step that failed.
    """
    with (
        tempfile.TemporaryDirectory(prefix="maru-self-test-", ignore_cleanup_errors=True) as folder,
        _environment(OWN_HOME),
    ):
        home = Home(Path(folder) / "home")
        if open_window is not None:
            _step(tr("window"), _window_opens(open_window, home))
        with open_assistant(home) as assistant:
            _check(assistant, Path(folder))
    say(tr("Maru works on this machine."))
    return 0


@contextlib.contextmanager
def _environment(values: Mapping[str, str]) -> Iterator[None]:
    """Let the home be opened as `values` say, whatever protects the user's own."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _window_opens(open_window: Callable[[Home], int], home: Home) -> bool:
    os.environ["MARU_EXIT_WHEN_READY"] = "1"
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    return open_window(home) == 0


def _check(assistant: Assistant, folder: Path) -> None:
    sample = folder / "lease.md"
    sample.write_text(SAMPLE, encoding="utf-8")
    results = [event for event in assistant.add([sample]) if isinstance(event, FileResult)]
    _step(tr("reading and indexing a document"), [one.status for one in results] == [FileStatus.ADDED])
    found = assistant.library.search(QUESTION)
    _step(tr("search with vectors"), found.vectors_used and "850" in found.found[0].text)
    conversation = assistant.conversations.create()
    options = replace(assistant.starting_options(), limit=1)
    answered: list[chat.Answered] = []
    for event in assistant.ask(conversation.id, QUESTION, options, threading.Event()):
        if isinstance(event, chat.Answered):
            answered.append(event)
    message = answered[0].message
    receipt = message.receipt
    _step(tr("answering"), "850" in message.message.content and message.finish_reason is FinishReason.STOP)
    _step(tr("citing"), receipt is not None and bool(receipt.citations))


def _step(name: str, passed: bool) -> None:
    note(f"{'✓' if passed else '✗'} {name}")
    if not passed:
        raise MaruError(text("The self-test failed: {step}.", step=name), text("Install Maru again."))
