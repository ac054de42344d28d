# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What a model takes and what is free, from logs, headers and the system."""

from pathlib import Path

import psutil
import pytest

from assistant.engine import sizes
from assistant.engine.gguf import read_header
from assistant.engine.protocol import Device, MemoryUse
from assistant.engine.sizes import (
    cache_in,
    compute_in,
    device_bytes_in,
    device_weights,
    free_memory,
    mapped_in,
    offloaded_layers,
    space,
    uses_flash_attention,
)
from tests.gguf_files import CHAT, write_gguf

MB = 1 << 20
LOG = [
    "load_tensors: offloaded 10/31 layers to GPU",
    "load_tensors:      Vulkan0 model buffer size =    40.00 MiB",
    "load_tensors:   CPU_Mapped model buffer size =    92.10 MiB",
    "llama_context: flash_attn            = auto",
    "llama_context:        CPU  output buffer size =     0.25 MiB",
    "llama_kv_cache:        CPU KV buffer size =   120.00 MiB",
    "llama_kv_cache:    Vulkan0 KV buffer size =    60.00 MiB",
    "llama_kv_cache: size =  180.00 MiB (  8192 cells,  30 layers,  1/1 seqs), K (f16):   90.00 MiB",
    "llama_memory_recurrent: size =    2.50 MiB (     1 cells,   2 layers,  1 seqs)",
    "resolve_fused_ops: Flash Attention enabled",
    "sched_reserve:    Vulkan0 compute buffer size =   100.00 MiB",
    "sched_reserve: Vulkan_Host compute buffer size =     8.00 MiB",
]


def test_sizes_are_read_from_the_log():
    assert cache_in(LOG) == 182.5 * MB
    assert compute_in(LOG) == 108.25 * MB
    assert compute_in(LOG, on_device=True) == 100 * MB
    assert compute_in(LOG, on_device=False) == 8.25 * MB
    assert device_bytes_in(LOG) == 200 * MB
    assert mapped_in(LOG) == int(92.1 * MB)
    assert offloaded_layers(LOG) == (10, 31)
    assert offloaded_layers([]) is None


def test_flash_attention_is_read_from_the_log():
    assert uses_flash_attention(LOG)
    assert uses_flash_attention(["llama_context: flash_attn            = enabled"])
    assert not uses_flash_attention(["llama_context: flash_attn            = disabled"])


def test_the_last_layers_go_to_the_card_first(tmp_path: Path):
    tensors = [("token_embd.weight", (10,)), ("output_norm.weight", (1,))]
    tensors += [(f"blk.{number}.ffn.weight", (100 + number,)) for number in range(5)]
    tied = read_header(write_gguf(tmp_path / "tied.gguf", CHAT, tensors=tensors))
    assert device_weights(tied, 0) == (0, 0)
    assert device_weights(tied, 1) == (4 + 40, 40)
    assert device_weights(tied, 3) == (4 + 40 + 4 * (104 + 103), 40)
    assert device_weights(tied, 6) == (4 + 40 + 4 * 510, 40)
    own = read_header(write_gguf(tmp_path / "own.gguf", CHAT, tensors=[*tensors, ("output.weight", (9,))]))
    assert device_weights(own, 1) == (4 + 36, 0)


def test_space_is_what_is_free_and_what_a_loaded_model_gives_back(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sizes, "free_memory", lambda: 1000 * MB)
    cpu = Device("CPU", "", "cpu", 0, 0)
    card = Device("Vulkan0", "", "gpu", 4096 * MB, 8192 * MB)
    inner = Device("Vulkan1", "", "igpu", 2048 * MB, 4096 * MB)
    silent = Device("Other", "", "gpu", 0, 0)
    held = MemoryUse(weights=300 * MB, cache=100 * MB, on_device=250 * MB)
    alone = space((cpu,), held)
    assert alone.device == 0
    assert alone.host == (1000 + 150) * MB
    mapped = MemoryUse(weights=300 * MB, cache=100 * MB, mapped=290 * MB)
    assert space((cpu,), mapped).host == (1000 + 110) * MB, "the system counts it as free already"
    with_card = space((cpu, card, inner), held)
    assert (with_card.device, with_card.shared) == ((4096 - 1024 + 250) * MB, False)
    assert space((cpu, inner)).device == (2048 - 512) * MB
    assert space((cpu, inner)).shared
    assert space((silent,)).device > 1 << 50, "a driver that does not tell is tried"


def test_a_containers_limit_counts_where_it_is_lower(tmp_path: Path):
    groups, own = tmp_path / "cgroup", tmp_path / "own"
    inner = groups / "box/inner"
    inner.mkdir(parents=True)
    own.write_text("0::/box/inner\n")
    free = psutil.virtual_memory().available
    assert free_memory(groups, own) > free // 2, "no limit is stated"
    for folder, limit in ((inner, "max"), (groups / "box", str(100 * MB))):
        (folder / "memory.max").write_text(limit)
        (folder / "memory.current").write_text(str(70 * MB))
        (folder / "memory.stat").write_text(f"anon {1 * MB}\ninactive_file {20 * MB}\nactive_file {5 * MB}\n")
    assert free_memory(groups, own) == 55 * MB
    (groups / "box/memory.current").write_text(str(200 * MB))
    assert free_memory(groups, own) == 0
    (groups / "box/memory.max").write_text("rubbish")
    assert free_memory(groups, own) > free // 2
    assert free_memory(groups, tmp_path / "none") > free // 2
