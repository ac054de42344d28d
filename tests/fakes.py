# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Fakes for the process border: what a worker would answer, without the worker."""

import hashlib
import threading
import unicodedata
from collections.abc import Generator, Sequence
from pathlib import Path

import numpy as np

from assistant.documents.protocol import Chunk, Document, PagePicture, PlaceText, Reading, RenderPage
from assistant.errors import DocumentError, EngineError, MaruError, NoTextError, PasswordError, ScanError
from assistant.full_text import query_terms
from assistant.passages import Place, PlaceKind
from assistant.texts import Text, text

DIMENSIONS = 64


class HashEmbedder:
    """Vectors from hashed words: texts that share words are near; `error` is raised while set."""

    def __init__(self, key: str = "a" * 64, blind_in: tuple[str, ...] = ()) -> None:
        self.key = key
        self.model = f"/models/{key[:1]}.gguf"
        self.blind_in = blind_in
        self.error: MaruError | None = None
        self.embedded: list[str] = []
        self.asked: list[str] = []

    def blind(self, language: str) -> bool:
        return language in self.blind_in

    def strength(self, language: str) -> float:
        return 0.0 if language in self.blind_in else 1.0

    def passages(self, texts: Sequence[str]) -> list[bytes]:
        if self.error is not None:
            raise self.error
        self.embedded += texts
        return [self._vector(one) for one in texts]

    def question(self, text: str) -> bytes:
        if self.error is not None:
            raise self.error
        self.asked.append(text)
        return self._vector(text)

    def fail(self) -> None:
        self.error = EngineError(text("The embedding engine failed."))

    def _vector(self, words: str) -> bytes:
        vector = np.full(DIMENSIONS, 0.01, dtype="<f4")
        for word in query_terms(words):
            digest = hashlib.sha256(f"{self.key}{word}".encode()).digest()
            vector[digest[0] % DIMENSIONS] += 1.0 if digest[1] % 2 else -1.0
        return bytes((vector / np.linalg.norm(vector)).astype("<f4").tobytes())


class LineReader:
    """Reads a text file as pages (form feeds) and makes every line a chunk of its own."""

    def __init__(self) -> None:
        self.reads: list[Path] = []
        self.rendered: list[RenderPage] = []
        self.passwords: dict[str, str] = {}  # that files want, by name
        self.scans: set[str] = set()  # files whose pages have to be recognized
        self.notes: dict[str, tuple[Text, ...]] = {}  # what of a file could not be read, by name

    def read(
        self,
        path: Path,
        stop: threading.Event | None = None,
        password: str = "",
        *,
        postpone: bool = False,
    ) -> Generator[Reading, None, Document]:
        del stop
        if postpone and path.name in self.scans:
            raise ScanError(text("{name} is a scan.", name=path.name))
        self.reads.append(path)
        raw = path.read_bytes()
        if (wanted := self.passwords.get(path.name)) is not None and password != wanted:
            raise PasswordError(text("{name} wants a password.", name=path.name))
        if b"\x00" in raw:
            raise DocumentError(text("{name} is damaged.", name=path.name))
        words = unicodedata.normalize("NFC", raw.decode())
        if not words.strip():
            raise NoTextError(text("{name} holds no text.", name=path.name))
        pages = words.split("\f")
        for number in range(len(pages)):
            yield Reading(number + 1, len(pages))
        places = tuple(
            PlaceText(Place(PlaceKind.PAGE, number, number + 1), page) for number, page in enumerate(pages)
        )
        chunks = tuple(chunk for place in places for chunk in _lines(place))
        sha256, notes = hashlib.sha256(raw).hexdigest(), self.notes.get(path.name, ())
        return Document(path.stem, sha256, len(raw), places, chunks, len(pages), notes)

    def render(self, call: RenderPage) -> PagePicture:
        self.rendered.append(call)
        return PagePicture(b"\x89PNG", 100.0, 100.0, ())


def _lines(place: PlaceText) -> Generator[Chunk, None, None]:
    start = 0
    for line in place.text.splitlines(keepends=True):
        if words := line.strip():
            yield Chunk(place.place.ordinal, start, start + len(line.rstrip()), "", words)
        start += len(line)
