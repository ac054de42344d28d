# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Placeholders in what a model wrote, whole and in pieces."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.entities import EntityType
from assistant.privacy.restore import StreamRestorer, restore
from assistant.privacy.vault import Vault

PIECES = [
    *(
        "[EMAIL_1]",
        "[email_1]",
        "[ EMAIL 1 ]",
        "［이메일_1］",
        "EMAIL_1",
        "이메일_1",
        "[KR_RRN_1]",
        "KR_RRN_1",
    ),
    *("[EMAIL1]", "[ EMAIL _ 1 ]", "[E-MAIL–１]", "[KR _ RRN: 1]", "E-", "–", ":", "１"),
    *(r"\[EMAIL\_1\]", r"EMAIL\_1", "[EMAIL_12]", "[EMAIL_2]", "[LITERAL_1]", "[전화_1]", "[1]", "[[", "]]"),
    *(
        "[",
        "]",
        "\\",
        "_",
        "E",
        "EM",
        "EMAIL",
        "KR",
        "KR_",
        "이메",
        "1",
        " ",
        "a",
        "로",
        "(",
        ")",
        ". ",
        "🙂",
    ),
]


@pytest.fixture(scope="module")
def vault() -> Vault:
    vault = Vault()
    vault.placeholder(EntityType.EMAIL, "kim@x.com")
    vault.placeholder(EntityType.EMAIL, "[EMAIL_1]")
    vault.placeholder(EntityType.KR_RRN, "900101-1234568")
    return vault


@pytest.mark.parametrize(
    "bent",
    [
        *("[EMAIL_1]", "[email_1]", "[Email_1]", "[ EMAIL_1 ]", "[EMAIL 1]", "[EMAIL-1]", "［EMAIL_1］"),
        *("［ EMAIL_1 ]", r"[EMAIL\_1]", r"\[EMAIL\_1\]", "[이메일_1]", "[이메일 1]", "EMAIL_1", "이메일_1"),
        *("[EMAIL_01]", r"EMAIL\_1", "[EMAIL1]", "[이메일1]", "[ EMAIL _ 1 ]", "[EMAIL: 1]", "[EMAIL–1]"),
        *("[EMAIL_１]", "[E-MAIL_1]", "[e-mail 1]", "［이메일＿１］", r"[EMAIL \_ 1]", "[EMAIL：1]"),
    ],
)
def test_a_bent_placeholder_is_filled(bent: str, vault: Vault) -> None:
    assert restore(f"Write to {bent}.", vault) == "Write to kim@x.com."
    assert restore(f"{bent}로 보내세요", vault) == "kim@x.com로 보내세요"


def test_a_label_of_two_words_may_lose_its_underline(vault: Vault) -> None:
    for bent in ("[KR RRN 1]", "[kr-rrn_1]", "[KR_RRN1]", "[KR _ RRN: 1]"):
        assert restore(f"{bent} ok", vault) == "900101-1234568 ok"
    assert restore("[KRRRN_1]", vault) == "[KRRRN_1]"


@pytest.mark.parametrize(
    "text",
    [
        *("[EMAIL_3]", "[PHONE_1]", "[EMAIL_0]", "[EMAIL]", "[1]", "EMAIL_3", "[EMAIL_1234567]"),
        *(
            "email_1",
            "MY_EMAIL_1",
            "EMAIL_1_OLD",
            "EMAIL_12",
            "EMAIL_1a",
            "EMAIL 1",
            "XEMAIL_1",
            "내이메일_1",
        ),
        *("[EMAIL\n_1]", "[E MAIL_1]", "{EMAIL 1}"),
    ],
)
def test_an_invented_or_doubtful_placeholder_stays_as_written(text: str, vault: Vault) -> None:
    assert restore(text, vault) == text


def test_a_value_is_never_filled_again(vault: Vault) -> None:
    assert restore("[EMAIL_2]", vault) == "[EMAIL_1]"


def test_a_stream_shows_what_cannot_become_a_placeholder_at_once(vault: Vault) -> None:
    stream = StreamRestorer(vault)
    assert stream.feed("Dear all, write") == "Dear all, write"
    assert stream.feed(" to [EMA") == " to "
    assert stream.feed("IL_1") == ""
    assert stream.feed("] or") == "kim@x.com or"
    assert stream.feed(" a[0] = 1") == " a[0] = 1"
    assert stream.flush() == ""


def test_what_is_no_placeholder_in_the_whole_is_none_in_a_piece(vault: Vault) -> None:
    text = "[KR_RRN_1]EMAIL_1EMAIL_1EMAIL_1"
    for cut in range(len(text)):
        stream = StreamRestorer(vault)
        shown = stream.feed(text[:cut]) + stream.feed(text[cut:]) + stream.flush()
        assert shown == restore(text, vault) == "900101-1234568EMAIL_1EMAIL_1EMAIL_1"


@pytest.mark.parametrize("text", ["[EMAIL_1]1@", "[EMAIL_1]a[KR_RRN_1]@", "[EMAIL_1]" + "z" * 256 + "@"])
def test_what_follows_a_value_is_judged_in_pieces_as_in_the_whole(text: str, vault: Vault) -> None:
    stream = StreamRestorer(vault)
    assert "".join([*map(stream.feed, text), stream.flush()]) == restore(text, vault)


def test_a_stream_that_ends_in_the_middle_loses_nothing(vault: Vault) -> None:
    stream = StreamRestorer(vault)
    assert stream.feed("see [EMAIL_") + stream.flush() == "see [EMAIL_"


@given(st.lists(st.sampled_from(PIECES), max_size=20).map("".join), st.data())
@settings(deadline=None, max_examples=600)
def test_any_split_of_a_stream_gives_what_the_whole_gives(text: str, data: st.DataObject) -> None:
    vault = Vault()
    for value in ("kim@x.com", "[EMAIL_1]", *(f"n{number}@x.com" for number in range(3, 13))):
        vault.placeholder(EntityType.EMAIL, value)
    vault.placeholder(EntityType.KR_RRN, "900101-1234568")
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=12)))
    stream = StreamRestorer(vault)
    pieces = [text[start:end] for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    assert "".join([*(stream.feed(piece) for piece in pieces), stream.flush()]) == restore(text, vault)


@given(st.lists(st.sampled_from(PIECES), max_size=20).map("".join))
@settings(deadline=None, max_examples=200)
def test_a_stream_of_single_characters_gives_what_the_whole_gives(text: str) -> None:
    vault = Vault()
    vault.placeholder(EntityType.EMAIL, "kim@x.com")
    stream = StreamRestorer(vault)
    assert "".join([*map(stream.feed, text), stream.flush()]) == restore(text, vault)
