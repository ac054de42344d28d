# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""How placeholders are recognized in what a model wrote: bent, but not mistaken.

Within brackets, case, spaces and the sign before the number are the model's own; without them only the
exact spelling counts, standing alone. What `escape` hides is more than what `restored` fills, and a
placeholder that masking puts in begins and ends with a bracket; so no text of the user's, alone or
together with what stands beside it, is ever filled.
"""

import re

from assistant.privacy.vault import KINDS, LITERAL, Vault

_GAP = r"[ \t\u00a0\u3000]{0,2}"
_OPEN = rf"[\[［]{_GAP}"
_CLOSE = r"[\]］]"
_JOINT = r"(?:\\?_|[ -])"  # Markdown may have escaped the underline, and both brackets
_NUMBER = "[0-9]{1,6}"  # more is a number that no vault reaches
_LONGEST = 48  # code points of the longest placeholder, rounded up


def _beginning_of(label: str) -> str:
    """Return a pattern for every beginning, at least a letter long, of `label`."""
    pattern = ""
    for letter in reversed(label):
        pattern = f"{_JOINT if letter == '_' else letter}(?:{pattern})?"
    return pattern


_LABEL = "|".join(label.replace("_", _JOINT) for label in KINDS)
_BEGINNING = "|".join(_beginning_of(label) for label in KINDS)
_BRACKETED = (
    rf"(?P<escaped>\\)?(?i:{_OPEN}(?P<label>{_LABEL}){_JOINT}(?P<number>{_NUMBER}){_GAP})"
    rf"(?(escaped)\\){_CLOSE}"
)
_BARE = rf"(?P<bare_label>{_LABEL})\\?_(?P<bare_number>{_NUMBER})"

_LOOKALIKE = re.compile(f"{_BRACKETED}|{_BARE}", re.ASCII)
_PLACEHOLDER = re.compile(rf"{_BRACKETED}|(?<![0-9A-Za-z_가-힣]){_BARE}(?![0-9A-Za-z_])", re.ASCII)
# What may still become a placeholder when more is written.
_UNFINISHED = re.compile(
    rf"(?:\\?(?i:{_OPEN}(?:{_BEGINNING})?|{_OPEN}(?:{_LABEL})(?:\\|{_JOINT}(?:{_NUMBER}{_GAP}\\?)?)?)"
    rf"|\\|(?:{_BEGINNING})\\?|(?:{_LABEL})\\?_(?:{_NUMBER})?)\Z",
    re.ASCII,
)


def escape(text: str, vault: Vault) -> str:
    """Return `text` with everything that looks like a placeholder hidden behind one of its own."""
    if not ("_" in text or "[" in text or "［" in text):
        return text  # what nearly every text is, at once
    return _LOOKALIKE.sub(lambda found: vault.placeholder(LITERAL, found[0]), text)


def restored(text: str, vault: Vault) -> str:
    """Return `text` with the placeholders of `vault` filled; one that it does not know stays."""
    return _PLACEHOLDER.sub(lambda found: _value(found, vault), text)


def _value(found: re.Match[str], vault: Vault) -> str:
    label = (found["label"] or found["bare_label"]).upper().replace("\\", "")
    label = re.sub("[ -]", "_", label)
    value = vault.value(label, int(found["number"] or found["bare_number"]))
    return found[0] if value is None else value


class StreamRestorer:
    """Restores a text that comes in pieces; a placeholder may be split over any number of them.

    All that `feed` and `flush` returned, joined, is what `restored` makes of the whole. Only what may
    still become a placeholder is held back.
    """

    def __init__(self, vault: Vault) -> None:
        """Take the vault of the conversation; values that enter it later are restored, too."""
        self._vault = vault
        self._held = ""
        self._before = ""  # the last character given out, as it was written

    def feed(self, piece: str) -> str:
        """Return what can be shown after `piece`, perhaps nothing yet."""
        text = self._before + self._held + piece
        unfinished = _UNFINISHED.search(text, max(len(self._before), len(text) - _LONGEST))
        return self._show(text, unfinished.start() if unfinished else len(text))

    def flush(self) -> str:
        """Return what was held back: nothing more is coming."""
        text = self._before + self._held
        return self._show(text, len(text))

    def _show(self, text: str, end: int) -> str:
        shown: list[str] = []
        done = len(self._before)
        for found in _PLACEHOLDER.finditer(text, done):
            if found.end() > end:
                end = min(end, found.start())
                break
            shown += (text[done : found.start()], _value(found, self._vault))
            done = found.end()
        shown.append(text[done:end])
        self._before, self._held = text[:end][-1:], text[end:]
        return "".join(shown)
