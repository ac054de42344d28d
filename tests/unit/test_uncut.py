# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Passages that were cut inside of personal data, however long it is."""

import base64
import random
import time
from dataclasses import replace
from types import SimpleNamespace

import pytest

from assistant.passages import Passage, Place, PlaceKind
from assistant.privacy.filter import mask
from assistant.privacy.vault import Vault
from assistant.uncut import joined, uncut

PLACE = Place(PlaceKind.PAGE, 0, 1)
_BODY = base64.b64encode(random.Random(7).randbytes(1200)).decode()
LINES = [_BODY[at : at + 64] for at in range(0, len(_BODY), 64)]
KEY = "\n".join(["-----BEGIN RSA PRIVATE KEY-----", *LINES, "-----END RSA PRIVATE KEY-----"])
TOKEN = "eyJhbGciOiJIUzI1NiJ9." + base64.urlsafe_b64encode(b'{"sub":"' + b"x" * 900 + b'"}').decode().rstrip(
    "="
)
TOKEN += "." + "A1b2" * 11
WORDS = f"The server is opened by this key:\n\n{KEY}\n\nIts token is {TOKEN} and nothing else. Ask Ivo."


def pieces(words: str, size: int) -> list[Passage]:
    """Return `words` as passages of `size` characters; the blanks between two belong to neither."""
    found = []
    for start in range(0, len(words), size):
        text = words[start : start + size]
        lead = len(text) - len(text.lstrip())
        text = text.strip()
        if text:
            found.append(Passage("a.md", PLACE, start + lead, start + lead + len(text), text))
    return found


def library(words: str) -> SimpleNamespace:
    def around(passage: Passage, letters: int) -> tuple[str, str]:
        before = words[max(0, passage.start - letters) : passage.start]
        return before, words[passage.end : passage.end + letters]

    return SimpleNamespace(around=around)


@pytest.mark.parametrize("size", [90, 333, 1000])
def test_no_passage_that_is_found_shows_a_piece_of_a_long_secret(size: int) -> None:
    for passage in pieces(WORDS, size):
        whole = uncut(library(WORDS), passage)  # type: ignore[arg-type]
        assert WORDS[whole.start : whole.end] == whole.text
        shown, _ = mask(whole.text, Vault())
        assert not [line for line in LINES if line in shown]
        assert "A1b2A1b2" not in shown
        assert "eHh4eHh4" not in shown


@pytest.mark.parametrize("size", [90, 333, 1000])
def test_a_document_read_whole_shows_no_piece_of_it_either(size: int) -> None:
    whole = joined(pieces(WORDS, size))
    shown = " ".join(mask(one.text, Vault())[0] for one in whole)
    assert not [line for line in LINES if line in shown]
    assert "A1b2A1b2" not in shown
    assert "eHh4eHh4" not in shown
    assert shown.startswith("The server is opened by this key:")
    assert shown.endswith("Ask Ivo.")


@pytest.mark.parametrize(
    ("told", "value", "rest"),
    [
        ("임대인 계좌번호는", "110-123-456789", "입니다. 잔금은 6월 1일에 냅니다."),
        ("The password is", "Hunter2abc!", "and it is changed monthly."),
        ("Passport number:", "M12345678", "issued in Seoul."),
    ],
)
def test_a_value_that_only_the_passage_before_tells_of_is_hidden(told: str, value: str, rest: str) -> None:
    words = f"This is the letting agreement of the flat. {told} {value} {rest}"
    cut = words.index(value)
    before = Passage("a.md", PLACE, 0, cut - 1, words[: cut - 1])
    behind = Passage("a.md", PLACE, cut, len(words), words[cut:])
    for one in (before, behind):
        whole = uncut(library(words), one)  # type: ignore[arg-type]
        assert words[whole.start : whole.end] == whole.text
        assert value not in mask(whole.text, Vault())[0]
    found = joined([before, behind])
    assert " ".join(one.text for one in found).split() == words.split()
    assert value not in " ".join(mask(one.text, Vault())[0] for one in found)


def test_a_value_that_only_the_passage_behind_tells_of_is_hidden() -> None:
    value = "M12345678"
    words = f"Kept for the guest is {value} (여권번호), as he said at the desk."
    cut = words.index(" (여권번호")
    one = Passage("a.md", PLACE, 0, cut, words[:cut])
    whole = uncut(library(words), one)  # type: ignore[arg-type]
    assert value not in mask(whole.text, Vault())[0]


@pytest.mark.parametrize(
    ("value", "told", "rest"),
    [
        ("M12345678", "(여권번호), as he said", "at the desk. The room is on the third floor."),
        ("Hunter2abc!", "is my password.", "Please keep it. The room is on the third floor."),
    ],
)
def test_a_value_that_only_the_passage_behind_tells_of_is_hidden_in_a_document_read_whole(
    value: str, told: str, rest: str
) -> None:
    words = f"Kept for the guest is {value} {told} {rest}"
    cut = words.index(told)
    before = Passage("a.md", PLACE, 0, cut - 1, words[: cut - 1])
    behind = Passage("a.md", PLACE, cut, len(words), words[cut:])
    assert value in mask(before.text, Vault())[0], "not known for one alone"
    found = joined([before, behind])
    assert " ".join(one.text for one in found).split() == words.split()
    assert value not in " ".join(mask(one.text, Vault())[0] for one in found)
    assert len(found) == 2, "no more is moved than tells of it"
    assert found[1].text.endswith("third floor.")
    assert [one.text for one in found] == [words[one.start : one.end] for one in found]


def test_a_passage_without_any_stays_as_it_is() -> None:
    words = "The rent is 850 euros. " * 40
    made = pieces(words, 100)
    assert [uncut(library(words), one) for one in made] == made  # type: ignore[arg-type]
    assert joined(made) == made


def test_what_stands_on_another_page_is_not_joined() -> None:
    first = Passage("a.md", PLACE, 0, 13, "Call 010-1234")
    second = replace(first, place=Place(PlaceKind.PAGE, 1, 2), start=0, end=5, text="-5678")
    assert joined([first, second]) == [first, second]


def test_a_key_that_never_ends_costs_no_more_than_the_text_it_stands_in() -> None:
    made = pieces("-----BEGIN PRIVATE KEY-----\n" + "AbCd0123" * 40_000, 500)
    before = time.process_time()
    joined(made)
    assert time.process_time() - before < 20
