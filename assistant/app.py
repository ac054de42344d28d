# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Builds every object once and joins them: the one module of the core that reads Settings.

`open_assistant(home)` gives an Assistant: what the window and the terminal talk to.
"""

import contextlib
import threading
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from assistant import chat, model_files
from assistant.conversations import MIGRATIONS as CONVERSATION_MIGRATIONS
from assistant.conversations import ConversationStore
from assistant.credentials import passphrase
from assistant.database import Database
from assistant.documents.index import Index
from assistant.documents.library import Library
from assistant.documents.parser import Parser, parser_spec
from assistant.documents.protocol import FileProgress, FileResult, ParserSettings
from assistant.documents.schema import MIGRATIONS as LIBRARY_MIGRATIONS
from assistant.embedding import EngineEmbedder
from assistant.engine.client import EMBEDDING_ENGINE, WORKER, Engine
from assistant.engine.gguf import read_header, wordpiece_vocabulary
from assistant.engine.protocol import EngineSettings, LoadProgress, ModelInfo
from assistant.entities import Entity
from assistant.errors import DatabaseError, HomeHeldError, MaruError
from assistant.home_lock import HomeLock
from assistant.model_files import CHAT, ModelFile
from assistant.paths import Home
from assistant.privacy import filter as personal_data
from assistant.sampling import PRESETS, Preset
from assistant.settings import Settings, load_settings, save_settings
from assistant.texts import Text, tr, use_language

UNDO_S = 60.0
"""How long a deleted conversation can be brought back; later the next start removes it for good."""

RELOAD = ("n_ctx", "n_gpu_layers", "threads")
"""Settings that take effect when the models are loaded again."""


@dataclass(frozen=True)
class WorkerModules:
    """Which module each engine runs: the process border, where tests put a fake."""

    chat: str = WORKER
    embedding: str = WORKER


class Assistant:
    """Maru without a face. Its methods may be called from any thread; nothing heavy starts by itself."""

    def __init__(
        self,
        home: Home,
        settings: Settings,
        parts: "Parts",
        closing: contextlib.ExitStack,
        notice: Text | None,
    ) -> None:
        """Use `open_assistant`. `notice` is what the user should know about the start."""
        self.home = home
        self.settings = settings
        self.conversations = parts.conversations
        self.library = parts.library
        self.chat_engine = parts.chat_engine
        self.embedding_engine = parts.embedding_engine
        self.notice = notice
        self._parser = parts.parser
        self._closing = closing
        self._splits_by_tokens = False
        self._changing = threading.Lock()

    def ask(
        self,
        conversation_id: int,
        question: str,
        options: chat.Options,
        stop: threading.Event,
        parent_id: int | None = None,
    ) -> chat.Events:
        """Answer `question` after message `parent_id`; see `chat.answer`."""
        return chat.answer(self._answering(), conversation_id, question, options, stop, parent_id)

    def ask_again(self, question_id: int, options: chat.Options, stop: threading.Event) -> chat.Events:
        """Answer a stored question once more: another version beside the first."""
        question = self.conversations.message(question_id)
        return chat.answer_stored(self._answering(), question, options, stop)

    def add(
        self, paths: Sequence[Path], collection: str | None = None, stop: threading.Event | None = None
    ) -> Generator[FileProgress | FileResult, None, None]:
        """Add files and folders to the library; see `Library.add`.

        Vectors that earlier documents lack, because their engine had ended, are made up for at the end.
        """
        self._split_by_tokens()
        chosen = {"collection": collection} if collection else {}
        yield from self.library.add(paths, stop=stop, **chosen)
        try:
            for _ in self.library.catch_up(stop):
                continue
        except DatabaseError:
            raise
        except MaruError:  # the results have said so, file by file
            return

    def prepare(self, stop: threading.Event | None = None) -> Generator[tuple[int, int], None, None]:
        """Open the index and make the vectors that documents lack; yields (done, total).

        For the time after the first paint: the first question then need not wait for it. Raises
        DatabaseError; without an engine or an index search goes on without them.
        """
        if not self.library.document_count():
            return
        try:
            self.library.prepare()
            yield from self.library.catch_up(stop)
        except DatabaseError:
            raise
        except MaruError:
            return

    def load_chat(self, stop: threading.Event | None = None) -> Generator[LoadProgress, None, ModelInfo]:
        """Load the chat model, or return at once where it is loaded."""
        return self.chat_engine.load(stop)

    def choose_model(
        self, path: Path, stop: threading.Event | None = None, *, keep: bool = True
    ) -> Generator[LoadProgress, None, ModelInfo]:
        """Answer with the GGUF file `path` from now on; with `keep` the settings remember it.

        When loading fails, the model before comes back. Raises ModelError, EngineError, WorkerError.
        """
        chosen = model_files.inspect(path, self.home, CHAT)
        before = self.chat_engine.settings
        self.chat_engine.configure(engine_settings(chosen, self.settings))
        try:
            info = yield from self.chat_engine.load(stop)
        except MaruError:
            self.chat_engine.configure(before)
            raise
        if keep:
            self.apply(replace(self.settings, chat_model=str(chosen.path)))
        return info

    def models(self) -> list[ModelFile]:
        """Return the model files that are known: the starters, those of the home, the chosen one."""
        return known_models(self.home, self.settings)

    def apply(self, settings: Settings) -> None:
        """Take new settings over and save them. Raises SettingsError, HomeError."""
        with self._changing:
            before, self.settings = self.settings, settings
            save_settings(self.home, settings)
        if settings.language != before.language:
            use_language(settings.language)
        changed = {name: getattr(settings, name) for name in RELOAD}
        if changed != {name: getattr(before, name) for name in RELOAD}:
            self.chat_engine.configure(replace(self.chat_engine.settings, **changed))

    def starting_options(self) -> chat.Options:
        """Return the options of the settings: preset or own sampling, number of passages."""
        preset = Preset(self.settings.preset) if self.settings.preset else None
        sampling = PRESETS[preset] if preset is not None else self.settings.sampling
        return chat.Options(sampling=sampling, preset=preset, limit=self.settings.limit)

    def find_personal_data(self, words: str) -> list[Entity]:
        """Return the personal data in `words`, which would be hidden from the model."""
        return personal_data.find(words)

    def health(self) -> dict[str, str]:
        """Return how each store is, in the language in use."""
        return self.library.health()

    def close(self) -> None:
        """End the workers in order, close the stores, give the home back. May be called twice."""
        self._closing.close()

    def __enter__(self) -> "Assistant":
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close."""
        self.close()

    def _answering(self) -> chat.Parts:
        return chat.Parts(self.conversations, self.chat_engine, self.library)

    def _split_by_tokens(self) -> None:
        """Give the parser the embedder's vocabulary, once, before it first splits."""
        with self._changing:
            if self._splits_by_tokens:
                return
            with contextlib.suppress(MaruError):  # without an embedder it splits by characters
                header = read_header(self.embedding_engine.settings.model)
                self._parser.use(ParserSettings(wordpiece_vocabulary(header), header.context_length))
            self._splits_by_tokens = True


@dataclass(frozen=True)
class Parts:
    """What an Assistant is joined from."""

    conversations: ConversationStore
    library: Library
    chat_engine: Engine
    embedding_engine: Engine
    parser: Parser


def open_assistant(home: Home, modules: WorkerModules | None = None) -> Assistant:
    """Take the home, open its stores and join everything; no worker is started.

    Raises HomeError, HomeHeldError, DatabaseError, PassphraseError.
    """
    with contextlib.ExitStack() as opened:
        lock = HomeLock.acquire(home)
        opened.callback(lock.release)
        settings, notice = load_settings(home)
        key = passphrase()
        conversations = Database.open(home.conversations, CONVERSATION_MIGRATIONS, key)
        opened.callback(conversations.close)
        documents = Database.open(home.library, LIBRARY_MIGRATIONS, key)
        opened.callback(documents.close)
        chat_engine, embedding_engine = _engines(home, settings, modules or WorkerModules())
        opened.callback(chat_engine.close)
        opened.callback(embedding_engine.close)
        parser = open_parser(home)
        opened.callback(parser.close)
        index = Index(home.index, home.logs / "index.log")
        library = Library(documents, parser, EngineEmbedder(embedding_engine), index)
        opened.callback(library.close)
        store = ConversationStore(conversations)
        store.purge_deleted(UNDO_S)
        parts = Parts(store, library, chat_engine, embedding_engine, parser)
        return Assistant(home, settings, parts, opened.pop_all(), notice)


@dataclass(frozen=True)
class Looking:
    """What can be looked at beside an open Maru; `alone` where none is open."""

    home: Home
    library: Library
    alone: bool


@contextlib.contextmanager
def open_for_looking(home: Home) -> Iterator[Looking]:
    """Open the home without its lock, so that another Maru may be open beside it.

    Where another process holds the index, vectors are compared one by one.
    """
    with contextlib.ExitStack() as opened:
        alone = False
        with contextlib.suppress(HomeHeldError):
            opened.callback(HomeLock.acquire(home).release)
            alone = True
        settings, _ = load_settings(home)
        documents = Database.open(home.library, LIBRARY_MIGRATIONS, passphrase(), own=alone)
        opened.callback(documents.close)
        chat_engine, embedding_engine = _engines(home, settings, WorkerModules())
        opened.callback(chat_engine.close)
        opened.callback(embedding_engine.close)
        parser = open_parser(home)
        opened.callback(parser.close)
        index = Index(home.index, home.logs / "index.log") if alone else None
        library = Library(documents, parser, EngineEmbedder(embedding_engine), index)
        opened.callback(library.close)
        yield Looking(home, library, alone)


def store_health(home: Home) -> dict[str, str]:
    """Return how each store of a home is, in the language in use, also where one cannot be opened."""
    found: dict[str, str] = {}
    try:
        with open_for_looking(home) as looking:
            with contextlib.suppress(MaruError):  # beside an open Maru nothing is to be prepared
                looking.library.prepare()
            found |= looking.library.health()
            conversations = Database.open(
                home.conversations, CONVERSATION_MIGRATIONS, passphrase(), own=looking.alone
            )
            with contextlib.closing(conversations):
                found["conversations"] = "; ".join(conversations.problems()) or tr("sound")
    except MaruError as error:
        found["conversations" if found else "library"] = str(error)
    return found


def open_chat_engine(home: Home) -> Engine:
    """Return the chat engine of the settings, not started yet; the caller closes it."""
    return _engines(home, load_settings(home)[0], WorkerModules())[0]


def open_parser(home: Home | None = None) -> Parser:
    """Return the parser; without a home it keeps no log."""
    log = home.logs / "parser.log" if home is not None else None
    return Parser(parser_spec(ParserSettings(), log))


def _engines(home: Home, settings: Settings, modules: WorkerModules) -> tuple[Engine, Engine]:
    def find_chat() -> EngineSettings:
        chosen = settings.chat_model
        found = model_files.inspect(Path(chosen), home, CHAT) if chosen else model_files.starter_chat(home)
        return engine_settings(found, settings)

    def find_embedding() -> EngineSettings:
        found = model_files.starter_embedding(home)
        return EngineSettings(found.path, found.sha256, found.name, embedding=True, threads=settings.threads)

    chat_engine = Engine(find_chat, log=home.logs / "chat.log", module=modules.chat)
    embedding_engine = Engine(
        find_embedding, name=EMBEDDING_ENGINE, log=home.logs / "embedding.log", module=modules.embedding
    )
    return chat_engine, embedding_engine


def known_models(home: Home, settings: Settings) -> list[ModelFile]:
    """Return the starters, the models of the home, and the chosen one where it lies elsewhere."""
    found = model_files.list_models(home)
    chosen = Path(settings.chat_model) if settings.chat_model else None
    if chosen is not None and chosen not in {model.path for model in found}:
        with contextlib.suppress(MaruError):
            found.append(model_files.inspect(chosen, home))
    return found


def engine_settings(model: ModelFile, settings: Settings) -> EngineSettings:
    """Return what the chat engine loads for `model`."""
    return EngineSettings(
        model.path,
        model.sha256,
        model.name,
        n_ctx=settings.n_ctx,
        n_gpu_layers=settings.n_gpu_layers,
        threads=settings.threads,
    )
