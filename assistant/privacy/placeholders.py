# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What a placeholder looks like in what a model wrote: bent, but not mistaken.

Within brackets, case, spaces, full-width digits and the sign before the number, or none, are the model's
own; without them only the exact spelling counts, standing alone. What `escape` hides is more than what
`restore` fills, and a placeholder that masking puts in begins and ends with a bracket; so no text of the
user's, alone or together with what stands beside it, is ever filled.
"""

import re
from functools import cache

from assistant.privacy.vault import KINDS, LITERAL, Vault

_GAP = r"[ \t\u00a0\u3000]{0,2}"
_OPEN = rf"[\[［]{_GAP}"
_CLOSE = r"[\]］]"
_SIGN = r"(?:\\?_|[-\u2010-\u2013:：＿])"  # Markdown may have escaped the underline, and both brackets
_JOINT = rf"(?:{_GAP}{_SIGN}{_GAP}|[ ])"
_JOINT_OR_NONE = rf"(?:{_JOINT})?"
_BEGINNING_OF_JOINT = rf"{_GAP}(?:\\|{_SIGN}{_GAP})?"
_NUMBER = "[0-9０-９]{1,6}"  # more is a number that no vault reaches
_EXACT_NUMBER = "[0-9]{1,6}"
LONGEST = 48  # code points of the longest placeholder, rounded up


def _letter(letter: str) -> str:
    return _JOINT if letter == "_" else letter


def _bent(label: str) -> str:
    """Return a pattern for the spellings of `label` within brackets."""
    return "E-?MAIL" if label == "EMAIL" else "".join(map(_letter, label))


def _beginning_of(label: str) -> str:
    """Return a pattern for every beginning, at least a letter long, of `label`."""
    pattern = ""
    for letter in reversed(label):
        rest = f"(?:{_letter(letter)}(?:{pattern})?"
        pattern = f"{rest}|{_BEGINNING_OF_JOINT})" if letter == "_" else f"{rest})"
    return f"E-?(?:{_beginning_of('MAIL')})?" if label == "EMAIL" else pattern


def _beginning_of_exact(label: str) -> str:
    pattern = ""
    for letter in reversed(label):
        sign = r"\\?_" if letter == "_" else letter
        pattern = f"{sign}(?:{pattern})?"
    return pattern


_LABEL = "|".join(map(_bent, KINDS))
_BEGINNING = "|".join(map(_beginning_of, KINDS))
_EXACT_LABEL = "|".join(label.replace("_", r"\\?_") for label in KINDS)
_EXACT_BEGINNING = "|".join(map(_beginning_of_exact, KINDS))
_BRACKETED = (
    rf"(?P<escaped>\\)?(?i:{_OPEN}(?P<label>{_LABEL}){_JOINT_OR_NONE}(?P<number>{_NUMBER}){_GAP})"
    rf"(?(escaped)\\){_CLOSE}"
)
_BARE = rf"(?P<bare_label>{_EXACT_LABEL})\\?_(?P<bare_number>{_EXACT_NUMBER})"
_KIND_LABELS = {label.replace("_", ""): label for label in KINDS}


def label_of(found: re.Match[str]) -> str:
    """Return the label, as a vault knows it, of a match of `placeholder`."""
    written = found["label"] or found["bare_label"]
    return _KIND_LABELS["".join(filter(str.isalpha, written)).upper()]


def number_of(found: re.Match[str]) -> int:
    """Return the number of a match of `placeholder`."""
    return int(found["number"] or found["bare_number"])


@cache
def placeholder() -> re.Pattern[str]:
    """Return the pattern of what is filled: groups `label` and `number`, or the same with `bare_`."""
    return re.compile(rf"{_BRACKETED}|(?<![0-9A-Za-z_가-힣]){_BARE}(?![0-9A-Za-z_])", re.ASCII)


@cache
def unfinished() -> re.Pattern[str]:
    """Return the pattern of an end of a text that may still become a placeholder when more is written."""
    return re.compile(
        rf"(?:\\?(?i:{_OPEN}(?:{_BEGINNING})?|{_OPEN}(?:{_LABEL})(?:{_BEGINNING_OF_JOINT}"
        rf"|{_JOINT_OR_NONE}{_NUMBER}{_GAP}\\?))"
        rf"|\\|(?:{_EXACT_BEGINNING})\\?|(?:{_EXACT_LABEL})\\?_(?:{_EXACT_NUMBER})?)\Z",
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
