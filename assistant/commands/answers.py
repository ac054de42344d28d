# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""`maru ask` and `maru chat`: questions and answers in the terminal."""

import argparse
import contextlib
import sys
import threading
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from assistant import chat as chatting
from assistant.app import Assistant
from assistant.commands.answer_options import add_options, check, load_as_asked, options
from assistant.commands.batch import read_batch
from assistant.commands.interrupts import Interrupts
from assistant.commands.opened import opened
from assistant.commands.output import complain, error_object, note, say, say_json
from assistant.commands.shown_answers import answer_object, show, show_json
from assistant.conversations import StoredMessage
from assistant.documents.protocol import FileResult, FileStatus
from assistant.errors import DocumentError, MaruError, UsageError
from assistant.paths import Home
from assistant.texts import text, tr, trn

USABLE = (FileStatus.ADDED, FileStatus.UNCHANGED, FileStatus.REPLACED)


def add_parsers(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Add the parsers of `ask` and `chat`."""
    for name, run, about in (
        ("ask", ask, tr("ask one question, answered from your documents")),
        ("chat", chat, tr("chat in the terminal")),
    ):
        parser = commands.add_parser(name, parents=[shared], help=about, description=about)
        add_options(parser)
        parser.set_defaults(run=run)
        if name == "ask":
            parser.add_argument("question", nargs="?", metavar="QUESTION", help=tr("what you want to know"))
            parser.add_argument("--batch", metavar="FILE.jsonl", type=Path,
                                help=tr("one question a line: id, question, docs"))  # fmt: skip
            parser.add_argument("--whole", action="append", default=[], metavar="FILE", type=Path,
                                help=tr("read this file whole for the answer (may be repeated)"))  # fmt: skip
            parser.add_argument("--json", action="store_true", help=tr("one JSON object a line"))


def ask(home: Home, arguments: argparse.Namespace) -> int:
    """Answer one question, or a batch, and return the exit code."""
    if bool((arguments.question or "").strip()) == bool(arguments.batch):
        raise UsageError(
            text("Give one question, or a file of questions with --batch."), text("See: maru ask --help")
        )
    if arguments.batch and not arguments.json:
        raise UsageError(text("A batch answers in JSON only."), text("Add --json."))
    check(arguments)
    if arguments.whole and (arguments.batch or arguments.no_docs):
        raise UsageError(text("--whole excludes --batch and --no-docs."), text("Leave one of them out."))
    questions = read_batch(arguments.batch) if arguments.batch else []
    with opened(home) as assistant:
        chosen = options(assistant, arguments)
        load_as_asked(assistant, arguments)
        within = _add(assistant, arguments.docs, chosen.collections, quiet=arguments.json)
        if arguments.batch:
            return _ask_batch(assistant, questions, replace(chosen, within=within or chosen.within))
        whole = _add(assistant, arguments.whole, chosen.collections, quiet=arguments.json)
        assistant.library.filing.catalogue.all_exist(chosen.collections or ())
        chosen = replace(chosen, within=within or chosen.within, whole=whole)
        assistant.privacy.check(None, arguments.question)  # before there is a conversation
        conversation = assistant.conversations.create()
        # Closed whatever happens: what waits in the middle of an answer would keep the engine for ever.
        with (
            Interrupts() as stop,
            contextlib.closing(assistant.ask(conversation.id, arguments.question, chosen, stop)) as events,
        ):
            if arguments.json:
                show_json(events, thinking=arguments.thinking)
            else:
                show(events, thinking=arguments.thinking, stats=arguments.stats)
    return 0


def chat(home: Home, arguments: argparse.Namespace) -> int:
    """Talk until the user leaves: /add PATH, /sources, /help, /quit; Ctrl+C stops an answer."""
    check(arguments)
    with opened(home) as assistant:
        chosen = options(assistant, arguments)
        load_as_asked(assistant, arguments)
        within = _add(assistant, arguments.docs, chosen.collections, quiet=False)
        assistant.library.filing.catalogue.all_exist(chosen.collections or ())
        chosen = replace(chosen, within=within or chosen.within)
        _Chat(assistant, chosen, thinking=arguments.thinking, stats=arguments.stats).run()
    return 0


class _Chat:
    """A conversation in the terminal."""

    def __init__(
        self, assistant: Assistant, options: chatting.Options, *, thinking: bool, stats: bool
    ) -> None:
        self._show = partial(show, thinking=thinking, stats=stats)
        self._assistant = assistant
        self._options = options
        self._conversation = 0  # it comes with the first question
        self._last: StoredMessage | None = None

    def run(self) -> None:
        note(tr("Ask something, or /help. Ctrl+C stops an answer; twice leaves."))
        while True:
            try:
                line = input("> " if sys.stdout.isatty() else "").strip()
            except (EOFError, KeyboardInterrupt):
                note("")
                return
            if line in ("/quit", "/exit"):
                return
            if line:
                try:
                    self._do(line)
                except MaruError as error:
                    complain(error)

    def _do(self, line: str) -> None:
        command, _, rest = line.partition(" ")
        if command == "/help":
            note(
                tr(
                    "/add PATH adds a file or folder, /sources shows the passages, /model FILE answers with"
                    " another model, /quit leaves."
                )
            )
        elif command == "/add" and rest:
            self._add(Path(rest.strip().strip("'\"")))
        elif command == "/sources":
            self._sources()
        elif command == "/model" and rest:
            self._switch(Path(rest.strip().strip("'\"")))
        elif command.startswith("/"):
            note(tr("“{command}” is not a command. /help lists them.", command=command))
        else:
            self._assistant.privacy.check(self._conversation or None, line)
            with Interrupts() as stop:
                parent = self._last.id if self._last else None
                self._conversation = self._conversation or self._assistant.conversations.create().id
                events = self._assistant.ask(self._conversation, line, self._options, stop, parent)
                with contextlib.closing(events):
                    self._last = self._show(events) or self._last

    def _add(self, path: Path) -> None:
        with contextlib.suppress(KeyboardInterrupt):
            added = _add(self._assistant, [path], self._options.collections, quiet=False)
            if self._options.within is not None:
                self._options = replace(self._options, within=(*self._options.within, *added))

    def _switch(self, path: Path) -> None:
        """Answer with another model from now on; the one before goes on where that fails."""
        with Interrupts() as stop:
            steps = self._assistant.choose_model(path.expanduser().absolute(), stop, keep=False)
            for _ in steps:
                continue
        info = self._assistant.chat_engine.info
        if info is not None:
            note(tr("{name} answers now.", name=info.name))

    def _sources(self) -> None:
        receipt = self._last.receipt if self._last else None
        if receipt is None or not receipt.passages:
            note(tr("The last answer rests on no documents."))
            return
        for number, passage in enumerate(receipt.passages, start=1):
            say(f"[{number}] {passage.document}, {passage.where()}\n{passage.text.strip()}\n")


def _add(
    assistant: Assistant, paths: Sequence[Path], collections: Sequence[str] | None, *, quiet: bool
) -> tuple[Path, ...]:
    """Add `paths`, to the first of `collections`, and return the files to answer from.

    Raises DocumentError where none can be used, KeyboardInterrupt where Ctrl+C ended it.
    """
    if not paths:
        return ()
    with Interrupts() as stop:
        collection = collections[0] if collections else None
        events = assistant.add([path.expanduser().absolute() for path in paths], collection, stop)
        results = [event for event in events if isinstance(event, FileResult)]
        if stop.is_set():
            raise KeyboardInterrupt
    usable = tuple(result.path for result in results if result.status in USABLE)
    for result in results:
        if result.status in USABLE and not quiet:
            count, name = result.passages, result.path.name
            note(trn("{name}: {n} passage", "{name}: {n} passages", count, name=name))
        elif result.status not in USABLE and len(results) > 1:
            note(f"{result.path.name}: {result.reason}")
    if not usable:
        raise _no_document(paths, results)
    return usable


def _no_document(paths: Sequence[Path], results: Sequence[FileResult]) -> DocumentError:
    if not results:
        message = text("There is no file to read in {name}.", name=paths[0].name)
    elif len(results) == 1:
        name, reason = results[0].path.name, results[0].reason
        message = text("{name} could not be used. {reason}", name=name, reason=reason)
    else:
        message = text("None of the {n} documents could be used.", n=len(results))
    return DocumentError(message, text("Check the paths, or ask without documents: --no-docs."))


def _ask_batch(assistant: Assistant, questions: Sequence[dict[str, Any]], options: chatting.Options) -> int:
    """Answer each question on its own, from its own documents where it names any; models are loaded once.

    Returns 1 where all failed.
    """
    failed = 0
    for entry in questions:
        conversation = assistant.conversations.create()
        try:
            within = _add(assistant, entry["docs"], options.collections, quiet=True)
            assistant.library.filing.catalogue.all_exist(options.collections or ())
            one = replace(options, within=within or options.within)
            last: StoredMessage | None = None
            for event in assistant.ask(conversation.id, entry["question"], one, threading.Event()):
                if isinstance(event, chatting.Answered):
                    last = event.message
            if last is not None:
                say_json({"id": entry["id"], **answer_object(last)})
        except MaruError as error:
            failed += 1
            say_json({"id": entry["id"], **error_object(error)})
        finally:
            assistant.conversations.delete(conversation.id)
    return 1 if questions and failed == len(questions) else 0
