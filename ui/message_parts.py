# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What a message is made of, besides its text: code, rows of chips, quiet lines, the row of actions.

Every part has `fit(width) -> height`: the conversation lays its rows out by hand, which costs
nothing for what is out of sight.
"""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from assistant.texts import tr
from ui import theme
from ui.markdown import Block
from ui.rich_text import RichText
from ui.theme import SPACE_1, SPACE_2, SPACE_3, IconButton, set_look

COPIED_MS = 1500


class Flow(QWidget):
    """A row of widgets that goes on in the next line where there is no room."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._things: list[QWidget] = []

    def show_all(self, things: Sequence[QWidget]) -> None:
        """Show these widgets in place of those before."""
        for old in self._things:
            old.hide()
            old.deleteLater()
        self._things = list(things)
        for thing in self._things:
            thing.setParent(self)
            thing.show()

    def fit(self, width: int) -> int:
        """Lay out and return the height."""
        at, row = QPoint(0, 0), 0
        for thing in self._things:
            size = thing.sizeHint().boundedTo(thing.maximumSize())
            wide = min(size.width(), width)
            if at.x() and at.x() + wide > width:
                at, row = QPoint(0, at.y() + row + SPACE_1 + 2), 0
            thing.setGeometry(at.x(), at.y(), wide, size.height())
            at.setX(at.x() + wide + SPACE_1 + 2)
            row = max(row, size.height())
        return at.y() + row


class CodeBlock(QFrame):
    """Code as it was written, its language and a copy button above it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_look(self, "soft")
        self._code = ""
        self._language = QLabel(self)
        self._language.setTextFormat(Qt.TextFormat.PlainText)
        set_look(self._language, "small")
        self._copy = CopyButton(tr("Copy code"), lambda: self._code, self)
        self.text = RichText(self, wide=True)
        self.text.setAccessibleName(tr("Code"))

    def show_block(self, block: Block) -> None:
        """Show a code block."""
        self._code = block.text
        self._language.setText(block.language or tr("code"))
        self.text.show_plain(block.text, theme.code_font(theme.TYPE_BODY))

    def fit(self, width: int) -> int:
        """Lay out and return the height."""
        head = self._copy.sizeHint().height()
        self._language.setGeometry(SPACE_3, SPACE_1, width // 2, head)
        self._copy.setGeometry(width - self._copy.sizeHint().width() - SPACE_1, SPACE_1, *_size(self._copy))
        inside = width - 2 * SPACE_3
        height = self.text.fit(inside)
        self.text.setGeometry(SPACE_3, head + SPACE_1 + 2, inside, height)
        return head + SPACE_1 + 2 + height + SPACE_3


class CopyButton(IconButton):
    """Puts a text on the clipboard and says so for a moment."""

    def __init__(self, label: str, words: Callable[[], str], parent: QWidget | None = None) -> None:
        super().__init__("copy", label, parent)
        self._label = label
        self._words = words
        self._back = QTimer(self, interval=COPIED_MS, singleShot=True)
        self._back.timeout.connect(self._rest)
        self.clicked.connect(self._copy)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._words())
        self.set_icon("check", "accent")
        self.set_label(tr("Copied"))
        self._back.start()

    def _rest(self) -> None:
        self.set_icon("copy", "quiet")
        self.set_label(self._label)


class QuietLine(QWidget):
    """One quiet line with an icon and, where something helps, one button."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = QLabel(self)
        self._words = QLabel(self)
        self._words.setWordWrap(True)
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self.button = QPushButton(self)
        set_look(self.button, "link")
        self.button.hide()
        self._look: tuple[str, str] = ("info", "quiet")
        self._drawn: tuple[str, str, int] | None = None
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.hide()

    def say(self, words: str, icon_name: str = "info", role: str = "quiet", button: str = "") -> None:
        """Show `words` in a role of the colours; `button` names the one action. No words: no line."""
        self.setVisible(bool(words))
        if not words:
            return
        self._look = (icon_name, role)
        self._words.setText(words)
        set_look(self._words, role)
        self._draw_icon()
        self.button.setText(button)
        self.button.setVisible(bool(button))
        self.updateGeometry()
        self.fit(self.width())

    def words(self) -> str:
        """Return what is said."""
        return self._words.text()

    def fit(self, width: int) -> int:
        """Lay out and return the height."""
        button = self.button.sizeHint().width() + SPACE_2 if self.button.text() else 0
        side = theme.px(16)
        room = width - side - SPACE_2 - button
        wanted = self._words.fontMetrics().horizontalAdvance(self._words.text()) + 4
        used = min(wanted, room)
        height = max(self._words.heightForWidth(used), side, self.button.sizeHint().height() if button else 0)
        self._icon.setGeometry(0, 0, side, min(height, theme.px(20)) if wanted > room else height)
        self._words.setGeometry(side + SPACE_2, 0, used, height)
        self.button.setGeometry(side + SPACE_2 + used + SPACE_2, 0, max(button - SPACE_2, 0), height)
        return height

    def heightForWidth(self, width: int) -> int:  # noqa: N802 - Qt's name
        """Return the height for a width, for layouts; they ask for widths that they then do not give."""
        height = self.fit(width)
        if width != self.width():
            self.fit(self.width())
        return height

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return a size of one line, for layouts."""
        return QSize(theme.px(240), theme.px(20))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Lay out for the new width."""
        super().resizeEvent(event)
        self.fit(self.width())

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Redraw the icon in the new colours."""
        if event.type() == QEvent.Type.PaletteChange:
            self._draw_icon()
        super().changeEvent(event)

    def _draw_icon(self) -> None:
        name, role = self._look
        wanted = (name, getattr(theme.colours(), role), theme.px(15))
        if wanted != self._drawn:
            self._drawn = wanted
            self._icon.setPixmap(theme.icon(*wanted).pixmap(wanted[2], wanted[2]))


class FaintButton(IconButton):
    """A button that is drawn only while its row is looked at; keys reach it always."""

    shown = True

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the button while its row is shown or it has the focus."""
        if self.shown or self.hasFocus():
            super().paintEvent(event)


class FaintLabel(QLabel):
    """A few quiet letters that are drawn only while their row is looked at."""

    shown = True

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the letters while the row is shown."""
        if self.shown:
            super().paintEvent(event)


class ActionRow(QWidget):
    """The buttons under a message, quiet until hover or focus, and its versions ("2 / 3")."""

    def __init__(self, parent: QWidget | None = None, *, versions_first: bool = False) -> None:
        super().__init__(parent)
        self._first = 3 if versions_first else 0
        self._buttons: list[IconButton] = []
        self._looked_at = False
        self._always = False
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        self.older = IconButton("left", tr("Older version"), self)
        self.count = QLabel(self)
        set_look(self.count, "small")
        self.newer = IconButton("right", tr("Newer version"), self)
        for thing in (self.older, self.count, self.newer):
            self._row.addWidget(thing)
        self.pace = FaintLabel(self)
        set_look(self.pace, "small")
        self._row.addWidget(self.pace)
        self._row.addStretch(1)

    def add(self, icon_name: str, label: str, action: Callable[[], object]) -> IconButton:
        """Add a button and return it."""
        button = FaintButton(icon_name, label, self)
        button.clicked.connect(lambda _checked: action())
        return self._take(button)

    def add_copy(self, label: str, words: Callable[[], str], icon_name: str = "copy") -> IconButton:
        """Add a button that copies."""
        button = _FaintCopy(label, words, self)
        button.rest_icon = icon_name
        button.set_icon(icon_name)
        return self._take(button)

    def show_versions(self, version: int, versions: int) -> None:
        """Show "2 / 3" and arrows where there are several."""
        for thing in (self.older, self.count, self.newer):
            thing.setVisible(versions > 1)
        self.count.setText(tr("{version} / {versions}", version=version, versions=versions))
        self.count.setAccessibleName(
            tr("Version {version} of {versions}", version=version, versions=versions)
        )
        self.older.setEnabled(version > 1)
        self.newer.setEnabled(version < versions)

    def show_pace(self, words: str, meaning: str) -> None:
        """Show how fast an answer was written, in a few letters; `meaning` says what they are."""
        self.pace.setText(words)
        self.pace.setToolTip(meaning)
        self.pace.setAccessibleName(meaning if words else "")
        self.pace.setVisible(bool(words))

    def keep_shown(self, always: bool) -> None:
        """Draw the buttons always (the newest answer), or only when looked at."""
        if always != self._always:
            self._always = always
            self._draw()

    def look_at(self, looked_at: bool) -> None:
        """Draw the buttons, or not: the pointer came or went."""
        self._looked_at = looked_at
        self._draw()

    def fit(self, _width: int) -> int:
        """Return the height."""
        return self._buttons[0].sizeHint().height() if self._buttons else 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Draw all buttons while one of them has the focus."""
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            QTimer.singleShot(0, self, self._draw)
        return super().eventFilter(watched, event)

    def _take(self, button: "FaintButton | _FaintCopy") -> IconButton:
        button.installEventFilter(self)
        self._row.insertWidget(self._first + len(self._buttons), button)
        self._buttons.append(button)
        self._draw()
        return button

    def _draw(self) -> None:
        shown = self._always or self._looked_at or any(button.hasFocus() for button in self._buttons)
        for thing in (*self._buttons, self.pace):
            if isinstance(thing, (FaintButton, _FaintCopy, FaintLabel)) and thing.shown != shown:
                thing.shown = shown
                thing.update()


class _FaintCopy(CopyButton):
    """A copy button that is drawn as a FaintButton is; what it says of the copy stays until it rests."""

    shown = True
    rest_icon = "copy"

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        if self.shown or self.hasFocus() or self._back.isActive():
            super().paintEvent(event)

    def _rest(self) -> None:
        super()._rest()
        self.set_icon(self.rest_icon, "quiet")


def _size(widget: QWidget) -> tuple[int, int]:
    return widget.sizeHint().width(), widget.sizeHint().height()
