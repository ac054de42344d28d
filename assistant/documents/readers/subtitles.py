# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Subtitles: SubRip, WebVTT, SAMI and Advanced SubStation Alpha.

The text is the file as it stands; its times, numbers, tags and settings are left out of the search.
"""

import html
import re
from collections.abc import Generator

from assistant.documents.protocol import Instead, PlaceText, Reading
from assistant.documents.readers.plain import text_of
from assistant.documents.readers.refusals import nothing_to_search
from assistant.documents.readers.source import Cancelled, Extracted, Source
from assistant.passages import Place, PlaceKind

_TIME = r"(?:\d{1,3}:)?\d{1,2}:\d{2}[.,]\d{1,3}"
# An optional number or name of the cue, its times and settings; tags; the head and notes of a WebVTT file.
_CUES = re.compile(
    rf"^(?:[^\r\n]*\r?\n)??[ \t]*{_TIME}[ \t]*-->[ \t]*{_TIME}[^\r\n]*(?:\r?\n|$)"
    r"|\A\ufeff?WEBVTT[^\r\n]*|^(?:NOTE|STYLE|REGION)\b(?:[^\r\n]|\r?\n(?!\r?\n))*"
    r"|</?[a-zA-Z0-9][^<>\r\n]{0,200}>|\{\\[^{}\r\n]{0,200}\}",
    re.MULTILINE,
)
_SAMI = re.compile(
    r"<!--.{0,20000}?-->|<(head|style|script)\b.{0,20000}?</\1\s*>|</?[a-zA-Z!][^<>]{0,500}>|&[a-zA-Z#0-9]{1,10};",
    re.DOTALL | re.IGNORECASE,
)
# All of a line but the text of a Dialogue: (nine fields before it), and what stands in braces.
_SUBSTATION = re.compile(
    r"^Dialogue:(?:[^,\r\n]*,){9}|^(?!Dialogue:)[^\r\n]*(?:\r?\n|$)|\{[^{}\r\n]{0,500}\}|\\[Nnh]",
    re.MULTILINE,
)
_PATTERNS = {
    ".srt": _CUES,
    ".vtt": _CUES,
    ".smi": _SAMI,
    ".sami": _SAMI,
    ".ass": _SUBSTATION,
    ".ssa": _SUBSTATION,
}
SUBTITLES = frozenset(_PATTERNS)


def read_subtitles(source: Source, _cancelled: Cancelled) -> Generator[Reading, None, Extracted]:
    """Read a subtitle file as one place. Raises DocumentError where it is no text, NoTextError."""
    words = text_of(source)
    yield Reading(0, 1)
    found = _PATTERNS[source.suffix].finditer(words)
    instead = tuple(Instead(one.start(), one.end(), _kept(one[0])) for one in found if one[0])
    spoken = len(words) - sum(one.end - one.start for one in instead)
    if not spoken or not _spoken(words, instead).strip():
        raise nothing_to_search(source.name)
    yield Reading(1, 1)
    return Extracted("", (PlaceText(Place(PlaceKind.SECTION, 0), words, instead=instead),), 0)


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
