# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What is said and offered when an engine's process was lost, and when it was lost too often."""

from assistant.engine.protocol import EngineSettings, ModelInfo
from assistant.errors import Offer, SetAsideError
from assistant.texts import Text, text

MOST_LOSSES = 3  # in a row, with the same settings
USUAL_CONTEXT = 8192  # tokens, where the settings leave the choice to the engine
SMALLEST_CONTEXT = 1024


def offer(settings: EngineSettings, info: ModelInfo | None) -> Offer | None:
    """Return what takes less memory than `settings`; `info` is what the model last said of itself."""
    if settings.embedding:
        return None
    size = info.n_ctx if info is not None else settings.n_ctx or USUAL_CONTEXT
    smaller = max(SMALLEST_CONTEXT, size // 2) if size > SMALLEST_CONTEXT else None
    if info is None:  # it never got so far as to say where it runs
        fewer = 0 if settings.n_gpu_layers != 0 else None
    elif info.layers_offloaded:
        smaller, fewer = None, info.layers_offloaded // 2
    else:
        fewer = None
    return Offer(smaller, fewer) if (smaller, fewer) != (None, None) else None


def set_aside(
    worker: Text, settings: EngineSettings, info: ModelInfo | None, details: tuple[str, ...] = ()
) -> SetAsideError:
    """Return the error for a model that was lost too often: it is not loaded again by itself."""
    name = settings.name or settings.model.stem
    return SetAsideError(
        text("The {worker} failed three times in a row with {name}: it is not started again by itself.",
             worker=str(worker), name=name),
        text("Use less memory for it, choose another model, or try again."),
        offer(settings, info),
        details,
    )  # fmt: skip
