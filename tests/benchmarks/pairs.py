# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""How every benchmark measures: ours and bare in turn, in one run, wall and processor time side by side.

A module `tests/benchmarks/*_rows.py` holds `ROWS`, from the name of a row to the function that measures
it and returns one Row or several; it raises NotRun with the reason where that cannot be done here.
"""

import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import TypedDict

import psutil

PAIRS = 7  # the fewest that a row may rest on


class NotRun(Exception):  # noqa: N818 (no error: an outcome)
    """A row cannot be measured here; the text says why."""


class Row(TypedDict):
    """One line of the table. `measured` and `spread` are as shown, with units; no `ratio`: None."""

    row: str
    goal: str
    measured: str
    ratio: float | None
    spread: str
    kept: bool
    what: str


Measure = Callable[[], Row | Sequence[Row]]
Rows = Mapping[str, Measure]


@dataclass(frozen=True)
class Timing:
    """Repeated measurements of one thing: `values` as the work returned them, else wall seconds."""

    values: tuple[float, ...]
    cpu_s: float  # median, of this process and all below it

    @property
    def median(self) -> float:
        """Return the middle value."""
        return median(self.values)

    @property
    def spread(self) -> tuple[float, float]:
        """Return the lowest and the highest value."""
        return min(self.values), max(self.values)

    def percentile(self, percent: float) -> float:
        """Return the value that `percent` of all are not above (nearest rank)."""
        ranked = sorted(self.values)
        return ranked[max(0, -int(-percent * len(ranked) // 100) - 1)]


@dataclass(frozen=True)
class Comparison:
    """Ours against bare: `ratios` are ours / bare, one for each pair."""

    ours: Timing
    bare: Timing

    @property
    def ratios(self) -> tuple[float, ...]:
        """Return ours / bare of each pair."""
        return tuple(a / b for a, b in zip(self.ours.values, self.bare.values, strict=True))

    @property
    def ratio(self) -> float:
        """Return the median of the pairs' ratios."""
        return median(self.ratios)

    @property
    def cpu_ratio(self) -> float:
        """Return the ratio of processor times; 0 where bare took too little to tell."""
        return self.ours.cpu_s / self.bare.cpu_s if self.bare.cpu_s else 0.0

    @property
    def spread(self) -> str:
        """Return the lowest and highest ratio, and the ratio of processor times, as shown."""
        low, high = min(self.ratios), max(self.ratios)
        return f"{low:.3f} to {high:.3f}, CPU {self.cpu_ratio:.3f}"


def compare(
    ours: Callable[[], float | None], bare: Callable[[], float | None], pairs: int = PAIRS, warm: int = 1
) -> Comparison:
    """Return `pairs` measurements of each, A B A B, after `warm` uncounted ones.

    Work that returns a number (tokens per second, say) is measured by it, other work by its wall time.
    """
    for _ in range(warm):
        ours()
        bare()
    runs = [(_run(ours), _run(bare)) for _ in range(pairs)]
    return Comparison(_timing([a for a, _ in runs]), _timing([b for _, b in runs]))


def repeat(work: Callable[[], float | None], times: int = PAIRS, warm: int = 1) -> Timing:
    """Return `times` measurements of something that nothing bare stands beside."""
    for _ in range(warm):
        work()
    return _timing([_run(work) for _ in range(times)])


def cpu_seconds() -> float:
    """Return the processor time of this process, of its living children and of those that ended."""
    times = os.times()
    total = times.user + times.system + times.children_user + times.children_system
    for child in psutil.Process().children(recursive=True):
        try:
            spent = child.cpu_times()
        except psutil.Error:
            continue
        total += spent.user + spent.system
    return total


def _run(work: Callable[[], float | None]) -> tuple[float, float]:
    cpu, wall = cpu_seconds(), time.perf_counter()
    value = work()
    wall, cpu = time.perf_counter() - wall, cpu_seconds() - cpu
    return (wall if value is None else value), cpu


def _timing(runs: list[tuple[float, float]]) -> Timing:
    return Timing(tuple(value for value, _ in runs), median(cpu for _, cpu in runs))
