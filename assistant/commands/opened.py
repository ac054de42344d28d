# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Homes as commands open them: what there is to know about the start is said, once."""

import contextlib
from collections.abc import Iterator

from assistant.app import Assistant
from assistant.commands.output import note
from assistant.looking import Looking, open_for_looking
from assistant.opening import open_assistant
from assistant.paths import Home
from assistant.texts import Text


@contextlib.contextmanager
def opened(home: Home) -> Iterator[Assistant]:
    """Open the home, as `open_assistant` does."""
    with open_assistant(home) as assistant:
        say_notice(assistant.notice)
        yield assistant


@contextlib.contextmanager
def opened_to_look(home: Home) -> Iterator[Looking]:
    """Open the home, as `open_for_looking` does."""
    with open_for_looking(home) as looking:
        say_notice(looking.notice)
        yield looking


def say_notice(notice: Text | None) -> None:
    """Say what a start told, where it did."""
    if notice is not None:
        note(str(notice))
