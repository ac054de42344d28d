# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""How settings become what an engine loads."""

import contextlib
from pathlib import Path

from assistant.engines import STATES, WorkerModules, engine_settings, open_engines
from assistant.keys import HomeKey
from assistant.paths import Home
from assistant.settings import Settings

KEY = HomeKey(bytes(range(32)), "home of a test")


def test_what_was_read_is_kept_in_the_home(home: Home) -> None:
    assert engine_settings(home, Settings(), Path("model.gguf")).states == home.states
    assert engine_settings(home, Settings(states_mb=0), Path("model.gguf")).states is None


def test_an_engine_gets_a_key_that_opens_no_database_and_shows_none(home: Home) -> None:
    engines = open_engines(home, Settings(), WorkerModules(), key=KEY)
    for engine in (engines.checker, engines.formers, engines.ranking, engines.embedding):
        engine.close()
    with contextlib.closing(engines.chat) as chat:
        settings = chat.settings
    assert settings.states_key == KEY.part(STATES)
    assert settings.states_key != KEY
    assert KEY.secret not in (settings.states_key.secret, settings.states_key.derived(STATES))
    for key in (KEY, settings.states_key):
        assert key.secret.hex() not in repr(settings)
        assert repr(key.secret) not in repr(settings)
