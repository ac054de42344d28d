# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""One answer while it is written: streamed, restored, cited, saved, and its receipt."""

import threading
import time
from collections.abc import Callable, Generator, Sequence
from dataclasses import asdict, dataclass, fields, replace
from itertools import accumulate

from assistant import prompt
from assistant.asked import Asked, slot_of
from assistant.chat_events import (
    Answered,
    ChatEvent,
    Cited,
    Events,
    Reading,
    ReadingPart,
    Thinking,
    TokenText,
)
from assistant.citations import Citer
from assistant.conversations import ConversationStore
from assistant.engine.client import Engine
from assistant.engine.protocol import Generated, ModelInfo, PromptProgress, Timings, Token
from assistant.errors import MaruError, SetAsideError, WorkerError
from assistant.joined_lists import FreshLines
from assistant.messages import FinishReason, Message, Role
from assistant.passages import Passage
from assistant.privacy.restore import StreamRestorer
from assistant.receipts import DocumentRead, Receipt
from assistant.sampling import SamplingParams
from assistant.sentences import repeats
from assistant.sureness import Sureness
from assistant.texts import text

SAVE_EVERY_S = 1.0
"""How often a growing answer is saved: what a crash may cost."""

MOST_SEEN = 400_000
"""Characters of the prompts of one answer that its receipt keeps: of a book only the first and the last."""

BETWEEN_PROMPTS = "\n\n————\n\n"

LOOK_EVERY_TOKENS = 32
"""How often an answer is checked for going round in circles."""


@dataclass(frozen=True)
class WholeReading:
    """What an answer over whole documents rests on, beside its prompt.

    `read` says what was read, `passages` is all of its text, of which those that are cited go into the
    receipt; none are judged for a translation, whose words are others. `following` are prompts whose
    answers are joined to the first: one a part; with `listed` a line that stands there already is left
    out. `missing` returns what to add to a finished answer. `before` are prompts that were answered first,
    for notes on the parts.
    """

    read: tuple[DocumentRead, ...]
    passages: tuple[Passage, ...]
    following: tuple[prompt.Prompt, ...] = ()
    before: tuple[prompt.Prompt, ...] = ()
    listed: bool = False
    missing: Callable[[str], str] = lambda _words: ""


class Writing:
    """One answer while it is written: restored, cited, saved."""

    def __init__(
        self,
        conversations: ConversationStore,
        engine: Engine,
        asked: Asked,
        info: ModelInfo,
        built: prompt.Prompt,
        notices: Sequence[str],
        reading: WholeReading | None = None,
    ) -> None:
        """Answer `built` with `engine`, which has `info` loaded; `notices` were said before.

        `reading`: of whole documents.
        """
        self._reading = reading
        self._lines = FreshLines() if reading is not None and reading.listed else None
        self._notices = notices
        self._conversations = conversations
        self._engine = engine
        self._asked = asked
        self._info = info
        self._built = built
        self._restorer = StreamRestorer(asked.vault)
        self._thoughts = _Thoughts(asked)
        self._sureness = Sureness()
        shown = asked.passages.found[: len(built.passages)] if asked.passages else ()
        if reading is not None:
            shown = reading.passages
        self._citer = Citer(shown, asked.wording, whole=reading is not None)
        self._sampling = asked.options.sampling.with_seed()

    def run(self, stop: threading.Event) -> Events:
        """Stream the answer; whatever ends it, what there is gets stored and marked."""
        question = self._asked.question
        stored = self._conversations.start_answer(question.conversation_id, question.id)
        reason, timings = FinishReason.CANCELLED, Timings()
        try:
            reason, timings = yield from self._write(stored.id, stop)
            yield from self._thoughts.flush()
            yield from self._show(self._restorer.flush(), at_end=True)
        except MaruError as error:
            reason = FinishReason.FAILED
            raise _still_there(error) from error
        finally:
            list(self._thoughts.flush())  # what was held back is kept, too
            list(self._show(self._restorer.flush(), at_end=True))
            receipt = self._receipt(timings)
            answered = self._conversations.finish_answer(stored.id, self._citer.text, reason, receipt)
        yield Answered(answered)

    def _write(
        self, message_id: int, stop: threading.Event
    ) -> Generator[ChatEvent, None, tuple[FinishReason, Timings]]:
        """Write the answer to each prompt, one after the other."""
        prompts = [self._built, *(self._reading.following if self._reading else ())]
        reason, timings = FinishReason.STOP, Timings()
        for number, built in enumerate(prompts, start=1):
            if len(prompts) > 1:
                yield ReadingPart(number, len(prompts))
            generated = yield from self._stream(message_id, built, stop)
            timings = _added(timings, generated.timings) if number > 1 else generated.timings
            if generated.finish_reason is not FinishReason.STOP:
                reason = generated.finish_reason  # of one part that was cut, the whole answer is
            if reason is FinishReason.CANCELLED:
                break
            if number < len(prompts):
                yield from self._show(self._restorer.feed("\n\n"))  # a blank line holds nothing back
        if self._reading is not None and reason is not FinishReason.CANCELLED:
            yield from self._show(self._restorer.flush())
            words = self._citer.text + (self._lines.held if self._lines else "")
            yield from self._show(self._reading.missing(words))
        return reason, timings

    def _stream(
        self, message_id: int, built: prompt.Prompt, stop: threading.Event
    ) -> Generator[ChatEvent, None, Generated]:
        saved, pieces, pace, written = time.monotonic(), 0, _Pace(), ""
        slot = slot_of(self._asked.question.conversation_id)
        stream = self._engine.stream(built.messages, self._sampling, stop, slot=slot)
        try:
            while True:
                item = next(stream)
                pace.feed(item)
                if isinstance(item, PromptProgress):
                    yield Reading(item.done, item.total)
                elif isinstance(item, Token) and item.thinking:
                    yield from self._thoughts.feed(item.text)
                elif isinstance(item, Token):
                    yield from self._thoughts.flush()
                    self._sureness.feed(item.text, item.probability)
                    yield from self._show(self._restorer.feed(item.text))
                    pieces, written = pieces + 1, written + item.text
                    # Counted in tokens, not in seconds: the same question must end the same way.
                    if pieces % LOOK_EVERY_TOKENS == 0 and repeats(written):
                        return Generated(FinishReason.REPEATED, self._sampling.seed or 0, pace.timings())
                    if time.monotonic() - saved > SAVE_EVERY_S:
                        saved = time.monotonic()
                        self._conversations.save_partial(message_id, self._citer.text)
        except StopIteration as end:
            generated: Generated = end.value
            return generated
        finally:
            stream.close()  # cancels and drains: a dropped stream would poison the next answer

    def _show(self, piece: str, *, at_end: bool = False) -> Events:
        if self._lines is not None:
            piece = self._lines.feed(piece) + (self._lines.flush() if at_end else "")
        parts = self._citer.feed(piece) if piece else []
        for part in [*parts, *(self._citer.flush() if at_end else [])]:
            yield TokenText(part) if isinstance(part, str) else Cited(part)

    def _receipt(self, timings: Timings) -> Receipt:
        receipt = receipt_of(self._asked, self._info, self, timings, self._notices)
        thought = {"thinking_ms": self._thoughts.milliseconds} if self._thoughts.text else {}
        return replace(
            receipt,
            thinking=self._thoughts.text,
            timings={**receipt.timings, **thought},
            confidence=self._sureness.spans(self._citer.text),
            context=self._asked.context_use(self._built, self._info),
            invented=self._restorer.invented(self._citer.text),
        )

    @property
    def sampling(self) -> SamplingParams:
        """The sampling in use, with its seed."""
        return self._sampling

    @property
    def citer(self) -> Citer:
        """The answer so far and its citations."""
        return self._citer

    @property
    def reading(self) -> WholeReading | None:
        """What it rests on where whole documents were read."""
        return self._reading

    @property
    def built(self) -> prompt.Prompt:
        """What the model was given."""
        return self._built


class _Thoughts:
    """What a reasoning model thinks before its answer: restored, kept, never cited."""

    def __init__(self, asked: Asked) -> None:
        """Begin with none."""
        self._restorer = StreamRestorer(asked.vault)
        self._start = self._end = 0.0
        self._over = False
        self.text = ""

    def feed(self, piece: str) -> Generator[Thinking, None, None]:
        """Take the next piece."""
        self._end = time.monotonic()
        self._start = self._start or self._end
        yield from self._show(self._restorer.feed(piece))

    def flush(self) -> Generator[Thinking, None, None]:
        """End the thinking; it ends once."""
        if not self._over:
            self._over = True
            if self._start:
                self._end = time.monotonic()
            yield from self._show(self._restorer.flush())

    @property
    def milliseconds(self) -> float:
        """How long it took."""
        return (self._end - self._start) * 1000

    def _show(self, words: str) -> Generator[Thinking, None, None]:
        if words:
            self.text += words
            yield Thinking(words)


class _Pace:
    """What an answer that is ended from here took: the engine tells it only at an end of its own.

    Measured as the engine measures: the prompt is read when the first token can be chosen.
    """

    def __init__(self) -> None:
        """Begin now, when the engine is asked."""
        self._start = self._read = self._first = self._last = time.monotonic()
        self._cached: int | None = None
        self._prompt = self._tokens = self._thoughts = 0

    def feed(self, item: PromptProgress | Token) -> None:
        """Take what the engine has sent."""
        now = time.monotonic()
        if isinstance(item, PromptProgress):
            self._cached = item.done if self._cached is None else self._cached  # read before it began
            self._prompt, self._read = item.total, now
            return
        if not self._tokens:
            self._first = now
        self._tokens, self._last = self._tokens + 1, now
        self._thoughts += item.thinking

    def timings(self) -> Timings:
        """Return what there is to tell of it; a piece of text counts as a token."""
        return Timings(
            prompt_tokens=self._prompt,
            cached_tokens=self._cached or 0,
            prompt_ms=(self._read - self._start) * 1000,
            first_token_ms=(self._first - self._start) * 1000,
            predicted_tokens=self._tokens,
            predicted_ms=(self._last - self._read) * 1000,
            thinking_tokens=self._thoughts,
        )


def receipt_of(
    asked: Asked,
    info: ModelInfo | None,
    writing: Writing | None,
    timings: Timings,
    notices: Sequence[str] = (),
) -> Receipt:
    """Return everything that makes an answer checkable and repeatable."""
    built = writing.built if writing else None
    reading = writing.reading if writing else None
    prompts = [built] if built else []
    if built and reading:
        prompts = [*reading.before, built, *reading.following]
    passages = asked.passages.found if asked.passages else ()
    return Receipt(
        model_name=info.name if info else "",
        model_sha256=info.sha256 if info else "",
        sampling=writing.sampling if writing else asked.options.sampling,
        preset=asked.options.preset.value if asked.options.preset else None,
        passages=tuple(writing.citer.cited) if writing and reading else passages,
        whole=reading.read if reading else (),
        citations=tuple(writing.citer.citations) if writing else (),
        unsupported=tuple(writing.citer.unsupported) if writing else (),
        masked=asked.entities if writing else {},  # of what the model was not shown nothing is hidden
        told=asked.told if writing else {},
        timings={name: float(value) for name, value in asdict(timings).items()},
        prompt_as_seen=shown_prompts(prompts),
        searched=asked.passages is not None,
        searched_for=asked.searched_for,
        notices=tuple(notices),
    )


def _added(before: Timings, now: Timings) -> Timings:
    """Return the timings of two answers that are joined; the first word came with the first."""
    sums = {one.name: getattr(before, one.name) + getattr(now, one.name) for one in fields(Timings)}
    return Timings(**{**sums, "first_token_ms": before.first_token_ms})


def shown_prompt(messages: Sequence[Message]) -> str:
    """Return the prompt as "What the model saw" shows it: one block a message."""
    names = {Role.SYSTEM: "system", Role.USER: "user", Role.ASSISTANT: "assistant"}
    return "\n\n".join(f"{names[message.role]}:\n{message.content}" for message in messages)


def shown_prompts(prompts: Sequence[prompt.Prompt]) -> str:
    """Return all prompts of one answer; where they are too long together, the first ones and the last."""
    shown = [shown_prompt(one.messages) for one in prompts]
    if sum(map(len, shown)) > MOST_SEEN:
        room = MOST_SEEN - len(shown[-1])
        ends = accumulate(map(len, shown[:-1]))
        shown = [*(words for words, end in zip(shown, ends, strict=False) if end <= room), "…", shown[-1]]
    return BETWEEN_PROMPTS.join(shown)


def _still_there(error: MaruError) -> MaruError:
    """Say of a worker's end that nothing is lost; of one that is not started again, its own hint helps."""
    if not isinstance(error, WorkerError) or isinstance(error, SetAsideError):
        return error
    kept = text("Your question and what was written are kept: ask again.")
    return type(error)(error.message, kept, error.offer, error.details)
