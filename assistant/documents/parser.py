# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Asks the parser process; a file that breaks it costs that file, with a reason."""

import threading
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path

from assistant.documents.protocol import (
    Document,
    HowConfined,
    PagePicture,
    ParserSettings,
    Read,
    Reading,
    RenderPage,
)
from assistant.documents.readers.source import open_source
from assistant.errors import (
    CallTooLargeError,
    DocumentError,
    MemoryLimitError,
    TooLargeError,
    WorkerCrashedError,
    WorkerError,
    WorkerStoppedError,
    WorkerTimeoutError,
)
from assistant.texts import text
from assistant.workers.confinement import Confinement
from assistant.workers.process import Observer, WorkerProcess, WorkerSpec

RESIDENT_LIMIT = 512 << 20  # bytes
PATIENCE_S = 30.0  # without progress
ONE_THREAD = (("OPENBLAS_NUM_THREADS", "1"),)  # numpy's would have begun before the process is confined
TESSDATA = "MARU_TESSDATA"  # as the readers' module `ocr` knows it, which this side must not import
MODULE = "assistant.documents.parser_worker"


def parser_spec(
    settings: ParserSettings, log: Path | None = None, tessdata: Path | None = None
) -> WorkerSpec:
    """Return how the parser process is started.

    `tessdata` is the folder where the user may put language data by which pictures are read.
    """
    told = (*ONE_THREAD, *(((TESSDATA, str(tessdata)),) if tessdata is not None else ()))
    name = text("document reader")
    return WorkerSpec(name, MODULE, settings, log, RESIDENT_LIMIT, environment=told, background=True)


class Parser:
    """The parser as the rest of Maru sees it. Starts its process with the first call."""

    def __init__(
        self,
        spec: WorkerSpec,
        patience: float = PATIENCE_S,
        on_change: Observer = lambda _state: None,
    ) -> None:
        """Wait at most `patience` seconds for a sign of progress.

        `on_change` is told what the process does, on the thread where that happens.
        """
        self._process = WorkerProcess(spec, on_change)
        self._patience = patience

    @property
    def pid(self) -> int | None:
        """The process id while the parser runs."""
        return self._process.pid

    def read(
        self,
        path: Path,
        stop: threading.Event | None = None,
        password: str = "",
        *,
        postpone: bool = False,
    ) -> Generator[Reading, None, Document]:
        """Read and split one file; yield how far it is.

        Raises DocumentError (also when `stop` was set before the end), NoTextError, PasswordError; with
        `postpone` ScanError as soon as a picture would have to be recognized.
        A process that has read others may hold what is left of them: one that needs too much memory is
        read once more by a fresh one.
        """
        fresh = self._process.pid is None
        try:
            return (yield from self._read(path, stop, password, postpone))
        except TooLargeError:
            if fresh or (stop is not None and stop.is_set()):
                raise
        self._process.restart(self._process.spec.settings)
        return (yield from self._read(path, stop, password, postpone))

    def _read(
        self, path: Path, stop: threading.Event | None, password: str, postpone: bool
    ) -> Generator[Reading, None, Document]:
        with open_source(path) as source:
            call = Read(Path(path.name), password, postpone, descriptor=source.descriptor)
            try:
                return (yield from self._process.stream(call, stop, timeout=self._patience))
            except (WorkerCrashedError, WorkerTimeoutError, WorkerStoppedError, CallTooLargeError) as error:
                if stop is not None and stop.is_set():  # it was in the middle of a page and had to be ended
                    raise _stopped(source.name) from None
                raise _unsafe(source.name, error) from None

    def render(self, call: RenderPage) -> PagePicture:
        """Draw one page of a PDF. Raises DocumentError, PasswordError."""
        with open_source(call.path) as source:
            handed = replace(call, path=Path(call.path.name), descriptor=source.descriptor)
            try:
                return self._process.request(handed, timeout=self._patience)
            except (WorkerCrashedError, WorkerTimeoutError, CallTooLargeError) as error:
                raise _unsafe(source.name, error) from None

    def confinement(self) -> Confinement:
        """Start the process and say what it has no way to. Raises WorkerError."""
        return self._process.request(HowConfined(), timeout=self._patience)

    def pause(self) -> None:
        """Let calls wait, between two pages for instance. Each needs its `resume`."""
        self._process.pause()

    def resume(self) -> None:
        """Take one `pause` back."""
        self._process.resume()

    def use(self, settings: ParserSettings) -> None:
        """Split by other settings from the next call on."""
        self._process.restart(settings)

    def close(self) -> None:
        """End the process."""
        self._process.close()


def _stopped(name: str) -> DocumentError:
    return DocumentError(text("Reading {name} was stopped.", name=name))


def _unsafe(name: str, error: WorkerError) -> DocumentError:
    if isinstance(error, WorkerStoppedError):
        return _stopped(name)
    if isinstance(error, WorkerTimeoutError):
        message = text("{name} could not be read: it took too long.", name=name)
    elif isinstance(error, MemoryLimitError | CallTooLargeError):
        return TooLargeError(
            text("{name} needs too much memory to be read.", name=name), text("Split it into smaller files.")
        )
    else:
        message = text("{name} could not be read safely: it ended the document reader.", name=name)
    return DocumentError(
        message, text("It was left out. Open it in the program it comes from, save it as PDF and add that.")
    )
