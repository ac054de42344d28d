# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Work in steps: generators that yield how far they are and return what came of it."""

from collections.abc import Generator
from typing import Any, TypeVar

ResultT = TypeVar("ResultT")


def result_of(steps: Generator[Any, None, ResultT]) -> ResultT:
    """Run to the end, dropping the items."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            result: ResultT = end.value
            return result
