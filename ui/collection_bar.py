# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The collections of documents: which one is shown, its folders, and what can be done with it."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QMenu, QToolButton, QWidget

from assistant.documents.collection import DEFAULT_COLLECTION, Collection, Folder, FolderState, shown_name
from assistant.texts import tr
from ui import theme
from ui.elements import Choice, ElidedLabel, Picture, column, label, row
from ui.theme import IconButton

LONGEST_NAME = 60  # letters of a collection's name


class CollectionBar(QWidget):
    """Chooses a collection ("" for all), and asks for changes; it changes nothing itself."""

    chosen = Signal(str)
    created = Signal(str)
    renamed = Signal(str, str)
    delete_wanted = Signal(str)
    folder_wanted = Signal(str)  # add a folder to this collection
    folder_dropped = Signal(str, object)  # collection, Path of a folder to let be

    def __init__(self) -> None:
        super().__init__()
        self._collections: list[Collection] = []
        self._renaming = ""
        self.choice = Choice()
        self.choice.setAccessibleName(tr("Collection"))
        self.choice.setSizeAdjustPolicy(Choice.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.choice.setMinimumContentsLength(8)
        self.choice.activated.connect(lambda _at: self._choose())
        self.more = IconButton("more", tr("More about collections"))
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu = QMenu(self)
        self.menu.aboutToShow.connect(self._fill_menu)
        self.more.setMenu(self.menu)
        self.name = _NameField()
        self.name.returnPressed.connect(self._take_name)
        self.name.left.connect(self._leave_name)
        self.name.hide()
        self._folders = column(gap=theme.SPACE_1)
        line = row(self.choice, self.more)
        line.setStretch(0, 1)
        line.setAlignment(self.more, Qt.AlignmentFlag.AlignRight)  # also where it stands alone
        lines = column()
        lines.addLayout(line)
        lines.addWidget(self.name)
        lines.addLayout(self._folders)
        self.setLayout(lines)
        self.show_collections([])

    @property
    def shown(self) -> str:
        """The collection that is shown, "" for all."""
        return str(self.choice.currentData() or "")

    def show_collections(self, collections: Sequence[Collection]) -> None:
        """Offer these collections; the one that is shown stays so."""
        before, self._collections = self.shown, list(collections)
        self.choice.clear()
        self.choice.addItem(tr("All documents"), "")
        for one in self._collections:
            self.choice.addItem(f"{shown_name(one.name)} ({one.documents:,})", one.name)
        at = self.choice.findData(before)
        self.choice.setCurrentIndex(max(at, 0))
        usual = not self._collections or (
            [one.name for one in self._collections] == [DEFAULT_COLLECTION]
            and not self._collections[0].folders
        )
        self.choice.setVisible(not usual)
        self.setVisible(bool(self._collections))
        self._show_folders()
        if at < 0 and before:
            self.chosen.emit("")

    def begin_name(self, renaming: str = "") -> None:
        """Ask for the name of a new collection, or for another name of one."""
        self._renaming = renaming
        self.name.setPlaceholderText(tr("New name") if renaming else tr("Name of the new collection"))
        self.name.setAccessibleName(self.name.placeholderText())
        self.name.setText(renaming)
        self.name.show()
        self.name.selectAll()
        self.name.setFocus()

    def folder_buttons(self) -> list[IconButton]:
        """Return the buttons that let a folder be."""
        return self.findChildren(IconButton, "let-be")

    def _choose(self) -> None:
        self._show_folders()
        self.chosen.emit(self.shown)

    def _fill_menu(self) -> None:
        self.menu.clear()
        add = QAction(tr("New collection…"), self.menu)
        add.triggered.connect(lambda _checked=False: self.begin_name())
        self.menu.addAction(add)
        if not (name := self.shown):
            return
        folder = QAction(tr("Add a folder to it…"), self.menu)
        folder.triggered.connect(lambda: self.folder_wanted.emit(name))
        self.menu.addAction(folder)
        if name != DEFAULT_COLLECTION:
            rename = QAction(tr("Rename…"), self.menu)
            rename.triggered.connect(lambda: self.begin_name(name))
            delete = QAction(tr("Delete…"), self.menu)
            delete.triggered.connect(lambda: self.delete_wanted.emit(name))
            self.menu.addActions([rename, delete])

    def _take_name(self) -> None:
        name, before = " ".join(self.name.text().split()), self._renaming
        self._leave_name()
        if name and name != before:
            if before:
                self.renamed.emit(before, name)
            else:
                self.created.emit(name)

    def _leave_name(self) -> None:
        self.name.hide()
        (self.choice if self.choice.isVisible() else self.more).setFocus()

    def _show_folders(self) -> None:
        while (item := self._folders.takeAt(0)) is not None:
            if (gone := item.widget()) is not None:
                gone.hide()
                gone.deleteLater()
        for one in self._collections:
            if self.shown in ("", one.name):
                for folder in one.folders:
                    self._folders.addWidget(self._folder_line(one.name, folder))

    def _folder_line(self, collection: str, folder: Folder) -> QWidget:
        line = QWidget()
        missing = folder.state is FolderState.NOT_THERE
        path = ElidedLabel(str(folder.path), "small", Qt.TextElideMode.ElideLeft)
        state = label(folder_state(folder.state), "small", wrap=False)
        let_be = IconButton("close", tr("Stop watching {folder}", folder=folder.path.name))
        let_be.setObjectName("let-be")
        let_be.clicked.connect(lambda: self.folder_dropped.emit(collection, Path(folder.path)))
        inside = row(Picture("folder", "warning" if missing else "quiet", 16), path, state, let_be)
        inside.setStretch(1, 1)
        line.setLayout(inside)
        return line


class _NameField(QLineEdit):
    """One line for a name; Esc leaves it."""

    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setMaxLength(LONGEST_NAME)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Leave on Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)


def folder_state(state: FolderState) -> str:
    """Return in words how a folder is kept up with."""
    return {
        FolderState.WATCHED: tr("watched"),
        FolderState.LOOKED_AT: tr("looked at now and then"),
        FolderState.NOT_THERE: tr("not there just now"),
    }[state]
