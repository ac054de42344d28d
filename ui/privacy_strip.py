# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The strip over the question: what will be hidden, what the model will see, what keeps it from going."""

from collections import Counter
from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QMenu,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QWidget,
)

from assistant.entities import ENTITY_NAMES, Entity, EntityType
from assistant.privacy.policy import Action, item_of
from assistant.texts import tr, trn
from ui import theme
from ui.elements import Picture, TextButton, button, column, label, row
from ui.message_parts import Flow
from ui.plain_words import as_tip
from ui.preview import Choices, Item
from ui.privacy_words import blocked_line, hidden_line, reason, shortened, shown_line, warned_line
from ui.theme import SPACE_1, SPACE_2, SPACE_3, set_look

MOST_CHIPS = 60  # values that are listed one by one
SIGN = 16  # pixels at 100 % text
SIGN_DROP = 2  # pixels: a sign stands in the middle of the first line
BUTTON_PAD = 3  # pixels of a button above and below its words
SHARE = 0.33  # of the window's height; what does not fit scrolls
ROOM_FOR_BUTTON = 420  # pixels at 100 % text; in less the button stands below the sentences
SIGNS = {Action.MASK: "mask", Action.WARN: "warning", Action.BLOCK: "stop", Action.IGNORE: "eye"}


class PrivacyStrip(QFrame):
    """Says in sentences what was found, and lists the values when asked to.

    `chosen(key, action)` shows a value to the model (Action.IGNORE), hides it (Action.MASK), or leaves it
    to the policy again (None); `not_personal` is meant for good, `personal_after_all` takes that back.
    """

    chosen = Signal(object, object)  # Key, Action or None
    not_personal = Signal(object)  # Entity
    personal_after_all = Signal(object)  # Key
    left = Signal()  # Esc: back to the question

    def __init__(self) -> None:
        super().__init__()
        self._items: Sequence[Item] = ()
        self._chosen: Choices = {}
        self._allowed: Entity | None = None
        self.hidden, self.warned = _Line("mask"), _Line("warning", "warning")
        self.blocked, self.shown = _Line("stop", "danger"), _Line("eye")
        self.allowed, self.looking = _Line("check"), _Line("search")
        self.why = label("", "small")
        self.list_button = button("", "link")
        self.list_button.setCheckable(True)
        self.list_button.toggled.connect(self._list)
        self.warned.add_button(tr("Hide from the model"), self._hide_warned)
        self.shown.add_button(tr("Hide again"), self._hide_again)
        self.allowed.add_button(tr("Undo"), self._take_back)
        self._flow = _Chips()
        self._area = QScrollArea()
        self._top = column(gap=SPACE_1)
        self._inside = column(SPACE_3, SPACE_2, SPACE_2, SPACE_2)
        self._arrange()
        self.show_items((), {})

    def show_items(self, items: Sequence[Item], chosen: Choices) -> None:
        """Say what was found, and what will be done with it: by the policy, but for what was chosen."""
        self._items, self._chosen = items, chosen
        there = Counter((self._action(one), one.key[0]) for one in items)
        counts: dict[Action, dict[EntityType, int]] = {action: {} for action in Action}
        for (action, kind), number in there.items():
            counts[action][kind] = number
        self.hidden.say(hidden_line(counts[Action.MASK]))
        self.warned.say(warned_line(counts[Action.WARN]))
        self.blocked.say(blocked_line(counts[Action.BLOCK]))
        shown = [one.found.entity.text for one in items if chosen.get(one.key) is Action.IGNORE]
        self.shown.say(shown_line(shown))
        set_look(self, "danger" if counts[Action.BLOCK] else "mask")
        if not items:
            self.list_button.setChecked(False)
            self.why.hide()
        self._show()

    def say_allowed(self, entity: Entity | None) -> None:
        """Say that a value is not personal from now on, with a way back; None: nothing."""
        self._allowed = entity
        words = entity and tr("{value} is not hidden any more", value=shortened(entity.text))
        self.allowed.say(words or "")
        self._show()

    def say_looking(self, looking: bool) -> None:
        """Say that a long text is still being looked through."""
        self.looking.say(tr("Looking for personal data…") if looking else "")
        self._show()

    def explain(self, item: Item | None) -> None:
        """Say what is known of the place where the cursor stands."""
        self.why.setVisible(item is not None)
        if item is not None:
            told = reason(item.found, self._chosen.get(item.key))
            self.why.setText(f"{shortened(item.found.entity.text)} – {told}")
        self._fit()

    def open_list(self) -> None:
        """List the values, the first in focus."""
        if self._items:
            self.list_button.setChecked(True)
            first = self.chips()[0]
            first.setFocus(Qt.FocusReason.ShortcutFocusReason)
            QTimer.singleShot(0, first, lambda: self._area.ensureWidgetVisible(first, 0, SPACE_2))

    def chips(self) -> list[TextButton]:
        """Return what stands for the values, while they are listed."""
        return [one for one in self._flow.findChildren(TextButton) if not one.isHidden()]

    def words(self) -> str:
        """Return all that is said, line by line."""
        return "\n".join(one.words.text() for one in self._lines() if not one.isHidden())

    def menu_of(self, item: Item) -> QMenu:
        """Return what can be done with a value."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if choice := self._choice(item):
            menu.addAction(choice[0], lambda: self.chosen.emit(item.key, choice[1]))
        menu.addAction(tr("This is not personal"), lambda: self.not_personal.emit(item.found.entity))
        return menu

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Esc goes back to the question."""
        if event.key() == Qt.Key.Key_Escape:
            self.list_button.setChecked(False)
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Lay the values out for the new width."""
        super().resizeEvent(event)
        QTimer.singleShot(0, self, self._fit)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Measure again at the new text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            QTimer.singleShot(0, self, self._fit)

    def _arrange(self) -> None:
        for each in self._lines():
            self._top.addWidget(each)
        self._top.addWidget(self.list_button, 0, Qt.AlignmentFlag.AlignLeft)
        explained = row(self.why)
        explained.setContentsMargins(SIGN + SPACE_2, 0, 0, 0)  # under the words
        inside = QWidget()
        inside.setObjectName("column")
        lines = self._inside
        lines.addLayout(self._top)
        lines.addLayout(explained)
        lines.addWidget(self._flow)
        inside.setLayout(lines)
        self._area.setWidget(inside)
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        for part in (self._area.viewport(), inside):
            part.setAutoFillBackground(False)
        outer = column()
        outer.addWidget(self._area)
        self.setLayout(outer)

    def _lines(self) -> tuple["_Line", ...]:
        return self.blocked, self.hidden, self.warned, self.shown, self.allowed, self.looking

    def _show(self) -> None:
        listed = self.list_button.isChecked()
        self.list_button.setVisible(bool(self._items))
        self.list_button.setText(tr("Close the list") if listed else tr("Show them"))
        self._flow.setVisible(listed)
        if listed:
            self._show_chips()
        self.setVisible(any(not one.isHidden() for one in self._lines()))
        self.setAccessibleName(self.words())
        self._fit()

    def _list(self, _on: bool) -> None:
        self._show()

    def _show_chips(self) -> None:
        focused = next((at for at, one in enumerate(self.chips()) if one.hasFocus()), -1)
        things: list[QWidget] = [self._chip(one) for one in self._items[:MOST_CHIPS]]
        rest = len(self._items) - MOST_CHIPS
        if rest > 0:
            things.append(label(trn("and {n} more", "and {n} more", rest), "small", wrap=False))
        self._flow.show_all(things)
        self._flow.updateGeometry()
        if focused >= 0 and things:
            things[min(focused, len(self._items) - 1)].setFocus()

    def _chip(self, item: Item) -> TextButton:
        chip = TextButton(shortened(item.found.entity.text), "chip", SIGNS[self._action(item)])
        told = reason(item.found, self._chosen.get(item.key))
        chip.setAccessibleName(f"{item.found.entity.text}, {ENTITY_NAMES[item.key[0]]}")
        chip.setAccessibleDescription(told)
        chip.setToolTip(as_tip(told))
        chip.setCheckable(False)
        chip.clicked.connect(lambda: self._open_menu(chip, item))
        return chip

    def _open_menu(self, chip: TextButton, item: Item) -> None:
        self.menu_of(item).popup(chip.mapToGlobal(QPoint(0, chip.height())))

    def _fit(self) -> None:
        """Be as high as what is said, up to a share of the window."""
        self._place_button()
        self._inside.invalidate()
        wanted = self._inside.minimumSize().height()
        if self._inside.hasHeightForWidth():
            wanted = self._inside.heightForWidth(max(self.width(), 1))
        self._area.setFixedHeight(min(wanted, max(theme.px(48), round(self.window().height() * SHARE))))

    def _choice(self, item: Item) -> tuple[str, Action | None] | None:
        """Return what can be chosen for a value, in words, and what that makes of it."""
        match self._chosen.get(item.key), item.action:
            case Action.IGNORE, _:
                return tr("Hide it again"), None
            case Action.MASK, _:
                return tr("Show it again"), None
            case _, Action.MASK:
                return tr("Show it to the model in this conversation"), Action.IGNORE
            case _, Action.WARN:
                return tr("Hide it from the model in this conversation"), Action.MASK
        return None

    def _action(self, item: Item) -> Action:
        return self._chosen.get(item.key, item.action)

    def _place_button(self) -> None:
        """Let the list's button stand at the end of the first line, or below all where there is no room."""
        first = next((one for one in self._lines() if not one.isHidden()), None)
        if first is None or self.list_button.isHidden():
            return
        layout = first.layout() if self.width() >= theme.px(ROOM_FOR_BUTTON) else self._top
        if layout is not None and layout.indexOf(self.list_button) < 0:
            focused = self.list_button.hasFocus()
            layout.addWidget(self.list_button)
            layout.setAlignment(self.list_button, Qt.AlignmentFlag.AlignLeft)
            self.list_button.show()
            if focused:
                self.list_button.setFocus()

    def _hide_again(self) -> None:
        for key in [key for key, action in self._chosen.items() if action is Action.IGNORE]:
            self.chosen.emit(key, None)

    def _hide_warned(self) -> None:
        for item in [one for one in self._items if self._action(one) is Action.WARN]:
            self.chosen.emit(item.key, Action.MASK)

    def _take_back(self) -> None:
        if self._allowed is not None:
            self.personal_after_all.emit(item_of(self._allowed))


class _Line(QWidget):
    """One sentence with its sign, and a button where something can be taken back."""

    def __init__(self, icon_name: str, role: str = "mask") -> None:
        super().__init__()
        self.words = label()
        self.button: QPushButton | None = None
        sign = Picture(icon_name, role, SIGN)
        beside = column(0, SIGN_DROP, 0, 0)
        beside.addWidget(sign)
        beside.addStretch(1)
        said = column(0, BUTTON_PAD, 0, BUTTON_PAD)  # as high as a line with a button
        inner = row(beside, self.words)
        inner.setStretch(1, 1)
        said.addLayout(inner)
        self._line = row(said, gap=SPACE_1)
        self._line.setStretch(0, 1)
        self.setLayout(self._line)
        self.hide()

    def add_button(self, words: str, action: Callable[[], None]) -> None:
        """Add the one button."""
        self.button = button(words, "link")
        self.button.clicked.connect(action)
        self._line.addWidget(self.button, 0, Qt.AlignmentFlag.AlignTop)

    def say(self, words: str) -> None:
        """Say a sentence; none: nothing is shown."""
        self.words.setText(words)
        self.setVisible(bool(words))


class _Chips(Flow):
    """A row of chips in a layout: it goes on in the next line, and says how high that is."""

    def __init__(self) -> None:
        super().__init__()
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def heightForWidth(self, width: int) -> int:  # noqa: N802 - Qt's name
        """Return the height for a width."""
        height = self.fit(width)
        if width != self.width():
            self.fit(self.width())
        return height

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return a size for layouts."""
        return QSize(theme.px(120), self.fit(max(self.width(), 1)))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Lay out for the new width."""
        super().resizeEvent(event)
        self.fit(self.width())
