# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Searches a folded text by the table: every start once, and there all of its rows in one match."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from itertools import compress, groupby

from assistant.privacy.folding import Folded
from assistant.privacy.recognizers import RECOGNIZERS
from assistant.privacy.row import CERTAIN, THRESHOLD, Recognizer, Start
from assistant.privacy.spans import Span

_SURE = 0.8  # a start inside of what is as sure as this is left alone


@dataclass(frozen=True)
class _Rows:
    """The rows with one start.

    Their shapes stand side by side in one pattern, as lookaheads that may fail: one call tells which of
    them match, in a tenth of the time of asking each.
    """

    start: Start
    rows: Sequence[Recognizer]

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        by_guard = (
            f"(?:(?={guard}){''.join(f'(?=({row.shape})|)' for row in rows)}|)"
            for guard, rows in groupby(self.rows, key=lambda row: row.start.guard)
        )
        return re.compile("".join(by_guard))

    def matches(self, text: str, at: int) -> Sequence[tuple[Recognizer, str]]:
        """Return the rows that match at `at`, each with what it matches, the surest first."""
        found = self._pattern.match(text, at)
        if found is None or found.lastindex is None:
            return ()
        values = found.groups()
        pairs = list(zip(compress(self.rows, values), filter(None, values), strict=True))
        if len(pairs) > 1:
            pairs.sort(key=_surest_first)
        return pairs


def _surest_first(pair: tuple[Recognizer, str]) -> float:
    return -pair[0].best_score


@cache
def _table() -> tuple[_Rows, ...]:
    by_start: dict[Start, list[Recognizer]] = {}
    for row in RECOGNIZERS:
        by_start.setdefault(replace(row.start, guard=""), []).append(row)
    return tuple(
        _Rows(start, sorted(rows, key=lambda row: row.start.guard)) for start, rows in by_start.items()
    )


def scan(folded: Folded) -> Iterator[Span]:
    """Yield what every recognizer finds, except inside of what is surer than it can be."""
    for rows in _table():
        yield from _spans(rows, folded)


def _spans(rows: _Rows, folded: Folded) -> Iterator[Span]:
    covered, score_there = 0, 0.0
    for at in rows.start.positions(folded):
        if at < covered and score_there >= _SURE:
            continue
        for row, value in rows.matches(folded.text, at):
            start, end = at + (unmeant(value) if rows.start.loose else 0), at + len(value)
            if end <= covered and row.best_score <= score_there:
                continue
            score, evidence = row.judge(folded, start, end)
            if score < THRESHOLD:
                continue
            if start >= covered or score >= score_there:
                covered, score_there = end, score
            yield Span(row.entity_type, start, end, score, evidence)
            if score >= CERTAIN:
                break


def unmeant(value: str) -> int:
    """Return how many characters at the start of a match are the sentence's: dots, a lone bracket."""
    rest = value.lstrip(".-")
    return len(value) - len(rest) + (rest.startswith("(") and ")" not in rest)
