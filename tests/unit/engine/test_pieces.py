# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Text out of bytes: whole characters, stop strings across borders."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.engine.pieces import TextPieces


def fed(pieces: TextPieces, *data: bytes) -> list[str]:
    return [*(pieces.feed(part) for part in data), pieces.flush()]


def test_a_character_is_never_shown_in_part():
    syllable, face = "한".encode(), "😀".encode()
    assert fed(TextPieces(), syllable[:1], syllable[1:], face[:2], face[2:3], face[3:]) == [
        "", "한", "", "", "😀", ""
    ]  # fmt: skip


def test_bytes_that_are_no_text_are_marked_and_the_text_goes_on():
    assert "".join(fed(TextPieces(), b"a\xff", b"b", b"\xe5", b"c")) == "a\ufffdb\ufffdc"
    assert fed(TextPieces(), b"\xed")[-1] == "\ufffd", "a character that never ended"


@given(st.text(min_size=1), st.lists(st.integers(1, 4), min_size=1))
def test_any_text_in_any_portions_comes_out_the_same(words: str, portions: list[int]):
    words = words.encode("utf-8", "replace").decode()
    data, out, pieces = words.encode(), "", TextPieces(("\x00never\x00",))
    step = 0
    while data:
        size = portions[step % len(portions)]
        out += pieces.feed(data[:size])
        data, step = data[size:], step + 1
    assert out + pieces.flush() == words


@pytest.mark.parametrize(
    ("stop", "parts", "shown"),
    [
        (("###",), (b"yes#", b"#", b"# no"), "yes"),
        (("User:",), (b"ok\nUs", b"er", b": x"), "ok\n"),
        (("abab",), (b"aba", b"bab"), ""),
        (("abac",), (b"xaba", b"bac"), "xab"),
        (("long one", "one"), (b"a long o", b"ne"), "a "),
    ],
)
def test_a_stop_string_ends_the_text_wherever_tokens_are_cut(stop, parts, shown):
    pieces = TextPieces(stop)
    assert "".join(fed(pieces, *parts)) == shown
    assert pieces.stopped


def test_what_only_looks_like_a_stop_string_is_shown_in_the_end():
    pieces = TextPieces(("###",))
    assert fed(pieces, b"a##", b"b##") == ["a", "##b", "##"]
    assert not pieces.stopped


def test_the_first_space_of_a_sentencepiece_model_is_dropped():
    assert "".join(fed(TextPieces(drop_first_space=True), b" one", b" two")) == "one two"
