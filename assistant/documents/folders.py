# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Keeps the library in step with the folders of its collections, and with its single files.

A folder that is not there (an unplugged drive, a share that is away) is no deletion: its documents
stay and are marked. A drive that is away may leave an empty folder behind; it lies on another device.
"""

import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from assistant.documents.catalogue import Catalogue, Source
from assistant.documents.changes import Changes, compare, lies_in
from assistant.documents.collection import FolderState
from assistant.documents.ignoring import NAME
from assistant.documents.queue import Queue, ToRead
from assistant.documents.store import Lay, Store, lay_of
from assistant.documents.walk import Walked, walk

MANY = 500  # changed paths, from which on the whole folder is looked at
DEVICE = 2  # its place in a Lay


@dataclass
class Looked:
    """What a look found: so many files to read, so many gone or renamed; `unnamed` have invalid names.

    `changed` where documents or folders are not what they were, apart from what is to be read.
    """

    to_read: int = 0
    gone: int = 0
    moved: int = 0
    changed: bool = False
    unnamed: set[str] = field(default_factory=set)

    def take(self, changes: Changes) -> None:
        """Count what differs."""
        self.to_read += len(changes.to_read)
        self.gone += len(changes.gone)
        self.moved += len(changes.moved)
        self.changed |= bool(changes.gone or changes.moved)
        self.unnamed.update(changes.unnamed)


class Folders:
    """Looks at folders. What is to be read is put into the queue. For one thread at a time."""

    def __init__(self, catalogue: Catalogue, queue: Queue, store: Store, own: str) -> None:
        """Use the parts of one library; `own` is Maru's own folder, which is passed over."""
        self.left: set[int] = set()  # contents of documents that went; others may have them still
        self._links: dict[str, set[str]] = {}  # of each folder looked at
        self._own = own
        self._catalogue = catalogue
        self._queue = queue
        self._store = store

    def look(self, source: Source, *, watched: bool, paths: Iterable[str] | None = None) -> Looked:
        """Look at a whole folder, or at what is said to have changed in it."""
        looked = Looked()
        device = _device(source.path)
        some = None if paths is None else list(paths)
        away = source.state is FolderState.NOT_THERE
        if device != source.device:  # a drive came or went: what is said to have changed is not all
            some = None
        if some is not None and (away or len(some) > MANY or any(Path(one).name == NAME for one in some)):
            some = None
        found = [
            (one, walk(one, source.path, self._own)) for one in (some if some is not None else [source.path])
        ]
        if device is None or (some is None and self._is_away(source, device, found[0][1])):
            looked.changed = self._store.mark(source.collection_id, source.path, there=False)
            looked.changed |= self._catalogue.note(source, FolderState.NOT_THERE, source.device)
            return looked
        links = {link for _, walked in found for link in walked.links}
        self._links[source.path] = links if some is None else self.links(source) | links
        left_out, some_away = self._catalogue.left_out(source.collection_id), False
        for path, walked in found:
            changes = compare(self._store, source.collection_id, path, walked, left_out)
            changes, kept = self.without_away(source.collection_id, changes)
            self.apply(source.collection_id, changes)
            looked.take(changes)
            some_away |= kept
        if some is None and not some_away:
            looked.changed |= self._store.mark(source.collection_id, source.path, there=True)
        state = FolderState.WATCHED if watched else FolderState.LOOKED_AT
        looked.changed |= self._catalogue.note(source, state, device)
        return looked

    def links(self, source: Source) -> set[str]:
        """Return the links that were met in a folder: what lies behind them changes without a word."""
        return self._links.get(source.path, set())

    def look_at_single(self, under: Path | None = None) -> Looked:
        """Look at every document that no watched folder holds, or at those that are or lie `under` a path."""
        looked = Looked()
        for collection_id, path, before in self._store.single():
            if under is not None and not lies_in(path, [str(under)]):
                continue
            try:
                now = lay_of(Path(path).stat())
            except OSError:
                self._missing(collection_id, path, before, looked)
                continue
            looked.changed |= self._store.mark(collection_id, path, there=True)
            if now[:DEVICE] != before[:DEVICE]:
                self._queue.put(collection_id, [ToRead(path, now[0])])
                looked.to_read += 1
        return looked

    def without_away(self, collection_id: int, changes: Changes) -> tuple[Changes, bool]:
        """Return the changes without what lay on drives that are away, which is marked; and whether any is.

        Such a drive, mounted somewhere in a folder, leaves an empty folder behind, on another device.
        """
        left = {_there(str(Path(one).parent)) for one in changes.gone}
        away = [one for one in left if self._was_mounted(collection_id, one)]
        if not away:
            return changes, False
        for one in away:
            self._store.mark(collection_id, one, there=False)
        return replace(changes, gone=[one for one in changes.gone if not lies_in(one, away)]), True

    def apply(self, collection_id: int, changes: Changes) -> None:
        """Keep what has moved, take out what is gone, and let the others wait."""
        if changes.moved:
            self._store.move(collection_id, changes.moved)
        if changes.gone:
            self.left.update(self._store.take_out(collection_id, changes.gone))
        if changes.to_read:
            self._queue.put(collection_id, [ToRead(path, size) for path, size, _ in changes.to_read])

    def _is_away(self, source: Source, device: int, walked: Walked) -> bool:
        """Say whether an empty folder is what a drive that is away left behind."""
        if walked.files or source.device in (None, device):
            return False
        return bool(self._store.stamps(source.collection_id, source.path))

    def _was_mounted(self, collection_id: int, folder: str) -> bool:
        """Say whether an empty folder is what a drive that is away left behind."""
        if not _is_empty(folder):
            return False
        devices = self._store.devices(collection_id, folder)
        return bool(devices) and _device(folder) not in devices

    def _missing(self, collection_id: int, path: str, before: Lay, looked: Looked) -> None:
        """Take a single file out that was deleted, by itself or with its folder.

        One that was renamed beside itself, or whose folder was, keeps its document. What lay on a drive
        that is away is marked: the nearest folder that is there lies on another.
        """
        folder = str(Path(path).parent)
        if _device(_there(folder)) != before[DEVICE]:
            looked.changed |= self._store.mark(collection_id, path, there=False)
            return
        looked.changed = True
        after = _beside(folder, before) or _in_renamed(Path(path), before)
        if after is not None and self._store.stored(collection_id, Path(after)) is None:
            known = self._store.stored(collection_id, Path(path))
            self._store.move(collection_id, [(path, after)])
            looked.moved += 1
            if known is not None and known.content_id is None:  # perhaps for its name
                self._queue.put(collection_id, [ToRead(after, before[0], named=True)])
                looked.to_read += 1
        else:
            self.left.update(self._store.take_out(collection_id, [path]))
            looked.gone += 1


def _device(folder: str) -> int | None:
    """Return the device that a folder lies on; None where it is not there."""
    try:
        state = Path(folder).stat()
    except OSError:
        return None
    return lay_of(state)[DEVICE] if stat.S_ISDIR(state.st_mode) else None


def _there(folder: str) -> str:
    """Return a folder, or the nearest one above it that is there."""
    while not Path(folder).is_dir() and folder != str(Path(folder).parent):
        folder = str(Path(folder).parent)
    return folder


def _is_empty(folder: str) -> bool:
    try:
        with os.scandir(folder) as found:
            return all(entry.name.startswith(".") for entry in found)
    except OSError:
        return False


def _beside(folder: str, before: Lay) -> str | None:
    """Return the file of a folder that is the one which lay there before, untouched."""
    try:
        with os.scandir(folder) as found:
            for entry in found:
                if entry.is_file(follow_symlinks=False) and lay_of(Path(entry.path).stat()) == before:
                    return entry.path
    except OSError:
        return None
    return None


def _in_renamed(path: Path, before: Lay) -> str | None:
    """Return the file that lay at `path` before, untouched, where its folder has another name now."""
    if path.parent.exists():
        return None
    try:
        with os.scandir(path.parent.parent) as found:
            for entry in found:
                candidate = Path(entry.path, path.name)
                there = entry.is_dir(follow_symlinks=False) and candidate.is_file()
                if there and lay_of(candidate.stat()) == before:
                    return str(candidate)
    except OSError:
        return None
    return None
