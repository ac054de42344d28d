# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Every sample of HWP and HWPX under the shared data: what holds text gives it, on the right pages."""

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import olefile
import pytest

from assistant.documents.protocol import PlaceText
from assistant.documents.readers.formats import extract
from assistant.documents.readers.source import Extracted, open_source
from assistant.errors import NoTextError
from assistant.passages import PlaceKind

# Samples without a word to read, by what they hold instead. None is encrypted; three are for distribution
# and are read.
NOTHING = {
    "hwp-rs: bookmark.hwp", "hwplib: basic/blank.hwp", "hwplib: basic/새번호지정.hwp",
    "hwplib: basic/책갈피.hwp", "hwplib: blank.hwp", "hwpxlib: error/20240416/presentation오류.hwpx",
    "hwpxlib: reader_writer/PageSize_Margin.hwpx", "hwpxlib: tool/blank.hwpx",
}  # fmt: skip
EMPTY_TABLES = {
    "hwp-rs: color_fill.hwp", "hwp-rs: gradation_fill.hwp", "hwplib: removing-row.hwp",
    "hwplib: inserting_image_cell.hwp", "hwplib: setting-celltext-by-field.hwp",
}  # fmt: skip
EMPTY_SHAPES = {
    "hwp-rs: image_fill.hwp", "hwp-rs: outline.hwp", "hwp-rs: shadow.hwp", "hwplib: basic/다각형.hwp",
    "hwplib: basic/묶음.hwp", "hwplib: basic/선-사각형-타원.hwp", "hwplib: basic/호-곡선.hwp",
    "hwplib: making_caption.hwp", "hwpxlib: error/20240305/2022.hwpx",
    "hwpxlib: reader_writer/SimpleConnectLine.hwpx", "hwpxlib: reader_writer/SimpleCurve.hwpx",
    "hwpxlib: reader_writer/SimpleEllipse.hwpx", "hwpxlib: reader_writer/SimpleLine.hwpx",
    "hwpxlib: reader_writer/SimplePolygon.hwpx",
}  # fmt: skip
PICTURES = {
    "hwplib: basic/ole.hwp", "hwplib: basic/그림.hwp", "hwplib: basic/이미지추가.hwp",
    "hwplib: basic/차트.hwp", "hwplib: changing-image.hwp", "hwpxlib: reader_writer/SimpleContainer.hwpx",
    "hwpxlib: reader_writer/SimpleOLE.hwpx", "hwpxlib: reader_writer/SimplePicture.hwpx",
    "hwpxlib: reader_writer/SimpleVideo.hwpx",
}  # fmt: skip
HIDDEN_COMMENT = {"hwplib: basic/숨은설명.hwp"}
EMPTY_FIELD = {"hwpxlib: reader_writer/SimpleComboBox.hwpx"}
NO_TEXT = NOTHING | EMPTY_TABLES | EMPTY_SHAPES | PICTURES | HIDDEN_COMMENT | EMPTY_FIELD
DELETED = {"추적"}  # by a tracked change: the preview still has it
SAMPLES = 103
_CHARACTERS_OF_CELLS = re.compile(r"[<>\s]+")
_CONTENTS = re.compile(r"(?P<title>[^\t\n]+)\t ?(?P<page>\d+)$", re.MULTILINE)


@pytest.fixture(scope="module")
def samples(shared_data: Path) -> dict[str, Path]:
    folder = shared_data / "documents" / "hwp"
    if not folder.is_dir():
        pytest.skip("no shared data: runs where it lies beside the repository")
    return {_name(path.relative_to(folder)): path for path in sorted(folder.rglob("*.hwp*"))}


def _name(path: Path) -> str:
    prefixes = ("crates/hwp/tests/integration/project/files/", "sample_hwp/", "testFile/")
    inner = path.relative_to(path.parts[0]).as_posix()
    for prefix in prefixes:
        inner = inner.removeprefix(prefix)
    return f"{path.parts[0]}: {inner}"


def _read(path: Path) -> Extracted:
    steps = extract(open_source(path), lambda: False)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            found: Extracted = end.value
            return found


def _text(found: Extracted) -> str:
    return "\n".join(place.text for place in found.places)


def _preview(path: Path) -> str:
    """Return the beginning of the text as Hangul Office itself stored it; "" where it did not."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as package:
            name = "Preview/PrvText.txt"
            return package.read(name).decode("utf-8") if name in package.namelist() else ""
    with olefile.OleFileIO(path) as file:
        stored = file.openstream("PrvText").read() if file.exists("PrvText") else b""
        return stored.decode("utf-16-le", "ignore")


def _words(preview: str) -> list[str]:
    words = [word for word in _CHARACTERS_OF_CELLS.split(preview) if word]
    return words if preview.endswith("\n") else words[:-1]  # the last one may be cut off


def test_every_sample_that_holds_text_gives_it(samples: dict[str, Path]) -> None:
    without = set()
    for name, path in samples.items():
        try:
            found = _read(path)
        except NoTextError:
            without.add(name)
            continue
        assert _text(found).strip(), name
        for place in found.places:
            _check_spans(place)
    assert len(samples) == SAMPLES
    assert without == NO_TEXT


def _check_spans(place: PlaceText) -> None:
    for heading in place.headings:
        begun = " ".join(place.text[heading.start :].split())
        assert begun.startswith(heading.title)
    ends = [(each.start, each.end) for each in place.instead]
    assert all(start < end <= len(place.text) for start, end in ends)
    assert ends == sorted(ends)


def test_no_word_of_the_stored_preview_is_missing(samples: dict[str, Path]) -> None:
    compared = 0
    for name, path in samples.items():
        words = _words(_preview(path).replace("\uf53a", "한"))
        if not words:
            continue
        text = re.sub(r"[|\s]+", "", _text(_read(path)))
        missing = {word for word in words if word not in text}
        assert missing <= DELETED, name
        compared += len(words)
    assert compared > 3000


def test_the_text_has_the_order_of_the_stored_preview(samples: dict[str, Path]) -> None:
    """Notes and boxes may stand elsewhere: nine of ten words follow the one before them."""
    for name, path in samples.items():
        words = [word for word in _words(_preview(path)) if len(word) > 1]
        if len(words) < 50:
            continue
        text = re.sub(r"[|\s]+", "", _text(_read(path)))
        position = in_order = 0
        for word in words:
            found = text.find(word, position)
            if 0 <= found < position + 2000:
                position, in_order = found + len(word), in_order + 1
        assert in_order >= 0.9 * len(words), name


def test_headings_stand_on_the_pages_that_the_contents_name(samples: dict[str, Path]) -> None:
    """The description of HWP 5 lists 94 headings; its own counting begins behind five pages."""
    name = "hwp-rs: crates/hwp/tests/integration/hancom/files/한글문서파일형식_5.0_revision1.3.hwp"
    found = _read(samples[name])
    listed = list(_entries(found.places[:5]))
    headings = [
        (_letters(heading.title), place.place.page) for place in found.places for heading in place.headings
    ]
    assert len(listed) == 94
    begin = 0
    for title, page in listed:
        begin = next(number for number in range(begin, len(headings)) if headings[number][0] == title)
        assert headings[begin][1] == page + 5, title
        begin += 1


def test_chapters_of_an_hwpx_stand_on_the_pages_that_its_contents_name(samples: dict[str, Path]) -> None:
    found = _read(samples["hwpxlib: error/20230728/test.hwpx"])
    listed = dict(_entries(found.places[1:2]))
    assert list(listed.values()) == [1, 2, 5, 13, 16, 20]
    for title, page in listed.items():
        lines = {_letters(line) for line in found.places[page + 1].text.splitlines()}
        assert title in lines
    assert found.pages == 39


def _entries(places: tuple[PlaceText, ...]) -> Iterator[tuple[str, int]]:
    """Yield what a table of contents lists: the letters of each title, and its page."""
    for place in places:
        for entry in _CONTENTS.finditer(place.text):
            yield _letters(entry["title"]), int(entry["page"])


def _letters(title: str) -> str:
    """Return a title without its number and without what is no letter."""
    return re.sub(r"\W", "", re.sub(r"^\s*[IVX\d.Ⅰ-Ⅵ]+\s", "", title))


def test_documents_without_a_stored_layout_have_no_pages(samples: dict[str, Path]) -> None:
    found = _read(samples["hwpxlib: error/20250523/프로젝트 계획서.hwpx"])
    assert {place.place.kind for place in found.places} == {PlaceKind.SECTION}
    assert found.pages == 0


def test_files_for_distribution_are_read(samples: dict[str, Path]) -> None:
    found = _read(samples["hwplib: distribution.hwp"])
    assert found.places[0].text.startswith("강남세움복지관 공고 제 2024-08호")
    assert found.pages == 2
