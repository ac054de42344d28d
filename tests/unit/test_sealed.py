# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Sealed files: whole or refused."""

import pytest

from assistant.errors import SealError
from assistant.keys import HomeKey
from assistant.sealed import HEADER_BYTES, seal, unseal

KEY = HomeKey(bytes(range(32)), "home of a test")
WORDS = "제 번호는 010-1234-5678입니다".encode()


def test_what_was_sealed_comes_back_and_is_never_the_same_twice() -> None:
    first, second = seal(KEY, b"vault", WORDS), seal(KEY, b"vault", WORDS)
    assert first != second
    assert first[HEADER_BYTES:] != second[HEADER_BYTES:]
    assert unseal(KEY, b"vault", first) == unseal(KEY, b"vault", second) == WORDS
    assert unseal(KEY, b"vault", seal(KEY, b"vault", b"")) == b""
    assert WORDS[:10] not in first


def test_every_changed_bit_is_found() -> None:
    sealed = seal(KEY, b"vault", WORDS)
    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 1
        with pytest.raises(SealError):
            unseal(KEY, b"vault", bytes(changed))
    for length in range(len(sealed)):
        with pytest.raises(SealError):
            unseal(KEY, b"vault", sealed[:length])


def test_another_purpose_key_or_home_does_not_open_it() -> None:
    sealed = seal(KEY, b"vault", WORDS)
    with pytest.raises(SealError, match="damaged or was changed"):
        unseal(KEY, b"state", sealed)
    with pytest.raises(SealError, match="damaged or was changed"):
        unseal(HomeKey(bytes(32), KEY.home_id), b"vault", sealed)
    with pytest.raises(SealError, match="another home"):
        unseal(HomeKey(KEY.secret, "another"), b"vault", sealed)
    with pytest.raises(SealError, match="not encrypted by Maru"):
        unseal(KEY, b"vault", b"SQLite format 3\x00" + bytes(100))


def test_what_a_newer_maru_sealed_is_told_as_such() -> None:
    sealed = seal(KEY, b"vault", WORDS)
    with pytest.raises(SealError, match="by a newer Maru"):
        unseal(KEY, b"vault", sealed[:7] + b"2" + sealed[8:])
