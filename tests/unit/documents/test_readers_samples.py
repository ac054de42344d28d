# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Every sample of others' documents: read, or refused for the reason that is true of it."""

import unicodedata
from pathlib import Path

import pytest

from assistant.errors import DocumentError, NoTextError
from tests.reader_files import read

FOLDERS = {"markitdown": 26, "python-docx": 47, "mail": 105, "sheets": 192}  # files of ours in each
OTHERS = frozenset({".pdf", ".jpg"})  # read by other readers, and tested there

# No letter or number in any cell, note or drawing: looked up in the files themselves.
NO_TEXT = frozenset(
    {
        "markitdown/MEDRPT-2024-PAT-3847_medical_report_scan.md",  # zero bytes
        # Documents and tables without a letter, or with a picture alone.
        "python-docx/blk-containing-table.docx",
        "python-docx/default.docx",
        "python-docx/doc-coreprops.docx",
        "python-docx/doc-default.docx",
        "python-docx/doc-no-coreprops.docx",
        "python-docx/doc-word-default-blank.docx",
        "python-docx/having-images.docx",
        "python-docx/set-no-settings-part.docx",
        "python-docx/sty-behav-props.docx",
        "python-docx/sty-having-no-styles-part.docx",
        "python-docx/sty-having-styles-part.docx",
        "python-docx/tbl-2x2-table.docx",
        "python-docx/tbl-col-props.docx",
        "python-docx/tbl-having-tables.docx",
        "python-docx/tbl-on-off-props.docx",
        # Sheets without a full cell.
        "sheets/BlankSheetTypes.ods",
        "sheets/BlankSheetTypes.xlsm",
        "sheets/apachepoi_53568.xlsx.xls",
        "sheets/author_snowman.ods",
        "sheets/author_snowman.xls",
        "sheets/author_snowman.xlsx",
        "sheets/custom_properties.xls",
        "sheets/custom_properties.xlsx",
        "sheets/page_margins_2016.xls",
        "sheets/page_margins_2016.xlsx",
        "sheets/page_margins_2016_5.xls",
    }
)
NOT_READ = {
    "markitdown/random.bin": "is of a kind that Maru cannot read",
    "markitdown/test_files.zip": "is an archive",
}


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_sample_with_text_is_read_and_each_other_says_why(shared_data: Path, folder: str) -> None:
    root = shared_data / "documents" / folder
    files = [path for path in sorted(root.rglob("*")) if path.is_file() and path.suffix not in OTHERS]
    assert len(files) == FOLDERS[folder]
    wrong = []
    for path in files:
        name = f"{folder}/{path.name}"
        expected = NOT_READ.get(name, "is protected by a password" if "password_" in name else "")
        try:
            found = read(path)
        except NoTextError:
            wrong += [] if name in NO_TEXT else [name]
        except DocumentError as error:
            wrong += [] if expected and expected in str(error) else [f"{name}: {error}"]
        else:
            wrong += [name] if expected or name in NO_TEXT else []
            texts = [place.text for place in found.places]
            assert any(words.strip() for words in texts), name
            assert all(unicodedata.is_normalized("NFC", words) for words in texts), name
            ordinals = [place.place.ordinal for place in found.places]
            assert ordinals == list(range(len(ordinals))), name
            for place in found.places:
                ends = [0, *(end for one in place.instead for end in (one.start, one.end)), len(place.text)]
                assert ends == sorted(ends), name
    assert wrong == []


# Words that stand in different parts of the files: cells, notes, charts, descriptions, comments.
@pytest.mark.parametrize(
    ("name", "sought"),
    [
        ("test.docx", "314b0a30-5b04-470b-b9f7-eed2c2bec74a 49e168b7-d2ae-407f-a055-2167576f39a1"),
        ("test.docx", "d666f1f7-46cb-42bd-9a39-9a39cf2a509f Abstract Introduction"),
        ("test_with_comment.docx", "12df-321a 55yiyi-asd09"),
        ("test.xlsx", "6ff4173b-42a5-4784-9b19-f49caff4d93d affc7dad-52dc-4b98-9b5d-51e65d8a8ad0"),
        ("test.xls", "6ff4173b-42a5-4784-9b19-f49caff4d93d affc7dad-52dc-4b98-9b5d-51e65d8a8ad0"),
        ("test.pptx", "2cdda5c8-e50e-4db4-b5f0-9722a649f455 04191ea8-5c73-4215-a1d3-1cfb43aaaf12"),
        ("test.pptx", "44bf7d06-5e7a-4a40-a2e1-a2e42ef28c8a 1b92870d-e3b5-4e65-8153-919f4ff45592"),
        ("test.pptx", "a3f6004b-6f4f-4ea8-bee3-3741f4dc385f"),
        ("test_blog.html", "powerful tools that can generate natural language texts"),
        ("test_wikipedia.html", "Microsoft entered the operating system"),
        ("test_rss.xml", "The Official Microsoft Blog"),
        ("test_notebook.ipynb", 'print("markitdown") Notebook'),
        ("test_mskanji.csv", "名前,年齢,住所 佐藤太郎,30,東京 髙橋淳,35,名古屋"),
    ],
)
def test_words_of_every_part_of_a_file_are_found(shared_data: Path, name: str, sought: str) -> None:
    words = " ".join(place.text for place in read(next(shared_data.rglob(f"markitdown/**/{name}"))).places)
    assert [part for part in sought.split() if part not in words] == []


@pytest.mark.parametrize("other", [".xlsx", ".ods"])
def test_the_same_cells_have_the_same_names_in_every_format(shared_data: Path, other: str) -> None:
    def cells(path: Path) -> list[str]:
        return [place.place.label for place in read(path).places if not place.text.startswith("B12: ")]

    root = shared_data / "documents/sheets"
    names = ("write", "AutoFilter", "formula_stress_test", "merge_cells", "rich_text_stress", "number_format")
    compared = 0
    for path in (root / f"{name}.xls" for name in names):
        if path.with_suffix(other).exists():
            older = [label.replace(" ", "_") for label in cells(path)]
            newer = [label.replace(" ", "_") for label in cells(path.with_suffix(other))]
            assert older == newer, path.name
            compared += 1
    assert compared >= 4
