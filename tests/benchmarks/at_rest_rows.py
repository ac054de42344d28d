# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""E1: what encryption costs a search and the opening of a conversation: with a key and without, in turn."""

import itertools
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

from assistant.conversations import MIGRATIONS, ConversationStore
from assistant.database import Database
from assistant.keys import HomeKey
from assistant.messages import FinishReason
from tests.benchmarks.pairs import Comparison, Row, Rows, compare
from tests.benchmarks.search_library import Opened, library_of
from tests.benchmarks.search_rows import ASKED, Ready, made_up, sizes
from tests.benchmarks.search_sets import CACHE, Kept, korquad, xquad

PAIRS = 15
KEY = HomeKey(bytes(range(32)), "benchmark")
GOAL = 1.10
SIZES = {1_000: PAIRS, 10_000: PAIRS, 100_000: PAIRS}  # passages, how often both sides are measured
TURNS, WORDS = 100, "A sentence of an answer, with some more words behind it. " * 20
AT_ONCE = 20  # conversations opened, or questions asked, for one measurement


def searching() -> Iterator[Row]:
    """E1: a hybrid query whose vector is at hand, as R1 asks it."""
    sets = (xquad(), korquad())
    paragraphs = [one.text for questions in sets for one in questions.paragraphs]
    asked = [one.question for questions in sets for one in questions.report[:ASKED]]
    for size, pairs in sizes(SIZES):
        with closing(Kept()) as kept:
            ready = Ready(kept, asked)
        with ExitStack() as opened:
            plain, keyed = (
                opened.enter_context(
                    library_of(made_up(paragraphs, size), ready, index=True, key=key, folder=CACHE / name)
                )
                for name, key in ((f"r1-{size}", None), (f"e1-{size}", KEY))
            )
            for library in (plain, keyed):
                for question in asked:
                    library.searcher.search(question)
            cost = compare(_search(keyed, asked), _search(plain, asked), pairs)
        yield _row(cost, f"hybrid query, vector ready, {size} passages")


def _search(library: Opened, asked: list[str]) -> Callable[[], None]:
    questions = itertools.cycle(asked)

    def search() -> None:
        for question in itertools.islice(questions, AT_ONCE):
            library.searcher.search(question)

    return search


def opening_a_conversation() -> Row:
    """E1: everything of a conversation of 100 questions and answers, read from the database."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as opened:
        plain, keyed = (_talk(Path(folder) / name, key, opened) for name, key in (("p", None), ("k", KEY)))
        return _row(compare(keyed, plain, PAIRS), f"opening a conversation of {2 * TURNS} messages")


def _talk(path: Path, key: HomeKey | None, opened: ExitStack) -> Callable[[], None]:
    database = opened.enter_context(closing(Database.open(path, MIGRATIONS, key)))
    store = ConversationStore(database)
    conversation, parent = store.create("long").id, None
    for number in range(TURNS):
        asked = store.add_question(conversation, parent, f"Question {number}")
        answer = store.start_answer(conversation, asked.id)
        parent = store.finish_answer(answer.id, WORDS, FinishReason.STOP).id

    def read() -> None:
        for _ in range(AT_ONCE):
            assert len(store.branch(conversation)) == 2 * TURNS

    return read


def _row(cost: Comparison, what: str) -> Row:
    each = cost.ours.median * 1000 / AT_ONCE
    return Row(
        row="E1",
        goal=f"<= {GOAL:.2f}",
        measured=f"{each:.2f} ms, {cost.bare.median * 1000 / AT_ONCE:.2f} ms without",
        ratio=cost.ratio,
        spread=cost.spread,
        kept=cost.ratio <= GOAL,
        what=what,
    )


def measure() -> list[Row]:
    """Measure both."""
    return [opening_a_conversation(), *searching()]


ROWS: Rows = {"E1": measure}
