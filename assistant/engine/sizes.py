# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What a model takes: read from llama.cpp's log, and worked out of a header; and what is free."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from assistant.engine.gguf import Header
from assistant.engine.protocol import Device, MemoryUse

MIB = 1 << 20
# "llama_kv_cache: size =  180.00 MiB (  8192 cells, …", whole; also without an allocation.
CACHE = re.compile(r"^\w*(?:kv_cache|memory|dsv4)\w*:(?!.*buffer size).*\bsize = +([\d.]+) MiB")
# "sched_reserve:    Vulkan0 compute buffer size =    98.25 MiB", for each device.
BUFFER = re.compile(r": +(\S+) +(?:\S+ )?(model|KV|RS|state|compute|output) buffer size = +([\d.]+) MiB")
OFFLOADED = re.compile(r"offloaded (\d+)/(\d+) layers to GPU")
FLASH_ATTENTION = re.compile(r"flash_attn += enabled|Flash Attention enabled")
BLOCK = re.compile(r"^blk\.(\d+)\.")
MARGIN = 1 * 1024 * MIB  # on a graphics card, for the desktop and what its driver needs itself
GROUPS = Path("/sys/fs/cgroup")
OWN_GROUP = Path("/proc/self/cgroup")


@dataclass(frozen=True)
class Space:
    """What is free, in bytes. `shared`: the graphics processor uses the computer's own memory."""

    host: int
    device: int = 0
    shared: bool = False


def cache_in(log: Iterable[str]) -> int:
    """Return the bytes of keys, values and states in the log of a context."""
    return sum(_bytes(found[1]) for line in log if (found := CACHE.search(line)))


def compute_in(log: Iterable[str], *, on_device: bool | None = None) -> int:
    """Return the bytes for computing in the log of a context; of graphics cards or the rest only."""
    return sum(
        size
        for name, kind, size in _buffers(log)
        if kind in ("compute", "output") and on_device in (None, _is_device(name))
    )


def device_bytes_in(log: Iterable[str]) -> int:
    """Return the bytes on graphics cards in the log of a model and its context."""
    return sum(size for name, _kind, size in _buffers(log) if _is_device(name))


def mapped_in(log: Iterable[str]) -> int:
    """Return the bytes of weights that are read where they lie in the file, in the log of a model."""
    return sum(size for name, kind, size in _buffers(log) if kind == "model" and name.endswith("_Mapped"))


def offloaded_layers(log: Sequence[str]) -> tuple[int, int] | None:
    """Return layers on a graphics card and all layers, as llama.cpp logged them while loading."""
    found = [match for line in log if (match := OFFLOADED.search(line))]
    return (int(found[-1][1]), int(found[-1][2])) if found else None


def uses_flash_attention(log: Iterable[str]) -> bool:
    """Say whether a context that logged this computes with flash attention."""
    return any(FLASH_ATTENTION.search(line) for line in log)


def device_weights(header: Header, layers: int) -> tuple[int, int]:
    """Return the bytes on the graphics card with `layers` there, and what they take more in all.

    llama.cpp takes the last ones first, the output layer being the very last; where a model writes
    with the table it reads with, the card gets a copy of it.
    """
    if layers <= 0:
        return 0, 0
    first = header.layers + 1 - layers
    output = read = found = 0
    for tensor in header.tensors:
        size = tensor.size or 0
        if block := BLOCK.match(tensor.name):
            found += size if int(block[1]) >= first else 0
        elif tensor.name == "token_embd.weight":
            read = size
        else:
            output += size
    copied = 0 if any(tensor.name == "output.weight" for tensor in header.tensors) else read
    return found + output + copied, copied


def space(devices: Sequence[Device], given_back: MemoryUse | None = None) -> Space:
    """Return what is free, with what a loaded model would give back."""
    given = given_back or MemoryUse()
    host = free_memory() + given.given_back
    cards = [device for device in devices if device.kind == "gpu"]
    shared = not cards
    cards = cards or [device for device in devices if device.kind == "igpu"][:1]
    if not cards:
        return Space(host)
    free = sum(
        max(device.memory_free - min(MARGIN, device.memory_total // 8), 0)
        if device.memory_total
        else 1 << 62  # the driver does not tell: it is tried
        for device in cards
    )
    return Space(host, free + given.on_device, shared)


def free_memory(groups: Path = GROUPS, own: Path = OWN_GROUP) -> int:
    """Return the free memory in bytes: the computer's, or what this process's group may still take.

    A container's limit stands in the group's files (cgroup v2), which psutil does not read.
    """
    free = int(psutil.virtual_memory().available)
    try:
        lines = own.read_text(encoding="utf-8").splitlines()
    except OSError:
        return free
    group = next((line[3:] for line in lines if line.startswith("0::")), None)
    if group is None:
        return free
    folder = groups / group.strip("/")
    for each in (folder, *folder.parents):
        if each == groups.parent:
            break
        free = min(free, _left(each, free))
    return max(free, 0)


def _left(group: Path, otherwise: int) -> int:
    try:
        limit = (group / "memory.max").read_text(encoding="utf-8").strip()
        used = int((group / "memory.current").read_text(encoding="utf-8"))
        counters = dict(
            line.split() for line in (group / "memory.stat").read_text(encoding="utf-8").splitlines()
        )
        if limit == "max":
            return otherwise
        files = sum(int(counters.get(f"{kind}_file", 0)) for kind in ("active", "inactive"))
        return int(limit) - used + files  # which are given up when it is needed
    except (OSError, ValueError):
        return otherwise


def _buffers(log: Iterable[str]) -> list[tuple[str, str, int]]:
    return [(found[1], found[2], _bytes(found[3])) for line in log if (found := BUFFER.search(line))]


def _is_device(name: str) -> bool:
    """Say whether a buffer lies on a graphics card: "Vulkan0", but not "CPU_Mapped", "Vulkan_Host"."""
    return not name.startswith(("CPU", "BLAS", "AMX", "AMD_ZENDNN")) and not name.endswith("_Host")


def _bytes(mebibytes: str) -> int:
    return int(float(mebibytes) * MIB)
