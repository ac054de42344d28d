# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""An answer of the conversation with all that belongs to it: sources, text, details, how it ended."""

from collections.abc import Sequence

from PySide6.QtWidgets import QPushButton, QWidget

from assistant.messages import FinishReason
from assistant.passages import Passage
from assistant.texts import tr
from ui import markdown, theme
from ui.elements import TextButton
from ui.markdown import Block, BlockKind
from ui.message_parts import ActionRow, CodeBlock, DottedSwatch, Flow, QuietLine
from ui.message_view import MessageView
from ui.rich_text import RichText
from ui.theme import SPACE_1, SPACE_2, SPACE_3
from ui.turns import Turn, details, file_name, hidden_line, source_line, with_sources

PARAGRAPH_GAP = 10  # as between the paragraphs of one text
CHIP_NAME = 28  # letters of a file's name on a source chip


class AnswerView(MessageView):
    """An answer: its sources, its text in blocks, how it ended, and what can be done with it."""

    def __init__(self, turn: Turn, parent: QWidget | None = None) -> None:
        super().__init__(turn, parent)
        self._sources = Flow(self)
        self._shown_sources: tuple[Passage, ...] | None = None
        self._status, self._hidden, self._ending = QuietLine(self), QuietLine(self), QuietLine(self)
        self._notices: list[QuietLine] = []
        self._blocks: list[tuple[Block, RichText | CodeBlock]] = []
        self._legend = DottedSwatch(self)
        self._details = RichText(self)
        self._details.hide()
        self._add_actions()
        self._ending.button.clicked.connect(self._help)
        self.show_turn(turn)

    def show_turn(self, turn: Turn) -> None:
        """Show this answer; only what changed is drawn again."""
        super().show_turn(turn)
        self._show_sources(turn.sources)
        self._status.say(turn.status, "search")
        self._hidden.say(hidden_line(turn.hidden) if turn.hidden else "", "mask", "mask")
        self._show_notices(turn.notices)
        self._show_text(turn)
        self._legend.setVisible(bool(turn.unsupported) and not turn.streaming)
        self._ending.say(*_ending(turn))
        self.action_row.setVisible(not turn.streaming and bool(turn.id))
        self._prompt_button.setVisible(bool(turn.receipt and turn.receipt.prompt_as_seen))

    def texts(self) -> list[RichText]:
        """Return the texts of all blocks."""
        return [part.text if isinstance(part, CodeBlock) else part for _block, part in self._blocks]

    def fit(self, width: int) -> int:
        """Lay out from top to bottom."""
        top = 0
        for part, gap in self._parts():
            if part.isHidden():
                continue
            top += gap if top else 0
            height = part.fit(width)
            part.setGeometry(0, top, width, height)
            top += height
        return max(top, theme.px(24))

    def _parts(self) -> list[tuple[Flow | QuietLine | RichText | CodeBlock | ActionRow, int]]:
        """Return every part with the space above it."""
        above: list[tuple[Flow | QuietLine | RichText | CodeBlock | ActionRow, int]] = [
            (self._sources, 0),
            (self._hidden, SPACE_2),
            *((notice, SPACE_2) for notice in self._notices),
            (self._status, SPACE_2),
        ]
        blocks = [
            (part, theme.px(PARAGRAPH_GAP) if isinstance(part, RichText) else SPACE_3)
            for _block, part in self._blocks
        ]
        below: list[tuple[Flow | QuietLine | RichText | CodeBlock | ActionRow, int]] = [
            (self._legend, SPACE_3),
            (self._ending, SPACE_3),
            (self.action_row, SPACE_1),
            (self._details, SPACE_2),
        ]
        return [*above, *blocks, *below]

    def _add_actions(self) -> None:
        add = self.action_row.add
        self.action_row.add_copy(tr("Copy answer"), lambda: self.turn.text)
        self.action_row.add_copy(tr("Copy with sources"), lambda: with_sources(self.turn), "quote")
        add("again", tr("Ask again"), lambda: self.again_wanted.emit(self.turn))
        self._prompt_button = add("eye", tr("What the model saw"), lambda: self.prompt_wanted.emit(self.turn))
        add("info", tr("How this answer was made"), self._toggle_details)

    def _toggle_details(self) -> None:
        if self._details.isHidden() and self.turn.receipt:
            lines = [f"{name}:  {value}" for name, value in details(self.turn.receipt)]
            self._details.show_plain("\n".join(lines), theme.interface_font(theme.TYPE_SMALL))
            self._details.show()
        else:
            self._details.hide()
        self.height_changed.emit()

    def _help(self) -> None:
        match self.turn.finish_reason:
            case FinishReason.LENGTH:
                self.go_on_wanted.emit(self.turn)
            case FinishReason.REFUSED:
                self.alone_wanted.emit(self.turn)
            case _:
                self.again_wanted.emit(self.turn)

    def _show_sources(self, sources: tuple[Passage, ...]) -> None:
        if sources == self._shown_sources:
            return
        self._shown_sources = sources
        self._sources.setVisible(bool(sources))
        self._sources.show_all([self._source_chip(passage) for passage in _one_a_place(sources)])

    def _source_chip(self, passage: Passage) -> QPushButton:
        name = file_name(passage)
        short = name if len(name) <= CHIP_NAME else name[: CHIP_NAME - 9] + "…" + name[-8:]
        chip = TextButton(f"{short} · {passage.place.shown()}", "chip", "document")
        chip.setAccessibleName(tr("Source: {source}", source=source_line(passage)))
        chip.setToolTip(passage.document)
        chip.clicked.connect(lambda: self.passage_activated.emit(passage))
        return chip

    def _show_notices(self, notices: Sequence[str]) -> None:
        if [line.words() for line in self._notices] == list(notices):
            return
        for line in self._notices:
            line.hide()
            line.deleteLater()
        self._notices = [QuietLine(self) for _ in notices]
        for line, words in zip(self._notices, notices, strict=True):
            line.say(words)

    def _show_text(self, turn: Turn) -> None:
        spans = [(citation.start, citation.end) for citation in turn.citations]
        source = markdown.marked(turn.text, spans, () if turn.streaming else turn.unsupported)
        if turn.streaming and turn.text:
            source += markdown.CARET
        chips = [citation.n for citation in turn.citations]
        wanted = markdown.blocks(source)
        for number, block in enumerate(wanted):
            self._show_block(number, block, chips)
        for _block, part in self._blocks[len(wanted) :]:
            part.hide()
            part.deleteLater()
        del self._blocks[len(wanted) :]

    def _show_block(self, number: int, block: Block, chips: Sequence[int]) -> None:
        there = self._blocks[number] if number < len(self._blocks) else None
        if there and there[0] == block:
            return
        if there and there[0].kind is block.kind:
            part = there[1]
        else:
            part = self._new_part(block.kind)
            if there:
                there[1].hide()
                there[1].deleteLater()
        if isinstance(part, CodeBlock):
            part.show_block(block)
        else:
            part.show_markdown(block.text, chips)
        self._blocks[number : number + 1] = [(block, part)]

    def _new_part(self, kind: BlockKind) -> RichText | CodeBlock:
        part = CodeBlock(self) if kind is BlockKind.CODE else RichText(self, wide=kind is BlockKind.TABLE)
        text = part.text if isinstance(part, CodeBlock) else part
        text.describe = self._quote
        text.chip_activated.connect(self._open_chip)
        text.link_activated.connect(self.link_activated)
        if not isinstance(part, CodeBlock):
            text.setAccessibleName(tr("Answer"))
        part.show()
        return part

    def _quote(self, chip: int) -> str:
        if chip >= len(self.turn.citations):
            return ""
        citation = self.turn.citations[chip]
        return f"“{' '.join(citation.quote.split())}”\n{source_line(citation.passage)}"

    def _open_chip(self, chip: int) -> None:
        if chip < len(self.turn.citations):
            self.citation_activated.emit(self.turn.citations[chip])


def _one_a_place(sources: Sequence[Passage]) -> list[Passage]:
    """Return the best passage of each place: a chip names a file and a page once."""
    best: dict[tuple[str, int], Passage] = {}
    for passage in sources:
        best.setdefault((passage.document, passage.place.ordinal), passage)
    return list(best.values())


def _ending(turn: Turn) -> tuple[str, str, str, str]:
    """Return the quiet line under an answer: words, icon, role of the colours, the helpful button."""
    if turn.error is not None:
        return str(turn.error), "warning", "danger", tr("Ask again")
    if turn.streaming:
        return "", "", "quiet", ""
    match turn.finish_reason:
        case FinishReason.CANCELLED:
            return tr("You stopped this answer."), "stop", "quiet", tr("Ask again")
        case FinishReason.FAILED:
            return tr("This answer ended early: the engine stopped."), "warning", "danger", tr("Ask again")
        case FinishReason.LENGTH:
            return tr("This answer reached its longest length."), "info", "quiet", tr("Go on")
        case FinishReason.REPEATED:
            return tr("The model began to repeat itself and was stopped."), "stop", "quiet", tr("Ask again")
        case FinishReason.REFUSED:
            return tr("The model was not asked."), "info", "quiet", tr("Ask without documents")
    return "", "", "quiet", ""
