# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Batch files: one JSON object a line, each with an `id` and a `question`."""

import json
from pathlib import Path
from typing import Any

from assistant.errors import UsageError
from assistant.texts import text


def read_batch(path: Path) -> list[dict[str, Any]]:
    """Return the objects of a batch file: `id`, `question` and `docs`, a list of paths.

    Raises UsageError naming the line that is wrong.
    """
    try:
        # Not splitlines: JSON may hold U+2028 and the like within a line.
        lines = path.expanduser().read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            text("The batch file {name} cannot be read.", name=path.name),
            text("Check the path and that it is UTF-8 text."),
        ) from error
    return [_entry(line, number, path) for number, line in enumerate(lines, start=1) if line.strip()]


def _entry(line: str, number: int, path: Path) -> dict[str, Any]:
    try:
        entry = json.loads(line)
        question, docs = entry["question"], entry.get("docs") or []
        docs = [docs] if isinstance(docs, str) else docs
        if not isinstance(question, str) or not all(map(_is_path, docs)):
            raise TypeError
        read = {"id": entry["id"], "question": question, "docs": [Path(one) for one in docs]}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise UsageError(
            text("Line {number} of {name} is no question.", number=number, name=path.name),
            text("Write one object a line, with “id” and “question”."),
        ) from error
    if not question.strip():
        raise UsageError(
            text("The question in line {number} of {name} is empty.", number=number, name=path.name),
            text("Take the line out, or ask something in it."),
        )
    return read


def _is_path(one: object) -> bool:
    return isinstance(one, str) and bool(one)
