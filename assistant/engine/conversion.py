# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Converts the starter's embedding model (safetensors, BERT) to GGUF. A worker of its own.

Names and keys: docs/gguf.md of the ggml project; the vocabulary as llama.cpp's WordPiece tokenizer
wants it: U+2581 before the beginning of a word, continuation pieces without "##".
"""

import json
import os
from collections.abc import Generator
from pathlib import Path
from typing import Any, Never

import gguf
import numpy as np
from safetensors import SafetensorError, safe_open

from assistant.engine.gguf import WORD_START
from assistant.engine.protocol import Convert
from assistant.errors import ModelError
from assistant.paths import PRIVATE_FILE
from assistant.texts import text
from assistant.workers.protocol import Cancelled

Q8_0 = gguf.GGMLQuantizationType.Q8_0
SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
WHOLE = {
    "embeddings.word_embeddings.weight": "token_embd.weight",
    "embeddings.position_embeddings.weight": "position_embd.weight",
    "embeddings.token_type_embeddings.weight": "token_types.weight",
    "embeddings.LayerNorm": "token_embd_norm",
}
IN_LAYER = {
    "attention.self.query": "attn_q",
    "attention.self.key": "attn_k",
    "attention.self.value": "attn_v",
    "attention.output.dense": "attn_output",
    "attention.output.LayerNorm": "attn_output_norm",
    "intermediate.dense": "ffn_up",
    "output.dense": "ffn_down",
    "output.LayerNorm": "layer_output_norm",
}
FULL_PRECISION = ("position_embd.weight", "token_types.weight")


class Converter:
    """Answers `Convert`."""

    def handle(self, call: Convert, cancelled: Cancelled) -> Generator[Never, None, None]:  # noqa: ARG002
        """Convert; takes about a second. Raises ModelError."""
        yield from ()
        partial = call.target.with_name(call.target.name + ".part")
        try:
            os.close(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE_FILE))
            _write(call, partial)
            partial.replace(call.target)
        except (OSError, SafetensorError, KeyError, ValueError) as error:
            partial.unlink(missing_ok=True)
            raise ModelError(
                text("The search model could not be prepared ({kind}).", kind=type(error).__name__),
                text("Check that there is room on the disk, or install Maru again."),
            ) from None

    def close(self) -> None:
        """Nothing is open between calls."""


def open_worker(settings: None) -> Converter:  # noqa: ARG001
    """Begin a worker that converts."""
    return Converter()


def _write(call: Convert, target: Path) -> None:
    config = json.loads((call.source / "config.json").read_text(encoding="utf-8"))
    vocabulary = (call.source / "vocab.txt").read_text(encoding="utf-8").split("\n")[: config["vocab_size"]]
    writer = gguf.GGUFWriter(target, "bert")
    _describe(writer, call.name, config)
    _add_vocabulary(writer, vocabulary)
    with safe_open(call.source / "model.safetensors", "np") as weights:
        for source in weights.keys():  # noqa: SIM118  not a mapping
            if name := _tensor_name(source):
                _add_tensor(writer, name, weights.get_tensor(source))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _describe(writer: gguf.GGUFWriter, name: str, config: dict[str, Any]) -> None:
    writer.add_name(name)
    writer.add_license("apache-2.0")
    writer.add_languages(["en"])
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_Q8_0)
    writer.add_context_length(config["max_position_embeddings"])
    writer.add_embedding_length(config["hidden_size"])
    writer.add_block_count(config["num_hidden_layers"])
    writer.add_feed_forward_length(config["intermediate_size"])
    writer.add_head_count(config["num_attention_heads"])
    writer.add_layer_norm_eps(config["layer_norm_eps"])
    writer.add_causal_attention(False)
    writer.add_pooling_type(gguf.PoolingType.MEAN)


def _add_vocabulary(writer: gguf.GGUFWriter, vocabulary: list[str]) -> None:
    kinds = [gguf.TokenType.CONTROL if token in SPECIAL else gguf.TokenType.NORMAL for token in vocabulary]
    writer.add_tokenizer_model("bert")
    writer.add_tokenizer_pre("default")
    writer.add_token_list([_as_in_gguf(token) for token in vocabulary])
    writer.add_token_types(kinds)
    writer.add_token_type_count(2)
    writer.add_pad_token_id(vocabulary.index("[PAD]"))
    writer.add_unk_token_id(vocabulary.index("[UNK]"))
    writer.add_bos_token_id(vocabulary.index("[CLS]"))
    writer.add_eos_token_id(vocabulary.index("[SEP]"))
    writer.add_sep_token_id(vocabulary.index("[SEP]"))
    writer.add_mask_token_id(vocabulary.index("[MASK]"))


def _as_in_gguf(token: str) -> str:
    if token.startswith("[") and token.endswith("]"):
        return token
    return token[2:] if token.startswith("##") else WORD_START + token


def _tensor_name(source: str) -> str:
    """Return GGUF's name of a tensor, "" for one that is not needed (the pooler, position ids)."""
    if source in WHOLE:
        return WHOLE[source]
    stem, _, part = source.rpartition(".")
    if stem in WHOLE:
        return f"{WHOLE[stem]}.{part}"
    if stem.startswith("encoder.layer."):
        _, _, number, inner = stem.split(".", 3)
        return f"blk.{number}.{IN_LAYER[inner]}.{part}"
    return ""


def _add_tensor(writer: gguf.GGUFWriter, name: str, weights: Any) -> None:
    weights = weights.astype(np.float32)
    if weights.ndim == 2 and name not in FULL_PRECISION:
        writer.add_tensor(name, gguf.quants.quantize(weights, Q8_0), raw_dtype=Q8_0)
    else:
        writer.add_tensor(name, weights)
