# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What the window says of personal data, in words. Pure."""

from collections.abc import Mapping, Sequence

from assistant.entities import ENTITY_NAMES, EntityType
from assistant.privacy.policy import Action, Found
from assistant.texts import tr, trn

LONGEST_VALUE = 28  # letters of a value on a chip


def counted(kind: EntityType, n: int) -> str:
    """Return how many of a kind there are: "2 e-mail addresses"."""
    words = {
        EntityType.EMAIL: trn("{n} e-mail address", "{n} e-mail addresses", n),
        EntityType.PHONE: trn("{n} telephone number", "{n} telephone numbers", n),
        EntityType.CARD: trn("{n} card number", "{n} card numbers", n),
        EntityType.BANK_ACCOUNT: trn("{n} bank account", "{n} bank accounts", n),
        EntityType.IBAN: trn("{n} IBAN", "{n} IBANs", n),
        EntityType.CRYPTO: trn("{n} cryptocurrency address", "{n} cryptocurrency addresses", n),
        EntityType.KR_RRN: trn("{n} resident registration number", "{n} resident registration numbers", n),
        EntityType.KR_FRN: trn("{n} foreigner registration number", "{n} foreigner registration numbers", n),
        EntityType.KR_DRIVER: trn("{n} driver's licence number", "{n} driver's licence numbers", n),
        EntityType.KR_BUSINESS: trn(
            "{n} business registration number", "{n} business registration numbers", n
        ),
        EntityType.KR_CORPORATION: trn(
            "{n} corporate registration number", "{n} corporate registration numbers", n
        ),
        EntityType.KR_HEALTH: trn("{n} health insurance number", "{n} health insurance numbers", n),
        EntityType.PASSPORT: trn("{n} passport number", "{n} passport numbers", n),
        EntityType.NATIONAL_ID: trn("{n} national identity number", "{n} national identity numbers", n),
        EntityType.TAX_NUMBER: trn("{n} tax number", "{n} tax numbers", n),
        EntityType.PRIVATE_KEY: trn("{n} private key", "{n} private keys", n),
        EntityType.TOKEN: trn("{n} access key", "{n} access keys", n),
        EntityType.PASSWORD: trn("{n} password", "{n} passwords", n),
        EntityType.CONNECTION: trn("{n} address with a password", "{n} addresses with a password", n),
        EntityType.PERSON: trn("{n} name", "{n} names", n),
        EntityType.ADDRESS: trn("{n} postal address", "{n} postal addresses", n),
        EntityType.BIRTH_DATE: trn("{n} date of birth", "{n} dates of birth", n),
        EntityType.PLATE: trn("{n} vehicle plate", "{n} vehicle plates", n),
        EntityType.IP: trn("{n} IP address", "{n} IP addresses", n),
        EntityType.MAC: trn("{n} hardware address", "{n} hardware addresses", n),
        EntityType.COORDINATES: trn("{n} pair of coordinates", "{n} pairs of coordinates", n),
        EntityType.SWIFT: trn("{n} bank code", "{n} bank codes", n),
    }
    return words[kind]


def listed(counts: Mapping[EntityType, int]) -> str:
    """Return counts in one phrase, the most first: "2 e-mail addresses and 1 card number"."""
    most_first = sorted(counts.items(), key=lambda pair: (-pair[1], list(EntityType).index(pair[0])))
    things = [counted(kind, n) for kind, n in most_first if n]
    if len(things) < 2:
        return "".join(things)
    return tr("{before} and {last}", before=", ".join(things[:-1]), last=things[-1])


def hidden_line(counts: Mapping[EntityType, int]) -> str:
    """Return what will be hidden, "" for nothing."""
    things = listed(counts)
    return tr("{things} will be hidden from the model", things=things) if things else ""


def warned_line(counts: Mapping[EntityType, int]) -> str:
    """Return what the model will see although it is personal, "" for nothing."""
    things = listed(counts)
    return tr("The model will see {things}", things=things) if things else ""


def blocked_line(counts: Mapping[EntityType, int]) -> str:
    """Return why a question cannot be sent, "" where it can."""
    things = listed(counts)
    if not things:
        return ""
    return tr("This question is not sent while it holds {things}. Take it out to send it.", things=things)


def shown_line(values: Sequence[str]) -> str:
    """Return what was let through, "" for nothing."""
    if not values:
        return ""
    if len(values) == 1:
        return tr("{value} is shown to the model in this conversation", value=shortened(values[0]))
    return trn(
        "{n} item is shown to the model in this conversation",
        "{n} items are shown to the model in this conversation",
        len(values),
    )


def reason(found: Found, chosen: Action | None = None) -> str:
    """Return what something was taken for, why, and what happens to it; `chosen` goes before the policy."""
    entity = found.entity
    named = tr(
        "{kind}: {evidence}.", kind=str(ENTITY_NAMES[entity.entity_type]), evidence=str(entity.evidence.value)
    )
    happens = {
        Action.IGNORE: "",
        Action.WARN: tr("The model will see it."),
        Action.MASK: tr("It will be hidden from the model."),
        Action.BLOCK: tr("A question that holds it is not sent."),
    }
    shown = chosen is Action.IGNORE
    then = tr("The model sees it in this conversation.") if shown else happens[chosen or found.action]
    return f"{named} {then}".strip()


def shortened(value: str) -> str:
    """Return a value in one short line: its beginning and its end."""
    line = " ".join(value.split())
    return line if len(line) <= LONGEST_VALUE else f"{line[: LONGEST_VALUE - 8]}…{line[-7:]}"
