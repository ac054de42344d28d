# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Search without the model: the passages for any words, why they rank so, and why a file was not used."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QCompleter, QLabel, QLineEdit, QStackedWidget, QWidget

from assistant.documents.explaining import Explained, Meaning, Ranked, Why, WhyNot
from assistant.documents.protocol import DocumentRow
from assistant.passages import Passage
from assistant.texts import tr
from ui import theme
from ui.blocks import Card, Empty, ScrollColumn
from ui.elements import Badge, Choice, ElidedLabel, Note, button, column, label, row
from ui.sources_panel import marked, place_words

WORDS_SHOWN = 6  # of the question's words, on a card


class SearchPanel(QWidget):
    """Shows what search finds, and asks for it; it searches nothing itself."""

    wanted = Signal(str)  # words to look for
    why_wanted = Signal(object)  # Path: why was it not used?
    passage_activated = Signal(object)  # Passage

    def __init__(self) -> None:
        super().__init__()
        self.cards: list[FoundCard] = []
        self._documents: list[Path] = []
        self._build_field()
        self._build_why()
        self._build_results()
        lines = column(theme.SPACE_4, theme.SPACE_2, theme.SPACE_4, theme.SPACE_2)
        lines.addLayout(row(self.field, self.find_button))
        outer = column()
        outer.addLayout(lines)
        outer.addWidget(self.stack, 1)
        outer.addWidget(self._foot)
        self.setLayout(outer)
        self.show_documents([])

    @property
    def words(self) -> str:
        """The words in the field."""
        return self.field.text().strip()

    def look_for(self, words: str) -> None:
        """Put words into the field and look for them."""
        self.field.setText(words)
        self._find()

    def show_documents(self, rows: Sequence[DocumentRow]) -> None:
        """Offer these documents for the question why one was not used."""
        self._documents = list(dict.fromkeys(one.path for one in rows))
        self.file.clear()
        self.file.addItems([path.name for path in self._documents])
        self.file.setCurrentIndex(-1)
        self._foot.setVisible(bool(self._documents))
        self._allow_why()

    def show_found(self, found: Explained) -> None:
        """Show the outcome of a search."""
        self.column.clear()
        self.cards = []
        self.answer.hide()
        if not found.passages:
            self.stack.setCurrentWidget(self.nothing)
            return
        for words in _notes(found):
            self.column.add(Note(words))
        for one in found.passages:
            card = FoundCard(one)
            card.clicked.connect(lambda _checked=False, card=card: self._activate(card.passage))
            self.cards.append(card)
            self.column.add(card)
        self.stack.setCurrentWidget(self.column)
        self.column.verticalScrollBar().setValue(0)

    def show_why(self, why: WhyNot) -> None:
        """Show why a file was not used."""
        self._say(why.sentence())

    def show_failure(self, words: str) -> None:
        """Say that a search went wrong."""
        self._say(words, "warning")

    def ask_why(self, path: Path) -> None:
        """Ask about a file, for the words in the field; without any, ask for them first."""
        if path in self._documents:
            self.file.setCurrentIndex(self._documents.index(path))
        if self.words:
            self.why_wanted.emit(path)
        else:
            self._say(tr("Write above what you looked for, then press “Why not?”."))

    def _say(self, words: str, look: str = "soft") -> None:
        self.answer.say(words, look)
        self.answer.show()
        self._foot.show()

    def _build_field(self) -> None:
        self.field = QLineEdit()
        self.field.setPlaceholderText(tr("Words, or a question"))
        self.field.setAccessibleName(tr("What to look for in your documents"))
        self.field.setClearButtonEnabled(True)
        self.field.returnPressed.connect(self._find)
        self.field.textChanged.connect(lambda _words: self._allow_why())
        self.find_button = button(tr("Find"), "primary")
        self.find_button.clicked.connect(self._find)
        self.setFocusProxy(self.field)

    def _build_why(self) -> None:
        self.file = Choice()
        self.file.setEditable(True)
        self.file.setInsertPolicy(Choice.InsertPolicy.NoInsert)
        self.file.setAccessibleName(tr("A file that was not used"))
        self.file.setMinimumContentsLength(8)
        self.file.setSizeAdjustPolicy(Choice.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        edit = self.file.lineEdit()
        if edit is not None:
            edit.setPlaceholderText(tr("Name of a file"))
        completer = QCompleter(self.file.model(), self.file)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.file.setCompleter(completer)
        self.file.currentTextChanged.connect(lambda _name: self._allow_why())
        self.why_button = button(tr("Why not?"))
        self.why_button.clicked.connect(self._why)
        self.answer = Note()
        self.answer.hide()
        lines = column(theme.SPACE_4, theme.SPACE_2, theme.SPACE_4, theme.SPACE_4)
        lines.addWidget(label(tr("Is a file missing here?"), "heading"))
        line = row(self.file, self.why_button)
        line.setStretch(0, 1)
        lines.addLayout(line)
        lines.addWidget(self.answer)
        self._foot = QWidget()
        self._foot.setLayout(lines)

    def _build_results(self) -> None:
        self.column = ScrollColumn()
        self.empty = Empty(
            "search",
            tr("Search your documents"),
            tr("See what Maru finds for any words, how near each passage is, and where it stands.")
            + " "
            + tr("Passages are found without the model, and nothing is answered."),
        )
        self.nothing = Empty("search", tr("Nothing was found"), tr("Try other words, or fewer of them."))
        self.stack = QStackedWidget()
        for page in (self.empty, self.column, self.nothing):
            self.stack.addWidget(page)

    def _find(self) -> None:
        if self.words:
            self.answer.hide()  # it was about other words
            self.wanted.emit(self.words)

    def _allow_why(self) -> None:
        self.why_button.setEnabled(bool(self.words) and self._chosen() is not None)

    def _chosen(self) -> Path | None:
        name = self.file.currentText().strip()
        at = self.file.currentIndex()
        if at >= 0 and self.file.itemText(at) == name:
            return self._documents[at]
        return next((path for path in self._documents if name and path.name == name), None)

    def _why(self) -> None:
        path = self._chosen()
        if path is not None:
            self.why_wanted.emit(path)

    def _activate(self, passage: Passage) -> None:
        self.passage_activated.emit(passage)


class FoundCard(Card):
    """A passage at its rank: file and place, its text with the question's words marked, and why."""

    def __init__(self, found: Ranked) -> None:
        passage = found.passage
        name = Path(passage.document).name
        spoken = tr("Passage {n}: {name}, {place}", n=found.rank, name=name, place=passage.place.shown())
        super().__init__(spoken)
        self.passage, self.why = passage, found.why
        self.setAccessibleDescription(f"{passage.text}\n{scores(found.why)}")
        self.setToolTip(tr("Show it in the document"))
        self.put(row(Badge(str(found.rank)), ElidedLabel(name, "heading", Qt.TextElideMode.ElideMiddle)))
        self.put(ElidedLabel(place_words(passage), "small"))
        self.words = QLabel()  # no label(): its places to break at would stand inside the tags
        self.words.setTextFormat(Qt.TextFormat.RichText)
        self.words.setWordWrap(True)
        self.paint_words()
        self.put(self.words)
        for line in (scores(found.why), _words_in_it(found.why), _elsewhere(passage)):
            if line:
                self.put(label(line, "small"))

    def paint_words(self) -> None:
        """Draw the text; what the question says is underlined: not by colour alone."""
        roles = theme.colours()
        style = f"background-color:{roles.accent_soft}; color:{roles.text}; text-decoration:underline"
        self.words.setText(marked(self.passage, _spans(self.passage, self.why.terms), style))

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Mark again in the new colours."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "words"):
            self.paint_words()


def scores(why: Why) -> str:
    """Return both scores of a passage in words: "By words 82 %, number 1 · by meaning 64 %, number 3"."""
    parts = [
        tr("By words {percent} %, number {rank}", percent=_percent(why.words or 0.0), rank=why.words_rank)
        if why.words_rank is not None
        else tr("Not found by words")
    ]
    if why.cosine is not None and why.cosine_rank is not None:
        near = _percent(why.cosine)
        parts.append(tr("by meaning {percent} %, number {rank}", percent=near, rank=why.cosine_rank))
    if why.reranked is not None:
        parts.append(tr("reranked {score}", score=f"{why.reranked:.2f}"))
    return " · ".join(parts)


def _words_in_it(why: Why) -> str:
    inside = ", ".join(why.terms[:WORDS_SHOWN])
    missing = ", ".join(why.missing[:WORDS_SHOWN])
    if inside and missing:
        return tr("In it: {words}. Not in it: {missing}.", words=inside, missing=missing)
    if inside:
        return tr("In it: {words}.", words=inside)
    return tr("Not in it: {missing}.", missing=missing) if missing else ""


def _elsewhere(passage: Passage) -> str:
    names = list(dict.fromkeys(Path(one.document).name for one in passage.also))
    return tr("The same text stands in {names}.", names=", ".join(names)) if names else ""


def _notes(found: Explained) -> list[str]:
    notes = []
    if not found.supported:
        notes.append(tr("None of these is near enough to answer from. Maru would say that it does not know."))
    said: dict[Meaning, Callable[[], str]] = {
        Meaning.BLIND: lambda: tr(
            "Found by words alone: the search model cannot tell words of this language apart."
        ),
        Meaning.AWAY: lambda: tr("Found by words alone: the search by meaning cannot be used just now."),
        Meaning.COMPARED: lambda: tr(
            "The search index is being made again. Until then a search takes longer and finds the same."
        ),
        Meaning.TEXT_ONLY: lambda: tr("Text only: the search index is being made again."),
        Meaning.NONE: lambda: tr("Found by words alone: there is no search by meaning yet."),
    }
    if found.meaning in said:
        notes.append(said[found.meaning]())
    return notes


def _spans(passage: Passage, terms: Sequence[str]) -> list[tuple[int, int]]:
    """Return where words that begin like the question's stand, counted from the place's beginning."""
    text, found = passage.text.casefold(), list[tuple[int, int]]()
    if len(text) != len(passage.text):  # some letters fold into two: the places would be wrong
        return []
    for term in terms:
        wanted, at = term.casefold(), 0
        while wanted and (at := text.find(wanted, at)) >= 0:
            if not (at and text[at - 1].isascii() and text[at - 1].isalnum()):
                found.append((passage.start + at, passage.start + at + len(wanted)))
            at += len(wanted)
    return _joined(sorted(found))


def _joined(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return spans that overlap or touch as one."""
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _percent(share: float) -> int:
    return round(100 * max(0.0, min(share, 1.0)))
