# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What a placeholder looks like in what a model wrote: bent, but not mistaken.

Within brackets, case, spaces and the sign before the number are the model's own; without them only the
exact spelling counts, standing alone. What `escape` hides is more than what `restore` fills, and a
placeholder that masking puts in begins and ends with a bracket; so no text of the user's, alone or
together with what stands beside it, is ever filled.
"""

import re
from functools import cache

from assistant.privacy.vault import KINDS, LITERAL, Vault

_GAP = r"[ \t\u00a0\u3000]{0,2}"
_OPEN = rf"[\[［]{_GAP}"
_CLOSE = r"[\]］]"
_JOINT = r"(?:\\?_|[ -])"  # Markdown may have escaped the underline, and both brackets
_NUMBER = "[0-9]{1,6}"  # more is a number that no vault reaches
LONGEST = 48  # code points of the longest placeholder, rounded up


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


@cache
def placeholder() -> re.Pattern[str]:
    """Return the pattern of what is filled: groups `label` and `number`, or the same with `bare_`."""
    return re.compile(rf"{_BRACKETED}|(?<![0-9A-Za-z_가-힣]){_BARE}(?![0-9A-Za-z_])", re.ASCII)


@cache
def unfinished() -> re.Pattern[str]:
    """Return the pattern of an end of a text that may still become a placeholder when more is written."""
    return re.compile(
        rf"(?:\\?(?i:{_OPEN}(?:{_BEGINNING})?|{_OPEN}(?:{_LABEL})(?:\\|{_JOINT}(?:{_NUMBER}{_GAP}\\?)?)?)"
        rf"|\\|(?:{_BEGINNING})\\?|(?:{_LABEL})\\?_(?:{_NUMBER})?)\Z",
        re.ASCII,
    )


@cache
def _lookalike() -> re.Pattern[str]:
    return re.compile(f"{_BRACKETED}|{_BARE}", re.ASCII)


def escape(text: str, vault: Vault) -> str:
    """Return `text` with everything that looks like a placeholder hidden behind one of its own."""
    if not ("_" in text or "[" in text or "［" in text):
        return text  # what nearly every text is, at once
    return _lookalike().sub(lambda found: vault.placeholder(LITERAL, found[0]), text)
