# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What `make bench` prints and keeps; no time is measured here."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.benchmarks import __main__ as frame
from tests.benchmarks.pairs import Measure, NotRun, Row, Timing, compare, repeat

KEPT = Row(row="P3", goal="<= 1", measured="0.5", ratio=0.5, spread="0.4 to 0.6", kept=True, what="a | b")


def measured() -> Row:
    return KEPT


def two_rows() -> Sequence[Row]:
    return [KEPT | {"row": "R4 en"}, KEPT | {"row": "R4 ko", "kept": False, "ratio": None}]


def impossible() -> Row:
    raise NotRun("no shared data")


def broken() -> Row:
    raise ValueError("out of order")


@pytest.fixture
def rows(monkeypatch: pytest.MonkeyPatch) -> dict[str, Measure]:
    known: dict[str, Measure] = {"P3": measured, "R4": two_rows, "I1": impossible, "I2": broken}
    failed = {"engine_rows": "ImportError: no llama_cpp"}
    monkeypatch.setattr(frame, "_collect", lambda: (known, failed))
    return known


def stored(folder: Path) -> dict[str, list[dict[str, str]]]:
    rows: dict[str, list[dict[str, str]]] = json.loads((folder / "results.json").read_bytes())["rows"]
    return rows


@pytest.mark.usefixtures("rows")
def test_every_row_is_in_the_table_with_its_outcome(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert frame.main([], tmp_path) == 0
    outcomes = {line["row"]: line["outcome"] for lines in stored(tmp_path).values() for line in lines}
    assert outcomes["P3"] == outcomes["R4 en"] == "kept"
    assert outcomes["R4 ko"] == "missed"
    assert {outcomes[name] for name in ("G1", "G3", "I1", "I2", "R1", "U1")} == {"not run"}
    shown = capsys.readouterr().out
    for reason in ("no shared data", "out of order", "no llama_cpp", "window_rows does not measure it yet"):
        assert reason in shown


def test_one_row_leaves_the_others_as_they_were(tmp_path: Path, rows: dict[str, Measure]) -> None:
    frame.main([], tmp_path)
    rows["P3"] = two_rows
    frame.main(["P3"], tmp_path)
    assert [line["row"] for line in stored(tmp_path)["P3"]] == ["R4 en", "R4 ko"]
    assert stored(tmp_path)["I1"][0]["what"] == "no shared data"


@pytest.mark.usefixtures("rows")
def test_figures_of_another_machine_are_not_mixed_with_new_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    frame.main([], tmp_path)
    monkeypatch.setattr(frame, "machine_facts", lambda: {"cores": "64"})
    frame.main(["P3"], tmp_path)
    assert list(stored(tmp_path)) == ["P3"]


@pytest.mark.usefixtures("rows")
def test_the_table_in_markdown_has_a_column_for_each_part(tmp_path: Path) -> None:
    frame.main(["P3"], tmp_path)
    lines = (tmp_path / "results.md").read_text(encoding="utf-8").splitlines()
    assert lines[-1] == "| P3 | <= 1 | 0.5 | 0.500 | 0.4 to 0.6 | kept | a / b |"


@pytest.mark.usefixtures("rows")
def test_an_unknown_row_is_refused_with_the_known_ones(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert frame.main(["X9"], tmp_path) == 2
    assert "P3" in capsys.readouterr().err


def test_pairs_alternate_after_an_uncounted_turn() -> None:
    turns: list[str] = []

    def turn(name: str, value: float) -> float:
        turns.append(name)
        return value

    comparison = compare(lambda: turn("a", 3.0), lambda: turn("b", 2.0), pairs=2)
    assert turns == ["a", "b"] * 3
    assert comparison.ratio == 1.5


def test_work_without_a_number_of_its_own_is_measured_by_the_clock() -> None:
    assert all(seconds >= 0 for seconds in repeat(lambda: None, times=3).values)


def test_a_percentile_is_one_of_the_values() -> None:
    timing = Timing(tuple(float(n) for n in range(1, 21)), 0.0)
    assert (timing.percentile(95), timing.percentile(100), timing.median) == (19.0, 20.0, 10.5)
