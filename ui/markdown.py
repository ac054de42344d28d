# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Markdown of an answer, made ready for Qt: cut into blocks, with marks for citations.

Pure text work, no Qt. A mark is a character of Unicode's private use area put into the source; the
renderer finds it again in the finished document, whatever Markdown did around it.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

OPEN, CLOSE, CARET, UNSURE_CLOSE = "\ue001", "\ue002", "\ue003", "\ue004"
INVENTED_OPEN, INVENTED_CLOSE = "\ue005", "\ue006"
FIRST_CHIP, LAST_CHIP = 0xE100, 0xE7FF
FIRST_UNSURE, LAST_UNSURE = 0xE800, 0xEFFF  # each opens a word that the model was not sure of
JOINER = "\u2e44"
"""A rare punctuation mark. Set outside of `**`, it lets CommonMark close emphasis before Hangul."""

LONG_PROSE = 1500
"""Letters after which prose is cut at the next paragraph that begins anew."""

MOST_BLOCKS, LONGEST_TEXT, LONGEST_TABLE, WIDEST_TABLE = 300, 200_000, 500, 200
"""Blocks, letters of one, rows and columns of a table: what is beyond is shown as it was written, a long
table in pieces. Nothing that a model or an imported conversation holds may keep the window busy."""

_PARAGRAPH = re.compile(r"(?![-*+•>|]\s|\d{1,9}[.)]\s|\[[^\]]+\]:)\S")
_RESERVED = re.compile("[\ue000-\uefff]")
_REVERSES = re.compile("[\u202d\u202e]")  # would turn an address, or code, around before the eye
_FENCE = re.compile(r"^(?P<indent>\s{0,8})(?P<fence>`{3,}|~{3,})[ \t]*(?P<language>[^\s`]*)[^`]*$")
_RULE_CELL = r"\s*:?-+:?\s*"
_TABLE_RULE = re.compile(rf"^(?=.*\|)\s*\|?{_RULE_CELL}(\|{_RULE_CELL})*\|?\s*$")
_LEAD = re.compile(r"(?:[ \t]*(?:[-*+•]|\d{1,9}[.)]|#{1,6}|>)[ \t]+)*[ \t]*[*_~]*")
_EMPHASIS = re.compile(r"(?<![*\\])(\*\*)(?=[^\s*])([^\n*]+?)(?<=[^\s*])\1(?!\*)")
_ADDRESS = re.compile(r"\]\([^)\s]*\)?|<?https?://[^\s>)]+>?|<[^>\s]+@[^>\s]+>")
_NO_WORD = " \t\n*_~|`#>"  # at the ends of a token: it belongs to Markdown, not to the word
_HANGUL = re.compile("[\uac00-\ud7a3]")


class BlockKind(StrEnum):
    """What a block of an answer is shown as."""

    TEXT = "text"
    CODE = "code"
    TABLE = "table"


@dataclass(frozen=True)
class Block:
    """A piece of an answer that has a widget of its own. `language` is that of a code fence."""

    kind: BlockKind
    text: str
    language: str = ""


def marked(
    source: str,
    chips: Sequence[tuple[int, int]] = (),
    unsupported: Iterable[tuple[int, int]] = (),
    unsure: Sequence[tuple[int, int]] = (),
    invented: Iterable[tuple[int, int]] = (),
) -> str:
    """Return `source` with marks: chips at the end of their spans, others around theirs.

    Chip `i` belongs to `chips[i]`, a word's mark `i` to `unsure[i]`. Spans are code-point offsets
    into `source`. Inside code fences no mark is set.
    """
    source = _REVERSES.sub("\ufffd", _RESERVED.sub("\ufffd", source))
    fenced = _fenced(source)
    inserts: list[tuple[int, int, str]] = []
    for number, (start, end) in enumerate(chips[: LAST_CHIP - FIRST_CHIP]):
        place = _before_closing(source, start, end)
        if not _inside(place, fenced):
            inserts.append((place, 1, chr(FIRST_CHIP + number)))
    for start, end in unsupported:
        for first, last in _lines(source, start, end):
            if not _inside(first, fenced):
                inserts += [(first, 2, OPEN), (last, 0, CLOSE)]
    shown = [span for span in invented if not _inside(span[0], fenced)]
    inserts += [(start, 4, INVENTED_OPEN) for start, _end in shown]
    inserts += [(end, -2, INVENTED_CLOSE) for _start, end in shown]
    kept_whole = [*fenced, *(found.span() for found in _ADDRESS.finditer(source))] if unsure else fenced
    for number, (start, end) in enumerate(unsure[: LAST_UNSURE - FIRST_UNSURE]):
        first, last = _word(source, start, end)
        if first < last and not any(begin < last and first < stop for begin, stop in kept_whole):
            inserts += [(first, 3, chr(FIRST_UNSURE + number)), (last, -1, UNSURE_CLOSE)]
    for place, _rank, mark in sorted(inserts, reverse=True):
        source = source[:place] + mark + source[place:]
    return source


def blocks(source: str) -> list[Block]:
    """Cut Markdown at code fences and tables; an unclosed fence runs to the end.

    Long prose is cut between paragraphs too: what is finished is not drawn again while more comes.
    """
    found: list[Block] = []
    prose: list[str] = []
    lines = source.split("\n")
    at = 0

    def flush() -> None:
        if any(line.strip() for line in prose):
            words = "\n".join(prose).strip("\n")
            found.append(Block(BlockKind.TEXT, words) if len(words) <= LONGEST_TEXT else as_written(words))
        prose.clear()

    while at < len(lines):
        if len(found) >= MOST_BLOCKS:
            prose += lines[at:]
            rest = "\n".join(prose).strip("\n")
            return [*found, as_written(rest)] if rest else found
        made, end = _code(lines, at) or _table(lines, at) or ([], at)
        if made:
            flush()
            found += made
            at = end
        else:
            if _PARAGRAPH.match(lines[at]) and prose and not prose[-1].strip() and _long(prose):
                flush()
            prose.append(lines[at])
            at += 1
    flush()
    return found


def as_written(words: str) -> Block:
    """Return Markdown as a block that shows it without reading it."""
    return Block(BlockKind.CODE, without_marks(words), "markdown")


def _code(lines: Sequence[str], at: int) -> tuple[list[Block], int] | None:
    """Return the code fence that begins at a line, and where it ends; None where none begins."""
    fence = _FENCE.match(lines[at])
    if not fence:
        return None
    end = _fence_end(lines, at + 1, fence["fence"])
    code = "\n".join(_dedent(line, len(fence["indent"])) for line in lines[at + 1 : end])
    return [Block(BlockKind.CODE, without_marks(code), without_marks(fence["language"]))], end + 1


def _table(lines: Sequence[str], at: int) -> tuple[list[Block], int] | None:
    """Return the table that begins at a line, and where it ends; None where none begins."""
    if "|" not in lines[at] or at + 1 >= len(lines) or not _TABLE_RULE.match(lines[at + 1]):
        return None
    end = at + 2
    while end < len(lines) and "|" in lines[end]:
        end += 1
    return _pieces(lines[at : at + 2], lines[at + 2 : end]), end


def _pieces(head: Sequence[str], rows: Sequence[str]) -> list[Block]:
    """Return a table, a long one in pieces, each under the head."""
    if head[1].count("|") > WIDEST_TABLE:
        return [as_written("\n".join([*head, *rows]))]
    cut = range(0, max(len(rows), 1), LONGEST_TABLE)
    pieces = ["\n".join([*head, *rows[start : start + LONGEST_TABLE]]) for start in cut]
    return [Block(BlockKind.TABLE, one) if len(one) <= LONGEST_TEXT else as_written(one) for one in pieces]


def _long(prose: Sequence[str]) -> bool:
    return sum(map(len, prose)) >= LONG_PROSE


def for_qt(source: str) -> str:
    """Return Markdown that Qt reads as people mean it: emphasis may touch Hangul."""
    if not _HANGUL.search(source):
        return source
    return "".join(
        part if inside_code else _EMPHASIS.sub(rf"{JOINER}\g<0>{JOINER}", part)
        for part, inside_code in _split_code(source)
    )


def without_marks(source: str) -> str:
    """Return the text without any mark of ours."""
    return _RESERVED.sub("", source).replace(JOINER, "")


def _split_code(source: str) -> Iterable[tuple[str, bool]]:
    for number, part in enumerate(re.split(r"(`+[^`]*`+)", source)):
        yield part, bool(number % 2)


def _fence_end(lines: Sequence[str], at: int, fence: str) -> int:
    closing = re.compile(rf"^\s*{re.escape(fence[0])}{{{len(fence)},}}\s*$")
    while at < len(lines) and not closing.match(without_marks(lines[at])):
        at += 1
    return at


def _dedent(line: str, indent: int) -> str:
    return line[min(indent, len(line) - len(line.lstrip())) :]


def _fenced(source: str) -> list[tuple[int, int]]:
    """Return the spans of code fences, fences included."""
    spans: list[tuple[int, int]] = []
    lines = source.split("\n")
    at = offset = 0
    while at < len(lines):
        fence = _FENCE.match(lines[at])
        end = _fence_end(lines, at + 1, fence["fence"]) if fence else at
        length = sum(len(line) + 1 for line in lines[at : end + 1])
        if fence:
            spans.append((offset, offset + length))
        offset += length
        at = end + 1
    return spans


def _inside(place: int, spans: Sequence[tuple[int, int]]) -> bool:
    return any(start <= place < end for start, end in spans)


def _before_closing(source: str, start: int, end: int) -> int:
    """Return where a chip stands: before the marks that close emphasis, and inside the table cell."""
    place = min(end, len(source))
    while place > start and source[place - 1] in " \t\n*_~|":
        place -= 1
    return place if place > start else min(end, len(source))


def _word(source: str, start: int, end: int) -> tuple[int, int]:
    """Return the span without spaces and Markdown's own marks at its ends; empty where nothing is left."""
    start, end = max(start, 0), min(end, len(source))
    while start < end and source[start] in _NO_WORD:
        start += 1
    while start < end and source[end - 1] in _NO_WORD:
        end -= 1
    line = source.rfind("\n", 0, start) + 1
    lead = _LEAD.match(source, line)
    start = max(start, lead.end() if lead else 0)
    says_something = "\n" not in source[start:end] and any(map(str.isalnum, source[start:end]))
    return (start, end) if says_something else (start, start)


def _lines(source: str, start: int, end: int) -> Iterable[tuple[int, int]]:
    """Yield the parts of a span line by line, without list marks, emphasis marks and table rows."""
    offset = start
    for line in source[start:end].split("\n"):
        body = line.rstrip(" \t*_~")
        lead = _LEAD.match(body)
        skip = lead.end() if lead else 0
        if len(body) > skip and not line.lstrip().startswith("|"):
            yield offset + skip, offset + len(body)
        offset += len(line) + 1
