# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What the window makes a link of carries nothing that was hidden, whatever a model wrote around it."""

from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtGui import QTextDocument

from assistant.entities import EntityType
from assistant.privacy.restore import restore
from assistant.privacy.vault import Vault
from ui.markdown import for_qt

SECRETS = ("hunter2", "010-1234-5678", "a-b.c")
MAIL = "kim@x.example"
PIECES = [
    *("[PASSWORD_1]", "PASSWORD_1", "[PHONE_1]", "[IP 1]", "[EMAIL_1]", "이메일_1", r"\[PASSWORD\_1\]"),
    *("@", "evil.example", ".", "-", "_", "+", "x", "1", "/", "?q=", "#", ":", "가", " ", "\n", "\n\n"),
    *(
        "<",
        ">",
        "(",
        ")",
        "[x](",
        "[x]: ",
        "http://",
        "https://",
        "www.",
        "mailto:",
        "*",
        "**",
        "`",
        "\\",
        "!",
    ),
]


def vault() -> Vault:
    made = Vault()
    for kind, value in zip((EntityType.PASSWORD, EntityType.PHONE, EntityType.IP), SECRETS, strict=True):
        made.placeholder(kind, value)
    made.placeholder(EntityType.EMAIL, MAIL)
    return made


def links(source: str) -> list[str]:
    document = QTextDocument()
    document.setMarkdown(for_qt(source), QTextDocument.MarkdownFeature.MarkdownDialectGitHub)
    found: list[str] = []
    block = document.begin()
    while block.isValid():
        found += [form.format.anchorHref() for form in block.textFormats() if form.format.isAnchor()]
        block = block.next()
    return found


@given(st.lists(st.sampled_from(PIECES), min_size=2, max_size=9).map("".join))
@settings(deadline=None, max_examples=600)
def test_no_link_carries_what_was_hidden(qapp: object, written: str) -> None:
    restored = restore(written, vault())
    for address in links(restored):
        assert not any(secret in address for secret in SECRETS), (restored, address)
        assert MAIL not in address or address.endswith(MAIL), (restored, address)
