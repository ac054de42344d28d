# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Which documents the next question is asked of: a button that says it, with a menu to choose from."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QMenu

from assistant.documents.collection import DEFAULT_COLLECTION, shown_name
from assistant.texts import tr, trn
from ui.elements import TextButton

NAMED = 2  # collections that are named on the button; more are counted


Chosen = tuple[str, ...] | None


class SearchedDocuments(TextButton):
    """Says which documents are searched. A choice is None for all collections, () for none.

    Or that some are read whole: until it is pressed, another choice is made or another conversation opened.
    """

    chosen = Signal(object)  # tuple[str, ...] | None, by the person

    def __init__(self) -> None:
        super().__init__("", "toggle", "documents")
        self.setCheckable(True)
        self._counts: dict[str, int] = {}
        self._choice: Chosen = None
        self._whole: tuple[Path, ...] = ()
        self._here = 0
        self._short = False
        self.clicked.connect(self._open)
        self._say()

    @property
    def choice(self) -> Chosen:
        """The collections that are searched: None for all, () for none."""
        return self._choice

    @property
    def searches(self) -> bool:
        """Whether documents are searched, or read whole; there may be none yet."""
        return self._choice != () or self._here > 0 or bool(self._whole)

    @property
    def whole(self) -> tuple[Path, ...]:
        """The documents that are read whole, whatever is asked."""
        return self._whole

    def read_whole(self, documents: tuple[Path, ...]) -> None:
        """Read these whole, whatever is asked; () searches again."""
        self._whole = documents
        self._say()

    @property
    def count(self) -> int:
        """How many documents are searched."""
        names = self._counts if self._choice is None else self._choice
        return sum(self._counts.get(name, 0) for name in names) + self._here

    def show_collections(self, counts: Mapping[str, int], here: int = 0) -> None:
        """Offer collections, with the number of documents in each; `here` are of this conversation."""
        self._counts, self._here = dict(counts), here
        self.setVisible(bool(sum(self._counts.values()) + here))
        self._say()

    def choose(self, choice: Chosen) -> None:
        """Show a choice; what is no collection any more is left out."""
        self._choice = choice
        self._say()

    def be_short(self, short: bool) -> None:
        """Show a number or a word alone where there is little room."""
        self._short = short
        self._say()

    def menu_of_choices(self) -> QMenu:
        """Return the menu: all, each collection by itself, none."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        everything = sum(self._counts.values())
        self._add(menu, f"{tr('All documents')} ({everything})", self._choice is None, None)
        if len(self._counts) > 1:
            menu.addSeparator()
            for name, count in self._counts.items():
                on = self._choice is not None and name in self._choice
                self._add(menu, f"{shown_name(name)} ({count})", on, self._toggled(name))
            menu.addSeparator()
        none = trn(
            "Only the {n} file of this conversation", "Only the {n} files of this conversation", self._here
        )
        self._add(menu, none if self._here else tr("None: the model alone"), self._choice == (), ())
        return menu

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Let Enter and the down key do what a click does."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down):
            self._open()
        else:
            super().keyPressEvent(event)

    def _add(self, menu: QMenu, words: str, on: bool, choice: Chosen) -> None:
        action = QAction(words.replace("&", "&&"), menu)
        action.setCheckable(True)
        action.setChecked(on)
        action.triggered.connect(lambda: self._take(choice))
        menu.addAction(action)

    def _toggled(self, name: str) -> Chosen:
        """Return the choice after one collection is taken in, or out."""
        now = [] if self._choice is None else [one for one in self._choice if one in self._counts]
        changed = [one for one in now if one != name] if name in now else [*now, name]
        return None if len(changed) == len(self._counts) else tuple(changed)

    def _take(self, choice: Chosen) -> None:
        self._whole = ()
        self.choose(choice)
        self.chosen.emit(choice)

    def _open(self) -> None:
        if self._whole:
            self.read_whole(())
            return
        self._say()  # a click has turned the check about
        if len(self._counts) <= 1:  # nothing to choose from but all or none
            self._take(None if self._choice is not None else ())
            return
        menu = self.menu_of_choices()
        above = self.mapToGlobal(self.rect().topLeft()) - QPoint(0, menu.sizeHint().height())
        menu.popup(above)

    def _say(self) -> None:
        words = self._words()
        searching = self.count > 0 or bool(self._whole)
        self.setChecked(searching)
        self.setToolTip(
            tr("Search again instead") if self._whole else tr("Choose which documents are searched")
        )
        short = tr("Whole") if self._whole else str(self.count) if searching else tr("Off")
        self.setText(short if self._short else words)
        self.setAccessibleName(words)

    def _words(self) -> str:
        if self._whole:
            return tr("Reading {name} whole", name=", ".join(path.name for path in self._whole))
        if not self.count:
            return tr("Not searching your documents")
        known = [name for name in self._choice or () if name in self._counts]
        everywhere = self.count - self._here
        words = trn("Searching {n} document", "Searching {n} documents", everywhere)
        if self._choice is not None and known and len(known) <= NAMED:
            words = tr("Searching {collections}", collections=", ".join(map(shown_name, known)))
        if not self._here:
            return words
        if not everywhere:
            return trn(
                "Searching {n} file of this conversation",
                "Searching {n} files of this conversation",
                self._here,
            )
        return tr("{searching} and {n} of this conversation", searching=words, n=self._here)


def counted(rows: Sequence[tuple[str, bool]]) -> dict[str, int]:
    """Return how many documents with text each collection holds; `rows` are (collection, has text)."""
    counts: dict[str, int] = {}
    for name, has_text in rows:
        counts[name] = counts.get(name, 0) + has_text
    return dict(sorted(counts.items(), key=lambda one: (one[0] != DEFAULT_COLLECTION, one[0].casefold())))
