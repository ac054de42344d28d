# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What crosses the border of an engine process: calls, items and results, all frozen."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Never

from assistant.messages import FinishReason, Message
from assistant.sampling import SamplingParams
from assistant.texts import Text
from assistant.workers.protocol import Call


@dataclass(frozen=True)
class EngineSettings:
    """What an engine process loads when it starts.

    `n_ctx` is in tokens, 0 for the smaller of the trained length and 8,192; `n_gpu_layers` -1 for
    all that fit; `threads` 0 for the physical cores less one that the window keeps.
    """

    model: Path
    sha256: str = ""  # as model_files verified it; comes back in ModelInfo
    name: str = ""  # as people know the model; "" for the name in its header
    embedding: bool = False
    n_ctx: int = 0
    n_gpu_layers: int = -1
    threads: int = 0


@dataclass(frozen=True)
class ModelInfo:
    """A loaded model: what it is and where it runs. `n_ctx` and `n_ctx_train` in tokens."""

    name: str
    architecture: str
    path: Path
    parameters: int
    size: int  # bytes
    n_ctx: int
    n_ctx_train: int
    dimensions: int
    layers: int
    layers_offloaded: int
    backend: str
    has_template: bool
    sha256: str
    korean: bool  # False where the tokenizer is blind to Hangul (embedding) or English only


@dataclass(frozen=True)
class LoadProgress:
    """How far loading is, 0 to 1."""

    fraction: float


@dataclass(frozen=True)
class Load(Call[LoadProgress, ModelInfo]):
    """Load the model of the settings (once; later calls return at once)."""


@dataclass(frozen=True)
class Count(Call[Never, tuple[int, ...]]):
    """Count tokens of each text, special tokens off, no start token."""

    texts: tuple[str, ...]


@dataclass(frozen=True)
class CountPrompt(Call[Never, int]):
    """Count the tokens of the whole rendered prompt, template included."""

    messages: tuple[Message, ...]


@dataclass(frozen=True)
class TokenizePrompt(Call[Never, tuple[int, ...]]):
    """Return the token ids of the rendered prompt, as `Generate` would evaluate them."""

    messages: tuple[Message, ...]


@dataclass(frozen=True)
class PromptProgress:
    """How much of the prompt is read, in tokens."""

    done: int
    total: int


@dataclass(frozen=True)
class Token:
    """A piece of text: never half a character. `probability` is that of the token that ended it."""

    text: str
    probability: float


@dataclass(frozen=True)
class Timings:
    """Of one generation; times in milliseconds. `cached_tokens` of the prompt were not read again."""

    prompt_tokens: int = 0
    cached_tokens: int = 0
    prompt_ms: float = 0.0
    first_token_ms: float = 0.0
    predicted_tokens: int = 0
    predicted_ms: float = 0.0


@dataclass(frozen=True)
class Generated:
    """How a generation ended; its text came as tokens."""

    finish_reason: FinishReason
    seed: int
    timings: Timings


@dataclass(frozen=True)
class Generate(Call[PromptProgress | Token, Generated]):
    """Answer `messages` by the model's own chat template.

    Content is tokenized with special tokens off. `sampling.seed` must not be None. Stop strings end
    the answer and are left out of it. Raises ContextFullError with the numbers.
    """

    messages: tuple[Message, ...]
    sampling: SamplingParams
    stop: tuple[str, ...] = ()


@dataclass(frozen=True)
class Device:
    """Something that can compute; memory in bytes, 0 where the driver does not tell."""

    name: str
    description: str
    kind: str  # "cpu", "gpu", "igpu", "accel"
    memory_free: int
    memory_total: int


@dataclass(frozen=True)
class Devices:
    """What runs where, and why: `reason` is set where no layer is on a GPU."""

    backend: str
    devices: tuple[Device, ...]
    layers: int  # of the loaded model on a GPU
    layers_total: int  # 0 while no model is loaded
    reason: Text | None
    version: str  # of llama.cpp's library, with the instruction sets in use
    log: tuple[str, ...]  # llama.cpp's last lines, about models and devices only


@dataclass(frozen=True)
class DescribeDevices(Call[Never, Devices]):
    """Say what this computer has and what is in use; loads no model."""


class TextKind(StrEnum):
    """What a text to embed is: some models were trained with a prefix for each."""

    QUESTION = "question"
    PASSAGE = "passage"


@dataclass(frozen=True)
class Embed(Call[Never, tuple[bytes, ...]]):
    """Embed texts: one unit vector each, little-endian float32 bytes of `dimensions` floats.

    Ends early, with fewer vectors than texts, when cancelled.
    """

    texts: tuple[str, ...]
    kind: TextKind


@dataclass(frozen=True)
class Convert(Call[Never, None]):
    """Write the GGUF `target` from the folder `source` (model.safetensors, config.json, vocab.txt).

    The target appears only when it is complete. Raises ModelError.
    """

    source: Path
    target: Path
    name: str
