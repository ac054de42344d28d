# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Collections as they are shown: their folders, and how far the reading of their files has come."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from assistant.documents.protocol import FileProgress
from assistant.texts import LANGUAGES, text, tr

DEFAULT_COLLECTION = "default"  # the collection of whoever never chose one


def shown_name(name: str) -> str:
    """Return a collection's name as people read it, in the language in use."""
    return tr("My documents") if name == DEFAULT_COLLECTION else name


def kept_name(words: str) -> str:
    """Return the name that a collection is kept under which people call by the name that is shown."""
    usual = text("My documents")
    shown = {usual.in_language(language).casefold() for language in LANGUAGES}
    return DEFAULT_COLLECTION if " ".join(words.casefold().split()) in shown else words


class FolderState(StrEnum):
    """How a folder of a collection is kept up with."""

    WATCHED = "watched"
    LOOKED_AT = "looked_at"  # now and then: it cannot be watched
    NOT_THERE = "not_there"  # its drive is not connected, say: its documents stay


@dataclass(frozen=True)
class Folder:
    """A folder whose documents belong to a collection, whatever is added, changed or deleted in it."""

    path: Path
    state: FolderState


@dataclass(frozen=True)
class Collection:
    """A collection: how many documents can be found, how many are set aside, how many wait to be read.

    `conversation_id` is set for the files that were dropped into one conversation: only it sees them.
    """

    name: str
    folders: tuple[Folder, ...] = ()
    documents: int = 0
    passages: int = 0
    set_aside: int = 0
    waiting: int = 0
    conversation_id: int | None = None


@dataclass(frozen=True)
class IndexingState:
    """How far the files are that are read in the background.

    `files` of `of_files` are finished, with so many pages and passages; `of_files` is 0 where there is
    nothing to do. `seconds_left` is None while that cannot be told. `now` is the file in hand. `made` of
    `of_made` passages have the vectors of another search model, 0 where none is coming.
    `problem` says why it paused by itself (a full disk, say).
    """

    files: int = 0
    of_files: int = 0
    pages: int = 0
    passages: int = 0
    passages_per_second: float = 0.0
    seconds_left: float | None = None
    paused: bool = False
    now: FileProgress | None = None
    made: int = 0
    of_made: int = 0
    problem: str = ""


@dataclass(frozen=True)
class LibraryChanged:
    """Documents, collections or folders are not what they were: whoever shows them lists them anew."""
