# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The sources of an answer: its passages, numbered as cited, each a way to the page it stands on."""

from collections.abc import Callable, Sequence
from html import escape
from pathlib import Path

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QLabel, QStackedWidget, QWidget

from assistant.passages import Citation, Passage, Passages
from assistant.texts import tr
from ui import theme
from ui.blocks import Card, Empty, ScrollColumn
from ui.elements import Badge, ElidedLabel, Note, column, label, row
from ui.tasks import Task, call

EXCERPT = 320  # letters of a passage on its card
BEFORE_QUOTE = 90  # letters shown before the first quote

Changed = Callable[[Passage], bool]


class SourcesPanel(QWidget):
    """Shows what an answer rests on. `changed(passage)` says whether the file is no longer what was read.

    `changed` looks at the disk, so it runs on a thread; without it nothing is said about changes.
    """

    passage_activated = Signal(object, object)  # Passage, Citation | None (the first of its citations)

    def __init__(self, changed: Changed | None = None) -> None:
        super().__init__()
        self._changed = changed
        self._shown: tuple[Passages, tuple[Citation, ...]] | None = None
        self._looking: Task | None = None
        self.cards: list[SourceCard] = []
        self.column = ScrollColumn()
        self.empty = Empty("quote", tr("No sources yet"), tr("Ask a question, and its sources stand here."))
        self.stack = QStackedWidget()
        self.stack.addWidget(self.empty)
        self.stack.addWidget(self.column)
        lines = column()
        lines.addWidget(self.stack)
        self.setLayout(lines)

    def clear(self) -> None:
        """Show no sources: another conversation, or an answer without documents."""
        self._shown = None
        self._fill()

    def show_sources(self, passages: Passages, citations: Sequence[Citation] = ()) -> None:
        """Show the passages of an answer, the cited ones first; before the answer there are no citations."""
        self._shown = (passages, tuple(citations))
        self._fill()
        self._look_for_changes(passages.found)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Mark the quotes again in the new colours."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            for card in self.cards:
                card.paint_quotes()

    def _fill(self) -> None:
        self.column.clear()
        self.cards = []
        if self._shown is None or not self._shown[0].found:
            self.stack.setCurrentWidget(self.empty)
            return
        passages, citations = self._shown
        for look, words in self._notes(passages, citations):
            self.column.add(Note(words, look))
        of_card = {n: [c for c in citations if c.n == n] for n in range(1, len(passages.found) + 1)}
        cited = [n for n, its in of_card.items() if its]
        others = [n for n, its in of_card.items() if not its]
        self._add_cards(cited, passages, of_card)
        if cited and others:
            self.column.add(label(tr("Also found, not cited"), "small"))
        self._add_cards(others, passages, of_card)
        self.stack.setCurrentWidget(self.column)
        self.column.verticalScrollBar().setValue(0)

    def _add_cards(
        self, numbers: Sequence[int], passages: Passages, of_card: dict[int, list[Citation]]
    ) -> None:
        for n in numbers:
            card = SourceCard(n, passages.found[n - 1], of_card[n])
            card.clicked.connect(lambda _checked=False, card=card: self._activate(card))
            self.cards.append(card)
            self.column.add(card)

    def _activate(self, card: "SourceCard") -> None:
        self.passage_activated.emit(card.passage, card.citations[0] if card.citations else None)

    @staticmethod
    def _notes(passages: Passages, citations: Sequence[Citation]) -> list[tuple[str, str]]:
        notes = []
        if not passages.supported:
            words = tr(
                "Your documents do not say. These are the nearest passages; none answers the question."
            )
            notes.append(("warning", words))
        elif not citations:
            notes.append(("soft", tr("Passages the answer may rest on. Cited ones are marked.")))
        if passages.rebuilding:
            again = tr("Text only: the search index is being made again.")
            slower = tr(
                "The search index is being made again. Until then a search takes longer and finds the same."
            )
            notes.append(("soft", slower if passages.vectors_used else again))
        elif not passages.vectors_used:
            notes.append(("soft", tr("Found by their words alone: the search by meaning had no say here.")))
        return notes

    def _look_for_changes(self, passages: Sequence[Passage]) -> None:
        if self._looking is not None:
            self._looking.finished.disconnect(self._mark_changed)
        self._looking = None
        if self._changed is None or not passages:
            return
        ask, each = self._changed, {p.document: p for p in passages}
        self._looking = call(lambda: {name for name, passage in each.items() if ask(passage)})
        self._looking.finished.connect(self._mark_changed)
        self._looking.start()

    def _mark_changed(self, documents: set[str]) -> None:
        for card in self.cards:
            card.note_change(card.passage.document in documents)


class SourceCard(Card):
    """A passage: its number, file and place, and its text with the quotes marked."""

    def __init__(self, n: int, passage: Passage, citations: Sequence[Citation]) -> None:
        name = Path(passage.document).name
        super().__init__(tr("Source {n}: {name}, {place}", n=n, name=name, place=passage.place.shown()))
        self.n, self.passage, self.citations = n, passage, list(citations)
        self.setAccessibleDescription(passage.text)
        self.setToolTip(tr("Show it in the document"))
        number = Badge(str(n), strong=bool(citations))
        file = ElidedLabel(name, "heading", Qt.TextElideMode.ElideMiddle)
        place = ElidedLabel(place_words(passage), "small")
        self.put(row(number, file))
        self.put(place)
        self.words = QLabel()
        self.words.setTextFormat(Qt.TextFormat.RichText)
        self.words.setWordWrap(True)
        self.paint_quotes()
        self.put(self.words)
        self.change = Note(tr("The file has changed since it was read for this answer."), "warning")
        self.change.hide()
        self.put(self.change)

    def paint_quotes(self) -> None:
        """Draw the text, quotes on a ground of their own and underlined: not by colour alone."""
        spans = [(c.quote_start, c.quote_end) for c in self.citations]
        roles = theme.colours()
        style = f"background-color:{roles.accent_soft}; color:{roles.text}; text-decoration:underline"
        self.words.setText(marked(self.passage, spans, style))

    def note_change(self, changed: bool) -> None:
        """Say that the file is no longer what was read."""
        self.change.setVisible(changed)


def marked(passage: Passage, spans: Sequence[tuple[int, int]], style: str) -> str:
    """Return an excerpt of the passage as HTML; `spans` count from the start of the place's text.

    Every letter of the document is escaped: nothing in it can be a tag.
    """
    inside = sorted((max(s - passage.start, 0), min(e - passage.start, len(passage.text))) for s, e in spans)
    inside = [(s, e) for s, e in inside if s < e]
    begin = max(inside[0][0] - BEFORE_QUOTE, 0) if inside else 0
    begin = 0 if begin < BEFORE_QUOTE // 2 else begin
    end = min(max(begin + EXCERPT, inside[0][1] if inside else 0), len(passage.text))
    parts, at = ["… "] if begin else [], begin
    for start, stop in inside:
        start, stop = max(start, at), min(stop, end)  # noqa: PLW2901 - clipped to what is shown
        if start < stop:
            parts.append(_html(passage.text[at:start]))
            parts.append(f'<span style="{style}">{_html(passage.text[start:stop])}</span>')
            at = stop
    parts.append(_html(passage.text[at:end]))
    return "".join(parts) + (" …" if end < len(passage.text) else "")


def _html(words: str) -> str:
    return escape(words).replace("\n", " ")


def place_words(passage: Passage) -> str:
    """Return where a passage stands, with the heading above it, and whether it was read from a picture."""
    named = passage.heading and passage.heading != passage.place.shown()
    return f"{passage.where()} · {passage.heading}" if named else passage.where()
