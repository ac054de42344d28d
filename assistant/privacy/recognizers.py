# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The table of what counts as personal data, joined from its parts, and when two spellings are one value."""

import re

from assistant.entities import EntityType
from assistant.privacy import checks_of_signs
from assistant.privacy.checks import digits_of
from assistant.privacy.folding import fold
from assistant.privacy.row import CERTAIN, THRESHOLD, Recognizer
from assistant.privacy.rows_abroad import ABROAD
from assistant.privacy.rows_everywhere import EVERYWHERE
from assistant.privacy.rows_korea import KOREA
from assistant.privacy.rows_secrets import SECRETS

__all__ = ["CERTAIN", "RECOGNIZERS", "THRESHOLD", "Recognizer", "normal"]

RECOGNIZERS: tuple[Recognizer, ...] = (*EVERYWHERE, *KOREA, *ABROAD, *SECRETS)

_DIGITS_ALONE = (
    EntityType.CARD,
    EntityType.BANK_ACCOUNT,
    EntityType.KR_RRN,
    EntityType.KR_FRN,
    EntityType.KR_BUSINESS,
    EntityType.KR_CORPORATION,
    EntityType.KR_HEALTH,
)
_AS_WRITTEN = (EntityType.PRIVATE_KEY, EntityType.TOKEN, EntityType.PASSWORD, EntityType.CONNECTION)
_WORDS = (EntityType.PERSON, EntityType.ADDRESS)
# Before numbers took their place, licences named the region of the police (11 Seoul … 28 Incheon).
_LICENCE_REGIONS = (
    ("서울", "11"), ("부산", "12"), ("경기", "13"), ("강원", "14"), ("충북", "15"), ("충남", "16"),
    ("전북", "17"), ("전남", "18"), ("경북", "19"), ("경남", "20"), ("제주", "21"), ("대구", "22"),
    ("인천", "23"), ("광주", "24"), ("대전", "25"), ("울산", "26"),
)  # fmt: skip


def normal(entity_type: EntityType, value: str) -> str:
    """Return what all spellings of one value share, such as the digits of a number.

    Case counts where it tells values apart: in secrets, in addresses of wallets in base58.
    """
    folded = fold(value).text
    if entity_type in _AS_WRITTEN:
        return folded.strip()
    if entity_type in _WORDS:
        # Never between digits: "1 23" is not "12 3".
        folded = re.sub(r"(?<=[0-9])[\s,.()]+(?=[0-9])", " ", folded)
        return re.sub(r"(?<![0-9])[\s,.()]+|[\s,.()]+(?![0-9])", "", folded).casefold() or folded
    if entity_type is EntityType.EMAIL:
        return re.sub(r"\s+", "", folded).casefold()  # "kim @ example.com"
    if entity_type in _DIGITS_ALONE:
        return digits_of(folded)
    return _normal_otherwise(entity_type, folded)


def _normal_otherwise(entity_type: EntityType, folded: str) -> str:
    if entity_type is EntityType.PHONE:
        return re.sub(r"^(?:00)?82(?=(?:0?1[016789]|0?[2-7]))0?", "0", digits_of(folded))
    if entity_type is EntityType.KR_DRIVER:
        for region, number in _LICENCE_REGIONS:
            folded = folded.replace(region, number)
        return digits_of(folded)
    if entity_type is EntityType.BIRTH_DATE:
        day = checks_of_signs.day_of(folded)
        return day.isoformat() if day else folded
    if entity_type is EntityType.CRYPTO:
        return folded.lower() if folded[:2].lower() in ("0x", "bc", "tb", "lt") else folded
    if entity_type is EntityType.IP:
        return folded.lower()
    if entity_type is EntityType.COORDINATES:
        return re.sub(r"[^0-9A-Z.+-]+", " ", folded.upper()).strip()
    return re.sub(r"[\W_]+", "", folded).upper()
