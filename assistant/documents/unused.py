# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Why a file was not used for an answer: from what is stored, and from a search of now."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from assistant.documents.catalogue import Catalogue
from assistant.documents.changes import lies_in
from assistant.documents.explaining import Explained, NotUsed, Ranked, WhyNot
from assistant.documents.passage_store import Known, PassageStore
from assistant.documents.protocol import FileStatus
from assistant.documents.queue import Queue
from assistant.documents.searching import Look, Searcher
from assistant.documents.walk import absolute, walk
from assistant.passages import Passage

_ASIDE = {FileStatus.NO_TEXT: NotUsed.NO_TEXT, FileStatus.PROTECTED: NotUsed.PROTECTED}
_SAYS = 0.05  # least score by words, and
_NEAR = 0.2  # least cosine, of a passage that has anything to do with the question


class Unused:
    """Says why a file was not used. Raises DatabaseError."""

    def __init__(
        self, searcher: Searcher, passages: PassageStore, queue: Queue, catalogue: Catalogue
    ) -> None:
        """Search with `searcher`, look files up in `passages`, and where they should have come from."""
        self._searcher = searcher
        self._passages = passages
        self._queue = queue
        self._catalogue = catalogue

    def why_not(
        self,
        question: str,
        path: Path,
        collections: Sequence[str] | None = None,
        limit: int = 8,
        within: Sequence[Path] | None = None,
        used: Sequence[Passage] | None = None,
        left_out: Sequence[Passage] = (),
    ) -> WhyNot:
        """Say why the file `path` was not used for a question that was searched so.

        `used` are the passages of an answer, None where there was none and a search of now counts;
        `left_out` those that the context window had no room for.
        """
        path = absolute(path)
        known = self._passages.known(path)
        content = next((one.content_id for one in known if one.content_id is not None), None)
        if content is None:
            return self._not_read(path, known)
        explained = self._searcher.explain(question, collections, limit, within)
        shown = [one.passage for one in explained.passages] if used is None else used
        if reason := _seen(path, shown, left_out):
            return WhyNot(reason, path, before=_showing(path, explained))
        look = self._searcher.look(question, collections, limit, within)
        if not self._passages.documents(content, look.scope, look.within, 1):
            return WhyNot(NotUsed.NOT_CHOSEN, path)
        return self._outranked(path, content, look, explained)

    def _not_read(self, path: Path, known: Sequence[Known]) -> WhyNot:
        if known:
            reason = _ASIDE.get(FileStatus(known[0].status), NotUsed.SET_ASIDE)
            return WhyNot(reason, path, known[0].reason)
        if self._queue.holds(str(path)):
            return WhyNot(NotUsed.WAITING, path)
        tops = [one.path for one in self._catalogue.sources() if lies_in(str(path), [one.path])]
        if path.is_file() and tops and not any(walk(str(path), top).files for top in tops):
            return WhyNot(NotUsed.PASSED_OVER, path)
        return WhyNot(NotUsed.NOT_INDEXED, path)

    def _outranked(self, path: Path, content_id: int, look: Look, explained: Explained) -> WhyNot:
        """Find the file's best passage, among those of the search or in a search of the file alone."""
        every = [number for number, _ in look.ranking()]
        found = self._passages.found(every, look.scope, look.within)
        rank = next((rank for rank, one in enumerate(found, 1) if one.content_id == content_id), None)
        at = look
        if rank is None:
            alone = replace(look.scope, contents=(content_id,))
            at = self._searcher.look_in(look.question, alone, look.within)
        best = self._best(content_id, at, rank or 1)
        if best is None or (rank is None and not _has_to_do(best)):
            return WhyNot(NotUsed.NOTHING_IN_COMMON, path, best=best, before=explained.passages)
        return WhyNot(NotUsed.OUTRANKED, path, rank=rank, best=best, before=explained.passages)

    def _best(self, content_id: int, look: Look, rank: int) -> Ranked | None:
        for number, score in look.ranking():
            for one in self._passages.found([number], look.scope, look.within):
                if one.content_id == content_id:
                    passage = replace(one.passage(), score=round(score, 6))
                    return Ranked(rank, passage, self._searcher.why(look, number))
        return None


def _seen(path: Path, shown: Sequence[Passage], left_out: Sequence[Passage]) -> NotUsed | None:
    if any(Path(one.document) == path for one in left_out):
        return NotUsed.CUT
    if any(Path(one.document) == path for one in shown):
        return NotUsed.USED
    if any(Path(other.document) == path for one in shown for other in one.also):
        return NotUsed.SAME_TEXT
    return None


def _showing(path: Path, explained: Explained) -> tuple[Ranked, ...]:
    """Return what was shown, first what the file stands beside."""
    return tuple(
        sorted(
            explained.passages,
            key=lambda one: all(Path(other.document) != path for other in one.passage.also),
        )
    )


def _has_to_do(best: Ranked) -> bool:
    return (best.why.words or 0.0) >= _SAYS or (best.why.cosine or 0.0) >= _NEAR
