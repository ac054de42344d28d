# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Full text: Korean without glued particles, English stems, numbers and codes exactly."""

import time
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.database import Connection, Database, statements
from assistant.full_text import TOKENIZER, every_word_of, index_terms, query_terms, spellings, words_of

TABLES = (statements(f'CREATE VIRTUAL TABLE notes USING fts5(words, tokenize="{TOKENIZER}")'),)


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    database = Database.open(Path(tmp_path_factory.mktemp("words")) / "words.db", TABLES, None)
    yield database
    database.close()


def finds(database: Database, text: str, expression: str) -> bool:
    def look(connection: Connection) -> bool:
        connection.execute("DELETE FROM notes")
        connection.execute("INSERT INTO notes VALUES (?)", (index_terms(text),))
        found = connection.execute("SELECT 1 FROM notes WHERE notes MATCH ?", (expression,))
        return found.fetchone() is not None

    return database.write(look)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("계약을 해지한다", "계약"),
        ("임대차계약서 작성", "계약"),
        ("계약서", "계약서"),
        ("3월 월세", "월세"),
        (unicodedata.normalize("NFD", "보증금을 돌려준다"), "보증금"),
        ("보증금을 돌려준다", unicodedata.normalize("NFD", "보증금")),
        ("ＡＢＣ－１２３４", "abc-1234"),
        ("전화 ０１０－１２３４－５６７８", "010-1234-5678"),
        ("The tenants agreed", "tenant"),
        ("The tenant agreed", "tenants agree"),
        ("the tenant’s deposit", "tenant"),
        ("a café in Seoul", "CAFE"),
        ("move-in date", "move in"),
        ("the move in date", "move-in date"),
        ("Order AB-1234.", "ab-1234"),
        ("Order AB 1234", "1234"),
        ("the rent of 850만원", "850"),
        ("$1,234.50 due", "1234.50"),
        ("1234.50 due", "1,234.50"),
        ("1,234.50 due", "1234"),
        ("10kg", "10"),
        ("mail kim@example.co.kr로 보내", "kim@example.co.kr"),
        ("mail kim@example.co.kr", "kim@example.co.kr로"),
        ("코드 AB-1234 확인", "AB-1234를"),
        ("方法論", "方法"),
        ("end.Start of", "start"),
        ("문서 AB-1234/5를 보낸다", "AB-1234/5"),
        ("문서 AB-1234/5", "1234"),
        ("연락처는 010-1234-5678입니다", "010-1234-5678"),
        ("연락처는 010-1234-5678입니다", "5678"),
        ("제12조에 따라", "제12조"),
        ("제 12 조(해지)", "제12조"),
        (unicodedata.normalize("NFD", "제12조의2"), "제12조의2"),
        ("제１２조", "제12조"),
        ("제12조의2", "제12조"),
        ("홍길동이 서명한다", "길동"),
        ("soft\u00adhyphen zero\u200bwidth", "softhyphen zerowidth"),
        ("진 단 서\n환자의 성명: 홍 길 동", "진단서"),
        ("환자의 성명: 홍 길 동", "홍길동"),
        ("성    명", "성명"),
        ("성\u3000\u3000명", "성명"),
        (unicodedata.normalize("NFD", "병 명: 고혈압"), "병명"),
        ("위 홍 길 동은", "홍길동"),
        ("표 준 근 로 계 약 서", "근로"),
        ("진단서를 낸다", "진 단 서"),
        ("홍 길 동", "홍 길 동"),
        ("홍길동이 서명한다", "홍 길 동"),
        ("Please e-mail us", "email"),
        ("Please email us", "e-mail"),
        ("two e-mails", "emails"),
        ("the co-ordinator", "coordinators"),
        ("the coordinator", "co-ordinator"),
        ("Sign-up is free", "signup"),
        ("Follow-up visit", "followup"),
        ("check-in opens", "check in"),
        ("전화 010-1234-5678", "01012345678"),
        ("전화 01012345678", "010-1234-5678"),
        ("Tel +82-10-2345-6789", "01023456789"),
        ("Tel +82 10 2345 6789.", "01023456789"),
        ("Tel (+82) 2-345-6789", "023456789"),
        ("Tel +82 (0)10-2345-6789", "010-2345-6789"),
        ("연락처 01023456789입니다", "+82-10-2345-6789"),
        ("연락처 010-2345-6789", "+82 10 2345 6789"),
        ("연락처 010 2345 6789로", "010-2345-6789"),
        ("02)345-6789", "02-345-6789"),
    ],
)
def test_a_text_is_found_by_its_words(database: Database, text: str, words: str) -> None:
    assert finds(database, text, every_word_of(words))
    assert set(query_terms(words)) & set(index_terms(text).split())


def test_a_single_syllable_finds_the_words_that_begin_with_it(database: Database) -> None:
    assert finds(database, "집을 팔았다", every_word_of("집"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("계획을 약속한다", "계약"),
        ("AB-1235", "AB-1234"),
        ("8500", "850"),
        ("1,234.50", "1,234.51"),
        ("kim@example.co.kr", "lee@example.co.kr"),
        ("in the move", "move-in"),
        ("the cat", "the dog"),
        ("서류를 진\n단단히 서", "진단서"),
        ("진, 단, 서", "진단서"),
        ("| 진 | 단 | 서 |", "진단서"),
        ("진 단 서", "진단명"),
        ("학교 명", "교명"),
        ("이(李)는 그 후", "는그"),
        ("할 수 있는", "수있"),
        ("계획을 단 서", "진 단 서"),
        ("a well-being", "bewell"),
        ("state-of-the-art", "stateoftheart"),
        ("in the e, mail", "email"),
        ("the mail", "e-mail"),
        ("Tel +82-10-2345-6780", "01023456789"),
        ("Tel +81-10-2345-6789", "01023456789"),
        ("Tel +82-10-2345-67890", "01023456789"),
        ("2010 2345 6789", "01023456789"),
        ("1.010 2345 6789", "01023456789"),
    ],
)
def test_a_text_without_the_words_is_not_found(database: Database, text: str, words: str) -> None:
    assert not finds(database, text, every_word_of(words))


@pytest.mark.parametrize(
    ("text", "terms", "others"),
    [
        ("제12조", {"제12조"}, {"제1조", "제2조", "제12항"}),
        ("제12조의2에", {"제12조", "제12조의2"}, {"제2조"}),
        ("AB-1234/5", {"ab-1234/5"}, {"ab-1234"}),
        ("010-1234-5678", {"010-1234-5678", "01012345678"}, {"0101234"}),
    ],
)
def test_what_is_numbered_is_one_term(text: str, terms: set[str], others: set[str]) -> None:
    found = set(index_terms(text).split())
    assert terms <= found
    assert terms <= set(query_terms(text))
    assert not others & found


@pytest.mark.parametrize(
    ("words", "apart", "together"),
    [
        ("진 단 서의 내용", ("진", "단", "서의"), ("진단", "단서")),
        ("send e-mail now", ("e", "mail"), ("email",)),
        ("AB-1234", ("ab-1234", "ab", "1234"), ("ab1234",)),
        ("010 2345 6789", ("010", "2345", "6789"), ("01023456789",)),
    ],
)
def test_both_ways_to_write_a_word_are_told(
    words: str, apart: tuple[str, ...], together: tuple[str, ...]
) -> None:
    (found,) = spellings(words)
    assert (found.apart, found.together) == (apart, together)
    assert set(found.apart + found.together) <= set(query_terms(words))
    assert found.code == ("-1234" in words)


@pytest.mark.parametrize("words", ["진단서", "the mail", "and/or", "집 앞에서", "계약 서", "2345 6789"])
def test_a_word_that_is_written_in_one_way_has_no_other(words: str) -> None:
    assert spellings(words) == []


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("홍 길 동은 왜?", ["홍 길 동은", "왜?"]),
        ("who is  홍 길  동", ["who", "is", "홍 길  동"]),
        (unicodedata.normalize("NFD", "성 명"), ["성 명"]),
        ("call 010 2345 6789 now", ["call", "010 2345 6789", "now"]),
        ("계약 기간", ["계약", "기간"]),
        ("", []),
    ],
)
def test_what_is_written_letter_by_letter_is_one_word(words: str, found: list[str]) -> None:
    assert words_of(words) == found


@pytest.mark.parametrize("hostile", ["가 " * 50_000, "가" + " " * 100_000, "+82 " * 20_000, "0 " * 50_000])
def test_what_is_set_apart_is_found_in_linear_time(hostile: str) -> None:
    start = time.process_time()
    index_terms(hostile)
    assert time.process_time() - start < 2.0


def test_the_last_word_may_be_unfinished_while_typing(database: Database) -> None:
    assert finds(database, "The landlord keeps the deposit", every_word_of("keeps dep"))
    assert not finds(database, "The landlord keeps the deposit", every_word_of("dep keeps"))


@pytest.mark.parametrize(
    "words", ['"', 'a" OR "b', "NEAR(a b)", "a*", "words:x", "-a", "^a", "a AND", "((", "{a b}: c", "", " - "]
)
def test_the_question_is_never_read_as_a_query_language(database: Database, words: str) -> None:
    if expression := every_word_of(words):
        finds(database, "a b c words x near and or", expression)


@given(st.text())
def test_any_text_is_found_by_itself(database: Database, words: str) -> None:
    expression = every_word_of(words)
    assert bool(expression) == bool(index_terms(words))
    if expression:
        assert finds(database, words, expression)
        assert set(query_terms(words)) & set(index_terms(words).split())


@given(st.text())
def test_both_normal_forms_give_the_same_terms(words: str) -> None:
    composed, spread = unicodedata.normalize("NFC", words), unicodedata.normalize("NFD", words)
    assert index_terms(composed) == index_terms(spread)


@given(st.text())
def test_the_terms_of_a_question_are_terms_of_the_index(words: str) -> None:
    assert set(query_terms(words)) <= set(index_terms(words).split(" "))


def test_fts5_takes_the_terms_as_they_are(database: Database) -> None:
    words = "계약서 AB-1234 a@b.kr 1,234.50 my_name v1.2:3 x/y A&B's über"

    def vocabulary(connection: Connection) -> set[str]:
        connection.execute("DELETE FROM notes")
        connection.execute("INSERT INTO notes VALUES (?)", (index_terms(words),))
        connection.execute("CREATE VIRTUAL TABLE temp.terms USING fts5vocab('main', 'notes', 'row')")
        return {term for (term,) in connection.execute("SELECT term FROM temp.terms")}

    assert database.write(vocabulary) == set(index_terms(words).split(" "))


def test_a_long_run_of_letters_keeps_its_beginning() -> None:
    assert index_terms("a" * 1000) == "a" * 64
