# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""`maru search`: passages without the chat model, why they rank, and why a file was not used."""

import json
import shutil
from pathlib import Path

import pytest

from assistant.documents import dense
from assistant.paths import Home
from tests.assistants import SAMPLES
from tests.terminal import Terminal

PASSAGE_KEYS = {"document", "page", "place", "start", "end", "text", "score", "recognized", "also", "why"}
WHY_KEYS = {
    "words", "words_rank", "cosine", "cosine_rank", "of_words", "of_meaning", "terms", "missing", "reranked",
}  # fmt: skip


def test_search_gives_passages_best_first(stocked: Terminal) -> None:
    ran = stocked("search", "monthly rent", "--json")
    assert ran.code == 0
    assert all(set(passage) == PASSAGE_KEYS for passage in ran.json)
    scores = [passage["score"] for passage in ran.json]
    assert scores == sorted(scores, reverse=True)
    best = ran.json[0]
    assert (Path(best["document"]).name, best["page"], best["place"]) == ("lease.pdf", 2, "page 2")
    assert best["end"] - best["start"] == len(best["text"])
    assert len(stocked("search", "monthly rent", "--limit", "1", "--json").json) == 1


def test_search_finds_a_korean_word_of_two_syllables(stocked: Terminal) -> None:
    best = stocked("search", "잔금", "--limit", "1", "--json").json[0]
    assert Path(best["document"]).name == "contract_ko.pdf"
    assert "잔금" in best["text"]


def test_search_for_people_numbers_the_passages(stocked: Terminal) -> None:
    ran = stocked("search", "monthly rent", "--limit", "2")
    assert ran.out.startswith("[1] ")
    assert "lease.pdf, page 2\n" in ran.out
    assert "\n[2] " in ran.out


def test_search_in_an_empty_library_finds_nothing(maru: Terminal) -> None:
    assert maru("search", "anything", "--json").json == []
    ran = maru("search", "anything")
    assert (ran.code, ran.out) == (0, "")
    assert "Nothing was found." in ran.err


def test_a_batch_of_searches_gives_a_line_each(stocked: Terminal, tmp_path: Path) -> None:
    questions = tmp_path / "questions.jsonl"
    entries = [{"id": "a", "question": "monthly rent"}, {"id": 7, "question": "잔금", "document": "ignored"}]
    questions.write_text("\n".join(map(json.dumps, entries)), encoding="utf-8")
    lines = stocked("search", "--batch", questions, "--limit", "3", "--json").lines
    assert [line["id"] for line in lines] == ["a", 7]
    assert all(set(line) == {"id", "passages"} and line["passages"] for line in lines)


def test_a_wrong_line_of_a_batch_is_named(maru: Terminal, tmp_path: Path) -> None:
    questions = tmp_path / "questions.jsonl"
    questions.write_text('{"id": 1, "question": "x"}\n{"id": 2}\n', encoding="utf-8")
    ran = maru("search", "--batch", questions, "--json")
    assert ran.code == 2
    assert "Line 2 of questions.jsonl" in ran.json["message"]


@pytest.mark.parametrize(
    "arguments", [[], [""], [" "], ["x", "--limit", "0"], ["x", "--limit", "many"], ["x", "--loud"]]
)
def test_search_used_wrongly_exits_with_2(maru: Terminal, arguments: list[str]) -> None:
    ran = maru("search", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert len(ran.err.splitlines()) == 2


def test_search_gives_both_scores_and_the_words_that_stand_there(stocked: Terminal) -> None:
    why = stocked("search", "how much is the monthly rent of a castle", "--json").json[0]["why"]
    assert set(why) == WHY_KEYS
    assert why["words_rank"] == 1
    assert 0 < why["words"] <= 1
    assert {"monthly", "rent"} <= set(why["terms"])
    assert why["missing"] == ["castle"]


def test_explain_says_why_for_people(stocked: Terminal) -> None:
    ran = stocked("search", "monthly rent", "--limit", "1", "--explain")
    assert "by words" in ran.out
    assert "found: monthly rent" in ran.out


def test_explain_says_that_the_index_is_being_made_again(
    stocked_home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home(shutil.copytree(stocked_home.root, tmp_path / "home"))
    shutil.rmtree(home.index / "chroma")
    monkeypatch.setattr(dense, "AT_ONCE", 0)  # as with an index that is not filled within one question
    maru = Terminal(home.root, capsys)
    ran = maru("search", "monthly rent", "--explain")
    assert "being made again; until then vectors are compared one by one" in ran.err
    monkeypatch.setattr(dense, "COMPARED_AT_MOST", 0)
    ran = maru("search", "monthly rent")
    assert "lease.pdf" in ran.out
    assert "Text only" in ran.err


def test_a_file_that_was_not_used_is_explained(stocked: Terminal, tmp_path: Path) -> None:
    contract = SAMPLES / "contract_ko.pdf"
    asked = stocked("search", "monthly rent", "--limit", "1", "--why", contract, "--json").json
    assert asked["reason"] in ("outranked", "nothing_in_common")
    assert asked["before"][0]["document"].endswith("lease.pdf")
    assert "contract_ko.pdf" in asked["sentence"]
    assert stocked("search", "monthly rent", "--why", SAMPLES / "lease.pdf").out == "lease.pdf was used.\n"
    gone = stocked("search", "monthly rent", "--why", tmp_path / "gone.pdf", "--json").json
    assert gone["reason"] == "not_indexed"


def test_why_asks_about_one_question(maru: Terminal, tmp_path: Path) -> None:
    assert maru("search", "--batch", tmp_path / "x.jsonl", "--why", tmp_path).code == 2
