# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Personal data found in a text: a pure value."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, StrEnum

from assistant.texts import Text, text


class EntityType(StrEnum):
    """What kind of personal data was found."""

    EMAIL = "EMAIL"
    PHONE = "PHONE"
    CARD = "CARD"
    BANK_ACCOUNT = "BANK_ACCOUNT"
    IBAN = "IBAN"
    CRYPTO = "CRYPTO"  # an address of Bitcoin, Ethereum, …
    KR_RRN = "KR_RRN"  # Korean resident registration number
    KR_FRN = "KR_FRN"  # Korean foreigner registration number
    KR_DRIVER = "KR_DRIVER"  # Korean driver's licence
    KR_BUSINESS = "KR_BUSINESS"  # Korean business registration number
    KR_CORPORATION = "KR_CORPORATION"  # Korean corporate registration number
    KR_HEALTH = "KR_HEALTH"  # number of a Korean health insurance certificate
    PASSPORT = "PASSPORT"
    NATIONAL_ID = "NATIONAL_ID"  # of another country: social security, identity card, patient number
    TAX_NUMBER = "TAX_NUMBER"  # of another country: VAT, taxpayer, employer
    PRIVATE_KEY = "PRIVATE_KEY"
    TOKEN = "TOKEN"  # noqa: S105 - of a cloud or another service; JSON web tokens, too
    PASSWORD = "PASSWORD"  # noqa: S105
    CONNECTION = "CONNECTION"  # a connection string or an address with its password
    PERSON = "PERSON"
    ADDRESS = "ADDRESS"
    BIRTH_DATE = "BIRTH_DATE"
    PLATE = "PLATE"  # of a vehicle
    IP = "IP"
    MAC = "MAC"
    COORDINATES = "COORDINATES"
    SWIFT = "SWIFT"


ENTITY_NAMES: dict[EntityType, Text] = {
    EntityType.EMAIL: text("E-mail address"),
    EntityType.PHONE: text("Telephone number"),
    EntityType.CARD: text("Card number"),
    EntityType.BANK_ACCOUNT: text("Bank account"),
    EntityType.IBAN: text("International bank account (IBAN)"),
    EntityType.CRYPTO: text("Address of a cryptocurrency"),
    EntityType.KR_RRN: text("Resident registration number"),
    EntityType.KR_FRN: text("Foreigner registration number"),
    EntityType.KR_DRIVER: text("Driver's licence number"),
    EntityType.KR_BUSINESS: text("Business registration number"),
    EntityType.KR_CORPORATION: text("Corporate registration number"),
    EntityType.KR_HEALTH: text("Health insurance number"),
    EntityType.PASSPORT: text("Passport number"),
    EntityType.NATIONAL_ID: text("National identity number"),
    EntityType.TAX_NUMBER: text("Tax number"),
    EntityType.PRIVATE_KEY: text("Private key"),
    EntityType.TOKEN: text("Access key or token"),
    EntityType.PASSWORD: text("Password"),
    EntityType.CONNECTION: text("Address with a password"),
    EntityType.PERSON: text("Name of a person"),
    EntityType.ADDRESS: text("Postal address"),
    EntityType.BIRTH_DATE: text("Date of birth"),
    EntityType.PLATE: text("Vehicle plate"),
    EntityType.IP: text("IP address"),
    EntityType.MAC: text("Hardware address (MAC)"),
    EntityType.COORDINATES: text("Coordinates of a place"),
    EntityType.SWIFT: text("Bank code (SWIFT)"),
}


class EntityGroup(Enum):
    """Types that people decide on together; the value is what they are called."""

    CONTACT = text("E-mail and telephone")
    MONEY = text("Cards and accounts")
    IDENTITY = text("Identity numbers")
    SECRETS = text("Passwords and keys")
    PEOPLE = text("Names, addresses and dates of birth")
    TRACES = text("Plates, places and devices")

    @property
    def types(self) -> tuple[EntityType, ...]:
        """The types in it, in the order in which they are shown."""
        return _GROUPS[self]


_GROUPS: dict[EntityGroup, tuple[EntityType, ...]] = {
    EntityGroup.CONTACT: (EntityType.EMAIL, EntityType.PHONE),
    EntityGroup.MONEY: (EntityType.CARD, EntityType.BANK_ACCOUNT, EntityType.IBAN, EntityType.CRYPTO),
    EntityGroup.IDENTITY: (
        EntityType.KR_RRN,
        EntityType.KR_FRN,
        EntityType.KR_DRIVER,
        EntityType.KR_BUSINESS,
        EntityType.KR_CORPORATION,
        EntityType.KR_HEALTH,
        EntityType.PASSPORT,
        EntityType.NATIONAL_ID,
        EntityType.TAX_NUMBER,
    ),
    EntityGroup.SECRETS: (
        EntityType.PRIVATE_KEY,
        EntityType.TOKEN,
        EntityType.PASSWORD,
        EntityType.CONNECTION,
    ),
    EntityGroup.PEOPLE: (EntityType.PERSON, EntityType.ADDRESS, EntityType.BIRTH_DATE),
    EntityGroup.TRACES: (
        EntityType.PLATE,
        EntityType.IP,
        EntityType.MAC,
        EntityType.COORDINATES,
        EntityType.SWIFT,
    ),
}


class Evidence(Enum):
    """Why something is taken for personal data; the value says it to people."""

    SHAPE = text("it has the form of one")
    CONTEXT = text("the words beside it say so")
    CHECKSUM = text("its check digits are right")


@dataclass(frozen=True)
class Entity:
    """Personal data at code points [start, end) of a text; `score` is the confidence, 0 to 1."""

    entity_type: EntityType
    start: int
    end: int
    score: float
    text: str
    evidence: Evidence = Evidence.SHAPE


def count_by_type(entities: Iterable[Entity]) -> dict[str, int]:
    """Return how many of each type there are, by the type's name."""
    return dict(Counter(entity.entity_type.value for entity in entities))
