# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What the search text of a chunk has otherwise than the text: tables, heading paths, joined words."""

from collections.abc import Sequence
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.documents.parser_worker import estimate
from assistant.documents.protocol import Chunk, Heading, Instead, PlaceText
from assistant.documents.splitter import Splitter
from assistant.passages import Place, PlaceKind

PAGE = Place(PlaceKind.PAGE, 0, 1)


def split(*places: PlaceText, title: str = "T", limit: int = 512) -> list[Chunk]:
    return [chunk for chunks in Splitter(estimate, limit).split(title, places) for chunk in chunks]


def sentences(n: int) -> str:
    return " ".join(f"Sentence number {k} has six words." for k in range(n))


def test_what_stands_for_a_slice_is_in_the_search_text_only() -> None:
    words = "Fares.\nFerry 12 USD\nPunt 30 USD\nFor one way."
    start, end = words.index("Ferry"), words.index("\nFor")
    (chunk,) = split(PlaceText(PAGE, words, instead=(Instead(start, end, "| Ferry | 12 |\n| Punt | 30 |"),)))
    assert chunk.search_text == "T\nFares.\n| Ferry | 12 |\n| Punt | 30 |\nFor one way."
    assert words[chunk.start : chunk.end] == words


def test_a_large_table_is_divided_between_its_rows() -> None:
    names = [f"boat{n}" for n in range(120)]
    words = "\n".join(f"{name} seats {n} guests" for n, name in enumerate(names))
    table = "\n".join(f"| {name} | {n} |" for n, name in enumerate(names))
    place = PlaceText(PAGE, words, instead=(Instead(0, len(words), "| boat | seats |\n|---|---|\n" + table),))
    chunks = split(place)
    assert len(chunks) > 2
    for chunk in chunks:
        rows = [line for line in chunk.search_text.splitlines() if line.startswith("| boat")]
        own = words[chunk.start : chunk.end].split()[::4]
        assert [row.split()[1] for row in rows if row != "| boat | seats |"] == own
        assert "guests" not in chunk.search_text


def test_a_row_that_would_fill_a_chunk_stays_as_it_was_read() -> None:
    place = PlaceText(PAGE, "A short row.", instead=(Instead(0, 12, "word " * 3000),))
    (chunk,) = split(place)
    assert chunk.search_text == "T\nA short row."


def test_what_is_hidden_from_search_makes_no_chunk() -> None:
    assert split(PlaceText(PAGE, "hidden", instead=(Instead(0, 6, ""),))) == []


def test_bookmarks_make_heading_paths_that_go_on_over_pages() -> None:
    one = f"The lake\n{sentences(8)}\nBoats\n{sentences(8)}"
    first = PlaceText(PAGE, one, (Heading(0, 1, "The lake"), Heading(one.index("Boats"), 2, "Boats")))
    second = PlaceText(Place(PlaceKind.PAGE, 1, 2), sentences(5))
    third = PlaceText(Place(PlaceKind.PAGE, 2, 3), sentences(5), (Heading(0, 1, "The inn"),))
    assert [(chunk.ordinal, chunk.heading) for chunk in split(first, second, third)] == [
        (0, "The lake"), (0, "The lake > Boats"), (1, "The lake > Boats"), (2, "The inn"),
    ]  # fmt: skip


def test_a_heading_found_in_the_words_stands_below_the_named_ones_once() -> None:
    words = f"1. The lake\n{sentences(8)}\n1.1 Boats\n{sentences(8)}"
    place = PlaceText(PAGE, words, (Heading(0, 1, "The lake"),))
    assert [chunk.heading for chunk in split(place)] == ["The lake", "The lake > 1.1 Boats"]


def test_headings_of_a_section_stand_below_its_label() -> None:
    section = Place(PlaceKind.SECTION, 0, label="Handbook")
    words = f"{sentences(8)}\nFees\n{sentences(8)}"
    place = PlaceText(section, words, (Heading(words.index("Fees"), 2, "Fees"),))
    assert [chunk.heading for chunk in split(place)] == ["Handbook", "Handbook > Fees"]


def test_ligatures_and_hyphens_are_joined_for_the_search() -> None:
    (chunk,) = split(PlaceText(PAGE, "The \ufb01rst e\ufb00ort of the con\u00ad\r\nfirmed o\ufb03ce."))
    assert chunk.search_text == "T\nThe first effort of the confirmed office."


def test_only_the_edges_of_pages_are_left_out_of_the_search_text() -> None:
    pages = [
        PlaceText(Place(PlaceKind.PAGE, n, n + 1), f"Lake {n}\n{sentences(3)}\n2024\n{sentences(3)}\n{n}\n")
        for n in range(5)
    ]
    for chunk in split(*pages):
        assert "Lake" not in chunk.search_text
        assert "2024" in chunk.search_text


@st.composite
def marked(draw: st.DrawFn) -> PlaceText:
    words = draw(st.text(alphabet="ab가 .\n|1", max_size=300))
    at = sorted(draw(st.lists(st.integers(0, len(words)), max_size=6, unique=True)))
    instead = [
        Instead(start, end, draw(st.text(alphabet="ab나 |\n-", max_size=400)))
        for start, end in list(pairwise(at))[::2]
    ]
    starts = sorted(draw(st.lists(st.integers(0, len(words)), max_size=4)))
    headings = [
        Heading(start, draw(st.integers(1, 3)), draw(st.sampled_from(["x", "y" * 90]))) for start in starts
    ]
    return PlaceText(PAGE, words, tuple(headings), tuple(instead))


@settings(max_examples=80, deadline=None)
@given(marked(), st.sampled_from([64, 128, 512]))
def test_every_chunk_fits_and_lies_in_its_place_whatever_stands_for_it(place: PlaceText, limit: int) -> None:
    chunks = split(place, limit=limit)
    spans: Sequence[tuple[int, int]] = [(chunk.start, chunk.end) for chunk in chunks]
    assert spans == sorted(spans)
    assert all(first[1] <= second[0] for first, second in pairwise(spans))
    assert all(0 <= start < end <= len(place.text) for start, end in spans)
    assert all(estimate([chunk.search_text])[0] <= limit for chunk in chunks)
