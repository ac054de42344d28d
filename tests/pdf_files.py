# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Small PDF files made by hand (ISO 32000-1), for tests."""

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
