# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The embedding engine with the starter model: unit vectors, in order, also for Korean."""

import unicodedata
from pathlib import Path

import numpy as np
import pytest
from tokenizers import BertWordPieceTokenizer

from assistant.engine.client import Engine
from assistant.engine.embedding import habits_of
from assistant.engine.gguf import read_header, wordpiece_vocabulary
from assistant.engine.protocol import EngineSettings, TextKind
from tests.gguf_files import EMBEDDING, write_gguf

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


@pytest.mark.parametrize(
    ("name", "question", "passage"),
    [
        ("multilingual-e5-small", "query: x", "passage: x"),
        ("E5 base v2", "query: x", "passage: x"),
        ("nomic-embed-text-v1.5", "search_query: x", "search_document: x"),
        ("all-MiniLM-L6-v2", "x", "x"),
        ("Model5", "x", "x"),
    ],
)
def test_texts_get_the_prefix_a_model_was_trained_with(tmp_path: Path, name, question, passage):
    habits = habits_of(_header(tmp_path, name, "abc"))
    assert habits.prepared("x", TextKind.QUESTION) == question
    assert habits.prepared("x", TextKind.PASSAGE) == passage
