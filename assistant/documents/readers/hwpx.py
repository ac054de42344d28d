# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""HWPX, the format of Hangul Office since 2021, after KS X 6101 (OWPML): a ZIP of XML.

Contents/header.xml holds the styles, Contents/section0.xml and so on the sections, Contents/content.hpf the
title. A paragraph (p) is runs of text (t), objects and controls (ctrl), and its lines as they were laid
out (linesegarray). Text that a tracked change deletes, hidden comments and memos are not read.
"""

import re
import time
from collections.abc import Generator

from assistant.documents.protocol import Reading
from assistant.documents.readers.hwp5 import SIGN_EVERY_S
from assistant.documents.readers.hwp_flow import Box, BoxKind, Budget, Paragraph, Section
from assistant.documents.readers.hwpx_styles import HwpxStyles
from assistant.documents.readers.hwpx_text import HwpxText
from assistant.documents.readers.hwpx_xml import Package, opened
from assistant.documents.readers.source import Cancelled, Source, damaged, locked

_SECTION = re.compile(r"(?:.*/)?section(\d{1,6})\.xml", re.IGNORECASE)
_MASTER_PAGE = re.compile(r"(?:.*/)?(masterpage\d{1,6})\.xml", re.IGNORECASE)


def hwpx_flow(
    source: Source, cancelled: Cancelled
) -> Generator[Reading, None, tuple[str, tuple[Section, ...]]]:
    """Return the title and the sections; yield signs of life. Raises DocumentError (damaged, locked)."""
    with opened(source) as package:
        if _is_encrypted(package):
            raise locked(source.name)
        found = {int(match[1]): name for name in package.names() if (match := _SECTION.fullmatch(name))}
        if not found:
            raise damaged(source.name)
        styles, budget = HwpxStyles(package), Budget()
        masters = _master_pages(package, styles, budget)
        names = [found[number] for number in sorted(found)]
        sections = []
        sign = 0.0
        for index, name in enumerate(names):
            paragraphs = []
            reader = HwpxText(styles, masters, budget)
            for node in package.steps(name, "p"):
                if node:
                    paragraphs.append(reader.paragraph(node))
                if time.monotonic() - sign > SIGN_EVERY_S:
                    sign = time.monotonic()
                    yield Reading(index, len(names))
                if cancelled():
                    break
            sections.append(Section(tuple(paragraphs), reader.height))
        return _title(package), tuple(sections)


def _is_encrypted(package: Package) -> bool:
    """Say whether the manifest names a key: the parts are then encrypted as those of OpenDocument."""
    manifest = "META-INF/manifest.xml"
    return manifest in package.names() and any(package.elements(manifest, "encryption-data"))


def _title(package: Package) -> str:
    name = next((name for name in package.names() if name.endswith("content.hpf")), "")
    return next((node.words() for node in package.elements(name, "title")), "") if name else ""


def _master_pages(package: Package, styles: HwpxStyles, budget: Budget) -> dict[str, Box]:
    """Return what lies behind the pages, by the names that sections call it."""
    masters = {}
    for name in package.names():
        if found := _MASTER_PAGE.fullmatch(name):
            reader = HwpxText(styles, {}, budget)
            paragraphs: tuple[Paragraph, ...] = tuple(map(reader.paragraph, package.elements(name, "p")))
            masters[found[1].lower()] = Box(BoxKind.HEADER, paragraphs)
    return masters
