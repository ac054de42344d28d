# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""A sentence gets the marker of the passage that supports it, and none without support."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.citations import Citer, sentences, with_markers
from assistant.claims import closest, terms
from assistant.passages import Citation, Passage, Place, PlaceKind
from assistant.sentences import repeats, spans, unwrapped
from tests.cited import attach


def passage(text: str, page: int = 1, start: int = 0, heading: str = "") -> Passage:
    place = Place(PlaceKind.PAGE, page - 1, page)
    return Passage("/papers/lease.pdf", place, start, start + len(text), text, heading)


RENT = passage("4. Rent. The monthly rent is USD 850, payable on the first day. A late fee of 45 applies.", 3)
DEPOSIT = passage("5. Deposit. The tenant pays a security deposit of USD 1,700 before moving in.", 4)
KOREAN = passage("제3조 (월세) 월세는 650,000원이며 매월 5일에 지급한다. 보증금은 10,000,000원이다.", 2)


def test_the_passage_that_holds_the_number_and_the_words_is_cited() -> None:
    cited = attach("The monthly rent is $850.", [DEPOSIT, RENT])
    assert [citation.n for citation in cited.citations] == [2]
    assert cited.citations[0].quote == "The monthly rent is USD 850, payable on the first day."


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        ("진단서의 병명은 고혈압이다.", "진 단 서\n병 명: 고혈압"),
        ("환자의 성명은 홍길동이다.", "환자의 성명: 홍 길 동"),
        ("The coordinator sends an email.", "The co-ordinator sends an e-mail."),
        ("The co-ordinator sends an e-mail.", "The coordinator sends an email."),
        ("The sign-up is free for tenants.", "Tenants sign up for free."),
        ("The sign-up fee is USD 20.", "The signup fee is USD 20."),
        ("The telephone number is 010-2345-6789.", "The telephone number is +82-10-2345-6789."),
    ],
)
def test_a_word_that_is_written_otherwise_supports(answer: str, text: str) -> None:
    assert [citation.n for citation in attach(answer, [passage(text)]).citations] == [1]


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        ("환자의 성명은 김철수이다.", "환자의 성명: 홍 길 동"),
        ("The coordinator sends an email.", "The co-owner sends an e-ticket."),
        ("The telephone number is 010-2345-6780.", "The telephone number is +82-10-2345-6789."),
        ("The telephone number is 010-2345-6789.", "The telephone number is +81-10-2345-6789."),
    ],
)
def test_another_word_written_alike_supports_nothing(answer: str, text: str) -> None:
    assert attach(answer, [passage(text)]).citations == ()


def test_the_sentence_with_the_word_written_otherwise_is_quoted() -> None:
    held = passage("All staff help. The co-ordinator helps. The cook helps.")
    assert attach("The coordinator helps.", [held]).citations[0].quote == "The co-ordinator helps."


def test_swapping_two_passages_moves_the_marker() -> None:
    answer = "The security deposit is 1700 USD."
    assert [one.n for one in attach(answer, [RENT, DEPOSIT]).citations] == [2]
    assert [one.n for one in attach(answer, [DEPOSIT, RENT]).citations] == [1]


def test_a_quote_is_a_slice_of_the_place() -> None:
    shifted = passage(DEPOSIT.text, start=100)
    citation = attach("The security deposit is USD 1,700.", [shifted]).citations[0]
    assert citation.quote == DEPOSIT.text[citation.quote_start - 100 : citation.quote_end - 100]


@pytest.mark.parametrize(
    "answer",
    [
        "The president of France is Emmanuel Macron.",
        "The monthly rent is USD 900.",
        "The monthly rent is USD 8500.",
        "The rent is due in 45 days, 12 times.",
    ],
)
def test_a_sentence_without_support_gets_no_marker(answer: str) -> None:
    cited = attach(answer, [RENT, DEPOSIT])
    assert cited.citations == ()
    assert [answer[start:end] for start, end in cited.unsupported] == [answer]


def test_a_marker_of_the_models_own_stays_only_with_support() -> None:
    cited = attach("The monthly rent is USD 850 [2]. Cats like fish [1].", [RENT, DEPOSIT])
    assert cited.text == "The monthly rent is USD 850. Cats like fish."
    assert [one.n for one in cited.citations] == [1]


def test_a_marker_at_the_beginning_leaves_no_space_behind() -> None:
    assert attach("[2] The monthly rent is USD 850.", [RENT]).text == "The monthly rent is USD 850."


def test_a_bare_number_is_cited_where_the_question_points() -> None:
    other = passage("The garage costs USD 850 a year.", 6)
    cited = attach("850", [other, RENT], "How much is the monthly rent?")
    assert [one.n for one in cited.citations] == [2]


def test_korean_sentences_are_supported_across_particles() -> None:
    cited = attach("월세는 650,000원입니다. 대통령은 프랑스 사람입니다.", [RENT, KOREAN])
    assert [one.n for one in cited.citations] == [2]
    assert len(cited.unsupported) == 1


def test_code_headings_and_questions_make_no_claim() -> None:
    text = "# Rent\n\n```python\nrent = 850.\n```\nWould you like more?"
    assert not any(sentence.claims for sentence in sentences(text))


def test_numbered_lists_and_decimals_do_not_end_sentences() -> None:
    spans = [one.text for one in sentences("1. The fee is 3.50 dollars. Pay Mr. Kim.\n2. Done it.")]
    assert spans == ["1. The fee is 3.50 dollars.", "Pay Mr. Kim.", "2. Done it."]


def test_what_the_whole_document_is_about_does_not_choose_the_sentence() -> None:
    text = (
        "가. 과업목적: 가을밤의 음악축제의 성공적인 개최를 목적으로 함.\n"
        "나. 과업범위: 가을밤의 음악축제 총괄 기획·운영.\n"
        "다. 소요예산: 270,000,000원(이억칠천만원 / 부가세 포함)"
    )
    start, end = closest(terms("음악축제의 소요예산은 얼마입니까?"), text)
    assert text[start:end].startswith("소요예산")


def test_lines_that_a_pdf_runs_together_do_not_hide_where_the_margin_is() -> None:
    lines = (
        "화면의 설계와 구현. 둘째, 바코드 스캐너와의 연동. 셋째, 재고 보고서의 자동 작성. 넷째, 갑의 교육",
        "2회. 변경하고자 하는 경우에는 양 당사자가 서면으로 합의하여야",
        "하며, 합의되지 않은 추가 작업에 대하여 을은 거절할 수 있다고 정",
        "한다. 계약 기간은 2025년 6월 1일부터 2025년 11월 30일까지로",
    )
    text = "\n".join((lines[0] * 2, *lines[1:]))
    even = unwrapped(text)
    assert len(even) == len(text)
    assert "서면으로 합의하여야 하며, 합의되지 않은" in even


def test_markers_are_put_after_their_sentences() -> None:
    cited = attach("The monthly rent is USD 850. The security deposit is 1,700.", [RENT, DEPOSIT])
    marked = with_markers(cited.text, cited.citations)
    assert marked == "The monthly rent is USD 850. [1] The security deposit is 1,700. [2]"


ANSWER = (
    "The rent is USD 850 [2] a month. See: x[0] and [12]\n\n- The deposit: 1,700.\n```\na [1]\n```\nNo cats."
)


@given(st.lists(st.integers(0, len(ANSWER)), max_size=12))
def test_streaming_cites_as_the_whole_does(cuts: list[int]) -> None:
    whole = attach(ANSWER, [RENT, DEPOSIT])
    citer = Citer([RENT, DEPOSIT])
    edges = [0, *sorted(cuts), len(ANSWER)]
    parts = [part for a, b in pairwise(edges) for part in citer.feed(ANSWER[a:b])]
    parts += citer.flush()
    shown = ""
    for part in parts:
        if isinstance(part, Citation):
            assert len(shown) >= part.end
        else:
            shown += part
    assert shown == whole.text == citer.text
    assert tuple(citer.citations) == whole.citations
    assert tuple(citer.unsupported) == whole.unsupported


def test_without_passages_text_passes_through_untouched() -> None:
    citer = Citer([])
    assert citer.feed("See [1].") == ["See [1]."]
    assert citer.flush() == []
    assert not citer.unsupported


def test_the_closest_sentence_is_the_one_that_speaks_of_the_question() -> None:
    start, end = closest(terms("월세는 얼마입니까?"), KOREAN.text)
    assert "650,000원" in KOREAN.text[start:end]


def test_an_answer_that_goes_round_in_circles_is_noticed() -> None:
    assert repeats("Well. " + "위의 구절만 사용해서 답하세요.\n\n" * 40)
    assert repeats("a" * 900)


@pytest.mark.parametrize(
    "text", ["", "The rent is 850. " * 10, "\n".join(f"{n}. Item {n}" for n in range(300))]
)
def test_lists_and_short_repetitions_are_no_circles(text: str) -> None:
    assert not repeats(text)


def test_a_quote_goes_on_over_the_line_breaks_of_a_page() -> None:
    text = "4. Rent\r\nThe monthly rent is USD 850, payable in advance before the\r\nfirst day of each month."
    citation = attach("The monthly rent is USD 850.", [passage(text)]).citations[0]
    assert citation.quote == text[9:]


def test_rows_of_a_list_are_quoted_one_by_one() -> None:
    rows = passage("Bolts 12\nNuts 40\nScrewdrivers, large 7\n")
    assert attach("There are 40 nuts.", [rows]).citations[0].quote == "Nuts 40"


@pytest.mark.parametrize(
    "answer",
    [
        "The security deposit is USD 850.",
        "The late fee is USD 850.",
        "The rent is 45.",
        "The monthly rent is USD 45, payable on the first day.",
    ],
)
def test_a_number_from_another_sentence_supports_nothing(answer: str) -> None:
    both = passage(f"{RENT.text}\n{DEPOSIT.text}", 3)
    assert attach(answer, [both], "How much is it?").citations == ()


def test_every_number_of_a_sentence_must_stand_where_it_should() -> None:
    both = passage(f"{RENT.text}\n{DEPOSIT.text}", 3)
    right = "The monthly rent is 850, and the security deposit is 1,700."
    swapped = "The monthly rent is 1,700, and the security deposit is 850."
    assert attach(right, [both]).citations
    assert not attach(swapped, [both]).citations


def test_a_short_answer_is_supported_by_what_was_asked() -> None:
    assert attach("It is USD 850.", [RENT], "How much is the monthly rent?").citations
    assert not attach("It is USD 850.", [RENT], "How much is the security deposit?").citations


def test_the_other_number_of_a_sentence_is_not_the_one_meant() -> None:
    tickets = passage("A single ride costs USD 5, a day ticket USD 12.")
    assert not attach("The day ticket costs USD 5.", [tickets]).citations
    assert attach("The day ticket costs USD 12.", [tickets]).citations


def test_a_date_is_one_thing() -> None:
    term = passage("The term begins on April 1, 2025 and ends on March 31, 2027.")
    assert attach("The lease term ends on March 31, 2027.", [term]).citations
    assert not attach(
        "The lease term ends on March 31, 2025.", [passage("It ends on March 31, 2027.")]
    ).citations


def test_a_right_number_does_not_carry_a_wrong_sentence() -> None:
    assert not attach("The parking space can be let for a month, with a rent of USD 850.", [RENT]).citations


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Visits are between 9 a.m. and 6 p.m. on working days. Call first.", 2),
        ("It is due at 9 a.m. The office opens then.", 2),
        ("See No. 7 of the list, e.g. the keys. It is short.", 2),
        ("It ends on 31.12. of the year.\nthe next line", 2),
        ("Really? yes! he said.", 3),
        ("계약은 끝났다. 끝.", 2),
    ],
)
def test_a_sentence_goes_on_after_an_abbreviation(text: str, sentences: int) -> None:
    assert len(list(spans(text))) == sentences
