# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""`make eval-privacy`: how much personal data is found, by type and language, beside Presidio.

    make eval-privacy                                   # everything; writes results/privacy*
    make eval-privacy ARGS="--set my.jsonl"             # a set of one's own (its form: privacy_sets)
    make eval-privacy ARGS="--seed 7 --sets generated"  # other values in the same templates
    make eval-privacy ARGS="--install-presidio"         # puts Presidio into build/presidio first
    make eval-privacy ARGS="--misses PHONE CARD"        # what is missed and wrongly found, seen half

The rule of the goals: see `privacy_scores`. What is missed in the unseen half is counted and never shown.
"""

import argparse
import json
import subprocess
import sys
import time
import venv
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.entities import EntityType
from assistant.privacy.filter import find
from tests.benchmarks import privacy_tables as tables
from tests.benchmarks.machine import machine_facts
from tests.benchmarks.pairs import NotRun
from tests.benchmarks.privacy_generated import ALL, COUNT, SEED, SEEN, UNSEEN, Sample, sentences
from tests.benchmarks.privacy_scores import RULES, Found, Score, Wrong, scored
from tests.benchmarks.privacy_sets import (
    BY_NAME,
    PEOPLE,
    RECOGNIZERS,
    STRUCTURED,
    LabelledSet,
    generated,
    of_file,
)
from tests.benchmarks.report import RESULTS

KB = 1024
PRESIDIO = Path(__file__).parents[2] / "build" / "presidio"
PRESIDIO_VERSION = "presidio-analyzer==2.2.366"
GROUPS = {"structured": STRUCTURED, "people": PEOPLE}
Finder = Callable[[Sequence[Sample]], "Answers"]


@dataclass(frozen=True)
class Answers:
    """What one side found in every text, and its processor time in milliseconds per KB (UTF-8)."""

    found: list[list[Found]]
    ms_per_kb: float


@dataclass(frozen=True)
class Figures:
    """The scores of one side for one language of one set (of the generated one: of a half), by rule."""

    set: str
    half: str
    language: str
    side: str
    group: str  # "structured", "people"
    texts: int
    ms_per_kb: float
    scores: dict[str, Score]
    unlabelled: int  # found of types that the set has no label for
    shown: bool = True


def ours(samples: Sequence[Sample]) -> Answers:
    """Return what the filter finds."""
    find("")
    before = time.process_time()
    entities = [find(sample.text) for sample in samples]
    spent = time.process_time() - before
    found = [[Found(one.entity_type, one.start, one.end, one.score) for one in some] for some in entities]
    return Answers(found, spent * 1000 / kilobytes(samples))


def presidio(samples: Sequence[Sample]) -> Answers:
    """Return what Presidio finds; of what overlaps the surest, then the longest."""
    python = PRESIDIO / "bin" / "python"
    if not python.is_file():
        raise NotRun('Presidio is not there: make eval-privacy ARGS="--install-presidio"')
    lines = json.dumps(RECOGNIZERS) + "\n"
    lines += "".join(json.dumps({"text": one.text, "language": one.language}) + "\n" for one in samples)
    program = Path(__file__).with_name("presidio_baseline.py")
    run = subprocess.run([python, program], input=lines, capture_output=True, text=True, check=False)
    if run.returncode:
        raise NotRun(f"Presidio failed: {run.stderr.strip().splitlines()[-1]}")
    *answers, spent = [json.loads(line) for line in run.stdout.splitlines()]
    found = [list(_apart(Found(EntityType(one[0]), *one[1:]) for one in some)) for some in answers]
    return Answers(found, spent * 1000 / kilobytes(samples))


def _apart(found: Iterable[Found]) -> Iterator[Found]:
    taken: list[Found] = []
    for one in sorted(found, key=lambda one: (-one.score, one.start - one.end)):
        if not any(one.start < other.end and other.start < one.end for other in taken):
            taken.append(one)
            yield one


def install_presidio() -> None:
    """Put Presidio into an environment of its own."""
    venv.create(PRESIDIO, with_pip=True)
    subprocess.run([PRESIDIO / "bin" / "pip", "install", "--quiet", PRESIDIO_VERSION], check=True)


def kilobytes(samples: Iterable[Sample]) -> float:
    """Return the size of texts in UTF-8."""
    return sum(len(one.text.encode()) for one in samples) / KB


def evaluate(
    one: LabelledSet, side: str, finder: Finder, types: Sequence[EntityType] = tuple(EntityType)
) -> Iterator[Figures]:
    """Yield the figures of one side for every half, language and group of a set."""
    answers = finder(one.samples)
    halves = (ALL, SEEN, UNSEEN) if one.name == "generated" else (ALL,)
    for half in halves:
        for language in sorted({sample.language for sample in one.samples}):
            places = [
                place
                for place, sample in enumerate(one.samples)
                if sample.language == language and half in {ALL, sample.half}
            ]
            for group, members in GROUPS.items():
                kept = [each for each in members if each in one.types and each in types]
                if kept:
                    yield _figures(one, side, answers, half, language, group, kept, places)


def _figures(
    one: LabelledSet,
    side: str,
    answers: Answers,
    half: str,
    language: str,
    group: str,
    types: Sequence[EntityType],
    places: Sequence[int],
) -> Figures:
    samples = [one.samples[place] for place in places]
    found = [answers.found[place] for place in places]
    spans = [one.unjudged[place] for place in places]
    scores = {name: scored(samples, found, types, rule, spans) for name, rule in RULES.items()}
    without = set(GROUPS[group]) - set(one.types)
    unlabelled = sum(each.entity_type in without for some in found for each in some)
    return Figures(
        one.name, half, language, side, group, len(samples), answers.ms_per_kb, scores, unlabelled, one.shown
    )


def _set(name: str, seed: int, count: int) -> LabelledSet:
    return generated(seed, count) if name == "generated" else BY_NAME[name]()


def misses(types: Sequence[EntityType], seed: int = SEED, count: int = COUNT) -> Iterator[Wrong]:
    """Yield what goes wrong in the seen half, in both languages."""
    samples = sentences(SEEN, count, seed)
    yield from scored(samples, ours(samples).found, types).wrong


def main(arguments: Sequence[str]) -> int:
    """Measure, print, and keep the tables where nothing was left out."""
    chosen = _parser().parse_args(arguments)
    if chosen.misses is not None:
        types = [EntityType(name) for name in chosen.misses] or list(EntityType)
        sys.stdout.write(tables.listed(list(misses(types, chosen.seed, chosen.texts)), each=chosen.each))
        return 0
    if chosen.install_presidio:
        install_presidio()
    figures: list[Figures] = []
    reasons: list[str] = []
    try:
        sets = [_set(name, chosen.seed, chosen.texts) for name in chosen.sets] + [
            of_file(path) for path in chosen.set
        ]
    except NotRun as reason:
        sys.stderr.write(f"{reason}\n")
        return 1
    theirs = sorted({EntityType(name) for name in RECOGNIZERS.values()})
    for one in sets:
        figures += evaluate(one, "Maru", ours)
        try:
            figures += [] if chosen.alone else evaluate(one, "Presidio", presidio, theirs)
        except NotRun as reason:
            reasons.append(f"{one.name}: {reason}")
    sys.stdout.write("".join(f"{reason}\n" for reason in reasons) + tables.totals(figures))
    partial = (
        chosen.set
        or chosen.alone
        or len(chosen.sets) < len(BY_NAME)
        or (chosen.seed, chosen.texts) != (SEED, COUNT)
    )
    if not (partial or reasons):
        tables.keep(figures, sets, machine_facts(), RESULTS)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make eval-privacy")
    parser.add_argument("--sets", nargs="*", choices=BY_NAME, default=list(BY_NAME))
    parser.add_argument(
        "--set", nargs="+", type=Path, default=[], metavar="FILE", help="sets of your own (JSON lines)"
    )
    parser.add_argument("--seed", type=int, default=SEED, metavar="N", help="draw other values")
    parser.add_argument("--texts", type=int, default=COUNT, metavar="N", help="draw fewer texts")
    parser.add_argument("--alone", action="store_true", help="without Presidio")
    parser.add_argument("--install-presidio", action="store_true", help="into build/presidio, from PyPI")
    parser.add_argument(
        "--misses", nargs="*", metavar="TYPE", help="list what goes wrong in the seen half, by type"
    )
    parser.add_argument("--each", type=int, default=20, metavar="N", help="how many of each type to list")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
