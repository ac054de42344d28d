# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""An answer of the conversation with all that belongs to it: sources, text, details, how it ended."""

from collections.abc import Sequence

from PySide6.QtWidgets import QPushButton, QWidget

from assistant.errors import ContextFullError, MaruError, Offer, WorkerError
from assistant.messages import FinishReason
from assistant.passages import Passage
from assistant.texts import tr, trn
from ui import markdown, theme
from ui.elements import TextButton
from ui.endings import ending
from ui.fold import FoldedText
from ui.markdown import Block, BlockKind
from ui.message_parts import ActionRow, CodeBlock, Flow, QuietLine
from ui.message_view import MessageView
from ui.plain_words import as_tip
from ui.rich_text import RichText
from ui.theme import SPACE_1, SPACE_2, SPACE_3, SPACE_4
from ui.turns import (
    Turn,
    details,
    file_name,
    hidden_line,
    left_out_line,
    left_out_list,
    pace,
    source_line,
    thought_line,
    with_sources,
)

PARAGRAPH_GAP = 10  # as between the paragraphs of one text
CHIP_NAME = 28  # letters of a file's name on a source chip

Part = Flow | QuietLine | RichText | CodeBlock | ActionRow | FoldedText


class AnswerView(MessageView):
    """An answer: its sources, its text in blocks, how it ended, and what can be done with it."""

    def __init__(self, turn: Turn, parent: QWidget | None = None) -> None:
        super().__init__(turn, parent)
        self._sources = Flow(self)
        self._shown_sources: tuple[Passage, ...] | None = None
        self._shows_unsure = False
        self._status, self._hidden, self._ending = QuietLine(self), QuietLine(self), QuietLine(self)
        self._notices: list[QuietLine] = []
        self._blocks: list[tuple[Block, RichText | CodeBlock]] = []
        self.thinking = FoldedText(tr("What the model thought"), self)
        self.left_out = FoldedText(tr("What was left out"), self)
        self._log = FoldedText(tr("Details of the error"), self)
        self._legend, self._unsure_legend = QuietLine(self), QuietLine(self)
        self._invented_legend = QuietLine(self)
        self._details = RichText(self)
        self._details.hide()
        self._add_actions()
        self._ending.button.clicked.connect(self._help)
        for fold in (self.thinking, self.left_out, self._log):
            fold.toggled.connect(self.height_changed)
        self.show_turn(turn)

    def show_turn(self, turn: Turn) -> None:
        """Show this answer; only what changed is drawn again."""
        super().show_turn(turn)
        self._show_sources(turn.sources)
        self._status.say(turn.status, "search")
        self._hidden.say(hidden_line(turn), *(("mask", "mask") if turn.hidden else ("eye",)))
        self._show_notices(turn.notices)
        self.left_out.show_text(left_out_line(turn.left_out), left_out_list(turn.left_out))
        self.thinking.show_text(thought_line(turn), turn.thinking.strip(), _last_line(turn))
        self._show_text(turn)
        self._show_legends(turn)
        self._ending.say(*ending(turn))
        log = turn.error.details if isinstance(turn.error, WorkerError) else ()
        self._log.show_text(tr("Details") if log else "", "\n".join(log))
        self._show_actions(turn)

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
        below = 0 if self._details.isHidden() else SPACE_4  # nothing rests the eye there, as actions do
        return max(top, theme.px(24)) + below

    def _parts(self) -> list[tuple[Part, int]]:
        """Return every part with the space above it."""
        above: list[tuple[Part, int]] = [
            (self._sources, 0),
            (self._hidden, SPACE_2),
            *((notice, SPACE_2) for notice in self._notices),
            (self.left_out, SPACE_2),
            (self._status, SPACE_2),
            (self.thinking, SPACE_2),
        ]
        blocks = [
            (part, theme.px(PARAGRAPH_GAP) if isinstance(part, RichText) else SPACE_3)
            for _block, part in self._blocks
        ]
        below: list[tuple[Part, int]] = [
            (self._legend, SPACE_3),
            (self._unsure_legend, SPACE_2),
            (self._invented_legend, SPACE_2),
            (self._ending, SPACE_3),
            (self._log, SPACE_1),
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
        self._unsure_button = add("dashed", tr("Show unsure words"), self._toggle_unsure)
        add("info", tr("How this answer was made"), self._toggle_details)

    def _show_actions(self, turn: Turn) -> None:
        self.action_row.setVisible(not turn.streaming and bool(turn.id))
        self._prompt_button.setVisible(bool(turn.receipt and turn.receipt.prompt_as_seen))
        self._unsure_button.setVisible(bool(turn.unsure))
        self.action_row.show_pace(
            pace(turn.receipt), tr("How fast it was written, and the wait before the first word")
        )

    def _show_legends(self, turn: Turn) -> None:
        dotted = tr("Dotted underline: not found in your documents")
        self._legend.say(dotted if turn.unsupported and not turn.streaming else "", "dotted")
        dashed = tr("Dashed underline: the model was not sure of this word")
        self._unsure_legend.say(dashed if self._shows_unsure and turn.unsure else "", "dashed")

        made_up = trn(
            "Struck through: the model made up {n} placeholder; nothing of yours stands behind it",
            "Struck through: the model made up {n} placeholders; nothing of yours stands behind them",
            len(turn.invented),
        )
        self._invented_legend.say(made_up if turn.invented else "", "warning", "warning")

    def _toggle_unsure(self) -> None:
        self._shows_unsure = not self._shows_unsure
        name = tr("Hide unsure words") if self._shows_unsure else tr("Show unsure words")
        self._unsure_button.set_label(name)
        self._unsure_button.set_icon("dashed", "accent" if self._shows_unsure else "quiet")
        self.show_turn(self.turn)
        self.height_changed.emit()

    def _toggle_details(self) -> None:
        if self._details.isHidden() and self.turn.receipt:
            lines = [f"{name}:  {value}" for name, value in details(self.turn.receipt)]
            self._details.show_plain("\n".join(lines), theme.interface_font(theme.TYPE_SMALL))
            self._details.show()
        else:
            self._details.hide()
        self.height_changed.emit()

    def _help(self) -> None:
        match self.turn.error:
            case MaruError(offer=Offer()):
                self.offer_accepted.emit(self.turn)
                return
            case ContextFullError():
                self.shorten_wanted.emit(self.turn)
                return
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
        chip.setToolTip(as_tip(passage.document))
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
        unsupported = () if turn.streaming else turn.unsupported
        unsure = [(word.start, word.end) for word in turn.unsure] if self._shows_unsure else []
        source = markdown.marked(turn.text, spans, unsupported, unsure, turn.invented)
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
        text.describe_unsure = self._probability
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

    def _probability(self, word: int) -> str:
        if word >= len(self.turn.unsure):
            return ""
        percent = round(100 * self.turn.unsure[word].probability)
        return tr("The model gave this word {percent} %", percent=percent)

    def _open_chip(self, chip: int) -> None:
        if chip < len(self.turn.citations):
            self.citation_activated.emit(self.turn.citations[chip])


def _one_a_place(sources: Sequence[Passage]) -> list[Passage]:
    """Return the best passage of each place: a chip names a file and a page once."""
    best: dict[tuple[str, int], Passage] = {}
    for passage in sources:
        best.setdefault((passage.document, passage.place.ordinal), passage)
    return list(best.values())


def _last_line(turn: Turn) -> str:
    """Return the last line of what is being thought, "" once the answer has begun."""
    if not turn.streaming or turn.text:
        return ""
    lines = [line for line in turn.thinking.splitlines() if line.strip()]
    return lines[-1].strip() if lines else ""
