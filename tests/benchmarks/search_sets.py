# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Questions whose answers are known, and vectors that are made once and kept under build/search.

The sets lie outside the repository (`../shared/data/search`) and no part of them comes into it: the
cache holds vectors by the hash of their text.
"""

import hashlib
import json
import random
import re
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.embedding import EngineEmbedder
from assistant.engine.client import Engine
from assistant.engine.protocol import EngineSettings, TextKind
from assistant.model_files import starter_embedding
from assistant.paths import Home
from tests.benchmarks.pairs import NotRun

ROOT = Path(__file__).parents[2]
SETS = ROOT.parent / "shared" / "data" / "search"
CACHE = ROOT / "build" / "search"
BETWEEN = "\n\n"  # paragraphs of an article
CLAPNQ = ("answerable", "unanswerable")
SHORTEST = 8  # words of a sentence that is recombined
BATCH = 128  # texts that are kept at once
SENTENCE_END = re.compile(r"(?<=[.!?])\s+")


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of the article `title`: [start, start + len(text)) of the article's text."""

    title: str
    text: str
    start: int

    @property
    def end(self) -> int:
        """Where it ends in the article's text."""
        return self.start + len(self.text)


@dataclass(frozen=True)
class Asked:
    """A question; the answer stands in `paragraph`, at [start, end) of the article's text."""

    question: str
    paragraph: int
    start: int
    end: int


@dataclass(frozen=True)
class QuestionSet:
    """Paragraphs in the order of their articles; `tune` is what settings were chosen on, `report` is not."""

    name: str
    language: str
    paragraphs: tuple[Paragraph, ...]
    tune: tuple[Asked, ...]
    report: tuple[Asked, ...]

    def articles(self) -> dict[str, str]:
        """Return the whole text of each article by its title."""
        found: dict[str, list[str]] = {}
        for paragraph in self.paragraphs:
            found.setdefault(paragraph.title, []).append(paragraph.text)
        return {title: BETWEEN.join(texts) for title, texts in found.items()}


def xquad() -> QuestionSet:
    """Return XQuAD English: every other question to tune on."""
    paragraphs, asked = _squad(SETS / "xquad" / "xquad.en.json")
    return QuestionSet("XQuAD English", "en", paragraphs, asked[::2], asked[1::2])


def korquad() -> QuestionSet:
    """Return KorQuAD: of four questions in a row the first to tune on, the third to report."""
    paragraphs, asked = _squad(SETS / "korquad" / "KorQuAD_v1.0_dev.json")
    return QuestionSet("KorQuAD", "ko", paragraphs, asked[::4], asked[2::4])


def clapnq() -> QuestionSet:
    """Return ClapNQ: questions that people typed, each answered by a whole passage.

    The passages of its unanswerable questions stand among the others, to be told apart.
    """
    answered, other = (_lines(SETS / "clapnq" / f"clapnq_dev_{name}.jsonl") for name in CLAPNQ)
    texts = {(one["passages"][0]["title"], one["passages"][0]["text"]) for one in (*answered, *other)}
    paragraphs: list[Paragraph] = []
    places: dict[tuple[str, str], int] = {}
    for title, text in sorted(texts):
        before = paragraphs[-1] if paragraphs else None
        start = before.end + len(BETWEEN) if before and before.title == title else 0
        places[title, text] = len(paragraphs)
        paragraphs.append(Paragraph(title, text, start))
    asked = []
    for one in answered:
        place = places[one["passages"][0]["title"], one["passages"][0]["text"]]
        asked.append(Asked(one["input"], place, paragraphs[place].start, paragraphs[place].end))
    return QuestionSet("ClapNQ", "en", tuple(paragraphs), tuple(asked[::2]), tuple(asked[1::2]))


SETS_BY_NAME = {"xquad": xquad, "korquad": korquad, "clapnq": clapnq}


class Kept:
    """An embedding model whose vectors are kept: the engine runs only for texts that are new.

    It is what the library calls an embedder, and blind where the library's own would be.
    """

    def __init__(self, model: Path | None = None, *, threads: int = 0) -> None:
        """Use the GGUF file `model`, or the starter. Close it afterwards."""
        CACHE.mkdir(parents=True, exist_ok=True)
        if model is None:
            found = starter_embedding(Home(CACHE / "home"))
            model, self.key = found.path, found.sha256
        else:
            self.key = _sha256(model)
        self.path = model
        self.model = str(model)
        self.embedded = 0
        self._engine = Engine(EngineSettings(model, self.key, model.stem, embedding=True, threads=threads))
        self._embedder = EngineEmbedder(self._engine)
        # A search asks on a thread of its own and waits for it: never two at once.
        path = CACHE / f"{self.key[:16]}.db"
        self._known = sqlite3.connect(path, timeout=60, check_same_thread=False)
        self._known.execute("CREATE TABLE IF NOT EXISTS vectors (hash BLOB PRIMARY KEY, vector BLOB)")

    def blind(self, language: str) -> bool:
        """Say whether the model has no say in `language`."""
        return self._embedder.blind(language)

    def strength(self, language: str) -> float:
        """Return how well the model knows `language`."""
        return self._embedder.strength(language)

    def passages(self, texts: Sequence[str]) -> list[bytes]:
        """Return one vector a passage, made where it is new."""
        return self._vectors(texts, TextKind.PASSAGE)

    def question(self, text: str) -> bytes:
        """Return the vector of a question."""
        return self.questions([text])[0]

    def questions(self, texts: Sequence[str]) -> list[bytes]:
        """Return one vector a question, made where it is new."""
        return self._vectors(texts, TextKind.QUESTION)

    def close(self) -> None:
        """End the engine."""
        self._engine.close()
        self._known.close()

    def _vectors(self, texts: Sequence[str], kind: TextKind) -> list[bytes]:
        hashes = [hashlib.sha256(f"{kind.value} {text}".encode()).digest() for text in texts]
        known = self._look_up(hashes)
        missing = {key: text for key, text in zip(hashes, texts, strict=True) if key not in known}
        keys = list(missing)
        for start in range(0, len(keys), BATCH):
            some = keys[start : start + BATCH]
            made = self._engine.embed([missing[key] for key in some], kind)
            self._keep(some, made)
            known |= zip(some, made, strict=True)
        return [known[key] for key in hashes]

    def _look_up(self, hashes: Sequence[bytes]) -> dict[bytes, bytes]:
        found: dict[bytes, bytes] = {}
        for start in range(0, len(hashes), 500):
            some = hashes[start : start + 500]
            marks = ",".join("?" * len(some))
            found |= dict(
                self._known.execute(f"SELECT hash, vector FROM vectors WHERE hash IN ({marks})", some)
            )
        return found

    def _keep(self, hashes: Sequence[bytes], vectors: Sequence[bytes]) -> None:
        self.embedded += len(hashes)
        with self._known:
            self._known.executemany(
                "INSERT OR REPLACE INTO vectors VALUES (?, ?)", zip(hashes, vectors, strict=True)
            )


def recombined(count: int) -> list[str]:
    """Return `count` texts, each the first half of one real English sentence and the second of another.

    Drawn by a fixed seed.
    """
    drawn = random.Random(7)
    texts = [paragraph.text for one in (xquad(), clapnq()) for paragraph in one.paragraphs]
    words = [sentence.split() for text in texts for sentence in SENTENCE_END.split(text)]
    words = [one for one in words if len(one) >= SHORTEST]
    made: dict[str, None] = {}
    while len(made) < count:
        first, second = drawn.sample(words, 2)
        made[" ".join(first[: len(first) // 2] + second[len(second) // 2 :])] = None
    return list(made)


def _squad(path: Path) -> tuple[tuple[Paragraph, ...], tuple[Asked, ...]]:
    """Read a file in the format of SQuAD 1.1."""
    if not path.is_file():
        raise NotRun("skipped: no shared data")
    paragraphs: list[Paragraph] = []
    asked: list[Asked] = []
    for article in json.loads(path.read_text("utf-8"))["data"]:
        at = 0
        for paragraph in article["paragraphs"]:
            for one in paragraph["qas"]:
                answer = one["answers"][0]
                start = at + answer["answer_start"]
                asked.append(Asked(one["question"], len(paragraphs), start, start + len(answer["text"])))
            title = article["title"].replace("_", " ")
            paragraphs.append(Paragraph(title, paragraph["context"], at))
            at += len(paragraph["context"]) + len(BETWEEN)
    return tuple(paragraphs), tuple(asked)


def _lines(path: Path) -> list[dict[str, Any]]:
    if not path.is_file():
        raise NotRun("skipped: no shared data")
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
