# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Jupyter notebooks (nbformat 3 and 4): the cells in order, with what they printed."""

import json
from collections.abc import Generator, Iterator
from typing import Any

from assistant.documents.protocol import Reading
from assistant.documents.readers.plain import markdown_sections, text_of
from assistant.documents.readers.refusals import nothing_to_search
from assistant.documents.readers.sections import Section, normal, section_places
from assistant.documents.readers.source import Cancelled, Extracted, Source, damaged

_BLANK_LINE = "\n\n"


def read_notebook(source: Source, _cancelled: Cancelled) -> Generator[Reading, None, Extracted]:
    """Read a notebook: a place for each heading path. Raises DocumentError, NoTextError."""
    words = text_of(source)
    yield Reading(0, 1)
    try:
        cells = list(_cells(json.loads(words)))
    except (ValueError, RecursionError, TypeError, AttributeError, KeyError):
        raise damaged(source.name) from None
    sections = list(_sections(cells))
    places = section_places(sections)
    if not places:
        raise nothing_to_search(source.name)
    title = next((section.heading for section in sections if section.level == 1), "")
    yield Reading(1, 1)
    return Extracted(title, places, 0)


def _cells(notebook: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the kind and the text of each cell and each output."""
    sheets = notebook.get("worksheets") or [notebook]
    for cell in (cell for sheet in sheets for cell in sheet["cells"]):
        kind = str(cell["cell_type"])
        words = _joined(cell.get("source", cell.get("input", "")))
        if kind == "heading":
            kind, words = "markdown", f"{'#' * int(cell.get('level', 1))} {words}"
        yield kind, words
        for output in cell.get("outputs") or ():
            yield "output", _output(output)


def _output(output: dict[str, Any]) -> str:
    """Return what an output shows as text; of an error its last line: the rest is the program."""
    if output.get("output_type") in ("error", "pyerr"):
        return f"{output.get('ename', '')}: {output.get('evalue', '')}"
    data = output.get("data") or {}
    return _joined(output.get("text") or data.get("text/plain") or "")


def _joined(lines: str | list[str]) -> str:
    return lines if isinstance(lines, str) else "".join(lines)


def _sections(cells: list[tuple[str, str]]) -> Iterator[Section]:
    level, heading, parts = 0, "", list[str]()
    for kind, words in cells:
        if not words.strip():
            continue
        if kind != "markdown":
            parts.append(words.rstrip() + _BLANK_LINE)
            continue
        for section in markdown_sections(words.rstrip() + _BLANK_LINE):
            if section.level:
                yield Section(level, heading, normal("".join(parts)))
                level, heading, parts = section.level, section.heading, []
            parts.append(section.text)
    yield Section(level, heading, normal("".join(parts)))
