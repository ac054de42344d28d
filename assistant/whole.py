# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Tasks over whole documents: read at once where they fit, else in parts and then together.

Nothing is left out in silence: the answer says how the documents were read, and what was not.
"""

import threading
from collections.abc import Callable, Generator, Sequence
from dataclasses import replace

from assistant import whole_prompt
from assistant.answer_parts import Parts, english_only, of_template
from assistant.asked import Asked, reader_of
from assistant.chat_events import ChatEvent, Events, Masked, Notice, Options, ReadingPart
from assistant.conversations import StoredMessage
from assistant.engine.protocol import ModelInfo, Token
from assistant.meant import Wanted
from assistant.messages import FinishReason
from assistant.own_words import Said, say
from assistant.passages import Passages
from assistant.prompt import Prompt, Window
from assistant.sentences import repeats
from assistant.tasks import Listed, TaskKind
from assistant.texts import text
from assistant.whole_parts import (
    MOST_PARTS,
    Part,
    cut,
    documents_read,
    filled,
    said_of,
    whole_passages,
)
from assistant.whole_prompt import Asking, Note
from assistant.whole_words import by_form, by_sentences, in_korean, missing, notes_of, which
from assistant.writing import WholeReading, Writing, shown_prompts

NOTE_TOKENS = 320
"""The longest note on a part, in tokens."""

NOTE_SHARE = 8
"""Parts of the context window of which a note fills one at most: several must fit together."""

TELLING = 3
"""Sentences that stand for a part of which the model could say nothing."""

LOOK_EVERY_TOKENS = 32
TRIES = 5  # to cut parts so small that each fits as the engine counts it
SMALLER = 0.85

JOINED = (TaskKind.LIST, TaskKind.TRANSLATE)
"""Kinds whose answer is that of one part after the other: drawing them together would lose some."""

STOPPED = text("Stopped after {n} of {total} parts.")


def answer_whole(
    parts: Parts, question: StoredMessage, options: Options, wanted: Wanted, stop: threading.Event
) -> Events:
    """Answer a task over whole documents; where it is open over which, ask. Raises MaruError."""
    passages = tuple(one for path in wanted.documents for one in whole_passages(parts.library, path))
    found = Passages(passages, supported=True) if passages else None
    asked = Asked.of(parts.conversations, parts.privacy, question, options, found, wording=wanted.wording)
    if not passages:
        yield from say(parts, asked, None, which(wanted.candidates, wanted.more, asked.language))
        return
    info = yield from parts.loaded(stop)
    if info is None:
        yield from say(parts, asked, None, Said("", FinishReason.CANCELLED, passages=()))
        return
    reading = _Reading(parts, asked, info, wanted.task.kind, wanted.task.listed, stop)
    listed, language = wanted.task.listed, asked.language
    if not info.korean and (language == "ko" or in_korean(passages)):
        yield reading.notice(english_only(info, language))
        if listed:
            made = by_form(passages, listed, language)
        else:
            made = by_sentences(passages, language, asked.wording)
        yield from reading.say(made)
    elif listed and reader_of(info).small:
        yield from reading.say(by_form(passages, listed, language))
    else:
        yield from reading.run()


class _Reading:
    """One task while its documents are read."""

    def __init__(
        self,
        parts: Parts,
        asked: Asked,
        info: ModelInfo,
        kind: TaskKind,
        listed: Sequence[Listed],
        stop: threading.Event,
    ) -> None:
        """Begin with nothing read; `asked.passages` are all of the documents."""
        self._parts, self._engine, self._asked, self._info = parts, parts.engine, asked, info
        self._kind, self._listed, self._stop = kind, listed, stop
        self._passages = asked.passages.found if asked.passages else ()
        self._sizes = self._engine.count([one.text for one in asked.masked_passages])
        self._asking = Asking(asked.masked, kind, asked.language, reader_of(info))
        self._note_tokens = min(NOTE_TOKENS, info.n_ctx // NOTE_SHARE)
        self._notices: list[str] = []
        self._noted: list[Prompt] = []  # what was asked before the answer is written

    def notice(self, words: str) -> Notice:
        """Return the event that says `words`, which are kept for the receipt."""
        self._notices.append(words)
        return Notice(words)

    def say(self, said: Said) -> Events:
        """Say what no model wrote, and how it was found."""
        for words in said.notices:
            yield self.notice(words)
        made = self._in_one()
        said = replace(said, notices=tuple(self._notices), read=documents_read(made, len(made)))
        yield from say(self._parts, self._asked, self._info, said)

    def run(self) -> Events:
        """Read, and write the answer."""
        for words in of_template(self._info, self._asked.language):
            yield self.notice(words)
        if self._asked.entities or self._asked.told:
            yield Masked(self._asked.entities, self._asked.told)
        built = self._whole()
        if built is not None:
            made = self._in_one()
            yield from self._write(built, made, len(made))
        elif self._kind in JOINED:
            yield from self._one_by_one()
        else:
            yield from self._together()

    def _whole(self) -> Prompt | None:
        """Return the prompt with everything in it, None where that does not fit."""
        window = self._window(self._asked.options.sampling.max_tokens)
        if sum(self._sizes) > min(window.for_prompt, self._most):
            return None
        # A small model loses itself in what was said before.
        history = () if reader_of(self._info).small else self._asked.history
        for turns in (history, ()) if history else ((),):
            built = whole_prompt.whole(
                self._asking, self._asked.masked_passages, turns, window, self._engine.count
            )
            tokens = self._engine.count_prompt(built.messages)
            if tokens <= window.for_prompt:
                dropped = len(history) - len(turns) + built.dropped_messages
                return replace(built, tokens=tokens, dropped_messages=dropped)
        return None

    def _one_by_one(self) -> Events:
        """Answer for each part, and join the answers."""
        window = self._window(self._asked.options.sampling.max_tokens)
        made = self._cut(window, lambda _number, _total: self._asking.last)
        prompts = [self._prompt(part, self._asking.last) for part in made[:MOST_PARTS]]
        yield from self._write(prompts[0], made, len(prompts), prompts[1:])

    def _together(self) -> Events:
        """Note what each part says, draw the notes together until they fit, and answer from them."""
        made = self._cut(self._window(self._note_tokens), self._asking.of_part)
        total = min(len(made), MOST_PARTS)
        notes: list[Note] = []
        for number, part in enumerate(made[:total], start=1):
            yield ReadingPart(number, total)
            words = yield from self._note(self._prompt(part, self._asking.of_part(number, total)))
            if self._stop.is_set():
                yield from self._stopped(made, number - 1, total)
                return
            words = words or notes_of(part.masked, TELLING)
            notes.append(Note(part.masked[0].document, number, words))
        yield ReadingPart(total + 1, total)
        built = yield from self._drawn_together(notes)
        if self._stop.is_set():
            yield from self._stopped(made, total, total)
            return
        yield from self._write(built, made, total)

    def _drawn_together(self, notes: Sequence[Note]) -> Generator[ChatEvent, None, Prompt]:
        """Return the last prompt; where the notes are too long for it, notes on notes take their place."""
        window = self._window(self._asked.options.sampling.max_tokens)
        while True:
            built = whole_prompt.together(self._asking, notes)
            sizes = self._engine.count([note.words for note in notes])
            tokens = self._engine.count_prompt(built.messages)
            if tokens <= window.for_prompt or self._stop.is_set():
                return replace(built, tokens=tokens, passages_tokens=sum(sizes))
            groups = whole_prompt.grouped(notes, sizes, window.for_prompt // 2)
            if len(groups) == len(notes):
                raise window.too_long(tokens)
            notes = yield from self._notes_on(groups)

    def _notes_on(self, groups: Sequence[Sequence[Note]]) -> Generator[ChatEvent, None, list[Note]]:
        drawn = []
        for group in groups:
            words = yield from self._note(whole_prompt.together(self._asking, group, last=False))
            first_lines = " ".join(note.words.partition("\n")[0] for note in group)
            drawn.append(replace(group[0], words=words or first_lines))
        return drawn

    def _note(self, built: Prompt) -> Generator[ChatEvent, None, str]:
        """Return what the model notes, "" where that is nothing or goes round in circles."""
        sampling = replace(self._asked.options.sampling, max_tokens=self._note_tokens)
        self._noted.append(built)
        stream = self._engine.stream(built.messages, sampling, self._stop)
        written, pieces = "", 0
        try:
            for item in stream:
                yield from ()
                if not isinstance(item, Token) or item.thinking:
                    continue
                written, pieces = written + item.text, pieces + 1
                if pieces % LOOK_EVERY_TOKENS == 0 and repeats(written):
                    return ""
        finally:
            stream.close()  # cancels and drains
        return written.strip()

    def _write(self, built: Prompt, made: Sequence[Part], used: int, more: Sequence[Prompt] = ()) -> Events:
        """Say how the documents were read, and write the answer."""
        said = (*built.left_out(), *said_of(made, used, together=self._kind not in JOINED))
        for words in said:
            yield self.notice(words.in_language(self._asked.language))
        yield self._asked.context_use(built, self._info)
        read = tuple(one for part in made[:used] for one in part.passages)
        reading = WholeReading(
            read=documents_read(made, used),
            passages=() if self._kind is TaskKind.TRANSLATE else read,
            following=tuple(more),
            before=tuple(self._noted),
            listed=self._kind is TaskKind.LIST,
            missing=missing(read, self._listed, self._asked.language),
        )
        yield from Writing(
            self._parts.conversations, self._engine, self._asked, self._info, built, self._notices, reading
        ).run(self._stop)

    def _stopped(self, made: Sequence[Part], used: int, total: int) -> Events:
        yield self.notice(filled(STOPPED, n=used, total=total).in_language(self._asked.language))
        said = Said(
            words="",
            reason=FinishReason.CANCELLED,
            notices=tuple(self._notices),
            passages=(),
            read=documents_read(made, used),
            seen=shown_prompts(self._noted),
        )
        yield from say(self._parts, self._asked, self._info, said)

    @property
    def _most(self) -> int:
        """Tokens of a text that is read at once: a translation is as long as what it translates."""
        longest = self._asked.options.sampling.max_tokens
        return longest * 3 // 4 if self._kind is TaskKind.TRANSLATE else self._info.n_ctx

    def _window(self, max_tokens: int) -> Window:
        return Window(self._info.n_ctx, max_tokens, self._info.n_ctx_train)

    def _in_one(self) -> list[Part]:
        """Return each document as one part."""
        return cut(self._passages, self._asked.masked_passages, self._sizes, sum(self._sizes))

    def _prompt(self, part: Part, last: str) -> Prompt:
        built = whole_prompt.part(self._asking, part.masked, last)
        return replace(built, passages_tokens=part.tokens)

    def _cut(self, window: Window, last: Callable[[int, int], str]) -> list[Part]:
        """Return parts each of which fits `window` as the engine counts it. Raises ContextFullError."""
        bare = whole_prompt.part(self._asking, (), last(MOST_PARTS, MOST_PARTS))
        room = min(window.for_prompt - self._engine.count_prompt(bare.messages), self._most)
        for _ in range(TRIES):
            made = cut(self._passages, self._asked.masked_passages, self._sizes, max(room, 1))
            longest = self._prompt(max(made, key=lambda part: part.tokens), last(1, len(made)))
            tokens = self._engine.count_prompt(longest.messages)
            if tokens <= window.for_prompt:
                return made
            room = int(room * SMALLER)
        raise window.too_long(tokens)
