# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Writes models of a few hundred kilobytes that llama.cpp loads and runs.

Names of keys and tensors: docs/gguf.md of the ggml project and llama.cpp's src/models. Weights are
drawn from a fixed seed, so that a file is the same each time. Every byte is a token of its own; the
chat template of these models is CHATML unless another one is given.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import gguf
import numpy as np

CHATML = (
    "{% for message in messages %}<|im_start|>{{ message['role'] }}\n{{ message['content'] }}<|im_end|>\n"
    "{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
UNKNOWN, START, END = "<unk>", "<s>", "</s>"
CHATML_MARKERS = ("<|im_start|>", "<|im_end|>")
WORDPIECES = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")


def byte(letter: str) -> str:
    """Return the token of an ASCII letter in these models' vocabulary."""
    return f"<0x{ord(letter):02X}>"


def write_mamba(path: Path, template: str = CHATML, width: int = 64, layers: int = 2) -> Path:
    """Write a Mamba (recurrent: no part of its state can be dropped) with random weights."""
    vocabulary = _vocabulary(CHATML_MARKERS)
    inner, state, rank, kernel = 2 * width, 16, 8, 4
    writer = gguf.GGUFWriter(path, "mamba")
    writer.add_name("Tiny Mamba")
    writer.add_context_length(4096)
    writer.add_embedding_length(width)
    writer.add_feed_forward_length(0)
    writer.add_head_count(0)
    writer.add_block_count(layers)
    writer.add_ssm_conv_kernel(kernel)
    writer.add_ssm_inner_size(inner)
    writer.add_ssm_state_size(state)
    writer.add_ssm_time_step_rank(rank)
    writer.add_layer_norm_rms_eps(1e-5)
    _add_vocabulary(writer, vocabulary, template)
    draw = _Random()
    writer.add_tensor("token_embd.weight", draw(len(vocabulary), width))
    writer.add_tensor("output_norm.weight", np.ones(width, np.float32))
    for layer in range(layers):
        name = f"blk.{layer}."
        writer.add_tensor(name + "attn_norm.weight", np.ones(width, np.float32))
        writer.add_tensor(name + "ssm_in.weight", draw(2 * inner, width))
        writer.add_tensor(name + "ssm_conv1d.weight", draw(inner, kernel))
        writer.add_tensor(name + "ssm_conv1d.bias", draw(inner))
        writer.add_tensor(name + "ssm_x.weight", draw(rank + 2 * state, inner))
        writer.add_tensor(name + "ssm_dt.weight", draw(inner, rank))
        writer.add_tensor(name + "ssm_dt.bias", draw(inner))
        writer.add_tensor(name + "ssm_a", -np.abs(draw(inner, state)))
        writer.add_tensor(name + "ssm_d", draw(inner))
        writer.add_tensor(name + "ssm_out.weight", draw(width, inner))
    return _written(writer, path)


def write_gemma(path: Path, window: int = 0, width: int = 64, layers: int = 6) -> Path:
    """Write a Gemma 3 with random weights, all of whose tokens look at those before.

    With a `window`, five layers of six look back so many tokens only.
    """
    vocabulary = _vocabulary(CHATML_MARKERS)
    heads = 4
    writer = gguf.GGUFWriter(path, "gemma3")
    writer.add_name("Tiny Gemma")
    writer.add_context_length(4096)
    writer.add_embedding_length(width)
    writer.add_feed_forward_length(2 * width)
    writer.add_block_count(layers)
    writer.add_head_count(heads)
    writer.add_head_count_kv(heads)
    writer.add_key_length(width // heads)
    writer.add_value_length(width // heads)
    writer.add_layer_norm_rms_eps(1e-6)
    if window:
        writer.add_sliding_window(window)
    _add_vocabulary(writer, vocabulary, CHATML)
    draw = _Random()
    writer.add_tensor("token_embd.weight", draw(len(vocabulary), width))
    writer.add_tensor("output_norm.weight", np.ones(width, np.float32))
    matrices = dict.fromkeys(("attn_q", "attn_k", "attn_v", "attn_output"), (width, width))
    matrices |= {"ffn_gate": (2 * width, width), "ffn_up": (2 * width, width), "ffn_down": (width, 2 * width)}
    norms = dict.fromkeys(("attn_norm", "post_attention_norm", "ffn_norm", "post_ffw_norm"), width)
    norms |= dict.fromkeys(("attn_q_norm", "attn_k_norm"), width // heads)
    for layer in range(layers):
        for part, shape in matrices.items():
            writer.add_tensor(f"blk.{layer}.{part}.weight", draw(*shape))
        for part, length in norms.items():
            writer.add_tensor(f"blk.{layer}.{part}.weight", np.ones(length, np.float32))
    return _written(writer, path)


def write_script(
    path: Path,
    following: Mapping[str, str],
    *,
    template: str = CHATML,
    markers: Sequence[str] = CHATML_MARKERS,
    sureness: Mapping[str, float] | None = None,
    width: int = 288,
) -> Path:
    """Write a Llama that answers by rote: after each token of `following` comes the one it names.

    Tokens are `byte(letter)`, "</s>" or one of `markers` (control tokens). After any other token comes
    "</s>". `sureness` (1.0 where not given) lowers the logit of what follows a token.
    """
    vocabulary = _vocabulary(markers)
    assert len(vocabulary) <= width
    at = {token: number for number, token in enumerate(vocabulary)}
    output = np.zeros((len(vocabulary), width), np.float32)
    for number, token in enumerate(vocabulary):
        output[at[following.get(token, END)], number] = (sureness or {}).get(token, 1.0)
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_name("Tiny script")
    writer.add_context_length(2048)
    writer.add_embedding_length(width)
    writer.add_feed_forward_length(32)
    writer.add_block_count(1)
    writer.add_head_count(4)
    writer.add_head_count_kv(4)
    writer.add_rope_dimension_count(width // 4)
    writer.add_layer_norm_rms_eps(1e-5)
    _add_vocabulary(writer, vocabulary, template)
    writer.add_tensor("token_embd.weight", np.eye(len(vocabulary), width, dtype=np.float32))
    writer.add_tensor("output_norm.weight", np.ones(width, np.float32))
    writer.add_tensor("output.weight", output)
    _add_idle_layer(writer, width)
    return _written(writer, path)


def _add_idle_layer(writer: gguf.GGUFWriter, width: int) -> None:
    """Add a layer that adds nothing to the embedding."""
    for part in ("attn_q", "attn_k", "attn_v", "attn_output"):
        writer.add_tensor(f"blk.0.{part}.weight", np.zeros((width, width), np.float32))
    for part, shape in (("ffn_gate", (32, width)), ("ffn_up", (32, width)), ("ffn_down", (width, 32))):
        writer.add_tensor(f"blk.0.{part}.weight", np.zeros(shape, np.float32))
    for part in ("attn_norm", "ffn_norm"):
        writer.add_tensor(f"blk.0.{part}.weight", np.ones(width, np.float32))


def write_bert(
    path: Path,
    *,
    pooling: gguf.PoolingType | None = gguf.PoolingType.RANK,
    labels: Sequence[str] = (),
    head: bool = True,
    width: int = 32,
    context: int = 64,
) -> Path:
    """Write a BERT with random weights: a reranker, or with another pooling an embedding model.

    Its words are single letters. `pooling` None leaves the key out; `labels` are those of a
    classifier; `head` False leaves out what makes a score of a vector.
    """
    writer = gguf.GGUFWriter(path, "bert")
    writer.add_name("Tiny BERT")
    writer.add_context_length(context)
    writer.add_embedding_length(width)
    writer.add_feed_forward_length(2 * width)
    writer.add_block_count(1)
    writer.add_head_count(4)
    writer.add_layer_norm_eps(1e-12)
    writer.add_causal_attention(False)
    if pooling is not None:
        writer.add_pooling_type(pooling)
    if labels:
        writer.add_classifier_output_labels(list(labels))
    _add_bert_weights(writer, _add_wordpieces(writer), width, context)
    if head:
        draw = _Random(seed=2)
        writer.add_tensor("cls.weight", draw(width, width))
        writer.add_tensor("cls.bias", draw(width))
        writer.add_tensor("cls.output.weight", draw(max(len(labels), 1), width))
        writer.add_tensor("cls.output.bias", draw(max(len(labels), 1)))
    return _written(writer, path)


def _add_wordpieces(writer: gguf.GGUFWriter) -> int:
    """Add a vocabulary of single letters; return how many tokens it has."""
    letters = [chr(code) for code in range(0x21, 0x7F)]
    vocabulary = [*WORDPIECES, *(f"\u2581{letter}" for letter in letters), *letters]
    writer.add_tokenizer_model("bert")
    writer.add_tokenizer_pre("default")
    writer.add_token_list(vocabulary)
    writer.add_token_types(
        [gguf.TokenType.CONTROL if token in WORDPIECES else gguf.TokenType.NORMAL for token in vocabulary]
    )
    writer.add_token_type_count(2)
    for add, token in (
        (writer.add_pad_token_id, "[PAD]"),
        (writer.add_unk_token_id, "[UNK]"),
        (writer.add_bos_token_id, "[CLS]"),
        (writer.add_eos_token_id, "[SEP]"),
        (writer.add_sep_token_id, "[SEP]"),
        (writer.add_mask_token_id, "[MASK]"),
    ):
        add(vocabulary.index(token))
    return len(vocabulary)


def _add_bert_weights(writer: gguf.GGUFWriter, n_vocab: int, width: int, context: int) -> None:
    draw = _Random()
    writer.add_tensor("token_embd.weight", draw(n_vocab, width))
    writer.add_tensor("position_embd.weight", draw(context, width))
    writer.add_tensor("token_types.weight", draw(2, width))
    matrices = dict.fromkeys(("attn_q", "attn_k", "attn_v", "attn_output"), (width, width))
    matrices |= {"ffn_up": (2 * width, width), "ffn_down": (width, 2 * width)}
    for part, shape in matrices.items():
        writer.add_tensor(f"blk.0.{part}.weight", draw(*shape))
        writer.add_tensor(f"blk.0.{part}.bias", draw(shape[0]))
    for name in ("token_embd_norm", "blk.0.attn_output_norm", "blk.0.layer_output_norm"):
        writer.add_tensor(f"{name}.weight", np.ones(width, np.float32))
        writer.add_tensor(f"{name}.bias", np.zeros(width, np.float32))


class _Random:
    """Weights from a fixed seed."""

    def __init__(self, seed: int = 1) -> None:
        self._generator = np.random.default_rng(seed)

    def __call__(self, *shape: int) -> np.ndarray:
        return self._generator.normal(0, 0.3, shape).astype(np.float32)


def _vocabulary(markers: Sequence[str]) -> list[str]:
    return [UNKNOWN, START, END, *(f"<0x{code:02X}>" for code in range(256)), "\u2581", *markers]


def _add_vocabulary(writer: gguf.GGUFWriter, vocabulary: list[str], template: str) -> None:
    kinds = [gguf.TokenType.CONTROL] * len(vocabulary)
    kinds[0] = gguf.TokenType.UNKNOWN
    kinds[3:259] = [gguf.TokenType.BYTE] * 256
    kinds[259] = gguf.TokenType.NORMAL
    writer.add_tokenizer_model("llama")
    writer.add_tokenizer_pre("default")
    writer.add_token_list(vocabulary)
    writer.add_token_scores([0.0] * len(vocabulary))
    writer.add_token_types(kinds)
    writer.add_unk_token_id(0)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_add_bos_token(True)
    writer.add_add_eos_token(False)
    if template:
        writer.add_chat_template(template)


def _written(writer: gguf.GGUFWriter, path: Path) -> Path:
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path
