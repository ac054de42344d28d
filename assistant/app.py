# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The Assistant: what the window and the terminal talk to. `opening.open_assistant(home)` gives one.

With opening.py, chat_model.py and engines.py all that reads Settings.
"""

import contextlib
import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from assistant import chat, model_import
from assistant.amounts import MEGABYTE
from assistant.app_events import AppEvent, Broadcast, ReloadFailed, SnapshotFailed
from assistant.asked import slot_of
from assistant.chat_model import ChatModel, Choosing
from assistant.chosen_documents import ChosenDocuments
from assistant.conversations import ConversationStore
from assistant.copies import Copies
from assistant.documents.library import Library
from assistant.documents.parser import Parser
from assistant.documents.protocol import FileProgress, FileResult
from assistant.engine.protocol import Fitting, LoadProgress, ModelInfo
from assistant.engine.states import forget_saved
from assistant.engines import (
    Engines,
    known_models,
)
from assistant.errors import MaruError, ModelError, Offer
from assistant.hiding import Privacy
from assistant.indexing import Indexing
from assistant.intake import Intake
from assistant.keeping import Keeping
from assistant.model_files import ModelFile
from assistant.paths import Home
from assistant.privacy.policy import Policy, named
from assistant.protecting import HomeProtection
from assistant.sampling import PRESETS, Preset
from assistant.search_models import SEARCH_MODELS, SearchModels
from assistant.settings import AdapterFile, Settings
from assistant.stopping import Stop
from assistant.texts import Text, text, use_language

UNDO_S = 60.0
"""How long a deleted conversation can be brought back; later the next start removes it for good."""

QUIT_PATIENCE_S = 10.0
"""How long closing waits for the answers and files in hand, which it has asked to end."""


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
        self.conversations = parts.conversations
        self.library = parts.library
        self.chat_engine = parts.engines.chat
        self.embedding_engine = parts.engines.embedding
        self.notice = notice
        self.protection = parts.protection
        self.keeping = parts.keeping
        self._broadcast = parts.broadcast
        self._closed = closing
        self._closing = threading.Event()
        self._search_models = SearchModels(home, parts.engines, parts.library)
        self._model = ChatModel(home, settings, parts.engines, parts.broadcast.tell, self._closing)
        self._background = ThreadPoolExecutor(1, "background")
        self._to_forget: set[str] = set()  # slots that the engine may still know
        self._stops: list[threading.Event] = []  # of the answers and files in hand
        self._hands = threading.Condition()
        self._importing = threading.Lock()  # one that begins clears away what another has copied
        self.conversations.on_delete = self._forget
        self._intake = Intake(parts.library, parts.parser, parts.engines.embedding, parts.broadcast)
        self.indexing = Indexing(parts.library, parts.broadcast.tell, self._in_hand, self._intake)
        self.indexing.use(settings.largest_file_mb * MEGABYTE)
        self.chosen = ChosenDocuments(parts.library, parts.conversations)
        self.keeping.later = self._later
        self.keeping.forget_read = self._forget_read
        self.keeping.on_trouble = lambda error: parts.broadcast.tell(SnapshotFailed(error))
        self.privacy = Privacy(parts.conversations.vaults, self._policy)
        self.copies = Copies(parts.conversations, parts.library, self.privacy)

    @property
    def settings(self) -> Settings:
        """The settings in force."""
        return self._model.settings

    @property
    def read_only(self) -> Text | None:
        """Why nothing can be changed, None where all is well: asking, adding and the like are refused."""
        return self.keeping.read_only

    def ask(
        self,
        conversation_id: int,
        question: str,
        options: chat.Options,
        stop: threading.Event,
        parent_id: int | None = None,
    ) -> chat.Events:
        """Answer `question` after message `parent_id`; see `chat.answer`.

        A question waits, once it is stored, for a change of the model that is going on.
        """
        options = self.chosen.applied(conversation_id, options)
        events = chat.answer(self._answering(), conversation_id, question, options, stop, parent_id)
        yield next(events)
        yield from self._in_turn(events, stop)

    def ask_again(self, question_id: int, options: chat.Options, stop: threading.Event) -> chat.Events:
        """Answer a stored question once more: another version beside the first."""
        question = self.conversations.message(question_id)
        options = self.chosen.applied(question.conversation_id, options)
        yield from self._in_turn(chat.answer_stored(self._answering(), question, options, stop), stop)

    def leave(self, conversation_id: int) -> None:
        """Keep on the disk, in the background, what the model has read: another conversation is opened."""
        del conversation_id  # one call keeps whatever is not kept yet

        def save() -> None:
            if self.chat_engine.info is not None:
                self.chat_engine.save_states()

        self._later(save)

    def add(
        self,
        paths: Sequence[Path],
        collection: str | None = None,
        stop: threading.Event | None = None,
        *,
        rest: bool = False,
    ) -> Generator[FileProgress | FileResult, None, None]:
        """Add files and folders to the library; see `Library.add`.

        With `rest` also what an earlier run left in the queue.
        """
        stop = stop or threading.Event()
        with self._in_hand(stop):
            yield from self._intake.add(paths, collection, stop, rest=rest)

    def prepare(self) -> None:
        """Open the index, then begin with the background: it makes the vectors that documents lack.

        For the time after the first paint: the first question then need not wait for it. Raises
        DatabaseError.
        """
        if self.read_only is not None:
            return
        with self._in_hand(threading.Event()):
            self.chosen.forget_gone()
            self._intake.prepare()
        self.indexing.start()
        self._later(self.keeping.daily)

    def load_chat(self, stop: threading.Event | None = None) -> Generator[LoadProgress, None, ModelInfo]:
        """Load the chat model, or return at once where it is loaded; a change waits for it."""
        stop = stop or threading.Event()
        with self._in_hand(stop), self._model.gate.answering(stop):
            return (yield from self._model.load(stop))

    def choose_model(
        self,
        path: Path,
        stop: threading.Event | None = None,
        *,
        keep: bool = True,
        adapters: tuple[AdapterFile, ...] | None = None,
    ) -> Choosing:
        """Answer with the GGUF file `path` from now on; with `keep` the settings remember it.

        Waits for the answer that is being written. What cannot fit into memory is refused, with the
        numbers, before the model in use is given up; where loading fails, that one is loaded again. Both
        raise ModelError, EngineError or WorkerError. `adapters` None: those of the settings where the
        file is the one in use, else none.
        """
        stop = stop or threading.Event()
        with self._in_hand(stop):
            return (yield from self._model.choose(path, stop, keep=keep, adapters=adapters))

    def accept(
        self, offer: Offer, stop: threading.Event | None = None
    ) -> Generator[LoadProgress, None, ModelInfo]:
        """Take what an error offered (a smaller context, fewer layers) into the settings and load again."""
        stop = stop or threading.Event()
        with self._in_hand(stop):
            return (yield from self._model.accept(offer, stop))

    def estimate(self, path: Path | None = None, settings: Settings | None = None) -> Fitting:
        """Return how a model (None: the chosen one) would lie in memory by `settings` (None: those in force).

        Nothing is loaded: a process of its own looks. Raises ModelError.
        """
        return self._model.estimate(path, settings)

    def models(self) -> list[ModelFile]:
        """Return the model files that are known: the starters, those of the home, the chosen one."""
        return known_models(self.home, self.settings)

    def import_model(self, path: Path, stop: threading.Event | None = None) -> model_import.Importing:
        """Copy a model into the home, one after the other; see `model_import.import_model`."""
        stop = stop or threading.Event()
        with self._in_hand(stop), self._importing:
            return (yield from model_import.import_model(path, self.home, stop))

    def remove_model(self, model: ModelFile) -> None:
        """Delete a model that was brought into the home. Raises ModelError, also for the one in use."""
        if self.settings.chat_model and Path(self.settings.chat_model) == model.path:
            raise ModelError(text("{name} is in use.", name=model.name), text("Choose another one first."))
        model_import.remove_model(model, self.home)

    def apply(self, settings: Settings) -> None:
        """Take new settings over and save them; returns at once. Raises SettingsError, HomeError.

        What acts by loading the model again (`about(name).acts`) does so in the background, after the
        answer that is being written. `events` tells what came of it; after a failure the settings
        before are in force again.
        """
        before = self.settings
        reload = self._model.take(settings)
        self.keeping.use(settings)
        self.indexing.use(settings.largest_file_mb * MEGABYTE)
        if settings.language != before.language:
            use_language(settings.language)
        if reload:
            self._model.gate.announce()
            self._later(self._model.reload)
        if any(getattr(settings, name) != getattr(before, name) for name in SEARCH_MODELS):
            self.indexing.change(lambda: self._change_search(settings, before))

    def stop_reload(self) -> None:
        """End the loading that `apply` began; the earlier settings come back, `events` tells it."""
        self._model.stop_reload()

    def for_now(self, settings: Settings) -> None:
        """Use settings that are not remembered, for as long as this assistant is open."""
        self._model.use(settings)

    def events(self, stop: Stop | None = None) -> Generator[AppEvent, None, None]:
        """Return everything that happens beside the questions, from now on, until `close` or `stop`."""
        return self._broadcast.listen(stop)

    def starting_options(self) -> chat.Options:
        """Return the options of the settings: preset or own sampling, number of passages."""
        preset = Preset(self.settings.preset) if self.settings.preset else None
        sampling = PRESETS[preset] if preset is not None else self.settings.sampling
        return chat.Options(sampling=sampling, preset=preset, limit=self.settings.limit)

    def close(self) -> None:
        """End everything in order and give the home back. May be called twice.

        The answers and files in hand are asked to end and waited for: what there is of them is stored.
        """
        self._closing.set()
        self._model.stop_reload()
        self.indexing.close(QUIT_PATIENCE_S)
        with self._hands:
            for stop in self._stops:
                stop.set()
            self._hands.wait_for(lambda: not self._stops, QUIT_PATIENCE_S)
        self.keeping.close()
        self._background.shutdown(cancel_futures=True)
        for slot in list(self._to_forget):  # the engine keeps what it knows when it ends
            with contextlib.suppress(MaruError):
                self._forget_in_engine(slot)
        self._closed.close()
        self._broadcast.close()

    def __enter__(self) -> "Assistant":
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close."""
        self.close()

    def _answering(self) -> chat.Parts:
        return chat.Parts(self.conversations, self.chat_engine, self.library, self.privacy, self._model.load)

    def _policy(self) -> Policy:
        return named(self.settings.privacy, self.settings.privacy_actions)

    def _in_turn(self, events: chat.Events, stop: threading.Event) -> chat.Events:
        with self._in_hand(stop), self._model.gate.answering(stop), contextlib.closing(events):
            yield from events

    @contextlib.contextmanager
    def _in_hand(self, stop: threading.Event) -> Iterator[None]:
        """Let `close` set `stop` and wait for the end of the block."""
        with self._hands:
            self._stops.append(stop)
            if self._closing.is_set():
                stop.set()
        try:
            yield
        finally:
            with self._hands:
                self._stops.remove(stop)
                self._hands.notify_all()

    def _change_search(self, settings: Settings, before: Settings) -> bool:
        """Search with other models; those before stay where that fails. Says whether vectors lack."""
        try:
            return self._search_models.change(settings, before)
        except MaruError as error:
            back = {name: getattr(before, name) for name in SEARCH_MODELS}
            self._model.take(replace(self.settings, **back))
            self._broadcast.tell(ReloadFailed(error, self.settings))
            return False

    def _forget(self, conversation_id: int) -> None:
        """Leave nothing of a deleted conversation in the saved states, nor in the engine."""
        self._forget_read(conversation_id)
        self.privacy.forget(conversation_id)
        self.indexing.after(UNDO_S + 1, self._forget_for_good)

    def _forget_read(self, conversation_id: int) -> None:
        """Let the engine read a conversation anew: what it had read of it is not to be kept."""
        slot = slot_of(conversation_id)
        with contextlib.suppress(OSError):  # the next start tries again
            forget_saved(self.home.states, slot)
        self._to_forget.add(slot)
        self._later(lambda: self._forget_in_engine(slot))

    def _forget_in_engine(self, slot: str) -> None:
        if self.chat_engine.pid is not None:
            self.chat_engine.forget(slot)
        else:  # it may have kept it when it ended
            with contextlib.suppress(OSError):
                forget_saved(self.home.states, slot)
        self._to_forget.discard(slot)

    def _forget_for_good(self) -> None:
        """Remove the files of conversations that cannot be brought back any more."""
        self.chosen.forget_gone(UNDO_S)

    def _later(self, work: Callable[[], None]) -> None:
        """Do it in the background, one after the other; not any more once Maru is closing."""

        def run() -> None:
            with contextlib.suppress(MaruError):  # what a worker could not do it has told as its state
                work()

        with contextlib.suppress(RuntimeError):  # closed meanwhile
            self._background.submit(run)


@dataclass(frozen=True)
class Parts:
    """What an Assistant is joined from."""

    conversations: ConversationStore
    library: Library
    engines: Engines
    parser: Parser
    broadcast: Broadcast
    protection: HomeProtection
    keeping: Keeping
