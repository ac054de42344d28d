# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Answers in the words of the documents: each line a slice of its passage."""

import pytest

from assistant.own_words import Quoting
from assistant.passages import Passage, Place, PlaceKind


@pytest.mark.parametrize("mark", ["1) ", "12. ", "- ", "* ", "# ", "> ", ""])
def test_an_item_is_quoted_without_its_mark(mark: str) -> None:
    text = f"   {mark}The rent is 850."
    passage = Passage("/papers/lease.txt", Place(PlaceKind.SECTION, 0), 40, 40 + len(text), text)
    answer = Quoting("It says:")
    answer.quote(passage, 0, len(text))
    assert answer.words == "It says:\n- The rent is 850."
    [citation] = answer.citations
    assert text[citation.quote_start - 40 : citation.quote_end - 40].strip() == "The rent is 850."
    assert citation.quote.strip() == "The rent is 850."


def test_a_number_that_is_all_there_is_stays() -> None:
    passage = Passage("/papers/note.txt", Place(PlaceKind.SECTION, 0), 0, 3, "3. ")
    answer = Quoting()
    answer.quote(passage, 0, 3)
    assert answer.citations[0].quote == "3. "
