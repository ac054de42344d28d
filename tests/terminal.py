# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Maru's terminal for tests: in this process, in one of its own, and at a keyboard (a pty).

`python -m tests.terminal ARGUMENTS` is `python -m assistant ARGUMENTS` with fake engines.
"""

import codecs
import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from assistant import cli, looking, opening
from tests.assistants import FAKE_ENGINES
from tests.homes import ENVIRONMENT

ROOT = Path(__file__).resolve().parents[1]
REAL, FAKE = "assistant", "tests.terminal"
PATIENCE_S = 60.0
AGAIN_AFTER_S = 5.0  # longer than a command takes to end
CTRL_C, CTRL_D = "\x03", "\x04"


@dataclass(frozen=True)
class Ran:
    """What a command came to."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one JSON value on standard output."""
        return json.loads(self.out)

    @property
    def lines(self) -> list[Any]:
        """The JSON values on standard output, one a line."""
        return [json.loads(line) for line in self.out.split("\n") if line]


class Terminal:
    """Runs commands in this process, on one home."""

    def __init__(self, home: Path, capture: pytest.CaptureFixture[str]) -> None:
        self.home = home
        self._capture = capture

    def __call__(self, *arguments: str | Path) -> Ran:
        self._capture.readouterr()
        code = cli.main(["--home", str(self.home), *map(str, arguments)])
        captured = self._capture.readouterr()
        return Ran(code, captured.out, captured.err)


def environment(**changes: str) -> dict[str, str]:
    """Return an environment without display and without Maru's own variables."""
    dropped = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM", "MARU_RECOVERY_CODE", "MARU_LANGUAGE")
    kept = {name: value for name, value in os.environ.items() if name not in dropped}
    return {**kept, **ENVIRONMENT, "LC_ALL": "C.UTF-8", **changes}


def start(
    home: Path, *arguments: str | Path, module: str = REAL, prefix: Sequence[str] = (), **options: Any
) -> "subprocess.Popen[str]":
    """Start a command in a process of its own."""
    command = [*prefix, sys.executable, "-m", module, "--home", str(home), *map(str, arguments)]
    pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    options = {**pipes, "env": environment(), **options}
    return subprocess.Popen(command, text=True, encoding="utf-8", cwd=ROOT, **options)


def run(home: Path, *arguments: str | Path, **options: Any) -> Ran:
    """Run a command in a process of its own to its end."""
    with start(home, *arguments, **options) as process:
        out, err = process.communicate(timeout=PATIENCE_S)
    return Ran(process.returncode, out, err)


class Keyboard:
    """A command at a terminal: what it shows on the screen, and keys for it."""

    def __init__(self, home: Path, *arguments: str, module: str = FAKE, **options: Any) -> None:
        self._ours, theirs = os.openpty()
        self.process = start(
            home, *arguments, module=module, stdin=theirs, stdout=theirs, stderr=theirs,
            start_new_session=True, preexec_fn=_take_terminal, **options,
        )  # fmt: skip
        os.close(theirs)
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self.screen = ""
        self._seen = 0

    def wait_for(self, words: str) -> str:
        """Wait until `words` appear after what was waited for before; return what came up to them."""
        deadline = time.monotonic() + PATIENCE_S
        while words not in self.screen[self._seen :]:
            assert time.monotonic() < deadline, f"{words!r} did not come: {self.screen!r}"
            assert self._read(), f"{words!r} did not come before the end: {self.screen!r}"
        end = self.screen.index(words, self._seen) + len(words)
        shown, self._seen = self.screen[self._seen : end], end
        return shown

    def type(self, keys: str) -> None:
        os.write(self._ours, keys.encode())

    def enter(self, line: str) -> None:
        self.type(line + "\n")

    def end(self) -> int:
        """Wait for the end of the command; return its exit code."""
        deadline = time.monotonic() + PATIENCE_S
        while self._read():
            assert time.monotonic() < deadline, f"it does not end: {self.screen!r}"
        return self.process.wait(PATIENCE_S)

    def end_by(self, key: str) -> int:
        """Press `key`, and again where it was missed: Python does between showing a prompt and reading."""
        self.type(key)
        pressed = time.monotonic()
        deadline = pressed + PATIENCE_S
        while self._read():
            assert time.monotonic() < deadline, f"it does not end: {self.screen!r}"
            if time.monotonic() - pressed > AGAIN_AFTER_S:
                self.type(key)
                pressed = time.monotonic()
        return self.end()

    def close(self) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        os.close(self._ours)

    def _read(self) -> bool:
        """Read what there is, waiting a little; False at the end."""
        if not select.select([self._ours], [], [], 0.1)[0]:
            return True
        with contextlib.suppress(OSError):  # Linux says EIO where the other side is gone
            if found := os.read(self._ours, 65536):
                self.screen += self._decoder.decode(found).replace("\r\n", "\n")
                return True
        return False


def _take_terminal() -> None:
    import fcntl
    import termios

    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    for key in (signal.SIGINT, signal.SIGQUIT):  # ignored where the tests run in the background of a shell
        signal.signal(key, signal.SIG_DFL)


@contextlib.contextmanager
def at_keyboard(home: Path, *arguments: str, module: str = FAKE, **options: Any) -> Iterator[Keyboard]:
    """Give a command at a terminal, ended with the block."""
    keyboard = Keyboard(home, *arguments, module=module, **options)
    try:
        yield keyboard
    finally:
        keyboard.close()


if __name__ == "__main__":
    for module in (opening, looking):
        module.WorkerModules = lambda: FAKE_ENGINES
    sys.exit(cli.main(sys.argv[1:]))
