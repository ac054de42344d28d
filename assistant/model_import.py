# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Brings a model into the home, and takes one out again.

A model that is brought in lies, until it is whole and compared byte for byte, in a folder that no
list of models looks into; it gets its place by a rename. Whatever interrupts that (a crash, a full
disk, a stop) leaves the folder, which the next import and the next start throw away.
"""

import contextlib
import hashlib
import os
import shutil
import threading
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

from assistant.engine.gguf import Header, parts, read_header
from assistant.errors import ModelError, StoppedError
from assistant.home_lock import create
from assistant.model_files import UNFINISHED, ModelFile, inspect
from assistant.model_hashes import BLOCK, remember, stamp_of, unreadable
from assistant.paths import PRIVATE_FILE, PRIVATE_FOLDER, Home
from assistant.private_files import sync_folder
from assistant.system_reasons import reason_of
from assistant.texts import text

MEGABYTE = 10**6
SPARE = 100 * MEGABYTE  # of the disk, that an import leaves to the databases


@dataclass(frozen=True)
class ImportProgress:
    """How far an import is, in bytes: `verifying` once the copy is read again and compared."""

    done: int
    total: int
    verifying: bool = False


Importing = Generator[ImportProgress, None, ModelFile]


def import_model(source: Path, home: Home, stop: threading.Event | None = None) -> Importing:
    """Copy a model, all of its files, into the home; it can be chosen when this returns, not before.

    Raises ModelError (no model, no room, changed meanwhile, not written as it was read), StoppedError
    when stopped; then nothing of it is left.
    """
    header = read_header(source.expanduser().absolute())
    source, name = header.path, header.path.name
    create(home)
    clear(home)
    target = _place(header, home)
    if source == target:
        return inspect(source, home)
    if target.exists() or (target.parent != home.models and target.parent.exists()):
        return _already_there(source, target, home)
    work = home.models / UNFINISHED
    try:
        work.mkdir(mode=PRIVATE_FOLDER)
        sha256 = yield from _Copy(parts(header), work, stop or threading.Event()).run()
        read_header(work / name)
        _put(work, target)
    except OSError as error:
        raise _unwritten(name, error) from None
    finally:
        clear(home)
    remember(target, home, stamp_of(parts(read_header(target))), sha256)
    return inspect(target, home)


def clear(home: Home) -> None:
    """Throw away what an interrupted import left."""
    with contextlib.suppress(OSError):
        shutil.rmtree(home.models / UNFINISHED)


def remove_model(model: ModelFile, home: Home) -> None:
    """Delete a model of the home for good. Raises ModelError for one that lies elsewhere."""
    inside = home.models in (model.path.parent, model.path.parent.parent)
    if not inside or model.note is not None:
        raise ModelError(
            text("{name} is not a model that you brought into Maru's folder.", name=model.name),
            text("Delete the file itself where it lies: {file}", file=str(model.path)),
        )
    try:
        for part in parts(read_header(model.path)):  # the first is the one that lists show
            part.unlink(missing_ok=True)
        if model.path.parent != home.models:
            model.path.parent.rmdir()
    except OSError as error:
        raise ModelError(
            text("{name} cannot be deleted ({reason}).", name=model.name, reason=reason_of(error))
        ) from None


def _place(header: Header, home: Home) -> Path:
    """Return where a model is to lie: several files get a folder of their own."""
    name = header.path.name
    folder = home.models / name.rpartition("-00001-of-")[0] if len(parts(header)) > 1 else home.models
    return folder / name


def _already_there(source: Path, target: Path, home: Home) -> ModelFile:
    with contextlib.suppress(ModelError):
        there = inspect(target, home)
        if inspect(source, home).sha256 == there.sha256:
            return there
    raise ModelError(
        text("Another model named {name} is in Maru's folder already.", name=source.name),
        text("Rename the file, or remove the other model first."),
    )


def _put(work: Path, target: Path) -> None:
    """Give the finished copy its place in one step."""
    sync_folder(work)
    if target.parent == work.parent:
        (work / target.name).rename(target)
    else:
        work.rename(target.parent)
    sync_folder(work.parent)


class _Copy:
    """A model on its way: copied, written through to the disk, read again."""

    def __init__(self, files: tuple[Path, ...], folder: Path, stop: threading.Event) -> None:
        self._files = files
        self._folder = folder
        self._stop = stop

    def run(self) -> Generator[ImportProgress, None, str]:
        """Copy and compare; return the SHA-256. Raises OSError, ModelError, StoppedError."""
        name = self._files[0].name
        try:
            before = stamp_of(self._files)
        except OSError as error:
            raise unreadable(self._files[0], error) from None
        total = sum(before[::2])
        _check_room(name, total, self._folder)
        copied = yield from self._read(total, copy=True)
        if stamp_of(self._files) != before:
            raise ModelError(
                text("{name} was changed while it was being copied.", name=name),
                text("Wait until the file is complete, and try again."),
            )
        if (yield from self._read(total, copy=False)) != copied:
            raise ModelError(
                text("{name} was not written as it was read: the disk may be failing.", name=name),
                text("Check the disk, and try again."),
            )
        return copied

    def _read(self, total: int, *, copy: bool) -> Generator[ImportProgress, None, str]:
        """Return the SHA-256 of the source, written on the way, or of the copy."""
        digest = hashlib.sha256()
        done = 0
        for path in self._files:
            written = self._folder / path.name
            for block in self._blocks(path, written, copy=copy):
                digest.update(block)
                done += len(block)
                yield ImportProgress(done, total, verifying=not copy)
        return digest.hexdigest()

    def _blocks(self, path: Path, written: Path, *, copy: bool) -> Generator[bytes, None, None]:
        if not copy:
            _forget_cached(written)
            yield from self._blocks_of(written)
            return
        handle = os.open(
            written, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), PRIVATE_FILE
        )
        with os.fdopen(handle, "wb") as file:
            for block in self._blocks_of(path):
                file.write(block)
                yield block
            file.flush()
            os.fsync(file.fileno())

    def _blocks_of(self, path: Path) -> Generator[bytes, None, None]:
        with path.open("rb") as file:
            while block := file.read(BLOCK):
                if self._stop.is_set():
                    raise StoppedError(text("The import of {name} was stopped.", name=self._files[0].name))
                yield block


def _forget_cached(path: Path) -> None:
    """Have the file read from the disk, where the system can be asked for it."""
    if hasattr(os, "posix_fadvise"):
        with path.open("rb") as file:
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _check_room(name: str, total: int, folder: Path) -> None:
    free = shutil.disk_usage(folder).free
    if total + SPARE > free:
        raise ModelError(
            text("{name} needs {needed} MB on the disk; {free} MB are free.",
                 name=name, needed=total // MEGABYTE, free=free // MEGABYTE),
            text("Make room, or use the file where it lies."),
        )  # fmt: skip


def _unwritten(name: str, error: OSError) -> ModelError:
    return ModelError(
        text("{name} could not be copied ({reason}).", name=name,
             reason=reason_of(error)),
        text("Check that the disk has room and is writable, or use the file where it lies."),
    )  # fmt: skip
