# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Headers, footers and page numbers are seen as such, and nothing else is."""

from collections.abc import Sequence

from assistant.documents.protocol import PlaceText
from assistant.documents.running_heads import running_heads
from assistant.passages import Place, PlaceKind


def heads(*texts: str, kind: PlaceKind = PlaceKind.PAGE) -> list[list[str]]:
    """Return the running heads of each page."""
    places = [PlaceText(Place(kind, n, n + 1), words) for n, words in enumerate(texts)]
    found = running_heads(places)
    return [[place.text[start:end] for start, end in found.get(place.place.ordinal, ())] for place in places]


def body(n: int, lines: int = 10) -> str:
    return "".join(
        f"{'abcdefghij'[k]}{'klmnopqrst'[n % 10]} says what stands here.\r\n" for k in range(lines)
    )


def test_a_title_and_a_page_number_are_running_heads() -> None:
    pages = [f"The lake\r\n{body(n)}{n + 7}\r\n" for n in range(4)]
    assert heads(*pages) == [["The lake", str(n + 7)] for n in range(4)]


def test_heads_of_left_and_right_pages_take_turns() -> None:
    pages = [f"{n} The lake\r\n{body(n)}" if n % 2 else f"Boats and fares {n}\r\n{body(n)}" for n in range(8)]
    assert heads(*pages) == [[page.partition("\r\n")[0]] for page in pages]


def test_a_chapter_beside_the_page_number_is_a_running_head() -> None:
    pages = [f"{n + 3} {'Boats' if n < 4 else 'Fares'}\r\n{body(n)}" for n in range(8)]
    assert heads(*pages) == [[page.partition("\r\n")[0]] for page in pages]


def test_two_pages_are_compared_at_their_outermost_lines() -> None:
    pages = [f"Inn at the lake\r\n{body(n)}Page {n + 1} of 2\r\n" for n in range(2)]
    assert heads(*pages) == [["Inn at the lake", f"Page {n + 1} of 2"] for n in range(2)]
    assert heads("Form 7", "Form 8") == [[], []]


def test_numbers_that_do_not_count_the_pages_are_text() -> None:
    pages = [f"{n * n + 40}\r\n{body(n)}{900 - 13 * n}\r\n" for n in range(5)]
    assert heads(*pages) == [[]] * 5


def test_a_line_inside_the_page_is_text_even_where_it_is_the_same_as_the_head() -> None:
    pages = [f"The lake\r\n{body(n, 5)}The lake\r\n{body(n, 5)}" for n in range(4)]
    assert heads(*pages) == [["The lake"]] * 4


def test_a_page_of_nothing_else_keeps_them() -> None:
    pages: Sequence[str] = ["The lake\r\n3\r\n", *(f"The lake\r\n{body(n)}{n + 3}\r\n" for n in range(1, 5))]
    assert heads(*pages)[0] == []
    assert heads(*pages)[1] == ["The lake", "4"]


def test_only_pages_have_running_heads() -> None:
    assert heads(*["The lake\nA section."] * 5, kind=PlaceKind.SECTION) == [[]] * 5
