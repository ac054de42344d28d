# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The formats that kreuzberg reads for us: the binary ones of older Office programs.

kreuzberg gets bytes and returns a tree of nodes in reading order; a place is a slide, or what stands
below a heading. Its cache would keep every text unencrypted and its text
recognition would look for downloads: both are always off.
"""

import re
import secrets
from collections.abc import Generator, Iterable
from typing import Any

import kreuzberg

from assistant.documents.protocol import PlaceText, Reading
from assistant.documents.readers.ole import MARK, open_container
from assistant.documents.readers.refusals import only_pictures, too_large
from assistant.documents.readers.sections import Builder, Section, normal, section_places
from assistant.documents.readers.source import Cancelled, Extracted, Reader, Source, damaged, locked
from assistant.passages import Place, PlaceKind

SLIDES = {".ppt": "application/vnd.ms-powerpoint"}
TEXTS = {".doc": "application/msword"}
MIME_TYPES = SLIDES | TEXTS

_PANIC = "PanicException"  # of kreuzberg's parts in Rust; no Exception, and its class is not to be had
_NOTE_MARK = re.compile(r"\[\^\w{1,9}\]")


def office_reader(kind: str) -> Reader:
    """Return the reader of the files that usually end in `kind`, one of MIME_TYPES."""

    def read_office(source: Source, _cancelled: Cancelled) -> Generator[Reading, None, Extracted]:
        mark = f"maru-{secrets.token_hex(8)}"  # a document cannot guess it and so forge a slide
        yield Reading(0, 1)
        content = source.content()
        if content.startswith(MARK):
            open_container(source).close()
        result = _extracted(source.name, MIME_TYPES[kind], content, mark)
        pages = 0
        if kind in SLIDES:
            places = _slides(_nodes(result), mark)
            pages = len(places)
        else:
            places = section_places(_sections(_nodes(result)))
        if not any(place.text.strip() for place in places):
            raise only_pictures(source.name)
        yield Reading(1, 1)
        return Extracted(str(result.metadata.get("title") or ""), places, pages)

    return read_office


def _extracted(name: str, mime_type: str, content: bytes, mark: str) -> Any:
    config = kreuzberg.ExtractionConfig(
        use_cache=False,
        disable_ocr=True,
        include_document_structure=True,
        concurrency=kreuzberg.ConcurrencyConfig(max_threads=1),
        pages=kreuzberg.PageConfig(
            insert_page_markers=mime_type in SLIDES.values(), marker_format=f"\n\n{mark} {{page_num}}\n\n"
        ),
    )
    try:
        return kreuzberg.extract_bytes_sync(content, mime_type, config)
    except kreuzberg.KreuzbergError as error:
        # Its words are about the file's structure: they are looked at, never shown.
        if "password" in str(error).lower():
            raise locked(name) from None
        if "security limit" in str(error).lower():
            raise too_large(name) from None
        raise damaged(name) from None
    except BaseException as error:
        if type(error).__name__ == _PANIC:
            raise damaged(name) from None
        raise


def _nodes(result: Any) -> list[dict[str, Any]]:
    return list(result.document["nodes"]) if result.document else []


def _sections(nodes: Iterable[dict[str, Any]]) -> list[Section]:
    """Return the sections; running heads, which come last, as one of their own."""
    builder, heads = Builder(), list[str]()
    for node in nodes:
        content = node["content"]
        kind = content["node_type"]
        words = _NOTE_MARK.sub("", _node_text(content))
        if node.get("content_layer") in ("header", "footer"):
            heads.append(words)
        elif kind == "heading":
            builder.heading(int(content.get("level", 1)), words)
        elif kind == "table":
            builder.table(_grid(content["grid"]))
        else:
            builder.paragraph(words)
    running = "\n".join(dict.fromkeys(head for head in heads if head.strip()))
    return builder.finished() + ([Section(1, "", normal(running))] if running else [])


def _node_text(content: dict[str, Any]) -> str:
    kind = content["node_type"]
    if kind == "metadata_block":
        return "\n".join(f"{name}: {value}" for name, value in content.get("entries", ()))
    if kind == "image":
        return str(content.get("description") or "")
    return str(content.get("text") or "")


def _grid(grid: dict[str, Any]) -> list[list[str]]:
    rows: dict[int, list[str]] = {}
    for cell in grid["cells"]:
        rows.setdefault(cell["row"], []).append(str(cell["content"]))
    return [cells for _row, cells in sorted(rows.items())]


def _slides(nodes: Iterable[dict[str, Any]], mark: str) -> tuple[PlaceText, ...]:
    slides: dict[int, Builder] = {}
    number = 1
    for node in nodes:
        content = node["content"]
        words = _node_text(content)
        if marked := re.fullmatch(rf"{mark} (\d+)", words.strip()):
            number = int(marked[1])
        elif content["node_type"] == "table":
            slides.setdefault(number, Builder()).table(_grid(content["grid"]))
        else:
            slides.setdefault(number, Builder()).paragraph(words)
    found = (slides.get(n, Builder()).finished() for n in range(1, max(slides, default=0) + 1))
    return tuple(
        PlaceText(
            Place(PlaceKind.SLIDE, n, page=n + 1),
            sections[0].text if sections else "",
            instead=sections[0].instead if sections else (),
        )
        for n, sections in enumerate(found)
    )
