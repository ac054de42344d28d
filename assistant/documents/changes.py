# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What differs between a folder and what is known of it: told by names and stamps, all at once."""

import contextlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.documents.conditions import bounds
from assistant.documents.store import Lay, Store, lay_of
from assistant.documents.walk import Stamped, Walked, natural


@dataclass(frozen=True)
class Changes:
    """What is new or changed and to be read, in natural order; what is gone; what was renamed.

    `unnamed` are files whose names are not valid Unicode: nothing can be kept under them.
    """

    to_read: list[Stamped]
    gone: list[str]
    moved: list[tuple[str, str]]
    unnamed: list[str]


def compare(
    store: Store, collection_id: int, path: str, walked: Walked, left_out: Sequence[str] = ()
) -> Changes:
    """Compare what was found at `path` with what a collection knows of it."""
    known = set(store.stamps(collection_id, path))
    if len(known) == len(walked.files) and known.issuperset(walked.files):
        return Changes([], [], [], [])  # the usual case: no more than this is done for it
    found = set(walked.files)
    new, lost = found - known, known - found
    fresh = [one for one in new if not lies_in(one[0], left_out)]
    names = {one[0] for one in new}
    gone = [one[0] for one in lost if one[0] not in names and not lies_in(one[0], walked.unreadable)]
    if kept := _given(store, collection_id, gone):
        gone = [one for one in gone if one not in kept]
        fresh += [one for one in kept.values() if one not in known]
    unnamed = [one[0] for one in fresh if not is_text(one[0])]
    fresh = [one for one in fresh if one[0] not in unnamed] if unnamed else fresh
    moved = _moved(store, collection_id, gone, [one[0] for one in fresh]) if gone and fresh else {}
    after = set(moved.values())
    return Changes(
        sorted((one for one in fresh if one[0] not in after), key=lambda one: in_order(one[0])),
        [one for one in gone if one not in moved],
        sorted(moved.items()),
        unnamed,
    )


def in_order(path: str) -> list[list[tuple[int, str]]]:
    """Return a key that sorts paths folder by folder, and numbers in names by their value."""
    return [natural(part) for part in Path(path).parts]


def lies_in(path: str, folders: Iterable[str]) -> bool:
    """Say whether a path is one of these, or in one of them."""
    return any(path == folder or path.startswith(bounds(folder)[0]) for folder in folders)


def _given(store: Store, collection_id: int, gone: list[str]) -> dict[str, Stamped]:
    """Return what is there of files that the user gave themselves, though a walk passes over them."""
    found: dict[str, Stamped] = {}
    for path in store.named(collection_id, gone):
        with contextlib.suppress(OSError):
            state = Path(path).stat()
            found[path] = (path, state.st_size, state.st_mtime_ns)
    return found


def _moved(store: Store, collection_id: int, gone: list[str], fresh: list[str]) -> dict[str, str]:
    """Return which of the gone are which of the fresh: the same file on its drive, untouched."""
    lay: dict[Lay, str] = store.lay(collection_id, gone)
    moved: dict[str, str] = {}
    for path in fresh:
        try:
            before = lay.pop(lay_of(Path(path).stat()), None)
        except OSError:
            continue
        if before is not None:
            moved[before] = path
    return moved


def is_text(path: str) -> bool:
    """Say whether a name is valid Unicode: nothing can be kept under another."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True
