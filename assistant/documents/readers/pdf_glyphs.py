# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Where the characters of a PDF page stand, as the page is shown.

Boxes are in points from the top left corner of the page as it is shown: turned by its /Rotate
(ISO 32000-1, 7.7.3.3), y downwards.
"""

import ctypes
from ctypes import c_int, c_void_p
from itertools import accumulate
from typing import Any, NamedTuple

import pypdfium2
from pypdfium2 import raw


class Box(NamedTuple):
    """A rectangle; `top` is less than `bottom`."""

    left: float
    top: float
    right: float
    bottom: float


_box = tuple.__new__  # boxes are made by the thousand


def fast(function: Any, *arguments: type) -> Any:
    """Return a function of PDFium that takes plain integers as handles and addresses.

    On a page with thousands of characters and drawings the checks of the generated binding, and
    letting other threads run at each call, take longer than PDFium.
    """
    return ctypes.PYFUNCTYPE(c_int, *arguments)(ctypes.cast(function, c_void_p).value or 0)


_char_index = fast(raw.FPDFText_GetCharIndexFromTextIndex, c_void_p, c_int)
_loose_box = fast(raw.FPDFText_GetLooseCharBox, c_void_p, c_int, c_void_p)


def address(handle: Any) -> int:
    """Return the address of an object of PDFium."""
    return ctypes.cast(handle, c_void_p).value or 0


class View:
    """How a page is shown: which part of its plane, and turned how."""

    def __init__(self, page: pypdfium2.PdfPage) -> None:
        """Look the page up."""
        self._left, self._bottom, self._right, self._top = page.get_bbox()
        self._turn = page.get_rotation()
        across, up = self._right - self._left, self._top - self._bottom
        self.width, self.height = (up, across) if self._turn in (90, 270) else (across, up)

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        """Return a rectangle of the page's plane as it is shown."""
        if not self._turn:
            return _box(Box, (left - self._left, self._top - top, right - self._left, self._top - bottom))
        if self._turn == 90:
            return Box(bottom - self._bottom, left - self._left, top - self._bottom, right - self._left)
        if self._turn == 180:
            return Box(self._right - right, bottom - self._bottom, self._right - left, top - self._bottom)
        return Box(self._top - top, self._right - right, self._top - bottom, self._right - left)

    def shows(self, box: Box) -> bool:
        """Say whether a box on the page as it is shown is in view, at least a part of it."""
        return box.left < self.width and box.right > 0 and box.top < self.height and box.bottom > 0


class Glyphs:
    """The characters of a page by their offset in the text that PDFium returned for it."""

    def __init__(self, textpage: pypdfium2.PdfTextPage, words: str, view: View) -> None:
        """`words` is the text of the whole page."""
        self._textpage = textpage
        self._handle = address(textpage.raw)
        self._view = view
        self._found = raw.FS_RECTF()
        self._address = ctypes.addressof(self._found)
        # PDFium counts UTF-16 units.
        wide = len(words.encode("utf-16-le", "replace")) > 2 * len(words)
        self._units = [0, *accumulate(1 + (char > "\uffff") for char in words)] if wide else None
        last = len(words) - 1
        same = raw.FPDFText_CountChars(textpage) == len(words) and self.index(max(last, 0)) == last
        self._same = same and not wide

    def index(self, offset: int) -> int:
        """Return PDFium's number of the character; -1 where it has none."""
        found: int = _char_index(self._handle, self._units[offset] if self._units else offset)
        return found

    def box(self, offset: int) -> Box:
        """Return the character's box: as wide as it moves on, as high as its font."""
        found = self._found
        if not _loose_box(self._handle, offset if self._same else self.index(offset), self._address):
            return Box(0, 0, 0, 0)
        return self._view.box(found.left, found.bottom, found.right, found.top)

    def rectangles(self, start: int, end: int) -> list[Box]:
        """Return the boxes of the runs of equal glyphs that the span is made of."""
        first, last = self.index(start), self.index(end - 1)
        if first < 0 or last < first:
            return []
        count = self._textpage.count_rects(first, last - first + 1)
        return [self._view.box(*self._textpage.get_rect(number)) for number in range(count)]
