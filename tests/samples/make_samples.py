# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: E501  (XML and sentences)
"""Makes the sample documents of tests/data from the texts beside this file.

    QT_QPA_PLATFORM=offscreen python tests/samples/make_samples.py

Everything in them is written by us and every name is invented. This file and its texts lie outside
tests/data so that adding that folder to Maru adds documents only. lease.pdf is drawn by reportlab;
contract_ko.pdf by Qt, because reportlab cannot embed the OpenType outlines of Noto Sans CJK KR
(Debian: fonts-noto-cjk; SIL Open Font License 1.1, embedded as a subset). Zipped formats
without a writer among our development packages are written part by part.
"""

import zipfile
from email.message import EmailMessage
from pathlib import Path

import docx
import openpyxl
from PySide6.QtCore import QMarginsF
from PySide6.QtGui import QFont, QGuiApplication, QPageLayout, QPageSize, QPdfWriter, QTextDocument
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate

HERE = Path(__file__).parent
DATA = HERE.parent / "data"
LONG_AGO = (1980, 1, 1, 0, 0, 0)

HEADING = ParagraphStyle("heading", fontName="Helvetica-Bold", fontSize=13, leading=18, spaceBefore=14)
BODY = ParagraphStyle("body", fontName="Helvetica", fontSize=11.5, leading=17, spaceBefore=6)


def lease() -> None:
    """Write lease.pdf: seven pages, a running head and page numbers."""
    story: list[Paragraph | PageBreak] = []
    for line in (HERE / "lease.txt").read_text("utf-8").splitlines():
        if line == "---":
            story.append(PageBreak())
        elif line.startswith("# "):
            story.append(Paragraph(line[2:], HEADING))
        else:
            story.append(Paragraph(line, BODY))
    pages = SimpleDocTemplate(
        str(DATA / "lease.pdf"), pagesize=A4, title="Residential Lease Agreement", author="", invariant=1
    )
    pages.build(story, onFirstPage=_running_head, onLaterPages=_running_head)


def _running_head(canvas: Canvas, _pages: SimpleDocTemplate) -> None:
    canvas.setFont("Helvetica", 9)
    canvas.drawString(25 * mm, 282 * mm, "Residential Lease - 12 Orchard Lane, Apartment 4B, Fairhaven")
    canvas.drawCentredString(105 * mm, 12 * mm, f"Page {canvas.getPageNumber()} of 7")


def contract_ko() -> None:
    """Write contract_ko.pdf: three pages in Korean."""
    _application = QGuiApplication([])
    html = ""
    for line in (HERE / "contract_ko.txt").read_text("utf-8").splitlines():
        if line == "---":
            html += '<p style="page-break-after: always"></p>'
        elif line.startswith("# "):
            html += f"<h3>{line[2:]}</h3>"
        else:
            html += f"<p>{line}</p>"
    writer = QPdfWriter(str(DATA / "contract_ko.pdf"))
    writer.setTitle("소프트웨어 개발 용역 계약서")
    writer.setPageLayout(
        QPageLayout(QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Portrait, QMarginsF(20, 20, 20, 20))
    )  # fmt: skip
    pages = QTextDocument()
    pages.setDefaultFont(QFont("Noto Sans CJK KR", 11))
    pages.setHtml(html)
    pages.print_(writer)


def handbook() -> None:
    """Write handbook.docx: headings in two levels, a list and a table."""
    document = docx.Document()
    document.core_properties.title = "Handbook of the Tidewater Bakery"
    document.add_heading("Handbook of the Tidewater Bakery", 1)
    document.add_paragraph("This handbook is for everyone who works at the Tidewater Bakery in Fairhaven.")
    document.add_heading("Working hours", 2)
    document.add_paragraph(
        "The early shift begins at 3:40 a.m. and ends at noon. The counter opens at 6:30 a.m."
    )
    document.add_heading("Vacation", 2)
    document.add_paragraph(
        "Everyone has twenty-six days of vacation a year. Five of them may be taken over into the next year."
    )
    document.add_heading("Safety", 1)
    document.add_paragraph("The oven doors are opened with both hands.", style="List Bullet")
    document.add_paragraph("The flour silo is entered by two people only.", style="List Bullet")
    document.add_heading("Telephone numbers inside the house", 2)
    rows = (("Place", "Number"), ("Oven room", "41"), ("Counter", "42"), ("Office", "47"))
    table = document.add_table(rows=len(rows), cols=2)
    for cells, row in zip(table.rows, rows, strict=True):
        for cell, value in zip(cells.cells, row, strict=True):
            cell.text = value
    document.save(str(DATA / "handbook.docx"))


def stock() -> None:
    """Write stock.xlsx: two sheets."""
    book = openpyxl.Workbook()
    first = book.active
    assert first is not None
    first.title = "Prices"
    for row in (("Article", "Number", "Unit price USD"), ("Oak shelf", "K-1047", 64.5), ("Pine bench", "K-2210", 38),
                ("Brass hook", "M-0031", 4.25), ("Linen curtain", "T-5508", 27.9)):  # fmt: skip
        first.append(row)
    second = book.create_sheet("재고")
    for row in (
        ("품목", "창고", "수량"),
        ("참나무 선반", "북부 창고", 120),
        ("소나무 의자", "남부 창고", 45),
    ):
        second.append(row)
    book.save(DATA / "stock.xlsx")


def plain_files() -> None:
    """Write letter.md, notice_ko.txt (CP949), members.csv, ferry.html, note.rtf, plumber.eml."""
    (DATA / "letter.md").write_bytes((HERE / "letter.md").read_bytes())
    (DATA / "notice_ko.txt").write_bytes((HERE / "notice_ko.txt").read_text("utf-8").encode("cp949"))
    (DATA / "members.csv").write_text(
        "name,instrument,joined\nIvo Marsh,oboe,2019\nLena Quist,viola,2021\n한소담,가야금,2023\n", "utf-8"
    )
    (DATA / "ferry.html").write_text(
        '<!doctype html><html><head><meta charset="utf-8"><title>Ferry to Gull Island</title></head><body>'
        "<h1>Ferry to Gull Island</h1><p>The ferry leaves Fairhaven every two hours, first at 7:10.</p>"
        "<h2>Fares</h2><p>A single ride costs USD 5, a day ticket USD 12. Dogs travel free.</p>"
        "<h2>Winter</h2><p>From November to March there are two crossings a day.</p></body></html>\n",
        "utf-8",
    )
    (DATA / "note.rtf").write_bytes(
        rb"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}{\info{\title Note on the piano}}\f0\fs24 "
        rb"The piano in the hall was tuned on May 6. The next tuning is due in November.\par "
        rb"The caf\'e9 keeps the key.\par}"
    )
    mail = EmailMessage()
    mail["From"], mail["To"] = "Caretaker <caretaker@orchard.example>", "tenants@orchard.example"
    mail["Subject"] = "Plumber in Apartment 4B / 배관 수리 안내"
    mail["Date"], mail["Message-ID"] = "Mon, 12 May 2025 09:30:00 +0000", "<1@orchard.example>"
    mail.set_content(
        "Hello,\n\nthe plumber comes on Thursday at 8:15 and needs about two hours. Please clear the space"
        " under the sink.\n\n목요일 오전에는 물이 나오지 않습니다.\n\nOdile Ferrant\n"
    )
    (DATA / "plumber.eml").write_bytes(mail.as_bytes())


def plan() -> None:
    """Write plan.pptx: two slides (ECMA-376 part 1, only the parts a reader needs)."""
    office = "http://schemas.openxmlformats.org"
    kinds = f"{office}/officeDocument/2006/relationships"
    slides = (
        ("Plan for spring", "Three shops open in March."),
        ("Sales targets", "The target for Ostrava is 4,200 units."),
    )
    main = "application/vnd.openxmlformats-officedocument.presentationml"
    overrides = "".join(
        f'<Override PartName="/ppt/slides/slide{n}.xml" ContentType="{main}.slide+xml"/>' for n in (1, 2)
    )
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{office}/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/ppt/presentation.xml" ContentType="{main}.presentation.main+xml"/>{overrides}</Types>',
        "_rels/.rels": _relations({"rId1": (f"{kinds}/officeDocument", "ppt/presentation.xml")}),
        "ppt/presentation.xml": f'<p:presentation xmlns:p="{office}/presentationml/2006/main" xmlns:r="{kinds}">'
        '<p:sldIdLst><p:sldId id="256" r:id="rId1"/><p:sldId id="257" r:id="rId2"/></p:sldIdLst></p:presentation>',
        "ppt/_rels/presentation.xml.rels": _relations(
            {f"rId{n}": (f"{kinds}/slide", f"slides/slide{n}.xml") for n in (1, 2)}
        ),
    }
    for number, (title, words) in enumerate(slides, start=1):
        parts[f"ppt/slides/slide{number}.xml"] = (
            f'<p:sld xmlns:p="{office}/presentationml/2006/main" xmlns:a="{office}/drawingml/2006/main">'
            f"<p:cSld><p:spTree>{_shape(2, 'title', title)}{_shape(3, 'body', words)}</p:spTree></p:cSld></p:sld>"
        )
    _archive("plan.pptx", parts)


def _shape(number: int, kind: str, words: str) -> str:
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="{number}" name="{kind}"/><p:cNvSpPr/><p:nvPr><p:ph type="{kind}"/></p:nvPr>'
        f"</p:nvSpPr><p:spPr/><p:txBody><a:bodyPr/><a:p><a:r><a:t>{words}</a:t></a:r></a:p></p:txBody></p:sp>"
    )


def _relations(targets: dict[str, tuple[str, str]]) -> str:
    lines = "".join(
        f'<Relationship Id="{name}" Type="{kind}" Target="{target}"/>'
        for name, (kind, target) in targets.items()
    )
    return f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{lines}</Relationships>'


def story() -> None:
    """Write story.epub: two chapters (EPUB 3.3, only the parts a reader needs)."""
    chapters = (("The harbor", "The lamp of the harbor was lit by Ewan every evening."),
                ("The storm", "In the storm of 1911 the lamp went out for the first time."))  # fmt: skip
    parts = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": '<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">'
        '<rootfiles><rootfile full-path="book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>',
        "book.opf": '<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id"><metadata '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:identifier id="id">maru-story</dc:identifier>'
        "<dc:title>The Lamp of Fairhaven</dc:title><dc:language>en</dc:language></metadata><manifest>"
        + "".join(f'<item id="c{n}" href="c{n}.xhtml" media-type="application/xhtml+xml"/>' for n in (1, 2))
        + '</manifest><spine><itemref idref="c1"/><itemref idref="c2"/></spine></package>',
    }
    for number, (title, words) in enumerate(chapters, start=1):
        parts[f"c{number}.xhtml"] = (
            f'<html xmlns="http://www.w3.org/1999/xhtml"><head><title>{title}</title></head>'
            f"<body><h1>{title}</h1><p>{words}</p></body></html>"
        )
    _archive("story.epub", parts)


def minutes() -> None:
    """Write minutes.odt (OpenDocument 1.3, only the parts a reader needs)."""
    office = "urn:oasis:names:tc:opendocument:xmlns"
    kind = "application/vnd.oasis.opendocument.text"
    parts = {
        "mimetype": kind,
        "META-INF/manifest.xml": f'<m:manifest xmlns:m="{office}:manifest:1.0"><m:file-entry m:full-path="/" '
        f'm:media-type="{kind}"/><m:file-entry m:full-path="content.xml" m:media-type="text/xml"/></m:manifest>',
        "content.xml": f'<o:document-content xmlns:o="{office}:office:1.0" xmlns:text="{office}:text:1.0"><o:body>'
        '<o:text><text:h text:outline-level="1">주민 회의록</text:h><text:p>참석자는 모두 열한 명이다.</text:p>'
        '<text:h text:outline-level="2">놀이터</text:h><text:p>그네 두 개를 새로 설치하기로 결정하였다.</text:p>'
        "</o:text></o:body></o:document-content>",
    }
    _archive("minutes.odt", parts)


def _archive(name: str, parts: dict[str, str]) -> None:
    with zipfile.ZipFile(DATA / name, "w") as archive:
        for part, content in parts.items():
            stored = zipfile.ZIP_STORED if part == "mimetype" else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(part, LONG_AGO), content, stored)


if __name__ == "__main__":
    DATA.mkdir(exist_ok=True)
    for make in (lease, contract_ko, handbook, stock, plain_files, plan, story, minutes):
        make()
