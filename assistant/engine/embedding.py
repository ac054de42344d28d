# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Texts to unit vectors, in full batches, with each model's own habits.

The prefixes are those of the models' cards: intfloat/multilingual-e5-small and e5-mistral-7b-instruct,
nomic-ai/nomic-embed-text-v1.5 and modernbert-embed-base, BAAI/bge-base-en-v1.5 and bge-base-zh-v1.5,
mixedbread-ai/mxbai-embed-large-v1, Snowflake/snowflake-arctic-embed-m-v1.5 and -l-v2.0,
google/embeddinggemma-300m, Qwen/Qwen3-Embedding-0.6B, Alibaba-NLP/gte-Qwen2-7B-instruct,
jinaai/jina-embeddings-v3. BAAI/bge-m3, sentence-transformers and gte want none.
"""

import re
import threading
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
INSTRUCTION = "Instruct: Given a web search query, retrieve relevant passages that answer the query\nQuery:"
SEARCHING = "Represent this sentence for searching relevant passages: "
# A pattern of the name in lower case, words apart by one space; the first that is found counts.
PREFIXES = (
    (r" qwen3 (vl )?embedding ", INSTRUCTION, ""),
    (r" e5 .*instruct | gte qwen2 .*instruct ", INSTRUCTION + " ", ""),
    (r" e5 ", "query: ", "passage: "),
    (r" nomic | modernbert embed ", "search_query: ", "search_document: "),
    (r" gemma embedding | embedding ?gemma ", "task: search result | query: ", "title: none | text: "),
    (r" bge (small|base|large) zh ", "为这个句子生成表示以用于检索相关文章：", ""),
    (r" bge (small|base|large) en | mxbai embed ", SEARCHING, ""),
    (r" arctic embed .*v2(.0)? ", "query: ", ""),
    (r" arctic embed ", SEARCHING, ""),
    (
        r" jina (embeddings|bert) v3 ",
        "Represent the query for retrieving evidence documents: ",
        "Represent the document for retrieval: ",
    ),
)


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
        yield from ()
        tokens = [self._tokens(words, kind) for words in texts]
        vectors: dict[int, bytes] = {}
        for batch in batches(tokens, self._context.n_batch):
            found = evaluated(self._context, [tokens[number] for number in batch], cancelled)
            if not found:
                break
            vectors |= {number: _unit(vector) for number, vector in zip(batch, found, strict=True)}
        complete = next((n for n in range(len(texts)) if n not in vectors), len(texts))
        return tuple(vectors[number] for number in range(complete))

    def count(self, words: str) -> int:
        """Return the tokens of a passage without start and end."""
        return len(self._model.tokenize(self._habits.prepared(words, TextKind.PASSAGE)))

    def _tokens(self, words: str, kind: TextKind) -> list[int]:
        tokens = self._model.tokenize(self._habits.prepared(words, kind), whole=True)
        if len(tokens) > self._longest:  # the beginning stays, and the end token where there is one
            end = tokens[-1:] if self._model.is_control(tokens[-1]) else []
            return tokens[: self._longest - len(end)] + end
        return tokens or [max(self._model.eos, 0)]


def evaluated(context: Context, batch: Sequence[Sequence[int]], cancelled: Cancelled) -> list[Floats]:
    """Return what `Context.embed` gives; nothing when cancelled. A pause breaks it off and it is repeated."""
    here = threading.get_ident()

    def wanted_back() -> bool:
        # Asking here would wait in the middle of the evaluation; whoever watches over it may ask.
        return cancelled.paused or (threading.get_ident() != here and cancelled())

    while not cancelled():  # waits while paused
        with context.abort_when(wanted_back, cancelled.alive):
            found = context.embed(batch)
        if found:
            cancelled.alive()
            return found
    return []


def batches(tokens: Sequence[Sequence[int]], room: int) -> list[list[int]]:
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
    """Return the prefix of questions and that of passages."""
    name = f" {header.architecture} {header.name} {header.path.stem} ".lower()
    name = re.sub(r"[^a-z0-9.]+", " ", name)
    found = (row for row in PREFIXES if re.search(row[0], name))
    _, question, passage = next(found, ("", "", ""))
    return question, passage
