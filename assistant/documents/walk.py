# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Which files a folder holds, by names and stamps alone: nothing is opened but `.gitignore`.

Hidden files and what `.gitignore` names are left out, and links to folders: they may lead in a circle.
"""
# ruff: noqa: PTH100, PTH112, PTH114, PTH116, PTH206 - a Path for each of 100,000 files would cost more than looking at them

import os
import re
import stat
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

from assistant.documents.ignoring import NAME, Ignored, is_ignored, read_ignored

_DIGITS = re.compile(r"(\d+)")

Stamped = tuple[str, int, int]
"""A file: its path, its size in bytes, its time of change in nanoseconds."""


@dataclass
class Walked:
    """What a walk found. `errors` are folders and files that could not be looked at.

    `links` are all links met: no system tells that the file behind one has changed.
    """

    files: list[Stamped] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    errors: list[OSError] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)  # their paths: whether they are gone is unknown


def walk(path: str, top: str | None = None, without: str = "") -> Walked:
    """Return every file under a folder, in no order, or the one file.

    `top` is the folder whose walk would come by here: what it would leave out is left out. `without`
    is a folder that is passed over: Maru's own, whose files change with every look.
    """
    walked = Walked()
    rules = _rules_above(path, top) if top is not None else ()
    if rules is None or (without and (path + os.sep).startswith(without + os.sep)):
        return walked
    if not os.path.isdir(path):
        _look_at_one(path, walked)
        return walked
    waiting: list[tuple[str, tuple[Ignored, ...]]] = [(path, rules)]
    while waiting:
        place, rules = waiting.pop()
        try:
            with os.scandir(place) as found:
                entries = list(found)
        except OSError as error:
            walked.errors.append(error)
            walked.unreadable.append(place)
            continue
        if any(entry.name == NAME for entry in entries) and (own := read_ignored(place)):
            rules = (*rules, own)
        _look(entries, rules, walked, waiting)
        waiting = [one for one in waiting if one[0] != without] if without else waiting
    return walked


def _rules_above(path: str, top: str) -> tuple[Ignored, ...] | None:
    """Return the patterns of the folders from `top` down to `path`; None where these leave it out."""
    rules: tuple[Ignored, ...] = ()
    at = top.rstrip(os.sep)
    names = path[len(at) :].strip(os.sep).split(os.sep) if path != top else []
    for name in names:
        if own := read_ignored(at):
            rules = (*rules, own)
        at = at + os.sep + name
        is_folder = os.path.isdir(at)
        if name.startswith(".") or is_ignored(rules, at, is_folder=is_folder):
            return None
        if is_folder and os.path.islink(at):
            return None
    return rules


def _look_at_one(path: str, walked: Walked) -> None:
    if os.path.islink(path):
        walked.links.append(path)
    try:
        state = os.stat(path)
        if stat.S_ISREG(state.st_mode):
            walked.files.append((path, state.st_size, state.st_mtime_ns))
    except (FileNotFoundError, NotADirectoryError):
        return
    except OSError as error:
        walked.errors.append(error)
        walked.unreadable.append(path)


def _look(
    entries: "list[os.DirEntry[str]]",
    rules: tuple[Ignored, ...],
    walked: Walked,
    waiting: list[tuple[str, tuple[Ignored, ...]]],
) -> None:
    add = walked.files.append
    for entry in entries:
        if entry.name[0] == ".":
            continue
        if entry.is_symlink():
            walked.links.append(entry.path)
        try:
            if entry.is_dir(follow_symlinks=False):
                if not (rules and is_ignored(rules, entry.path, is_folder=True)):
                    waiting.append((entry.path, rules))
            elif entry.is_file() and not (rules and is_ignored(rules, entry.path, is_folder=False)):
                state = entry.stat()
                add((entry.path, state.st_size, state.st_mtime_ns))
        except FileNotFoundError:
            continue  # it went while we looked
        except OSError as error:  # a link that leads in a circle, say
            error.filename = entry.path
            walked.errors.append(error)
            walked.unreadable.append(entry.path)


def absolute(path: Path) -> Path:
    """Return the path from the root, with `..` resolved but links kept: as the user knows it.

    Where it is not there, but is under the other normal form of its letters (a Korean name that was
    typed for one that another system wrote), that one.
    """
    whole = os.path.abspath(path.expanduser())  # not Path.resolve, which follows links
    if not os.path.lexists(whole):
        for form in ("NFC", "NFD"):
            if os.path.lexists(other := unicodedata.normalize(form, whole)):
                return Path(other)
    return Path(whole)


def natural(name: str) -> list[tuple[int, str]]:
    """Return a key that puts numbers in names by their value: chapter 2 before 10."""
    parts = _DIGITS.split(name.casefold())
    return [(int(part), "") if place % 2 else (0, part) for place, part in enumerate(parts)]
