# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""`make bench` measures every row; `make bench ROW=P3` one, the others stay as they were.

Every module `*_rows.py` beside this one is asked for its rows; one that is expected and missing, or
cannot be measured here, is in the table with the reason.
"""

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from tests.benchmarks.machine import machine_facts
from tests.benchmarks.pairs import Measure, NotRun
from tests.benchmarks.report import RESULTS, Line, line_not_run, line_of, merged, store, table
from tests.homes import ENVIRONMENT

EXPECTED = {
    "E1": ("at_rest_rows", "<= 1.10 x the time without encryption"),
    "G1": ("engine_rows", "decode >= 0.97 of bare llama.cpp, >= 0.99 at 50 tokens/s or less"),
    "G2": ("generation_rows", "at answer token 2,800 >= 0.99 of the ratio at token 100"),
    "G3": ("engine_rows", "prompt >= 0.98 of bare llama.cpp"),
    "G5": ("states_rows", "<= 1.10 x the new tokens alone + 30 ms"),
    "G6": ("states_rows", "<= 0.05 of cold"),
    "G7": ("states_rows", "<= 0.10 of cold"),
    "G8": ("generation_rows", ">= 1.8 quoting and summary, >= 1.4 documents, >= 0.98 free chat"),
    "G9": ("life_rows", ">= 0.95 of the speed alone; indexing yields within 100 ms"),
    "G10": ("generation_rows", "stop within 150 ms (p99)"),
    "H4": ("generation_rows", "100 of 100 byte-identical"),
    "I1": ("documents_rows", "PDF >= 0.50 of bare pypdfium2 and >= 200 pages/s on 2 cores"),
    "I2": ("engine_rows", "embedding >= 0.95 of bare llama.cpp"),
    "I3": ("folder_rows", "<= 0.5 s, no file opened, nothing embedded"),
    "I4": ("folder_rows", "<= 1 s plus the changed chunks"),
    "I5": ("folder_rows", "embedded once, every location citable"),
    "I6": ("folder_rows", "at most one batch repeated, no duplicate"),
    "P1": ("privacy_rows", ">= 0.995 recall, >= 0.98 precision, per language"),
    "P2": ("privacy_rows", "reported per language; >= 0.90 with a model installed"),
    "P3": ("privacy_rows", "<= 0.5 ms/KB, hostile text in linear time"),
    "R1": ("search_rows", "p95 <= 5 / 10 / 40 ms at 1k / 10k / 100k passages"),
    "R2": ("search_rows", "recall@10 of the index >= 0.99 at 10k and 100k real embeddings"),
    "R3": ("search_rows", "within one collection <= 1.5x the time in all"),
    "R5": ("search_rows", "identifiers: hit@1 >= 0.99 over 1,000 planted"),
    "R4": ("search_rows", "English >= 0.94 / 0.99, Korean >= 0.90 / 0.985, hybrid >= each half"),
    "U1": ("window_rows", "<= 400 ms"),
}
DONE, MISUSED = 0, 2


def main(names: Sequence[str], folder: Path = RESULTS) -> int:
    """Measure the rows of these names, or all; print the table and store it in `folder`."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # modules are compiled, as with a user
    os.environ.update(ENVIRONMENT)  # homes are made on the way: the user's keyring has no part in them
    known, failed = _collect()
    rows = sorted({*EXPECTED, *known})
    unknown = [name for name in names if name not in rows]
    if unknown:
        sys.stderr.write(f"There is no row {', '.join(unknown)}. Rows: {', '.join(rows)}\n")
        return MISUSED
    measured: dict[str, list[Line]] = {}
    for name in names or rows:
        sys.stderr.write(f"{name} …\n")
        measured[name] = _measure(name, known, failed)
    machine = machine_facts()
    store(merged(measured, machine, folder) if names else measured, machine, folder)
    sys.stdout.write(table([line for lines in measured.values() for line in lines]) + "\n")
    return DONE


def _collect() -> tuple[dict[str, Measure], dict[str, str]]:
    """Return the measuring functions by row, and why a module could not be asked, by module."""
    known: dict[str, Measure] = {}
    failed: dict[str, str] = {}
    for path in sorted(Path(__file__).parent.glob("*_rows.py")):
        try:
            known |= import_module(f"tests.benchmarks.{path.stem}").ROWS
        except (ImportError, AttributeError) as error:
            failed[path.stem] = f"{type(error).__name__}: {error}"
    return known, failed


def _measure(name: str, known: dict[str, Measure], failed: dict[str, str]) -> list[Line]:
    module, goal = EXPECTED.get(name, ("", ""))
    if name not in known:
        return [line_not_run(name, goal, failed.get(module, f"{module} does not measure it yet"))]
    try:
        rows = known[name]()
    except NotRun as reason:
        return [line_not_run(name, goal, str(reason))]
    except Exception as error:  # noqa: BLE001 (the other rows go on)
        return [line_not_run(name, goal, f"{type(error).__name__}: {error}")]
    return [line_of(row) for row in ([rows] if isinstance(rows, dict) else rows)]


if __name__ == "__main__":
    sys.exit(main([name for name in sys.argv[1:] if name]))
