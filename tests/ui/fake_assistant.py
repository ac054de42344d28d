# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""An assistant without engines: real conversations in a real database, answers by script."""

import queue
import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from assistant.chat import (
    Answered,
    Cited,
    ContextUse,
    Masked,
    Options,
    QuestionStored,
    Searching,
    Sources,
    Thinking,
    TokenText,
)
from assistant.conversations import MIGRATIONS, ConversationStore, StoredMessage
from assistant.database import Database
from assistant.documents.collection import Collection, IndexingState, LibraryChanged
from assistant.documents.explaining import Explained, Meaning, NotUsed, Ranked, Why, WhyNot
from assistant.documents.protocol import DocumentRow, FileProgress, FileResult, FileStatus
from assistant.engine.protocol import Device, Devices, Fitting, LoadProgress, MemoryUse, ModelInfo
from assistant.errors import MaruError, NotFoundError, Offer, StoppedError
from assistant.hiding import Privacy
from assistant.messages import FinishReason
from assistant.model_files import CHAT, ModelFile
from assistant.model_import import ImportProgress
from assistant.passages import Citation, Passage, Passages, Place, PlaceKind
from assistant.paths import Home
from assistant.privacy.policy import named
from assistant.protecting import HomeProtection
from assistant.receipts import Receipt
from assistant.sampling import PRESETS, Preset
from assistant.settings import Settings
from assistant.texts import text

LEASE = Passage(
    document="/papers/lease.pdf",
    place=Place(PlaceKind.PAGE, 2, 3),
    start=0,
    end=40,
    text="The monthly rent is 850 euros, due early.",
    sha256="0" * 64,
)
MODEL = ModelInfo(
    name="Starter",
    architecture="llama",
    path=Path("/models/starter.gguf"),
    parameters=135_000_000,
    size=98_000_000,
    n_ctx=2048,
    n_ctx_train=8192,
    dimensions=576,
    layers=30,
    layers_offloaded=0,
    backend="CPU",
    has_template=True,
    korean=False,
    sha256="0" * 64,
)
USE = ContextUse(2048, 500, 100, 200)
FITTING = Fitting(2048, 0, 31, MemoryUse(90_000_000, 20_000_000, 10_000_000), 4_000_000_000)
DEVICES = Devices(
    "a processor",
    (Device("CPU", "a processor", "cpu", 0, 0),),
    0,
    31,
    text("This build of the engine has no graphics backend."),
    "1",
    (),
    "make install BACKEND=vulkan",
)


@dataclass
class Script:
    """How the next answers go: what is written, and where they wait or fail."""

    pieces: tuple[str, ...] = ("The monthly rent is ", "850 euros.")
    waits: bool = False  # after the first piece, until Stop or `go`
    error: MaruError | None = None  # after the first piece
    unstored: MaruError | None = None  # before the question is stored
    ends: FinishReason = FinishReason.STOP
    thinking: tuple[str, ...] = ()
    use: ContextUse = USE
    go: threading.Event = field(default_factory=threading.Event)
    asked: list[Options] = field(default_factory=list)


class FakeLibrary:
    """Documents that are only names."""

    def __init__(self) -> None:
        self.rows: list[DocumentRow] = []
        self.empty: list[str] = []  # collections
        self.here: dict[int, list[Path]] = {}  # files of one conversation
        self.searched: list[tuple[str, object]] = []  # words, and collections

    def documents(self, collection: str | None = None) -> list[DocumentRow]:
        if collection is None:
            return list(self.rows)
        here = self.here.get(int(collection.partition(":")[2]), [])
        return [DocumentRow(path, collection, 0, 1, "added") for path in here]

    def collections(self) -> list[Collection]:
        names = dict.fromkeys([*(row.collection for row in self.rows), *self.empty])
        return [
            Collection(name, documents=sum(row.collection == name for row in self.rows)) for name in names
        ]

    def conversation_collection(self, conversation_id: int) -> Collection | None:
        here = self.here.get(conversation_id, [])
        return Collection(f"conversation:{conversation_id}", documents=len(here)) if here else None

    def create_collection(self, name: str) -> None:
        if name in self.empty:
            raise NotFoundError(text("It is there already."))
        self.empty.append(name)

    def rename_collection(self, name: str, new: str) -> None:
        self.empty[self.empty.index(name)] = new

    def delete_collection(self, name: str) -> None:
        self.empty.remove(name)

    def remove(self, path: Path, collection: str | None = None) -> int:
        before = len(self.rows)
        self.rows = [row for row in self.rows if row.path != path]
        return before - len(self.rows)

    def changed(self, passage: Passage) -> bool:
        return False

    def explain(self, question: str, collections: object = None, **_: object) -> Explained:
        self.searched.append((question, collections))
        if question == "nothing":
            return Explained(question, (), supported=False, meaning=Meaning.USED)
        why = Why(0.5, 1, 0.25, 2, 0.4, 0.1, terms=("rent",), missing=("month",))
        return Explained(question, (Ranked(1, LEASE, why),), supported=True, meaning=Meaning.USED)

    def why_not(self, question: str, path: Path, *_: object, used: object = None, **__: object) -> WhyNot:
        return WhyNot(NotUsed.NOT_CHOSEN if used is None else NotUsed.CUT, path)

    def kept_places(self, path: Path) -> list[Any]:
        raise NotFoundError(text("It is not there."))

    def render(self, path: Path, page: int, scale: float, start: int = 0, end: int = 0) -> Any:
        raise NotFoundError(text("It is not there."))


class FakeIndexing:
    """Reads files at once, and tells of it as the background does."""

    def __init__(self, library: FakeLibrary, tell: Callable[[Any], None]) -> None:
        self._library, self._tell = library, tell
        self.done: list[tuple[Any, ...]] = []

    def add(self, paths: Sequence[Path], collection: str = "default", *, watch: bool = True) -> None:
        self.done.append(("add", list(paths), collection))
        for number, path in enumerate(paths):
            now = FileProgress(path, 1, 1, "reading", 1, 2)
            self._tell(IndexingState(number, len(paths), now=now))
            self._library.rows.append(DocumentRow(path, collection, 1, 2, "added"))
            self._tell(FileResult(path, FileStatus.ADDED, 1, 2, 0.1))
        self._tell(IndexingState())
        self._tell(LibraryChanged())

    def add_to_conversation(self, paths: Sequence[Path], conversation_id: int) -> None:
        self.done.append(("add here", list(paths), conversation_id))
        self._library.here.setdefault(conversation_id, []).extend(paths)
        self._tell(LibraryChanged())

    def unwatch(self, collection: str, folder: Path, *, keep: bool = False) -> None:
        self.done.append(("unwatch", collection, folder, *(("keep",) if keep else ())))

    def retry(self, path: Path | None = None) -> None:
        self.done.append(("retry", path))

    def unlock(self, path: Path, password: str) -> None:
        self.done.append(("unlock", path, password))

    def pause(self) -> None:
        self.done.append(("pause",))

    def resume(self) -> None:
        self.done.append(("resume",))

    def cancel(self) -> None:
        self.done.append(("cancel",))


class FakeChosen:
    """Keeps what each conversation looks at."""

    def __init__(self) -> None:
        self.kept: dict[int, tuple[str, ...] | None] = {}

    def with_own(self, conversation_id: int, names: tuple[str, ...] | None) -> tuple[str, ...] | None:
        return (*(names or ("default",)), f"conversation:{conversation_id}") if conversation_id else names

    def of(self, conversation_id: int) -> tuple[str, ...] | None:
        return self.kept.get(conversation_id)

    def choose(self, conversation_id: int, names: Sequence[str] | None) -> None:
        self.kept[conversation_id] = None if names is None else tuple(names)


class FakeAssistant:
    """Has what the window uses of an Assistant."""

    def __init__(self, root: Path) -> None:
        self.home = Home(root)
        self.home.create()
        self.settings = Settings()
        self._database = Database.open(self.home.conversations, MIGRATIONS, None)
        self.conversations = ConversationStore(self._database)
        self.privacy = Privacy(
            self.conversations.vaults, lambda: named(self.settings.privacy, self.settings.privacy_actions)
        )
        self.library = FakeLibrary()
        self.chat_engine = SimpleNamespace(info=None, devices=lambda: DEVICES)
        self.happened: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self.indexing = FakeIndexing(self.library, self.happened.put)
        self.chosen = FakeChosen()
        self.left: list[int] = []
        self.accepted: list[Offer] = []
        self.imported: list[Path] = []
        self.estimated: list[tuple[Path | None, Settings | None]] = []
        self.fitting: Fitting | MaruError = FITTING
        self.loading_waits = False
        self.loading_fails: MaruError | None = None
        self.notice = self.read_only = None
        self.protection = HomeProtection(self.home, None)
        self.keeping = SimpleNamespace(snapshots=list)
        self.script = Script()
        self.applied: list[Settings] = []
        self.prepared = 0
        self.stopped_reloads = 0

    def ask(
        self,
        conversation_id: int,
        words: str,
        options: Options,
        stop: threading.Event,
        parent_id: int | None = None,
    ) -> Iterator[Any]:
        if self.script.unstored:
            raise self.script.unstored
        question = self.conversations.add_question(conversation_id, parent_id, words)
        yield QuestionStored(question)
        yield from self._answer(question, options, stop)

    def ask_again(self, question_id: int, options: Options, stop: threading.Event) -> Iterator[Any]:
        yield from self._answer(self.conversations.message(question_id), options, stop)

    def _answer(self, question: StoredMessage, options: Options, stop: threading.Event) -> Iterator[Any]:
        script = self.script
        script.asked.append(options)
        yield Searching(12)
        yield Sources(Passages((LEASE,), supported=True))
        yield Masked({"EMAIL": 1})
        yield script.use
        for thought in script.thinking:
            yield Thinking(thought)
        stored = self.conversations.start_answer(question.conversation_id, question.id)
        words, reason = "", script.ends
        for piece in script.pieces:
            words += piece
            yield TokenText(piece)
            if script.error:
                self.conversations.finish_answer(stored.id, words, FinishReason.FAILED, Receipt())
                raise script.error
            while script.waits and not script.go.is_set() and not stop.wait(0.005):
                pass
            if stop.is_set():
                reason = FinishReason.CANCELLED
                break
        citation = Citation(1, 0, len(words), LEASE, "monthly rent is 850 euros", 4, 29, 0.9)
        yield Cited(citation)
        receipt = Receipt(
            model_name="Starter",
            preset="precise",
            passages=(LEASE,),
            citations=(citation,),
            masked={"EMAIL": 1},
            timings={"predicted_ms": 100.0, "predicted_tokens": 5.0, "prompt_tokens": 500.0},
            prompt_as_seen="system: x",
            searched=True,
            thinking="".join(script.thinking),
            context=script.use,
        )
        yield Answered(self.conversations.finish_answer(stored.id, words, reason, receipt))

    def prepare(self) -> None:
        self.prepared += 1

    def load_chat(self, stop: threading.Event | None = None) -> Generator[LoadProgress, None, ModelInfo]:
        yield LoadProgress(0.5)
        self.chat_engine.info = MODEL
        return MODEL

    def choose_model(
        self, path: Path, stop: threading.Event | None = None
    ) -> Generator[LoadProgress, None, ModelInfo]:
        yield LoadProgress(0.2)
        if self.loading_waits and stop is not None:
            stop.wait(10)
            raise StoppedError(text("Loading was stopped."))
        if self.loading_fails:
            raise self.loading_fails
        self.chat_engine.info = replace(MODEL, name=path.stem, path=path)
        return self.chat_engine.info

    def import_model(
        self, path: Path, stop: threading.Event | None = None
    ) -> Generator[ImportProgress, None, ModelFile]:
        yield ImportProgress(1, 2)
        yield ImportProgress(1, 2, verifying=True)
        self.imported.append(path)
        return ModelFile(path.stem, self.home.models / path.name, CHAT, "0" * 64, 1, "")

    def accept(
        self, offer: Offer, stop: threading.Event | None = None
    ) -> Generator[LoadProgress, None, ModelInfo]:
        self.accepted.append(offer)
        self.settings = replace(self.settings, n_ctx=offer.n_ctx or 0)
        return (yield from self.load_chat(stop))

    def estimate(self, path: Path | None = None, settings: Settings | None = None) -> Fitting:
        self.estimated.append((path, settings))
        if isinstance(self.fitting, MaruError):
            raise self.fitting
        return self.fitting

    def leave(self, conversation_id: int) -> None:
        self.left.append(conversation_id)

    def events(self, stop: threading.Event) -> Iterator[Any]:
        while not stop.is_set():
            try:
                yield self.happened.get(timeout=0.01)
            except queue.Empty:
                continue

    def models(self) -> list[Any]:
        return []

    def apply(self, settings: Settings) -> None:
        self.settings = settings
        self.applied.append(settings)

    def stop_reload(self) -> None:
        self.stopped_reloads += 1

    def starting_options(self) -> Options:
        return Options(sampling=PRESETS[Preset.PRECISE], preset=Preset.PRECISE)

    def close(self) -> None:
        self._database.close()
