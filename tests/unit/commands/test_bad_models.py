# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Model files that will not do, at the real engine: one sentence each, and nothing on standard output."""

from pathlib import Path

import pytest

from assistant import model_files
from assistant.paths import Home
from tests.gguf_files import CHAT, write_gguf
from tests.terminal import REAL, Ran, run

pytestmark = pytest.mark.real_model

ADAPTER = {
    "general.type": "adapter",
    "general.architecture": "llama",
    "adapter.type": "lora",
    "adapter.lora.alpha": 1.0,
}
LAYER = "blk.0.attn_q.weight"


def asked(home: Home, *options: str | Path) -> Ran:
    return run(home.root, "ask", "Say hello.", "--no-docs", *options, module=REAL)


def demand_one_sentence(ran: Ran, *told: str) -> None:
    assert (ran.code, ran.out) == (1, "")
    assert len(ran.err.splitlines()) in (1, 2, 3), "what happened, what to do, what is worth a try"
    assert "Traceback" not in ran.err
    for words in told:
        assert words in ran.err


@pytest.mark.parametrize(
    ("metadata", "told"),
    [
        pytest.param({**CHAT, "general.architecture": "spaceship"}, "spaceship", id="unknown architecture"),
        pytest.param(CHAT, "Tiny", id="without weights"),
        pytest.param(ADAPTER, "is an adapter", id="an adapter"),
    ],
)
def test_a_model_that_cannot_answer(
    ready_home: Home, tmp_path: Path, metadata: dict[str, object], told: str
) -> None:
    model = write_gguf(tmp_path / "model.gguf", metadata)
    demand_one_sentence(asked(ready_home, "--model", model), told)


def test_a_folder_is_no_model(ready_home: Home, tmp_path: Path) -> None:
    demand_one_sentence(asked(ready_home, "--model", tmp_path), "is a folder")


def test_a_context_beyond_what_the_model_was_trained_for(ready_home: Home) -> None:
    demand_one_sentence(asked(ready_home, "--ctx", "1000000"), "8,192", "1,000,000")


def test_an_adapter_for_another_model(ready_home: Home, tmp_path: Path) -> None:
    tensors = [(f"{LAYER}.lora_a", (64, 4)), (f"{LAYER}.lora_b", (4, 64))]
    adapter = write_gguf(tmp_path / "style.gguf", ADAPTER, tensors=tensors)
    demand_one_sentence(asked(ready_home, "--lora", adapter), "style.gguf")


def test_a_chat_model_is_no_adapter(ready_home: Home) -> None:
    chat = model_files.starter_chat(ready_home).path
    demand_one_sentence(asked(ready_home, "--lora", chat), "is not an adapter")
