# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Subtitles: SubRip, WebVTT, SAMI and Advanced SubStation Alpha.

The text is the file as it stands; its times, numbers, tags and settings are left out of the search.
"""

import html
import re
from collections.abc import Generator, Iterator

from assistant.documents.protocol import Instead, PlaceText, Reading
from assistant.documents.readers.plain import text_of
from assistant.documents.readers.refusals import nothing_to_search
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
_SAMI = re.compile(r"<!--|<(?:head|style|script)\b|</?[a-z!][^<>]{0,500}>|&[a-z#0-9]{1,10};", re.IGNORECASE)
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
    pattern = _PATTERNS.get(source.suffix)
    cuts = (found.span() for found in pattern.finditer(words)) if pattern else _sami_cuts(words)
    instead = tuple(Instead(start, end, _kept(words[start:end])) for start, end in cuts if start < end)
    if not _spoken(words, instead).strip():
        raise nothing_to_search(source.name)
    yield Reading(1, 1)
    return Extracted("", (PlaceText(Place(PlaceKind.SECTION, 0), words, instead=instead),), 0)


def _sami_cuts(words: str) -> Iterator[tuple[int, int]]:
    """Yield where tags, references, comments and what is within the head stand."""
    at = 0
    while found := _SAMI.search(words, at):
        start, at = found.span()
        ending = "-->" if found[0] == "<!--" else f"</{found[0][1:]}" if found[0][-1] not in ">;" else ""
        if ending:
            end = _ENDINGS[ending.lower()].search(words, at)
            at = end.end() if end else len(words)
        yield start, at


def _kept(cut: str) -> str:
    """Return what a cut leaves: a character reference its letter, a line break a line break."""
    if cut.startswith("&"):
        return html.unescape(cut).replace("\xa0", " ")
    return "\n" if "\n" in cut or cut in ("\\N", "\\n") or cut[:3].lower() == "<br" else ""


def _spoken(words: str, instead: tuple[Instead, ...]) -> str:
    parts, at = [], 0
    for one in instead:
        parts += [words[at : one.start], one.search_text]
        at = one.end
    return "".join([*parts, words[at:]])
