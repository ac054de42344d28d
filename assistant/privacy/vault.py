# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The values that stand behind the placeholders of one conversation."""

import json
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field

from assistant.entities import EntityType
from assistant.errors import DatabaseError
from assistant.privacy.known import KnownValues
from assistant.privacy.recognizers import normal
from assistant.texts import text

# Text of the user's own that merely looks like a placeholder is hidden behind one, too: nothing in a
# masked text can then be taken for a placeholder that is none.
LITERAL = "LITERAL"

LABELS: Mapping[str, Mapping[str, str]] = {
    EntityType.EMAIL: {"en": "EMAIL", "ko": "이메일"},
    EntityType.PHONE: {"en": "PHONE", "ko": "전화"},
    EntityType.CARD: {"en": "CARD", "ko": "카드"},
    EntityType.BANK_ACCOUNT: {"en": "BANK_ACCOUNT", "ko": "계좌"},
    EntityType.IBAN: {"en": "IBAN", "ko": "국제계좌"},
    EntityType.CRYPTO: {"en": "CRYPTO", "ko": "가상자산주소"},
    EntityType.KR_RRN: {"en": "KR_RRN", "ko": "주민등록번호"},
    EntityType.KR_FRN: {"en": "KR_FRN", "ko": "외국인등록번호"},
    EntityType.KR_DRIVER: {"en": "KR_DRIVER", "ko": "운전면허"},
    EntityType.KR_BUSINESS: {"en": "KR_BUSINESS", "ko": "사업자등록번호"},
    EntityType.KR_CORPORATION: {"en": "KR_CORPORATION", "ko": "법인등록번호"},
    EntityType.KR_HEALTH: {"en": "KR_HEALTH", "ko": "건강보험"},
    EntityType.PASSPORT: {"en": "PASSPORT", "ko": "여권"},
    EntityType.NATIONAL_ID: {"en": "NATIONAL_ID", "ko": "신분번호"},
    EntityType.TAX_NUMBER: {"en": "TAX_NUMBER", "ko": "세금번호"},
    EntityType.PRIVATE_KEY: {"en": "PRIVATE_KEY", "ko": "개인키"},
    EntityType.TOKEN: {"en": "TOKEN", "ko": "토큰"},
    EntityType.PASSWORD: {"en": "PASSWORD", "ko": "비밀번호"},
    EntityType.CONNECTION: {"en": "CONNECTION", "ko": "접속정보"},
    EntityType.PERSON: {"en": "PERSON", "ko": "이름"},
    EntityType.ADDRESS: {"en": "ADDRESS", "ko": "주소"},
    EntityType.BIRTH_DATE: {"en": "BIRTH_DATE", "ko": "생년월일"},
    EntityType.PLATE: {"en": "PLATE", "ko": "차량번호"},
    EntityType.IP: {"en": "IP", "ko": "아이피"},
    EntityType.MAC: {"en": "MAC", "ko": "기기주소"},
    EntityType.COORDINATES: {"en": "COORDINATES", "ko": "좌표"},
    EntityType.SWIFT: {"en": "SWIFT", "ko": "은행코드"},
    LITERAL: {"en": "LITERAL", "ko": "원문"},
}
KINDS = {label: kind for kind, labels in LABELS.items() for label in labels.values()}


@dataclass
class Vault:
    """Placeholders and values, both ways.

    The same value always gets the same placeholder, different values different ones. Two spellings
    of a value (`KIM@X.COM`, `kim@x.com`) are one and come back as the first was written; with `exact`
    each spelling counts for itself, so that a masked text can be restored to the letter. `language`
    ("en", "ko") names new placeholders; those of either language are restored. `let_through` are
    values (as `normal` spells them) that were shown to the model on purpose and stay so, `kept_back`
    those that were hidden although their kind is shown. `links` tells, of texts that their owner had masked,
    where placeholders stood in targets of links (`restore.links_of`). One thread may add while others read.
    """

    language: str = "en"
    exact: bool = False
    let_through: set[tuple[EntityType, str]] = field(default_factory=set, repr=False)
    kept_back: set[tuple[EntityType, str]] = field(default_factory=set, repr=False)
    links: set[str] = field(default_factory=set, repr=False)
    _numbers: dict[tuple[str, str], int] = field(default_factory=dict, repr=False)
    _values: dict[str, list[str]] = field(default_factory=dict, repr=False)
    _known: KnownValues = field(default_factory=KnownValues, repr=False, compare=False)
    _shown: dict[tuple[str, str], str] = field(default_factory=dict, repr=False, compare=False)

    def placeholder(self, kind: str, value: str) -> str:
        """Return the placeholder, such as `[EMAIL_1]`, for a value of an EntityType or of LITERAL."""
        shown = self._shown.get((kind, value))
        if shown is None:  # in this spelling; its `normal` one takes long
            shown = self._shown[kind, value] = f"[{LABELS[kind][self.language]}_{self._number(kind, value)}]"
        return shown

    def _number(self, kind: str, value: str) -> int:
        key = self._key(kind, value)
        if key not in self._numbers:
            values = self._values.setdefault(kind, [])
            values.append(value)
            self._numbers[key] = len(values)
            self._add(kind, value)
        return self._numbers[key]

    def value(self, label: str, number: int) -> str | None:
        """Return what `label` (upper case, in either language) and `number` stand for; None if nothing."""
        values = self._values.get(KINDS.get(label, ""), [])
        return values[number - 1] if 1 <= number <= len(values) else None

    def known(self, text: str) -> Iterator[tuple[EntityType, int, int]]:
        """Yield (type, start, end) where `text` holds, letter by letter, a value that was hidden before."""
        for kind, start, end in self._known.find(text):
            yield EntityType(kind), start, end

    def kind_of(self, value: str) -> EntityType | None:
        """Return the type by which a value, in this very spelling, was hidden first; None if never."""
        kind = self._known.kind_of(value)
        return None if kind is None else EntityType(kind)

    @property
    def size(self) -> int:
        """How many values it holds: it only grows."""
        return len(self._numbers)

    def choose(
        self, let_through: Set[tuple[EntityType, str]], kept_back: Set[tuple[EntityType, str]]
    ) -> bool:
        """Take in what is shown and what is hidden on purpose from now on; say whether that changes anything.

        The choice that comes last holds. Nothing may be both.
        """
        before = set(self.let_through), set(self.kept_back)
        self.let_through = self.let_through - kept_back | let_through
        self.kept_back = self.kept_back - let_through | kept_back
        return before != (self.let_through, self.kept_back)

    def hidden(self) -> list[tuple[str, EntityType, str]]:
        """Return every value that was hidden: placeholder, type, value, in the order of the types."""
        return [
            (f"[{LABELS[kind][self.language]}_{number}]", EntityType(kind), value)
            for kind in EntityType
            for number, value in enumerate(self._values.get(kind, []), start=1)
        ]

    def to_json(self) -> str:
        """Return the vault as text, the values in it unmasked: to be stored encrypted only."""
        contents = {
            "language": self.language,
            "exact": self.exact,
            "values": self._values,
            "let_through": sorted(self.let_through),
            "kept_back": sorted(self.kept_back),
            "links": sorted(self.links),
        }
        return json.dumps(contents, ensure_ascii=False)

    @classmethod
    def from_json(cls, stored: str) -> "Vault":
        """Return the vault that `to_json` wrote; raises DatabaseError where it is damaged."""
        try:
            contents = json.loads(stored)
            vault = cls(contents["language"], contents["exact"])
            LABELS[EntityType.EMAIL][vault.language]
            for kind, values in contents["values"].items():
                vault._values[kind] = list(values)
                for number, value in enumerate(values, start=1):
                    vault._numbers.setdefault(vault._key(kind, value), number)
                    vault._add(kind, value)
            vault.let_through = _items(contents.get("let_through", ()))
            vault.kept_back = _items(contents.get("kept_back", ()))
            vault.links = set(map(str, contents.get("links", ())))
        except (ValueError, TypeError, LookupError, AttributeError):
            raise DatabaseError(
                text("The list of hidden values of this conversation is damaged."),
                text("Start a new conversation; this one can still be read."),
            ) from None
        return vault

    def _key(self, kind: str, value: str) -> tuple[str, str]:
        return kind, value if self.exact or kind == LITERAL else normal(EntityType(kind), value)

    def _add(self, kind: str, value: str) -> None:
        if kind != LITERAL:
            self._known.add(kind, value)


def _items(written: Iterable[Iterable[str]]) -> set[tuple[EntityType, str]]:
    return {(EntityType(kind), str(value)) for kind, value in written}
