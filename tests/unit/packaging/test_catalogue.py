# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""A sentence without its translation is found, whatever is wrong with it."""

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import write_po

from tests.unit.packaging.scripts import load

catalogue = load("catalogue")

SOURCE = """
def shown(name):
    tr("Open {name}", name=name)
    text("Read " "again")
    trn("{n} page", "{n} pages", 3)
    text("")
    tr(name)
    return f"{tr('Inside')}: {name}"
"""


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """Return the root of a program that says four sentences."""
    (tmp_path / "assistant").mkdir()
    (tmp_path / "assistant" / "words.py").write_text(SOURCE, encoding="utf-8")
    return tmp_path


def translated(**changes: str) -> Catalog:
    korean = Catalog(locale="ko")
    korean.add("Open {name}", changes.get("opened", "{name} 열기"))
    korean.add("Read again", changes.get("again", "다시 읽기"))
    korean.add("Inside", "안쪽")
    korean.add(("{n} page", "{n} pages"), (changes.get("pages", "{n}쪽"),))
    return korean


def stored(korean: Catalog, folder: Path, *, compiled: bool = True) -> Path:
    path = catalogue.po_file("ko", folder)
    path.parent.mkdir(parents=True)
    with path.open("wb") as target:
        write_po(target, korean)
    if compiled:
        with path.with_suffix(".mo").open("wb") as target:
            write_mo(target, korean)
    return folder


def faults(program: Path, korean: Catalog, *, compiled: bool = True) -> list[str]:
    folder = stored(korean, program / "locale", compiled=compiled)
    return catalogue.faults(catalogue.template(program), "ko", folder)


def test_the_extractor_finds_every_literal_sentence_once(program: Path) -> None:
    found = [sentence for sentence, _ in catalogue.sentences(program)]
    assert found == ["Open {name}", "Read again", ("{n} page", "{n} pages"), "Inside"]


def test_a_complete_catalogue_has_no_fault(program: Path) -> None:
    assert faults(program, translated()) == []


def test_a_missing_sentence_is_a_fault(program: Path) -> None:
    korean = translated()
    korean.delete("Read again")
    assert faults(program, korean) == ["missing: 'Read again'"]


def test_an_empty_translation_is_a_fault(program: Path) -> None:
    assert faults(program, translated(again="")) == ["not translated: 'Read again'"]


def test_a_guessed_translation_is_a_fault(program: Path) -> None:
    korean = translated()
    korean["Read again"].flags.add("fuzzy")
    assert faults(program, korean) == ["fuzzy: 'Read again'"]


@pytest.mark.parametrize("changes", [{"opened": "{nom} 열기"}, {"opened": "열기"}, {"pages": "여러 쪽"}])
def test_other_places_than_the_english_ones_are_a_fault(program: Path, changes: dict[str, str]) -> None:
    [fault] = faults(program, translated(**changes))
    assert fault.startswith("places differ")


def test_a_sentence_the_program_no_longer_says_is_a_fault(program: Path) -> None:
    korean = translated()
    korean.add("Close", "닫기")
    assert faults(program, korean) == ["not in the program any more: 'Close'"]


def test_a_catalogue_that_was_not_compiled_is_a_fault(program: Path) -> None:
    [fault] = faults(program, translated(), compiled=False)
    assert "not current" in fault
