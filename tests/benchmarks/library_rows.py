# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""R1 and R4: how fast and how well passages are found, by words, by meaning and by both."""

import hashlib
import json
import random
import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from assistant.database import Database
from assistant.documents.catalogue import Catalogue
from assistant.documents.contents import Contents
from assistant.documents.dense import Dense
from assistant.documents.index import Index
from assistant.documents.lexical import Lexical
from assistant.documents.library import Library
from assistant.documents.protocol import Chunk, Document, PlaceText
from assistant.documents.schema import MIGRATIONS
from assistant.documents.store import FileAt, Scope, Stamp, Store
from assistant.documents.vector_store import VectorStore
from assistant.embedding import EngineEmbedder
from assistant.engine.client import Engine
from assistant.engine.protocol import EngineSettings
from assistant.model_files import starter_embedding
from assistant.passages import Place, PlaceKind
from assistant.paths import Home
from tests.benchmarks.pairs import NotRun, Row, Rows

SETS = Path(__file__).parents[3] / "shared" / "data" / "search"
CACHE = Path(__file__).parent / "cache"
FILES = {"en": "xquad/xquad.en.json", "ko": "korquad/KorQuAD_v1.0_dev.json"}
NAMES = {"en": "XQuAD English", "ko": "KorQuAD"}
GOALS = {"en": (0.94, 0.99), "ko": (0.90, 0.985)}
LIMITS_MS = {1_000: 5.0, 10_000: 10.0}
ASKED = 150  # questions of each language that R1 asks
SENTENCE_END = re.compile(r"(?<=[.!?])\s+")


@dataclass(frozen=True)
class Set:
    """Paragraphs, and questions with the number of the paragraph that answers them."""

    language: str
    paragraphs: tuple[str, ...]
    questions: tuple[tuple[str, int], ...]


class Ready:
    """The starter embedder with its vectors made before: only search is measured."""

    def __init__(self, key: str, blind_in: str) -> None:
        """`blind_in` is the language that the model cannot tell words of apart."""
        self.key = key
        self.vectors: dict[str, bytes] = {}
        self._blind_in = blind_in

    def blind(self, language: str) -> bool:
        """Say whether the model has no say in `language`."""
        return language == self._blind_in

    def passages(self, texts: Sequence[str]) -> list[bytes]:
        """Return the vectors made before."""
        return [self.vectors[text] for text in texts]

    def question(self, text: str) -> bytes:
        """Return the vector made before."""
        return self.vectors[text]


def hit_rates() -> list[Row]:
    """Measure hit@1 and hit@5 of each half and of both, on both sets."""
    return [row for language in FILES for row in _hit_rates(_questions(language))]


def query_times() -> list[Row]:
    """Measure the 95th percentile of a hybrid query with its vector ready."""
    return [_query_time(size, limit) for size, limit in LIMITS_MS.items()]


def _hit_rates(questions: Set) -> Iterator[Row]:
    embedder = _embedder(questions, with_questions=questions.language == "en")
    with _library(list(questions.paragraphs), embedder) as (library, database):
        lexical = Lexical(database)
        dense = Dense(VectorStore(database), embedder, None)
        halves: dict[str, Callable[[str], list[int]]] = {
            "words": lambda asked: [one for one, _ in lexical.search(lexical.words(asked), Scope(), 5)]
        }
        if not embedder.blind(questions.language):
            halves["meaning"] = lambda asked: [one for one, _ in dense.nearest(asked, Scope(), 5)]
        halves["both"] = lambda asked: [one.start + 1 for one in library.search(asked, limit=5).found]
        rates = {name: _rates(questions, find) for name, find in halves.items()}
    at_1, at_5 = GOALS[questions.language]
    for name, (one, five) in rates.items():
        goal = f">= {at_1} / {at_5}, not below either half" if name == "both" else ""
        kept = one >= at_1 and five >= at_5 and all(one >= r[0] and five >= r[1] for r in rates.values())
        yield Row(
            row="R4",
            goal=goal,
            measured=f"{one:.3f} / {five:.3f}",
            ratio=None,
            spread=f"{len(questions.questions)} questions",
            kept=kept or name != "both",
            what=f"{NAMES[questions.language]}, {name}: hit@1 / hit@5, {len(questions.paragraphs)} passages",
        )


def _rates(questions: Set, find: Callable[[str], list[int]]) -> tuple[float, float]:
    first = five = 0
    for asked, answer in questions.questions:
        found = find(asked)
        first += found[:1] == [answer + 1]
        five += answer + 1 in found
    return first / len(questions.questions), five / len(questions.questions)


def _query_time(size: int, limit_ms: float) -> Row:
    sets = [_questions(language) for language in FILES]
    embedder = _embedder(sets[0], with_questions=True)
    passages = _recombined([text for one in sets for text in one.paragraphs], size)
    _mix_vectors(embedder, sets[0], passages)
    asked = [question for one in sets for question, _ in one.questions[:ASKED]]
    with _library(passages, embedder, index=True) as (library, _):
        for question in asked[::10]:
            library.search(question)
        times = sorted(_milliseconds(library, question) for question in asked)
    p95 = times[int(len(times) * 0.95)]
    return Row(
        row="R1",
        goal=f"<= {limit_ms:.0f} ms",
        measured=f"{p95:.1f} ms",
        ratio=p95 / limit_ms,
        spread=f"{times[0]:.1f} to {times[-1]:.1f} ms, median {times[len(times) // 2]:.1f}",
        kept=p95 <= limit_ms,
        what=f"95th percentile of {len(asked)} English and Korean questions, {size} passages",
    )


def _milliseconds(library: Library, question: str) -> float:
    start = time.perf_counter()
    library.search(question)
    return (time.perf_counter() - start) * 1000


@contextmanager
def _library(
    passages: list[str], embedder: Ready, *, index: bool = False
) -> Iterator[tuple[Library, Database]]:
    """Give a library of one document whose chunk n starts at n, so that answers can be told apart."""
    with TemporaryDirectory() as folder:
        home = Home(Path(folder))
        database = Database.open(home.library, MIGRATIONS, None)
        library = Library(database, _NoReader(), embedder, Index(home.index) if index else None)
        try:
            store = Store(database)
            content = Contents(database).write(_document(passages))
            store.link(content, FileAt(Path("/all"), Catalogue(database).id_of("default"), Stamp(0, 0)))
            for _ in library.catch_up():
                pass
            library.prepare()
            yield library, database
        finally:
            library.close()
            database.close()


class _NoReader:
    """Nothing is read: passages are written as they are."""

    def read(self, path: Path, stop: object = None) -> None:
        """Read nothing."""
        raise NotRun(str(path))

    render = read


def _document(passages: list[str]) -> Document:
    chunks = tuple(Chunk(0, number, number + 1, "", text) for number, text in enumerate(passages))
    whole = PlaceText(Place(PlaceKind.SECTION, 0), "x" * len(passages))
    return Document("all", hashlib.sha256(repr(passages).encode()).hexdigest(), 0, (whole,), chunks, 0)


def _recombined(paragraphs: list[str], count: int) -> list[str]:
    """Return `count` passages of five real sentences each, drawn anew."""
    drawn = random.Random(7)
    sentences = [one for paragraph in paragraphs for one in SENTENCE_END.split(paragraph)]
    return [f"{number} " + " ".join(drawn.sample(sentences, 5)) for number in range(count)]


def _mix_vectors(embedder: Ready, real: Set, passages: list[str]) -> None:
    """Give each passage a vector between two real ones: their speed is that of real vectors."""
    drawn = np.random.default_rng(7)
    known = np.array([np.frombuffer(embedder.vectors[text], dtype="<f4") for text in real.paragraphs])
    pairs = drawn.integers(0, len(known), size=(len(passages), 2))
    mixed = known[pairs[:, 0]] + known[pairs[:, 1]] + drawn.normal(0, 0.02, (len(passages), known.shape[1]))
    mixed /= np.linalg.norm(mixed, axis=1, keepdims=True)
    embedder.vectors |= {text: row.astype("<f4").tobytes() for text, row in zip(passages, mixed, strict=True)}


def _questions(language: str) -> Set:
    path = SETS / FILES[language]
    if not path.is_file():
        raise NotRun("skipped: no shared data")
    paragraphs, questions = [], []
    for article in json.loads(path.read_text("utf-8"))["data"]:
        for paragraph in article["paragraphs"]:
            questions += [(one["question"], len(paragraphs)) for one in paragraph["qas"]]
            paragraphs.append(paragraph["context"])
    if language == "ko":
        questions = questions[2::4]  # the weights were chosen on [::4]
    return Set(language, tuple(paragraphs), tuple(questions))


def _embedder(questions: Set, *, with_questions: bool) -> Ready:
    """Return the starter embedder's vectors, made once and kept under `cache`."""
    CACHE.mkdir(exist_ok=True)
    home = Home(CACHE / "home")
    model = starter_embedding(home)
    ready = Ready(model.sha256, blind_in="ko")
    texts = list(questions.paragraphs) if questions.language == "en" else []
    texts += [question for question, _ in questions.questions] if with_questions else []
    cached = CACHE / f"{model.sha256[:12]}-{hashlib.sha256(repr(texts).encode()).hexdigest()[:12]}.npy"
    if texts and not cached.is_file():
        engine = Engine(EngineSettings(model=model.path, embedding=True))
        try:
            embedder = EngineEmbedder(engine)
            half = len(questions.paragraphs)
            made = embedder.passages(texts[:half]) + [embedder.question(text) for text in texts[half:]]
        finally:
            engine.close()
        np.save(cached, np.array([np.frombuffer(one, dtype="<f4") for one in made]))
    if texts:
        ready.vectors = {text: row.tobytes() for text, row in zip(texts, np.load(cached), strict=True)}
    elif not with_questions:
        ready.vectors = dict.fromkeys(questions.paragraphs, np.full(384, 384**-0.5, dtype="<f4").tobytes())
    return ready


ROWS: Rows = {"R1": query_times, "R4": hit_rates}
