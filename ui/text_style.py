# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What a message's text document looks like: type, links, tables, citation chips, unsupported sentences."""

import re
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtGui import (
    QColor,
    QFont,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextFrameFormat,
    QTextImageFormat,
    QTextLength,
    QTextListFormat,
    QTextOption,
    QTextTable,
)

from ui import theme
from ui.link_addresses import openable
from ui.markdown import (
    CARET,
    CLOSE,
    FIRST_CHIP,
    FIRST_UNSURE,
    INVENTED_CLOSE,
    INVENTED_OPEN,
    JOINER,
    LAST_CHIP,
    LAST_UNSURE,
    OPEN,
    UNSURE_CLOSE,
)

CHIP_SCHEME = "chip"
UNSURE = QTextFormat.Property.UserProperty.value + 1
"""The property of a word that the model was not sure of: its number, from 1."""

INVENTED = QTextFormat.Property.UserProperty.value + 2
"""The property of a placeholder that the model made up."""

_ENDLESS, _BLANKS = re.compile(r"(?<!\S)\S{5000}"), re.compile(r"(?<![^\S\n])[^\S\n]{1000,}")
HEADINGS = {1: 20, 2: 18, 3: 16}
_MARKS = frozenset([*range(0xE000, 0xF000), ord(JOINER)])


@dataclass(frozen=True)
class _Link:
    """A link of the text, by its span, and where it leads."""

    start: int
    end: int
    address: str
    words: str


def style(document: QTextDocument, *, pictures: bool = True) -> None:
    """Give Markdown our type: sizes, line height, spaces, inline code, links, tables.

    Call it between `beginEditBlock` and `endEditBlock`: else every link is laid out for itself.
    """
    links: list[_Link] = []
    if pictures:
        for block in _blocks(document):
            _name_pictures(block)
    for block in _blocks(document):
        _style_block(block)
        links += _style_words(block)
    for frame in document.rootFrame().childFrames():
        if isinstance(frame, QTextTable):
            _style_table(frame)
    for link in reversed(_joined(links)):
        _style_link(document, link)


def wrap_mode(words: str) -> QTextOption.WrapMode:
    """Return how lines are broken: at words, but in a text with endless ones anywhere.

    Qt looks through all of a word again for each of its lines: 1 MB without a space took minutes.
    """
    modes = QTextOption.WrapMode
    return modes.WrapAnywhere if _ENDLESS.search(words) else modes.WrapAtWordBoundaryOrAnywhere


def broken(words: str) -> str:
    """Return `words`, as long as before, with a line's end in every 1,000 blanks in a row.

    Blanks never wrap: Qt counts all of them again for every line.
    """
    return _BLANKS.sub(lambda found: re.sub(r"(.{999}).", r"\1\n", found.group()), words)


def take_bullets(document: QTextDocument) -> list[QTextCursor]:
    """Take the bullets away, and return where each stood: Qt's are too large and too near to the words."""
    styles = QTextListFormat.Style
    taken: list[QTextCursor] = []
    for block in _blocks(document):
        listed = block.textList()
        if listed is None or block.blockFormat().marker() != QTextBlockFormat.MarkerType.NoMarker:
            continue
        shape = listed.format()
        if shape.style() in (styles.ListDisc, styles.ListCircle, styles.ListSquare):
            cursor = QTextCursor(block)
            single = block.blockFormat()
            single.setProperty(QTextFormat.Property.ListStyle, styles.ListStyleUndefined.value)
            cursor.setBlockFormat(single)
            taken.append(cursor)
    return taken


def _blocks(document: QTextDocument) -> Iterator[QTextBlock]:
    block = document.begin()
    while block.isValid():
        yield block
        block = block.next()


def _pieces(block: QTextBlock) -> list[tuple[QTextCursor, QTextCharFormat, str]]:
    """Return the pieces of a block that look the same throughout, last first, each selected."""
    pieces = []
    step = block.begin()
    while not step.atEnd():
        piece = step.fragment()
        cursor = QTextCursor(block)
        cursor.setPosition(piece.position())
        cursor.setPosition(piece.position() + piece.length(), QTextCursor.MoveMode.KeepAnchor)
        pieces.append((cursor, piece.charFormat(), piece.text()))
        step += 1
    return pieces[::-1]


def _name_pictures(block: QTextBlock) -> None:
    """Put a picture's name where the picture would be: none is ever loaded."""
    for cursor, look, _words in _pieces(block):
        if look.isImageFormat():
            alt = look.stringProperty(QTextFormat.Property.ImageAltText)
            cursor.insertText(f"[{alt or QTextImageFormat(look.toImageFormat()).name()}]", QTextCharFormat())


def _style_block(block: QTextBlock) -> None:
    cursor = QTextCursor(block)
    shape = block.blockFormat()
    level, in_list = shape.headingLevel(), block.textList() is not None
    shape.setLineHeight(*_line_height(HEADINGS.get(level, theme.TYPE_READING)))
    first = block.position() == 0
    shape.setTopMargin(0 if first or in_list else theme.px(10 if level else 0))
    goes_on = in_list and block.next().textList() is not None
    shape.setBottomMargin(theme.px(4 if goes_on else 6 if level else 10))
    if not block.next().isValid():
        shape.setBottomMargin(0)
    cursor.setBlockFormat(shape)
    if shape.intProperty(QTextFormat.Property.BlockQuoteLevel):
        shape.setLeftMargin(theme.px(theme.SPACE_4))
        cursor.setBlockFormat(shape)
        quiet = QTextCharFormat()
        quiet.setForeground(QColor(theme.colours().quiet))
        cursor.select(QTextCursor.SelectionType.BlockUnderCursor)
        cursor.mergeCharFormat(quiet)


def _style_words(block: QTextBlock) -> list[_Link]:
    links: list[_Link] = []
    level = block.blockFormat().headingLevel()
    for cursor, look, words in _pieces(block):
        if look.isAnchor():
            links.insert(0, _Link(cursor.selectionStart(), cursor.selectionEnd(), look.anchorHref(), words))
        if look.fontFixedPitch():
            code = QTextCharFormat()
            code.setFont(theme.code_font(theme.TYPE_READING - 1))
            code.setBackground(QColor(theme.colours().soft))
            cursor.mergeCharFormat(code)
        elif level:
            look.clearProperty(QTextFormat.Property.FontSizeAdjustment)
            size = theme.px(HEADINGS.get(level, theme.TYPE_READING))
            look.setProperty(QTextFormat.Property.FontPixelSize, size)
            look.setFontWeight(QFont.Weight.DemiBold)
            cursor.setCharFormat(look)
    return links


def _joined(links: Sequence[_Link]) -> list[_Link]:
    """Join neighbouring pieces of one link (bold inside a link makes two)."""
    joined: list[_Link] = []
    for link in links:
        last = joined[-1] if joined else None
        if last and last.end == link.start and last.address == link.address:
            joined[-1] = _Link(last.start, link.end, last.address, last.words + link.words)
        else:
            joined.append(link)
    return joined


def _style_link(document: QTextDocument, link: _Link) -> None:
    """Let a link say where it leads; anything but the web and mail is no link."""
    roles = theme.colours()
    cursor = QTextCursor(document)
    cursor.setPosition(link.start)
    cursor.setPosition(link.end, QTextCursor.MoveMode.KeepAnchor)
    opened = openable(link.address)
    told = opened or link.address
    if not opened:
        cursor.setCharFormat(QTextCharFormat())
    else:
        look = QTextCharFormat()
        look.setForeground(QColor(roles.accent))
        look.setAnchorHref(opened)  # what is opened is what is shown
        cursor.mergeCharFormat(look)
    if link.words.strip() not in (told, told.removeprefix("mailto:")):
        cursor.setPosition(link.end)
        quiet = QTextCharFormat()
        quiet.setForeground(QColor(roles.quiet))
        quiet.setProperty(QTextFormat.Property.FontPixelSize, theme.px(theme.TYPE_SMALL))
        cursor.insertText(f" ({told})", quiet)


def _style_table(table: QTextTable) -> None:
    shape = table.format()
    shape.setBorder(1)
    shape.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
    shape.setBorderCollapse(True)
    shape.setBorderBrush(QColor(theme.colours().line))
    shape.setCellPadding(theme.px(6))
    shape.setCellSpacing(0)
    shape.setMargin(0)
    shape.setWidth(QTextLength(QTextLength.Type.VariableLength, 0))
    table.setFormat(shape)
    for column in range(table.columns()):
        cell = table.cellAt(0, column)
        look = cell.format()
        look.setBackground(QColor(theme.colours().soft))
        look.setFontWeight(QFont.Weight.DemiBold)
        cell.setFormat(look)


def _line_height(size: int) -> tuple[float, int]:
    height = round(theme.px(size) * theme.LINE_HEIGHT / 100)
    return float(height), QTextBlockFormat.LineHeightTypes.MinimumHeight.value


def set_line_height(document: QTextDocument) -> None:
    """Give plain text the line height of reading."""
    cursor = QTextCursor(document)
    cursor.select(QTextCursor.SelectionType.Document)
    shape = QTextBlockFormat()
    shape.setLineHeight(*_line_height(theme.TYPE_READING))
    cursor.mergeBlockFormat(shape)


def set_marks(document: QTextDocument, chips: Sequence[int]) -> list[QTextCursor]:
    """Turn every mark into what it stands for; return the chips, each as a selection."""
    units = array("H", document.toRawText().encode("utf-16-le"))
    places = [place for place, unit in enumerate(units) if unit in _MARKS]
    made: list[QTextCursor] = []
    close: QTextCursor | None = None
    word_end: QTextCursor | None = None
    invented_end: QTextCursor | None = None
    for place in reversed(places):
        mark = chr(units[place])
        cursor = QTextCursor(document)
        cursor.setPosition(place)
        cursor.deleteChar()
        if FIRST_CHIP <= ord(mark) <= LAST_CHIP:
            made.append(_insert_chip(cursor, ord(mark) - FIRST_CHIP, chips))
        elif mark == CARET:
            caret = QTextCharFormat()
            caret.setForeground(QColor(theme.colours().accent))
            cursor.insertText("▍", caret)
        elif mark == CLOSE:
            close = cursor
            close.setKeepPositionOnInsert(False)
        elif mark == UNSURE_CLOSE:
            word_end = cursor
        elif mark == INVENTED_CLOSE:
            invented_end = cursor
        elif mark == INVENTED_OPEN and invented_end is not None:
            cursor.setPosition(invented_end.position(), QTextCursor.MoveMode.KeepAnchor)
            cursor.mergeCharFormat(_invented_look())
            invented_end = None
        elif FIRST_UNSURE <= ord(mark) <= LAST_UNSURE and word_end is not None:
            cursor.setPosition(word_end.position(), QTextCursor.MoveMode.KeepAnchor)
            cursor.mergeCharFormat(_unsure_look(ord(mark) - FIRST_UNSURE + 1))
            word_end = None
        elif mark == OPEN and close is not None:
            cursor.setPosition(close.position(), QTextCursor.MoveMode.KeepAnchor)
            _underline(cursor)
            close = None
    return made


def _underline(span: QTextCursor) -> None:
    """Underline an unsupported span; words in it that the model was not sure of keep their own line."""
    document, start, end = span.document(), span.selectionStart(), span.selectionEnd()
    block = document.findBlock(start)
    while block.isValid() and block.position() < end:
        for cursor, look, _words in _pieces(block):
            first = max(cursor.selectionStart(), start)
            last = min(cursor.selectionEnd(), end)
            if first < last and not look.hasProperty(UNSURE):
                cursor.setPosition(first)
                cursor.setPosition(last, QTextCursor.MoveMode.KeepAnchor)
                cursor.mergeCharFormat(_unsupported_look())
        block = block.next()


def _unsure_look(number: int) -> QTextCharFormat:
    look = QTextCharFormat()
    look.setUnderlineStyle(QTextCharFormat.UnderlineStyle.DashUnderline)
    look.setUnderlineColor(QColor(theme.colours().warning))
    look.setProperty(UNSURE, number)
    return look


def _invented_look() -> QTextCharFormat:
    look = QTextCharFormat()
    look.setForeground(QColor(theme.colours().warning))
    look.setBackground(QColor(theme.colours().warning_soft))
    look.setFontStrikeOut(True)
    look.setProperty(INVENTED, True)
    return look


def _unsupported_look() -> QTextCharFormat:
    look = QTextCharFormat()
    look.setUnderlineStyle(QTextCharFormat.UnderlineStyle.DotLine)
    look.setUnderlineColor(QColor(theme.colours().quiet))
    return look


def _insert_chip(cursor: QTextCursor, number: int, chips: Sequence[int]) -> QTextCursor:
    """Insert `[n]`. The brackets have the chip's own ground colour: room at its sides, read and copied."""
    roles = theme.colours()
    shown = chips[number] if number < len(chips) else number + 1
    look = QTextCharFormat()
    look.setProperty(QTextFormat.Property.FontPixelSize, theme.px(theme.TYPE_SMALL - 1))
    cursor.insertText("\u00a0", look)
    start = cursor.position()
    look.setAnchor(True)
    look.setAnchorHref(f"{CHIP_SCHEME}:{number}")
    look.setFontUnderline(False)
    for words, colour in (("[", roles.accent_soft), (str(shown), roles.accent), ("]", roles.accent_soft)):
        look.setForeground(QColor(colour))
        cursor.insertText(words, look)
    chip = QTextCursor(cursor)
    chip.setPosition(start)
    chip.setPosition(cursor.position(), QTextCursor.MoveMode.KeepAnchor)
    return chip
