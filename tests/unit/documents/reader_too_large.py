# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""A document reader that makes more of every file than the memory holds."""

import os
from collections.abc import Generator
from typing import Never

from assistant.documents.protocol import ParserSettings, Read
from tests.unit.workers.echo_worker import TooLarge


def open_worker(_settings: ParserSettings) -> "Reader":
    return Reader()


class Reader:
    """Answers Read."""

    def handle(self, call: Read, _cancelled: object) -> Generator[Never, None, TooLarge]:
        os.close(call.descriptor)
        yield from ()
        return TooLarge()

    def close(self) -> None:
        """Nothing is open."""
