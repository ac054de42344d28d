# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Under which headings a piece of text stands."""

import re

from assistant.documents.readers.sections import BETWEEN

_NUMBERED = re.compile(r"^\s*(?:[\dIVXivx]+\.?)+\s+")


class HeadingPath:
    """The headings above the place where a document is read: the named ones, and one found in the words."""

    def __init__(self, label: str = "") -> None:
        """Begin below `label`, the heading path of the place."""
        self._label = label
        self._named: list[tuple[int, str]] = []
        self._found = ""
        self.shown = label

    def enter(self, level: int, title: str) -> None:
        """Go on below a heading that the document names: it ends those of its level and below."""
        self._named = [each for each in self._named if each[0] < level]
        self._named.append((level, title))
        self._found = ""
        self._show()

    def find(self, heading: str) -> None:
        """Go on below a heading that was found in the words."""
        last = self._named[-1][1] if self._named else ""
        self._found = "" if last and _bare(last) == _bare(heading) else heading
        self._show()

    def _show(self) -> None:
        label = "" if self._is_label() else self._label
        path = (label, *(title for _, title in self._named), self._found)
        self.shown = BETWEEN.join(name for name in path if name)

    def _is_label(self) -> bool:
        """Say whether the place is called what its first heading says."""
        return bool(self._named) and self._label == self._named[0][1]


def _bare(heading: str) -> str:
    return "".join(_NUMBERED.sub("", heading).split()).casefold()
