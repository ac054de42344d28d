# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Settings: searchable, each with one sentence, its default, and when a change takes effect."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol, cast

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFrame,
    QLineEdit,
    QSpinBox,
    QStackedWidget,
    QTabBar,
    QWidget,
)

from assistant.sampling import PRESET_NAMES
from assistant.settings import Settings, about
from assistant.texts import LANGUAGES, Text, text, tr
from ui import theme
from ui.blocks import FocusWheel, ScrollColumn
from ui.elements import Choice, button, column, label, row
from ui.file_choice import FileChoice
from ui.number_row import plain_number
from ui.theme import IconButton

OWN_VALUES = text("Own values")


@dataclass(frozen=True)
class Line:
    """A setting as shown: its field in Settings, its name, what it can be.

    `choices` are (value, shown); without them it is a whole number from `low` to `high` (0 and 0:
    the setting's own limits), shown with `suffix`; `automatic` stands in place of the lowest. With
    `no_file` it is the path of a GGUF file, and that stands for none.
    """

    field: str
    name: Text
    choices: tuple[tuple[str, Text], ...] = ()
    low: int = 0
    high: int = 0
    step: int = 1
    suffix: Text | None = None
    automatic: Text | None = None
    no_file: Text | None = None


LINES: tuple[Line, ...] = (
    Line(
        "language",
        text("Language"),
        (("", text("As the system has it")), *((code, Text(name)) for code, name in LANGUAGES.items())),
    ),
    Line(
        "theme",
        text("Colours"),
        (("system", text("As the system has it")), ("light", text("Light")), ("dark", text("Dark"))),
    ),
    Line(
        "text_percent",
        text("Text size"),
        low=theme.TEXT_PERCENT_LOW,
        high=theme.TEXT_PERCENT_HIGH,
        step=10,
        suffix=text(" %"),
    ),
    Line(
        "preset",
        text("How the model writes"),
        (*((preset.value, name) for preset, name in PRESET_NAMES.items()), ("", OWN_VALUES)),
    ),
    Line("limit", text("Passages for an answer")),
    Line("embedding_model", text("Model that searches by meaning"), no_file=text("The starter model")),
    Line("reranker", text("Model that puts passages in order"), no_file=text("None")),
    Line("largest_file_mb", text("Largest file of a folder"), suffix=text(" MB"), step=100),
    Line("n_ctx", text("Context window"), step=1024, automatic=text("Automatic")),
    Line("n_gpu_layers", text("Layers on the graphics card"), automatic=text("As many as fit")),
    Line("threads", text("Processor cores"), automatic=text("Automatic")),
    Line(
        "flash_attention",
        text("Flash attention"),
        (("auto", text("Automatic")), ("on", text("On")), ("off", text("Off"))),
    ),
    Line(
        "cache_type",
        text("Exactness of the context"),
        (
            ("auto", text("Automatic")),
            ("f16", text("Exact (f16)")),
            ("q8_0", text("Half the memory (q8_0)")),
            ("q4_0", text("A quarter of the memory (q4_0)")),
        ),
    ),
    Line(
        "idle_minutes",
        text("Let the model sleep after"),
        suffix=text(" min"),
        step=5,
        automatic=text("Never"),
    ),
    Line(
        "states_mb",
        text("Conversations kept ready on the disk"),
        suffix=text(" MB"),
        step=100,
        automatic=text("Nothing"),
    ),
    Line(
        "parked_mb",
        text("Conversations kept ready in memory"),
        suffix=text(" MB"),
        step=100,
        automatic=text("Nothing"),
    ),
    Line("snapshots_kept", text("Snapshots that are kept")),
    Line("snapshots_mb", text("Disk space for snapshots"), suffix=text(" MB"), step=100),
)


class SettingsPage(Protocol):
    """A page of the dialog: a widget that says whether it has what is looked for, and shows that alone."""

    def look_for(self, words: Sequence[str]) -> bool:
        """Show what has all of `words` (small letters), everything for none; say whether anything is left."""


class SettingsDialog(QDialog):
    """Changes settings while the window stays usable; each change goes out at once.

    `folder` is where Maru keeps what it writes; it is only shown. `pages` (name, SettingsPage) stand beside
    the first one.
    """

    settings_changed = Signal(object)  # Settings

    def __init__(
        self,
        settings: Settings,
        parent: QWidget | None = None,
        folder: Path | None = None,
        pages: Sequence[tuple[str, QWidget]] = (),
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Settings"))
        self.setModal(False)
        self._settings = settings
        wheel = FocusWheel(self)
        self.rows = [SettingRow(line, wheel) for line in LINES]
        for each in self.rows:
            each.changed.connect(self._change)
        self._folder = _folder_row(folder) if folder else None
        self.tabs, self._pages = QTabBar(), QStackedWidget()
        self._build()
        for name, page in pages:
            self._add_page(name, page)
        self.tabs.setVisible(bool(pages))
        self.show_settings(settings)

    def show_settings(self, settings: Settings) -> None:
        """Show settings that were changed elsewhere, without telling anybody."""
        self._settings = settings
        for each in self.rows:
            each.set_value(getattr(settings, each.line.field))

    def show_page(self, name: str) -> None:
        """Turn to the page of this name."""
        names = [self.tabs.tabText(at) for at in range(self.tabs.count())]
        self.tabs.setCurrentIndex(names.index(name))

    def _build(self) -> None:
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr("Find a setting"))
        self.search.setAccessibleName(tr("Find a setting"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._find)
        self.nothing = label(tr("No setting contains these words."), "quiet")
        self.nothing.hide()
        general = ScrollColumn(gap=theme.SPACE_4, margin=theme.SPACE_6)
        general.add(self.nothing)
        for each in (*self.rows, *([self._folder] if self._folder else [])):
            general.add(each)
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setAccessibleName(tr("Pages of the settings"))
        self.tabs.currentChanged.connect(self._pages.setCurrentIndex)
        self._add_page(tr("General"), general)
        close = button(tr("Close"))
        close.setAutoDefault(False)  # Enter in a field must not close the dialog
        close.clicked.connect(self.close)
        top, below = column(gap=theme.SPACE_2), row(1, close)
        top.addWidget(self.search)
        top.addWidget(self.tabs)
        top.setContentsMargins(theme.SPACE_6, theme.SPACE_4, theme.SPACE_6, theme.SPACE_1)
        below.setContentsMargins(theme.SPACE_6, theme.SPACE_4, theme.SPACE_6, theme.SPACE_4)
        lines = column(gap=0)
        lines.addLayout(top)
        lines.addWidget(self._pages, 1)
        lines.addLayout(below)
        self.setLayout(lines)
        self.resize(min(theme.px(600), 900), min(theme.px(660), 720))

    def _add_page(self, name: str, page: QWidget) -> None:
        self._pages.addWidget(page)
        self.tabs.addTab(name)

    def _find(self, words: str) -> None:
        """Show what has these words; pages without any give way to those with some."""
        wanted = words.casefold().split()
        found = [self._find_general(wanted)]
        for at in range(1, self._pages.count()):
            found.append(cast(SettingsPage, self._pages.widget(at)).look_for(wanted))
        for at, has in enumerate(found):
            self.tabs.setTabVisible(at, has or not any(found))
        if any(found) and not found[self.tabs.currentIndex()]:
            self.tabs.setCurrentIndex(found.index(True))
        if not any(found):
            self.tabs.setCurrentIndex(0)
        self.nothing.setVisible(not any(found))

    def _find_general(self, wanted: Sequence[str]) -> bool:
        for each in self.rows:
            each.setVisible(all(word in each.words() for word in wanted))
        if self._folder is not None:
            self._folder.setVisible(not wanted)
        return any(all(word in each.words() for word in wanted) for each in self.rows)

    def _change(self, field: str, value: Any) -> None:
        given: dict[str, Any] = {field: value}
        self._settings = replace(self._settings, **given)
        self.settings_changed.emit(self._settings)


class SettingRow(QFrame):
    """One setting: name and control, its sentence, its default, when it takes effect."""

    changed = Signal(str, object)  # field, value

    def __init__(self, line: Line, wheel: FocusWheel) -> None:
        super().__init__()
        self.line = line
        self._default = getattr(Settings(), line.field)
        make = _file if line.no_file else _choice if line.choices else _number
        self.control, self._show = make(line, self)
        known = about(line.field)
        said, acts = str(known.description), str(known.acts)
        shown_default = tr("Default: {value}.", value=self._shown(self._default))
        self._words = " ".join([str(line.name), said, shown_default, acts]).casefold()
        self.control.setAccessibleName(str(line.name))
        self.control.setAccessibleDescription(f"{said} {shown_default} {acts}")
        wheel.guard(self.control)
        self.reset = IconButton("undo", tr("{name}: back to the default", name=str(line.name)))
        kept = self.reset.sizePolicy()
        kept.setRetainSizeWhenHidden(True)  # nothing moves when it comes and goes
        self.reset.setSizePolicy(kept)
        self.reset.clicked.connect(lambda: self.tell(self._default))
        name = label(str(line.name), "heading")
        top = row(name, self.reset, self.control)
        top.setStretch(0, 1)
        lines = column(gap=theme.SPACE_1)
        lines.addLayout(top)
        lines.addWidget(label(said))
        lines.addWidget(label(f"{shown_default} {acts}", "small"))
        self.setLayout(lines)

    def words(self) -> str:
        """Return everything a search may find it by, in small letters."""
        return self._words

    def set_value(self, value: Any) -> None:
        """Show a value without telling anybody."""
        with QSignalBlocker(self.control):
            self._show(value)
        self.reset.setVisible(value != self._default)

    def tell(self, value: Any) -> None:
        """Show a value and tell it."""
        self.set_value(value)
        self.changed.emit(self.line.field, value)

    def _shown(self, value: Any) -> str:
        if self.line.no_file:
            return value or str(self.line.no_file)
        if self.line.choices:
            return str(dict(self.line.choices)[value])
        lowest = self.line.automatic is not None and value == _limits(self.line)[0]
        return str(self.line.automatic) if lowest else f"{value:,}{self.line.suffix or ''}"


def _choice(line: Line, told: SettingRow) -> tuple[QWidget, Callable[[Any], None]]:
    box = Choice()
    for value, shown in line.choices:
        box.addItem(str(shown), value)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
    box.activated.connect(lambda at: told.tell(box.itemData(at)))
    return box, lambda value: box.setCurrentIndex(max(box.findData(value), 0))


def _file(line: Line, told: SettingRow) -> tuple[QWidget, Callable[[Any], None]]:
    box = FileChoice(str(line.no_file), tr("GGUF files") + " (*.gguf)")
    box.chosen.connect(told.tell)
    return box, box.show_path


def _number(line: Line, told: SettingRow) -> tuple[QWidget, Callable[[Any], None]]:
    box = QSpinBox()
    box.setRange(*_limits(line))
    box.setSingleStep(line.step)
    box.setSuffix(str(line.suffix or ""))
    box.setGroupSeparatorShown(True)
    plain_number(box)
    if line.automatic is not None:
        box.setSpecialValueText(str(line.automatic))
    box.valueChanged.connect(told.tell)
    return box, box.setValue


def _limits(line: Line) -> tuple[int, int]:
    limits = about(line.field).limits
    low, high = (limits.low, limits.high) if limits else (0, 0)
    return line.low or int(low), line.high or int(high)


def _folder_row(folder: Path) -> QWidget:
    made = QWidget()
    lines = column(gap=theme.SPACE_1)
    lines.addWidget(label(tr("Where Maru keeps your data"), "heading"))
    lines.addWidget(label(tr("Everything Maru writes lies in this folder, on this computer.")))
    shown = label(str(folder), "small", selectable=True)
    shown.setAccessibleName(tr("Folder of your data: {folder}", folder=str(folder)))
    lines.addWidget(shown)
    made.setLayout(lines)
    return made
