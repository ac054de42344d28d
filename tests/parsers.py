# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""A document read to its end by the real parser."""

from pathlib import Path

from assistant.documents.parser import Parser
from assistant.documents.protocol import Document


def read(parser: Parser, path: Path) -> Document:
    steps = parser.read(path)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            document: Document = end.value
            return document
