# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Why a passage ranks where it does, and why a file was not used."""

from pathlib import Path

import pytest

from assistant.database import Database
from assistant.documents.explaining import Meaning, NotUsed, WhyNot
from assistant.documents.lexical import Lexical
from assistant.documents.library import Library
from assistant.documents.store import Store
from tests.fakes import HashEmbedder, LineReader

RENT = "The monthly rent is 850 euros and is paid on the first of each month."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "documents"
    made.mkdir()
    return made


def write(folder: Path, name: str, words: str) -> Path:
    path = folder / name
    path.write_text(words, encoding="utf-8")
    return path


def add(library: Library, *paths: Path, collection: str = "default") -> None:
    for _ in library.add(paths, collection):
        pass


def test_both_scores_and_ranks_are_told_and_the_parts_add_up(library: Library, folder: Path) -> None:
    add(library, write(folder, "lease.txt", f"{RENT}\nPets are welcome."))
    explained = library.explain("How much is the monthly rent of a castle?")
    best = explained.passages[0]
    assert (best.rank, best.passage.text, explained.meaning) == (1, RENT, Meaning.USED)
    assert (best.why.words_rank, best.why.cosine_rank) == (1, 1)
    assert best.why.words is not None
    assert 0 < best.why.words <= 1
    assert best.why.of_words + best.why.of_meaning == pytest.approx(best.passage.score, abs=1e-5)
    assert best.why.terms == ("monthly", "rent")
    assert best.why.missing == ("castle?",)
    found = library.search("How much is the monthly rent of a castle?")
    assert (tuple(one.passage for one in explained.passages), explained.supported) == (
        found.found,
        found.supported,
    )


def test_korean_words_are_told_as_they_were_asked(library: Library, folder: Path) -> None:
    add(library, write(folder, "계약서.txt", "월세는 90만 원이다.\n보증금은 천만 원이다."))
    best = library.explain("월세가 얼마인가요?").passages[0]
    assert best.why.terms == ("월세가",)


def test_of_neighbours_shown_as_one_passage_every_word_is_told(
    database: Database, library: Library, folder: Path
) -> None:
    add(library, write(folder, "lease.txt", f"{RENT}\nPets are welcome."))
    lexical, question = Lexical(database), "monthly rent with pets and a castle"
    words = lexical.words(question)
    both = [number for number, _ in lexical.search(words, Store(database).scope(None, None), 9)]
    assert len(both) == 2
    assert lexical.standing_in(question, words, both) == (("monthly", "rent", "pets"), ("castle",))
    alone = [lexical.standing_in(question, words, [one])[1] for one in both]
    assert sorted(alone) == [("monthly", "rent", "castle"), ("pets", "castle")]


@pytest.mark.parametrize(
    ("embedder", "meaning"),
    [(HashEmbedder(blind_in=("en",)), Meaning.BLIND), (None, Meaning.NONE)],
)
def test_it_is_told_why_vectors_had_no_say(
    database: Database, folder: Path, embedder: HashEmbedder | None, meaning: Meaning
) -> None:
    library = Library(database, LineReader(), embedder, None)
    add(library, write(folder, "lease.txt", RENT))
    explained = library.explain("monthly rent")
    assert explained.meaning is meaning
    assert explained.passages[0].why.cosine is None


def test_an_embedder_that_fails_is_told(library: Library, folder: Path, embedder: HashEmbedder) -> None:
    add(library, write(folder, "lease.txt", RENT))
    embedder.fail()
    assert library.explain("monthly rent").meaning is Meaning.AWAY


def reason(found: WhyNot) -> NotUsed:
    assert found.sentence()
    assert found.path.name in found.sentence() or found.reason is NotUsed.SAME_TEXT
    return found.reason


def test_a_file_that_is_not_there_or_could_not_be_read(library: Library, folder: Path) -> None:
    damaged, empty = write(folder, "damaged.txt", "\x00"), write(folder, "empty.txt", " ")
    add(library, damaged, empty)
    assert reason(library.why_not("rent", folder / "other.txt")) is NotUsed.NOT_INDEXED
    found = library.why_not("rent", damaged)
    assert reason(found) is NotUsed.SET_ASIDE
    assert found.detail in found.sentence()
    assert reason(library.why_not("rent", empty)) is NotUsed.NO_TEXT


def test_a_file_that_was_not_asked(library: Library, folder: Path) -> None:
    lease, other = write(folder, "lease.txt", RENT), write(folder, "other.txt", "The rent is low.")
    add(library, lease)
    add(library, other, collection="other")
    assert reason(library.why_not("rent", other, ["default"])) is NotUsed.NOT_CHOSEN
    assert reason(library.why_not("rent", other, within=[lease])) is NotUsed.NOT_CHOSEN
    assert reason(library.why_not("rent", other)) is NotUsed.USED


def test_a_file_that_has_nothing_to_do_with_the_question(database: Database, folder: Path) -> None:
    library = Library(database, LineReader(), None, None)
    add(library, write(folder, "lease.txt", RENT), other := write(folder, "other.txt", "Whales sing."))
    assert reason(library.why_not("monthly rent", other)) is NotUsed.NOTHING_IN_COMMON


def test_a_file_that_was_outranked_says_by_what(library: Library, folder: Path) -> None:
    lease, other = write(folder, "lease.txt", RENT), write(folder, "other.txt", "Some rent was paid.")
    add(library, lease, other)
    found = library.why_not("monthly rent", other, limit=1)
    assert reason(found) is NotUsed.OUTRANKED
    assert (found.rank, found.before[0].passage.document) == (2, str(lease))
    assert found.best is not None
    assert found.best.passage.text == "Some rent was paid."
    assert found.sentence() == (
        "1 passage fits the question better; the best of other.txt is number 2, after lease.txt."
    )


def test_a_file_far_down_is_compared_by_itself(library: Library, folder: Path) -> None:
    many = "\n".join(f"The monthly rent of house {number} is {number} euros." for number in range(120))
    houses, other = (
        write(folder, "houses.txt", many),
        write(folder, "other.txt", "Some rent was paid to a man."),
    )
    add(library, houses, other)
    found = library.why_not("monthly rent of a house", other)
    assert (reason(found), found.rank) == (NotUsed.OUTRANKED, None)
    assert found.best is not None
    assert "houses.txt" in found.sentence()


def test_a_file_with_the_same_text_as_another(library: Library, folder: Path) -> None:
    lease, copy = (
        write(folder, "lease.txt", RENT),
        write(folder, "copy.txt", RENT + "\nAnd no more than that."),
    )
    same = write(folder, "same.txt", RENT)
    add(library, lease, copy, same)
    for path in (copy, same):
        found = library.why_not("monthly rent on the first of each month", path, limit=1)
        assert reason(found) is NotUsed.SAME_TEXT
        assert "lease.txt" in found.sentence()
    [shown] = library.search("monthly rent on the first of each month", limit=1).found
    assert {Path(other.document).name for other in shown.also} == {"copy.txt", "same.txt"}


def test_what_an_answer_used_and_left_out_counts_where_there_is_one(library: Library, folder: Path) -> None:
    lease = write(folder, "lease.txt", RENT)
    add(library, lease, write(folder, "other.txt", "Some rent was paid."))
    found = library.search("monthly rent", limit=2).found
    mine = [one for one in found if one.document == str(lease)]
    others = [one for one in found if one.document != str(lease)]
    assert reason(library.why_not("monthly rent", lease, used=mine)) is NotUsed.USED
    assert reason(library.why_not("monthly rent", lease, used=others, left_out=mine)) is NotUsed.CUT
    assert reason(library.why_not("monthly rent", lease, used=others)) is NotUsed.OUTRANKED
