# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Search by words: Korean and English, numbers and codes, sentences before bags of words."""

from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.database import Connection, Database
from assistant.documents import lexical as module
from assistant.documents.catalogue import Catalogue
from assistant.documents.contents import Contents
from assistant.documents.lexical import Lexical
from assistant.documents.protocol import Chunk, Document, PlaceText
from assistant.documents.store import FileAt, Scope, Stamp, Store
from assistant.documents.support import is_supported
from assistant.full_text import spellings
from assistant.passages import Place, PlaceKind
from assistant.paths import Home

Find = Callable[[str], list[str]]


@pytest.fixture
def find(database: Database, home: Home) -> Callable[..., Find]:
    def hold(*passages: str) -> Find:
        store = Store(database)
        chunks = tuple(Chunk(0, 0, 1, "", passage) for passage in passages)
        place = PlaceText(Place(PlaceKind.SECTION, 0), "x")
        content = Contents(database).write(Document("all", "0" * 64, 1, (place,), chunks, 0))
        at = FileAt(home.root, Catalogue(database).id_of("default"), Stamp(0, 0))
        store.link(content, at)
        words = Lexical(database)

        def ask(question: str) -> list[str]:
            found = words.search(words.words(question), Scope(), 10)
            assert all(0.0 <= score <= 1.0 for _, score in found)
            return [passages[number - 1] for number, _ in found]

        return ask

    return hold


def test_korean_nouns_of_two_syllables_are_found_with_any_particle(find: Callable[..., Find]) -> None:
    ask = find("계약을 해지한다.", "월세는 매달 낸다.", "보증금의 반환")
    assert ask("계약")[0] == "계약을 해지한다."
    assert ask("월세가 얼마인가요?")[0] == "월세는 매달 낸다."
    assert ask("보증금은?")[0] == "보증금의 반환"


def test_numbers_and_codes_are_found_exactly(find: Callable[..., Find]) -> None:
    ask = find("Order AB-1234 was sent.", "Order AB-1235 was sent.", "Total 1,234.50 EUR")
    assert ask("AB-1235")[0] == "Order AB-1235 was sent."
    assert ask("1234.50")[0] == "Total 1,234.50 EUR"


def test_codes_are_found_without_their_signs(find: Callable[..., Find]) -> None:
    ask = find("Call 010-1234-5678.", "Call 010-1234-9999.", "Part AB12-CD34 is out.")
    assert ask("01012345678")[0] == "Call 010-1234-5678."
    assert ask("AB12CD34")[0] == "Part AB12-CD34 is out."


def test_a_word_of_one_syllable_is_found(find: Callable[..., Find]) -> None:
    ask = find("나는 돈이 없다.", "새 집을 샀다.", "배가 아프다.", "집중이 안 된다.", "비가 온다.")
    assert set(ask("집")) == {"새 집을 샀다.", "집중이 안 된다."}
    assert ask("배") == ["배가 아프다."]
    assert ask("돈은?")[0] == "나는 돈이 없다.", "the particle asks for nothing"
    assert ask("새 집")[0] == "새 집을 샀다."
    assert ask("쥐") == []


def test_words_in_one_sentence_count_more_than_words_apart(find: Callable[..., Find]) -> None:
    apart = "The red door is open. A green house stands there. Blue cars pass."
    together = "The blue house has a red roof. Doors are open. Green cars pass."
    assert find(apart, together)("a red roof on the blue house")[0] == together


def test_a_korean_ending_counts_less_than_the_noun(find: Callable[..., Find]) -> None:
    ask = find("학교에서 회의에서 거리에서 만났다.", "도서관은 조용하다.")
    assert ask("도서관에서")[0] == "도서관은 조용하다."


def test_the_commonest_words_are_left_out_when_there_are_too_many(
    find: Callable[..., Find], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "POSTINGS", 1)
    monkeypatch.setattr(module, "FEWEST", 1)
    ask = find(*(f"common filler {number}" for number in range(30)), "common unicorn")
    assert ask("common unicorn filler") == ["common unicorn"]


@pytest.mark.parametrize("question", ["", "?", "nowhere", "어디에도없음"])
def test_what_is_not_there_is_not_found(find: Callable[..., Find], question: str) -> None:
    assert find("The monthly rent is 850 euros.")(question) == []


def test_a_question_of_question_words_alone_is_asked_all_the_same(find: Callable[..., Find]) -> None:
    assert find("What is it?")("what is it") == ["What is it?"]


def test_passages_where_rare_words_stand_often_are_looked_at_first(
    find: Callable[..., Find], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CANDIDATES", 1)
    ask = find("A unicorn, once.", "A unicorn and a unicorn.", *(f"common {number}" for number in range(9)))
    assert ask("common unicorn")[0] == "A unicorn and a unicorn."


def test_what_is_out_of_scope_takes_no_room_from_what_is_in_it(
    database: Database, find: Callable[..., Find], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SCOPED", 2)
    find(*(f"The lease, the lease and the lease {number}." for number in range(9)))
    elsewhere = Catalogue(database).id_of("elsewhere")
    place = PlaceText(Place(PlaceKind.SECTION, 0), "x")
    only = Document("one", "1" * 64, 1, (place,), (Chunk(0, 0, 1, "", "One lease."),), 0)
    Store(database).link(Contents(database).write(only), FileAt(Path("/one"), elsewhere, Stamp(0, 0)))
    words = Lexical(database)
    found = words.search(words.words("lease"), Scope(collection_ids=(elsewhere,)), 10)
    assert [number for number, _ in found] == [10]


def test_what_is_written_letter_by_letter_is_found_and_the_other_way_round(find: Callable[..., Find]) -> None:
    ask = find("진 단 서", "환자의 성명: 홍 길 동", "병 명: 고혈압", "계약서의 주소", "진료비 영수증")
    assert ask("진단서") == ["진 단 서"]
    assert ask("홍길동은 누구야?")[0] == "환자의 성명: 홍 길 동"
    assert ask("병명이 뭐야?")[0] == "병 명: 고혈압"
    assert ask("계 약 서의 주 소")[0] == "계약서의 주소"
    assert ask("진 료 비")[0] == "진료비 영수증"
    assert ask("단서조항명") == ["진 단 서"], "one pair in common, as with any word"
    assert ask("명세") == []


@pytest.mark.parametrize(
    ("passage", "question"),
    [
        ("Please e-mail the co-ordinator about sign-up.", "email"),
        ("Please e-mail the co-ordinator about sign-up.", "coordinators"),
        ("Please e-mail the co-ordinator about sign-up.", "signup"),
        ("The coordinator wrote an email.", "e-mail the co-ordinator"),
        ("Sign up here.", "sign-up"),
    ],
)
def test_words_with_and_without_a_hyphen_find_each_other(
    find: Callable[..., Find], passage: str, question: str
) -> None:
    assert find("Unrelated cheese.", passage, "A cooperative.")(question) == [passage]


def test_a_telephone_number_is_found_as_dialled_at_home_and_from_abroad(find: Callable[..., Find]) -> None:
    abroad, home, other = "Tel +82-10-2345-6789", "Tel 010-1111-2222", "Tel +82-10-2345-6780"
    ask = find(abroad, home, other)
    assert ask("01023456789") == [abroad]
    assert ask("010-2345-6789")[0] == abroad
    assert ask("+82-10-1111-2222")[0] == home
    assert ask("+82 10 1111 2222")[0] == home


@pytest.mark.parametrize(
    ("question", "passage"),
    [
        ("진단서", "진 단 서"),
        ("진 단 서", "진단서입니다"),
        ("홍 길 동의 병 명", "홍길동, 병명 고혈압"),
        ("병명이 뭐야?", "병 명: 고혈압"),
        ("e-mail", "One email."),
        ("email", "One e-mail."),
        ("co-ordinator", "The coordinators."),
        ("+82-10-2345-6789", "Tel 010-2345-6789"),
        ("010-2345-6789", "Tel 01023456789"),
        ("01023456789", "Tel +82 10-2345-6789"),
    ],
)
def test_what_is_written_otherwise_stands_there_and_supports(
    database: Database, find: Callable[..., Find], question: str, passage: str
) -> None:
    find(passage, "길을 동으로 간다. 진흙, 단, 서쪽.", "The mail of 2345.", "A co-owner.")
    words = Lexical(database)
    asked = words.words(question)
    found = words.search(asked, Scope(), 10)
    assert found[0][0] == 1
    assert is_supported(found, [])
    assert words.standing_in(question, asked, [1])[1] == ()


def test_a_word_letter_by_letter_is_told_as_one(database: Database, find: Callable[..., Find]) -> None:
    find("성명 홍길동", "다른 것")
    words = Lexical(database)
    assert words.standing_in("홍 길 동의 나 이", words.words("홍 길 동의 나 이"), [1]) == (
        ("홍 길 동의",),
        ("나 이",),
    )


@pytest.mark.parametrize("question", ["진 단 서", "send an e-mail", "+82-10-2345-6789"])
def test_a_library_indexed_before_finds_as_it_did(
    database: Database, find: Callable[..., Find], question: str
) -> None:
    find(question, "other things")
    words = Lexical(database)
    new = words.search(words.words(question), Scope(), 10)
    lately = [term for one in spellings(question) if not one.code for term in one.together]
    with database.read() as connection:
        (held,) = connection.execute("SELECT terms FROM chunk_terms WHERE rowid = 1").fetchone()
    before = " ".join(term for term in held.split(" ") if term not in lately)

    def put(connection: Connection) -> None:
        connection.execute("DELETE FROM chunk_terms WHERE rowid = 1")
        connection.execute("INSERT INTO chunk_terms (rowid, terms) VALUES (1, ?)", (before,))

    database.write(put)
    old = words.search(words.words(question), Scope(), 10)
    assert before != held
    assert [number for number, _ in old] == [number for number, _ in new] == [1]
    assert old[0][1] == pytest.approx(new[0][1], abs=0.05)
    assert words.standing_in(question, words.words(question), [1])[1] == ()
