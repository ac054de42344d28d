# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Why a model cannot be used, in words: said before loading it, or after llama.cpp refused it."""

import re
from collections.abc import Sequence

from assistant.engine.gguf import Header, read_header, read_raw_tokens
from assistant.engine.gguf_checks import check_vocabulary, no_vocabulary
from assistant.engine.protocol import Adapter
from assistant.errors import EngineError, ModelError
from assistant.texts import text

UNKNOWN_ARCHITECTURE = re.compile(r"unknown model architecture: '([\w.-]+)'")
# What is allocated without trouble is logged too ("print_info: no_alloc = 0").
NO_ROOM = re.compile(
    r"to allocate|alloc\w*\b.* failed|bad_alloc|out of memory|OutOf\w*Memory|not enough space", re.IGNORECASE
)
NO_TOKENIZER = ("none", "no_vocab")
ANOTHER_MODEL = text("Choose another model.")
ANOTHER_ADAPTER = text("Choose an adapter that was made for this model.")


def check_kind(header: Header, *, embedding: bool) -> None:
    """Refuse a model that is not for what it is wanted for. Raises ModelError."""
    if header.kind in (("embedding", "reranker") if embedding else ("chat",)):
        return
    if header.kind == "adapter":
        raise ModelError(
            text("{name} is an adapter: it changes a model, but is none itself.", name=header.name),
            text("Choose a model, and add the adapter to it."),
        )
    if header.kind == "reranker":
        raise ModelError(
            text("{name} is a reranking model: it sorts what was found, but it cannot write.",
                 name=header.name),
            text("Choose a chat model."),
        )  # fmt: skip
    if header.kind == "embedding":
        raise ModelError(
            text("{name} is an embedding model: it searches, but it cannot write.", name=header.name),
            text("Choose a chat model."),
        )
    raise ModelError(
        text("{name} is not an embedding model.", name=header.name)
        if embedding
        else text("{name} is not a language model.", name=header.name),
        ANOTHER_MODEL,
    )


def check_words(header: Header) -> None:
    """Refuse a vocabulary that llama.cpp would abort over. Raises ModelError."""
    if header.tokenizer in NO_TOKENIZER:
        raise ModelError(text("{name} has no vocabulary.", name=header.name), ANOTHER_MODEL)
    # On vocabularies that were not made for them these two never end, or end the process.
    foreign = (header.tokenizer == "rwkv" and "rwkv" not in header.architecture) or (
        header.tokenizer == "bert" and header.kind == "chat"
    )
    if foreign:
        raise no_vocabulary(header.path.name)
    check_vocabulary(header.path.name, header.tokenizer, read_raw_tokens(header))


def check_adapters(adapters: Sequence[Adapter], header: Header) -> None:
    """Refuse what is no adapter, or one for another model. Raises ModelError."""
    shapes = {tensor.name: tensor.shape for tensor in header.tensors}
    for adapter in adapters:
        found = read_header(adapter.path)
        if found.kind != "adapter":
            raise ModelError(
                text("{name} is not an adapter for a model.", name=adapter.path.name), ANOTHER_ADAPTER
            )
        if not isinstance(found.metadata.get("adapter.lora.alpha", 0.0), float):
            raise ModelError(
                text("{name} is damaged: its header makes no sense.", name=adapter.path.name), ANOTHER_ADAPTER
            )
        if found.architecture != header.architecture or not _fits(found, shapes):
            raise ModelError(
                text("{name} was made for another model than {model}.",
                     name=adapter.path.name, model=header.name),
                ANOTHER_ADAPTER,
            )  # fmt: skip


def _fits(adapter: Header, shapes: dict[str, tuple[int, ...]]) -> bool:
    """Say whether every pair of matrices belongs to a tensor of the model (llama-adapter.cpp)."""
    changed = False
    for tensor in adapter.tensors:
        name, _, side = tensor.name.rpartition(".lora_")
        if side not in ("a", "b"):
            continue
        target = shapes.get(name)
        if target is None or len(target) < 2 or len(tensor.shape) < 2:
            return False
        # The matrices of the table of tokens lie the other way round.
        flipped = name.endswith("token_embd.weight")
        width, height = (target[1], target[0]) if flipped else (target[0], target[1])
        axis = 1 if side == "b" or flipped else 0
        if tensor.shape[axis] != (width if side == "a" else height):
            return False
        changed = True
    return changed


def explained(header: Header, log: Sequence[str]) -> ModelError:
    """Say why llama.cpp refused a model, from its log."""
    for line in log:
        if found := UNKNOWN_ARCHITECTURE.search(line):
            return ModelError(
                text("{name} is built in a way ({architecture}) that this version does not know.",
                     name=header.name, architecture=found[1]),
                ANOTHER_MODEL,
            )  # fmt: skip
    return ModelError(
        text("{name} cannot be loaded: its file is damaged, or there is too little memory.",
             name=header.name),
        text("Get the file again, or choose a smaller model."),
    )  # fmt: skip


def lacked_room(error: Exception, log: Sequence[str]) -> bool:
    """Say whether loading failed for want of memory, on the graphics card or elsewhere."""
    return isinstance(error, EngineError | ModelError) and any(NO_ROOM.search(line) for line in log)
