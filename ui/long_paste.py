# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Puts a long text into a field in slices, so that the window goes on meanwhile."""

from collections.abc import Iterator

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QTextEdit

SLICE = 30_000
"""Letters that go in at once: Qt lays a megabyte out in a third of a second."""

LONGEST_LINE = 8_000
"""Letters of one paragraph. Qt lays a whole paragraph out anew with every letter that changes in it."""


class LongPaste(QObject):
    """Inserts at the cursor of `field`; one undo takes all of it back."""

    def __init__(self, field: QTextEdit) -> None:
        super().__init__(field)
        self._field = field
        self._slices: Iterator[str] = iter(())
        self._at = QTextCursor()
        self._busy = False
        self._next = QTimer(self, interval=0, singleShot=True)
        self._next.timeout.connect(self._step)

    @property
    def busy(self) -> bool:
        """Whether more is to come."""
        return self._busy

    def insert(self, words: str) -> None:
        """Insert `words` in place of what is selected; the rest of a long text follows by itself."""
        self.finish()
        cursor = self._field.textCursor()
        if len(words) <= SLICE:
            cursor.insertText(words)
            self._field.setTextCursor(cursor)
            return
        self._slices, self._busy = iter(slices(words)), True
        cursor.insertText(next(self._slices))
        self._field.setTextCursor(cursor)
        self._at = QTextCursor(cursor)
        self._next.start()

    def finish(self) -> None:
        """Insert what is left at once."""
        while self._busy:
            self._step()

    def drop(self) -> None:
        """Let what is left be."""
        self._next.stop()
        self._busy = False

    def _step(self) -> None:
        follows = self._field.textCursor().position() == self._at.position()
        piece = next(self._slices, None)
        if piece is None:
            self.drop()
            return
        self._at.joinPreviousEditBlock()
        self._at.insertText(piece)
        self._at.endEditBlock()
        if follows:
            self._field.setTextCursor(self._at)
        self._next.start()


def slices(words: str) -> list[str]:
    """Cut a long text into what goes in at once; a paragraph without end is broken at its spaces."""
    words = "\n".join(part for line in words.split("\n") for part in _parts(line))
    return [words[at : at + SLICE] for at in range(0, len(words), SLICE)]


def _parts(line: str) -> Iterator[str]:
    while len(line) > LONGEST_LINE and (at := line.rfind(" ", 0, LONGEST_LINE)) > 0:
        yield line[:at]
        line = line[at + 1 :]
    yield line
