# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What Maru says itself of whole documents: which one is meant, what they hold by form, what tells most."""

from collections.abc import Callable, Sequence
from itertools import groupby
from pathlib import Path

from assistant.messages import FinishReason
from assistant.own_words import Quoting, Said
from assistant.passages import Passage
from assistant.task_words import lines_wanted
from assistant.tasks import Listed
from assistant.telling import listed, telling
from assistant.texts import text, textn

WHICH = text("Which document do you mean? Answer with its name:")
ALSO = text("Also in the text:")
NOTHING = text("Nothing of that kind stands in it.")
NO_AMOUNTS = text("No amounts with a currency were found in it.")
WITH_CURRENCY = text("Amounts are listed where a currency stands beside them or in the head of their column.")
BY_FORM = text("Found by how it is written, in the whole text; the model was not asked.")
BY_SENTENCES = text("The model was not asked: these sentences of the whole text tell most of what it says.")
SENTENCES = 7
"""Sentences that stand for one document where nobody asks for a number; of several each has fewer."""

KOREAN_SHARE = 0.3
"""Share of Hangul among the letters from which a text counts as Korean."""


def which(candidates: Sequence[Path], more: int, language: str) -> Said:
    """Return the question back: which of these documents, and `more` that are not named, is meant."""
    names = [one.name for one in candidates]
    shown = [
        one.name if names.count(one.name) == 1 else str(Path(one.parent.name) / one.name)
        for one in candidates
    ]
    lines = [WHICH.in_language(language), *(f"- {name}" for name in shown)]
    if more:
        others = textn("… and {n} other document", "… and {n} other documents", more)
        lines.append(f"- {others.in_language(language)}")
    return Said("\n".join(lines), FinishReason.ASKED, passages=())


def by_form(passages: Sequence[Passage], kinds: Sequence[Listed], language: str) -> Said:
    """Return the list of what is found by its form, each with the sentence it stands in, cited."""
    answer, documents = Quoting(), _by_document(passages)
    for name, of_one in documents:
        if len(documents) > 1:
            answer.heading(f"{name}:")
        found = listed(of_one, kinds)
        for shown, spot in found:
            answer.quote(spot.passage, spot.start, spot.end, shown)
        if not found:
            answer.line((NO_AMOUNTS if Listed.AMOUNTS in kinds else NOTHING).in_language(language))
    notices = (BY_FORM, WITH_CURRENCY) if Listed.AMOUNTS in kinds else (BY_FORM,)
    return _said(answer, *(words.in_language(language) for words in notices))


def by_sentences(passages: Sequence[Passage], language: str, asked: str = "") -> Said:
    """Return the sentences that tell most of each document, cited; as many as were asked for."""
    answer, documents = Quoting(), _by_document(passages)
    each = lines_wanted(asked) or max(2, SENTENCES // len(documents))
    for name, of_one in documents:
        if len(documents) > 1:
            answer.heading(f"{name}:")
        for spot in telling(of_one, each):
            answer.quote(spot.passage, spot.start, spot.end)
    return _said(answer, BY_SENTENCES.in_language(language))


def missing(passages: Sequence[Passage], kinds: Sequence[Listed], language: str) -> Callable[[str], str]:
    """Return what gives, for a finished answer, the things found by form that it lacks, as lines."""
    found = listed(passages, kinds) if kinds else []

    def lines(answer: str) -> str:
        said = _bare(answer)
        more = [f"- {shown}: {spot.text}" for shown, spot in found if _bare(shown) not in said]
        return "\n\n" + "\n".join([ALSO.in_language(language), *more]) if more else ""

    return lines


def notes_of(passages: Sequence[Passage], count: int) -> str:
    """Return the sentences that stand for a part of which a model could say nothing."""
    return "\n".join(spot.text for spot in telling(passages, count))


def in_korean(passages: Sequence[Passage]) -> bool:
    """Say whether one of the documents is written in Korean."""
    return any(_mostly_korean(of_one) for _, of_one in _by_document(passages))


def _mostly_korean(passages: Sequence[Passage]) -> bool:
    letters = [letter for passage in passages for letter in passage.text if letter.isalpha()]
    korean = sum("가" <= letter <= "힣" for letter in letters)
    return korean > KOREAN_SHARE * len(letters)


def _said(answer: Quoting, *notices: str) -> Said:
    return Said(
        words=answer.words,
        reason=FinishReason.QUOTED,
        citations=tuple(answer.citations),
        notices=notices,
        passages=tuple(answer.passages),
    )


def _by_document(passages: Sequence[Passage]) -> list[tuple[str, list[Passage]]]:
    grouped = groupby(passages, key=lambda passage: passage.document)
    return [(Path(document).name, list(of_one)) for document, of_one in grouped]


def _bare(words: str) -> str:
    return "".join(words.lower().split())
