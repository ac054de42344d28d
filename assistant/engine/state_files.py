# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The two forms of a file that holds what was read of a conversation: sealed, and plain in a plain home.

Both have a head (JSON, then the tokens that were read, 32 bits each) and llama.cpp's own state of the
sequence. The JSON tells the state's length and the key of model, context and library: llama.cpp itself
takes the state of another model of the same shape in silence.

Plain: PLAIN_PREFIX (magic, SHA-256 of the head, lengths of its two parts), head, state; the JSON holds
the state's SHA-256.
Sealed: SEALED_PREFIX (magic, mark of the home, salt, length of the sealed head), head and state sealed by
AES-256-GCM in pieces of PIECE bytes, in order, with a key of the file's name and salt. Nothing is hashed
besides: opening is a fifth of the time that SHA-256 takes.
"""

import array
import hashlib
import hmac
import json
import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from typing import Protocol, TypeVar

from assistant.errors import SealError
from assistant.keys import HomeKey
from assistant.sealed import MARK_BYTES, SALT_BYTES, TAG_BYTES, Cipher, mark_of

PLAIN_MAGIC, SEALED_MAGIC = b"MaruKV\x00\x01", b"MaruKS\x00\x01"
PLAIN_PREFIX = struct.Struct("<8s32sII")
SEALED_PREFIX = struct.Struct(f"<8s{MARK_BYTES}s{SALT_BYTES}sI")
LENGTHS = struct.Struct("<II")  # of the head's two parts, where it is sealed
TOKENS = "i"  # array's letter for 32 bits
PIECE = 1 << 20

Parts = Iterator[bytes | memoryview]
Room = TypeVar("Room", bytearray, memoryview)


class DamagedStateError(Exception):
    """A file that was cut or changed, or is of the other form."""


@dataclass(frozen=True)
class Saved:
    """The head of a saved state: the tokens it holds; where it starts, and its length in bytes.

    `seal` is what the form needs to check it: the SHA-256, or the salt.
    """

    path: Path
    tokens: "array.array[int]"
    key: str
    start: int
    size: int
    seal: bytes


class StateForm(Protocol):
    """How a file is written and read. Reading raises DamagedStateError and OSError."""

    def parts(self, name: str, tokens: list[int], key: str, state: memoryview) -> Parts:
        """Return the file's content, the head first; `name` is what the file will be called."""
        ...

    def stored(self, size: int) -> int:
        """Return the bytes that a state of `size` bytes takes in the file, beside the head."""
        ...

    def head(self, path: Path, file: FileIO) -> Saved:
        """Return the head."""
        ...

    def content(self, saved: Saved, file: FileIO) -> bytearray:
        """Return the state, checked to the last bit."""
        ...


class PlainForm:
    """Files that whoever may read them can read."""

    def parts(self, name: str, tokens: list[int], key: str, state: memoryview) -> Parts:
        """Return head and state as they are."""
        del name
        about = {"key": key, "size": state.nbytes, "sha256": hashlib.sha256(state).hexdigest()}
        written, words = json.dumps(about).encode(), array.array(TOKENS, tokens).tobytes()
        digest = hashlib.sha256(written + words).digest()
        yield PLAIN_PREFIX.pack(PLAIN_MAGIC, digest, len(written), len(words)) + written + words
        yield state

    def stored(self, size: int) -> int:
        """Return the same size."""
        return size

    def head(self, path: Path, file: FileIO) -> Saved:
        """Return the head."""
        length = os.fstat(file.fileno()).st_size
        magic, digest, written, words = PLAIN_PREFIX.unpack(fill(file, bytearray(PLAIN_PREFIX.size)))
        start = PLAIN_PREFIX.size + written + words
        if magic != PLAIN_MAGIC or start > length:
            raise DamagedStateError
        head = fill(file, bytearray(written + words))
        if hashlib.sha256(head).digest() != digest:
            raise DamagedStateError
        about = json.loads(head[:written])
        if start + about["size"] != length:
            raise DamagedStateError
        tokens = array.array(TOKENS, bytes(head[written:]))
        return Saved(path, tokens, about["key"], start, about["size"], bytes.fromhex(about["sha256"]))

    def content(self, saved: Saved, file: FileIO) -> bytearray:
        """Return the state."""
        file.seek(saved.start)
        state = fill(file, bytearray(saved.size))
        if hashlib.sha256(state).digest() != saved.seal:
            raise DamagedStateError
        return state


class SealedForm:
    """Files that only the home's own key opens, each under its own name."""

    def __init__(self, key: HomeKey) -> None:
        """Use the key for states of a home."""
        self._key = key

    def parts(self, name: str, tokens: list[int], key: str, state: memoryview) -> Parts:
        """Return head and state sealed."""
        salt = os.urandom(SALT_BYTES)
        cipher = self._cipher(name, salt)
        written = json.dumps({"key": key, "size": state.nbytes}).encode()
        words = array.array(TOKENS, tokens).tobytes()
        head = LENGTHS.pack(len(written), len(words)) + written + words
        prefix = SEALED_PREFIX.pack(SEALED_MAGIC, mark_of(self._key), salt, len(head) + TAG_BYTES)
        yield prefix + cipher.seal(0, head, prefix)
        for number, start in enumerate(range(0, state.nbytes, PIECE), 1):
            yield cipher.seal(number, state[start : start + PIECE])

    def stored(self, size: int) -> int:
        """Return the size with the seals."""
        return size + -(-size // PIECE) * TAG_BYTES

    def head(self, path: Path, file: FileIO) -> Saved:
        """Return the head."""
        length = os.fstat(file.fileno()).st_size
        prefix = bytes(fill(file, bytearray(SEALED_PREFIX.size)))
        magic, mark, salt, size = SEALED_PREFIX.unpack(prefix)
        start = SEALED_PREFIX.size + size
        if magic != SEALED_MAGIC or not hmac.compare_digest(mark, mark_of(self._key)) or start > length:
            raise DamagedStateError
        try:
            head = self._cipher(path.name, salt).open(0, bytes(fill(file, bytearray(size))), prefix)
        except SealError:
            raise DamagedStateError from None
        written, words = LENGTHS.unpack_from(head)
        about = json.loads(head[LENGTHS.size : LENGTHS.size + written])
        if start + self.stored(about["size"]) != length:
            raise DamagedStateError
        tokens = array.array(TOKENS, head[LENGTHS.size + written :][:words])
        return Saved(path, tokens, about["key"], start, about["size"], salt)

    def content(self, saved: Saved, file: FileIO) -> bytearray:
        """Return the state."""
        cipher = self._cipher(saved.path.name, saved.seal)
        file.seek(saved.start)
        state, sealed = bytearray(saved.size), bytearray(PIECE + TAG_BYTES)
        room = memoryview(state)
        try:
            for number, start in enumerate(range(0, saved.size, PIECE), 1):
                place = room[start : start + PIECE]
                piece = memoryview(sealed)[: len(place) + TAG_BYTES]
                fill(file, piece)
                cipher.open_into(number, piece, place)
        except SealError:
            raise DamagedStateError from None
        return state

    def _cipher(self, name: str, salt: bytes) -> Cipher:
        return Cipher(self._key, name.encode(), salt)


def form_for(key: HomeKey | None) -> StateForm:
    """Return the form of the files of a home: sealed where it has a key."""
    return PlainForm() if key is None else SealedForm(key)


def fill(file: FileIO, room: Room) -> Room:
    """Fill `room` from the file and return it. Raises DamagedStateError where the file ends before."""
    view = memoryview(room)
    while view:
        count = file.readinto(view)
        if not count:
            raise DamagedStateError
        view = view[count:]
    return room
