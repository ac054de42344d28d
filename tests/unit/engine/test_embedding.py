# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The embedding engine with the starter model: unit vectors, in order, also for Korean."""

import contextlib
import unicodedata
from pathlib import Path

import gguf
import numpy as np
import pytest
from tokenizers import BertWordPieceTokenizer

from assistant.engine import llama
from assistant.engine.client import Engine
from assistant.engine.context import Context
from assistant.engine.embedding import Embedding, Habits, habits_of
from assistant.engine.gguf import read_header, wordpiece_vocabulary
from assistant.engine.protocol import EngineSettings, TextKind
from assistant.errors import EngineError
from tests.gguf_files import EMBEDDING, write_gguf
from tests.tiny_models import write_bert

RENT = ["The monthly rent is 850 euros.", "How much is the rent per month?", "The tenant pays 850 a month."]
OTHER = ["A cat sleeps on the sofa.", "Plants turn light into energy."]
KOREAN = ["월세는 850유로입니다.", "각", "간", "임대차 계약서에 서명하십시오."]


def vectors(engine: Engine, texts: list[str], kind: TextKind = TextKind.PASSAGE) -> np.ndarray:
    return np.array([np.frombuffer(data, "<f4") for data in engine.embed(texts, kind)])


@pytest.mark.real_model
def test_related_sentences_are_near_and_others_are_not(embedder: Engine):
    found = vectors(embedder, RENT + OTHER)
    assert found.shape == (5, 384)
    assert np.allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)
    likeness = found @ found.T
    assert likeness[:3, :3].min() > 0.5
    assert np.abs(likeness[:3, 3:]).max() < 0.25


@pytest.mark.real_model
def test_many_texts_give_what_each_gives_alone_in_order(embedder: Engine):
    texts = [sentence * repeat for repeat in (1, 9, 3) for sentence in (*RENT, *OTHER, *KOREAN)] * 6
    assert len(texts) > 128
    together = vectors(embedder, texts)
    for number in (0, 5, 20, 130, len(texts) - 1):
        alone = vectors(embedder, [texts[number]])[0]
        assert float(alone @ together[number]) > 0.999


@pytest.mark.real_model
def test_a_text_that_is_too_long_is_cut_and_an_empty_one_is_no_error(embedder: Engine):
    long = " ".join(["rent"] * 5000)
    found = vectors(embedder, [long, "", " ".join(["rent"] * 510)])
    assert float(found[0] @ found[2]) > 0.999
    assert embedder.embed([], TextKind.QUESTION) == []


@pytest.mark.real_model
def test_the_counts_are_those_of_the_splitters_tokenizer(embedder: Engine, embedding_model: Path):
    vocabulary = wordpiece_vocabulary(read_header(embedding_model))
    splitter = BertWordPieceTokenizer({token: number for number, token in enumerate(vocabulary)})
    texts = [*RENT, *KOREAN, "naïve café, 3.14 [x] <y>", unicodedata.normalize("NFD", "전세")]
    assert embedder.count(texts) == [
        len(splitter.encode(words, add_special_tokens=False).ids) for words in texts
    ]


@pytest.mark.real_model
def test_syllables_that_differ_in_their_end_differ_and_the_model_counts_as_english(embedder: Engine):
    found = vectors(embedder, ["각", "간", unicodedata.normalize("NFD", "각")])
    assert float(found[0] @ found[1]) < 0.99
    assert float(found[0] @ found[2]) > 0.999
    assert not embedder.loaded().korean


@pytest.mark.real_model
def test_a_second_embedding_model_can_be_taken(embedding_model: Path, shared_data: Path):
    other = shared_data / "models" / "model2vec-vq-en-64d.gguf"
    engine = Engine(EngineSettings(other, embedding=True))
    try:
        likeness = vectors(engine, [*RENT, *OTHER])
        assert not engine.loaded().korean
        assert float(likeness[0] @ likeness[1]) > float(likeness[0] @ likeness[3])
    finally:
        engine.close()


def _header(tmp_path: Path, name: str, letters: str):
    metadata = {**EMBEDDING, "general.name": name, "tokenizer.ggml.tokens": ["[UNK]", *letters]}
    return read_header(write_gguf(tmp_path / "model.gguf", metadata))


def test_korean_goes_in_as_jamo_or_as_syllables_by_the_vocabulary(tmp_path: Path):
    jamo = habits_of(_header(tmp_path, "a", "".join(chr(0x1100 + n) for n in range(40))))
    assert jamo.prepared("각", TextKind.PASSAGE) == unicodedata.normalize("NFD", "각")
    assert not jamo.overrides
    syllables = habits_of(_header(tmp_path, "b", "".join(chr(0xAC00 + n) for n in range(40))))
    assert syllables.prepared("각", TextKind.PASSAGE) == "각"
    assert syllables.overrides == (("tokenizer.ggml.normalizer.strip_accents", False),)
    neither = habits_of(_header(tmp_path, "c", "abc"))
    assert not neither.overrides
    assert not neither.decompose


SEARCHING = "Represent this sentence for searching relevant passages: x"
WEB = "Instruct: Given a web search query, retrieve relevant passages that answer the query\nQuery:"


@pytest.mark.parametrize(
    ("name", "question", "passage"),
    [
        ("multilingual-e5-small", "query: x", "passage: x"),
        ("E5 base v2", "query: x", "passage: x"),
        ("multilingual-e5-large-instruct", WEB + " x", "x"),
        ("e5-mistral-7b-instruct", WEB + " x", "x"),
        ("gte-Qwen2-1.5B-instruct", WEB + " x", "x"),
        ("Qwen3-Embedding-0.6B", WEB + "x", "x"),
        ("nomic-embed-text-v1.5", "search_query: x", "search_document: x"),
        ("ModernBERT-embed-base", "search_query: x", "search_document: x"),
        ("embeddinggemma-300M", "task: search result | query: x", "title: none | text: x"),
        ("bge-small-en-v1.5", SEARCHING, "x"),
        ("bge-large-zh-v1.5", "为这个句子生成表示以用于检索相关文章：x", "x"),
        ("bge-m3", "x", "x"),
        ("mxbai-embed-large-v1", SEARCHING, "x"),
        ("snowflake-arctic-embed-m-v1.5", SEARCHING, "x"),
        ("snowflake-arctic-embed-l-v2.0", "query: x", "x"),
        (
            "jina-embeddings-v3",
            "Represent the query for retrieving evidence documents: x",
            "Represent the document for retrieval: x",
        ),
        ("all-MiniLM-L6-v2", "x", "x"),
        ("gte-small", "x", "x"),
        ("Model5", "x", "x"),
    ],
)
def test_texts_get_the_prefix_a_model_was_trained_with(tmp_path: Path, name, question, passage):
    habits = habits_of(_header(tmp_path, name, "abc"))
    assert habits.prepared("x", TextKind.QUESTION) == question
    assert habits.prepared("x", TextKind.PASSAGE) == passage


def test_a_model_without_a_name_is_known_by_its_architecture(tmp_path: Path):
    metadata = {"general.architecture": "gemma-embedding", "tokenizer.ggml.model": "llama"}
    habits = habits_of(read_header(write_gguf(tmp_path / "model.gguf", metadata)))
    assert habits.prepared("x", TextKind.QUESTION) == "task: search result | query: x"


@pytest.mark.parametrize(
    "pooling", [gguf.PoolingType.MEAN, gguf.PoolingType.CLS, gguf.PoolingType.LAST, None]
)
def test_a_model_pools_as_its_file_says_and_by_the_mean_where_it_says_nothing(tmp_path: Path, pooling):
    path = write_bert(tmp_path / "tiny.gguf", pooling=pooling, head=False)
    mean = write_bert(tmp_path / "mean.gguf", pooling=gguf.PoolingType.MEAN, head=False)
    found = []
    for file in (path, mean):
        engine = Engine(EngineSettings(file, embedding=True))
        try:
            found.append(vectors(engine, ["a b c", "x" * 5000, ""]))
        finally:
            engine.close()
    assert np.allclose(np.linalg.norm(found[0], axis=1), 1, atol=1e-5)
    assert np.allclose(*found, atol=1e-5) == (pooling in (None, gguf.PoolingType.MEAN))


class _Model:
    """Letters are tokens; a text begins with 1 and ends, where the model adds it, with 2."""

    n_ctx_train, eos = 6, 2

    def __init__(self, *, adds_end: bool) -> None:
        self._end = [2] if adds_end else []

    def tokenize(self, words: str, *, whole: bool = False) -> list[int]:
        return [1, *(ord(letter) for letter in words), *self._end]

    def is_control(self, token: int) -> bool:
        return token < 3


class _Context:
    """Gives the number of tokens as a vector; `breaks` evaluations are broken off first."""

    n_batch = 16

    def __init__(self, breaks: int = 0) -> None:
        self.breaks = breaks
        self.batches: list[list[list[int]]] = []

    @contextlib.contextmanager
    def abort_when(self, wanted, alive):
        self.wanted = wanted
        yield

    def embed(self, batch):
        self.batches.append(batch)
        if self.breaks:
            self.breaks -= 1
            return []
        return [np.array([len(tokens), 0], np.float32) for tokens in batch]


class _Caller:
    """Paused until it is asked; cancelled when `left` questions were asked."""

    paused = False

    def __init__(self, left: int = 1000) -> None:
        self.left, self.signs = left, 0

    def __call__(self) -> bool:
        self.paused = False
        self.left -= 1
        return self.left < 0

    def alive(self, patience: float = 0.0) -> None:
        self.signs += 1


def run(context: _Context, texts: list[str], caller: _Caller, *, adds_end: bool = True):
    steps = Embedding(_Model(adds_end=adds_end), context, Habits()).run(texts, TextKind.PASSAGE, caller)
    while True:
        try:
            next(steps)
        except StopIteration as ended:
            return ended.value


def test_a_text_that_is_cut_keeps_its_end_token_where_the_model_adds_one():
    for adds_end, kept in ((True, [1, 97, 97, 97, 97, 2]), (False, [1, 97, 97, 97, 97, 97])):
        context = _Context()
        run(context, ["a" * 50], _Caller(), adds_end=adds_end)
        assert context.batches == [[kept]]


def test_a_batch_that_a_pause_breaks_off_is_repeated():
    context, caller = _Context(breaks=3), _Caller()
    assert len(run(context, ["a", "b"], caller)) == 2
    assert len(context.batches) == 4
    assert caller.signs == 1
    caller.paused = True
    assert context.wanted()


def test_what_was_embedded_before_a_cancel_comes_back_in_order():
    context = _Context()
    found = run(context, ["aaaa", "bbbb", "cccc", "d"], _Caller(left=1))
    assert [len(batch) for batch in context.batches] == [3], "the short one filled the first batch up"
    assert len(found) == 2
    assert run(_Context(), ["aaaa"], _Caller(left=0)) == ()


def test_a_model_that_gives_no_vectors_is_a_sentence(tmp_path: Path, monkeypatch):
    llama.start()
    model = llama.Model(write_bert(tmp_path / "tiny.gguf", pooling=gguf.PoolingType.MEAN, head=False))
    context = Context(model, n_ctx=64, threads=1, embedding=True)
    try:
        monkeypatch.setattr(llama.api, "llama_get_embeddings_seq", lambda *_: None)
        with pytest.raises(EngineError, match="gives no vectors"):
            context.embed([[2, 10, 3]])
    finally:
        context.close()
        model.close()
