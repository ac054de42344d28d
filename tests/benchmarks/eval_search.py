# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""`make eval-search`: how well passages are found, by words, by meaning, by both, beside what people build.

Each question has one place that answers it. A chunk is a hit where it holds that place: the whole
answer, or of a long one (ClapNQ is answered by whole passages) more than half of it or of the chunk.
hit@k is the share of questions with a hit among the first k; MRR the mean of 1 / rank of the first hit
among the first 10; nDCG@10 (one relevant passage) the mean of 1 / log2(1 + rank).

Settings are chosen on one part of each set (`--tune` shows that part), the tables show another.
"""

import argparse
import json
import math
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from assistant.documents.fusion import fuse
from assistant.documents.parser_worker import word_pieces
from assistant.documents.protocol import Chunk, Document
from assistant.documents.searching import CANDIDATES, Look
from assistant.documents.splitter import Splitter
from assistant.documents.store import Scope
from assistant.engine.client import Engine
from assistant.engine.gguf import read_header, wordpiece_vocabulary
from assistant.engine.protocol import EngineSettings
from tests.benchmarks.machine import machine_facts
from tests.benchmarks.pairs import NotRun
from tests.benchmarks.report import RESULTS
from tests.benchmarks.search_baseline import Baseline
from tests.benchmarks.search_library import Opened, document, library_of, split
from tests.benchmarks.search_sets import SETS, SETS_BY_NAME, Asked, Kept, QuestionSet

DEPTH = 10  # ranks that count
SHORT = 100  # letters: of so short an answer the whole must be there
Span = tuple[str, int, int]  # title, start, end
Find = Callable[[Asked], Sequence[Sequence[Span]]]  # best first; where the text of each stands


@dataclass(frozen=True)
class Figures:
    """What one way of searching found."""

    set: str
    cut: str  # "paragraphs", "articles"
    way: str
    passages: int
    questions: int
    hit_1: float
    hit_5: float
    hit_10: float
    mrr: float
    ndcg_10: float


def measured(questions: QuestionSet, asked: Sequence[Asked], find: Find) -> dict[str, float]:
    """Return the figures of one way of searching."""
    ranks = [_rank(questions, one, find(one)) for one in asked]
    share = {k: sum(rank <= k for rank in ranks) / len(ranks) for k in (1, 5, 10)}
    return {
        "hit_1": share[1],
        "hit_5": share[5],
        "hit_10": share[10],
        "mrr": sum(1 / rank for rank in ranks if rank <= DEPTH) / len(ranks),
        "ndcg_10": sum(1 / math.log2(1 + rank) for rank in ranks if rank <= DEPTH) / len(ranks),
    }


def _rank(questions: QuestionSet, asked: Asked, found: Sequence[Sequence[Span]]) -> float:
    title = questions.paragraphs[asked.paragraph].title
    for rank, places in enumerate(found, 1):
        if any(name == title and _holds(asked, start, end) for name, start, end in places):
            return rank
    return math.inf


def _holds(asked: Asked, start: int, end: int) -> bool:
    common = min(end, asked.end) - max(start, asked.start)
    answer, chunk = asked.end - asked.start, end - start
    return common >= answer or common > 0.5 * min(answer, chunk) > SHORT


def evaluate(
    questions: QuestionSet, embedder: Kept, *, tune: bool, sample: int, reranker: Engine | None
) -> Iterator[Figures]:
    """Yield the figures of every way of searching, with paragraphs as passages, then with whole articles."""
    asked = questions.tune if tune else questions.report
    asked = asked[:: max(1, len(asked) // sample)] if sample else asked
    embedder.questions([one.question for one in asked])
    yield from _evaluated(questions, asked, "paragraphs", paragraphs_of(questions), embedder, reranker)
    # Where vectors have no say, the paragraphs show why; whole articles need none.
    heard = None if embedder.blind(questions.language) else embedder
    yield from _evaluated(questions, asked, "articles", _articles(questions, embedder), heard, reranker)


def _evaluated(
    questions: QuestionSet,
    asked: Sequence[Asked],
    cut: str,
    documents: Sequence[Document],
    embedder: Kept | None,
    reranker: Engine | None,
) -> Iterator[Figures]:
    with library_of(documents, embedder) as library:
        for way, find in ways_of(library, embedder, reranker, questions.language).items():
            figures = measured(questions, asked, find)
            yield Figures(questions.name, cut, way, len(library.chunks), len(asked), **figures)
    if embedder is not None:
        texts = questions.articles() if cut == "articles" else _single(questions)
        baseline = Baseline(texts, embedder)
        found = measured(questions, asked, _by_baseline(baseline, questions, cut))
        yield Figures(questions.name, cut, "baseline", len(baseline.chunks), len(asked), **found)
        baseline.close()


def ways_of(
    library: Opened, embedder: Kept | None, reranker: Engine | None, language: str
) -> dict[str, Find]:
    """Return the ways of searching a library; each look is made once a question."""
    looks: dict[str, Look] = {}

    def look(asked: Asked) -> Look:
        if asked.question not in looks:
            looks[asked.question] = library.searcher.look_in(asked.question, Scope())
        return looks[asked.question]

    def spans(ranked: Sequence[tuple[int, float]]) -> list[list[Span]]:
        return [[library.chunks[number]] for number, _ in ranked[:DEPTH]]

    def shown(asked: Asked) -> list[list[Span]]:
        chosen = library.searcher.chosen(look(asked), DEPTH)
        return [
            [(one.best.title, one.start, one.end), *((x.title, x.start, x.end) for x in one.alike)]
            for one in chosen
        ]

    def meaning(asked: Asked) -> list[list[Span]]:
        return spans(library.dense.nearest(asked.question, Scope(), DEPTH))

    ways: dict[str, Find] = {
        "words": lambda asked: spans(look(asked).by_words),
        **({"meaning": meaning} if embedder is not None else {}),
        "both": lambda asked: spans(look(asked).ranking()),
        "as shown": shown,
    }
    if embedder is not None and embedder.blind(language):

        def heard(asked: Asked) -> list[list[Span]]:
            nearest = library.dense.nearest(asked.question, Scope(), CANDIDATES)
            fused = fuse(look(asked).by_words, nearest, language)
            return spans([(one.chunk_id, one.score) for one in fused])

        ways["both, heard"] = heard
    if reranker is not None:
        rerank = reranker.rank

        def reranked(asked: Asked) -> list[list[Span]]:
            library.searcher.rerank = rerank
            try:
                return spans(library.searcher.look_in(asked.question, Scope()).ranking())
            finally:
                library.searcher.rerank = None

        ways["reranked"] = reranked
    return ways


def _by_baseline(baseline: Baseline, questions: QuestionSet, cut: str) -> Find:
    if cut == "articles":
        return lambda asked: [[one] for one in baseline.nearest(asked.question, DEPTH)]

    def find(asked: Asked) -> list[list[Span]]:
        found = []
        for name, start, end in baseline.nearest(asked.question, DEPTH):
            paragraph = questions.paragraphs[int(name)]
            found.append([(paragraph.title, paragraph.start + start, paragraph.start + end)])
        return found[:DEPTH]

    return find


def _single(questions: QuestionSet) -> dict[str, str]:
    return {str(number): one.text for number, one in enumerate(questions.paragraphs)}


def paragraphs_of(questions: QuestionSet) -> list[Document]:
    """Return the articles with each paragraph a chunk, without its title: what published figures count."""
    chunks: dict[str, list[Chunk]] = {}
    for one in questions.paragraphs:
        chunks.setdefault(one.title, []).append(Chunk(0, one.start, one.end, "", one.text))
    return [document(title, text, chunks[title]) for title, text in questions.articles().items()]


def _articles(questions: QuestionSet, embedder: Kept) -> list[Document]:
    """Return the articles as Maru splits them."""
    header = read_header(embedder.path)
    vocabulary = wordpiece_vocabulary(header)
    splitter = Splitter(word_pieces(vocabulary), header.context_length) if vocabulary else None
    if splitter is None:
        raise SystemExit("The embedding model has no WordPiece vocabulary.")
    return [split(title, text, splitter) for title, text in questions.articles().items()]


def table(figures: Sequence[Figures]) -> str:
    """Return the figures as Markdown."""
    heads = (
        "set",
        "passages are",
        "way",
        "passages",
        "questions",
        "hit@1",
        "hit@5",
        "hit@10",
        "MRR",
        "nDCG@10",
    )
    rows = [heads, ("---",) * len(heads)]
    for one in figures:
        numbers = (one.hit_1, one.hit_5, one.hit_10, one.mrr, one.ndcg_10)
        counts = (str(one.passages), str(one.questions))
        rows.append((one.set, one.cut, one.way, *counts, *(f"{number:.3f}" for number in numbers)))
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def main(arguments: Sequence[str]) -> int:
    """Measure, print, and keep the table where nothing was left out."""
    parser = argparse.ArgumentParser(prog="make eval-search")
    parser.add_argument("--sets", nargs="+", choices=SETS_BY_NAME, default=list(SETS_BY_NAME))
    parser.add_argument(
        "--sample", type=int, default=0, metavar="N", help="ask about N questions of each set"
    )
    parser.add_argument("--tune", action="store_true", help="ask the questions that settings are chosen on")
    parser.add_argument("--embedder", type=Path, help="another embedding model (GGUF)")
    parser.add_argument("--reranker", type=Path, help="a reranking model (GGUF)")
    chosen = parser.parse_args(arguments)
    began = time.monotonic()
    reranker = Engine(EngineSettings(chosen.reranker, embedding=True)) if chosen.reranker else None
    embedder = Kept(chosen.embedder)
    figures: list[Figures] = []
    try:
        for name in chosen.sets:
            for one in evaluate(
                SETS_BY_NAME[name](), embedder, tune=chosen.tune, sample=chosen.sample, reranker=reranker
            ):
                figures.append(one)
                sys.stdout.write(table([one]).splitlines()[-1] + "\n")
                sys.stdout.flush()
    except NotRun as reason:
        sys.stderr.write(f"{reason}: the question sets lie in {SETS}\n")
        return 1
    finally:
        embedder.close()
        if reranker is not None:
            reranker.close()
    sys.stdout.write(f"{time.monotonic() - began:.0f} s, {embedder.embedded} texts embedded\n")
    if not (chosen.tune or chosen.sample or chosen.embedder or len(chosen.sets) < len(SETS_BY_NAME)):
        keep(figures, RESULTS)
    return 0


def keep(figures: Sequence[Figures], folder: Path) -> None:
    """Write search.json and search.md."""
    machine = machine_facts()
    contents = {"machine": machine, "figures": [asdict(one) for one in figures]}
    written = json.dumps(contents, ensure_ascii=False, indent=2)
    (folder / "search.json").write_text(written + "\n", encoding="utf-8")
    english = [one for one in figures if one.set != "KorQuAD"]
    korean = [one for one in figures if one.set == "KorQuAD"]
    told = f"# Search, measured\n\n{NOTES}\n{below_a_half(figures)}\n"
    tables = f"\n## English\n\n{table(english)}\n## Korean\n\n{table(korean)}"
    (folder / "search.md").write_text(told + tables, encoding="utf-8")


def below_a_half(figures: Sequence[Figures]) -> str:
    """Return a sentence that names where the union finds less than one of its halves at hit@1 or hit@5."""
    found = {(one.set, one.cut, one.way): one for one in figures}
    below = []
    for (name, cut, way), half in found.items():
        both = found[name, cut, "both"]
        for k, part, whole in ((1, half.hit_1, both.hit_1), (5, half.hit_5, both.hit_5)):
            if way in ("words", "meaning") and whole < part:
                missing = round((part - whole) * both.questions)
                below.append(f"{name}, {cut}, hit@{k}: by {missing} of {both.questions} questions ({way})")
    return "The union is below one of its halves: " + ("; ".join(below) or "nowhere") + "."


NOTES = """\
`make eval-search` makes this table. Settings were chosen on other questions of the same sets
(`--tune`). The embedding model is the starter, all-MiniLM-L6-v2 (English).

"paragraphs": each paragraph of a set is a passage, without its title, the same for every way.
"articles": whole articles, split by Maru (about 256 tokens, headed by the title) or, in "baseline", by a
recursive character splitter (1,000 characters, 200 of them also in the next chunk). A larger chunk
holds an answer more easily: "as shown" joins neighbours, so its passages are the largest.

"words" and "meaning" are the halves, "both" their union; "as shown" is what a question gets: the same
text once, neighbours joined, more than one document. "baseline": Chroma with its own settings, vectors
alone, the same embedding model. "both, heard": what would come of it if a model that does not know the
language had the say it has in English; "both" does not let it speak, and whole articles in such a
language are searched without vectors. "reranked" stands here where a reranker was given (`--reranker
FILE`, a GGUF): Maru brings none, and without a real one there is nothing to measure.
"""

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
