# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What stands beside a name in Latin letters: titles, salutations, labels, signatures, verbs of speaking."""

import re

from assistant.privacy.names_korean_words import LABELS as KOREAN_LABELS

ANNOUNCED, LABELLED = 0.9, 0.85
BEFORE = 24  # code points before a name that are looked at


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


_LAST_OF_ROLES = frozenset(role.rpartition(" ")[2] for role in _ROLES)


def announced(before: str) -> float:
    """Return the score of a name that the words before it, in lower case, announce; 0 where they do not."""
    if before.endswith(" ") and before[-2:-1] not in (":", "|"):
        last = _last(before)
        relative = last in _RELATIVES and before[: -1 - len(last)].endswith(_OWNERS)
        return ANNOUNCED if relative or before.endswith(_ANNOUNCING) else 0.0
    if before.endswith((": ", ":", "\t", "| ")) and before.rstrip(" \t|").rstrip(":").endswith(_LABELS):
        return LABELLED
    if before.endswith("\n") and before.rstrip(" \n,.!").endswith(_CLOSINGS):
        return LABELLED
    return 0.0


def told(text: str, before: str, end: int) -> bool:
    """Say whether the words around a run that ends at `end` speak of someone, though no label does."""
    if _last(before) in _LAST_OF_ROLES and before[:-1].endswith(_ROLES):
        return True
    return text[end : end + 1] in (" ", ",") and _SPEAKING.match(text, end) is not None


def _last(before: str) -> str:
    """Return the word that stands last, before a space."""
    return before[before.rfind(" ", 0, -1) + 1 : -1] if before.endswith(" ") else ""
