# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What crosses the border of an engine process: calls, items and results, all frozen."""

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Never

from assistant.keys import HomeKey
from assistant.messages import FinishReason, Message
from assistant.sampling import SamplingParams
from assistant.texts import Text
from assistant.workers.protocol import Call


@dataclass(frozen=True)
class Adapter:
    """A LoRA adapter in GGUF, added to the model's weights with `scale`."""

    path: Path
    scale: float = 1.0


@dataclass(frozen=True)
class EngineSettings:
    """What an engine process loads when it starts.

    `n_ctx` is in tokens, 0 for what the model's trained length and the memory allow; `n_gpu_layers`
    -1 for all that fit; `threads` 0 for the physical cores less one that the window keeps.
    `flash_attention` is "auto", "on" or "off"; `cache_type` "auto", "f16", "q8_0" or "q4_0", of keys
    and values. `states` is the folder where conversations that were read are kept, None for nowhere,
    sealed by `states_key`, as they are where that is None;
    `states_budget` (on the disk) and `parked_budget` (in memory) are in bytes.
    """

    model: Path
    sha256: str = ""  # as model_files verified it; comes back in ModelInfo
    name: str = ""  # as people know the model; "" for the name in its header
    embedding: bool = False
    n_ctx: int = 0
    n_gpu_layers: int = -1
    threads: int = 0
    flash_attention: str = "auto"
    cache_type: str = "auto"
    adapters: tuple[Adapter, ...] = ()
    states: Path | None = None
    states_key: HomeKey | None = field(default=None, repr=False)
    states_budget: int = 2 << 30
    parked_budget: int = 1 << 30


@dataclass(frozen=True)
class MemoryUse:
    """What a model takes, in bytes; `on_device` of the whole lies on a graphics card.

    `mapped` of a loaded one's weights are read where they lie in the file: the system counts such
    memory as free already.
    """

    weights: int = 0
    cache: int = 0
    compute: int = 0
    on_device: int = 0
    mapped: int = 0

    @property
    def total(self) -> int:
        """All of it."""
        return self.weights + self.cache + self.compute

    @property
    def given_back(self) -> int:
        """What becomes free beside the graphics card when it is unloaded."""
        return max(self.total - self.on_device - self.mapped, 0)


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
    quantization: str = ""  # as GGUF files are named by it: "Q4_K_M"
    licence: str = ""
    languages: tuple[str, ...] = ()
    flash_attention: bool = False
    cache_type: str = "f16"
    memory: MemoryUse = MemoryUse()
    reason: Text | None = None  # why not all of it is on a graphics card
    thinks: bool = False  # a reasoning model: its answers may begin with a part that is folded away
    recurrent: bool = False  # its state cannot drop a part: what changed is read again from the start
    adapters: tuple[Adapter, ...] = ()
    template_fault: Text | None = None  # why the model's own chat template is not used, but a plain one


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
    """A piece of text: never half a character.

    `probability`, before any sampler, is that of the token that ended it; `entropy` (in nats) that of
    the distribution it was picked from; `runner_up` the likeliest other token. `thinking`: it belongs
    to the part before the answer in which a reasoning model thinks.
    """

    text: str
    probability: float
    entropy: float = 0.0
    runner_up: str = ""
    runner_up_probability: float = 0.0
    thinking: bool = False


@dataclass(frozen=True)
class Timings:
    """Of one generation; times in milliseconds. `cached_tokens` of the prompt were not read again.

    `drafted_tokens` were guessed from the prompt and the answer, `accepted_tokens` of them were right.
    """

    prompt_tokens: int = 0
    cached_tokens: int = 0
    prompt_ms: float = 0.0
    first_token_ms: float = 0.0
    predicted_tokens: int = 0
    predicted_ms: float = 0.0
    drafted_tokens: int = 0
    accepted_tokens: int = 0
    thinking_tokens: int = 0


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
    the answer and are left out of it. `slot` names the conversation, whose state is kept when another
    one is read and saved by `SaveStates`; "" for none. `lookup`: words that stand in the prompt or the
    answer already may be guessed and checked in one step; a greedy answer stays the same, token by
    token. `thinking_limit`: tokens after which a reasoning model's thinking is ended.
    Raises ContextFullError with the numbers.
    """

    messages: tuple[Message, ...]
    sampling: SamplingParams
    stop: tuple[str, ...] = ()
    slot: str = ""
    lookup: bool = True
    thinking_limit: int = 2048


@dataclass(frozen=True)
class SaveStates(Call[Never, None]):
    """Write what was read of every conversation to the folder of the settings, within the budget."""


@dataclass(frozen=True)
class Forget(Call[Never, None]):
    """Forget a conversation: its state in memory and on the disk. Loads no model."""

    slot: str


@dataclass(frozen=True)
class Fitting:
    """How a model would lie in memory: worked out without loading it.

    `n_ctx` in tokens, `layers` of `layers_total` on the graphics card; `free` and `free_on_device` in
    bytes. `problem` says, with the numbers, why it does not fit; `nearest` is then the largest context
    window that does, 0 for none.
    """

    n_ctx: int
    layers: int
    layers_total: int
    memory: MemoryUse
    free: int
    free_on_device: int = 0
    problem: Text | None = None
    nearest: int = 0
    cache_type: str = "f16"


@dataclass(frozen=True)
class Fit(Call[Never, Fitting]):
    """Work out how `settings` would lie in memory; loads no model. Raises ModelError."""

    settings: EngineSettings


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
    command: str = ""  # what a person types to change the reason, "" where nothing would
    variant: str = ""  # of the processor's part: "zen4", or the instruction sets it was built with


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
class Rank(Call[Never, tuple[float, ...]]):
    """Score each text as an answer to the question, by a reranking model: higher is better."""

    question: str
    texts: tuple[str, ...]


@dataclass(frozen=True)
class Convert(Call[Never, None]):
    """Write the GGUF `target` from the folder `source` (model.safetensors, config.json, vocab.txt).

    The target appears only when it is complete. Raises ModelError.
    """

    source: Path
    target: Path
    name: str
