# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Texts to unit vectors, in full batches, with each model's own habits."""

import re
import unicodedata
from collections.abc import Generator, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.engine.context import MAX_SEQUENCES, Context, Floats
from assistant.engine.gguf import HANGUL_JAMO, HANGUL_SYLLABLES, Header, has_letters, read_tokens
from assistant.engine.llama import Model
from assistant.engine.protocol import TextKind
from assistant.errors import EngineError
from assistant.texts import text
from assistant.workers.protocol import Cancelled

KOREAN_SAMPLE = "월세는 매달 말일까지 계좌로 보내야 합니다."
UNKNOWN_SHARE = 0.5
STRIP_ACCENTS = "tokenizer.ggml.normalizer.strip_accents"


@dataclass(frozen=True)
class Habits:
    """How texts are handed to a model.

    `decompose`: Hangul goes in as jamo (NFD). `overrides`: metadata to change at loading. The
    prefixes are those the model was trained with.
    """

    decompose: bool = False
    overrides: tuple[tuple[str, bool], ...] = ()
    question_prefix: str = ""
    passage_prefix: str = ""

    def prepared(self, words: str, kind: TextKind) -> str:
        """Return the text as the model wants it."""
        words = unicodedata.normalize("NFD" if self.decompose else "NFC", words)
        return (self.question_prefix if kind is TextKind.QUESTION else self.passage_prefix) + words


def habits_of(header: Header) -> Habits:
    """Decide by the vocabulary how Korean goes in, and by the name which prefixes there are.

    llama.cpp strips accents in WordPiece models and with them all of a Hangul syllable but its
    first consonant: jamo survive that, syllables need it switched off.
    """
    question, passage = _prefixes(header)
    if header.tokenizer != "bert" or STRIP_ACCENTS in header.metadata:
        return Habits(question_prefix=question, passage_prefix=passage)
    tokens = read_tokens(header)
    jamo, syllables = has_letters(tokens, HANGUL_JAMO), has_letters(tokens, HANGUL_SYLLABLES)
    return Habits(
        decompose=jamo and not syllables,
        overrides=((STRIP_ACCENTS, False),) if syllables else (),
        question_prefix=question,
        passage_prefix=passage,
    )


def reads_korean(model: Model, habits: Habits) -> bool:
    """Say whether two syllables that differ in their last consonant differ, and a sentence is known."""
    first, second, sample = (
        model.tokenize(habits.prepared(words, TextKind.PASSAGE)) for words in ("각", "간", KOREAN_SAMPLE)
    )
    unknown = sum(1 for token in sample if model.marker(token) in ("[UNK]", "<unk>"))
    return first != second and unknown < UNKNOWN_SHARE * len(sample)


class Embedding:
    """An embedding model at work: many texts go through it at once."""

    def __init__(self, model: Model, context: Context, habits: Habits) -> None:
        """Keep what is needed; a text may be as long as the model was trained for."""
        self._model = model
        self._context = context
        self._habits = habits
        self._longest = min(model.n_ctx_train, context.n_batch)

    def run(
        self, texts: Sequence[str], kind: TextKind, cancelled: Cancelled
    ) -> Generator[None, None, tuple[bytes, ...]]:
        """Return one unit vector a text, in order; fewer when cancelled. Raises EngineError."""
        tokens = [self._tokens(words, kind) for words in texts]
        vectors: dict[int, bytes] = {}
        with self._context.abort_when(cancelled):
            for batch in _batches(tokens, self._context.n_batch):
                if cancelled():
                    break
                found = self._context.embed([tokens[number] for number in batch])
                vectors |= {number: _unit(vector) for number, vector in zip(batch, found, strict=False)}
        yield from ()
        complete = next((n for n in range(len(texts)) if n not in vectors), len(texts))
        return tuple(vectors[number] for number in range(complete))

    def count(self, words: str) -> int:
        """Return the tokens of a passage without start and end."""
        return len(self._model.tokenize(self._habits.prepared(words, TextKind.PASSAGE)))

    def _tokens(self, words: str, kind: TextKind) -> list[int]:
        tokens = self._model.tokenize(self._habits.prepared(words, kind), whole=True)
        if len(tokens) > self._longest:  # the beginning and the end token stay
            return [*tokens[: self._longest - 1], tokens[-1]]
        return tokens or [max(self._model.eos, 0)]


def _batches(tokens: Sequence[Sequence[int]], room: int) -> list[list[int]]:
    """Pack texts, longest first, into as few full batches as first-fit finds."""
    batches: list[list[int]] = []
    left: list[int] = []
    for number in sorted(range(len(tokens)), key=lambda n: -len(tokens[n])):
        needed = len(tokens[number])
        for at, free in enumerate(left):
            if free >= needed and len(batches[at]) < MAX_SEQUENCES:
                batches[at].append(number)
                left[at] -= needed
                break
        else:
            batches.append([number])
            left.append(room - needed)
    return batches


def _unit(vector: Floats) -> bytes:
    length = float(np.linalg.norm(vector))
    if not np.isfinite(length):
        raise EngineError(
            text("The model gives numbers that are none: its file is damaged."),
            text("Get the file again or choose another model."),
        )
    return (vector / (length or 1.0)).astype("<f4").tobytes()


def _prefixes(header: Header) -> tuple[str, str]:
    words = re.split(r"[^a-z0-9]+", f"{header.name} {header.path.stem}".lower())
    if "e5" in words:
        return "query: ", "passage: "
    if "nomic" in words:
        return "search_query: ", "search_document: "
    return "", ""
