# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Tables with lines are Markdown in the search text; bookmarks are headings; the text stays as it is."""

from itertools import pairwise
from pathlib import Path

import pypdfium2

from assistant.documents.parser_worker import estimate
from assistant.documents.protocol import Chunk, Heading, PlaceText
from assistant.documents.readers.pdf import read_pdf
from assistant.documents.readers.source import Extracted, open_source
from assistant.documents.splitter import Splitter
from tests.pdf_files import at, drawn, grid

CELLS = [["Boat", "Seats", "Fare"], ["Ferry", "120", "USD 12"], ["Punt", "4", "USD 30"]]
MARKDOWN = ["| Boat | Seats | Fare |\n|---|---|---|", "| Ferry | 120 | USD 12 |", "| Punt | 4 | USD 30 |"]
XS, YS = (60, 200, 300, 420), (700, 680, 660, 640)


def read(path: Path) -> Extracted:
    steps = read_pdf(open_source(path), lambda: False)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            found: Extracted = end.value
            return found


def page_of(folder: Path, content: str) -> PlaceText:
    path = folder / "a.pdf"
    path.write_bytes(drawn(content))
    (place,) = read(path).places
    return place


def table(cells: list[list[str]], *, by_columns: bool = False) -> str:
    found = [
        (at(XS[column] + 4, YS[row] - 14, words), column)
        for row, line in enumerate(cells)
        for column, words in enumerate(line)
        if words
    ]
    if by_columns:
        found.sort(key=lambda each: each[1])
    return "\n".join(drawing for drawing, _ in found)


def chunks_of(place: PlaceText) -> list[Chunk]:
    return [chunk for chunks in Splitter(estimate, 512).split("Title", [place]) for chunk in chunks]


def test_a_table_in_a_grid_is_markdown_row_by_row(tmp_path: Path) -> None:
    above, below = at(60, 760, "Boats on the lake"), at(60, 600, "All fares are for one way.")
    place = page_of(tmp_path, "\n".join([grid(XS, YS), above, table(CELLS), below]))
    assert [one.search_text for one in place.instead] == MARKDOWN
    assert [place.text[one.start : one.end] for one in place.instead] == [" ".join(row) for row in CELLS]
    (chunk,) = chunks_of(place)
    assert "\n".join(["Boats on the lake", *MARKDOWN, "All fares are for one way."]) in chunk.search_text
    assert "|" not in place.text[chunk.start : chunk.end]


def test_a_table_that_is_drawn_by_columns_stands_as_a_whole(tmp_path: Path) -> None:
    place = page_of(tmp_path, f"{grid(XS, YS)}\n{table(CELLS, by_columns=True)}\n{at(60, 600, 'The end.')}")
    (whole,) = place.instead
    assert whole.search_text == "\n".join(MARKDOWN)
    assert "".join(place.text[whole.start : whole.end].split()).startswith("BoatFerryPunt")


def test_cells_drawn_as_rectangles_make_a_table(tmp_path: Path) -> None:
    boxes = [
        f"{left} {low} {right - left} {high - low} re S"
        for left, right in pairwise(XS)
        for high, low in pairwise(YS)
    ]
    place = page_of(tmp_path, "\n".join([*boxes, table(CELLS)]))
    assert [one.search_text for one in place.instead] == MARKDOWN


def test_a_grid_drawn_as_one_path_makes_a_table(tmp_path: Path) -> None:
    path = grid(XS, YS).replace(" S", "") + " S"
    place = page_of(tmp_path, f"q 0.5 0 0 0.5 0 0 cm 2 0 0 2 0 0 cm {path} Q\n{table(CELLS)}")
    assert [one.search_text for one in place.instead] == MARKDOWN


def test_a_cell_over_two_columns_is_one_cell(tmp_path: Path) -> None:
    lines = grid(XS, YS).replace("200 640 m 200 700 l S", "200 640 m 200 680 l S")
    cells = [["Boats and their seats", "", "Fare"], *CELLS[1:]]
    place = page_of(tmp_path, f"{lines}\n{table(cells)}")
    assert place.instead[0].search_text == "| Boats and their seats |  | Fare |\n|---|---|---|"


def test_a_table_with_lines_across_only_is_seen_where_columns_keep_apart(tmp_path: Path) -> None:
    rules = "\n".join(f"60 {y} m 420 {y} l S" for y in (YS[0], YS[1], YS[3]))
    place = page_of(tmp_path, f"{rules}\n{table(CELLS)}")
    assert [one.search_text for one in place.instead] == MARKDOWN


def test_text_in_boxes_and_between_lines_is_no_table(tmp_path: Path) -> None:
    rules = "\n".join(f"60 {y} m 420 {y} l S" for y in (700, 600, 500))
    words = [
        at(64, 690 - 12 * n, "Some words of running text that go on for a whole line") for n in range(15)
    ]
    assert page_of(tmp_path, "\n".join([rules, *words])).instead == ()
    frame = "60 400 400 300 re S"
    assert page_of(tmp_path, "\n".join([frame, *words])).instead == ()


def test_a_chart_is_no_table(tmp_path: Path) -> None:
    place = page_of(tmp_path, f"{grid(range(60, 400, 20), range(300, 700, 20))}\n{at(64, 690, 'Sales')}")
    assert place.instead == ()


def test_real_tables_are_seen(shared_data: Path) -> None:
    place = read(next(shared_data.glob("documents/pdf-samples/026-latex-multicolumn/*.pdf"))).places[2]
    assert "| Denmark | 5.8 | 42,951 | Copenhagen | Danish |" in [one.search_text for one in place.instead]
    path = shared_data / "documents/pdfplumber/tests/pdfs/word365_structure.pdf"
    assert [one.search_text for one in read(path).places[0].instead] == [
        "| En-tête 1 | En-tête 2 | En-tête 3 |\n|---|---|---|",
        "| Ligne 1 | Alouette | Farfadet |",
        "| Linge 2 | Belette | Bibitte |",
    ]


def test_bookmarks_are_headings_of_their_pages(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    first = "\n".join([at(60, 700, "1. The lake"), at(60, 680, "It is deep."), at(60, 660, "Boats")])
    second = "\n".join(
        [at(60, 700, "More of boats."), at(60, 680, "1.2 Fares"), at(60, 660, "They are low.")]
    )
    marks = [(1, "The lake", 0), (2, "Boats", 0), (2, "Fares", 1), (1, "What nobody wrote", 1)]
    path.write_bytes(drawn(first, second, bookmarks=marks))
    places = read(path).places
    fares = places[1].text.index("1.2 Fares")
    assert places[0].headings == (
        Heading(0, 1, "The lake"),
        Heading(places[0].text.index("Boats"), 2, "Boats"),
    )
    assert places[1].headings == (Heading(fares, 2, "Fares"), Heading(fares, 1, "What nobody wrote"))


def test_real_bookmarks_name_the_chunks(shared_data: Path) -> None:
    found = read(next(shared_data.glob("documents/pdf-samples/009-pdflatex-geotopo/*.pdf")))
    chunks = [chunk for part in Splitter(estimate, 512).split("GeoTopo", found.places) for chunk in part]
    assert any(
        chunk.heading.startswith("1 Topologische Grundbegriffe > 1.4 Zusammenhang") for chunk in chunks
    )


def test_bookmarks_in_a_circle_and_to_nowhere_end(shared_data: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    content = drawn(at(60, 700, "Words"), bookmarks=[(1, "One", 0), (1, "Two", 0)])
    path.write_bytes(content.replace(b"/Dest[3 0 R/Fit]", b"/Dest[9 0 R/Fit]"))
    assert read(path).places[0].headings == ()
    circle = pypdfium2.PdfDocument(next(shared_data.glob("documents/pikepdf/**/cyclic-toc.pdf")))
    assert len(list(circle.get_toc())) == 3
    circle.close()
