# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Which devices this computer has, through ggml's own device interface (ggml-backend.h)."""

import ctypes
import re
from collections.abc import Sequence

import psutil

from assistant.engine import llama
from assistant.engine.protocol import Device, Devices
from assistant.texts import Text, text

KINDS = {0: "cpu", 1: "gpu", 2: "igpu", 3: "accel"}  # enum ggml_backend_dev_type
OFFLOADED = re.compile(r"offloaded (\d+)/(\d+) layers to GPU")


def list_devices() -> tuple[Device, ...]:
    """Return every device that a backend offers, in ggml's order."""
    pointer, size = ctypes.c_void_p, ctypes.c_size_t
    count = llama.ggml("ggml_backend_dev_count", size)
    get = llama.ggml("ggml_backend_dev_get", pointer, size)
    return tuple(_describe(get(number)) for number in range(count()))


def backend_in_use(devices: Sequence[Device], layers: int) -> str:
    """Return the description of the device that computes."""
    wanted = ("gpu", "igpu") if layers else ("cpu",)
    return next((device.description for device in devices if device.kind in wanted), "CPU")


def offloaded_layers(log: Sequence[str]) -> tuple[int, int] | None:
    """Return layers on a GPU and all layers, as llama.cpp logged them while loading."""
    found = [match for line in log if (match := OFFLOADED.search(line))]
    return (int(found[-1][1]), int(found[-1][2])) if found else None


def describe(layers: int, layers_total: int) -> Devices:
    """Return the devices and how much of the model is on a GPU."""
    devices = list_devices()
    return Devices(
        backend=backend_in_use(devices, layers),
        devices=devices,
        layers=layers,
        layers_total=layers_total,
        reason=None if layers else _why_no_gpu(devices),
        version=llama.library_version(),
        log=tuple(llama.log_lines()),
    )


def physical_cores() -> int:
    """Return the number of physical cores, at least 1."""
    return psutil.cpu_count(logical=False) or psutil.cpu_count() or 1


def default_threads() -> int:
    """Return the physical cores less one that the window keeps, at least 1.

    Two ggml threads on two busy cores wait for each other: the starter model wrote 4 to 17 tokens a
    second with two threads and 15 to 16 with one.
    """
    return max(1, physical_cores() - 1)


def _describe(device: int) -> Device:
    pointer = ctypes.c_void_p
    name = llama.ggml("ggml_backend_dev_name", ctypes.c_char_p, pointer)
    description = llama.ggml("ggml_backend_dev_description", ctypes.c_char_p, pointer)
    kind = llama.ggml("ggml_backend_dev_type", ctypes.c_int, pointer)
    sizes = ctypes.POINTER(ctypes.c_size_t)
    memory = llama.ggml("ggml_backend_dev_memory", None, pointer, sizes, sizes)
    free, total = ctypes.c_size_t(), ctypes.c_size_t()
    memory(device, ctypes.byref(free), ctypes.byref(total))
    return Device(
        name=name(device).decode("utf-8", "replace"),
        description=description(device).decode("utf-8", "replace").strip(),
        kind=KINDS.get(kind(device), "accel"),
        memory_free=free.value,
        memory_total=total.value,
    )


def _why_no_gpu(devices: Sequence[Device]) -> Text:
    if any(device.kind in ("gpu", "igpu") for device in devices):
        return text("There is a graphics processor, but no layer of the model is on it.")
    return text("No graphics processor that this build can use was found; the processor does the work.")
