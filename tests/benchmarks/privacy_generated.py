# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""10,000 made-up texts with personal data whose place is known, half of them English, half Korean.

Written from the published formats before the recognizers, and without a look at them. `SEED` draws the
same texts everywhere. Templates, labels and hard negatives are split in a fixed way: those at even places
of their rows are the "seen" half, which recognizers may be tuned on; those at odd places the "unseen" one,
of which only counts are looked at while that goes on. Values are drawn alike for both.

    python -m tests.benchmarks.privacy_generated            # a few texts of the seen half
    python -m tests.benchmarks.eval_privacy --misses        # what is missed and found wrongly in it
"""

import re
import sys
from dataclasses import dataclass
from random import Random

from assistant.entities import EntityType
from tests.benchmarks import (
    privacy_labels,
    privacy_people,
    privacy_templates_english,
    privacy_templates_korean,
    privacy_values,
    privacy_values_abroad,
    privacy_values_korea,
    privacy_values_secrets,
)
from tests.benchmarks import privacy_negatives as negatives
from tests.benchmarks.privacy_values import Kind
from tests.benchmarks.privacy_variations import PLAIN, varied

SEED = 20261121
COUNT = 10_000
SEEN, UNSEEN, ALL = "seen", "unseen", "all"
NEGATIVE, JOINED, FORM, PEOPLE = 0.20, 0.12, 0.06, 0.08  # shares of the texts
MARK = re.compile(r"\{([a-z_]+|은|이|을|과|으로|이고|이라고)\}")
PARTICLES = {
    "은": ("은", "는"),
    "이": ("이", "가"),
    "을": ("을", "를"),
    "과": ("과", "와"),
    "으로": ("으로", "로"),
    "이고": ("이고", "고"),
    "이라고": ("이라고", "라고"),
}
ENDS_IN_CONSONANT = frozenset("013678lmnrLMNR")
ENDS_IN_L = frozenset("178lLrR")
KINDS: tuple[Kind, ...] = (
    *privacy_values.KINDS,
    *privacy_values_korea.KINDS,
    *privacy_values_abroad.KINDS,
    *privacy_values_secrets.KINDS,
)
STRUCTURED = tuple(dict.fromkeys(kind.entity_type for kind in KINDS))
SHARES = {EntityType.EMAIL: 1.6, EntityType.PHONE: 2.2, EntityType.NATIONAL_ID: 2.0, EntityType.TOKEN: 1.4}
SHAPED = frozenset(  # words whose values have a form of their own: a table's header may stand lines away
    "email phone card iban rrn frn driver business ip mac token account crypto web_token".split()  # noqa: SIM905
)
LINES_AS_THEY_ARE = frozenset({"private_key"})  # several lines: in sentences alone


@dataclass(frozen=True)
class Gold:
    """Personal data that was planted at code points [start, end), the way it is written, its kind."""

    entity_type: EntityType
    start: int
    end: int
    written: str = PLAIN
    kind: str = ""


@dataclass(frozen=True)
class Sample:
    """A text, its language ("en", "ko"), what is planted in it, its half, and which template made it."""

    text: str
    language: str
    entities: tuple[Gold, ...]
    half: str = SEEN
    template: str = ""


def sentences(half: str = SEEN, count: int = COUNT, seed: int = SEED) -> list[Sample]:
    """Return the texts of a half ("seen", "unseen", "all") out of `count` that the seed draws."""
    wanted = {SEEN, UNSEEN} if half == ALL else {half}
    places = [(place, (SEEN, UNSEEN)[place % 2], ("en", "ko")[place // 2 % 2]) for place in range(count)]
    return [
        _Writer(Random(f"{seed}:{place}"), part, language).sample()
        for place, part, language in places
        if part in wanted
    ]


class _Writer:
    """Writes one text: fills templates, piece by piece, and notes where values come to stand."""

    def __init__(self, rng: Random, half: str, language: str) -> None:
        self.rng, self.half, self.language = rng, half, language
        korean = language == "ko"
        self.templates = privacy_templates_korean if korean else privacy_templates_english
        self.labels = privacy_labels.KOREAN if korean else privacy_labels.ENGLISH
        self.people = privacy_people.KOREAN if korean else privacy_people.ENGLISH
        self.negatives = negatives.KOREAN if korean else negatives.ENGLISH
        self.text = ""
        self.golds: list[Gold] = []
        self.used: list[str] = []

    def sample(self) -> Sample:
        """Write a whole text."""
        drawn = self.rng.random()
        if drawn < NEGATIVE:
            self.negative()
        elif drawn < NEGATIVE + JOINED:
            self.joined()
        elif drawn < NEGATIVE + JOINED + FORM:
            self.form()
        elif drawn < NEGATIVE + JOINED + FORM + PEOPLE:
            self.person_or_address()
        else:
            self.value()
        golds = tuple(self.golds)
        return Sample(self.text, self.language, golds, self.half, " + ".join(self.used))

    def negative(self) -> None:
        """Write a sentence without personal data."""
        self.fill("negative", self.negatives)

    def joined(self) -> None:
        """Write sentences with and without personal data beside each other."""
        parts = [self.value, self.negative, self.rng.choice((self.value, self.negative))]
        self.rng.shuffle(parts)
        for place, part in enumerate(parts):
            self.text += self.rng.choice((" ", "\n")) if place else ""
            part()

    def form(self) -> None:
        """Write a form: several labels and their values, each in a line."""
        separator = self.rng.choice((": ", " : ", "\t"))
        for place in range(self.rng.randint(3, 5)):
            kind = self.kind()
            while kind.words in LINES_AS_THEY_ARE:
                kind = self.kind()
            self.text += ("\n" if place else "") + self.one_of(self.labels[kind.words])[0] + separator
            self.plant(kind, lines=False)
        self.used.append("form")

    def person_or_address(self) -> None:
        """Write a sentence with a name or an address."""
        kind = self.rng.choice([one for one in privacy_people.KINDS if self.weight(one)])
        self.fill(kind.words, self.people[kind.words], kind)

    def value(self) -> None:
        """Write a sentence with a value of a structured type."""
        kind = self.kind()
        own = self.templates.SENTENCES.get(kind.words, ())
        code = privacy_labels.CODE.get(kind.words, ())
        drawn = self.rng.random()
        if kind.words in LINES_AS_THEY_ARE or (own and drawn < 0.5):
            self.fill(kind.words, own, kind)
        elif code and drawn > 0.93 and kind.words in SHAPED:
            self.fill("table", self.templates.TABLES, kind)
        elif code and drawn > 0.80:
            self.fill("code", self.templates.IN_CODE, kind)
        else:
            self.fill("labelled", self.templates.LABELLED, kind)

    def kind(self) -> Kind:
        """Draw a type, then one of its kinds."""
        wanted = self.rng.choices(STRUCTURED, [SHARES.get(one, 1.0) for one in STRUCTURED])[0]
        kinds = [kind for kind in KINDS if kind.entity_type is wanted and self.weight(kind)]
        return self.rng.choices(kinds, [self.weight(kind) for kind in kinds])[0]

    def weight(self, kind: Kind) -> float:
        """Return how often the language has a kind."""
        return kind.korean if self.language == "ko" else kind.english

    def one_of(self, row: tuple[str, ...]) -> tuple[str, int]:
        """Return one of the row's texts of this half, and its place in the row."""
        place = self.rng.choice(range(0 if self.half == SEEN else 1, len(row), 2))
        return row[place], place

    def fill(self, name: str, row: tuple[str, ...], kind: Kind | None = None) -> None:
        """Write one of the row's templates of this half."""
        template, place = self.one_of(row)
        if kind and "{key}" in template:  # one name, also where it stands twice
            template = template.replace("{key}", self.one_of(privacy_labels.CODE[kind.words])[0])
        self.used.append(f"{name}/{kind.words} {place}" if kind else f"{name} {place}")
        done = 0
        for mark in MARK.finditer(template):
            self.text += template[done : mark.start()]
            self.write(mark[1], kind, lines=name not in {"code", "table"} and "|" not in template)
            done = mark.end()
        self.text += template[done:]

    def write(self, name: str, kind: Kind | None, *, lines: bool) -> None:
        """Write what a mark stands for."""
        if name in PARTICLES:
            self.text += particle(name, self.text)
        elif name in negatives.MAKERS:
            self.text += negatives.MAKERS[name](self.rng)
        elif name == "v" and kind:
            self.plant(kind, lines=lines)
        elif name == "label" and kind:
            self.text += self.one_of(self.labels[kind.words])[0]
        elif name == "bank" and kind:
            self.text += kind.bank[self.language == "ko"]
        else:
            self.plant(self.of_words(name), lines=lines)

    def of_words(self, words: str) -> Kind:
        """Draw a kind by the key of its templates."""
        kinds = [
            kind for kind in (*KINDS, *privacy_people.KINDS) if kind.words == words and self.weight(kind)
        ]
        return self.rng.choices(kinds, [self.weight(kind) for kind in kinds])[0]

    def plant(self, kind: Kind, *, lines: bool) -> None:
        """Write a value, and note where it stands."""
        value, written = varied(self.rng, kind, kind.make(self.rng), self.language, lines=lines)
        start = len(self.text)
        self.text += value
        self.golds.append(Gold(kind.entity_type, start, len(self.text), written, kind.name))


def particle(name: str, before: str) -> str:
    """Return the form of a Korean particle that fits what it is glued to."""
    after_consonant, after_vowel = PARTICLES[name]
    sign = next((one for one in reversed(before) if one.isalnum()), "")
    final = (ord(sign) - 0xAC00) % 28 if "가" <= sign <= "힣" else 0
    if name == "으로" and (final == 8 or sign in ENDS_IN_L):
        return after_vowel
    return after_consonant if final or sign in ENDS_IN_CONSONANT else after_vowel


def main() -> int:
    """Print a few texts of the seen half."""
    for one in sentences(SEEN, 200):
        planted = ", ".join(
            f"{gold.entity_type} {one.text[gold.start : gold.end]!r}" for gold in one.entities
        )
        sys.stdout.write(f"[{one.language}, {one.template}] {one.text}\n    {planted}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
