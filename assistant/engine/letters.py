# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Keeps letters from a vocabulary that has neither them nor their bytes: llama.cpp ends the process there.

Only SentencePiece vocabularies can lack some, and only toys do (llama_vocab::byte_to_token).
"""

import re
from collections.abc import Iterable

BYTES = {b"<0x%02X>" % number: number for number in range(256)}
SPACE = "\u2581".encode()  # what stands for a space in such a vocabulary


class Letters:
    """Which letters can be handed over. A vocabulary with all bytes takes every one."""

    def __init__(self, tokens: Iterable[bytes]) -> None:
        """Look for bytes among `tokens`, no further than to the last of them."""
        self._tokens: set[bytes] = set()
        self._bytes: set[int] = set()
        for token in tokens:
            self._tokens.add(token)
            if token in BYTES:
                self._bytes.add(BYTES[token])
            elif len(token) == 1:
                self._bytes.add(token[0])
            if len(self._bytes) == len(BYTES):
                break

    @property
    def complete(self) -> bool:
        """Whether every letter can be handed over."""
        return len(self._bytes) == len(BYTES)

    def shown(self, words: str, markers: Iterable[str] = ()) -> str:
        """Return `words` with a space for each letter that cannot be; `markers` stay whole."""
        if self.complete:
            return words
        kept = "|".join(re.escape(marker) for marker in sorted(markers, key=len, reverse=True))
        parts = re.split(f"({kept})", words) if kept else [words]
        return "".join(part if at % 2 else self._cleaned(part) for at, part in enumerate(parts))

    def _cleaned(self, words: str) -> str:
        return "".join(letter if self._has(letter) else " " for letter in words)

    def _has(self, letter: str) -> bool:
        data = SPACE if letter == " " else letter.encode("utf-8", "replace")
        return data in self._tokens or self._bytes.issuperset(data)
