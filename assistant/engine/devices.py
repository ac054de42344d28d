# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Which devices this computer has, through ggml's own device interface (ggml-backend.h)."""

import ctypes
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass

import psutil

from assistant.engine import llama
from assistant.engine.graphics_cards import BACKENDS, graphics_cards
from assistant.engine.protocol import Device, Devices, ModelInfo
from assistant.texts import Text, text

KINDS = {0: "cpu", 1: "gpu", 2: "igpu", 3: "accel"}  # enum ggml_backend_dev_type
GRAPHICS = ("gpu", "igpu")
LOADED = re.compile(r"loaded CPU backend from .*ggml-cpu-(\w+)\.")
SWITCHED_ON = re.compile(r"(\w+) = 1")


@dataclass(frozen=True)
class Without:
    """Why no layer is on a graphics card, and the command that would change it ("" for none)."""

    reason: Text
    command: str = ""


def list_devices() -> tuple[Device, ...]:
    """Return every device that a backend offers, in ggml's order."""
    pointer, size = ctypes.c_void_p, ctypes.c_size_t
    count = llama.ggml("ggml_backend_dev_count", size)
    get = llama.ggml("ggml_backend_dev_get", pointer, size)
    return tuple(_describe(get(number)) for number in range(count()))


def list_backends() -> tuple[str, ...]:
    """Return the names of the backends that were built or loaded: "CPU", "Vulkan", "CUDA"."""
    pointer, size = ctypes.c_void_p, ctypes.c_size_t
    count = llama.ggml("ggml_backend_reg_count", size)
    get = llama.ggml("ggml_backend_reg_get", pointer, size)
    name = llama.ggml("ggml_backend_reg_name", ctypes.c_char_p, pointer)
    return tuple(name(get(number)).decode("utf-8", "replace") for number in range(count()))


def has_graphics(devices: Sequence[Device]) -> bool:
    """Say whether there is a graphics card that this build can use."""
    return any(device.kind in GRAPHICS for device in devices)


def backend_in_use(devices: Sequence[Device], layers: int) -> str:
    """Return the description of the device that computes."""
    wanted = GRAPHICS if layers else ("cpu",)
    return next((device.description for device in devices if device.kind in wanted), "CPU")


def describe(info: ModelInfo | None) -> Devices:
    """Return the devices, and how much of the loaded model is on a graphics card."""
    devices = list_devices()
    layers = info.layers_offloaded if info else 0
    without = no_gpu()
    reason = info.reason if info else None
    return Devices(
        backend=backend_in_use(devices, layers),
        devices=devices,
        layers=layers,
        layers_total=info.layers if info else 0,
        reason=reason or (None if layers or has_graphics(devices) else without.reason),
        version=llama.library_version(),
        log=tuple(llama.log_lines()),
        command="" if layers else without.command,
        variant=processor_variant(llama.started_log(), llama.library_version()),
    )


def no_gpu() -> Without:
    """Say why this computer's processor does the work."""
    return why_no_gpu(list_devices(), list_backends(), graphics_cards(), packaged=hasattr(sys, "frozen"))


def why_no_gpu(
    devices: Sequence[Device], backends: Sequence[str], cards: Sequence[str], *, packaged: bool = False
) -> Without:
    """Say why the processor does the work. A packaged program has nothing to be built anew with."""
    if has_graphics(devices):
        return Without(text("There is a graphics card, but no layer of the model is on it."))
    if not cards:
        return Without(text("No graphics card was found; the processor does the work."))
    card = cards[0]
    if any(backend.lower() in (BACKENDS[card], "vulkan") for backend in backends):
        return Without(text("The driver of your {card} graphics card offers nothing that can be used.",
                            card=card))  # fmt: skip
    command = "" if packaged else f"make install BACKEND={BACKENDS[card]}"
    return Without(text("This build cannot use your {card} graphics card.", card=card), command)


def why_not_all(wanted: int, tried: int, layers: int, total: int, free: int) -> Text | None:
    """Say why only `layers` of `total` are on the graphics card; None where all are.

    `wanted` by the settings (-1 for all that fit), `tried` at first, with `free` bytes there.
    """
    if layers >= total:
        return None
    if tried > layers:
        return text("The graphics card could not take {tried} of {total} layers; it has {layers}.",
                    tried=tried, total=total, layers=layers)  # fmt: skip
    if wanted == 0:
        return text("The settings keep the model off the graphics card.")
    if wanted > 0:
        return text("The settings put {layers} of {total} layers on the graphics card.",
                    layers=layers, total=total)  # fmt: skip
    return text("The graphics card has {free} GB free; {layers} of {total} layers fit.",
                free=f"{free / (1 << 30):.1f}", layers=layers, total=total)  # fmt: skip


def free_on_cards(devices: Sequence[Device]) -> int:
    """Return the bytes that are free on all graphics cards."""
    return sum(device.memory_free for device in devices if device.kind in GRAPHICS)


def processor_variant(log: Sequence[str], system_info: str) -> str:
    """Return which part of ggml computes on the processor.

    The name of the file that was picked at the start ("zen4"), else the instruction sets it uses.
    """
    picked = next((found[1] for line in log if (found := LOADED.search(line))), "")
    return picked or " ".join(SWITCHED_ON.findall(system_info))


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
