# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""argparse in the user's language: its headings, its help, and what is wrong with a command."""

import argparse
import re
from collections.abc import Iterable
from dataclasses import replace
from typing import NoReturn

from assistant.errors import UsageError
from assistant.texts import Text, text, tr

HEADINGS = {"positional arguments": text("arguments"), "options": text("options")}
HELPS = {"help": text("show this help"), "version": text("show the version")}

FAULTS = (  # argparse's own sentences, the same in Python 3.11 to 3.13, and ours
    (r"the following arguments are required: (?P<names>.+)", text("The command needs {names}.")),
    (r"unrecognized arguments: (?P<words>.+)", text("Maru does not know “{words}”.")),
    (
        r"argument (?P<name>.+?): invalid choice: (?P<value>.+?) \(choose from (?P<choices>.+)\)",
        text("{name} cannot be {value}. There are: {choices}."),
    ),
    (
        r"argument (?P<name>.+?): not allowed with argument (?P<other>.+)",
        text("{name} and {other} exclude each other."),
    ),
    (r"argument (?P<name>.+?): expected (?:one|at least one) argument", text("{name} needs a value.")),
    (
        r"argument (?P<name>.+?): invalid (?:int|float) value: (?P<value>.+)",
        text("{name} needs a number, not {value}."),
    ),
)


class Parser(argparse.ArgumentParser):
    """A parser that speaks the language in use, wants options in full, and whose errors are ours."""

    def __init__(self, **given: object) -> None:
        super().__init__(formatter_class=_Help, allow_abbrev=False, **given)  # type: ignore[arg-type]

    def error(self, message: str) -> NoReturn:
        """Raise UsageError: what is wrong, and where the help is."""
        raise UsageError(fault(message), text("See: {program} --help", program=self.prog))


def fault(message: str) -> Text:
    """Return what argparse found wrong as a sentence of ours; argparse's own where it is another."""
    for pattern, sentence in FAULTS:
        if found := re.fullmatch(pattern, message, re.DOTALL):
            return replace(sentence, values=tuple(found.groupdict().items()))
    return text("The command was not understood: {message}.", message=message)


class _Help(argparse.HelpFormatter):
    """argparse's page of help with our words for its own."""

    def start_section(self, heading: str | None) -> None:
        ours = HEADINGS.get(heading or "")
        super().start_section(str(ours) if ours else heading)

    def add_argument(self, action: argparse.Action) -> None:
        if action.dest in HELPS:
            action.help = str(HELPS[action.dest])
        super().add_argument(action)

    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[argparse._MutuallyExclusiveGroup],
        prefix: str | None = None,
    ) -> None:
        super().add_usage(usage, actions, groups, tr("usage: ") if prefix is None else prefix)
