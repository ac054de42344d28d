# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Chunks lie within one place, cover its text, and never exceed what the embedder takes."""

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.documents.parser_worker import estimate
from assistant.documents.protocol import Chunk, PlaceText
from assistant.documents.splitter import TARGET_TOKENS, Splitter
from assistant.passages import Place, PlaceKind

MAX_TOKENS = 512


def count_words(texts: Sequence[str]) -> list[int]:
    return [len(words.split()) for words in texts]


def pages(*texts: str) -> list[PlaceText]:
    return [PlaceText(Place(PlaceKind.PAGE, n, n + 1), words) for n, words in enumerate(texts)]


def split(places: Sequence[PlaceText], title: str = "Title", max_tokens: int = MAX_TOKENS) -> list[Chunk]:
    found = Splitter(count_words, max_tokens).split(title, places)
    return [chunk for chunks in found for chunk in chunks]


def slices(places: Sequence[PlaceText], chunks: Sequence[Chunk]) -> list[str]:
    return [places[chunk.ordinal].text[chunk.start : chunk.end] for chunk in chunks]


def sentences(n: int, start: int = 0) -> str:
    return " ".join(f"Sentence number {k} has six words." for k in range(start, start + n))


def test_a_short_place_is_one_chunk_without_outer_spaces() -> None:
    places = pages("  One sentence.\n")
    assert slices(places, split(places)) == ["One sentence."]


def test_a_place_without_text_gives_no_chunk() -> None:
    assert split(pages("", "  \n ")) == []


def test_long_text_is_cut_between_sentences_near_the_target() -> None:
    places = pages(sentences(200))
    found = slices(places, split(places))
    assert len(found) > 3
    assert all(part.endswith(".") and part.startswith("Sentence") for part in found)
    assert all(TARGET_TOKENS / 2 < len(part.split()) <= TARGET_TOKENS + 40 for part in found[:-1])


def test_no_word_is_lost_and_none_is_twice() -> None:
    places = pages(sentences(100), sentences(80, 100))
    found = " ".join(slices(places, split(places)))
    assert found.split() == " ".join(place.text for place in places).split()


def test_korean_sentences_are_kept_whole() -> None:
    places = pages("계약 기간은 여섯 달로 한다. " * 120)
    assert all(part.endswith("한다.") for part in slices(places, split(places)))


@pytest.mark.parametrize(
    "kept",
    ["between 10 p.m. and 7 a.m. on weekdays", "ask Mr. Brandt about it", "see No. 14 of the list"],
)
def test_abbreviations_do_not_end_a_sentence(kept: str) -> None:
    places = pages(" ".join(f"Line {n} says: {kept} always." for n in range(60)))
    assert all(part.endswith("always.") for part in slices(places, split(places)))


def test_a_numbered_heading_begins_a_chunk_and_names_what_follows_on_the_next_page() -> None:
    places = pages(
        f"1. Premises\r\n{sentences(12)}\r\n4. Rent\r\n{sentences(12, 20)}",
        f"{sentences(3, 40)}\r\n5. Pets\r\nDogs.",
    )
    found = [(chunk.ordinal, chunk.heading) for chunk in split(places)]
    assert found == [(0, "1. Premises"), (0, "4. Rent"), (1, "4. Rent")]


def test_a_korean_article_is_a_heading_even_within_a_line() -> None:
    places = pages(
        "본 계약은 여기에서 끝난다. 제2조 (용역의 범위)\r\n을은 다음을 수행한다. " + "설계를 한다. " * 60
    )
    assert split(places)[-1].heading == "제2조 (용역의 범위)"


def test_headings_of_a_text_without_marked_ones_are_seen() -> None:
    words = f"1. Premises\n{sentences(12)}\n2. Rent\n{sentences(12, 20)}"
    for label, found in (("", ["1. Premises", "2. Rent"]), ("Lease", ["Lease"])):
        place = PlaceText(Place(PlaceKind.SECTION, 0, label=label), words)
        assert [chunk.heading for chunk in split([place])] == found


def test_running_heads_are_left_out_of_the_search_text_but_stay_in_the_text() -> None:
    places = pages(
        *(f"Lease of Orchard Lane\r\nPage {n} of 4\r\nText {'abc'[n % 3]}{n} here.\r\n" for n in range(4))
    )
    chunks = split(places, title="Lease")
    assert all("Orchard" not in chunk.search_text and "of 4" not in chunk.search_text for chunk in chunks)
    assert slices(places, chunks)[1] == "Text b1 here."


def test_a_document_of_nothing_but_repeated_lines_is_still_found() -> None:
    assert len(split(pages("Form 7", "Form 8", "Form 9"))) == 3


def test_the_search_text_joins_hyphens_and_is_headed_by_title_and_heading_once() -> None:
    section = PlaceText(
        Place(PlaceKind.SECTION, 0, label="Handbook > Fees"), "Fees\n\nThe con\u00adfirmation\nof pay-\nment."
    )
    (chunk,) = split([section], title="Handbook")
    assert chunk.search_text == "Handbook\nFees\nThe confirmation\nof payment."
    assert chunk.heading == "Handbook > Fees"


def test_rows_of_a_sheet_are_kept_whole_and_carry_the_column_names() -> None:
    rows = "\n".join(f"item {n} | blue | {n}.50" for n in range(200))
    sheet = PlaceText(Place(PlaceKind.SHEET, 0, 1, "Prices"), "article | colour | price\n" + rows)
    chunks = split([sheet], title="stock")
    assert len(chunks) > 3
    assert all("article | colour | price" in chunk.search_text for chunk in chunks)
    assert all(part.startswith(("item", "article")) for part in slices([sheet], chunks))


@pytest.mark.parametrize("long_one", ["word " * 5000, "가나다라" * 5000, "x" * 20000, "line\n" * 5000])
def test_text_without_sentences_is_cut_all_the_same(long_one: str) -> None:
    places = pages(long_one)
    found = [chunk for chunks in Splitter(estimate, MAX_TOKENS).split("T", places) for chunk in chunks]
    assert all(estimate([chunk.search_text])[0] <= MAX_TOKENS for chunk in found)
    assert "".join("".join(slices(places, found)).split()) == "".join(long_one.split())


WORDS = st.text(alphabet="ab가나 .\n\r|1", max_size=400)


@settings(max_examples=60, deadline=None)
@given(st.lists(WORDS, max_size=4), WORDS, st.sampled_from(list(PlaceKind)), st.sampled_from([64, 128, 512]))
def test_every_chunk_fits_and_lies_in_its_place(
    texts: list[str], title: str, kind: PlaceKind, limit: int
) -> None:
    places = [PlaceText(Place(kind, n, n + 1, title), words) for n, words in enumerate(texts)]
    chunks = [chunk for chunks in Splitter(estimate, limit).split(title, places) for chunk in chunks]
    for chunk, part in zip(chunks, slices(places, chunks), strict=True):
        assert part
        assert part == part.strip()
        assert estimate([chunk.search_text])[0] <= limit
    for place in places:
        spans = [(chunk.start, chunk.end) for chunk in chunks if chunk.ordinal == place.place.ordinal]
        assert spans == sorted(spans)
        assert all(first[1] <= second[0] for first, second in pairwise(spans))


def test_where_letters_cost_many_tokens_a_chunk_is_no_smaller_for_it() -> None:
    def count(texts: Sequence[str]) -> list[int]:
        return [2 * len("".join(words.split())) for words in texts]

    text = " ".join(f"임차인은 매달 말일까지 월세 {number}만 원을 낸다." for number in range(200))
    place = PlaceText(Place(PlaceKind.SECTION, 0), text)
    chunks = [chunk for some in Splitter(count, 512).split("계약서", [place]) for chunk in some]
    assert min(chunk.end - chunk.start for chunk in chunks[:-1]) > 250
    assert max(count([chunk.search_text for chunk in chunks])) <= 510
