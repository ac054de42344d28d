# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""`maru search`: the passages for any words, without the chat model."""

import argparse
from pathlib import Path
from typing import Any

from assistant.commands.batch import read_batch
from assistant.commands.output import note, passage_object, say, say_json
from assistant.documents.library import Library
from assistant.errors import UsageError
from assistant.looking import open_for_looking
from assistant.paths import Home
from assistant.texts import text, tr

DEFAULT_LIMIT = 8


def add_parser(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Add the parser of `search`."""
    about = tr("find passages in your documents")
    parser = commands.add_parser("search", parents=[shared], help=about, description=about)
    parser.set_defaults(run=search)
    parser.add_argument("--json", action="store_true", help=tr("print JSON"))
    parser.add_argument("words", nargs="?", metavar="TEXT", help=tr("what to look for"))
    parser.add_argument(
        "--batch", metavar="FILE.jsonl", type=Path, help=tr("one question a line: id, question")
    )
    parser.add_argument(
        "--limit", type=int, default=DEFAULT_LIMIT, metavar="N", help=tr("number of passages")
    )
    parser.add_argument("--collection", metavar="NAME", help=tr("a collection of documents"))


def search(home: Home, arguments: argparse.Namespace) -> int:
    """Print the passages for any words, best first."""
    if bool((arguments.words or "").strip()) == bool(arguments.batch):
        raise UsageError(
            text("Give words to look for, or a file of questions with --batch."),
            text("See: maru search --help"),
        )
    if not 1 <= arguments.limit <= 1000:
        raise UsageError(text("--limit is {limit}.", limit=arguments.limit), text("Choose 1 to 1000."))
    questions = read_batch(arguments.batch) if arguments.batch else []
    with open_for_looking(home) as looking:
        if arguments.batch:
            for entry in questions:
                found = _found(looking.library, entry["question"], arguments)
                say_json({"id": entry["id"], "passages": found})
            return 0
        found = _found(looking.library, arguments.words, arguments)
    if arguments.json:
        say_json(found)
    elif not found:
        note(tr("Nothing was found."))
    else:
        for number, passage in enumerate(found, start=1):
            say(f"[{number}] {passage['document']}, {passage['place']}\n{passage['text'].strip()}\n")
    return 0


def _found(library: Library, words: str, arguments: argparse.Namespace) -> list[dict[str, Any]]:
    chosen = (arguments.collection,) if arguments.collection else None
    passages = library.search(words, chosen, limit=arguments.limit)
    return [passage_object(passage) for passage in passages.found]
