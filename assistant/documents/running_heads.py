# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Lines that stand at the top or the foot of page after page: headers, footers, page numbers.

They are no text of their page. Only the first and the last lines of a page are looked at; a line is a
running head where its words come back on most pages, on most left or most right ones, or beside the
number of the page; a number alone only where it counts the pages.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.documents.protocol import PlaceText

_EDGE_LINES = 3  # at the top, and as many at the foot
_LENGTH = 80  # letters; a longer line is text
_MOST = 0.6  # of the pages
_FEWEST = 3  # pages; of two pages only the outermost lines are compared
_LONG_PAGE = 8  # lines: shorter ones are compared only where there are several
_NUMBER = re.compile(r"\d+")
_NO_LETTERS = re.compile(r"[\W\d_]+")


@dataclass(frozen=True, slots=True)
class _Edge:
    """A line near the top or the foot of a page."""

    start: int
    end: int
    words: str  # without numbers and marks
    numbers: tuple[int, ...]  # the first and the last one in it
    outermost: bool


def running_heads(places: Sequence[PlaceText]) -> dict[int, list[tuple[int, int]]]:
    """Return the spans of the running heads by the ordinal of their page."""
    files: dict[str, list[PlaceText]] = {}  # a message may hold several
    for place in places:
        if place.place.is_page:
            files.setdefault(place.place.label, []).append(place)
    return {page: spans for pages in files.values() for page, spans in _of_file(pages).items()}


def _of_file(pages: Sequence[PlaceText]) -> dict[int, list[tuple[int, int]]]:
    if len(pages) < 2:
        return {}
    edges = [list(_edges(page.text)) for page in pages]
    shift = _shift(edges)
    known = _on_most(edges) if len(pages) >= _FEWEST else _of_two(edges, pages)
    beside = Counter(
        words for number, page in enumerate(edges) for words in {
            edge.words for edge in page if edge.words and number + shift in edge.numbers
        }
    ) if shift is not None else Counter[str]()  # fmt: skip
    found = {}
    for number, page in enumerate(edges):
        counted = None if shift is None else number + shift
        spans = [
            (edge.start, edge.end) for edge in page
            if edge.words in known[number % 2]
            or (counted in edge.numbers and (not edge.words or beside[edge.words] >= _FEWEST))
        ]  # fmt: skip
        if spans and not _is_all(pages[number].text, spans):
            found[pages[number].place.ordinal] = spans
    return found


def _edges(words: str) -> Iterator[_Edge]:
    at, lines = 0, []
    for line in words.splitlines(keepends=True):
        if line.strip():
            lines.append((at, line))
        at += len(line)
    outer = {0, len(lines) - 1}
    for number, (start, line) in enumerate(lines):
        if _EDGE_LINES <= number < len(lines) - _EDGE_LINES or len(line.strip()) > _LENGTH:
            continue
        numbers = [int(found[0][:9]) for found in _NUMBER.finditer(line)]
        own = " ".join(_NO_LETTERS.sub(" ", line).split())
        yield _Edge(
            start, start + len(line.rstrip()), own, tuple({*numbers[:1], *numbers[-1:]}), number in outer
        )


def _shift(edges: Sequence[Sequence[_Edge]]) -> int | None:
    """Return what is added to a page's index to get the number printed on it; None without numbers."""
    votes = Counter(
        shift for number, page in enumerate(edges)
        for shift in {found - number for edge in page for found in edge.numbers}
    )  # fmt: skip
    ((shift, times),) = votes.most_common(1) or [(0, 0)]
    return shift if times >= max(2, _MOST * len(edges)) else None


def _on_most(edges: Sequence[Sequence[_Edge]]) -> tuple[set[str], set[str]]:
    """Return the words that come back on most pages, or on most of the left or of the right ones."""
    sides: list[set[str]] = []
    every = Counter(words for page in edges for words in {edge.words for edge in page if edge.words})
    for first in (0, 1):
        side = edges[first::2]
        seen = Counter(words for page in side for words in {edge.words for edge in page if edge.words})
        sides.append(
            {words for words, times in seen.items() if times >= max(_FEWEST, _MOST * len(side))}
            | {words for words, times in every.items() if times >= max(_FEWEST, _MOST * len(edges))}
        )
    return sides[0], sides[1]


def _of_two(edges: Sequence[Sequence[_Edge]], pages: Sequence[PlaceText]) -> tuple[set[str], set[str]]:
    """Return the words of the first or the last line that both pages have."""
    if min(page.text.count("\n") for page in pages) < _LONG_PAGE:
        return set(), set()
    one, other = ({edge.words for edge in page if edge.words and edge.outermost} for page in edges)
    return one & other, one & other


def _is_all(words: str, spans: Sequence[tuple[int, int]]) -> bool:
    """Say whether a page has nothing but "running" lines: then they are its text."""
    return len("".join(words.split())) <= sum(len("".join(words[start:end].split())) for start, end in spans)
