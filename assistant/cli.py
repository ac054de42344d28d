# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The command line: `maru` opens the window, `maru COMMAND` works in the terminal.

Exit codes: 0 done, 1 failed with a message, 2 used wrongly.
"""

import argparse
import contextlib
import os
import sys
from collections.abc import Callable, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from assistant.commands import (
    answer_options,
    answers,
    collections,
    doctor,
    documents,
    exports,
    init,
    models,
    redact,
    search,
    snapshots,
    wipe,
)
from assistant.commands.output import OutputError, complain
from assistant.commands.self_test import self_test
from assistant.commands.unlock import run_unlocked
from assistant.commands.usage import Parser
from assistant.errors import MaruError, UsageError
from assistant.paths import Home, default_home
from assistant.settings import look_at_settings
from assistant.texts import text, tr, use_language

OpenWindow = Callable[[Home], int]

DONE, FAILED, MISUSED = 0, 1, 2


def main(argv: Sequence[str], open_window: OpenWindow | None = None) -> int:
    """Run one command and return its exit code. `open_window` is None where there is no Qt."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None and hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    as_json = "--json" in argv
    try:
        home = _home_and_language(argv)
        arguments = _parser().parse_args(list(argv))
        if arguments.self_test:
            return self_test(open_window)
        if arguments.command is None:
            return _start(home, open_window)
        return run_unlocked(lambda: arguments.run(home, arguments))
    except UsageError as error:
        complain(error, as_json=as_json)
        return MISUSED
    except OutputError as error:
        _drop_output()
        complain(error)
        return FAILED
    except MaruError as error:
        complain(error, as_json=as_json)
        return FAILED
    except BrokenPipeError:  # `maru search … | head`: the reader has seen enough
        _drop_output()
        return DONE
    except KeyboardInterrupt:
        return FAILED


def _drop_output() -> None:
    """Let what is still to be written go nowhere: Python would complain about it at its end."""
    with contextlib.suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _home_and_language(argv: Sequence[str]) -> Home:
    """Return the home and speak its language: before the rest is parsed, for help and errors."""
    arguments, _ = _shared().parse_known_args(list(argv))
    named = getattr(arguments, "home", "")
    home = Home(Path(named).expanduser().absolute() if named else default_home())
    language = getattr(arguments, "language", "") or os.environ.get("MARU_LANGUAGE", "")
    use_language(language or look_at_settings(home).language)
    return home


def _start(home: Home, open_window: OpenWindow | None) -> int:
    """Open the window; without a display chat here; with neither name the command to use."""
    if open_window is not None and has_display():
        return open_window(home)
    if sys.stdin is not None and sys.stdin.isatty() and sys.stdout.isatty():
        sys.stderr.write(tr("There is no display for a window, so Maru chats here.") + "\n")
        return run_unlocked(lambda: answers.chat(home, answer_options.defaults()))
    raise UsageError(
        text("There is neither a display for a window nor a terminal to chat in."),
        text('Ask in one line: maru ask "QUESTION" --docs PATH'),
    )


def has_display() -> bool:
    """Say whether a window can be shown."""
    if sys.platform in ("win32", "darwin"):
        return True
    wanted = ("DISPLAY", "WAYLAND_DISPLAY")
    offscreen = os.environ.get("QT_QPA_PLATFORM", "") in ("offscreen", "minimal", "vnc")
    return offscreen or any(os.environ.get(name) for name in wanted)


def program_version() -> str:
    """Return Maru's version."""
    try:
        return version("maru-assistant")
    except PackageNotFoundError:
        return "0.1.0"


def _shared() -> Parser:
    """Return the parser of the options that stand before or after any command."""
    shared = Parser(prog="maru", add_help=False)
    # Without defaults: a command's would replace what was given before the command.
    shared.add_argument(
        "--home", default=argparse.SUPPRESS, metavar="DIR", help=tr("where Maru keeps everything")
    )
    shared.add_argument(
        "--language", default=argparse.SUPPRESS, choices=("en", "ko"), help=tr("English or Korean")
    )
    return shared


def _parser() -> argparse.ArgumentParser:
    shared = _shared()
    parser = Parser(
        prog="maru",
        parents=[shared],
        description=tr("A private assistant: answers from your own documents, on your own machine."),
        epilog=tr("Without a command Maru opens its window."),
    )
    parser.add_argument("--version", action="version", version=f"Maru {program_version()}")
    parser.add_argument(
        "--self-test", action="store_true", help=tr("check this installation from end to end")
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", parser_class=Parser)
    for add in (answers.add_parsers, documents.add_parsers, collections.add_parser, search.add_parser,
                redact.add_parser, exports.add_parsers, snapshots.add_parsers, wipe.add_parser,
                models.add_parser, doctor.add_parser, init.add_parser):  # fmt: skip
        add(commands, shared)
    return parser
