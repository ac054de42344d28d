# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""A terminal with fake engines, on an empty home or on one that holds the sample documents."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from assistant import looking, opening
from assistant.opening import open_assistant
from assistant.paths import Home
from tests.assistants import FAKE_ENGINES, add, share_embedding_model
from tests.terminal import Terminal


@pytest.fixture(autouse=True)
def _fake_engines(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (opening, looking):
        monkeypatch.setattr(module, "WorkerModules", lambda: FAKE_ENGINES)


@pytest.fixture
def maru(ready_home: Home, capsys: pytest.CaptureFixture[str]) -> Terminal:
    """Return a terminal on an empty home."""
    return Terminal(ready_home.root, capsys)


@pytest.fixture(scope="session")
def stocked_home(tmp_path_factory: pytest.TempPathFactory, embedding_file: Path) -> Home:
    """Return a home with documents; tests may ask there, but add and remove nothing."""
    made = Home(tmp_path_factory.mktemp("stocked") / "home")
    made.create()
    share_embedding_model(embedding_file, made)
    with open_assistant(made, FAKE_ENGINES) as assistant:
        add(assistant, "lease.pdf", "contract_ko.pdf")
    return made


@pytest.fixture
def stocked(stocked_home: Home, capsys: pytest.CaptureFixture[str]) -> Terminal:
    """Return a terminal on the home with documents."""
    return Terminal(stocked_home.root, capsys)


@pytest.fixture(scope="session")
def unprivileged() -> tuple[str, ...]:
    """Return what to put before a command so that rights of files count for it, also for root."""
    if not hasattr(os, "geteuid"):
        pytest.skip("no rights of POSIX")
    if os.geteuid() != 0:
        return ()
    given_up = "-dac_override,-dac_read_search"
    prefix = ("setpriv", "--bounding-set", given_up, "--inh-caps", given_up)
    if shutil.which("setpriv") is None or subprocess.run([*prefix, "true"], check=False).returncode:
        pytest.skip("the superuser may read everything, and setpriv does not work here")
    return prefix
