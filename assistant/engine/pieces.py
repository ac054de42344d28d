# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""From the bytes of tokens to text that can be shown: whole characters, and no stop strings."""

import codecs
from collections.abc import Sequence


class TextPieces:
    """Decodes bytes as they come and holds back what may be the beginning of a stop string.

    Bytes that are no UTF-8 become U+FFFD, and the text goes on behind them.
    """

    def __init__(self, stop: Sequence[str] = (), *, drop_first_space: bool = False) -> None:
        """`drop_first_space`: SentencePiece models begin every text with one."""
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._stop = tuple(string for string in stop if string)
        self._held = ""
        self._drop_space = drop_first_space
        self.stopped = False

    def feed(self, data: bytes) -> str:
        """Return the text that can be shown now; `stopped` is set when a stop string came."""
        return self._passed(self._decoder.decode(data))

    def flush(self) -> str:
        """Return what was held back, at the end of the answer."""
        if self.stopped:
            return ""
        shown = self._passed(self._decoder.decode(b"", final=True)) + ("" if self.stopped else self._held)
        self._held = ""
        return shown

    def _passed(self, new: str) -> str:
        if self._drop_space and new:
            self._drop_space, new = False, new.removeprefix(" ")
        if not self._stop:
            return new
        waiting = self._held + new
        found = [at for string in self._stop if (at := waiting.find(string)) >= 0]
        if found:
            self.stopped, self._held = True, ""
            return waiting[: min(found)]
        kept = max(self._beginning(waiting, string) for string in self._stop)
        self._held = waiting[len(waiting) - kept :]
        return waiting[: len(waiting) - kept]

    @staticmethod
    def _beginning(waiting: str, string: str) -> int:
        """Return how many of the last letters are the beginning of `string`."""
        longest = min(len(string) - 1, len(waiting))
        return next((n for n in range(longest, 0, -1) if waiting.endswith(string[:n])), 0)
