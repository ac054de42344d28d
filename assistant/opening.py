# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Builds every object of a home once and joins them: `open_assistant(home)` gives an Assistant."""

import contextlib

from assistant import model_import, pending
from assistant.app import UNDO_S, Assistant, Parts
from assistant.app_events import Broadcast
from assistant.asked import slot_of
from assistant.conversations import ConversationStore
from assistant.documents.index import Index
from assistant.engine.states import remove_orphans
from assistant.engines import WorkerModules, keeps_states, open_engines, open_parser
from assistant.errors import DamagedError, DatabaseError
from assistant.home_conversion import Tell, in_silence
from assistant.home_key import Given
from assistant.home_lock import hold
from assistant.home_mark import mark
from assistant.keeping import Keeping
from assistant.keys import HomeKey
from assistant.paths import Home
from assistant.protecting import HomeProtection
from assistant.search_models import open_library
from assistant.settings import Settings, load_settings, look_at_settings
from assistant.snapshots import Snapshots
from assistant.stores import Stores, open_stores, with_offer
from assistant.unlocking import KeySearch, unlock


def open_assistant(
    home: Home,
    modules: WorkerModules | None = None,
    given: Given | None = None,
    search: KeySearch | None = None,
    tell: Tell = in_silence,
) -> Assistant:
    """Take the home, open its stores and join everything; no worker is started.

    `given` opens the home or protects a new one, None: what the environment gives, and the keyring.
    `search` has begun to look for the key; `tell` hears how far a conversion is. Raises LockedError, which
    says what would open it; HomeError, HomeHeldError, DatabaseError.
    """
    with contextlib.ExitStack() as opened:
        lock = hold(home)
        opened.callback(lock.release)
        own = lock.read_only is None
        if own:
            pending.finish(home)
            opened.callback(pending.finish, home)  # a restore, a wipe: when the databases are closed
        try:
            unlocked = unlock(home, given, own=own, search=search, tell=tell)
        except DamagedError as error:  # before it was encrypted: so are the snapshots
            raise with_offer(error, Snapshots(home, None)) from None
        key = unlocked.key
        if own and key is not None:
            opened.callback(mark, home, key.home_id, key)  # of databases that are new, when they are closed
        settings, notice = load_settings(home)  # not before: a home of a newer Maru stays as it is
        stores = open_stores(home, key, settings, lock.read_only)
        opened.callback(stores.close)
        store = ConversationStore(stores.conversations)
        if stores.read_only is None:
            store.purge_deleted(UNDO_S)
            _clear(home, store)
            opened.callback(_clear, home, store)  # when the engine that writes there has ended
        parts = _joined(home, settings, key, modules or WorkerModules(), stores, store, opened)
        return Assistant(home, settings, parts, opened.pop_all(), unlocked.notice or notice)


def _joined(
    home: Home,
    settings: Settings,
    key: HomeKey | None,
    modules: WorkerModules,
    stores: Stores,
    store: ConversationStore,
    opened: contextlib.ExitStack,
) -> Parts:
    """Return what an Assistant is joined from; `opened` closes it."""
    broadcast = Broadcast()
    parser = open_parser(home, broadcast.tell)
    opened.callback(parser.close)
    engines = open_engines(home, settings, modules, [parser], broadcast.tell, key)
    for engine in (engines.checker, engines.formers, engines.ranking, engines.embedding, engines.chat):
        opened.callback(engine.close)
    # The index writes when it is opened: where that cannot be, vectors are compared one by one.
    index = Index(home.index, home.logs / "index.log", broadcast.tell) if stores.read_only is None else None
    library = open_library(stores.documents, parser, engines, index, settings)
    opened.callback(library.close)
    keeping = Keeping(home, key, stores, store, library, settings)
    return Parts(store, library, engines, parser, broadcast, HomeProtection(home, key), keeping)


def _clear(home: Home, store: ConversationStore) -> None:
    """Throw away what outlived its conversation or its import: after a crash, a deletion while answering."""
    model_import.clear(home)
    with contextlib.suppress(OSError, DatabaseError):
        kept = store.all() if keeps_states(look_at_settings(home)) else []
        remove_orphans(home.states, [slot_of(conversation.id) for conversation in kept])
