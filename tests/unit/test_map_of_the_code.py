# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The README's map of the code names every module; `hwp5*.py` stands for all that begin so."""

import re
from fnmatch import fnmatch
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
MAP = README.partition("\n## Map of the code\n")[2].partition("\nresources/")[0]
NAMED = frozenset(re.findall(r"[\w*]+\.py\b", MAP))
EVERYWHERE = frozenset({"__init__.py", "__main__.py"})
COMMANDS = ROOT / "assistant" / "commands"  # a module each, which the map says


@pytest.mark.parametrize("package", ["assistant", "ui"])
def test_the_map_names_every_module(package: str) -> None:
    modules = [path for path in (ROOT / package).rglob("*.py") if path.name not in EVERYWHERE]
    lost = sorted(
        str(path.relative_to(ROOT))
        for path in modules
        if path.parent != COMMANDS and not any(fnmatch(path.name, name) for name in NAMED)
    )
    assert not lost, f"Name these in README.md, section “Map of the code”: {lost}"


def test_the_map_names_nothing_that_is_not_there() -> None:
    there = {path.name for package in ("assistant", "ui") for path in (ROOT / package).rglob("*.py")}
    gone = sorted(name for name in NAMED if not any(fnmatch(one, name) for one in there))
    assert not gone, f"These modules are in the map and not in the code: {gone}"
