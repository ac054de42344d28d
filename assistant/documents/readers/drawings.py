# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Words of what is drawn in an office document: of diagrams and charts (ECMA-376 part 1, 20 and 21)."""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

_INVENTED = re.compile(r"\\|\.(?:png|jpe?g|gif|emf|wmf|svg)$|자동 생성|generated", re.IGNORECASE)
_LETTERS = {"br": "\n", "tab": "\t"}


def described(picture: Element) -> str:
    """Return what a picture is said to show; "" where a program made that up, or there is nothing."""
    words = picture.get("descr", "")
    return "" if _INVENTED.search(words) else words


def paragraphs(element: Element) -> Iterator[str]:
    """Yield the words of the paragraphs of a drawing."""
    for paragraph in element.iter("p"):
        yield "".join(
            one.text or "" if one.tag == "t" else _LETTERS.get(one.tag, "") for one in paragraph.iter()
        )


def drawn(root: Element) -> Iterator[str]:
    """Yield the words of a diagram or a chart: its paragraphs, and names of series and categories."""
    yield from paragraphs(root)
    names = dict.fromkeys(
        value.text or "" for kind in ("tx", "cat") for one in root.iter(kind) for value in one.iter("v")
    )
    yield ", ".join(names)
