# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Assistants for the tests of the core."""

from tests.assistants import embedding_file, fake_assistant, ready_home, real_assistant, searching_assistant

__all__ = ["embedding_file", "fake_assistant", "ready_home", "real_assistant", "searching_assistant"]
