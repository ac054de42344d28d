# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Which documents a task over whole documents means: named, pointed at, the only one, or found by search.

Where that stays open the candidates are named: reading the wrong contract is worse than asking.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.chat_events import Options
from assistant.conversations import StoredMessage
from assistant.documents.library import Library
from assistant.documents.whole_texts import Titled
from assistant.full_text import fold, index_terms
from assistant.messages import FinishReason, Role
from assistant.tasks import Task, TaskKind, free_task, task_of

MOST_DOCUMENTS = 8
"""Documents that one task may read, and that are named as candidates."""

CLEARLY = 0.6
"""Share of the passages found, the first counted most, from which their document is taken to be meant."""

LOOKED_AT = 12
"""Passages by which search tells the document."""

REPLY_WORDS = 8
"""The longest answer to the question which document is meant, in words."""

TITLE_SHARE = 0.5
"""Least share of the telling words that must stand in a title: one of several may stand in any."""

_SAYS_NOTHING = frozenset(
    """document doc file final copy scan new old draft version text pdf docx hwp hwpx txt md of the and an
    문서 파일 최종 수정 사본 복사""".split()  # noqa: SIM905
)


@dataclass(frozen=True)
class Wanted:
    """A task, how it was worded, and the documents it means; or, with none, the candidates for them.

    `more` candidates are not named.
    """

    task: Task
    wording: str
    documents: tuple[Path, ...] = ()
    candidates: tuple[Path, ...] = ()
    more: int = 0


@dataclass(frozen=True)
class _Around:
    """What a task may mean: the documents in reach, those dropped into the conversation, what was said."""

    there: tuple[Titled, ...]
    dropped: tuple[Path, ...]
    earlier: Sequence[StoredMessage]

    def seen(self) -> list[Path]:
        """Return the documents that the last answer read whole or cites."""
        known = {str(one.path): one.path for one in self.there}
        for one in reversed(self.earlier):
            if found := [known[path] for path in _documents(one) if path in known]:
                return found
        return []

    def pointed_at(self) -> list[list[Path]]:
        """Return what "this document" may be, the likeliest first: new here, spoken of, dropped before."""
        spoken_of = {path for one in self.earlier for path in _documents(one)}
        new = [path for path in self.dropped if str(path) not in spoken_of]
        return [new, self.seen(), list(self.dropped)]


def wanted(
    library: Library, question: StoredMessage, earlier: Sequence[StoredMessage], options: Options
) -> Wanted | None:
    """Return what `question` wants of whole documents; None where it wants passages, or none are there."""
    wording = question.message.content
    if options.whole:
        return Wanted(free_task(wording), wording, options.whole)
    if not options.documents:
        return None
    task = task_of(wording)
    asked_back = _asked_back(wording, earlier) if task is None else None
    if task is None and asked_back is None:
        return None
    there = library.titles(options.collections, options.within)
    if not there:
        return None
    if task is None:
        return _replied(asked_back or "", wording, there)
    around = _Around(tuple(there), _dropped(library, question.conversation_id, there), earlier)
    return _of_task(library, task, wording, around, options)


def _asked_back(reply: str, earlier: Sequence[StoredMessage]) -> str | None:
    """Return the question whose document was asked for last, None where none was or this is no reply."""
    if len(earlier) < 2 or earlier[-1].finish_reason is not FinishReason.ASKED:
        return None
    if len(reply.split()) > REPLY_WORDS or reply.rstrip().endswith(("?", "？")):
        return None
    return earlier[-2].message.content if earlier[-2].message.role is Role.USER else None


def _replied(wording: str, reply: str, there: Sequence[Titled]) -> Wanted | None:
    """Return the task asked before with the documents that `reply` names, None where it names none."""
    task, found = task_of(wording), named(reply, reply, there)
    if task is None or not found or len(found) > MOST_DOCUMENTS:
        return None
    return Wanted(task, wording, tuple(found))


def _dropped(library: Library, conversation_id: int, there: Sequence[Titled]) -> tuple[Path, ...]:
    """Return the documents in reach that were dropped into this conversation alone."""
    own = library.conversation_collection(conversation_id)
    mine = {one.path for one in library.titles((own.name,))} if own is not None else set()
    return tuple(one.path for one in there if one.path in mine)


def _documents(one: StoredMessage) -> list[str]:
    """Return the documents that an answer read whole, else those it cites, else its first source."""
    if one.message.role is not Role.ASSISTANT or one.receipt is None:
        return []
    if one.finish_reason is FinishReason.REFUSED:
        return []
    whole = [read.document for read in one.receipt.whole]
    cited = dict.fromkeys(citation.passage.document for citation in one.receipt.citations)
    return whole or list(cited) or [passage.document for passage in one.receipt.passages[:1]]


def _of_task(library: Library, task: Task, wording: str, around: _Around, options: Options) -> Wanted | None:
    there = around.there
    found = named(wording, task.words, there)
    if task.kind is TaskKind.COMPARE and len(found) == 1:
        rest = [one for one in there if one.path not in found]
        said = set(index_terms(found[0].stem).split())
        left = " ".join(word for word in task.words.split() if not said & set(index_terms(word).split()))
        found += named(left, left, rest)
    if task.kind is TaskKind.COMPARE and len(found) == 1 and len(there) == 2:
        found = [one.path for one in there]
    if (made := _chosen(task, wording, found)) is not None:
        return made
    if task.topical and not task.pointing:
        return None
    for paths in around.pointed_at() if task.pointing and not task.every else ():
        if (made := _chosen(task, wording, paths)) is not None:
            return made
    if len(there) == 1 and (task.kind is TaskKind.SUMMARY or task.listed):
        return _chosen(task, wording, [there[0].path])  # whatever it is called by
    if task.kind is not TaskKind.COMPARE and task.words:
        return _searched(library, task, wording, there, options)
    return _chosen(task, wording, [one.path for one in there]) if task.pointing else None


def _chosen(task: Task, wording: str, paths: Sequence[Path]) -> Wanted | None:
    """Return the task over these documents, or with them as candidates where it means fewer; or None."""
    enough = 2 if task.kind is TaskKind.COMPARE else 1
    if len(paths) < enough:
        return None
    if len(paths) == enough or (task.several and len(paths) <= MOST_DOCUMENTS):
        return Wanted(task, wording, tuple(paths))
    more = max(0, len(paths) - MOST_DOCUMENTS)
    return Wanted(task, wording, candidates=tuple(paths[:MOST_DOCUMENTS]), more=more)


def _searched(
    library: Library, task: Task, wording: str, there: Sequence[Titled], options: Options
) -> Wanted | None:
    """Return the document that the words of the task find, or the candidates."""
    found = library.search(task.words, options.collections, limit=LOOKED_AT, within=options.within)
    known = {str(one.path) for one in there}
    shares: dict[str, float] = {}
    for rank, passage in enumerate(found.found):
        if passage.document in known:
            shares[passage.document] = shares.get(passage.document, 0.0) + 1 / (rank + 1)
    whole = sum(shares.values())
    if not shares or not (found.supported or task.pointing):
        # A summary is of a document, though by a name that none has: better to ask than to find nothing.
        named_none = task.kind is TaskKind.SUMMARY
        return _chosen(task, wording, [one.path for one in there]) if named_none else None
    ranked = sorted(shares, key=lambda path: -shares[path])
    if len(there) == 1 or shares[ranked[0]] >= CLEARLY * whole:
        return Wanted(task, wording, (Path(ranked[0]),))
    return Wanted(task, wording, candidates=tuple(map(Path, ranked[:MOST_DOCUMENTS])))


def named(wording: str, telling: str, there: Sequence[Titled]) -> list[Path]:
    """Return the documents that a wording names, in the order in which it does.

    By file name first, with or without its ending; else by words of name or title among those that are
    `telling`, where a document that more words fit stands before one that fewer of the same fit.
    """
    folded = fold(wording)
    exact = [(found, one.path) for one in there if (found := _place_of(one.path, folded)) >= 0]
    if exact:
        return [path for _, path in sorted(exact)]
    asked = [term for term in index_terms(telling).split() if len(term) > 1]  # as names have them
    for with_title in (False, True):
        fits = {one.path: _names(one, with_title=with_title) & set(asked) for one in there}
        least = TITLE_SHARE * len(set(asked)) if with_title else 0
        matched = {path: terms for path, terms in fits.items() if _enough(terms) and len(terms) >= least}
        kinds = set(matched.values())  # few, however many documents there are
        best = [path for path, terms in matched.items() if not any(terms < other for other in kinds)]
        if best:
            return sorted(best, key=lambda path: (min(map(asked.index, matched[path])), str(path)))
    return []


def _place_of(path: Path, folded: str) -> int:
    """Return where a file's name or, by itself, its name without ending stands in `folded`; -1."""
    name = fold(path.name)
    if name in folded:
        return folded.index(name)
    stem = re.escape(fold(path.stem))
    match = re.search(rf"(?<![\w.-]){stem}(?![a-z0-9_-])", folded) if len(path.stem) > 1 else None
    return match.start() if match else -1


def _names(one: Titled, *, with_title: bool) -> frozenset[str]:
    """Return the terms by which a document can be named."""
    stem = one.path.stem.replace("_", " ")
    if "-" in stem:  # e-mail-rules is named by "email", too
        stem = f"{stem} {stem.replace('-', ' ')}"
    terms = index_terms(f"{stem} {one.title}" if with_title else stem).split()
    return frozenset(term for term in terms if len(term) > 1 and term not in _SAYS_NOTHING)


def _enough(terms: frozenset[str]) -> bool:
    """Say whether `terms` can name a document: not a number alone."""
    return any(not term.isdigit() for term in terms)
