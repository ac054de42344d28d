# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What to tell the user of a file that several readers refuse for the same reason."""

from assistant.errors import DocumentError, NoTextError
from assistant.texts import text


def too_large(name: str) -> DocumentError:
    """Return the error for a file that unpacks without end."""
    return DocumentError(
        text("{name} unpacks to far more than a document holds.", name=name),
        text("If you trust it, save it as PDF and add that."),
    )


def too_long(name: str, letters: int, most: int) -> DocumentError:
    """Return the error for a document with more text than is kept of one."""
    million = 1_000_000
    return DocumentError(
        text(
            "{name} holds {letters} million letters; of one document Maru takes {most} million.",
            name=name,
            letters=round(letters / million),
            most=most // million,
        ),
        text("Save it in several parts and add those."),
    )


def only_pictures(name: str) -> NoTextError:
    """Return the error for a document without a letter of text."""
    return NoTextError(
        text("{name} holds no text.", name=name),
        text("If it shows text, that text is a picture: it cannot be searched."),
    )


def nothing_to_search(name: str) -> NoTextError:
    """Return the error for a text file without a letter."""
    return NoTextError(text("{name} holds no text.", name=name), text("There is nothing to search in it."))
