# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""`maru search`: the passages for any words, without the chat model; why each ranks, or a file does not."""

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import Any

from assistant.commands.batch import read_batch
from assistant.commands.opened import opened_to_look
from assistant.commands.output import note, passage_object, say, say_json
from assistant.documents.collection import kept_name
from assistant.documents.explaining import Explained, Meaning, Ranked, WhyNot
from assistant.documents.library import Library
from assistant.errors import UsageError
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
    parser.add_argument("--collection", metavar="NAME", type=kept_name, help=tr("a collection of documents"))
    parser.add_argument("--explain", action="store_true", help=tr("say why each passage ranks where it does"))
    parser.add_argument("--why", metavar="PATH", type=Path, help=tr("say why this file was not used"))


def search(home: Home, arguments: argparse.Namespace) -> int:
    """Print the passages for any words, best first."""
    if bool((arguments.words or "").strip()) == bool(arguments.batch):
        raise UsageError(
            text("Give words to look for, or a file of questions with --batch."),
            text("See: maru search --help"),
        )
    if not 1 <= arguments.limit <= 1000:
        raise UsageError(text("--limit is {limit:d}.", limit=arguments.limit), text("Choose 1 to 1000."))
    if arguments.why and arguments.batch:
        raise UsageError(text("--why asks about one question."), text("Leave --batch out."))
    questions = read_batch(arguments.batch) if arguments.batch else []
    with opened_to_look(home) as looking:
        looking.library.filing.catalogue.all_exist(_collections(arguments) or ())
        if arguments.why:
            return _say_why_not(_why_not(looking.library, arguments), as_json=arguments.json)
        if arguments.batch:
            for entry in questions:
                found = _explained(looking.library, entry["question"], arguments)
                say_json({"id": entry["id"], "passages": [_object(one) for one in found.passages]})
            return 0
        found = _explained(looking.library, arguments.words, arguments)
    if arguments.json:
        say_json([_object(one) for one in found.passages])
    elif not found.passages:
        note(tr("Nothing was found."))
    else:
        _say_passages(found, explain=arguments.explain)
    return 0


def _explained(library: Library, words: str, arguments: argparse.Namespace) -> Explained:
    return library.explain(words, _collections(arguments), limit=arguments.limit)


def _why_not(library: Library, arguments: argparse.Namespace) -> WhyNot:
    path = arguments.why.expanduser().absolute()
    return library.why_not(arguments.words, path, _collections(arguments), limit=arguments.limit)


def _collections(arguments: argparse.Namespace) -> tuple[str, ...] | None:
    return (arguments.collection,) if arguments.collection else None


def _object(one: Ranked) -> dict[str, Any]:
    """Return a passage with where it stands too, and both scores."""
    also = [
        {"document": other.document, "page": other.place.page, "place": other.place.shown(),
         "start": other.start, "end": other.end}
        for other in one.passage.also
    ]  # fmt: skip
    return {**passage_object(one.passage), "also": also, "why": asdict(one.why)}


def _say_passages(found: Explained, *, explain: bool) -> None:
    for one in found.passages:
        passage = one.passage
        say(f"[{one.rank}] {passage.document}, {passage.where()}")
        for other in passage.also:
            say(tr("also in {document}, {place}", document=other.document, place=other.place.shown()))
        if explain:
            say(_reasons(one))
        say(f"{passage.text.strip()}\n")
    if explain and found.meaning is Meaning.BLIND:
        note(tr("The search model does not know this language: words alone decide."))
    elif found.meaning is Meaning.TEXT_ONLY:
        note(tr("Text only: the search index is being made again."))
    elif explain and found.meaning is Meaning.COMPARED:
        note(tr("The search index is being made again; until then vectors are compared one by one."))
    elif explain and not found.meaning.had_say:
        note(tr("There are no vectors to search by meaning: words alone decide."))


def _reasons(one: Ranked) -> str:
    """Return both scores in a line or two."""
    why = one.why
    parts = [tr("score {score}", score=f"{one.passage.score:.3f}")]
    if why.words is not None:
        parts.append(tr("by words {score}, rank {rank}", score=f"{why.words:.2f}", rank=why.words_rank or 0))
    if why.cosine is not None:
        parts.append(
            tr("by meaning {score}, rank {rank}", score=f"{why.cosine:.2f}", rank=why.cosine_rank or 0)
        )
    if why.reranked is not None:
        parts.append(tr("by the reranker {score}", score=f"{why.reranked:.2f}"))
    if why.terms:
        parts.append(tr("found: {words}", words=" ".join(why.terms)))
    if why.missing:
        parts.append(tr("not found: {words}", words=" ".join(why.missing)))
    return f"    {'; '.join(parts)}"


def _say_why_not(found: WhyNot, *, as_json: bool) -> int:
    if not as_json:
        say(found.sentence())
        return 0
    say_json(
        {
            "path": str(found.path),
            "reason": found.reason.value,
            "sentence": found.sentence(),
            "rank": found.rank,
            "best": _object(found.best) if found.best else None,
            "before": [_object(one) for one in found.before],
        }
    )
    return 0
