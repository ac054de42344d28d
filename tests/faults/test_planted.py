# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""P4: no planted value reaches the model, a log, the index, a saved state or any file without the key."""

import logging
import os
from pathlib import Path

import pytest

from assistant.entities import EntityType
from assistant.opening import open_assistant
from assistant.paths import Home
from assistant.privacy.policy import STANDARD, Action
from tests.assistants import FAKE_ENGINES, embedding_file, ready_home
from tests.fault_table import trials
from tests.planted import Planted, drawn, leaks, send

__all__ = ["embedding_file", "ready_home"]


@pytest.fixture
def planted() -> list[Planted]:
    return drawn(trials(small=300, full=10_000))


def test_every_type_that_the_standard_policy_masks_is_planted(planted: list[Planted]) -> None:
    masked = {kind for kind, action in STANDARD.actions.items() if action is Action.MASK}
    assert {one.entity_type for one in planted} == masked
    assert len({one.value for one in planted}) == len(planted)


@pytest.mark.fault("P4")
def test_no_planted_value_is_found_where_it_must_not_be(
    ready_home: Home, tmp_path: Path, planted: list[Planted], caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "documents"
    folder.mkdir()
    with caplog.at_level(logging.DEBUG), open_assistant(ready_home, FAKE_ENGINES) as assistant:
        prompts = send(assistant, planted, folder)
        assert "[EMAIL_1]" in prompts  # what was sent did arrive, hidden
        assert len(prompts) > 10 * len(planted)
        open_leaks = leaks(planted, prompts, ready_home)  # while Maru is open, with its journals
    found = [*open_leaks, *leaks(planted, prompts, ready_home)]
    assert not found, f"{len(found)}: {[(one.where, one.planted) for one in found[:10]]}"
    assert not [one for one in planted if one.value in caplog.text]


@pytest.fixture
def one() -> Planted:
    return Planted(EntityType.EMAIL, "kim.minsu@example.co.kr", "e-mail: kim.minsu@example.co.kr")


def test_the_search_finds_what_is_there(ready_home: Home, one: Planted) -> None:
    (ready_home.logs / "chat.log").write_text(f"answered {one.value}", "utf-8")
    (ready_home.root / f"{one.value}.txt").write_text("", "utf-8")
    places = {leak.where for leak in leaks([one], f"remember {one.value}", ready_home)}
    assert places == {"prompt", f"name of {one.value}.txt", os.path.join("logs", "chat.log")}  # noqa: PTH118
