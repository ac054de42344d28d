# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What search hands to an answer: passages that end inside of no personal data."""

import contextlib
import threading
from collections.abc import Generator, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.chat_events import Options, Sources
from assistant.database import Database
from assistant.documents.contents import PART
from assistant.documents.library import Library
from assistant.documents.protocol import Chunk, Document, Reading
from assistant.documents.schema import MIGRATIONS
from assistant.finding import search
from assistant.paths import Home
from assistant.privacy.filter import mask
from assistant.privacy.vault import Vault
from tests.fakes import HashEmbedder, LineReader

CARD = "4111 1111 1111 1111"


class CuttingReader(LineReader):
    """Cuts a text in two, wherever that is."""

    def __init__(self, at: int) -> None:
        super().__init__()
        self.at = at

    def read(
        self,
        path: Path,
        stop: threading.Event | None = None,
        password: str = "",
        *,
        postpone: bool = False,
    ) -> Generator[Reading, None, Document]:
        document = yield from super().read(path, stop, password, postpone=postpone)
        words = document.places[0].text
        spans = ((0, self.at), (self.at, len(words)))
        chunks = tuple(Chunk(0, start, end, "", words[start:end]) for start, end in spans)
        return replace(document, chunks=chunks)


@pytest.fixture
def database(home: Home) -> Iterator[Database]:
    with contextlib.closing(Database.open(home.library, MIGRATIONS, None)) as opened:
        yield opened


@pytest.mark.parametrize("question", ["Which card pays the rent?", "Which number opens the cellar?"])
@pytest.mark.parametrize("beginning", [0, PART - 30])
def test_a_passage_holds_all_of_the_personal_data_that_it_was_cut_in(
    database: Database, tmp_path: Path, question: str, beginning: int
) -> None:
    words = "x" * beginning + f" The card that pays the rent is {CARD} and the number of the cellar is 12"
    at = words.index(CARD) + 9
    path = tmp_path / "cards.txt"
    path.write_text(words, "utf-8")
    library = Library(database, CuttingReader(at), HashEmbedder(), None)
    list(library.add([path]))
    events = list(search(library, question, (), Options(limit=1)))
    assert isinstance(events[-1], Sources)
    [passage] = events[-1].passages.found
    assert CARD in passage.text
    assert library.places(path)[0].text[passage.start : passage.end] == passage.text
    hidden, _ = mask(passage.text, Vault("en"))
    assert "1111" not in hidden


def test_a_passage_that_cuts_nothing_stays_as_it_is(database: Database, tmp_path: Path) -> None:
    words = f"The rent is 850 euros. The card is {CARD}."
    path = tmp_path / "cards.txt"
    path.write_text(words, "utf-8")
    library = Library(database, CuttingReader(22), HashEmbedder(), None)
    list(library.add([path]))
    *_, sources = search(library, "How much is the rent?", (), Options(limit=1))
    assert isinstance(sources, Sources)
    assert [one.text for one in sources.passages.found] == ["The rent is 850 euros."]
