# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Which links of a text may be opened at all, and how an address is written so that it hides nothing."""

import unicodedata

from PySide6.QtCore import QUrl

SCHEMES = ("http", "https", "mailto")
LONGEST = 2000  # letters; a longer address cannot be read before it is opened
_ATTACHES = ("attach", "attachment")  # some mail programs would send a file of this computer
_HIDDEN = ("C", "Z", "M")  # controls, spaces and what stands on another letter
_BACKWARD = ("R", "AL", "AN")


def openable(address: str) -> str:
    """Return the address as it is shown and opened, "" for what is never opened.

    Only the web and mail are: no file, no share, no script. Nor is an address that names a user
    before its host ("https://bank.example@elsewhere.example"), or mail that asks for an attachment.
    """
    parsed = QUrl(address.strip(), QUrl.ParsingMode.TolerantMode)
    if not parsed.isValid() or parsed.scheme() not in SCHEMES or parsed.userInfo():
        return ""
    if parsed.scheme() == "mailto":
        asked = {part.partition("=")[0].lower() for part in parsed.query().replace(";", "&").split("&")}
        if parsed.host() or not parsed.path() or asked.intersection(_ATTACHES):
            return ""
    elif not parsed.host():
        return ""
    shown = visible(parsed)
    return shown if len(shown) <= LONGEST else ""


def visible(parsed: QUrl) -> str:
    """Return an address with its host in ASCII, and with what cannot be seen or runs backward in percent.

    A host in other letters is shown in its technical form ("xn--…"): some letters look like others.
    """
    whole = parsed.toString(QUrl.ComponentFormattingOption.PrettyDecoded)
    host = parsed.host(QUrl.ComponentFormattingOption.PrettyDecoded)
    technical = parsed.host(QUrl.ComponentFormattingOption.FullyEncoded)
    before, found, behind = whole.partition(host) if host else (whole, "", "")
    return _spelled(before) + (technical if found else "") + _spelled(behind)


def _spelled(part: str) -> str:
    return "".join(_percent(letter) if _is_hidden(letter) else letter for letter in part)


def _is_hidden(letter: str) -> bool:
    kind, direction = unicodedata.category(letter), unicodedata.bidirectional(letter)
    return letter in '<>"\\' or kind[0] in _HIDDEN or direction in _BACKWARD


def _percent(letter: str) -> str:
    return "".join(f"%{byte:02X}" for byte in letter.encode("utf-8", "replace"))
