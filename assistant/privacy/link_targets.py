# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Where a text that is being written stands inside of a link's or an image's target.

A hidden value that were put back there would be sent away with the first click. So a place counts as
inside where CommonMark may see a target, or a person an address: an inline link or image from `](` to its
bracket, the line of a reference definition, `<scheme:…>`, the attributes of an HTML tag, the rest of
a word that holds `://`, `www.`, `mailto:` or a host with a path, and both sides of the `@` of an address of
mail, in brackets or bare. Doubt counts as inside.
"""

import re

_SIGNS = re.compile(
    r"\\[\\()<>\[\]]|\]\(|\]:|[()<>]|\n|[^\S\n]+|://|www\.|mailto:"
    r"|\.(?:[a-z]{2,24}|한국|닷컴|닷넷)(?::[0-9]{1,5})?(?=[/?])",
    re.IGNORECASE,
)
_TAG = re.compile(
    r"<[a-z][a-z0-9+.-]{1,31}:|<(?:a|area|audio|base|embed|form|iframe|image|img|input|link|object|source|use"
    r"|video)\s",
    re.IGNORECASE,
)
_LABEL = re.compile(r"(?:[ \t>*+-]|[0-9]{1,9}[.)])*\[(?!\^)(?:[^\[\]\\]|\\.)+\]:\Z")
# What the window makes a link to write to, of a bare address (md4c) and of one in angle brackets (CommonMark
# 6.5); and what makes a longer host of a value that names one, or a host of any.
_LOCAL, _LOCAL_IN_ANGLES = "0-9A-Za-z._+-", "0-9A-Za-z.!#$%&'*+/=?^_`{|}~-"
_RUN, _RUN_IN_ANGLES = (re.compile(f"[{signs}]*") for signs in (_LOCAL, _LOCAL_IN_ANGLES))
_MAIL_BEGAN = re.compile(r"[^\s(\[{<>\"'“‘「,;:|]@[0-9A-Za-z._-]*\Z")
_HOST_SIGN = re.compile("[0-9A-Za-z._-]")
_ANGLE_BEGAN = re.compile(r"<[^\s<>]*\Z")
_NAMES_HOST = re.compile(r"@|://|www\.")
_LONGER_HOST = re.compile(r"[._-]{0,3}[0-9A-Za-z]")
_HOST = re.compile(r"(?:\.[0-9A-Za-z-]{1,63}){1,8}?\.[A-Za-z]{2}|\.[A-Za-z]{2,24}[/?]")
LONGEST_BEHIND = 256  # code points behind a value that are looked at; more in one word is no sentence
_LONGEST_LABEL = 1100  # CommonMark allows 999 characters, before them what makes a list or a quote


def goes_on(value: str, behind: str, *, angled: bool) -> bool | None:
    """Say whether a value, put back, becomes a part of an address together with what stands `behind` it.

    None: that cannot be told before more of it is there. `angled`: its word begins with an angle bracket.
    """
    run, local = (_RUN_IN_ANGLES, _LOCAL_IN_ANGLES) if angled else (_RUN, _LOCAL)
    found = run.match(behind)
    end = found.end() if found else 0
    sign, after = behind[end : end + 1], behind[end + 1 : end + 2]
    # First what no more text can change: whatever comes in pieces is judged as the whole is.
    if _HOST.match(behind) or (_LONGER_HOST.match(behind) and _NAMES_HOST.search(value)):
        return True
    if end >= LONGEST_BEHIND:
        return True
    if sign == "@" and (not end or re.search(f"[{local}]\\Z", value)):
        if not after or after.isalnum():
            return True if after else None
    elif sign == ":" and angled and not after.isspace():  # `<scheme:…>`
        return True if after else None
    return None if end == len(behind) else False


class LinkTargets:
    """Follows a text piece by piece, as it is shown; its work grows with the text and no faster."""

    def __init__(self) -> None:
        """Begin outside."""
        self._waiting: list[str] = []
        self._line = ""  # as much of it as may be a label
        self._tail = ""  # the end of what was fed, as much as an address of mail may have
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
        self._tail = (self._tail + text)[-LONGEST_BEHIND:]
        done = 0
        for found in _SIGNS.finditer(text):
            self._other(text[done : found.start()])
            self._sign(found[0], text, found.start())
            done = found.end()
        self._other(text[done:])
        return bool(self._depth or self._tag or self._address or self._defines)

    def goes_on_with(self, value: str) -> bool:
        """Say whether `value` would make the host of an address of mail longer; after `inside` was asked."""
        return _HOST_SIGN.match(value) is not None and _MAIL_BEGAN.search(self._tail) is not None

    @property
    def angled(self) -> bool:
        """Whether the word that is being written begins with an angle bracket; after `inside` was asked."""
        return _ANGLE_BEGAN.search(self._tail) is not None

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
            case "](" if not self._angled:  # within a target a bracket of it
                self._depth += 1
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
