# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Whether an embedding model knows a language is tried out, not believed."""

from collections.abc import Iterator
from pathlib import Path

import gguf
import pytest

from assistant.embedding import EngineEmbedder
from assistant.engine.client import Engine
from assistant.engine.protocol import EngineSettings
from assistant.knowing import KNOWS, share_found
from tests.tiny_models import write_bert

pytestmark = pytest.mark.real_model


@pytest.fixture
def starter(embedding_file: Path) -> Iterator[EngineEmbedder]:
    engine = Engine(EngineSettings(embedding_file, embedding=True))
    yield EngineEmbedder(engine)
    engine.close()


def test_the_starter_knows_english_and_no_korean(starter: EngineEmbedder) -> None:
    assert share_found(starter, "en") >= 0.8
    assert share_found(starter, "ko") < KNOWS
    assert starter.strength("en") >= 0.5
    assert starter.strength("ko") == 0.0
    assert starter.blind("ko")
    assert not starter.blind("en")


def test_a_model_that_never_learned_anything_knows_no_language(tmp_path: Path) -> None:
    path = write_bert(tmp_path / "tiny.gguf", pooling=gguf.PoolingType.MEAN, head=False, context=256)
    engine = Engine(EngineSettings(path, embedding=True))
    try:
        assert share_found(EngineEmbedder(engine), "en") < KNOWS
    finally:
        engine.close()
