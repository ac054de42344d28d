# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""HWP 5, the format of Hangul Office since 2000, after Hancom's "한글 문서 파일 형식 5.0" (revision 1.3)."""

import time
from collections.abc import Generator

from assistant.documents.protocol import Reading
from assistant.documents.readers.hwp5_container import opened
from assistant.documents.readers.hwp5_styles import Styles
from assistant.documents.readers.hwp5_text import SectionText
from assistant.documents.readers.hwp_flow import Budget, Section
from assistant.documents.readers.source import Cancelled, Source, damaged

SIGN_EVERY_S = 0.2


def hwp5_flow(
    source: Source, cancelled: Cancelled
) -> Generator[Reading, None, tuple[str, tuple[Section, ...]]]:
    """Return the title and the sections; yield signs of life. Raises DocumentError (damaged, locked)."""
    with opened(source) as container:
        styles, budget = Styles(container.information()), Budget()
        names = container.sections()
        if not names:
            raise damaged(source.name)
        sections = []
        sign = 0.0
        for index, name in enumerate(names):
            found = []
            reader = SectionText(container.section(name), styles, budget)
            for paragraph in reader:
                found.append(paragraph)
                if time.monotonic() - sign > SIGN_EVERY_S:
                    sign = time.monotonic()
                    yield Reading(index, len(names))
                if cancelled():
                    break
            sections.append(Section(tuple(found), reader.height))
        return container.title(), tuple(sections)
