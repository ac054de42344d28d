# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""A receipt survives being written, by any version."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.passages import Citation, Elsewhere, Passage, Place, PlaceKind
from assistant.receipts import ContextUse, DocumentRead, Receipt
from assistant.sampling import LIMITS, SamplingParams

NUMBERS = st.integers(0, 2**40)
SCORES = st.floats(allow_nan=False)
PLACES = st.builds(Place, st.sampled_from(PlaceKind), NUMBERS, st.none() | NUMBERS, st.text())
ELSEWHERE = st.builds(Elsewhere, st.text(), PLACES, NUMBERS, NUMBERS, st.text(max_size=64))
PASSAGES = st.builds(
    Passage,
    st.text(),
    PLACES,
    NUMBERS,
    NUMBERS,
    st.text(),
    st.text(),
    SCORES,
    st.text(max_size=64),
    also=st.lists(ELSEWHERE, max_size=2).map(tuple),
)
CITATIONS = st.builds(Citation, NUMBERS, NUMBERS, NUMBERS, PASSAGES, st.text(), NUMBERS, NUMBERS, SCORES)
SAMPLINGS = st.builds(
    SamplingParams, temperature=st.floats(0, 2), seed=st.none() | st.integers(0, int(LIMITS["seed"].high))
)
CONTEXTS = st.builds(
    ContextUse,
    NUMBERS,
    NUMBERS,
    NUMBERS,
    NUMBERS,
    st.lists(st.text(), max_size=2).map(tuple),
    st.lists(PASSAGES, max_size=2).map(tuple),
)
RECEIPTS = st.builds(
    Receipt,
    model_name=st.text(),
    sampling=SAMPLINGS,
    preset=st.none() | st.text(),
    passages=st.lists(PASSAGES, max_size=3).map(tuple),
    citations=st.lists(CITATIONS, max_size=3).map(tuple),
    unsupported=st.lists(st.tuples(NUMBERS, NUMBERS), max_size=3).map(tuple),
    invented=st.lists(st.tuples(NUMBERS, NUMBERS), max_size=3).map(tuple),
    masked=st.dictionaries(st.text(), NUMBERS, max_size=3),
    timings=st.dictionaries(st.text(), SCORES, max_size=3),
    prompt_as_seen=st.text(),
    searched=st.booleans(),
    notices=st.lists(st.text(), max_size=2).map(tuple),
    thinking=st.text(),
    confidence=st.lists(st.tuples(NUMBERS, NUMBERS, st.floats(0, 1)), max_size=3).map(tuple),
    context=st.none() | CONTEXTS,
    whole=st.lists(st.builds(DocumentRead, st.text(), st.integers(0), st.integers(1), st.integers(1))).map(
        tuple
    ),
    searched_for=st.text(),
)


@given(RECEIPTS)
def test_nothing_is_lost_when_written_and_read(receipt: Receipt) -> None:
    assert Receipt.from_json(receipt.to_json()) == receipt


@given(RECEIPTS)
def test_fields_of_a_newer_version_are_passed_over(receipt: Receipt) -> None:
    written = json.loads(receipt.to_json())
    written["new"] = written["sampling"]["new"] = {"more": 1}
    if written["context"]:
        written["context"]["new"] = 1
    for passage in written["passages"]:
        passage["new"] = passage["place"]["new"] = 1
    assert Receipt.from_json(json.dumps(written)) == receipt


def test_fields_that_an_older_version_did_not_write_have_their_default() -> None:
    assert Receipt.from_json('{"model_name": "m"}') == Receipt(model_name="m")


DAMAGED = '{"passages": 3, "sampling": [], "context": {"n_ctx": 1}, "confidence": [[1], null, [1, 2, "x"]]}'


@pytest.mark.parametrize(
    "written", ["", "{", "null", "[]", "3", DAMAGED, "[" * 100_000, 5 * "9" * 1000], ids=len
)
def test_a_damaged_receipt_reads_as_an_empty_one(written: str) -> None:
    assert Receipt.from_json(written) == Receipt()


def test_a_passage_that_cannot_be_read_leaves_the_others() -> None:
    passage = Passage("/a.pdf", Place(PlaceKind.PAGE, 0, 1), 0, 1, "x")
    written = json.loads(Receipt(passages=(passage,)).to_json())
    written["passages"] += [{"place": {"kind": "hologram", "ordinal": 0}}, {}, None]
    written["sampling"]["temperature"] = 99
    assert Receipt.from_json(json.dumps(written)) == Receipt(passages=(passage,))


WRONG = [None, True, 7, 1.5, "word", [], ["a", 1], {}, {"a": "b"}, float("nan"), float("inf"), 10**400]


@pytest.mark.parametrize("wrong", WRONG, ids=lambda one: str(one)[:8])
def test_a_value_of_the_wrong_type_is_left_out_and_the_rest_is_read(wrong: object) -> None:
    """An export of another program's making may hold anything."""
    passage = Passage("/a.pdf", Place(PlaceKind.PAGE, 0, 1), 0, 1, "x")
    whole = Receipt("m", "s", preset="p", passages=(passage,), masked={"EMAIL": 1}, timings={"a": 1.0})
    written = json.loads(whole.to_json())
    for name in written:
        read = Receipt.from_json(json.dumps(written | {name: wrong}))
        for one in (read.model_name, read.prompt_as_seen, read.thinking, read.searched_for):
            assert isinstance(one, str)
        assert sum(read.masked.values()) >= 0
        assert read.written >= 0
        assert all(one.where() for one in read.passages)
    for name in written["passages"][0]:
        damaged = {**written, "passages": [written["passages"][0] | {name: wrong}]}
        for one in Receipt.from_json(json.dumps(damaged)).passages:
            assert one.document + one.text + one.heading
            assert one.end - one.start
            assert one.where()
