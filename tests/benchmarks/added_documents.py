# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What becomes of each of the shared documents: `maru add FOLDER --json`, twice, in an empty home.

    .venv/bin/python -m tests.benchmarks.added_documents   # some minutes: every passage is embedded

Writes results/documents.md: how many of each kind are in, every file that is not with the reason that
the user is told, and how long it takes to find that there is nothing to do.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.benchmarks.machine import machine_facts
from tests.homes import ENVIRONMENT

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = ROOT.parent / "shared" / "data" / "documents"
RESULTS = Path(__file__).resolve().parent / "results" / "documents.md"
FOUND = ("added", "unchanged", "replaced")


def main() -> int:
    """Add everything twice and write the table. Returns the exit code."""
    if not DOCUMENTS.is_dir():
        sys.stderr.write("no shared data\n")
        return 1
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        first, seconds = added(Path(home))
        again, seconds_again = added(Path(home))
    RESULTS.write_text(_written(first, seconds, again, seconds_again), encoding="utf-8")
    return 0


def added(home: Path) -> tuple[list[dict[str, Any]], float]:
    """Run the command; return its lines, and how long it took, in seconds."""
    command = [sys.executable, "-m", "assistant", "--home", str(home), "add", str(DOCUMENTS), "--json"]
    start = time.monotonic()
    settings = {**os.environ, **ENVIRONMENT}  # a passphrase of its own, never the user's keyring
    settings.pop("PYTHONDONTWRITEBYTECODE", None)  # it starts with compiled modules, as it is used
    done = subprocess.run(command, cwd=ROOT, env=settings, capture_output=True, check=True, encoding="utf-8")
    return [json.loads(line) for line in done.stdout.splitlines()], time.monotonic() - start


def _written(
    first: Sequence[dict[str, Any]], seconds: float, again: Sequence[dict[str, Any]], seconds_again: float
) -> str:
    facts = "\n".join(f"- {name}: {value}" for name, value in machine_facts().items())
    status = Counter(one["status"] for one in first)
    kinds: dict[str, Counter[str]] = {}
    for one in first:
        suffix = Path(one["path"]).suffix.lower() or "(none)"
        kinds.setdefault(suffix, Counter())[one["status"] if one["status"] not in FOUND else "added"] += 1
    names = ("added", "no_text", "protected", "failed")
    table = [f"| {kind} | " + " | ".join(str(counts[name]) for name in names) + " |"
             for kind, counts in sorted(kinds.items())]  # fmt: skip
    rest = [
        f"| {Path(one['path']).relative_to(DOCUMENTS)} | {one['status']} | {one['reason']} |"
        for one in first
        if one["status"] not in FOUND
    ]
    passages = sum(one["passages"] for one in first)
    return (
        "# The shared documents, added\n\n"
        "Written by `python -m tests.benchmarks.added_documents`.\n\n"
        f"{facts}\n\n"
        f"{len(first)} files, {passages:,} passages, in {seconds:.0f} s with their vectors: "
        + ", ".join(f"{count} {name}" for name, count in sorted(status.items()))
        + f".\nAgain: {Counter(one['status'] for one in again)['unchanged']} unchanged, "
        f"{sum(one['status'] in ('added', 'replaced') for one in again)} read, in {seconds_again:.2f} s "
        "with the start of the program.\n\n"
        f"| kind | {' | '.join(names)} |\n| --- {'| --- ' * len(names)}|\n" + "\n".join(table) + "\n\n"
        "Every file that is not in, with the reason that the user is told:\n\n"
        "| file | status | reason |\n| --- | --- | --- |\n" + "\n".join(rest) + "\n"
    )


if __name__ == "__main__":
    sys.exit(main())
