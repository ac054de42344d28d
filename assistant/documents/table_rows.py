# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The rows of a table that a reader put into the search text as a whole."""

import re
from dataclasses import replace

from assistant.documents.protocol import Instead

_RULE = re.compile(r"[\s|:-]*")  # the line below the head of a Markdown table


def by_rows(words: str, whole: Instead) -> list[Instead]:
    """Divide what stands for a table into its rows, each from where its first word stands."""
    rows: list[Instead] = []
    after = whole.start
    for line in whole.search_text.splitlines():
        first = next(iter(line.replace("|", " ").split()), "")
        at = words.find(first, after, whole.end) if first and not _RULE.fullmatch(line) else -1
        if at < 0 and rows:
            rows[-1] = replace(rows[-1], search_text=f"{rows[-1].search_text}\n{line}")
            continue
        start = max(at, after) if rows else whole.start
        if rows:
            rows[-1] = replace(rows[-1], end=start)
        rows.append(Instead(start, whole.end, line))
        after = max(at, after) + len(first)
    return [row for row in rows if row.start < row.end]
