# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What commands look at without an Assistant: documents beside an open Maru, stores, devices, models."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass

from assistant import pending
from assistant.documents.index import Index
from assistant.documents.library import Library
from assistant.engines import Engines, WorkerModules, open_engines, open_parser
from assistant.errors import HomeHeldError, MaruError
from assistant.home_key import Given
from assistant.home_lock import HomeLock, hold
from assistant.home_mark import mark
from assistant.keys import HomeKey
from assistant.paths import Home
from assistant.search_models import open_library
from assistant.settings import look_at_settings
from assistant.stores import open_one
from assistant.texts import Text, tr
from assistant.unlocking import unlock


@dataclass(frozen=True)
class Looking:
    """What can be looked at beside an open Maru; without a lock there is one. `notice`: of the start."""

    home: Home
    library: Library
    lock: HomeLock | None
    key: HomeKey | None
    notice: Text | None = None


@contextlib.contextmanager
def open_for_looking(home: Home, given: Given | None = None) -> Iterator[Looking]:
    """Open the home without its lock, so that another Maru may be open beside it.

    Where another process holds the index, vectors are compared one by one. `given`: see `open_assistant`.
    Raises as that does, but HomeHeldError.
    """
    with contextlib.ExitStack() as opened:
        lock = None
        with contextlib.suppress(HomeHeldError):
            lock = hold(home)
            opened.callback(lock.release)
        own = lock is not None and lock.read_only is None
        if own:
            pending.finish(home)
        settings = look_at_settings(home)
        unlocked = unlock(home, given, own=own)
        key = unlocked.key
        if own and key is not None:
            opened.callback(mark, home, key.home_id, key)  # when the databases are closed
        documents = open_one(home, home.library, key, lock)
        opened.callback(documents.close)
        engines = open_engines(home, settings, WorkerModules())
        for engine in (engines.embedding, engines.ranking, engines.formers):
            opened.callback(engine.close)
        parser = open_parser(home)
        opened.callback(parser.close)
        index = Index(home.index, home.logs / "index.log") if documents.own else None
        library = open_library(documents, parser, engines, index, settings)
        opened.callback(library.close)
        yield Looking(home, library, lock, key, unlocked.notice)


def store_health(home: Home) -> dict[str, str]:
    """Return how each store of a home is, in the language in use, also where one cannot be opened."""
    found: dict[str, str] = {}
    try:
        with open_for_looking(home) as looking:
            with contextlib.suppress(MaruError):  # beside an open Maru nothing is to be prepared
                looking.library.prepare()
            found |= looking.library.health()
            conversations = open_one(home, home.conversations, looking.key, looking.lock)
            with contextlib.closing(conversations):
                found["conversations"] = "; ".join(conversations.problems()) or tr("sound")
    except MaruError as error:
        found["conversations" if found else "library"] = str(error)
    return found


def open_for_checking(home: Home) -> Engines:
    """Return engines of the settings, none started: to say what runs where; the caller closes them."""
    return open_engines(home, look_at_settings(home), WorkerModules())
