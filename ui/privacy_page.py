# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The settings of personal data: how much is hidden, what is done with each kind, what is not personal."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QFrame, QWidget

from assistant.entities import ENTITY_NAMES, EntityGroup, EntityType
from assistant.privacy.policy import OWN, POLICIES, Action, Policy
from assistant.texts import Text, text, tr
from ui import theme
from ui.blocks import Card, FocusWheel, ScrollColumn
from ui.elements import Choice, Picture, column, label, row
from ui.fold import Fold
from ui.theme import IconButton, set_look

PRESETS: Mapping[str, tuple[Text, Text]] = {
    "relaxed": (
        text("Relaxed"),
        text("Hides passwords, cards, accounts and identity numbers, and points out e-mail and telephone."),
    ),
    "standard": (
        text("Standard"),
        text(
            "Hides e-mail and telephone as well, and points out the rest: names, addresses, dates of birth."
        ),
    ),
    "strict": (text("Strict"), text("Hides everything that is found, names and addresses too.")),
    OWN: (text("Your own"), text("You decide for each kind, below.")),
}
ACTIONS: Mapping[Action, Text] = {
    Action.MASK: text("Hide it from the model"),
    Action.WARN: text("Point it out"),
    Action.IGNORE: text("Do nothing"),
    Action.BLOCK: text("Do not send it"),
}
MIXED = text("Different ones")


class PrivacyPage(ScrollColumn):
    """Shows a policy and tells every change: its name, and what it does with each kind.

    `own` is what a policy of one's own does when it is chosen. `disallowed(entity_type, value)` takes a
    value out of those that are not personal.
    """

    chosen = Signal(str, object)  # name, dict[EntityType, Action]
    disallowed = Signal(object, str)

    def __init__(self, own: Policy) -> None:
        super().__init__(gap=theme.SPACE_3, margin=theme.SPACE_6)
        wheel = FocusWheel(self)
        self.cards = {name: _PresetCard(name, *words) for name, words in PRESETS.items()}
        self.groups = {group: GroupRow(group, wheel) for group in EntityGroup}
        self.allowed = AllowedList()
        self._policy = POLICIES["standard"]
        self._own = dict(own.actions)
        self._parts: list[tuple[QWidget, str]] = []
        self._build()
        self.allowed.removed.connect(self.disallowed)

    def show_policy(self, policy: Policy) -> None:
        """Show what is done with each kind, without telling anybody."""
        self._policy = policy
        if policy.name == OWN:
            self._own = dict(policy.actions)
        for name, card in self.cards.items():
            card.setChecked(name == policy.name)
        for group in self.groups.values():
            group.show_actions(policy.actions)

    def show_allowed(self, allowed: Sequence[tuple[EntityType, str]]) -> None:
        """List what is not personal."""
        self.allowed.show_values(allowed)

    def look_for(self, words: Sequence[str]) -> bool:
        """Show the parts that have all of `words`."""
        found = False
        for part, said in self._parts:
            has = all(word in said for word in words)
            part.setVisible(has)
            found = found or has
        return found

    def _build(self) -> None:
        presets = QWidget()
        lines = column(gap=theme.SPACE_2)
        lines.addWidget(label(tr("What is hidden from the model"), "heading"))
        explained = tr(
            "Maru looks through what you write and what your documents say before the model sees it. What is "
            "hidden is put back in the answer, for your eyes."
        )
        lines.addWidget(label(explained, "quiet"))
        for card in self.cards.values():
            lines.addWidget(card)
            card.clicked.connect(lambda _on=False, name=card.name: self._choose(name))
        presets.setLayout(lines)
        self._put(presets, explained, *(f"{name} {said}" for name, said in PRESETS.values()))
        for group, shown in self.groups.items():
            self._put(shown, str(group.value), *(str(ENTITY_NAMES[kind]) for kind in group.types))
            shown.changed.connect(self._change)
        self._put(self.allowed, self.allowed.title, self.allowed.explained)

    def _put(self, part: QWidget, *words: str) -> None:
        self._parts.append((part, " ".join(words).casefold()))
        self.add(part)

    def _choose(self, name: str) -> None:
        policy = Policy(OWN, dict(self._own)) if name == OWN else POLICIES[name]
        self.show_policy(policy)
        self.chosen.emit(name, dict(policy.actions))

    def _change(self, kinds: Sequence[EntityType], action: Action) -> None:
        """Make the policy one of the person's own, which begins as the one that is shown."""
        actions = {**self._policy.actions, **dict.fromkeys(kinds, action)}
        self.show_policy(Policy(OWN, actions))
        self.chosen.emit(OWN, actions)


class _PresetCard(Card):
    """One way to treat personal data."""

    def __init__(self, name: str, title: Text, said: Text) -> None:
        super().__init__(str(title))
        self.name = name
        self.setCheckable(True)
        self.setAccessibleDescription(str(said))
        self._sign = Picture("check", "accent", 16)
        kept = self._sign.sizePolicy()
        kept.setRetainSizeWhenHidden(True)
        self._sign.setSizePolicy(kept)
        self.put(row(label(str(title), "heading", wrap=False), 1, self._sign))
        self.put(label(str(said), "quiet"))

    def checkStateSet(self) -> None:  # noqa: N802 - Qt's name
        """Show a tick on the chosen one: a colour alone would not do."""
        super().checkStateSet()
        self._sign.setVisible(self.isChecked())

    def nextCheckState(self) -> None:  # noqa: N802 - Qt's name
        """Leave it to the page which card is the chosen one."""


class GroupRow(QFrame):
    """What is done with the kinds of a group: for all of them at once, or each by itself."""

    changed = Signal(object, object)  # Sequence[EntityType], Action

    def __init__(self, group: EntityGroup, wheel: FocusWheel) -> None:
        super().__init__()
        self.group = group
        set_look(self, "card")
        self.all = _action_choice(str(group.value))
        self.all.insertItem(0, str(MIXED), None)
        self.each = {kind: _action_choice(str(ENTITY_NAMES[kind])) for kind in group.types}
        wheel.guard(self.all, *self.each.values())
        self.all.activated.connect(lambda _at: self._tell(group.types, self.all.currentData()))
        for kind, choice in self.each.items():
            choice.activated.connect(lambda _at, k=kind, c=choice: self._tell((k,), c.currentData()))
        top = row(label(str(group.value), "heading"), self.all)
        top.setStretch(0, 1)
        self.fold = Fold(tr("Each by itself"), *(self._line(kind) for kind in group.types), gap=theme.SPACE_1)
        lines = column(theme.SPACE_3, theme.SPACE_2, theme.SPACE_3, theme.SPACE_2, gap=theme.SPACE_1)
        lines.addLayout(top)
        lines.addWidget(self.fold)
        self.setLayout(lines)

    def show_actions(self, actions: Mapping[EntityType, Action]) -> None:
        """Show what is done, without telling anybody."""
        for kind, choice in self.each.items():
            with QSignalBlocker(choice):
                choice.setCurrentIndex(choice.findData(actions[kind]))
        same = {actions[kind] for kind in self.group.types}
        with QSignalBlocker(self.all):
            self.all.setCurrentIndex(self.all.findData(same.pop()) if len(same) == 1 else 0)

    def _line(self, kind: EntityType) -> QWidget:
        made = QWidget()
        line = row(label(str(ENTITY_NAMES[kind])), self.each[kind])
        line.setStretch(0, 1)
        made.setLayout(line)
        return made

    def _tell(self, kinds: Sequence[EntityType], action: Action | None) -> None:
        if action is not None:
            self.changed.emit(kinds, Action(action))


class AllowedList(QWidget):
    """The values that are not personal, each with a button that makes it personal again."""

    removed = Signal(object, str)  # EntityType, value

    def __init__(self) -> None:
        super().__init__()
        self.title = tr("Not personal")
        self.explained = tr(
            "These values are never hidden. You add one where it is listed above your question."
        )
        self._nothing = label(tr("There are none yet."), "quiet")
        self._values = column(gap=theme.SPACE_1)
        lines = column(gap=theme.SPACE_1)
        lines.addWidget(label(self.title, "heading"))
        lines.addWidget(label(self.explained, "quiet"))
        lines.addWidget(self._nothing)
        lines.addLayout(self._values)
        self.setLayout(lines)

    def show_values(self, values: Sequence[tuple[EntityType, str]]) -> None:
        """List these."""
        while (item := self._values.takeAt(0)) is not None:
            if (gone := item.widget()) is not None:
                gone.hide()
                gone.deleteLater()
        for kind, value in values:
            self._values.addWidget(self._line(kind, value))
        self._nothing.setVisible(not values)

    def buttons(self) -> list[IconButton]:
        """Return the buttons that take a value out, in order."""
        return [one for one in self.findChildren(IconButton) if not one.isHidden()]

    def _line(self, kind: EntityType, value: str) -> QWidget:
        made = QWidget()
        remove = IconButton("close", tr("{value} is personal after all", value=value))
        remove.clicked.connect(lambda: self.removed.emit(kind, value))
        words = label(value, selectable=True)
        line = row(words, label(str(ENTITY_NAMES[kind]), "small", wrap=False), remove)
        line.setStretch(0, 1)
        made.setLayout(line)
        return made


def _action_choice(name: str) -> Choice:
    box = Choice()
    for action, words in ACTIONS.items():
        box.addItem(str(words), action)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
    box.setAccessibleName(tr("What is done with: {name}", name=name))
    return box
