# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""How settings become what an engine loads."""

from pathlib import Path

import pytest

from assistant.engines import engine_settings
from assistant.paths import Home
from assistant.settings import Settings


def test_what_was_read_is_kept_in_the_home(home: Home):
    assert engine_settings(home, Settings(), Path("model.gguf")).states == home.states
    assert engine_settings(home, Settings(states_mb=0), Path("model.gguf")).states is None


def test_what_was_read_is_not_kept_beside_encrypted_databases(home: Home, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("MARU_PASSPHRASE", "secret")
    assert engine_settings(home, Settings(), Path("model.gguf")).states is None
