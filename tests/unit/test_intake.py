# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The parser told by which tokens to split: those of the embedding model in use, also after a change."""

from pathlib import Path
from types import SimpleNamespace

import gguf
import pytest

from assistant.app_events import Broadcast
from assistant.documents.parser import Parser, parser_spec
from assistant.documents.protocol import ParserSettings
from assistant.intake import Intake
from tests.parsers import read
from tests.tiny_models import write_bert


@pytest.fixture
def models(tmp_path: Path) -> tuple[Path, Path]:
    """Return models of 128 and of 32 positions."""
    return (
        write_bert(tmp_path / "long.gguf", pooling=gguf.PoolingType.MEAN, head=False, context=128),
        write_bert(tmp_path / "short.gguf", pooling=gguf.PoolingType.MEAN, head=False, context=32),
    )


def test_after_a_change_of_the_model_files_are_split_by_its_tokens(
    models: tuple[Path, Path], tmp_path: Path
) -> None:
    words = tmp_path / "words.txt"
    words.write_text("The ferry leaves at seven. " * 60, encoding="utf-8")
    engine = SimpleNamespace(settings=SimpleNamespace(model=models[0]))
    parser = Parser(parser_spec(ParserSettings()))
    try:
        intake = Intake(None, parser, engine, Broadcast())  # type: ignore[arg-type]
        intake.split_by_tokens()
        long = len(read(parser, words).chunks)
        process = parser.pid
        intake.split_by_tokens()
        assert parser.pid == process, "the same model is no reason to start again"
        engine.settings.model = models[1]
        intake.split_by_tokens()
        assert len(read(parser, words).chunks) > 2 * long
    finally:
        parser.close()


def test_without_a_model_nothing_is_told(tmp_path: Path) -> None:
    engine = SimpleNamespace(settings=SimpleNamespace(model=tmp_path / "gone.gguf"))
    parser = SimpleNamespace(use=lambda _settings: pytest.fail("there are no tokens to tell of"))
    Intake(None, parser, engine, Broadcast()).split_by_tokens()  # type: ignore[arg-type]
