# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Real documents, the real reader, the starter embedder: what is answered and what is refused."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.database import Database
from assistant.documents.library import Library
from assistant.documents.parser import Parser, parser_spec
from assistant.documents.protocol import ParserSettings
from assistant.documents.schema import MIGRATIONS
from assistant.embedding import EngineEmbedder
from assistant.engine.client import Engine
from assistant.engine.protocol import EngineSettings
from assistant.model_files import starter_embedding
from assistant.paths import Home

DATA = Path(__file__).parents[2] / "data"
LEASE, CONTRACT = DATA / "lease.pdf", DATA / "contract_ko.pdf"

pytestmark = pytest.mark.real_model

ANSWERED = [
    (LEASE, "How much is the monthly rent?"),
    (LEASE, "When is the rent due?"),
    (LEASE, "How much is the security deposit?"),
    (LEASE, "May the tenant keep a dog?"),
    (LEASE, "When does the lease begin?"),
    (LEASE, "When does the term end?"),
    (LEASE, "Who pays for the water?"),
    (LEASE, "When may the landlord enter the premises?"),
    (LEASE, "Who repairs the roof?"),
    (LEASE, "What is in the kitchen?"),
    (CONTRACT, "계약 기간은 언제까지인가요?"),
    (CONTRACT, "용역 대금은 얼마인가요?"),
    (CONTRACT, "하자보수 기간은 얼마나 되나요?"),
    (CONTRACT, "계약을 해지할 수 있나요?"),
    (CONTRACT, "부가가치세는 포함되나요?"),
    (CONTRACT, "최종 검수는 어떻게 하나요?"),
]
REFUSED = [
    (LEASE, "Who is the president of France?"),
    (LEASE, "What is the capital of Japan?"),
    (LEASE, "How do I bake bread?"),
    (LEASE, "What is the boiling point of water?"),
    (LEASE, "Who won the football world cup?"),
    (LEASE, "How many moons does Jupiter have?"),
    (LEASE, "Who wrote Hamlet?"),
    (LEASE, "What causes earthquakes?"),
    (LEASE, "How fast is light?"),
    (LEASE, "Which vitamins are in spinach?"),
    (CONTRACT, "프랑스 대통령은 누구인가요?"),
    (CONTRACT, "일본의 수도는 어디인가요?"),
    (CONTRACT, "물의 끓는점은 몇 도인가요?"),
    (CONTRACT, "세종대왕은 언제 태어났나요?"),
    (CONTRACT, "김치찌개는 어떻게 끓이나요?"),
    (CONTRACT, "월드컵에서 누가 우승했나요?"),
    (CONTRACT, "지진은 왜 일어나나요?"),
    (CONTRACT, "목성의 위성은 몇 개인가요?"),
]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    home = Home(tmp_path_factory.mktemp("quality"))
    home.create()
    engine = Engine(EngineSettings(model=starter_embedding(home).path, embedding=True))
    parser = Parser(parser_spec(ParserSettings()))
    database = Database.open(home.library, MIGRATIONS, None)
    made = Library(database, parser, EngineEmbedder(engine), None)
    for _ in made.add([LEASE, CONTRACT]):
        pass
    yield made
    made.close()
    database.close()
    parser.close()
    engine.close()


@pytest.mark.parametrize(("document", "question"), ANSWERED)
def test_what_a_document_answers_is_supported(library: Library, document: Path, question: str) -> None:
    found = library.search(question, within=[document])
    assert found.supported
    assert found.found[0].document == str(document)


@pytest.mark.parametrize(("document", "question"), REFUSED)
def test_what_a_document_does_not_answer_is_not_supported(
    library: Library, document: Path, question: str
) -> None:
    assert not library.search(question, within=[document]).supported


def test_the_monthly_rent_stands_on_page_two(library: Library) -> None:
    best = library.search("How much is the monthly rent?").found[0]
    assert (Path(best.document).name, best.place.page) == ("lease.pdf", 2)
    assert "850" in best.text


def test_the_starter_has_no_say_in_korean(library: Library) -> None:
    assert library.search("How much is the monthly rent?").vectors_used
    assert not library.search("용역 대금은 얼마인가요?").vectors_used
