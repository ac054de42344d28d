# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""`maru doctor`: what this installation has, what runs where and why, how the stores are."""

import argparse
import contextlib
import platform
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import psutil

from assistant.amounts import memory_words, size_words
from assistant.commands.init import KINDS
from assistant.commands.output import memory_object, said_fields, say_json
from assistant.engine.client import Engine
from assistant.engine.protocol import Device, Devices, ModelInfo
from assistant.engines import open_parser
from assistant.errors import LockedError, MaruError, WorkerError
from assistant.key_file import KeyFile
from assistant.looking import open_for_checking, store_health
from assistant.paths import Home
from assistant.texts import text, tr
from assistant.workers.confinement import Confinement

LIBRARIES = ("llama-cpp-python", "chromadb", "pypdfium2", "kreuzberg", "sqlcipher3", "PySide6-Essentials")
GIB = 2**30
DEVICE_NAMES = {
    "cpu": text("processor"),
    "gpu": text("graphics card"),
    "igpu": text("graphics in the processor"),
    "accel": text("accelerator"),
}
STORE_NAMES = {
    "library": text("Documents"),
    "vectors": text("Vectors"),
    "index": text("Search index"),
    "conversations": text("Conversations"),
}


def add_parser(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Add the parser of `doctor`."""
    about = tr("say what this installation has and how it is")
    parser = commands.add_parser("doctor", parents=[shared], help=about, description=about)
    parser.set_defaults(run=doctor)
    parser.add_argument("--json", action="store_true", help=tr("print JSON"))


def doctor(home: Home, arguments: argparse.Namespace) -> int:
    """Say versions, devices, what runs where, memory, folders and the health of each store."""
    info, devices, problem = _engine(home)
    reader = _reader(home)
    stores = store_health(home)
    if arguments.json:
        say_json(_object(home, info, devices, problem, stores) | {"reader": _reader_object(reader)})
        return 0
    memory = psutil.virtual_memory()
    said_fields(tr("Versions"), list(_versions().items()))
    said_fields(tr("Devices"), [(device.name, _device_words(device)) for device in _shown(devices)])
    said_fields(tr("Chat model"), _model_fields(info, devices, problem))
    said_fields(
        tr("This computer"),
        [
            (tr("Memory"), _free_words(memory.available, memory.total)),
            (tr("Folder"), str(home.root)),
            (tr("Protection"), _protection(home)),
            (tr("Models"), str(home.models)),
            (tr("Document reader"), _reader_words(reader)),
        ],
    )
    named = [(str(STORE_NAMES[name]), state) for name, state in stores.items()]
    said_fields(tr("Stores"), named)
    return 0


def _protection(home: Home) -> str:
    """Return how the home is protected, for people."""
    try:
        file = KeyFile.read(home)
    except LockedError as error:
        return str(error)
    if file is None:
        return tr("not decided yet")
    code = any(one.confirmed for one in file.recoveries)
    parts = [str(KINDS[file.protection])]
    if file.check:
        parts.append(tr("recovery code checked") if code else tr("no recovery code checked"))
    return " · ".join(parts)


def _protection_kind(home: Home) -> str:
    try:
        file = KeyFile.read(home)
    except LockedError as error:
        return error.reason.value
    return file.protection.value if file is not None else ""


def _engine(home: Home) -> tuple[ModelInfo | None, Devices | None, MaruError | None]:
    """Return the chat model as loaded, the devices, and what was in the way of either."""
    info: ModelInfo | None = None
    problem: MaruError | None = None
    with contextlib.closing(open_for_checking(home).chat) as engine:
        try:
            info = engine.loaded()
        except MaruError as error:
            problem = error
        return info, _devices(engine), problem


def _devices(engine: Engine) -> Devices | None:
    try:
        return engine.devices()
    except MaruError:  # what is in the way of loading is told already
        return None


def _reader(home: Home) -> Confinement:
    """Ask a document reader what was closed to it."""
    with contextlib.closing(open_parser(home)) as parser:
        try:
            return parser.confinement()
        except WorkerError as error:
            return Confinement(reason=error.message)


def _reader_words(reader: Confinement) -> str:
    parts = [
        tr("other files closed to it") if reader.files else tr("other files open to it"),
        tr("network closed to it") if reader.network else tr("network open to it"),
    ]
    return " · ".join(parts + [str(reader.reason)] * (reader.reason is not None))


def _reader_object(reader: Confinement) -> dict[str, Any]:
    return {
        "files_closed": reader.files,
        "network_closed": reader.network,
        "reason": str(reader.reason or ""),
    }


def _shown(devices: Devices | None) -> tuple[Device, ...]:
    return devices.devices if devices else ()


def _device_words(device: Device) -> str:
    parts = [device.description, str(DEVICE_NAMES[device.kind])]
    if device.memory_total and device.kind != "cpu":  # the processor's is the computer's, told below
        parts.append(_free_words(device.memory_free, device.memory_total))
    return " · ".join(parts)


def _free_words(free: int, total: int) -> str:
    return tr("{free} of {total} free", free=size_words(free), total=size_words(total))


def _model_fields(
    info: ModelInfo | None, devices: Devices | None, problem: MaruError | None
) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    if problem is not None:
        found.append((tr("Cannot be loaded"), str(problem)))
    if devices is not None:
        found.append((tr("Runs on"), devices.backend))
        if devices.variant:
            found.append((tr("Processor's part"), devices.variant))
    if info is not None:
        found[:0] = [(tr("Name"), info.name), (tr("File"), str(info.path))]
        layers = tr("{some} of {all} on the graphics card", some=info.layers_offloaded, all=info.layers)
        found.append((tr("Layers"), layers))
    if devices is not None and devices.reason is not None:
        found.append((tr("Why"), str(devices.reason)))
        if devices.command:
            found.append((tr("To change it"), devices.command))
    if info is not None:
        found += _loaded_fields(info)
    return found


def _loaded_fields(info: ModelInfo) -> list[tuple[str, str]]:
    context = tr("{size} tokens; trained for {trained}", size=info.n_ctx, trained=info.n_ctx_train)
    found = [
        (tr("Context window"), context),
        (tr("Flash attention"), tr("on") if info.flash_attention else tr("off")),
        (tr("Cache"), info.cache_type),
        (tr("Memory"), memory_words(info.memory)),
    ]
    found += [(tr("Adapter"), f"{adapter.path} × {adapter.scale:g}") for adapter in info.adapters]
    if info.template_fault is not None:
        found.append((tr("Chat template"), str(info.template_fault)))
    return found


def _object(
    home: Home,
    info: ModelInfo | None,
    devices: Devices | None,
    problem: MaruError | None,
    stores: dict[str, str],
) -> dict[str, Any]:
    memory = psutil.virtual_memory()
    reason = problem or (devices.reason if devices else None)
    return {
        "versions": _versions(),
        "backend": devices.backend if devices else "",
        "variant": devices.variant if devices else "",
        "devices": [asdict(device) for device in _shown(devices)],
        "model": _model_object(info) if info else None,
        "layers": info.layers_offloaded if info else 0,
        "layers_total": info.layers if info else 0,
        "reason": str(reason or ""),
        "command": devices.command if devices else "",
        "memory": {"total_gib": round(memory.total / GIB, 1), "free_gib": round(memory.available / GIB, 1)},
        "protection": _protection_kind(home),
        "folders": {"home": str(home.root), "models": str(home.models)},
        "stores": stores,
    }


def _model_object(info: ModelInfo) -> dict[str, Any]:
    names = ("name", "architecture", "parameters", "quantization", "size", "n_ctx", "n_ctx_train",
             "flash_attention", "cache_type", "sha256")  # fmt: skip
    return {
        **{name: getattr(info, name) for name in names},
        "path": str(info.path),
        "memory": memory_object(info.memory),
        "adapters": [{"path": str(one.path), "scale": one.scale} for one in info.adapters],
    }


def _versions() -> dict[str, str]:
    found = {"maru": _version("maru-assistant"), "python": platform.python_version()}
    return found | {name: _version(name) for name in LIBRARIES}


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
