# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Models, memory and devices in words: what the header and the models panel say of them."""

import re
from pathlib import Path

from assistant.amounts import memory_words, size_words
from assistant.engine.protocol import Fitting, ModelInfo
from assistant.model_files import ModelFile
from assistant.texts import LANGUAGES, tr, trn

# As the names of GGUF files carry it: Q4_K_M, IQ3_XXS, Q8_0, F16, BF16.
QUANTIZATION = re.compile(
    r"(?<![A-Za-z0-9])(I?Q\d(?:_[A-Z0-9]+)*|BF16|F16|F32)(?![A-Za-z0-9])", re.IGNORECASE
)


def model_line(info: ModelInfo, name: str = "") -> str:
    """Return a model's name (`name` where it is known by another), its size and where it runs."""
    return " · ".join([name or info.name, size_words(info.size), place_words(info)])


def place_words(info: ModelInfo) -> str:
    """Return where a model runs: the processor, the graphics card, or both."""
    if not info.layers_offloaded:
        return tr("on the processor")
    if info.layers_offloaded >= info.layers:
        return tr("on the graphics card")
    return tr("{part} of {whole} layers on the graphics card", part=info.layers_offloaded, whole=info.layers)


def where_words(info: ModelInfo) -> str:
    """Return where a model runs, with the device and the layers: "31 of 31 layers"."""
    if not info.layers_offloaded:
        return tr("Processor ({backend})", backend=info.backend)
    layers = {"some": info.layers_offloaded, "all": info.layers}
    if info.layers_offloaded >= info.layers:
        return tr("Graphics card ({backend}), {some} of {all} layers", backend=info.backend, **layers)
    return tr(
        "Graphics card ({backend}), {some} of {all} layers; the rest on the processor",
        backend=info.backend,
        **layers,
    )


def fitting_words(fitting: Fitting) -> str:
    """Return how a model would lie in memory, or why it would not fit, in one or two sentences."""
    if fitting.problem is not None:
        return str(fitting.problem)
    needs = tr(
        "Needs {total} (weights {weights}, context {cache}, working space {compute}); {free} are free.",
        total=size_words(fitting.memory.total),
        weights=size_words(fitting.memory.weights),
        cache=size_words(fitting.memory.cache),
        compute=size_words(fitting.memory.compute),
        free=size_words(fitting.free),
    )
    if not fitting.layers:
        return needs
    layers = tr(
        "{some} of {all} layers on the graphics card ({free} free there).",
        some=fitting.layers,
        all=fitting.layers_total,
        free=size_words(fitting.free_on_device),
    )
    return f"{needs} {layers}"


def parameters_words(parameters: int) -> str:
    """Return a number of parameters as people read it."""
    if parameters < 1_000_000_000:
        millions = max(round(parameters / 1_000_000), 1)
        return trn("{n} million parameters", "{n} million parameters", millions)
    return tr("{n} billion parameters", n=f"{parameters / 1_000_000_000:.1f}")


def languages_words(languages: tuple[str, ...]) -> str:
    """Return the languages of a model's header as a list, those that Maru speaks by their own names."""
    return ", ".join(LANGUAGES.get(code.lower(), code) for code in languages)


def quantization_of(path: Path) -> str:
    """Return the quantization that a file's name tells, "" where it tells none."""
    found = QUANTIZATION.search(path.stem)
    return found.group(1).upper() if found else ""


def facts(info: ModelInfo, licence: str = "") -> list[tuple[str, str]]:
    """Return name and value of what is told about a loaded model; `licence` where its file tells none."""
    found = [
        (tr("Architecture"), info.architecture),
        (tr("Size"), _size_and_parameters(info)),
        (tr("Quantization"), info.quantization or quantization_of(info.path)),
        (tr("Context"), _context_words(info)),
        (tr("Memory"), memory_words(info.memory) if info.memory.total else ""),
        (tr("Runs on"), where_words(info)),
        (tr("Languages"), languages_words(info.languages)),
        (tr("Licence"), info.licence or licence),
        (tr("File"), str(info.path)),
    ]
    return [(name, value) for name, value in found if value]


def _size_and_parameters(info: ModelInfo) -> str:
    parts = [size_words(info.size), parameters_words(info.parameters) if info.parameters else ""]
    return ", ".join(part for part in parts if part)


def about_file(model: ModelFile) -> str:
    """Return what a model file tells of itself, in one line: size, architecture, training, languages."""
    trained = tr("trained for {tokens} tokens", tokens=model.n_ctx_train)
    parts = [
        size_words(model.size),
        model.architecture,
        parameters_words(model.parameters) if model.parameters else "",
        trained if model.n_ctx_train else "",
        languages_words(model.languages),
        model.licence,
    ]
    return " · ".join(part for part in parts if part)


def _context_words(info: ModelInfo) -> str:
    return tr("{n_ctx} tokens (trained for {trained})", n_ctx=info.n_ctx, trained=info.n_ctx_train)
