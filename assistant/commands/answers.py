# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""`maru ask` and `maru chat`: questions and answers in the terminal."""

import argparse
import contextlib
import sys
import threading
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from assistant import chat as chatting
from assistant.app import Assistant, open_assistant
from assistant.citations import with_markers
from assistant.commands.batch import read_batch
from assistant.commands.interrupts import Interrupts
from assistant.commands.output import complain, error_object, note, passage_object, say, say_json
from assistant.conversations import StoredMessage
from assistant.documents.protocol import FileResult, FileStatus
from assistant.entities import ENTITY_NAMES, EntityType
from assistant.errors import DocumentError, MaruError, SettingsError, UsageError
from assistant.messages import FinishReason
from assistant.paths import Home
from assistant.receipts import Receipt
from assistant.sampling import PRESETS, Preset
from assistant.texts import text, tr, trn

USABLE = (FileStatus.ADDED, FileStatus.UNCHANGED, FileStatus.REPLACED)


def add_parsers(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Add the parsers of `ask` and `chat`."""
    for name, run, about in (
        ("ask", ask, tr("ask one question, answered from your documents")),
        ("chat", chat, tr("chat in the terminal")),
    ):
        parser = commands.add_parser(name, parents=[shared], help=about, description=about)
        parser.add_argument("--docs", action="append", default=[], metavar="PATH", type=Path,
                            help=tr("answer from this file or folder alone (may be repeated)"))  # fmt: skip
        parser.add_argument("--collection", metavar="NAME", help=tr("answer from this collection"))
        parser.add_argument("--no-docs", action="store_true", help=tr("do not look into documents"))
        parser.add_argument("--model", metavar="FILE", type=Path, help=tr("a GGUF file to answer with"))
        parser.add_argument(
            "--preset", choices=[preset.value for preset in Preset], help=tr("how freely to answer")
        )
        parser.add_argument("--temperature", type=float, metavar="T", help=tr("0 (precise) to 2 (free)"))
        parser.add_argument("--seed", type=int, metavar="N", help=tr("repeat an answer"))
        parser.add_argument("--limit", type=int, metavar="N", help=tr("number of passages to answer from"))
        parser.set_defaults(run=run)
        if name == "ask":
            parser.add_argument("question", nargs="?", metavar="QUESTION", help=tr("what you want to know"))
            parser.add_argument("--batch", metavar="FILE.jsonl", type=Path,
                                help=tr("one question a line: id, question, docs"))  # fmt: skip
            parser.add_argument("--json", action="store_true", help=tr("one JSON object a line"))


def chat_defaults() -> argparse.Namespace:
    """Return the options of `maru chat` without any."""
    return argparse.Namespace(
        docs=[],
        collection=None,
        no_docs=False,
        model=None,
        preset=None,
        temperature=None,
        seed=None,
        limit=None,
    )


def ask(home: Home, arguments: argparse.Namespace) -> int:
    """Answer one question, or a batch, and return the exit code."""
    if bool((arguments.question or "").strip()) == bool(arguments.batch):
        raise UsageError(
            text("Give one question, or a file of questions with --batch."), text("See: maru ask --help")
        )
    if arguments.batch and not arguments.json:
        raise UsageError(text("A batch answers in JSON only."), text("Add --json."))
    _check_documents(arguments)
    questions = read_batch(arguments.batch) if arguments.batch else []
    with _opened(home) as assistant:
        options = _options(assistant, arguments)
        if arguments.model:
            _use_model(assistant, arguments.model)
        if arguments.batch:
            return _ask_batch(assistant, questions, options)
        within = _add(assistant, arguments.docs, arguments.collection, quiet=arguments.json)
        options = replace(options, within=within or options.within)
        conversation = assistant.conversations.create()
        with Interrupts() as stop:
            events = assistant.ask(conversation.id, arguments.question, options, stop)
            (_show_json if arguments.json else _show)(events)
    return 0


def chat(home: Home, arguments: argparse.Namespace) -> int:
    """Talk until the user leaves: /add PATH, /sources, /help, /quit; Ctrl+C stops an answer."""
    _check_documents(arguments)
    with _opened(home) as assistant:
        options = _options(assistant, arguments)
        if arguments.model:
            _use_model(assistant, arguments.model)
        within = _add(assistant, arguments.docs, arguments.collection, quiet=False)
        _Chat(assistant, replace(options, within=within or options.within)).run()
    return 0


def _check_documents(arguments: argparse.Namespace) -> None:
    if arguments.no_docs and (arguments.docs or arguments.collection):
        raise UsageError(text("--no-docs excludes --docs and --collection."), text("Leave one of them out."))


@contextlib.contextmanager
def _opened(home: Home) -> Iterator[Assistant]:
    """Open the home and say what there is to know about the start."""
    with open_assistant(home) as assistant:
        if assistant.notice is not None:
            note(str(assistant.notice))
        yield assistant


class _Chat:
    """A conversation in the terminal."""

    def __init__(self, assistant: Assistant, options: chatting.Options) -> None:
        self._assistant = assistant
        self._options = options
        self._conversation = assistant.conversations.create()
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
            note(tr("/add PATH adds a file or folder, /sources shows the passages, /quit leaves."))
        elif command == "/add" and rest:
            self._add(Path(rest.strip().strip("'\"")))
        elif command == "/sources":
            self._sources()
        elif command.startswith("/"):
            note(tr("“{command}” is not a command. /help lists them.", command=command))
        else:
            with Interrupts() as stop:
                parent = self._last.id if self._last else None
                events = self._assistant.ask(self._conversation.id, line, self._options, stop, parent)
                self._last = _show(events) or self._last

    def _add(self, path: Path) -> None:
        with contextlib.suppress(KeyboardInterrupt):
            added = _add(self._assistant, [path], self._options.collection, quiet=False)
            if self._options.within is not None:
                self._options = replace(self._options, within=(*self._options.within, *added))

    def _sources(self) -> None:
        receipt = self._last.receipt if self._last else None
        if receipt is None or not receipt.passages:
            note(tr("The last answer rests on no documents."))
            return
        for number, passage in enumerate(receipt.passages, start=1):
            say(f"[{number}] {passage.document}, {passage.place.shown()}\n{passage.text.strip()}\n")


def _options(assistant: Assistant, arguments: argparse.Namespace) -> chatting.Options:
    """Return the user's starting options with what the command line changes."""
    options = assistant.starting_options()
    sampling, preset = options.sampling, options.preset
    if arguments.preset:
        preset = Preset(arguments.preset)
        sampling = replace(PRESETS[preset], max_tokens=sampling.max_tokens)
    changes = {
        name: value for name in ("temperature", "seed") if (value := getattr(arguments, name)) is not None
    }
    if changes:
        try:
            sampling, preset = replace(sampling, **changes), None
        except SettingsError as error:
            raise UsageError(error.message, error.hint) from error
    if arguments.limit is not None and not 1 <= arguments.limit <= 50:
        raise UsageError(text("--limit is {limit}.", limit=arguments.limit), text("Choose 1 to 50."))
    return replace(
        options,
        sampling=sampling,
        preset=preset,
        documents=not arguments.no_docs,
        collection=arguments.collection,
        limit=arguments.limit or options.limit,
    )


def _use_model(assistant: Assistant, path: Path) -> None:
    """Answer with this file for as long as the command runs; the settings stay as they are."""
    for _ in assistant.choose_model(path.expanduser().absolute(), keep=False):
        continue


def _add(
    assistant: Assistant, paths: Sequence[Path], collection: str | None, *, quiet: bool
) -> tuple[Path, ...]:
    """Add `paths` and return the files to answer from.

    Raises DocumentError where none can be used, KeyboardInterrupt where Ctrl+C ended it.
    """
    if not paths:
        return ()
    with Interrupts() as stop:
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


def _show(events: chatting.Events) -> StoredMessage | None:
    """Print the answer as it comes, then its sources; return what was stored."""
    answered: StoredMessage | None = None
    for event in events:
        match event:
            case chatting.Notice(words):
                note(str(words))
            case chatting.Masked(entities):
                named = {str(ENTITY_NAMES[EntityType(kind)]): count for kind, count in entities.items()}
                listed = ", ".join(f"{name} × {count}" for name, count in sorted(named.items()))
                note(tr("Hidden from the model: {listed}", listed=listed))
            case chatting.TokenText(words):
                say(words, end="")
            case chatting.Cited(citation):
                say(f" [{citation.n}]", end="")
            case chatting.Answered(message):
                answered = message
    say()
    if answered is not None:
        if answered.finish_reason is FinishReason.CANCELLED:
            note(tr("Stopped."))
        _show_sources(answered.receipt or Receipt())
    return answered


def _show_sources(receipt: Receipt) -> None:
    cited = sorted({citation.n for citation in receipt.citations})
    for number in cited:
        passage = receipt.passages[number - 1]
        say(f"\n[{number}] {passage.document}, {passage.place.shown()}", end="")
    if cited:
        say()
    if count := len(receipt.unsupported):
        note(
            trn(
                "{n} sentence has no support in your documents: check it.",
                "{n} sentences have no support in your documents: check them.",
                count,
            )
        )


def _show_json(events: chatting.Events) -> StoredMessage | None:
    """Print one object a line: sources, masked, token, answer."""
    answered: StoredMessage | None = None
    for event in events:
        match event:
            case chatting.Sources(passages):
                say_json({"event": "sources", "passages": [passage_object(one) for one in passages.found]})
            case chatting.Masked(entities):
                say_json({"event": "masked", "entities": entities})
            case chatting.TokenText(words):
                say_json({"event": "token", "text": words})
            case chatting.Cited(citation):
                say_json({"event": "token", "text": f" [{citation.n}]"})
            case chatting.Notice(words):
                note(str(words))
            case chatting.Answered(message):
                answered = message
                say_json(answer_object(message))
    return answered


def answer_object(message: StoredMessage) -> dict[str, Any]:
    """Return the `answer` event: text, citations, sources, and the receipt."""
    receipt = message.receipt or Receipt()
    words = message.message.content
    kinds = (("prompt_tokens", int), ("prompt_ms", float), ("first_token_ms", float),
             ("predicted_tokens", int), ("predicted_ms", float))  # fmt: skip
    return {
        "event": "answer",
        "text": with_markers(words, receipt.citations),
        "citations": [
            {
                "n": citation.n,
                "sentence": words[citation.start : citation.end],
                "document": citation.passage.document,
                "page": citation.passage.place.page,
                "place": citation.passage.place.shown(),
                "quote": citation.quote,
            }
            for citation in receipt.citations
        ],
        "unsupported": [words[start:end] for start, end in receipt.unsupported],
        "passages": [passage_object(passage) for passage in receipt.passages],
        "finish_reason": message.finish_reason.value if message.finish_reason else None,
        "sampling": asdict(receipt.sampling),
        "model": {"name": receipt.model_name, "sha256": receipt.model_sha256},
        "timings": {name: kind(receipt.timings.get(name, 0)) for name, kind in kinds},
    }


def _ask_batch(assistant: Assistant, questions: Sequence[dict[str, Any]], options: chatting.Options) -> int:
    """Answer each question on its own; models are loaded once. Returns 1 where all failed."""
    failed = 0
    for entry in questions:
        conversation = assistant.conversations.create()
        try:
            within = _add(assistant, entry["docs"], options.collection, quiet=True)
            one = replace(options, within=within or None)
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
