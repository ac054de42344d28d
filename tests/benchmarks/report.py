# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The table of a run, on the screen and in `results/`, together with the rows measured before."""

import json
from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks.pairs import Row

RESULTS = Path(__file__).parent / "results"
COLUMNS = ("row", "goal", "measured", "ratio", "spread", "outcome", "what")

Line = dict[str, str]  # a row of the table, by the names of COLUMNS


def line_of(row: Row) -> Line:
    """Return a measured row as shown."""
    ratio = row["ratio"]
    return {
        "row": row["row"],
        "goal": str(row["goal"]),
        "measured": str(row["measured"]),
        "ratio": "" if ratio is None else f"{ratio:.3f}",
        "spread": str(row["spread"]),
        "outcome": "kept" if row["kept"] else "missed",
        "what": row["what"],
    }


def line_not_run(name: str, goal: str, reason: str) -> Line:
    """Return a row that could not be measured, with the reason."""
    return dict.fromkeys(COLUMNS, "") | {"row": name, "goal": goal, "outcome": "not run", "what": reason}


def merged(new: dict[str, list[Line]], machine: dict[str, str], folder: Path) -> dict[str, list[Line]]:
    """Return `new` over the stored rows, by row name; figures of another machine are not kept."""
    try:
        stored = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return new
    if stored.get("machine") != machine:
        return new
    return dict(sorted({**stored["rows"], **new}.items()))


def store(rows: dict[str, list[Line]], machine: dict[str, str], folder: Path) -> None:
    """Write results.json and results.md."""
    folder.mkdir(exist_ok=True)
    contents = {"machine": machine, "rows": rows}
    written = json.dumps(contents, ensure_ascii=False, indent=2)
    (folder / "results.json").write_text(written + "\n", encoding="utf-8")
    facts = "\n".join(f"- {name}: {value}" for name, value in machine.items())
    lines = [line for measured in rows.values() for line in measured]
    (folder / "results.md").write_text(f"# Measured\n\n{facts}\n\n{_markdown(lines)}", encoding="utf-8")


def table(lines: Sequence[Line]) -> str:
    """Return the lines in columns of equal width; what was measured stands below each."""
    shown = [name for name in COLUMNS if name != "what"]
    cells = [shown, *([line[name] for name in shown] for line in lines)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    rows = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in cells]
    notes = ["", *(f"    {line['what']}" for line in lines)]
    return "\n".join(f"{row.rstrip()}\n{note}".rstrip() for row, note in zip(rows, notes, strict=True))


def _markdown(lines: Sequence[Line]) -> str:
    rows = [COLUMNS, ["---"] * len(COLUMNS), *([line[name] for name in COLUMNS] for line in lines)]
    return "".join(f"| {' | '.join(cell.replace('|', '/') for cell in row)} |\n" for row in rows)
