# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Small PDF files made by hand (ISO 32000-1), for tests."""

from collections.abc import Iterable, Sequence
from itertools import accumulate


def pdf(*pages: str) -> bytes:
    """Return a PDF with a page for each text; an empty text makes a page with a line drawing only."""
    count = len(pages)
    kids = " ".join(f"{3 + 2 * n} 0 R" for n in range(count))
    font = f"{3 + 2 * count} 0 R"
    bodies = ["<</Type/Catalog/Pages 2 0 R>>", f"<</Type/Pages/Kids[{kids}]/Count {count}>>"]
    for n, words in enumerate(pages):
        drawing = f"BT /F 12 Tf 72 720 Td ({words}) Tj ET" if words else "72 72 m 200 200 l S"
        fonts = f"<</Font<</F {font}>>>>"
        page = f"/Parent 2 0 R/MediaBox[0 0 595 842]/Resources{fonts}/Contents {4 + 2 * n} 0 R"
        bodies.append(f"<</Type/Page{page}>>")
        bodies.append(f"<</Length {len(drawing)}>>\nstream\n{drawing}\nendstream")
    bodies.append("<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>")
    return numbered(bodies)


def drawn(
    *contents: str,
    rotate: int = 0,
    bookmarks: Sequence[tuple[int, str, int]] = (),
    size: str = "595 842",
    crop: str = "",
) -> bytes:
    """Return a PDF with a page for each content stream, which has the font /F.

    `bookmarks` are level (from 1), title and page (from 0), in order; `crop` is the part that is shown.
    """
    count = len(contents)
    kids = " ".join(f"{3 + 2 * n} 0 R" for n in range(count))
    font, outline = 3 + 2 * count, 4 + 2 * count
    root = f"/Outlines {outline} 0 R" if bookmarks else ""
    bodies = [f"<</Type/Catalog/Pages 2 0 R{root}>>", f"<</Type/Pages/Kids[{kids}]/Count {count}>>"]
    for n, content in enumerate(contents):
        boxes = f"/MediaBox[0 0 {size}]" + (f"/CropBox[{crop}]" if crop else "")
        look = f"/Rotate {rotate}{boxes}/Resources<</Font<</F {font} 0 R>>>>"
        bodies.append(f"<</Type/Page/Parent 2 0 R{look}/Contents {4 + 2 * n} 0 R>>")
        bodies.append(f"<</Length {len(content)}>>\nstream\n{content}\nendstream")
    bodies.append("<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>")
    return numbered([*bodies, *_outline(bookmarks, outline)])


def filled_in(content: str, words: str, note: str, link: str, *, looks: bool = True) -> bytes:
    """Return a PDF of a page with a field of a form that holds `words`, a note written on it, and a link.

    Without `looks` the field has no appearance of its own: who reads it is to make one.
    """
    fonts = "<</Font<</F 5 0 R>>>>"
    page = f"/MediaBox[0 0 595 842]/Resources{fonts}"
    kinds = ("/Subtype/Widget/FT/Tx/T(name)", "/Subtype/FreeText")
    bodies = [
        "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[6 0 R]/DR<</Font<</F 5 0 R>>>>>>>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        f"<</Type/Page/Parent 2 0 R{page}/Contents 4 0 R/Annots[6 0 R 8 0 R 10 0 R]>>",
        f"<</Length {len(content)}>>\nstream\n{content}\nendstream",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    for kind, inside, bottom in zip(kinds, (words, note), (600, 500), strict=True):
        look = at(2, 5, inside, 12)
        shown = f"/AP<</N {len(bodies) + 2} 0 R>>" if looks or "Widget" not in kind else ""
        place = f"/Rect[72 {bottom} 300 {bottom + 20}]/F 4/P 3 0 R{shown}"
        bodies.append(f"<</Type/Annot{kind}{place}/V({inside})/DA(/F 12 Tf)>>")
        bodies.append(
            f"<</Type/XObject/Subtype/Form/BBox[0 0 228 20]/Resources{fonts}/Length {len(look)}>>"
            f"\nstream\n{look}\nendstream"
        )
    bodies.append(f"<</Type/Annot/Subtype/Link/Rect[72 400 90 420]/A<</S/URI/URI({link})>>>>")
    return numbered(bodies)


def at(x: float, y: float, words: str, size: float = 10) -> str:
    """Return the drawing of a line of words at a point of the page, y upwards."""
    return f"BT /F {size} Tf 1 0 0 1 {x} {y} Tm ({words}) Tj ET"


def grid(xs: Iterable[float], ys: Iterable[float]) -> str:
    """Return the drawing of lines down at `xs` and across at `ys`."""
    across, up = list(xs), list(ys)
    lines = [f"{x} {min(up)} m {x} {max(up)} l S" for x in across]
    return "\n".join([*lines, *(f"{min(across)} {y} m {max(across)} {y} l S" for y in up)])


def _outline(bookmarks: Sequence[tuple[int, str, int]], first: int) -> list[str]:
    """Return the objects of an outline, the first being its root, numbered from `first`."""
    if not bookmarks:
        return []
    parents = [
        next((k for k in range(n - 1, -1, -1) if bookmarks[k][0] < level), -1)
        for n, (level, _, _) in enumerate(bookmarks)
    ]
    links = []
    for n in range(-1, len(bookmarks)):
        own = [k for k, parent in enumerate(parents) if parent == n]
        inside = f"/First {first + 1 + own[0]} 0 R/Last {first + 1 + own[-1]} 0 R" if own else ""
        if n < 0:
            links.append(f"<</Type/Outlines{inside}>>")
            continue
        after = next((k for k in range(n + 1, len(bookmarks)) if parents[k] == parents[n]), None)
        following = f"/Next {first + 1 + after} 0 R" if after is not None else ""
        _, title, page = bookmarks[n]
        links.append(
            f"<</Title({title})/Parent {first + 1 + parents[n]} 0 R{inside}{following}"
            f"/Dest[{3 + 2 * page} 0 R/Fit]>>"
        )
    return links


def numbered(bodies: list[str]) -> bytes:
    """Return a PDF of these objects, numbered from 1, the first being its catalogue."""
    parts = [b"%PDF-1.7\n"]
    parts += [f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1") for number, body in enumerate(bodies, 1)]
    *offsets, end = accumulate(map(len, parts))
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    return b"".join(parts) + (
        f"xref\n0 {len(bodies) + 1}\n0000000000 65535 f \n{table}"
        f"trailer\n<</Size {len(bodies) + 1}/Root 1 0 R>>\nstartxref\n{end}\n%%EOF\n"
    ).encode("latin-1")
