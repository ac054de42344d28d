# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""A document reader that has memory for one file in its life, and never for large.txt."""

import os
from collections.abc import Generator
from typing import Any

from assistant.documents.protocol import Document, ParserSettings, Read
from tests.unit.workers.echo_worker import TooLarge


def open_worker(_settings: ParserSettings) -> "Reader":
    return Reader()


class Reader:
    """Answers Read."""

    def __init__(self) -> None:
        self._read = 0

    def handle(self, call: Read, _cancelled: object) -> Generator[Any, None, Document | TooLarge]:
        os.close(call.descriptor)
        yield from ()
        self._read += 1
        if call.path.name == "large.txt" or self._read > 1:
            return TooLarge()
        return Document(call.path.name, "", 0, (), (), 0)

    def close(self) -> None:
        """Nothing is open."""
