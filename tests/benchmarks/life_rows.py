# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""G9: an answer keeps its speed while documents are indexed, because indexing yields, and soon."""

import contextlib
import itertools
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil

from assistant import model_files
from assistant.documents.parser import Parser, parser_spec
from assistant.documents.protocol import ParserSettings
from assistant.engine.client import Engine
from assistant.engine.devices import default_threads
from assistant.engine.protocol import EngineSettings, TextKind, Token
from assistant.errors import DocumentError, MaruError
from assistant.messages import Message, Role
from assistant.paths import Home
from assistant.sampling import SamplingParams
from assistant.workers.yielding import Yielding
from tests.benchmarks.pairs import NotRun, Row, Rows, compare

ROOT = Path(__file__).parents[2]
FOLDERS = (ROOT.parent / "shared" / "data" / "documents" / "pdf-samples", ROOT / "tests" / "samples")
STORY = (Message(Role.USER, "Tell a very long story about a ship and its crew."),)
SENTENCE = "The monthly rent for flat {number} is 850 pounds and is due on the fifth day of each month. "
WRITTEN = 160  # tokens
KEPT, YIELDS_MS = 0.95, 100
LOOK_EVERY_S = 0.005
TICK_MS = 10  # the system counts processor time in such steps
PATIENCE_S = 30.0


def answering_while_indexing() -> list[Row]:
    """Measure tokens per second with a parser and an embedding engine at work beside it, and without."""
    with tempfile.TemporaryDirectory() as folder, _at_work(Path(folder)) as (chat, indexing):
        yields: list[float] = []

        def beside() -> float:
            with indexing.running():
                return _streamed(chat, lambda: yields.append(indexing.until_it_rests()))

        found = compare(beside, lambda: _streamed(chat, lambda: None))
    slowest = max(yields)
    speed = Row(
        row="G9",
        goal=f">= {KEPT} of the speed alone",
        measured=f"{found.ours.median:.1f} of {found.bare.median:.1f} tokens/s",
        ratio=found.ratio,
        spread=found.spread,
        kept=found.ratio >= KEPT,
        what=f"{WRITTEN} tokens beside a parser and an embedding engine; {default_threads()} thread(s)",
    )
    rest = Row(
        row="G9",
        goal=f"indexing yields within {YIELDS_MS} ms",
        measured=f"{slowest:.0f} ms",
        ratio=None,
        spread=f"{min(yields):.0f} to {slowest:.0f} ms",
        kept=slowest <= YIELDS_MS,
        what=f"from the question to the last processor time of both workers, in steps of {TICK_MS} ms",
    )
    return [speed, rest]


class _Indexing:
    """A parser that reads one file after another and an engine that embeds, each on a thread."""

    def __init__(self, parser: Parser, embedder: Engine, paths: list[Path]) -> None:
        self._parser, self._embedder, self._paths = parser, embedder, paths
        self._stop = threading.Event()
        self.done = {"read": 0, "embedded": 0}

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        """Be at work; both have got somewhere when the block begins."""
        self._stop.clear()
        before = dict(self.done)
        threads = [threading.Thread(target=work) for work in (self._read, self._embed)]
        for thread in threads:
            thread.start()
        _wait(lambda: all(self.done[name] > before[name] for name in before))
        try:
            yield
        finally:
            self._stop.set()
            for thread in threads:
                thread.join()

    def until_it_rests(self) -> float:
        """Return after how many milliseconds the workers took no processor time any more."""
        processes = [psutil.Process(pid) for pid in (self._parser.pid, self._embedder.pid) if pid]
        begun = last = time.perf_counter()
        spent = _spent(processes)
        while time.perf_counter() - last < 0.2:
            threading.Event().wait(LOOK_EVERY_S)
            if (now := _spent(processes)) > spent:
                spent, last = now, time.perf_counter()
        return (last - begun) * 1000

    def _read(self) -> None:
        for path in itertools.cycle(self._paths):
            if self._stop.is_set():
                return
            with contextlib.suppress(DocumentError):
                for _ in self._parser.read(path, self._stop):
                    continue
            self.done["read"] += 1

    def _embed(self) -> None:
        for start in itertools.count(step=64):
            if self._stop.is_set():
                return
            texts = [SENTENCE.format(number=number) for number in range(start, start + 64)]
            self._embedder.embed(texts, TextKind.PASSAGE)
            self.done["embedded"] += len(texts)


def _spent(processes: list[psutil.Process]) -> float:
    return sum(sum(process.cpu_times()[:2]) for process in processes)


def _wait(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        if time.monotonic() > deadline:
            raise NotRun("indexing did not begin")
        threading.Event().wait(LOOK_EVERY_S)


@contextlib.contextmanager
def _at_work(folder: Path) -> Iterator[tuple[Engine, _Indexing]]:
    home = Home(folder)
    home.create()
    paths = [path for place in FOLDERS for path in sorted(place.rglob("*.pdf"))]
    if not paths:
        raise NotRun("no PDF files")
    try:
        chat_model, embedding_model = model_files.starter_chat(home), model_files.starter_embedding(home)
    except MaruError as error:
        raise NotRun(str(error)) from None
    with contextlib.ExitStack() as opened:
        parser = Parser(parser_spec(ParserSettings()))
        opened.callback(parser.close)
        embedder = Engine(EngineSettings(embedding_model.path, embedding=True), background=True)
        opened.callback(embedder.close)
        chat = Engine(EngineSettings(chat_model.path, n_ctx=4096), busy=Yielding([embedder, parser]))
        opened.callback(chat.close)
        chat.loaded()
        yield chat, _Indexing(parser, embedder, paths)


def _streamed(chat: Engine, asked: Callable[[], None]) -> float:
    """Return tokens per second from the first token's arrival to the end.

    `asked` is called on a thread of its own at the moment of asking.
    """
    looking = threading.Thread(target=asked)
    looking.start()
    items = chat.stream(STORY, SamplingParams(max_tokens=WRITTEN))
    while not isinstance(next(items), Token):
        continue
    started = time.perf_counter()
    try:
        while True:
            next(items)
    except StopIteration as end:
        speed = (end.value.timings.predicted_tokens - 1) / (time.perf_counter() - started)
    looking.join()
    return speed


ROWS: Rows = {"G9": answering_while_indexing}
