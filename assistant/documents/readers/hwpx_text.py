# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""A section of an HWPX file as a flow of paragraphs, after KS X 6101, schemas Section and Paragraph."""

from collections.abc import Iterator, Mapping

from assistant.documents.readers.hwp_flow import (
    MAX_DEPTH,
    Box,
    BoxKind,
    Budget,
    Cell,
    Line,
    Paragraph,
    Table,
    TextPieces,
    clean,
    turns,
)
from assistant.documents.readers.hwp_numbers import number
from assistant.documents.readers.hwpx_styles import HwpxStyles
from assistant.documents.readers.hwpx_xml import Node

_BOXES = {"header": BoxKind.HEADER, "footer": BoxKind.FOOTER, "footNote": BoxKind.FOOTNOTE,
          "endNote": BoxKind.ENDNOTE, "drawText": BoxKind.BESIDE, "caption": BoxKind.BESIDE}  # fmt: skip
# What hangs on a paragraph and may hold text, directly or in a shape among several.
_OBJECTS = frozenset(
    {"pic", "rect", "line", "ellipse", "arc", "polygon", "curve", "connectLine", "container", "ole", "video",
     "chart", "textart", "btn", "checkBtn", "radioBtn", "comboBox", "listBox", "edit"}
)  # fmt: skip
_LETTERS = {"lineBreak": "\n", "nbSpace": "\u00a0", "fwSpace": " ", "hyphen": "-"}
_UNITS = 8  # letters that a control or an object takes in the counting of lines


class HwpxText:
    """Makes paragraphs of the elements p of a section.

    Raises ValueError where they are broken, OverflowError where they are too many.
    """

    def __init__(self, styles: HwpxStyles, masters: Mapping[str, Box], budget: Budget) -> None:
        """Take the styles, and what lies behind pages by its name."""
        self._budget = budget
        self._styles = styles
        self._masters = masters
        self._outline = ""
        self._depth = 0
        self.height = 0  # of the page between its margins, once the first paragraph is read

    def paragraph(self, node: Node) -> Paragraph:
        """Return the paragraph that an element p describes."""
        self._budget.spend()
        reading = _Reading()
        runs = [each for each in node.nodes() if each.name == "run"]
        self._set_page(runs, reading)
        shape = node.get("paraPrIDRef")
        if any(self._says(run) for run in runs) and (head := self._styles.head(shape, self._outline)):
            reading.pieces.add(head + " ")
        for run in runs:
            for each in _in_use(run):
                self._add(each, reading)
        lines = node.first("linesegarray") if not self._depth else None
        return Paragraph(
            reading.pieces.joined(),
            self._styles.level(shape, node.get("styleIDRef")),
            node.get("pageBreak") == "1",
            reading.columns,
            turns(_lines(lines, reading.pieces)) if lines else (),
            tuple(reading.objects),
        )

    def _set_page(self, runs: list[Node], reading: "_Reading") -> None:
        for run in runs:
            if section := run.first("secPr"):
                self._outline = section.get("outlineShapeIDRef")
                if page := section.first("pagePr"):
                    self.height = _page_height(page)
                for each in section.nodes():
                    if each.name == "masterPage" and each.get("idRef").lower() in self._masters:
                        reading.objects.append(self._masters[each.get("idRef").lower()])

    def _says(self, run: Node) -> bool:
        """Say whether a run has more than settings: an empty paragraph gets no number."""
        return any(
            (each.name == "t" and each.children) or each.name in _OBJECTS or each.name in ("tbl", "equation")
            for each in run.nodes()
        )

    def _add(self, node: Node, reading: "_Reading") -> None:
        """Add what one element of a run says."""
        if node.name == "t":
            reading.add_text(node)
            return
        if node.name == "ctrl":
            for each in _in_use(node):
                self._add_control(each, reading)
            return
        start = reading.skip()
        if node.name == "tbl":
            self._add_table(node, start, reading)
        elif node.name in _OBJECTS:
            reading.objects.extend(self._boxes(node))
        elif node.name == "equation":
            script = node.first("script")
            reading.pieces.add(f" {script.words()} " if script else "")
        elif node.name == "compose":
            reading.pieces.add(node.get("composeText"))
        elif node.name == "dutmal":
            main, above = (
                found.words() if (found := node.first(name)) else "" for name in ("mainText", "subText")
            )
            reading.pieces.add(f"{main}({above})" if above.strip() else main)

    def _add_control(self, node: Node, reading: "_Reading") -> None:
        reading.skip()
        if node.name == "colPr":
            reading.columns = max(node.number("colCount"), 1)
        elif node.name == "autoNum" and node.get("numType") != "PAGE":
            reading.pieces.add(_auto_number(node))
        elif node.name in _BOXES:
            reading.objects.append(Box(_BOXES[node.name], self._list(node)))

    def _add_table(self, node: Node, start: int, reading: "_Reading") -> None:
        place = node.first("pos")
        inline = place is None or place.get("treatAsChar") == "1"  # nothing says that it floats
        cells = tuple(
            self._cell(cell)
            for row in node.nodes()
            if row.name == "tr"
            for cell in row.nodes()
            if cell.name == "tc"
        )
        pushes = (
            place is not None
            and not inline
            and node.get("textWrap") == "TOP_AND_BOTTOM"
            and place.get("vertRelTo") == "PARA"
            and not place.number("vertOffset")
        )
        size = node.first("sz") or Node("sz", {})
        table = Table(start, max(size.number("height"), 0), inline, pushes, cells)
        caption = node.first("caption")
        box = Box(BoxKind.BESIDE, self._list(caption)) if caption else None
        if caption and box and caption.get("side") in ("TOP", "LEFT"):
            reading.objects += [box, table]
        else:
            reading.objects += [table, *([box] if box else [])]

    def _cell(self, node: Node) -> Cell:
        place, span, size = (
            node.first(name) or Node(name, {}) for name in ("cellAddr", "cellSpan", "cellSz")
        )
        row, column = place.number("rowAddr"), place.number("colAddr")
        if min(row, column) < 0:
            raise ValueError("a cell before the first")
        return Cell(
            row,
            column,
            max(span.number("colSpan"), 1),
            max(span.number("rowSpan"), 1),
            max(size.number("height"), 0),
            self._list(node),
        )

    def _boxes(self, node: Node) -> Iterator[Box]:
        """Yield the texts of an object and of those in it."""
        said = node.get("text") or node.get("caption") or node.get("selectedValue")
        if node.name == "edit" and (words := node.first("text")):
            said = words.words()
        if said:
            yield Box(BoxKind.BESIDE, (Paragraph(clean(said)),))
        for each in _in_use(node):
            if each.name in _BOXES:
                yield Box(_BOXES[each.name], self._list(each))
            elif each.name in _OBJECTS:
                yield from self._boxes(each)

    def _list(self, node: Node) -> tuple[Paragraph, ...]:
        """Return the paragraphs of a list that stands in a cell, a box or a note."""
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise ValueError("too deep")
        found = node.first("subList")
        paragraphs = (
            tuple(self.paragraph(each) for each in found.nodes() if each.name == "p") if found else ()
        )
        self._depth -= 1
        return paragraphs


class _Reading:
    """What is gathered of one paragraph."""

    def __init__(self) -> None:
        self.pieces = TextPieces()
        self.objects: list[Table | Box] = []
        self.columns = 0
        self._position = 0  # in the file's counting: letters of 16 bits
        self._deleted = False  # inside what a tracked change deletes

    def skip(self) -> int:
        """Count a control or an object and return the offset of the text that it stands at."""
        self._position += _UNITS
        return len(self.pieces)

    def add_text(self, node: Node) -> None:
        for child in node.children:
            if isinstance(child, str):
                self._add_words(child, len(child.encode("utf-16-le", "surrogatepass")) // 2)
            elif child.name == "tab":
                self._add_words("\t", _UNITS)
            elif child.name in _LETTERS:
                self._add_words(_LETTERS[child.name], 1)
            elif child.name in ("deleteBegin", "deleteEnd"):
                self._deleted = child.name == "deleteBegin"
            elif child.name == "titleMark":
                self._position += _UNITS

    def _add_words(self, words: str, units: int) -> None:
        self.pieces.add("" if self._deleted else words, self._position)
        self._position += units


def _in_use(node: Node) -> Iterator[Node]:
    """Yield the elements in `node`, of a switch between versions of the format those of its default."""
    for each in node.nodes():
        if each.name == "switch":
            chosen = each.first("default") or each.first("case")
            if chosen:
                yield from chosen.nodes()
        else:
            yield each


def _lines(node: Node, pieces: TextPieces) -> Iterator[Line]:
    for each in node.nodes():
        if each.name == "lineseg":
            top, height, width = (each.number(name) for name in ("vertpos", "vertsize", "horzsize"))
            yield Line(pieces.offset(each.number("textpos")), top, height, width)


def _page_height(node: Node) -> int:
    """Return what the page holds between its margins, its header and its footer."""
    margin = node.first("margin") or Node("margin", {})
    whole = node.number("width" if node.get("landscape") == "NARROWLY" else "height")
    return whole - sum(margin.number(name) for name in ("top", "bottom", "header", "footer"))


def _auto_number(node: Node) -> str:
    form = node.first("autoNumFormat") or Node("autoNumFormat", {})
    said = form.get("userChar") or number(node.number("num"), form.get("type") or "DIGIT")
    return form.get("prefixChar") + said + form.get("suffixChar")
