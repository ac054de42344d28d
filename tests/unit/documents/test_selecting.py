# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What is shown of what was found: a text once, neighbours joined, something of each document asked about."""

import pytest

from assistant.documents.passage_store import Found
from assistant.documents.selecting import Chosen, choose
from assistant.passages import Place, PlaceKind

RENT = "The monthly rent is 850 euros and is to be paid by the landlord's bank on the first of each month"


def found(text: str, content: int = 1, start: int = 0, title: str = "") -> Found:
    place = Place(PlaceKind.PAGE, 0, 1)
    title = title or f"document {content}"
    return Found(
        1000 * content + start, content, place, start, start + len(text), "", text, title, "", f"/{title}"
    )


def shown(question: str, *ranked: tuple[Found, float], limit: int = 5) -> list[Chosen]:
    return choose(question, ranked, limit)


def test_the_same_text_is_shown_once_and_says_where_else_it_stands() -> None:
    [one] = shown("rent", (found(RENT, 1), 0.9), (found(RENT.replace("  ", " "), 2), 0.8))
    assert one.best.document == "/document 1"
    assert [other.document for other in one.alike] == ["/document 2"]


def test_nearly_the_same_text_is_shown_once() -> None:
    assert len(shown("rent", (found(RENT, 1), 0.9), (found(RENT + " again", 2), 0.8))) == 1


def test_another_number_is_another_text() -> None:
    assert len(shown("rent", (found(RENT, 1), 0.9), (found(RENT.replace("850", "900"), 2), 0.8))) == 2


def test_neighbours_are_joined_whichever_was_found_first() -> None:
    first, second = found("The rent is due.", 1, 0), found("It is 850 euros.", 1, 17)
    [one] = shown("rent", (second, 0.9), (first, 0.8))
    assert (one.start, one.end, one.best) == (0, 33, second)


def test_a_neighbour_that_fits_the_question_badly_stays_apart() -> None:
    first, second = found("The rent is due.", 1, 0), found("Pets are welcome", 1, 17)
    assert len(shown("rent", (first, 0.9), (second, 0.1))) == 2


def test_passages_that_are_not_beside_each_other_stay_apart() -> None:
    first, far = found("The rent is due.", 1, 0), found("It is 850 euros.", 1, 400)
    assert len(shown("rent", (first, 0.9), (far, 0.8))) == 2


def test_no_more_than_so_many_chunks_are_joined() -> None:
    chunks = [(found(f"word{number} word{number}b", 1, 20 * number), 0.9) for number in range(6)]
    assert max(len(one.chunks) for one in shown("word", *chunks, limit=6)) == 3


def test_a_question_that_names_two_documents_gets_something_of_each() -> None:
    lease = [
        (found(f"rent clause {word}", 1, 100 * n, "lease"), 0.9 - n / 100) for n, word in enumerate("abcdef")
    ]
    offer = (found("rent in short", 2, 0, "offer 2024"), 0.5)
    assert {one.best.title for one in shown("rent", *lease, offer, limit=3)} == {"lease"}
    named = shown("Is the rent the same in the lease and in the offer of 2024?", *lease, offer, limit=3)
    assert {one.best.title for one in named} == {"lease", "offer 2024"}


@pytest.mark.parametrize(
    ("question", "title", "named"),
    [
        ("Is the lease like the email rules?", "e-mail rules", True),
        ("Is the lease like the e-mail rules?", "email_rules", True),
        ("Is the lease like the e-mail rules?", "e-mail-rules", True),
        ("lease 그리고 진단서", "진 단 서", True),
        ("lease 그리고 진 단 서", "진단서", True),
        ("Is the lease like the mail rules?", "e-mail rules", False),
        ("lease 그리고 진단", "진 단 서", False),
    ],
)
def test_a_title_is_named_in_either_spelling(question: str, title: str, named: bool) -> None:
    lease = [(found(f"clause {word}", 1, 100 * n, "lease"), 0.9 - n / 100) for n, word in enumerate("abcdef")]
    titles = {
        one.best.title for one in shown(question, *lease, (found("in short", 2, 0, title), 0.5), limit=3)
    }
    assert titles == ({"lease", title} if named else {"lease"})


def test_a_question_that_compares_gets_more_than_one_document() -> None:
    one = [(found(f"rent clause {word}", 1, 100 * n), 0.9 - n / 100) for n, word in enumerate("abcdef")]
    other = (found("rent in short", 2), 0.6)
    assert {x.best.content_id for x in shown("Compare the rents", *one, other, limit=3)} == {1, 2}
    assert {x.best.content_id for x in shown("월세를 비교해 줘", *one, other, limit=3)} == {1, 2}


def test_a_document_that_is_much_better_is_not_pushed_out() -> None:
    one = [(found(f"rent clause {word}", 1, 100 * n), 0.9 - n / 100) for n, word in enumerate("abcdef")]
    other = (found("rent in short", 2), 0.3)
    assert {x.best.content_id for x in shown("rents", *one, other, limit=5)} == {1}


def test_the_best_stand_first() -> None:
    several = [(found(f"text {word}", n, 0), 0.9 - n / 10) for n, word in enumerate("abcdef")]
    scores = [one.score for one in shown("text", *several)]
    assert scores == sorted(scores, reverse=True)
    assert shown("text") == []
