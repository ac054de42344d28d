# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What the packaged program may hold, and what the last one built holds."""

import re
from pathlib import Path

import PySide6
import pytest

from tests.unit.packaging.scripts import ROOT, load

contents = load("contents")
Work = contents.Work


def is_copyleft_alone(licence: str) -> bool:
    """Say whether a licence leaves no way but the GPL or AGPL, without an exception."""
    ways = re.split(r"\bOR\b", licence)
    return all(re.search(r"\bA?GPL-", way) and "WITH" not in way for way in ways)


@pytest.mark.parametrize("licence", ["GPL-3.0-only", "AGPL-3.0-or-later", "GPL-2.0-only OR GPL-3.0-only"])
def test_the_gpl_alone_is_recognised(licence: str) -> None:
    assert is_copyleft_alone(licence)


def test_no_work_under_the_gpl_alone_is_allowed() -> None:
    assert not [work for work, licence in contents.allowed().items() if is_copyleft_alone(licence)]


def test_every_allowed_work_has_a_kind_and_a_licence() -> None:
    kinds = {work.kind for work in contents.allowed()}
    assert kinds == {contents.DISTRIBUTION, contents.QT, contents.SYSTEM}
    assert all(contents.allowed().values())


def test_a_file_is_known_by_the_distribution_that_installed_it() -> None:
    source = Path(PySide6.__file__).parent
    core = source / "Qt" / "lib" / "libQt6Core.so.6"
    entries = [
        ("PySide6.QtCore", str(next(source.glob("QtCore.*"))), "file"),
        ("shell", "/bin/sh", "file"),
        ("google", "-", "module"),
    ]
    if core.exists():
        entries.append(("PySide6/Qt/lib/libQt6Core.so.6", str(core), "file"))
    found = set(contents.works(entries))
    assert Work("distribution", "pyside6-essentials") in found
    assert Work("system", "shell") in found
    assert Work("qt", "Qt6Core") in found or not core.exists()
    assert len(found) == len(entries) - 1


def test_a_work_that_is_not_listed_is_a_stranger() -> None:
    stranger = Work("distribution", "pymupdf")
    assert contents.strangers([stranger, Work("distribution", "numpy")]) == [stranger]


@pytest.mark.skipif(not contents.LIST.exists(), reason="no program was built (make package)")
def test_the_program_that_was_built_holds_nothing_else() -> None:
    found = contents.works(contents.read_list())
    assert contents.strangers(found) == []
    texts = ROOT / "dist" / "maru" / "licenses"
    for work in found:
        if work.kind != contents.QT:
            assert any((texts / work.name).iterdir()), work
