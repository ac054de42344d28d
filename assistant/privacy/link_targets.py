# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Where a text that is being written stands inside of a link's or an image's target.

A hidden value that were put back there would be sent away with the first click. So a place counts as
inside where CommonMark may see a target, or a person an address: an inline link or image from `](` to its
bracket, the line of a reference definition, `<scheme:…>`, the attributes of an HTML tag, and the rest of
a word that holds `://`, `www.`, `mailto:` or a host with a path. Doubt counts as inside.
"""

import re

_SIGNS = re.compile(
    r"\\[\\()<>\[\]]|\]\(|\]:|[()<>]|\n|[^\S\n]+|://|www\.|mailto:|\.[a-z]{2,24}(?=[/?])", re.IGNORECASE
)
_TAG = re.compile(
    r"<[a-z][a-z0-9+.-]{1,31}:|<(?:a|area|audio|base|embed|form|iframe|image|img|input|link|object|source|use"
    r"|video)\s",
    re.IGNORECASE,
)
_LABEL = re.compile(r"(?:[ \t>*+-]|[0-9]{1,9}[.)])*\[(?!\^)(?:[^\[\]\\]|\\.)+\]:\Z")
_LONGEST_LABEL = 1100  # CommonMark allows 999 characters, before them what makes a list or a quote


class LinkTargets:
    """Follows a text piece by piece, as it is shown; its work grows with the text and no faster."""

    def __init__(self) -> None:
        """Begin outside."""
        self._waiting: list[str] = []
        self._line = ""  # as much of it as may be a label
        self._depth = 0  # of brackets, from `](` on
        self._opened = self._angled = self._tag = self._address = False
        self._defines = self._defined = False

    def feed(self, text: str) -> None:
        """Take the next piece."""
        self._waiting.append(text)

    @property
    def inside(self) -> bool:
        """Whether what comes next stands inside of a target."""
        text = "".join(self._waiting)
        self._waiting.clear()
        done = 0
        for found in _SIGNS.finditer(text):
            self._other(text[done : found.start()])
            self._sign(found[0], text, found.start())
            done = found.end()
        self._other(text[done:])
        return bool(self._depth or self._tag or self._address or self._defines)

    def _other(self, words: str) -> None:
        if words:
            self._opened = False
            self._defined = self._defines
            self._note(words)

    def _sign(self, sign: str, text: str, at: int) -> None:
        if sign == "\n":
            self._end_line()
            return
        self._note(sign)
        if sign.isspace():
            self._address = False
            return
        opened, self._opened = self._opened, sign == "]("
        self._defined = self._defines
        match sign:
            case "](":
                self._depth = max(self._depth, 1)
            case "(" if self._depth and not self._angled:
                self._depth += 1
            case ")" if self._depth and not self._angled:
                self._depth -= 1
                self._address = self._address and self._depth > 0
            case "<":
                self._angled = self._angled or opened
                self._tag = self._tag or _TAG.match(text, at) is not None
            case ">":
                self._angled = self._tag = self._address = False
            case "]:":
                self._defines = self._defines or _LABEL.match(self._line) is not None
            case _ if sign[0] in ":wWmM.":
                self._address = True

    def _end_line(self) -> None:
        if not self._line.strip():  # a blank line ends whatever was open
            self._depth, self._tag, self._defines = 0, False, False
        self._defines = self._defines and not self._defined  # its target may stand on the next line
        self._angled = self._address = self._defined = False
        self._line = ""

    def _note(self, words: str) -> None:
        if len(self._line) < _LONGEST_LABEL:
            self._line += words[:_LONGEST_LABEL]
