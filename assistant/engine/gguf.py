# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Reads the header of a GGUF file: what a model is, without loading it and without trusting it.

A model may be split over files named `…-00001-of-00003.gguf`: the first one stands for all of them.
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assistant.engine.gguf_checks import check_values
from assistant.engine.gguf_parser import BLOCKS, Parsed, Tensor, parse, parse_strings, refused
from assistant.texts import text

__all__ = ["Header", "Tensor", "parts", "read_header", "read_raw_tokens", "read_tokens"]

WORD_START = "\u2581"  # how a WordPiece vocabulary in GGUF marks a token that begins a word
HANGUL_JAMO = ("\u1100", "\u11ff")
HANGUL_SYLLABLES = ("\uac00", "\ud7a3")
RANKING = 4  # llama_pooling_type
PART = re.compile(r"^(?P<name>.+)-(?P<number>\d{5})-of-(?P<count>\d{5})\.gguf$")
MAX_PARTS = 999
EMBEDDING_ARCHITECTURES = frozenset(
    {"bert", "nomic-bert", "nomic-bert-moe", "jina-bert-v2", "jina-bert-v3", "neo-bert", "modern-bert",
     "eurobert", "gemma-embedding", "t5encoder"}
)  # fmt: skip
# Architectures whose state cannot drop a part, wholly or in some layers (llama-arch.cpp).
RECURRENT_ARCHITECTURES = frozenset(
    {"mamba", "mamba2", "rwkv6", "rwkv6qwen2", "rwkv7", "arwkv7", "jamba", "falcon-h1", "plamo2",
     "granitehybrid", "lfm2", "lfm2moe", "nemotron_h", "nemotron_h_moe", "qwen3next", "kimi-linear",
     "bailingmoe3", "kimi-k3", "glm5-next", "qwen35", "qwen35moe", "qwen4exp", "deepseek4", "minimax-01"}
)  # fmt: skip
# llama_ftype in llama.h: what the names of files say of most of the weights.
FILE_TYPES = {
    0: "F32", 1: "F16", 2: "Q4_0", 3: "Q4_1", 7: "Q8_0", 8: "Q5_0", 9: "Q5_1", 10: "Q2_K", 11: "Q3_K_S",
    12: "Q3_K_M", 13: "Q3_K_L", 14: "Q4_K_S", 15: "Q4_K_M", 16: "Q5_K_S", 17: "Q5_K_M", 18: "Q6_K",
    19: "IQ2_XXS", 20: "IQ2_XS", 21: "Q2_K_S", 22: "IQ3_XS", 23: "IQ3_XXS", 24: "IQ1_S", 25: "IQ4_NL",
    26: "IQ3_S", 27: "IQ3_M", 28: "IQ2_S", 29: "IQ2_M", 30: "IQ4_XS", 31: "IQ1_M", 32: "BF16",
    36: "TQ1_0", 37: "TQ2_0", 38: "MXFP4", 39: "NVFP4", 40: "Q1_0", 41: "Q2_0",
}  # fmt: skip


@dataclass(frozen=True)
class Header:
    """What a GGUF file says of itself. Long arrays are left out of `metadata`.

    Of a split model: `path` is its first file; `size` and `tensors` are those of all files.
    """

    path: Path
    size: int
    metadata: dict[str, Any]
    tensors: tuple[Tensor, ...]
    arrays: dict[str, int] = field(default_factory=dict)  # long arrays: where each begins

    @property
    def architecture(self) -> str:
        """llama.cpp's name of the architecture, "" where the file names none."""
        return self.word("general.architecture")

    @property
    def name(self) -> str:
        """The model's name, or the file's."""
        return self.word("general.name") or self.path.stem

    @property
    def parameters(self) -> int:
        """Number of weights."""
        return sum(tensor.parameters for tensor in self.tensors)

    @property
    def weights(self) -> int:
        """The bytes of all weights whose type is known here."""
        return sum(tensor.size or 0 for tensor in self.tensors)

    @property
    def quantization(self) -> str:
        """How the weights are stored: "Q4_K_M" as the file says, else the type of most of them."""
        stated = (
            FILE_TYPES.get(self.number("general.file_type")) if "general.file_type" in self.metadata else ""
        )
        if stated:
            return stated
        sizes: Counter[int] = Counter()
        for tensor in self.tensors:
            if tensor.type in BLOCKS:
                sizes[tensor.type] += tensor.parameters
        return BLOCKS[sizes.most_common(1)[0][0]][0] if sizes else ""

    @property
    def context_length(self) -> int:
        """The context length it was trained for, in tokens, 0 where unknown.

        With rotary positions stretched (`rope.scaling`), what they were stretched to.
        """
        part = f"{self.architecture}.rope.scaling."
        factor = self.metadata.get(part + "factor")
        stretched = self.number(part + "original_context_length") * factor if isinstance(factor, float) else 0
        return max(self.number(f"{self.architecture}.context_length"), int(stretched))

    @property
    def layers(self) -> int:
        """Number of blocks, 0 where unknown."""
        return self.number(f"{self.architecture}.block_count")

    @property
    def tokenizer(self) -> str:
        """The tokenizer's model: "gpt2", "llama", "bert" and others."""
        return self.word("tokenizer.ggml.model")

    @property
    def pooling(self) -> int:
        """llama.cpp's pooling type (1 mean, 2 first, 3 last, 4 ranking), 0 where there is none."""
        return self.number(f"{self.architecture}.pooling_type")

    @property
    def licence(self) -> str:
        """The licence as the file states it, "" where it does not."""
        return self.word("general.license.name") or self.word("general.license")

    @property
    def languages(self) -> tuple[str, ...]:
        """Language codes, empty where the file names none."""
        stated = self.metadata.get("general.languages")
        return tuple(str(code) for code in stated) if isinstance(stated, list) else ()

    @property
    def recurrent(self) -> bool:
        """Whether its state cannot drop a part (Mamba, RWKV, hybrids)."""
        return self.architecture in RECURRENT_ARCHITECTURES

    @property
    def kind(self) -> str:
        """What it is for: "chat", "embedding", "reranker", "adapter" (LoRA), or "other"."""
        if self.word("general.type") == "adapter":
            return "adapter" if self.word("adapter.type") == "lora" else "other"
        if self.word("general.type") not in ("", "model") or self.architecture in ("", "clip"):
            return "other"
        if self.pooling == RANKING:
            return "reranker"
        if self.architecture in EMBEDDING_ARCHITECTURES or self.pooling:
            return "embedding"
        return "chat"

    @property
    def cache_bytes(self) -> int:
        """What one token of context costs at most, with 16-bit keys and values; 0 where unknown.

        At most: layers that look back through a window only, or store keys compressed, take less.
        """
        part = f"{self.architecture}.attention."
        groups = self._each_layer(part + "head_count_kv") or self._each_layer(part + "head_count")
        return sum(groups) * (self.head_size + (self.number(part + "value_length") or self.head_size)) * 2

    @property
    def head_size(self) -> int:
        """How many numbers a key of one attention head has, 0 where unknown."""
        part = f"{self.architecture}.attention."
        heads = max(self._each_layer(part + "head_count"), default=0)
        shared = self.number(f"{self.architecture}.embedding_length") // heads if heads > 0 else 0
        return self.number(part + "key_length") or shared

    def word(self, key: str) -> str:
        """Return a text of the metadata, "" where absent or of another type."""
        value = self.metadata.get(key)
        return value if isinstance(value, str) else ""

    def number(self, key: str) -> int:
        """Return a whole number of the metadata, 0 where absent or of another type."""
        value = self.metadata.get(key)
        return value if isinstance(value, int) else 0

    def _each_layer(self, key: str) -> list[int]:
        """Return a number for each layer: some files state one for all of them."""
        stated = self.metadata.get(key)
        if isinstance(stated, list):
            return [count for count in stated if isinstance(count, int)]
        return [stated] * min(self.layers, 1000) if isinstance(stated, int) else []


def read_header(path: Path) -> Header:
    """Read the header of `path`; of any part of a split model that of the whole.

    Raises ModelError with a reason a person understands, where llama.cpp would abort too.
    """
    found = parse(path)
    if _count(found) > 1:
        return _joined(path, found)
    header = Header(path, found.size, found.metadata, found.tensors, found.arrays)
    check_values(path.name, header.architecture, header.metadata, header.tensors)
    return header


def parts(header: Header) -> tuple[Path, ...]:
    """Return the files of a model, in order; one where it is not split."""
    count = header.number("split.count")
    if count < 2:
        return (header.path,)
    return tuple(_part(header.path, number, count) for number in range(count))


def read_raw_tokens(header: Header) -> tuple[bytes, ...]:
    """Return the vocabulary as it stands in the file, in order of token ids. Raises ModelError."""
    key = "tokenizer.ggml.tokens"
    if key not in header.arrays:
        stated = header.metadata.get(key)
        return tuple(str(token).encode() for token in stated) if isinstance(stated, list) else ()
    size = header.path.stat().st_size if header.path.exists() else 0
    return parse_strings(header.path, size, header.arrays[key])


def read_tokens(header: Header) -> tuple[str, ...]:
    """Return the vocabulary as text, in order of token ids. Raises ModelError."""
    return tuple(token.decode("utf-8", "replace") for token in read_raw_tokens(header))


def wordpiece_vocabulary(header: Header) -> tuple[str, ...]:
    """Return a WordPiece vocabulary as the `tokenizers` library writes it ("##" continues a word).

    Empty where the model's tokenizer is none. Raises ModelError.
    """
    if header.tokenizer != "bert":
        return ()
    return tuple(_as_wordpiece(token) for token in read_tokens(header))


def has_letters(tokens: tuple[str, ...], letters: tuple[str, str]) -> bool:
    """Say whether a vocabulary has more than a handful of tokens with letters of the range."""
    low, high = letters
    return sum(1 for token in tokens if any(low <= letter <= high for letter in token)) > 10


def _as_wordpiece(token: str) -> str:
    if token.startswith("[") and token.endswith("]"):
        return token
    return token[1:] if token.startswith(WORD_START) else f"##{token}"


def _count(found: Parsed) -> int:
    count = found.metadata.get("split.count", 0)
    return count if isinstance(count, int) else 0


def _joined(path: Path, found: Parsed) -> Header:
    """Return the header of all parts of a split model, of which `path` is one."""
    count = _count(found)
    named = PART.match(path.name)
    if named is None or int(named["count"]) != count or count > MAX_PARTS:
        raise refused(text("{name} is a part of a model of {count} files: they must keep the names they had.",
                           name=path.name, count=count))  # fmt: skip
    paths = [_part(path, number, count) for number in range(count)]
    for part in paths:
        if not part.exists():
            raise refused(text("{name} is one of {count} files of a model; {missing} is missing beside it.",
                               name=path.name, count=count, missing=part.name))  # fmt: skip
    files = [found if part == path else parse(part) for part in paths]
    first = files[0]
    header = Header(
        paths[0],
        sum(file.size for file in files),
        first.metadata,
        tuple(tensor for file in files for tensor in file.tensors),
        first.arrays,
    )
    _check_parts(header, paths, files)
    check_values(header.path.name, header.architecture, header.metadata, header.tensors)
    return header


def _check_parts(header: Header, paths: list[Path], files: list[Parsed]) -> None:
    for number, (part, file) in enumerate(zip(paths, files, strict=True)):
        if file.metadata.get("split.no") != number or _count(file) != len(files):
            raise refused(text("{name} belongs to another model than {first}.",
                               name=part.name, first=paths[0].name))  # fmt: skip
    stated = header.number("split.tensors.count")
    if stated and stated != len(header.tensors):
        raise refused(text("{name} is damaged: its header makes no sense.", name=paths[0].name))


def _part(path: Path, number: int, count: int) -> Path:
    """Return the path of a part as llama.cpp names it (llama_split_path)."""
    named = PART.match(path.name)
    prefix = named["name"] if named else path.stem
    return path.with_name(f"{prefix}-{number + 1:05d}-of-{count:05d}.gguf")
