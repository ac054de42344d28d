# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The keys of the window: what each does, in one table. On macOS Qt reads Ctrl as Cmd."""

from collections.abc import Callable, Mapping

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from assistant.texts import Text, text

KEYS: dict[str, tuple[tuple[str, ...], Text]] = {
    "new": (("Ctrl+N",), text("Start a new conversation")),
    "search": (("Ctrl+K",), text("Find a conversation")),
    "find": (("Ctrl+F",), text("Find in this conversation")),
    "composer": (("Ctrl+L",), text("Go to the question field")),
    "copy": (("Ctrl+Shift+C",), text("Copy the last answer")),
    "panes": (("F6",), text("Go to the next part of the window")),
    "panes_back": (("Shift+F6",), text("Go to the part before")),
    "list": (("Ctrl+B",), text("Show or fold the conversations")),
    "side": (("Ctrl+Shift+B",), text("Show or fold the side panel")),
    "documents": (("Ctrl+D",), text("Show your documents")),
    "look": (("Ctrl+Shift+F",), text("Search your documents")),
    "hidden": (("Ctrl+.",), text("List what is hidden in the question")),
    "settings": (("Ctrl+,",), text("Open the settings")),
    "keys": (("Ctrl+/",), text("List the keys")),
    "larger": (("Ctrl++", "Ctrl+="), text("Larger text")),
    "smaller": (("Ctrl+-",), text("Smaller text")),
    "usual": (("Ctrl+0",), text("Text in its usual size")),
}

FIELD_KEYS: tuple[tuple[str, Text], ...] = (
    ("Enter", text("Send the question")),
    ("Shift+Enter", text("Begin a new line")),
    ("Up", text("In an empty field: change the last question")),
    ("Esc", text("Stop the answer")),
)
"""Keys that are no shortcuts: the field and the window see to them."""


def make_shortcuts(window: QWidget, actions: Mapping[str, Callable[[], object]]) -> None:
    """Let every key of KEYS call the action of its name."""
    for name, action in actions.items():
        for keys in KEYS[name][0]:
            shortcut = QShortcut(QKeySequence(keys), window)
            shortcut.activated.connect(action)
