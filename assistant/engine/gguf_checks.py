# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Refuses with a reason what would make llama.cpp abort the process.

The limits are those it asserts itself (llama-model.cpp, llama-hparams.h, llama-vocab.cpp); what it
refuses without aborting is left to it.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from assistant.engine.gguf_parser import Tensor, refused
from assistant.errors import ModelError
from assistant.texts import text

MAX_LAYERS = 512  # LLAMA_MAX_LAYERS
MAX_EXPERTS = 1024  # LLAMA_MAX_EXPERTS
WHOLE_NUMBERS = range(24, 29)  # ggml types I8 to I64 and F64, in which no token can be looked up
FLOATS = (0, 1, 30)  # F32, F16, BF16: what a norm is multiplied by
STRETCHINGS = ("none", "linear", "yarn", "longrope")
UTF8_TOKENIZERS = ("gpt2", "bert", "llama")


def check_values(
    name: str, architecture: str, metadata: Mapping[str, Any], tensors: Sequence[Tensor]
) -> None:
    """Check the header of a model called `name`. Raises ModelError for the first wrong value."""
    for key, value in _wrong_values(architecture, metadata):
        raise refused(text("{name} is damaged: its header says {key} = {value}.",
                           name=name, key=key, value=str(value)))  # fmt: skip
    for tensor in tensors:
        table = tensor.name == "token_embd.weight" and tensor.type in WHOLE_NUMBERS
        norm = tensor.name.endswith("_norm.weight") and tensor.type not in FLOATS
        if table or norm:
            raise refused(
                text("{name} is damaged: its weights are of a type that cannot be used.", name=name)
            )


def check_vocabulary(name: str, tokenizer: str, tokens: Sequence[bytes]) -> None:
    """Check a vocabulary: every token once, and text. Raises ModelError."""
    if len(set(tokens)) + max(tokens.count(b"") - 1, 0) != len(tokens):  # empty ones get names of their own
        raise no_vocabulary(name)
    if tokenizer in UTF8_TOKENIZERS:
        try:
            b"\n".join(tokens).decode()
        except UnicodeDecodeError:
            raise no_vocabulary(name) from None


def no_vocabulary(name: str) -> ModelError:
    """Return the error for a vocabulary that cannot be used."""
    return refused(text("{name} is damaged: its vocabulary makes no sense.", name=name))


def _wrong_values(architecture: str, metadata: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield what llama.cpp asserts to be otherwise."""

    def number(key: str) -> int:
        value = metadata.get(f"{architecture}.{key}", 0)
        values = value if isinstance(value, list) else [value]
        return max((item for item in values if isinstance(item, int)), default=0)

    for key, value in metadata.items():
        broken = isinstance(value, float) and not math.isfinite(value)
        if broken or (key.endswith("_epsilon") and isinstance(value, float) and value < 0):
            yield key, value
    if f"{architecture}.block_count" in metadata and not 0 < number("block_count") <= MAX_LAYERS:
        yield f"{architecture}.block_count", number("block_count")
    experts, used, groups = (number(f"expert_{part}") for part in ("count", "used_count", "group_count"))
    if experts > MAX_EXPERTS or used > experts or (experts and not used) or (groups and groups >= experts):
        yield f"{architecture}.expert_count", experts
    stretching = metadata.get(f"{architecture}.rope.scaling.type", "linear")
    if stretching not in STRETCHINGS:
        yield f"{architecture}.rope.scaling.type", stretching
