# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The body of an HWP 5 file saved for distribution (배포용 문서): anyone may read it, not change it.

After Hancom's "한글 문서 파일 형식, 배포용 문서" (revision 1.2): the record HWPTAG_DISTRIBUTE_DOC_DATA
holds 256 bytes that hide, under numbers drawn from a seed which stands beside them, the key of the
AES-128 (ECB) under which the rest of the stream lies. The key is in the file itself: no password is
asked for or got round. AES after FIPS 197, on all blocks of a stream at once.
"""

import struct
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

DATA_SIZE = 256  # bytes of the record
_KEY_SIZE = 16
_ROUNDS = 10

Bytes = npt.NDArray[np.uint8]


def key_of(data: bytes) -> bytes:
    """Return the key that the 256 bytes of HWPTAG_DISTRIBUTE_DOC_DATA hide."""
    (seed,) = struct.unpack_from("<I", data)
    drawn = _drawn(seed)
    mask = bytearray()
    while len(mask) < DATA_SIZE:
        value = next(drawn) & 0xFF
        mask += bytes([value]) * ((next(drawn) & 0xF) + 1)
    shown = bytes(byte ^ hidden for byte, hidden in zip(data, mask[:DATA_SIZE], strict=True))
    start = 4 + (seed & 0xF)
    return shown[start : start + _KEY_SIZE]


def decrypted(content: bytes, key: bytes) -> bytes:
    """Return the whole blocks of `content` in clear; what is left over at the end is dropped."""
    blocks = np.frombuffer(content, np.uint8, len(content) // 16 * 16).reshape(-1, 16)
    box, inverse = _boxes()
    keys = _round_keys(key, box)
    products = {factor: _products(factor) for factor in (9, 11, 13, 14)}
    state = blocks ^ keys[_ROUNDS]
    for number in range(_ROUNDS - 1, -1, -1):
        state = inverse[state[:, _UNSHIFTED]] ^ keys[number]
        if number:
            state = _unmixed(state, products)
    return bytes(state)


def _drawn(seed: int) -> Iterator[int]:
    """Yield the numbers of the C library that Hancom's program is built with."""
    while True:
        seed = (seed * 214013 + 2531011) & 0xFFFFFFFF
        yield (seed >> 16) & 0x7FFF


# The state is 4 x 4 bytes by columns: byte 4 * column + row. Undoing the shift of rows.
_UNSHIFTED = np.array([4 * ((column - row) % 4) + row for column in range(4) for row in range(4)])


def _product(one: int, other: int) -> int:
    """Multiply in GF(2^8) (FIPS 197, 4.2)."""
    result = 0
    while other:
        if other & 1:
            result ^= one
        one = (one << 1) ^ (0x11B if one & 0x80 else 0)
        other >>= 1
    return result


def _products(factor: int) -> Bytes:
    return np.array([_product(value, factor) for value in range(256)], np.uint8)


def _boxes() -> tuple[Bytes, Bytes]:
    """Return the substitution box and its inverse (FIPS 197, 5.1.1)."""
    powers = [1]
    for _ in range(254):
        powers.append(_product(powers[-1], 3))
    logarithms = {value: exponent for exponent, value in enumerate(powers)}
    box = np.zeros(256, np.uint8)
    for value in range(256):
        reciprocal = powers[-logarithms[value] % 255] if value else 0
        bits = reciprocal | reciprocal << 8
        turned = reciprocal ^ bits >> 7 ^ bits >> 6 ^ bits >> 5 ^ bits >> 4
        box[value] = (turned & 0xFF) ^ 0x63
    inverse = np.zeros(256, np.uint8)
    inverse[box] = np.arange(256, dtype=np.uint8)
    return box, inverse


def _round_keys(key: bytes, box: Bytes) -> Bytes:
    """Return the eleven round keys (FIPS 197, 5.2)."""
    words = [list(key[start : start + 4]) for start in range(0, _KEY_SIZE, 4)]
    constant = 1
    for number in range(4, 4 * (_ROUNDS + 1)):
        word = words[-1]
        if number % 4 == 0:
            word = [int(box[byte]) for byte in word[1:] + word[:1]]
            word[0] ^= constant
            constant = _product(constant, 2)
        words.append([one ^ other for one, other in zip(words[-4], word, strict=True)])
    return np.array(words, np.uint8).reshape(_ROUNDS + 1, 16)


def _unmixed(state: Bytes, products: dict[int, Bytes]) -> Bytes:
    """Undo the mixing of columns (FIPS 197, 5.3.3)."""
    columns = state.reshape(-1, 4, 4)
    mixed = np.zeros_like(columns)
    for row in range(4):
        for factor, shift in ((14, 0), (11, 1), (13, 2), (9, 3)):
            mixed[:, :, row] ^= products[factor][columns[:, :, (row + shift) % 4]]
    return mixed.reshape(-1, 16)
