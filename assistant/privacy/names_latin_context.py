# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What stands beside a name in Latin letters: titles, salutations, labels, signatures, verbs of speaking."""

import re

from assistant.privacy.names_korean_words import LABELS as KOREAN_LABELS

ANNOUNCED, LABELLED = 0.9, 0.85
_BEFORE = 24  # code points before a name that are looked at


def _phrases(text: str) -> tuple[str, ...]:
    """Return the words of a list; a space in one is written _."""
    return tuple(word.replace("_", " ") for word in text.split())


TITLES = frozenset(_phrases("mr mrs ms miss mx dr prof professor rev reverend sir dame mme mlle herr frau"))
SALUTES = frozenset(_phrases("dear hi hello hey i'm i\u2019m"))

_ANNOUNCING = _phrases("name_is_ name's_ call_me_ calls_me_ signed_by_ signed,_ surname?_ name?_")
_OWNERS = ("my ", "his ", "her ", "our ", "their ", "your ")
_RELATIVES = frozenset(
    _phrases(
        """
        wife husband son daughter kid child friend boss colleague partner brother sister mother father mom dad
        uncle aunt cousin girlfriend boyfriend fiance fiancee neighbor neighbour doctor dentist lawyer teacher
        landlord tenant roommate client patient nephew niece grandmother grandfather manager
        """
    )
)
_LABELS = (
    *_phrases(
        """
        name surname attn attention contact contact_person patient from to cc bcc signed signature author
        recipient sender holder employee applicant tenant landlord customer client directed_by written_by
        prepared_by approved_by reviewed_by user witness guardian buyer seller beneficiary ship_to bill_to
        billing_address
        """
    ),
    *KOREAN_LABELS,
)
_CLOSINGS = _phrases(
    "regards sincerely cheers thanks thank_you best_wishes best truly faithfully 감사합니다 드림 올림"
)
_ROLES = _phrases(
    """
    say says said told asked tell ask replied shouted producer director actor actress singer songwriter author
    ceo cto cfo manager engineer professor lawyer attorney journalist reporter writer artist guitarist drummer
    founder starring directed_by written_by song_by novel_by book_by film_by sung_by played_by married met
    employee patient tenant witness
    """
)
_SPEAKING = re.compile(
    r",? (?:says|said|asked|told|replied|shouted|wrote|writes|answered|lives|lived|moved|phoned|called me"
    r"|e?mailed|was born|is speaking)(?![a-z])"
)


_LAST_WORDS = frozenset(
    (*_RELATIVES, *(phrase.strip().rpartition(" ")[2] for phrase in (*_ROLES, *_ANNOUNCING)))
)
_MARKS = frozenset(" :|\t\n")


def announced(text: str, start: int) -> tuple[float, bool]:
    """Return the score of a name that the words before it announce, and whether they speak of someone.

    The score is 0 where they announce none.
    """
    if text[start - 1 : start] not in _MARKS or not start:
        return 0.0, False
    if text[start - 1] == " " and text[start - 2 : start - 1] not in _MARKS:
        last = text[max(0, start - _BEFORE) : start - 1].rpartition(" ")[2].lower()
        return (
            _after(text[max(0, start - _BEFORE) : start].lower(), last)
            if last in _LAST_WORDS
            else (0.0, False)
        )
    before = text[max(0, start - _BEFORE) : start].lower()
    if before.endswith((": ", ":", "\t", "| ")) and before.rstrip(" \t|").rstrip(":").endswith(_LABELS):
        return LABELLED, True
    if before.endswith("\n") and before.rstrip(" \n,.!").endswith(_CLOSINGS):
        return LABELLED, True
    return 0.0, False


def _after(before: str, last: str) -> tuple[float, bool]:
    relative = last in _RELATIVES and before[: -1 - len(last)].endswith(_OWNERS)
    if relative or before.endswith(_ANNOUNCING):
        return ANNOUNCED, True
    return 0.0, before[:-1].endswith(_ROLES)


def speaks(text: str, end: int) -> bool:
    """Say whether the words behind a name that ends at `end` say that it speaks, lives or moves."""
    return text[end : end + 1] in (" ", ",") and _SPEAKING.match(text, end) is not None
