# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""How commands speak: plain lines for people, JSON for programs, errors on standard error."""

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from assistant.engine.protocol import MemoryUse
from assistant.errors import DamagedError, MaruError, Offer
from assistant.excerpts import TURNING
from assistant.passages import Passage
from assistant.system_reasons import reason_of
from assistant.texts import text, tr

_BREAKS = dict.fromkeys(map(ord, "\n\t\u2028\u2029"), " ")
CONTROLS = dict.fromkeys({*range(0x20), *range(0x7F, 0xA0)} - {ord("\n"), ord("\t")})


class OutputError(MaruError):
    """Standard output does not take what is written to it."""


def say(line: str = "", *, end: str = "\n") -> None:
    """Write a line for people to standard output at once: answers stream. Raises what `write` raises."""
    write(_harmless(line) + end)


def write(words: str) -> None:
    """Write to standard output exactly this. Raises OutputError, BrokenPipeError."""
    try:
        sys.stdout.write(words)
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputError(
            text("The output could not be written ({reason}).", reason=reason_of(error)),
            text("Check the disk or the program that it goes to."),
        ) from error


def say_json(value: Mapping[str, Any] | Sequence[Any]) -> None:
    """Write one JSON value on one line, in UTF-8 as it is."""
    write(json.dumps(value, ensure_ascii=False) + "\n")


def note(line: str) -> None:
    """Write to standard error: progress and notices, which a pipe must not swallow."""
    sys.stderr.write(_harmless(line) + "\n")
    sys.stderr.flush()


class Thoughts:
    """What a reasoning model thinks, on standard error: dimmed where that is a terminal."""

    def __init__(self, *, shown: bool) -> None:
        """Show it, or leave it out."""
        self._shown = shown
        self._open = False
        self._dim, self._plain = ("\x1b[2m", "\x1b[0m") if sys.stderr.isatty() else ("", "")

    def add(self, words: str) -> None:
        """Show the next piece."""
        if self._shown:
            sys.stderr.write(self._dim + _harmless(words) + self._plain)
            sys.stderr.flush()
            self._open = True

    def end(self) -> None:
        """Begin a new line where there was something."""
        if self._open:
            self._open = False
            note("")


def complain(error: MaruError, *, as_json: bool = False) -> None:
    """Tell an error: one object with --json, else two lines on standard error."""
    if as_json:
        say_json(error_object(error))
    else:
        note(str(error.message))
        if error.hint.msgid:
            note(str(error.hint))
        if error.offer is not None:
            note(tr("Worth a try: {options}", options=" ".join(_offered(error.offer))))


def _offered(offer: Offer) -> list[str]:
    """Return what an error offers as options of a command."""
    given = (("--ctx", offer.n_ctx), ("--gpu-layers", offer.n_gpu_layers))
    return [f"{option} {value}" for option, value in given if value is not None]


def error_object(error: MaruError) -> dict[str, Any]:
    """Return the `error` event, with an `offer` where there is one, or a `snapshot` to restore."""
    snapshot = error.snapshot if isinstance(error, DamagedError) else ""
    return {
        "event": "error",
        "message": str(error.message),
        "hint": str(error.hint) if error.hint.msgid else "",
        **({"offer": asdict(error.offer)} if error.offer is not None else {}),
        **({"snapshot": snapshot} if snapshot else {}),
    }


def passage_object(passage: Passage) -> dict[str, Any]:
    """Return a passage as `search` and `ask` give it."""
    return {
        "document": passage.document,
        "page": passage.place.page,
        "place": passage.place.shown(),
        "start": passage.start,
        "end": passage.end,
        "text": passage.text,
        "score": round(passage.score, 6),
        "recognized": passage.recognized,
    }


def memory_object(memory: MemoryUse) -> dict[str, int]:
    """Return what a model takes, in bytes."""
    return {**asdict(memory), "total": memory.total}


def said_fields(heading: str, fields: Sequence[tuple[str, str]]) -> None:
    """Write names and values below a heading, the values aligned; nothing where there are none."""
    if fields:
        say(heading)
        table([("", name, value) for name, value in fields])


def table(rows: Sequence[Sequence[str]]) -> None:
    """Write rows with aligned columns; Hangul is two columns wide."""
    if not rows:
        return
    rows = [[_in_a_cell(cell) for cell in row] for row in rows]
    widths = [max(_width(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        cells = [cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)]
        say("  ".join(cells).rstrip())


def _harmless(words: str) -> str:
    """Return `words` without what a terminal would obey: documents and models may hold anything."""
    return TURNING.sub("", words.translate(CONTROLS))


def _in_a_cell(words: str) -> str:
    """Return `words` on one line: a name with a line break would look like two."""
    return _harmless(words).translate(_BREAKS)


def _width(cell: str) -> int:
    return sum(2 if "ᄀ" <= letter <= "￦" else 1 for letter in cell)
