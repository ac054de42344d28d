# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The sets that personal data is looked for in: the generated one, public ones, and files of anybody.

The public ones lie outside the repository (`../shared/data/pii`). Their labels are mapped where ours means
the same; a label without a counterpart is left out, and what is found there is not judged. A file of one's
own holds lines {"text": …, "language": "ko", "entities": [{"type": "PHONE", "start": 0, "end": 13}]}; places
are code points, types those of `assistant/entities.py`.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from assistant.entities import EntityType
from tests.benchmarks.pairs import NotRun
from tests.benchmarks.privacy_generated import ALL, COUNT, SEED, Gold, Sample, sentences

SETS = Path(__file__).parents[3] / "shared" / "data" / "pii"
PEOPLE = (EntityType.PERSON, EntityType.ADDRESS)
STRUCTURED = tuple(one for one in EntityType if one not in PEOPLE)
PRESIDIO_LABELS = {
    "EMAIL_ADDRESS": EntityType.EMAIL,
    "PHONE_NUMBER": EntityType.PHONE,
    "CREDIT_CARD": EntityType.CARD,
    "IBAN_CODE": EntityType.IBAN,
    "US_SSN": EntityType.NATIONAL_ID,
    "IP_ADDRESS": EntityType.IP,
    "PERSON": EntityType.PERSON,
    "STREET_ADDRESS": EntityType.ADDRESS,
    "ADDRESS": EntityType.ADDRESS,
}
RECOGNIZERS = {  # of Presidio, and the type that each has here
    "CreditCardRecognizer": "CARD",
    "CryptoRecognizer": "CRYPTO",
    "DeTaxIdRecognizer": "TAX_NUMBER",
    "DeVatIdRecognizer": "TAX_NUMBER",
    "DeKfzRecognizer": "PLATE",
    "DePassportRecognizer": "PASSPORT",
    "EmailRecognizer": "EMAIL",
    "EsNieRecognizer": "NATIONAL_ID",
    "EsNifRecognizer": "NATIONAL_ID",
    "FiPersonalIdentityCodeRecognizer": "NATIONAL_ID",
    "IbanRecognizer": "IBAN",
    "IpRecognizer": "IP",
    "ItFiscalCodeRecognizer": "NATIONAL_ID",
    "ItVatCodeRecognizer": "TAX_NUMBER",
    "KrBrnRecognizer": "KR_BUSINESS",
    "KrDriverLicenseRecognizer": "KR_DRIVER",
    "KrFrnRecognizer": "KR_FRN",
    "KrPassportRecognizer": "PASSPORT",
    "KrRrnRecognizer": "KR_RRN",
    "MacAddressRecognizer": "MAC",
    "NhsRecognizer": "NATIONAL_ID",
    "PhoneRecognizer": "PHONE",
    "PlPeselRecognizer": "NATIONAL_ID",
    "SePersonnummerRecognizer": "NATIONAL_ID",
    "UkNinoRecognizer": "NATIONAL_ID",
    "UkPassportRecognizer": "PASSPORT",
    "UkVehicleRegistrationRecognizer": "PLATE",
    "UsBankRecognizer": "BANK_ACCOUNT",
    "UsItinRecognizer": "TAX_NUMBER",
    "UsPassportRecognizer": "PASSPORT",
    "UsSsnRecognizer": "NATIONAL_ID",
}
KLUE_LABELS = {"PS": EntityType.PERSON}


@dataclass(frozen=True)
class LabelledSet:
    """Texts and what is planted in them; `unjudged`: spans of labels left out, by text."""

    name: str
    samples: tuple[Sample, ...]
    unjudged: tuple[tuple[tuple[int, int], ...], ...]
    left_out: tuple[str, ...] = ()
    shown: bool = True  # whether its licence lets excerpts be shown

    @property
    def types(self) -> tuple[EntityType, ...]:
        """The types it has a label for."""
        present = {gold.entity_type for sample in self.samples for gold in sample.entities}
        return tuple(one for one in EntityType if one in present)


def generated(seed: int = SEED, count: int = COUNT) -> LabelledSet:
    """Return the generated set, or its beginning; another seed draws other values into the same templates."""
    samples = tuple(sentences(ALL, count, seed))
    return LabelledSet("generated", samples, ((),) * len(samples))


def presidio_research(name: str) -> LabelledSet:
    """Return one of the two English sets of presidio-research (MIT)."""
    path = SETS / "presidio-research" / f"{name}.json"
    if not path.is_file():
        raise NotRun("skipped: no shared data")
    samples, unjudged, left_out = [], [], set()
    for one in json.loads(path.read_text("utf-8")):
        golds, spans = [], []
        for span in one["spans"]:
            start, end, label = span["start_position"], span["end_position"], span["entity_type"]
            if label in PRESIDIO_LABELS:
                golds.append(Gold(PRESIDIO_LABELS[label], start, end))
            else:
                left_out.add(label)
                spans.append((start, end))
        samples.append(Sample(one["full_text"], "en", tuple(golds)))
        unjudged.append(tuple(spans))
    return LabelledSet(name, tuple(samples), tuple(unjudged), tuple(sorted(left_out)))


def klue() -> LabelledSet:
    """Return the Korean names of KLUE-NER (CC BY-SA: counted, never shown)."""
    path = SETS / "klue-ner" / "klue-ner-v1.1_dev.tsv"
    if not path.is_file():
        raise NotRun("skipped: no shared data")
    lines = path.read_text("utf-8").splitlines()
    samples, unjudged, left_out = [], [], set()
    for filled, group in groupby(lines, key=bool):
        letters = [line.split("\t") for line in group if not line.startswith("##")]
        if not filled or not letters:
            continue
        golds, spans = [], []
        for label, start, end in _tagged([tag for _, tag in letters]):
            if label in KLUE_LABELS:
                golds.append(Gold(KLUE_LABELS[label], start, end))
            else:
                left_out.add(label)
                spans.append((start, end))
        samples.append(Sample("".join(letter for letter, _ in letters), "ko", tuple(golds)))
        unjudged.append(tuple(spans))
    return LabelledSet("klue-ner", tuple(samples), tuple(unjudged), tuple(sorted(left_out)), shown=False)


def _tagged(tags: Sequence[str]) -> Iterable[tuple[str, int, int]]:
    """Yield label, start and end of tags in the form B-PS, I-PS, O; one a letter."""
    start, label = 0, ""
    for at, tag in enumerate((*tags, "O")):
        if label and not tag.startswith("I-"):
            yield label, start, at
            label = ""
        if tag.startswith("B-"):
            start, label = at, tag[2:]


def of_file(path: Path) -> LabelledSet:
    """Return a set from JSON lines; raises NotRun with the line where it cannot be read as one."""
    samples = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            one = json.loads(line)
            golds = tuple(
                Gold(EntityType(gold["type"]), int(gold["start"]), int(gold["end"]))
                for gold in one["entities"]
            )
            sample = Sample(str(one["text"]), str(one["language"]), golds)
        except (ValueError, KeyError, TypeError) as error:
            raise NotRun(f"{path.name}, line {number}: {type(error).__name__}: {error}") from error
        if any(not 0 <= gold.start < gold.end <= len(sample.text) for gold in golds):
            raise NotRun(f"{path.name}, line {number}: a place outside of the text")
        samples.append(sample)
    return LabelledSet(path.stem, tuple(samples), ((),) * len(samples))


BY_NAME = {
    "generated": generated,
    "synth_dataset_v2": lambda: presidio_research("synth_dataset_v2"),
    "generated_large": lambda: presidio_research("generated_large"),
    "klue-ner": klue,
}
