# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Assistants and keyrings for the tests of the core."""

import pytest

from assistant.credentials import Keyring, SystemKeyring
from tests.assistants import embedding_file, fake_assistant, ready_home, real_assistant, searching_assistant
from tests.homes import FakeBackend

__all__ = ["embedding_file", "fake_assistant", "ready_home", "real_assistant", "searching_assistant"]


@pytest.fixture
def backend() -> FakeBackend:
    """Return the system's keyring, in memory."""
    return FakeBackend()


@pytest.fixture
def keyring(backend: FakeBackend) -> Keyring:
    """Return Maru's way to that keyring."""
    return SystemKeyring(lambda: backend)
