# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Reranking models: how well each of some texts answers a question."""

import re
from collections.abc import Generator, Sequence

import numpy as np

from assistant.engine.context import Context
from assistant.engine.embedding import batches, evaluated
from assistant.engine.gguf import Header
from assistant.engine.llama import Model
from assistant.engine.template import Piece, tokenize
from assistant.errors import EngineError, ModelError
from assistant.texts import text
from assistant.workers.protocol import Cancelled

TEMPLATE = "tokenizer.chat_template.rerank"
PLACES = re.compile(r"(\{query\}|\{document\})")
QUESTION_SHARE = 2  # a question takes no more than one part in so many of the window


class Ranking:
    """A reranking model at work: it reads question and text together and gives a score.

    The pair is put together as its file says ("tokenizer.chat_template.rerank"), else as models of
    BERT's family were trained: start, question, end, separator, text, end.
    """

    def __init__(self, model: Model, context: Context, header: Header) -> None:
        """Keep what is needed. Raises ModelError where nothing in the file makes a score."""
        if not _has_head(header):
            raise ModelError(
                text("{name} lacks the part that gives scores.", name=header.name),
                text("Choose another model."),
            )
        self._model = model
        self._context = context
        self._template = header.word(TEMPLATE)
        self._longest = min(model.n_ctx_train, context.n_batch)

    def run(
        self, question: str, texts: Sequence[str], cancelled: Cancelled
    ) -> Generator[None, None, tuple[float, ...]]:
        """Return one score a text, in order, higher is better; fewer when cancelled. Raises EngineError."""
        yield from ()
        pair = self._by_template if self._template else self._by_tokens
        tokens = [pair(question, words) for words in texts]
        scores: dict[int, float] = {}
        for batch in batches(tokens, self._context.n_batch):
            found = evaluated(self._context, [tokens[number] for number in batch], cancelled)
            if not found:
                break
            scores |= {number: float(score[0]) for number, score in zip(batch, found, strict=True)}
        if not np.isfinite(list(scores.values())).all():
            raise EngineError(
                text("The model gives numbers that are none: its file is damaged."),
                text("Get the file again or choose another model."),
            )
        complete = next((n for n in range(len(texts)) if n not in scores), len(texts))
        return tuple(scores[number] for number in range(complete))

    def _by_tokens(self, question: str, words: str) -> list[int]:
        model = self._model
        start = [model.bos] if model.adds_bos else []
        end = [model.eos if model.eos >= 0 else model.separator] if model.adds_eos else []
        between = end + ([model.separator] if model.adds_separator else [])
        asked = model.tokenize(question)[: self._longest // QUESTION_SHARE]
        last = end or between
        room = self._longest - len(start) - len(asked) - len(between) - len(last)
        return [*start, *asked, *between, *model.tokenize(words)[: max(room, 0)], *last]

    def _by_template(self, question: str, words: str) -> list[int]:
        """Tokenize the whole at once, as in training; what is too long loses the end of its text."""
        while True:
            tokens = tokenize(self._model, self._pieces(question, words))
            if len(tokens) <= self._longest:
                return tokens
            if words:
                words = words[: min(len(words) - 1, len(words) * self._longest // len(tokens))]
            elif question:
                question = question[: len(question) // 2]
            else:
                return tokens[: self._longest]

    def _pieces(self, question: str, words: str) -> list[Piece]:
        contents = {"{query}": question, "{document}": words}
        parts = [part for part in PLACES.split(self._template) if part]
        return [Piece(contents.get(part, part), content=part in contents) for part in parts]


def _has_head(header: Header) -> bool:
    """Say whether the last part of the network gives scores, not a vector as wide as the model."""
    shapes = {tensor.name: tensor.shape for tensor in header.tensors}
    return "cls.output.weight" in shapes or shapes.get("cls.weight", (0, 0))[-1] == 1
