# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""PDF pages in the order of reading, and the rectangles of their words, also where they were put in order."""

import shutil
import zlib
from collections.abc import Callable, Generator
from pathlib import Path

import pytest

from assistant.documents.protocol import PagePicture, Reading, RenderPage
from assistant.documents.readers.pdf import read_pdf
from assistant.documents.readers.pdf_file import opened
from assistant.documents.readers.pdf_pages import render_page
from assistant.documents.readers.pdf_text import PageText
from assistant.documents.readers.source import Extracted, Source, open_source
from assistant.errors import DocumentError, NoTextError, PasswordError
from tests.pdf_files import at, drawn, filled_in, numbered, pdf

SAMPLES = Path(__file__).parents[2] / "samples"
LEFT = """\
The mill on the river had stood
for two hundred years before the
council bought it from a family
who no longer wanted to grind any
corn and moved to the coast. The
wheel was taken out in spring and
carried on a cart to the museum, as
was agreed. Children came to watch
the carpenters at their work, which
lasted until the first days of May.""".splitlines()
RIGHT = """\
A second report describes the old
bridge below the mill. Its stones
were cut in the quarry behind the
village and laid without mortar by
masons from the north. Nobody has
repaired it since the great flood of
that century, and yet every wagon
crosses it safely. The engineers who
measured it were surprised by that,
they wrote in a letter to the mayor.""".splitlines()


def finished(steps: Generator[Reading, None, Extracted]) -> Extracted:
    while True:
        try:
            next(steps)
        except StopIteration as end:
            found: Extracted = end.value
            return found


def read(path: Path, password: str = "", recognize: Callable[[Source, int], str] | None = None) -> Extracted:
    return finished(read_pdf(open_source(path, password), lambda: False, recognize))


def written(folder: Path, content: bytes, name: str = "a.pdf") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def two_columns(*, by_lines: bool) -> str:
    """Return two columns below a title, drawn column by column or line by line."""
    left = [at(60, 700 - 14 * n, line) for n, line in enumerate(LEFT)]
    right = [at(320, 700 - 14 * n, line) for n, line in enumerate(RIGHT)]
    body = [line for pair in zip(left, right, strict=True) for line in pair] if by_lines else left + right
    return "\n".join([at(200, 740, "A history of the mill", 14), *body])


def flowing(words: str) -> str:
    return " ".join(words.split())


@pytest.mark.parametrize("by_lines", [True, False])
def test_two_columns_are_read_one_after_the_other(tmp_path: Path, *, by_lines: bool) -> None:
    (page,) = read(written(tmp_path, drawn(two_columns(by_lines=by_lines)))).places
    expected = f"A history of the mill {' '.join(LEFT)} {' '.join(RIGHT)}"
    assert flowing(page.text) == flowing(expected)


def test_columns_whose_lines_take_turns_a_little_lower_are_put_in_order(tmp_path: Path) -> None:
    lines = []
    for n, (left, right) in enumerate(zip(LEFT, RIGHT, strict=True)):
        lines += [at(320, 700 - 28 * n, right), at(60, 640 - 28 * n, left)]
    (page,) = read(written(tmp_path, drawn("\n".join(lines)))).places
    assert flowing(page.text) == flowing(f"{' '.join(LEFT)} {' '.join(RIGHT)}")


def test_rows_that_are_drawn_out_of_order_stand_below_one_another(tmp_path: Path) -> None:
    names = ["Abel", "Berit", "Carlo", "Dorte", "Emil", "Frida", "Gustav", "Hanna", "Ivar", "Jutta"]
    first = [at(60, 700 - 20 * n, f"2024-03-{10 + n}") for n in range(10)]
    rest = [at(200, 700 - 20 * n, f"{name} paid {n}0 crowns") for n, name in enumerate(names)]
    rest = [rest[n + 1 - 2 * (n % 2)] for n in range(10)]
    (page,) = read(written(tmp_path, drawn("\n".join(first + rest[::-1])))).places
    rows = [f"2024-03-{10 + n} {name} paid {n}0 crowns" for n, name in enumerate(names)]
    assert page.text.split("\r\n")[:10] == rows


def test_a_table_of_words_is_not_taken_for_columns(tmp_path: Path) -> None:
    rows = "\n".join(
        at(60, 700 - 14 * n, f"Article {n}") + "\n" + at(200, 700 - 14 * n, f"costs {n}5 crowns")
        + "\n" + at(380, 700 - 14 * n, f"in room number {n}")
        for n in range(12)
    )  # fmt: skip
    (page,) = read(written(tmp_path, drawn(rows))).places
    assert "Article 3 costs 35 crowns in room number 3" in page.text


def dark(picture: PagePicture) -> list[tuple[int, int]]:
    """Return the dark points of a picture, as x and y."""
    width = int.from_bytes(picture.png[16:20], "big")
    start = picture.png.index(b"IDAT") + 4
    rows = zlib.decompress(
        picture.png[start : start + int.from_bytes(picture.png[start - 8 : start - 4], "big")]
    )
    stride = width * 3 + 1
    return [
        (x, y) for y in range(len(rows) // stride) for x in range(width) if rows[y * stride + 1 + x * 3] < 128
    ]


def inked_only_in(picture: PagePicture, scale: float) -> float:
    """Return the share of the dark points of a picture that lie in its rectangles."""
    points = dark(picture)
    inside = sum(
        any(
            box.left * scale - 1 <= x <= box.right * scale + 1
            and box.top * scale - 1 <= y <= box.bottom * scale + 1
            for box in picture.rectangles
        )
        for x, y in points
    )
    return inside / len(points)


@pytest.mark.parametrize("by_lines", [True, False])
def test_the_rectangles_of_a_sentence_lie_where_its_words_are(tmp_path: Path, *, by_lines: bool) -> None:
    path = written(tmp_path, drawn(two_columns(by_lines=by_lines)))
    (page,) = read(path).places
    start, end = page.text.index("wheel was"), page.text.index("agreed.") + 7
    boxes = render_page(open_source(path), RenderPage(path, 1, 1.0, start, end)).rectangles
    assert len(boxes) == 3
    assert all(box.left >= 55 and box.right < 300 for box in boxes)
    # Lines 6, 7 and 8 of the left column, from the top of a page of 842 points.
    assert [round(box.bottom) for box in boxes] == pytest.approx(
        [842 - 700 + 14 * n for n in (5, 6, 7)], abs=3
    )


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_the_rectangles_of_a_turned_page_are_turned_too(tmp_path: Path, rotate: int) -> None:
    path = written(tmp_path, drawn(at(60, 500, "Only these words"), rotate=rotate))
    (page,) = read(path).places
    picture = render_page(open_source(path), RenderPage(path, 1, 1.0, 0, len(page.text)))
    assert (picture.width > picture.height) == (rotate in (90, 270))
    assert inked_only_in(picture, 1.0) > 0.98


CROP = "100 100 500 700"
MARKS = (
    at(110, 780, "above persimmon"),
    at(110, 60, "below"),
    at(20, 400, "left"),
    at(520, 400, "right"),
)


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_what_stands_outside_the_crop_box_of_a_page_is_not_read(tmp_path: Path, rotate: int) -> None:
    lines = [MARKS[0], at(120, 600, "The first clause"), *MARKS[1:], at(120, 580, "ends here."), MARKS[0]]
    path = written(tmp_path, drawn("\n".join(lines), rotate=rotate, crop=CROP))
    (page,) = read(path).places
    assert page.text.split() == ["The", "first", "clause", "ends", "here."]
    picture = render_page(open_source(path), RenderPage(path, 1, 1.0, 0, len(page.text)))
    assert picture.rectangles
    assert inked_only_in(picture, 1.0) > 0.98


def test_a_line_that_leaves_the_page_is_read_as_far_as_it_is_seen(tmp_path: Path) -> None:
    line = at(50, 600, "persimmon kumquat")  # the first word ends at 99.5
    beside = at(470, 600, "grape persimmon")
    path = written(tmp_path, drawn(f"{line}\n{beside}\n{at(480, 500, 'Edgewise')}", crop=CROP))
    found = read(path).places[0].text
    assert "kumquat" in found
    assert "grape" in found
    assert "persimmon" not in found
    assert "Edge" in found


def test_columns_on_a_page_with_marks_around_it_are_read_one_after_the_other(tmp_path: Path) -> None:
    content = "\n".join([at(20, 820, "left"), two_columns(by_lines=True), at(20, 20, "trim")])
    (page,) = read(written(tmp_path, drawn(content, crop="50 50 560 800"))).places
    assert flowing(page.text) == flowing(f"A history of the mill {' '.join(LEFT)} {' '.join(RIGHT)}")


def test_a_page_whose_words_all_stand_outside_it_holds_no_text(tmp_path: Path) -> None:
    with pytest.raises(NoTextError):
        read(written(tmp_path, drawn("\n".join(MARKS), crop=CROP)))
    beside = written(tmp_path, drawn(at(700, 400, "beside the paper"), at(72, 400, "on it")), "b.pdf")
    assert [place.text for place in read(beside).places] == ["", "on it"]


def test_real_rows_out_of_order_are_read_row_by_row(shared_data: Path) -> None:
    path = shared_data / "documents/pdfplumber/tests/pdfs/WARN-Report-for-7-1-2015-to-03-25-2016.pdf"
    page = read(path).places[2]
    row = "08/04/2015 09/11/2015 08/07/2015 Anna's Linens, Inc. Costa Mesa 29 Closure Permanent"
    assert row in page.text.split("\r\n")
    start = page.text.index(row)
    boxes = render_page(open_source(path), RenderPage(path, 3, 0.2, start, start + len(row))).rectangles
    assert len(boxes) == 1
    assert boxes[0].right - boxes[0].left > 600


def test_real_columns_are_read_one_after_the_other(shared_data: Path) -> None:
    path = next(shared_data.glob("documents/pdf-samples/026-latex-multicolumn/*.pdf"))
    words = flowing(read(path).places[0].text.replace("\u00ad", ""))
    assert "Phasellus eu tellus sit amet tortor gravida placerat. Integer sapien est" in words
    assert "Vivamus viverra fermentum felis. Donec nonummy pellentesque ante. Phasellus adipiscing" in words
    register = read(shared_data / "documents/pdfplumber/tests/pdfs/federal-register-2020-17221.pdf")
    words = flowing(register.places[0].text)
    assert "using the procedures found in 14 CFR 11.43 and 11.45, by any of the following methods:" in words
    assert (
        "comments, data, or views about this proposal. The most helpful comments reference a specific"
        in words
    )


def test_a_password_opens_what_is_encrypted_by_aes_256() -> None:
    path = SAMPLES / "protected.pdf"
    with pytest.raises(PasswordError, match=r"protected\.pdf is protected by a password\. Give its password"):
        read(path)
    with pytest.raises(PasswordError, match=r"The password does not open protected\.pdf"):
        read(path, "여섯 rivers")
    assert read(path, "여덟 rivers").places[0].text == "The mill stands at the eighth river."
    source = open_source(path, "여덟 rivers")
    assert render_page(source, RenderPage(path, 1, 1.0)).png
    with pytest.raises(PasswordError):
        render_page(open_source(path), RenderPage(path, 1, 1.0))


def test_an_owners_password_is_not_asked_for() -> None:
    assert read(SAMPLES / "owner_only.pdf").places[0].text == "The mill stands at the eighth river."


def scan(words: str = "") -> str:
    """Return the drawing of a grey picture of 2 by 2 points over half a page, and words below it."""
    picture = "q 300 0 0 400 100 300 cm BI /W 2 /H 2 /BPC 8 /CS /G ID \x20\xf0\x20\xf0 EI Q"
    return f"{picture}\n{at(100, 100, words)}" if words else picture


def test_a_scan_says_how_many_pages_are_pictures(tmp_path: Path) -> None:
    with pytest.raises(NoTextError, match="it may be a scan: 2 pages are pictures"):
        read(written(tmp_path, drawn(scan(), scan(), "")))
    with pytest.raises(NoTextError, match="it may be a scan: its page is a picture"):
        read(written(tmp_path, drawn(scan())))


def test_pages_that_are_pictures_are_read_by_who_can(tmp_path: Path) -> None:
    path = written(tmp_path, drawn(at(60, 700, "The first page"), scan(), scan("A caption")))
    assert [place.text for place in read(path).places] == ["The first page", "", "A caption"]
    asked: list[tuple[Source, int]] = []

    def recognize(source: Source, page: int) -> str:
        asked.append((source, page))
        return "what the picture says"

    places = read(path, recognize=recognize).places
    assert [place.recognized for place in places] == [False, True, False]
    assert places[1].text == "what the picture says"
    assert [(source.name, page) for source, page in asked] == [("a.pdf", 2)]


def test_a_broken_page_does_not_take_the_others_along(tmp_path: Path) -> None:
    content = drawn(at(60, 700, "The first"), at(60, 700, "The second"), at(60, 700, "The third"))
    broken = content.replace(b"5 0 obj\n<<", b"5 0 obj\n[[")
    assert [place.text for place in read(written(tmp_path, broken)).places] == ["The first", "", "The third"]


def test_a_document_of_broken_pages_only_is_damaged(tmp_path: Path) -> None:
    bodies = ["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R 4 0 R]/Count 2>>", "null", "null"]
    with pytest.raises(DocumentError, match=r"a\.pdf is damaged"):
        read(written(tmp_path, numbered(bodies)))


@pytest.mark.parametrize("share", [0.3, 0.7, 0.95])
def test_a_file_that_was_cut_says_so_or_gives_the_pages_it_has(tmp_path: Path, share: float) -> None:
    content = pdf(*(f"Page {n}" for n in range(50)))
    path = written(tmp_path, content[: int(len(content) * share)])
    try:
        places = read(path).places
    except DocumentError as error:
        told = str(error)
    else:
        told = places[0].text
    assert told.startswith(("a.pdf is damaged", "Page 0"))


def test_a_large_file_is_asked_for_its_parts(tmp_path: Path) -> None:
    path = written(tmp_path, drawn(at(60, 700, "A long way off")))
    with path.open("rb+") as file:  # what follows the end of a PDF does not count
        file.truncate(20 << 20)
    shutil.copy(path, tmp_path / "b.pdf")
    assert read(path).places[0].text == "A long way off"


def test_deep_page_trees_and_circles_end(tmp_path: Path) -> None:
    deep = ["<</Type/Catalog/Pages 2 0 R>>"]
    deep += [f"<</Type/Pages/Kids[{n + 3} 0 R]/Count 1>>" for n in range(3000)]
    circle = ["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[2 0 R]/Count 1>>"]
    for bodies in (deep, circle):
        with pytest.raises(DocumentError, match=r"a\.pdf is damaged"):
            read(written(tmp_path, numbered(bodies)))


def test_many_pages_are_told_as_they_are_read_and_can_be_stopped(tmp_path: Path) -> None:
    path = written(tmp_path, pdf(*(f"Page {n}" for n in range(2000))))
    steps = read_pdf(open_source(path), lambda: False)
    assert next(steps) == Reading(1, 2000)
    asked = 0

    def after_ten() -> bool:
        nonlocal asked
        asked += 1
        return asked > 10

    assert len(finished(read_pdf(open_source(path), after_ten)).places) == 10


def test_a_title_that_is_no_unicode_is_no_title(tmp_path: Path) -> None:
    content = pdf("Words").replace(b"/Root 1 0 R", b"/Root 1 0 R/Info<</Title<feffd800>>>")
    assert "\ud800" not in read(written(tmp_path, content)).title


@pytest.mark.parametrize("looks", [True, False])
def test_what_was_filled_into_a_form_and_written_on_a_page_is_read_drawn_and_marked(
    tmp_path: Path, looks: bool
) -> None:
    form = filled_in(at(72, 640, "Name of the applicant:"), "Jordan Quill", "seen in May", "a:b", looks=looks)
    path = written(tmp_path, form)
    page = read(path).places[0]
    for words in ("Name of the applicant", "Jordan Quill", "seen in May"):
        assert words in page.text
    start = page.text.index("Jordan Quill")
    call = RenderPage(path, 1, 1.0, start, start + len("Jordan Quill"))
    picture = render_page(open_source(path), call)
    (box,) = picture.rectangles
    assert (box.left, box.bottom) == pytest.approx((74, 842 - 605), abs=5)
    field = [(x, y) for x, y in dark(picture) if 72 <= x < 300 and 842 - 620 <= y < 842 - 600]
    assert field, "the picture shows it, too"


def test_a_line_ends_where_the_next_one_is_drawn_also_where_pdfium_sees_no_end() -> None:
    path = Path(__file__).parents[2] / "data" / "contract_ko.pdf"  # drawn letter by letter
    lines = [page.text.splitlines() for page in read(path).places]
    assert {"제1조 (목적)", "제2조 (용역의 범위)", "제3조 (계약 기간)"} <= set(lines[0])
    assert {"제4조 (용역 대금)", "제5조 (검수)", "제6조 (지체상금)"} <= set(lines[1])
    assert max(map(len, lines[0])) < 60, "none goes on in the next"
    with opened(open_source(path)) as document:
        text = PageText(document[0])
        start = text.words.index("제2조")
        box, above = (next(text.rectangles(at, at + 1)) for at in (start, text.words.rindex("다", 0, start)))
        text.close()
    assert (box.left < above.left, box.top > above.bottom) == (True, True), "each is where it is drawn"
