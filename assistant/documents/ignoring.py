# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""`.gitignore`, by the pattern format that git's documentation describes (gitignore, "PATTERN FORMAT").

A pattern with a slash before its end counts from the folder of the file it stands in, any other at
every depth below it; the last one that matches decides, and "!" takes a match back. What lies in an
ignored folder stays ignored: it is never looked at.
"""

import os
import re
from dataclasses import dataclass
from pathlib import Path

NAME = ".gitignore"
LARGEST = 1_000_000  # bytes of a file of patterns


@dataclass(frozen=True)
class Pattern:
    """One line: `wanted` for "!", `folders` where it matches folders alone."""

    expression: re.Pattern[str]
    wanted: bool
    folders: bool


@dataclass(frozen=True)
class Ignored:
    """The patterns of one file, for everything below its folder."""

    folder: str
    patterns: tuple[Pattern, ...]

    def says(self, path: str, *, is_folder: bool) -> bool | None:
        """Say whether a path below the folder is ignored; None where no pattern matches."""
        inner = path[len(self.folder) :].lstrip(os.sep).replace(os.sep, "/")
        for pattern in reversed(self.patterns):
            if (is_folder or not pattern.folders) and pattern.expression.fullmatch(inner):
                return not pattern.wanted
        return None


def read_ignored(folder: str) -> Ignored | None:
    """Return the patterns of a folder's own `.gitignore`; None where it has none, or none that is whole."""
    try:
        with Path(folder, NAME).open("rb") as file:
            lines = file.read(LARGEST).decode("utf-8", "replace").splitlines()
    except OSError:
        return None
    patterns = tuple(pattern for line in lines if (pattern := _pattern(line)) is not None)
    return Ignored(folder, patterns) if patterns else None


def is_ignored(rules: tuple[Ignored, ...], path: str, *, is_folder: bool) -> bool:
    """Say whether a path is ignored by the files above it, the nearest of which decides."""
    for rule in reversed(rules):
        if (said := rule.says(path, is_folder=is_folder)) is not None:
            return said
    return False


def _pattern(line: str) -> Pattern | None:
    line = _without_end(line)
    if not line or line.startswith("#"):
        return None
    wanted = line.startswith("!")
    line = line[wanted:]
    folders = line.endswith("/")
    line = line.rstrip("/")
    if not line:
        return None
    anywhere = "/" not in line
    try:
        expression = re.compile(("(?:.*/)?" if anywhere else "") + _translated(line.lstrip("/")), re.DOTALL)
    except re.error:  # a range that is none: git matches nothing with it
        return None
    return Pattern(expression, wanted, folders)


def _without_end(line: str) -> str:
    """Return a line without the spaces at its end that no backslash keeps."""
    stripped = line.rstrip(" ")
    if stripped.endswith("\\") and len(stripped) < len(line):
        return stripped + " "
    return stripped


def _translated(glob: str) -> str:
    """Return a glob as a regular expression: `*` and `?` never match a slash, `**` whole folders."""
    found: list[str] = []
    at = 0
    while at < len(glob):
        if glob.startswith("**/", at) and (at == 0 or glob[at - 1] == "/"):
            found.append("(?:.*/)?")
            at += 3
        elif glob.startswith("/**", at) and at + 3 == len(glob):
            found.append("/.+")
            at += 3
        else:
            piece, at = _piece(glob, at)
            found.append(piece)
    return "".join(found)


def _piece(glob: str, at: int) -> tuple[str, int]:
    """Return what one character or one bracket stands for, and where the next begins."""
    letter = glob[at]
    if letter == "*":
        while at < len(glob) and glob[at] == "*":
            at += 1
        return "[^/]*", at
    if letter == "?":
        return "[^/]", at + 1
    if letter == "\\" and at + 1 < len(glob):
        return re.escape(glob[at + 1]), at + 2
    if letter == "[" and (end := glob.find("]", at + 2)) > 0:
        inside = glob[at + 1 : end].replace("\\", "\\\\").replace("[", "\\[")
        inside = f"^{inside[1:]}" if inside[0] in "!^" else inside
        return f"(?![/])[{inside}]", end + 1
    return re.escape(letter), at + 1
