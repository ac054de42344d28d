# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The prompt of one question: instructions, history and numbered passages, fitted to the window."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from pathlib import PurePath

from assistant.errors import ContextFullError, Offer
from assistant.messages import Message, Role
from assistant.passages import Passage
from assistant.paths import resources
from assistant.sentences import unwrapped
from assistant.texts import Text, text, textn

MESSAGE_OVERHEAD = 12
"""Tokens of a chat template around one message, generously: the engine counts the whole again."""

ANSWER_SHARE = 0.25
"""Least share of the context window that is kept for the answer."""

HISTORY_BLOCKS = 4
"""Parts of the prompt's room in which history is left out, one at a time."""

SMALL_MODEL = 1_000_000_000
"""Parameters below which a model is asked for one sentence: it loses itself in longer ones.

Looked at on the starter model: 6 of 6 questions about a lease right when asked for one sentence, 4 of 6
when asked for one or two, one of these running on into other facts.
"""

SMALL_PASSAGES = 2
"""Passages that a small model is given: the starter answered 8 of 16 questions about the samples right
with two, 5 with five."""

ASKING_BASE = {
    "en": "Question: {question}\nAnswer:",
    "ko": "질문: {question}\n답:",
}
"""How a base model is brought to answer from passages: it goes on with whatever stands there."""

ASKING = {
    ("en", True): "Using only the passages above, answer in one sentence: {question}",
    ("en", False): "Using only the passages above, answer: {question}",
    ("ko", True): "위의 구절만 사용해서 한 문장으로 답하세요: {question}",
    ("ko", False): "위의 구절만 사용해서 답하세요: {question}",
}

WINDOWS = tuple(1024 << step for step in range(11))
"""Context windows that are offered, in tokens."""

CountTokens = Callable[[Sequence[str]], Sequence[int]]
CountPrompt = Callable[[Sequence[Message]], int]


@dataclass(frozen=True)
class Prompt:
    """What the model is asked: messages, the passages that fitted, and what had to be left out.

    `dropped_messages` of the history, the oldest, were left out. `history_tokens` and
    `passages_tokens` are what those that stayed take; `tokens` is the whole, as the engine counts it.
    """

    messages: tuple[Message, ...]
    passages: tuple[Passage, ...]
    dropped_messages: int = 0
    dropped_passages: int = 0
    history_tokens: int = 0
    passages_tokens: int = 0
    tokens: int = 0

    def left_out(self) -> tuple[Text, ...]:
        """Return a sentence about each kind of thing that did not fit."""
        messages = textn(
            "To fit the context window, {n} earlier message was left out.",
            "To fit the context window, {n} earlier messages were left out.",
            self.dropped_messages,
        )
        passages = textn(
            "To fit the context window, {n} passage was left out.",
            "To fit the context window, {n} passages were left out.",
            self.dropped_passages,
        )
        return tuple(said for said in (messages, passages) if said.n)


@dataclass(frozen=True)
class Window:
    """The room there is, in tokens: the context window and the longest answer wanted.

    `n_ctx_train` is the longest window the model knows; `taken` is what a chat template takes beyond
    what is estimated for each message.
    """

    n_ctx: int
    max_tokens: int
    n_ctx_train: int = 0
    taken: int = 0

    @property
    def for_prompt(self) -> int:
        """Tokens that a prompt may take."""
        return self.n_ctx - max(min(self.max_tokens, self.n_ctx // 2), int(self.n_ctx * ANSWER_SHARE))

    def too_long(self, needed: int) -> ContextFullError:
        """Return the error for a question that needs so many tokens alone."""
        wider = next((n for n in WINDOWS if replace(self, n_ctx=n).for_prompt >= needed), None)
        known = wider is not None and wider <= self.n_ctx_train
        return ContextFullError(
            text("The question needs {needed} tokens; {room} fit this model's context window of {n_ctx}.",
                 needed=needed, room=self.for_prompt, n_ctx=self.n_ctx),
            text("Shorten it, attach the text as a document, or choose a model with a larger context."),
            Offer(n_ctx=wider) if known else None,
        )  # fmt: skip


@dataclass(frozen=True)
class Reader:
    """Who reads a prompt.

    A `small` model has fewer than SMALL_MODEL parameters; a `base` model has no chat template and goes
    on with a text.
    """

    small: bool = False
    base: bool = False


def build(
    question: str,
    history: Sequence[Message],
    passages: Sequence[Passage],
    window: Window,
    count: CountTokens,
    language: str = "en",
    reader: Reader | None = None,
) -> Prompt:
    """Return the prompt of `question`, newest history and best passages first to stay.

    Passages come in the order of their numbers. `count` gives the tokens of each text. Raises
    ContextFullError where the question alone does not fit.
    """
    reader = reader or Reader()
    passages = passages[:SMALL_PASSAGES] if reader.small else passages
    system = [] if reader.base else [instructions(language, with_passages=bool(passages))]
    blocks = [quoted(number, passage) for number, passage in enumerate(passages, start=1)]
    sizes = count([question, *system, *blocks, *[message.content for message in history]])
    after_system = 1 + len(system)
    fixed = sum(sizes[:after_system]) + 3 * MESSAGE_OVERHEAD
    room = window.for_prompt - window.taken - fixed
    if room < 0 and not window.taken:  # else the engine counts what is left without history and passages
        raise window.too_long(fixed)
    block_sizes = sizes[after_system : after_system + len(blocks)]
    history_sizes = sizes[after_system + len(blocks) :]
    kept_blocks = _fitting(block_sizes, room * 3 // 4 if history else room)
    passages_tokens = sum(block_sizes[:kept_blocks])
    left = room - passages_tokens - MESSAGE_OVERHEAD * kept_blocks
    turns = latest(history, history_sizes, left, max(1, window.for_prompt // HISTORY_BLOCKS))
    asked = _asked(question, blocks[:kept_blocks], language, reader)
    return Prompt(
        messages=(*(Message(Role.SYSTEM, words) for words in system), *turns, Message(Role.USER, asked)),
        passages=tuple(passages[:kept_blocks]),
        dropped_messages=len(history) - len(turns),
        dropped_passages=len(passages) - kept_blocks,
        history_tokens=sum(history_sizes[len(history) - len(turns) :]),
        passages_tokens=passages_tokens,
    )


def fitted(attempt: Callable[[Window], Prompt], window: Window, measure: CountPrompt) -> Prompt:
    """Return the prompt that `attempt` gives for a window, small enough as the engine counts it.

    What a chat template adds is known only when it is rendered: what it takes beyond the estimate is
    set aside, and the prompt is fitted again. Raises ContextFullError where nothing is left to drop.
    """
    while True:
        built = attempt(window)
        tokens = measure(built.messages)
        over = tokens - window.for_prompt
        if over <= 0:
            return replace(built, tokens=tokens)
        if not built.history_tokens and not built.passages_tokens:
            raise window.too_long(tokens)
        window = replace(window, taken=window.taken + over)


def instructions(language: str, *, with_passages: bool) -> str:
    """Return the system prompt in `language` ("en", "ko")."""
    name = f"{'documents' if with_passages else 'chat'}.{language}.txt"
    return (resources() / "prompts" / name).read_text(encoding="utf-8").strip()


def quoted(number: int, passage: Passage) -> str:
    """Return a passage as it stands in the prompt: numbered, with its source, marked as a quote."""
    source = ", ".join(part for part in (PurePath(passage.document).name, passage.heading) if part)
    return f'[{number}] {source}\n"""\n{plain(passage.text)}\n"""'


def plain(words: str) -> str:
    """Return `words` without a page's own line breaks: they say nothing, a small model stumbles over them."""
    return re.sub(r"[ \t\r]+", " ", unwrapped(words)).strip()


def _asked(question: str, blocks: Sequence[str], language: str, reader: Reader) -> str:
    if not blocks:
        return question
    asking = ASKING_BASE[language] if reader.base else ASKING[language, reader.small]
    return "\n\n".join([*blocks, asking.format(question=question)])


def latest(history: Sequence[Message], sizes: Sequence[int], room: int, block: int) -> Sequence[Message]:
    """Return the latest turns that fit, beginning with a question: an answer alone misleads.

    What does not fit goes by whole blocks of `block` tokens, counted from the conversation's beginning:
    were it one message a turn, the prompt would begin otherwise, and be read anew, with every question.
    """
    before = list(accumulate((size + MESSAGE_OVERHEAD for size in sizes), initial=0))
    start = next(at for at, tokens in enumerate(before) if before[-1] - tokens <= room or at == len(sizes))
    questions = [at for at in range(start, len(history)) if history[at].role is Role.USER]
    border = -(-before[start] // block) * block
    nearest = min([*questions, len(history)]) if start else 0
    return history[next((at for at in questions if before[at] >= border), nearest) :]


def _fitting(sizes: Sequence[int], room: int) -> int:
    """Return how many of the first `sizes` fit into `room` tokens."""
    used = 0
    for kept, size in enumerate(sizes):
        used += size + MESSAGE_OVERHEAD
        if used > room:
            return kept
    return len(sizes)
