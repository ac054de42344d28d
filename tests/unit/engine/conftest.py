# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Engines with the starter models, loaded once for all tests of a module."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant import model_files
from assistant.engine.client import Engine
from assistant.engine.protocol import EngineSettings
from assistant.paths import Home


@pytest.fixture(scope="session")
def models_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    made = Home(tmp_path_factory.mktemp("models") / "home")
    made.create()
    return made


@pytest.fixture(scope="session")
def chat_model(models_home: Home) -> Path:
    return model_files.starter_chat(models_home).path


@pytest.fixture(scope="session")
def embedding_model(models_home: Home) -> Path:
    return model_files.starter_embedding(models_home).path


@pytest.fixture(scope="module")
def engine(chat_model: Path) -> Iterator[Engine]:
    made = Engine(EngineSettings(chat_model, sha256="known"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def embedder(embedding_model: Path) -> Iterator[Engine]:
    made = Engine(EngineSettings(embedding_model, embedding=True))
    yield made
    made.close()
