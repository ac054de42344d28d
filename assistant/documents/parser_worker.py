# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The parser process: reads and splits one file at a time, draws pages. It writes nothing."""

import contextlib
import ctypes
import sys
import time
from collections.abc import Generator, Sequence

from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer

from assistant.documents.protocol import (
    Chunk,
    CountTokens,
    Document,
    HowConfined,
    PagePicture,
    ParserSettings,
    Read,
    Reading,
    RenderPage,
)
from assistant.documents.readers import ocr
from assistant.documents.readers.formats import extract, title_of
from assistant.documents.readers.pdf_pages import render_page
from assistant.documents.readers.refusals import too_long
from assistant.documents.readers.source import TEXT_LIMIT, Extracted, Source
from assistant.documents.splitter import Splitter
from assistant.errors import DocumentError, TooLargeError
from assistant.texts import text
from assistant.workers.confinement import Confinement, confine
from assistant.workers.protocol import Cancelled

if sys.platform != "win32":
    import resource

DATA_LIMIT = 448 << 20  # bytes; with libraries and fonts from the disk below the parent's limit of 512 MB
SIGN_EVERY_S = 0.5  # while splitting
RECOGNIZING_S = 240.0  # for one picture: Tesseract does not say how far it is, and may take a minute
_OWN_BLOCK, _ARENAS = (-3, 1 << 20), (-8, 1)  # M_MMAP_THRESHOLD in bytes, M_ARENA_MAX: glibc's malloc.h
_LONG_WORD = 100  # letters
_REMEMBERED = 200_000  # words
_GGUF_WORD_START = "\u2581"


def open_worker(settings: ParserSettings) -> "ParserWorker":
    """Return the worker; called once, in the parser's process."""
    _limit_memory()
    data = ocr.prepare()
    return ParserWorker(settings, confine([data] if data else ()))


class ParserWorker:
    """Answers Read, RenderPage and HowConfined."""

    def __init__(self, settings: ParserSettings, confinement: Confinement) -> None:
        """Split by `settings`; `confinement` is what was closed to the process."""
        self._confinement = confinement
        count = word_pieces(settings.vocabulary) if settings.vocabulary else estimate
        self._splitter = Splitter(count, settings.max_tokens)

    def handle(
        self, call: Read | RenderPage | HowConfined, cancelled: Cancelled
    ) -> Generator[Reading, None, Document | PagePicture | Confinement]:
        """Answer one call. Raises DocumentError, NoTextError, PasswordError, ScanError."""
        if isinstance(call, HowConfined):
            return self._confinement
        postpone = isinstance(call, Read) and call.postpone
        with Source.of(call.path.name, call.descriptor, call.password, postpone=postpone) as source:
            try:
                if isinstance(call, RenderPage):
                    return render_page(source, call)
                return (yield from self._read(source, cancelled))
            except MemoryError:
                raise TooLargeError(
                    text("{name} needs too much memory to be read.", name=source.name),
                    text("Split it into smaller files."),
                ) from None

    def close(self) -> None:
        """Nothing is open between calls."""

    def _read(self, source: Source, cancelled: Cancelled) -> Generator[Reading, None, Document]:
        found = yield from _patiently(extract(source, cancelled), cancelled)
        if (letters := sum(len(place.text) for place in found.places)) > TEXT_LIMIT:
            raise too_long(source.name, letters, TEXT_LIMIT)  # else memory would end it, minutes later
        title = title_of(found, source)
        chunks: list[Chunk] = []
        sign = time.monotonic()
        for more in self._splitter.split(title, found.places):
            chunks += more
            if cancelled():
                break
            if time.monotonic() - sign > SIGN_EVERY_S:
                sign = time.monotonic()
                yield Reading(len(found.places), len(found.places))
        if cancelled():  # half a document must never pass for a whole one
            raise DocumentError(
                text("Reading {name} was stopped.", name=source.name), text("Add it again to read it whole.")
            )
        sha256 = source.sha256()
        source.check_unchanged()  # else the hash would vouch for another text
        return Document(title, sha256, source.size, found.places, tuple(chunks), found.pages, found.notes)


def _patiently(
    reading: Generator[Reading, None, Extracted], cancelled: Cancelled
) -> Generator[Reading, None, Extracted]:
    """Read on, and let whoever waits for it have more patience while the text in a picture is read."""
    while True:
        try:
            step = next(reading)
        except StopIteration as end:
            cancelled.alive()
            found: Extracted = end.value
            return found
        cancelled.alive(RECOGNIZING_S if step.recognizing else 0.0)
        yield step


def word_pieces(vocabulary: Sequence[str]) -> CountTokens:
    """Return a counter by the WordPiece vocabulary of a BERT model.

    `vocabulary` is in the order of the model, as vocab.txt has it ("##" before continuations) or as
    GGUF has it (U+2581 before word starts). A vocabulary of Hangul syllables keeps them composed;
    all others see decomposed letters, as llama.cpp gets them.
    """
    if any(piece.startswith(_GGUF_WORD_START) for piece in vocabulary):
        vocabulary = [_from_gguf(piece) for piece in vocabulary]
    syllables = any("가" <= piece[-1:] <= "힣" for piece in vocabulary)
    numbers = {piece: number for number, piece in enumerate(vocabulary)}
    tokenizer = Tokenizer(WordPiece(numbers, unk_token="[UNK]", max_input_chars_per_word=_LONG_WORD * 2))  # noqa: S106
    tokenizer.normalizer = BertNormalizer(lowercase=True, strip_accents=not syllables)
    tokenizer.pre_tokenizer = BertPreTokenizer()

    counts = _WordCounts(tokenizer)
    return lambda texts: [sum(map(counts.__getitem__, words.split())) for words in texts]


class _WordCounts(dict[str, int]):
    """Tokens of words seen before: WordPiece cuts at spaces first, and words come back often."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        super().__init__()
        self._tokenizer = tokenizer

    def __missing__(self, word: str) -> int:
        if len(self) >= _REMEMBERED:
            self.clear()
        tokens = len(self._tokenizer.encode(word, add_special_tokens=False).ids)
        # WordPiece calls a very long word one unknown token, llama.cpp may not.
        self[word] = tokens = tokens if len(word) <= _LONG_WORD else max(tokens, len(word))
        return tokens


def estimate(texts: Sequence[str]) -> list[int]:
    """Return a count that no usual vocabulary exceeds by much: for models without a known one."""
    counts = []
    for words in texts:
        spaces = sum(map(words.count, " \n\r\t"))
        narrow = len(words.encode("latin-1", "ignore")) - spaces
        counts.append(narrow // 2 + (len(words) - spaces - narrow) * 3 // 2 + 1)
    return counts


def _from_gguf(piece: str) -> str:
    if piece.startswith(_GGUF_WORD_START):
        return piece[1:]
    return piece if piece.startswith("[") and piece.endswith("]") else f"##{piece}"


def _limit_memory() -> None:
    """Let a file that needs too much memory fail here, where the system can do that."""
    _give_memory_back()
    if sys.platform != "win32":
        _soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
        limit = DATA_LIMIT if hard == resource.RLIM_INFINITY else min(DATA_LIMIT, hard)
        resource.setrlimit(resource.RLIMIT_DATA, (limit, hard))


def _give_memory_back() -> None:
    """Let what a page took be free for the next one, where the C library is glibc.

    Left alone it keeps the large blocks of each thread in a pool of that thread, in pieces: a scan was
    refused for want of memory after three pages.
    """
    if sys.platform == "linux":
        with contextlib.suppress(AttributeError):  # another C library
            set_option = ctypes.CDLL(None).mallopt
            for option, value in (_OWN_BLOCK, _ARENAS):
                set_option(option, value)
