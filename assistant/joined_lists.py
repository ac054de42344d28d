# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Lists that are written part by part, joined to one: nothing stands in it twice. Pure."""

import re

from assistant.full_text import fold

_BULLET = re.compile(r"^\s*(?:[-*•·]|\d{1,3}[.)])\s+")
_NONE = frozenset(("none", "none found", "not mentioned", "n/a", "없음", "없습니다", "해당 없음"))


class FreshLines:
    """Passes lines on, each once; a line is held until it is whole.

    A line that only says that a part has nothing is left out too.
    """

    def __init__(self) -> None:
        """Begin with none."""
        self._known: set[str] = set()
        self.held = ""

    def feed(self, piece: str) -> str:
        """Take the next piece; return the whole lines that are new."""
        *lines, self.held = (self.held + piece).split("\n")
        return "".join(f"{line}\n" for line in lines if self._is_new(line))

    def flush(self) -> str:
        """Return what is left at the end."""
        held, self.held = self.held, ""
        return held if self._is_new(held) else ""

    def _is_new(self, line: str) -> bool:
        said = fold(_BULLET.sub("", line)).strip(" .,:;")
        if not said or said in self._known or said in _NONE:
            return False
        self._known.add(said)
        return True
