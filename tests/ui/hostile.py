# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Text that tries to open something, a bait for it to open, and texts made to keep a window busy."""

import ctypes
import os
import struct
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from PySide6.QtCore import QBuffer, QPoint
from PySide6.QtGui import QHelpEvent, QImage
from PySide6.QtWidgets import QApplication, QLabel, QWidget

BAIT = "maru-bait"  # names that strace is asked for
_OPENED = 0x20  # IN_OPEN
_HEAD = struct.Struct("iIII")

FORBIDDEN = (
    "file:///{bait}",
    "FILE:///{bait}",
    "{bait}",
    "//server/maru-bait/x.png",
    "\\\\server\\maru-bait\\x.png",
    "smb://server/maru-bait",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "vbscript:msgbox(1)",
    "data:text/html,<script>alert(1)</script>",
    "qrc:/maru-bait",
    "chip:0",
    "tel:+15551234567",
    "ms-word:ofe|u|https://maru-bait.example/x.doc",
    "https://bank.example@maru-bait.example/",
    "https:\\\\server\\maru-bait",
    "http:///maru-bait",
    "mailto:x@maru-bait.example?attach=/{bait}",
    "https://maru-bait.example/" + "a" * 3000,
)


def make_bait(folder: Path) -> Path:
    """Return a picture that nothing but the test may open."""
    inside = folder / BAIT
    inside.mkdir()
    image = QImage(4, 4, QImage.Format.Format_RGB32)
    image.fill(0)
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    picture = inside / "x.png"
    picture.write_bytes(bytes(buffer.data().data()))
    return picture


def html(bait: Path) -> str:
    """Return HTML that opens the bait in every way, in one line: Qt takes a text for HTML by its first."""
    name = bait.as_uri()
    return (
        f"<b>x</b><img src='{name}'><img src='{bait}'><img src='//server/maru-bait/x.png'>"
        f"<img src='https://maru-bait.example/x.png'><iframe src='{name}'></iframe>"
        f"<object data='{name}'></object>"
        f"<link rel='stylesheet' href='{name}'><style>body {{ background: url({name}) }}</style>"
        f"<table background='{name}'><tr><td style=\"background-image: url('{name}')\">x</td></tr></table>"
        f"<script src='{name}'></script><meta http-equiv='refresh' content='0;url={name}'>"
        f"<ul style=\"list-style-image: url('{name}')\"><li>x</li></ul><a href='{name}'>link</a>"
    )


def markdown(bait: Path) -> str:
    """Return Markdown that names the bait, and what else may not be opened, in every way there is."""
    forbidden = [address.format(bait=str(bait).lstrip("/")) for address in FORBIDDEN]
    links = [f"[link]({address}) [angled](<{address}>) ![picture]({address})" for address in forbidden]
    references = [
        f"[word][r{n}] ![word][r{n}]\n\n[r{n}]: <{address}> 'title'" for n, address in enumerate(forbidden)
    ]
    bare = [f"<{address}> {address}" for address in forbidden]
    shown = html(bait)
    fences = [f"```{shown.replace(' ', '/')}\n{shown}\n```", f"| {shown} |\n|---|\n| ![x]({bait.as_uri()}) |"]
    return "\n\n".join([*links, *references, *bare, shown, f"> {shown}", f"- {shown}", f"# {shown}", *fences])


@contextmanager
def watched(folder: Path) -> Iterator[list[str]]:
    """Gather the names of the files in `folder` that this process or another opens (inotify)."""
    if sys.platform != "linux":
        pytest.skip("inotify, which sees what is opened, is Linux's")
    libc = ctypes.CDLL(None, use_errno=True)
    handle = libc.inotify_init1(os.O_NONBLOCK)
    assert handle >= 0, os.strerror(ctypes.get_errno())
    assert libc.inotify_add_watch(handle, os.fsencode(folder), _OPENED) >= 0
    opened: list[str] = []
    try:
        yield opened
    finally:
        with suppress(BlockingIOError):
            opened += _names(os.read(handle, 1 << 20))
        os.close(handle)


def _names(events: bytes) -> Iterator[str]:
    at = 0
    while at < len(events):
        *_, length = _HEAD.unpack_from(events, at)
        at += _HEAD.size
        if name := events[at : at + length].rstrip(b"\0").decode():  # else the folder itself
            yield name
        at += length


def hover(widget: QWidget, place: QPoint | None = None) -> None:
    """Rest the pointer upon a widget until its tooltip comes."""
    at = place or widget.rect().center()
    QApplication.sendEvent(widget, QHelpEvent(QHelpEvent.Type.ToolTip, at, widget.mapToGlobal(at)))
    tip = next((one for one in QApplication.topLevelWidgets() if one.inherits("QTipLabel")), None)
    if isinstance(tip, QLabel):
        tip.grab()


def long_texts() -> Mapping[str, str]:
    """Return texts that took a window minutes, or might."""
    link = "[a](https://x.example/) "
    return {
        "table of 10,000 rows": "| a | b |\n|---|---|\n" + "| 1 | 2 |\n" * 10_000,
        "table of 2,000 columns": "|"
        + "a|" * 2000
        + "\n|"
        + "-|" * 2000
        + "\n"
        + ("|" + "1|" * 2000 + "\n") * 5,
        "3,000 tables": "| a |\n|---|\n| b |\n\n" * 3000,
        "10,000 nested quotes": ">" * 10_000 + " deep",
        "10,000 nested quotes, spaced": "> " * 10_000 + "deep",
        "quotes, one deeper each line": "\n".join(">" * depth + " x" for depth in range(1, 1000)),
        "100,000 brackets": "[" * 100_000,
        "brackets, half of them closed": "[" * 50_000 + "]" * 50_000,
        "25,000 links within links": "[a](" * 25_000,
        "50,000 pictures that do not end": "![" * 50_000,
        "deep list": "\n".join("  " * depth + "- x" for depth in range(500)),
        "10,000 lists in one line": "- " * 10_000 + "x",
        "one word of 1 MB": "a" * 1_000_000,
        "one line of 1 MB": "word " * 200_000,
        "one line of 1 MB, Korean": "가나다 " * 200_000,
        "1 MB of blanks": " " * 1_000_000 + "|",
        "5,000 links": link * 5000,
        "5,000 references": "\n".join(f"[r{n}]: https://x.example/{n}\n\n[r{n}]" for n in range(5000)),
        "5,000 code fences": "```\nx\n```\n" * 5000,
        "5,000 fences in fences": "".join("`" * length + "\n" for length in range(3, 500)),
        "100,000 stars": "*a " * 100_000,
        "100,000 underscores": "_a" * 100_000,
        "100,000 HTML tags": "<a " * 100_000,
        "100,000 letters on one": "a" + "\u0301" * 100_000,
        "20,000 joined emoji": "\U0001f468\u200d" * 20_000,
        "100,000 reversals": "\u202e" * 100_000 + "abc",
        "100,000 zeroes": "a\0" * 100_000,
    }
