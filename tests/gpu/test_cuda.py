# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""A model on an NVIDIA card (`make install BACKEND=cuda`), and how fast, beside llama-bench.

Where there is no such card nothing is run. The times are printed (`pytest -s`), never judged.
"""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from assistant.engine.protocol import Device
from tests.gpu.engines import WORDS, greedy, loaded

pytestmark = pytest.mark.real_model


@pytest.fixture
def nvidia(card: Device) -> Device:
    if not card.name.startswith("CUDA"):
        pytest.skip("no NVIDIA card: not run")
    return card


def test_the_whole_model_goes_to_the_card(nvidia: Device, chat_model: Path) -> None:
    with loaded(chat_model, -1) as engine:
        info = engine.loaded()
        assert info.layers_offloaded == info.layers
        assert info.backend == nvidia.description
        greedy(engine)  # the first answer also readies the card
        words, generated = greedy(engine)
        assert words
        speed = generated.timings.predicted_tokens / generated.timings.predicted_ms * 1000
    print(f"{nvidia.description}: {speed:.1f} tokens/s")  # noqa: T201  what is measured


def test_llama_bench_tells_what_the_card_can_do(nvidia: Device, chat_model: Path) -> None:
    if (bench := shutil.which("llama-bench")) is None:
        pytest.skip("llama-bench is not in PATH: not run")
    command = [bench, "-m", str(chat_model), "-p", "0", "-n", str(WORDS), "-ngl", "999", "-o", "json"]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    print(f"llama-bench: {json.loads(told)[0]['avg_ts']:.1f} tokens/s")  # noqa: T201  what is measured
