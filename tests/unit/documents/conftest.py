# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Libraries over a real database, with fakes at the borders of the parser and the embedder."""

from collections.abc import Iterator

import pytest

from assistant.database import Database
from assistant.documents.library import Library
from assistant.documents.schema import MIGRATIONS
from assistant.paths import Home
from tests.fakes import HashEmbedder, LineReader


@pytest.fixture
def database(home: Home) -> Iterator[Database]:
    opened = Database.open(home.library, MIGRATIONS, None)
    yield opened
    opened.close()


@pytest.fixture
def reader() -> LineReader:
    return LineReader()


@pytest.fixture
def embedder() -> HashEmbedder:
    return HashEmbedder()


@pytest.fixture
def library(database: Database, reader: LineReader, embedder: HashEmbedder) -> Library:
    return Library(database, reader, embedder, None)
