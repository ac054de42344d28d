# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
r"""LaTeX: a place for each heading path, \part to \subparagraph; comments are left out of the search."""

import re
from collections.abc import Generator, Iterator

from assistant.documents.protocol import Instead, Reading
from assistant.documents.readers.plain import text_of
from assistant.documents.readers.sections import Section, section_places
from assistant.documents.readers.source import Cancelled, Extracted, Source

_LEVELS = {
    "part": 1,
    "chapter": 2,
    "section": 3,
    "subsection": 4,
    "subsubsection": 5,
    "paragraph": 6,
    "subparagraph": 6,
}
_ARGUMENT = r"\{((?:[^{}]|\{[^{}]*\})*)\}"  # with braces one deep
_HEADING = re.compile(rf"^[ \t]*\\({'|'.join(_LEVELS)})\*?(?:\[[^\]\n]*\])?\s*{_ARGUMENT}", re.MULTILINE)
_TITLE = re.compile(rf"^[^%\n]*\\title(?:\[[^\]\n]*\])?\s*{_ARGUMENT}", re.MULTILINE)
# From a % that is not \% to the end of its line; TeX also drops the line break and the next spaces.
_COMMENT = re.compile(r"(?<!\\)(?:\\\\)*(%[^\n]*)")
_COMMAND = re.compile(r"\\[a-zA-Z]+\*?\s*|[{}]|\\(?=[&%$#_{}])|~")


def read_latex(source: Source, _cancelled: Cancelled) -> Generator[Reading, None, Extracted]:
    """Read a LaTeX file. Raises DocumentError where it is no text, NoTextError."""
    words = text_of(source)
    yield Reading(0, 1)
    title = _TITLE.search(words)
    places = section_places(_sections(words))
    yield Reading(1, 1)
    return Extracted(_plain(title[1]) if title else "", places, 0)


def _sections(words: str) -> Iterator[Section]:
    """Yield the slices between headings; together they are the whole text."""
    comments = [comment.span(1) for comment in _COMMENT.finditer(words)]
    begin, level, heading = 0, 0, ""
    for found in _HEADING.finditer(words):
        if begin < found.start():
            yield _section(words, begin, found.start(), level, heading, comments)
        begin, level, heading = found.start(), _LEVELS[found[1]], _plain(found[2])
    yield _section(words, begin, len(words), level, heading, comments)


def _section(
    words: str, begin: int, end: int, level: int, heading: str, comments: list[tuple[int, int]]
) -> Section:
    instead = []
    while comments and comments[0][0] < end:
        start, stop = comments.pop(0)
        instead.append(Instead(start - begin, stop - begin, ""))
    return Section(level, heading, words[begin:end], tuple(instead))


def _plain(words: str) -> str:
    r"""Return an argument without its commands: "The \emph{long} day" is The long day."""
    return " ".join(_COMMAND.sub(" ", words).split())
