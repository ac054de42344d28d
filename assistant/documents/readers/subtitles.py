# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Subtitles: SubRip, WebVTT, SAMI and Advanced SubStation Alpha.

The text is the file as it stands, of SAMI, which is markup, its times and what is said then. Times,
numbers, tags and settings are left out of the search.
"""

import html
import re
from collections.abc import Generator, Iterator

from assistant.documents.protocol import Instead, PlaceText, Reading
from assistant.documents.readers.plain import text_of
from assistant.documents.readers.refusals import nothing_to_search
from assistant.documents.readers.sections import normal
from assistant.documents.readers.source import Cancelled, Extracted, Source
from assistant.passages import Place, PlaceKind

_TIME = r"(?:\d{1,3}:)?\d{1,2}:\d{2}[.,]\d{1,3}"
# An optional number or name of the cue, its times and settings; tags; the head and notes of a WebVTT file.
_CUES = re.compile(
    r"^(?:\d{1,6}[ \t]*\r?\n|(?:(?<=\n\n)|(?<=\n\r\n))[^\r\n]*\r?\n)??"
    rf"[ \t]*{_TIME}[ \t]*-->[ \t]*{_TIME}[^\r\n]*(?:\r?\n|$)"
    r"|\A\ufeff?WEBVTT[^\r\n]*|^(?:NOTE|STYLE|REGION)\b(?:[^\r\n]|\r?\n(?!\r?\n))*"
    r"|</?[a-zA-Z0-9][^<>\r\n]{0,200}>|\{\\[^{}\r\n]{0,200}\}",
    re.MULTILINE,
)
_SAMI = re.compile(r"<!--|<(?:head|style|script)\b|</?[a-z!][^<>]{0,500}>", re.IGNORECASE)
_SYNC = re.compile(r"<sync\b[^>]*?\bstart\s*=\s*[\"']?(\d{1,9})", re.IGNORECASE)  # milliseconds
_NEW_LINE = re.compile(r"<(?:br|p)\b", re.IGNORECASE)
_ENDINGS = {"-->": re.compile("-->")} | {
    f"</{name}": re.compile(rf"</{name}\s*>", re.IGNORECASE) for name in ("head", "style", "script")
}
# All of a line but the text of a Dialogue: (nine fields before it), and what stands in braces.
_SUBSTATION = re.compile(
    r"^Dialogue:(?:[^,\r\n]*,){9}|^(?!Dialogue:)[^\r\n]*(?:\r?\n|$)|\{[^{}\r\n]{0,500}\}|\\[Nnh]",
    re.MULTILINE,
)
_PATTERNS = {".srt": _CUES, ".vtt": _CUES, ".ass": _SUBSTATION, ".ssa": _SUBSTATION}
SUBTITLES = _PATTERNS.keys() | {".smi", ".sami"}


def read_subtitles(source: Source, _cancelled: Cancelled) -> Generator[Reading, None, Extracted]:
    """Read a subtitle file as one place. Raises DocumentError where it is no text, NoTextError."""
    words = text_of(source)
    yield Reading(0, 1)
    if pattern := _PATTERNS.get(source.suffix):
        cuts = (found.span() for found in pattern.finditer(words))
        instead = tuple(Instead(start, end, _kept(words[start:end])) for start, end in cuts if start < end)
    else:
        words, instead = _sami(words)
    if not _spoken(words, instead).strip():
        raise nothing_to_search(source.name)
    yield Reading(1, 1)
    return Extracted("", (PlaceText(Place(PlaceKind.SECTION, 0), words, instead=instead),), 0)


def _sami(words: str) -> tuple[str, tuple[Instead, ...]]:
    """Return what is said in a SAMI file, each time on a line above it; and where the times stand."""
    parts: list[str] = []
    times: list[Instead] = []
    size = 0
    for time, markup in _sami_cues(words):
        lines = (" ".join(line.split()) for line in html.unescape(markup).split("\n"))
        if not (said := normal("\n".join(line for line in lines if line))):
            continue  # an empty cue only ends the one before
        if time:
            times.append(Instead(size, size + len(time), ""))
        parts.append(f"{time}{said}\n\n")
        size += len(parts[-1])
    return "".join(parts), tuple(times)


def _sami_cues(words: str) -> Iterator[tuple[str, str]]:
    """Yield each cue: its time as a line, and its words with line breaks, references still in them."""
    time, parts, at = "", [], 0
    for start, end in _sami_cuts(words):
        parts.append(words[at:start].replace("\n", " "))
        tag, at = words[start:end], end
        if found := _SYNC.match(tag):
            yield time, "".join(parts)
            time, parts = f"{_clock(int(found[1]) // 1000)}\n", []
        elif _NEW_LINE.match(tag):
            parts.append("\n")
    yield time, "".join([*parts, words[at:].replace("\n", " ")])


def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _sami_cuts(words: str) -> Iterator[tuple[int, int]]:
    """Yield where tags, comments and what is within the head stand."""
    at = 0
    while found := _SAMI.search(words, at):
        start, at = found.span()
        ending = "-->" if found[0] == "<!--" else f"</{found[0][1:]}" if found[0][-1] not in ">;" else ""
        if ending:
            end = _ENDINGS[ending.lower()].search(words, at)
            at = end.end() if end else len(words)
        yield start, at


def _kept(cut: str) -> str:
    """Return what a cut leaves: a line break a line break."""
    return "\n" if "\n" in cut or cut in ("\\N", "\\n") or cut[:3].lower() == "<br" else ""


def _spoken(words: str, instead: tuple[Instead, ...]) -> str:
    parts, at = [], 0
    for one in instead:
        parts += [words[at : one.start], one.search_text]
        at = one.end
    return "".join([*parts, words[at:]])
