# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Whole documents: read at once, in parts, too long, stopped, masked, in Korean; which one is meant."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from assistant import chat, whole_parts
from assistant.app import Assistant
from assistant.conversations import StoredMessage
from assistant.documents.catalogue import name_of_conversation
from assistant.engine.client import Engine
from assistant.engine.protocol import EngineSettings
from assistant.errors import ContextFullError, NotFoundError
from assistant.messages import FinishReason, Message, Role
from assistant.opening import open_assistant
from assistant.passages import Passage, Place, PlaceKind
from assistant.paths import Home
from assistant.prompt import Prompt
from assistant.receipts import Receipt
from assistant.tasks import Listed
from assistant.telling import listed, telling
from assistant.whole_prompt import packed
from assistant.whole_words import SENTENCES, by_sentences
from assistant.writing import BETWEEN_PROMPTS, MOST_SEEN, shown_prompts
from tests.assistants import FAKE_ENGINES, SAMPLES, add, ask, share_embedding_model, shown
from tests.fake_engine import FAKE_ENGINE

SMALL = 1024  # tokens of a context window that the lease does not fit
LEASE = SAMPLES / "lease.pdf"


@pytest.fixture(scope="module")
def stocked(tmp_path_factory: pytest.TempPathFactory, embedding_file: Path) -> Iterator[Assistant]:
    """Return an assistant with documents, for all tests of this module."""
    made = Home(tmp_path_factory.mktemp("whole") / "home")
    made.create()
    share_embedding_model(embedding_file, made)
    with open_assistant(made, FAKE_ENGINES) as assistant:
        add(assistant, "lease.pdf", "contract_ko.pdf", "letter.md")
        yield assistant


@pytest.fixture
def maru(stocked: Assistant, tmp_path: Path) -> Iterator[Assistant]:
    yield stocked
    stocked.library.remove(tmp_path)


@pytest.fixture
def model(maru: Assistant) -> Iterator[Callable[..., chat.Parts]]:
    """Return a function that gives the parts of an assistant with another fake model."""
    engines: list[Engine] = []

    def start(name: str = "model", n_ctx: int = 0) -> chat.Parts:
        engines.append(Engine(EngineSettings(Path(f"{name}.gguf"), n_ctx=n_ctx), module=FAKE_ENGINE))
        return chat.Parts(maru.conversations, engines[-1], maru.library, maru.privacy)

    yield start
    for engine in engines:
        engine.close()


def asked(
    parts: chat.Parts, question: str, stop: threading.Event | None = None, **options: object
) -> tuple[list[chat.ChatEvent], StoredMessage]:
    conversation = parts.conversations.create().id
    chosen = replace(chat.Options(), **options)  # type: ignore[arg-type]
    events = list(chat.answer(parts, conversation, question, chosen, stop or threading.Event()))
    answered = events[-1]
    assert isinstance(answered, chat.Answered)
    return events, answered.message


def receipt_of(answer: StoredMessage) -> Receipt:
    assert answer.receipt is not None
    return answer.receipt


def read(answer: StoredMessage) -> list[tuple[str, int, int]]:
    return [(Path(one.document).name, one.parts, one.total) for one in receipt_of(answer).whole]


def parts_read(events: list[chat.ChatEvent]) -> list[tuple[int, int]]:
    return [(one.number, one.total) for one in events if isinstance(one, chat.ReadingPart)]


def test_a_document_that_fits_is_read_whole_and_this_is_said(maru: Assistant) -> None:
    events, answer = ask(maru, "Summarise the lease")
    receipt = receipt_of(answer)
    assert read(answer) == [("lease.pdf", 1, 1)]
    assert receipt.notices == ("The whole of lease.pdf was read (1,456 tokens).",)
    assert chat.Notice(receipt.notices[0]) in events
    for words in ("This Residential Lease Agreement", "Odile Ferrant", "Witness: Ansel Okoro"):
        assert words in receipt.prompt_as_seen, "beginning, middle and end"
    assert receipt.prompt_as_seen.index("Ansel Okoro") < receipt.prompt_as_seen.index("Summarise the lease")
    assert not any(isinstance(event, chat.Sources) for event in events)


def test_a_citation_points_at_the_page_and_only_what_is_cited_is_kept(maru: Assistant) -> None:
    options = replace(maru.starting_options(), whole=(LEASE,))
    _, answer = ask(maru, "echo: The monthly rent is USD 850. Elephants juggle violet umbrellas.", options)
    receipt = receipt_of(answer)
    assert [(one.n, one.passage.place.page) for one in receipt.citations] == [(1, 2)]
    assert len(receipt.passages) == 1
    cited = receipt.citations[0]
    words = maru.library.places(LEASE)[cited.passage.place.ordinal].text
    assert words[cited.quote_start : cited.quote_end] == cited.quote
    start, end = receipt.unsupported[0]
    assert answer.message.content[start:end] == "Elephants juggle violet umbrellas."


def test_the_next_question_about_the_document_begins_with_the_same_words(
    model: Callable[..., chat.Parts],
) -> None:
    maru = model("large")
    _, first = asked(maru, "Summarise the lease")
    conversation, options = first.conversation_id, chat.Options()
    events = chat.answer(maru, conversation, "What is it about?", options, threading.Event(), first.id)
    *_, last = events
    assert isinstance(last, chat.Answered)
    before, now = (receipt_of(one).prompt_as_seen for one in (first, last.message))
    assert now.startswith(before), "what was read, and then the answer and the question"
    assert read(last.message) == [("lease.pdf", 1, 1)], "it is the document of the answer before"


def test_a_document_that_does_not_fit_is_read_in_parts_and_then_together(
    model: Callable[..., chat.Parts],
) -> None:
    events, answer = asked(model(n_ctx=SMALL), "Summarise the lease")
    (_, parts, total), *_ = read(answer)
    assert parts == total > 1
    assert parts_read(events) == [(number, total) for number in range(1, total + 2)]
    assert receipt_of(answer).notices == (f"lease.pdf was read in {total} parts, then together.",)
    seen = receipt_of(answer).prompt_as_seen
    assert seen.count("Notes on lease.pdf, part ") == total
    assert seen.count(BETWEEN_PROMPTS) == total, "what the model saw of each part is shown, too"
    assert "Witness: Ansel Okoro" in seen
    assert answer.finish_reason is FinishReason.STOP


def test_notes_that_do_not_fit_together_are_drawn_together_first(
    model: Callable[..., chat.Parts], maru: Assistant, tmp_path: Path
) -> None:
    book = long_text(tmp_path, 160)
    list(maru.add([book]))
    events, answer = asked(model(n_ctx=512), "Summarise book.md", whole=(book,))
    (number, total) = parts_read(events)[-1]
    assert number == total + 1
    last = receipt_of(answer).prompt_as_seen.split(BETWEEN_PROMPTS)[-1]
    assert 0 < last.count("Notes on book.md") < total
    use = next(event for event in events if isinstance(event, chat.ContextUse))
    assert use.prompt_tokens < 512


def long_text(folder: Path, paragraphs: int) -> Path:
    path = folder / "book.md"
    words = "The wind went over the hills and the sheep stood still under the old trees by the river. " * 3
    path.write_text("\n\n".join(f"In the year {1000 + n} {words}" for n in range(paragraphs)), "utf-8")
    return path


def test_a_link_that_one_part_leaves_open_ends_with_that_part(model: Callable[..., chat.Parts]) -> None:
    question = "Translate the lease into German. echo: kim@example.com [more](http://e.example"
    _, answer = asked(model("large", n_ctx=SMALL), question)
    parts = answer.message.content.split("\n\n")
    assert len(parts) > 1
    assert all(part.startswith("kim@example.com [more](") for part in parts)


def test_what_is_too_long_is_read_as_far_as_can_be_and_the_rest_is_named(
    model: Callable[..., chat.Parts], maru: Assistant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.whole.MOST_PARTS", 3)
    book = long_text(tmp_path, 60)
    list(maru.add([book]))
    _, answer = asked(model(n_ctx=SMALL), "Summarise it", whole=(book,))
    ((_, parts, total),) = read(answer)
    assert (parts, total > 3) == (3, True)
    (said,) = receipt_of(answer).notices
    assert said.startswith(f"book.md is too long: 3 of its {total} parts were read, up to ")


def test_stop_between_parts_ends_it_and_says_how_far_it_came(model: Callable[..., chat.Parts]) -> None:
    maru, stop = model(n_ctx=SMALL), threading.Event()
    conversation = maru.conversations.create().id
    answered = None
    for event in chat.answer(maru, conversation, "Summarise the lease", chat.Options(), stop):
        if isinstance(event, chat.ReadingPart) and event.number == 2:
            stop.set()
        if isinstance(event, chat.Answered):
            answered = event.message
    assert answered is not None
    assert answered.finish_reason is FinishReason.CANCELLED
    total = read(answered)[0][2]
    assert receipt_of(answered).notices == (f"Stopped after 1 of {total} parts.",)
    assert "This Residential Lease Agreement" in receipt_of(answered).prompt_as_seen


def test_personal_data_is_hidden_in_every_part_and_comes_back_in_the_answer(
    model: Callable[..., chat.Parts], maru: Assistant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = tmp_path / "people.md"
    filler = "Nothing else is known of this person, who keeps to the house and the garden. " * 12
    people.write_text(
        "\n\n".join(f"Person {n} is reached at person{n}@example.com. {filler}" for n in range(8)), "utf-8"
    )
    list(maru.add([people]))
    parts = model(n_ctx=SMALL)
    seen: list[str] = []
    stream = parts.engine.stream

    def watched(messages, *rest, **named):  # type: ignore[no-untyped-def]
        seen.append("\n".join(message.content for message in messages))
        return stream(messages, *rest, **named)

    monkeypatch.setattr(parts.engine, "stream", watched)
    events, answer = asked(parts, "Summarise it", whole=(people,))
    assert len(seen) > 2
    assert not any("@example.com" in prompt for prompt in seen)
    assert receipt_of(answer).prompt_as_seen.count(BETWEEN_PROMPTS) == len(seen) - 1
    assert sum("[EMAIL_" in prompt for prompt in seen) == len(seen)
    assert "person0@example.com" in answer.message.content
    assert chat.Masked({"EMAIL": 8}) in events


def test_a_list_is_written_part_by_part_and_completed_by_what_is_found_by_form(
    model: Callable[..., chat.Parts],
) -> None:
    events, answer = asked(model("large", n_ctx=SMALL), "List all dates in the lease")
    ((_, parts, total),) = read(answer)
    assert parts == total > 1
    assert receipt_of(answer).notices == (f"lease.pdf was read in {parts} parts, one after the other.",)
    assert parts_read(events) == [(number, total) for number in range(1, total + 1)]
    for date in ("March 3, 2025", "April 1, 2025", "March 31, 2027", "June 30", "February 2025"):
        assert date in answer.message.content
    lines = [line for line in answer.message.content.splitlines() if line]
    assert len(lines) == len(set(lines))
    assert "Also in the text:" in lines
    assert {one.passage.place.page for one in receipt_of(answer).citations} >= {1, 3, 7}


def test_a_small_model_is_not_asked_for_what_can_be_found_by_form(maru: Assistant) -> None:
    events, answer = ask(maru, "List all amounts in the lease")
    assert answer.finish_reason is FinishReason.QUOTED
    assert "USD 1,700" in answer.message.content
    receipt = receipt_of(answer)
    assert "the model was not asked" in receipt.notices[0]
    assert shown(events) == answer.message.content
    for cited in receipt.citations:
        assert answer.message.content[cited.start : cited.end] == " ".join(cited.quote.split())


def test_a_translation_is_not_judged_by_words_of_the_other_language(model: Callable[..., chat.Parts]) -> None:
    _, answer = asked(model("large"), "Translate letter.md into German")
    receipt = receipt_of(answer)
    assert read(answer) == [("letter.md", 1, 1)]
    assert (receipt.citations, receipt.unsupported) == ((), ())


def test_a_document_named_by_a_word_is_compared_with_one_named_by_its_file(maru: Assistant) -> None:
    _, answer = ask(maru, "Compare the contract with the lease")
    assert sorted(read(answer)) == [("contract_ko.pdf", 1, 1), ("lease.pdf", 1, 1)]


def test_this_is_the_document_that_the_answer_before_rests_on(maru: Assistant) -> None:
    _, first = ask(maru, "How much is the monthly rent?")
    _, answer = ask(maru, "Summarise this document", after=first)
    assert read(answer) == [("lease.pdf", 1, 1)]


def test_candidates_that_are_not_named_are_counted(maru: Assistant, tmp_path: Path) -> None:
    for number in range(9):
        (tmp_path / f"song {number}.md").write_text(
            f"Song {number} is sung at dusk, {number} times.", "utf-8"
        )
    list(maru.add([tmp_path]))
    _, answer = ask(maru, "Summarise the song")
    assert answer.finish_reason is FinishReason.ASKED
    assert answer.message.content.splitlines()[-1] == "- … and 1 other document"


def test_two_documents_are_compared_from_the_whole_of_both(maru: Assistant) -> None:
    _, answer = ask(maru, "Compare the lease and the letter")
    assert read(answer) == [("lease.pdf", 1, 1), ("letter.md", 1, 1)]
    assert "Lumen Language School" in receipt_of(answer).prompt_as_seen


def test_korean_to_a_model_without_korean_quotes_the_most_telling_sentences_of_the_whole(
    maru: Assistant,
) -> None:
    _, compared = ask(maru, "Compare lease.pdf and contract_ko.pdf")
    assert compared.finish_reason is FinishReason.QUOTED, "one of them is in Korean"
    assert "contract_ko.pdf:" in compared.message.content.splitlines()
    for question in ("계약서를 요약해 줘", "Summarise contract_ko.pdf"):
        _, answer = ask(maru, question)
        receipt = receipt_of(answer)
        assert answer.finish_reason is FinishReason.QUOTED
        assert read(answer) == [("contract_ko.pdf", 1, 1)]
        assert {one.passage.place.page for one in receipt.citations} == {1, 2, 3}
        assert len(receipt.notices) == 2
    _, dates = ask(maru, "계약서의 모든 날짜를 나열해 줘")
    assert "2025년 11월 30일" in dates.message.content


def test_a_model_that_knows_korean_reads_a_korean_document_whole(model: Callable[..., chat.Parts]) -> None:
    _, answer = asked(model("large-hangul"), "계약서를 요약해 줘")
    assert answer.finish_reason is FinishReason.STOP
    assert read(answer) == [("contract_ko.pdf", 1, 1)]
    assert "달빛지방법원" in receipt_of(answer).prompt_as_seen


def test_where_it_is_open_which_document_is_meant_maru_asks_and_a_name_answers(maru: Assistant) -> None:
    events, asked_back = ask(maru, "Summarise the document")
    assert asked_back.finish_reason is FinishReason.ASKED
    assert [line for line in shown(events).splitlines() if line.startswith("- ")] == [
        "- contract_ko.pdf",
        "- lease.pdf",
        "- letter.md",
    ]
    _, answer = ask(maru, "the letter, please", after=asked_back)
    assert read(answer) == [("letter.md", 1, 1)]
    assert "Summarise the document" in receipt_of(answer).prompt_as_seen


def test_the_only_document_in_reach_is_meant_by_this(maru: Assistant) -> None:
    options = replace(maru.starting_options(), within=(LEASE,))
    assert read(ask(maru, "What is this about?", options)[1]) == [("lease.pdf", 1, 1)]


@pytest.mark.parametrize(
    "question",
    [
        "3줄 요약",
        "회의록 요약 부탁드립니다",
        "Summarise the annual report, please",
        "Give me the gist, cheers",
    ],
)
def test_the_only_document_in_reach_is_summarised_by_whatever_name(maru: Assistant, question: str) -> None:
    options = replace(maru.starting_options(), within=(LEASE,))
    assert read(ask(maru, question, options)[1]) == [("lease.pdf", 1, 1)]


def test_what_the_only_document_does_not_hold_is_neither_listed_nor_translated(maru: Assistant) -> None:
    options = replace(maru.starting_options(), within=(LEASE,))
    for question in ("List all emperors of the Ming dynasty", "Translate hello friend into French"):
        assert read(ask(maru, question, options)[1]) == []
    assert read(ask(maru, "Summarise what is said about volcanoes", options)[1]) == []
    assert read(ask(maru, "서명한 날짜들을 모두 나열해 줘", options)[1]) == [("lease.pdf", 1, 1)]


def test_a_summary_by_a_name_that_no_document_has_asks_which_one(maru: Assistant) -> None:
    for question in ("Summarise the zeppelin manual", "체펠린 회의록 간단히 요약해 줘"):
        _, answer = ask(maru, question)
        assert answer.finish_reason is FinishReason.ASKED
        assert "- letter.md" in answer.message.content


def test_what_was_dropped_into_the_conversation_is_meant_by_this(maru: Assistant, tmp_path: Path) -> None:
    conversation = maru.conversations.create().id
    recipe = tmp_path / "recipe.md"
    recipe.write_text("Take 3 eggs and stir them for 10 minutes.\n", "utf-8")
    maru.library.filing.catalogue.id_of_conversation(conversation)
    list(maru.add([recipe], name_of_conversation(conversation)))
    question = maru.ask(conversation, "Summarise this", maru.starting_options(), threading.Event())
    *_, answered = question
    assert isinstance(answered, chat.Answered)
    assert read(answered.message) == [("recipe.md", 1, 1)]
    for question in ("Summarise all my documents", "문서를 모두 요약해 줘"):
        *_, answered = maru.ask(conversation, question, maru.starting_options(), threading.Event())
        assert isinstance(answered, chat.Answered)
        assert {name for name, _, _ in read(answered.message)} > {"recipe.md", "lease.pdf", "letter.md"}


def test_a_task_about_what_no_document_holds_is_an_ordinary_question(maru: Assistant) -> None:
    _, answer = ask(maru, "List all emperors of the Ming dynasty")
    assert read(answer) == []


def test_a_file_that_is_named_to_be_read_whole_is_read_whatever_is_asked(maru: Assistant) -> None:
    options = replace(maru.starting_options(), whole=(LEASE,))
    _, answer = ask(maru, "Who is the caretaker?", options)
    assert read(answer) == [("lease.pdf", 1, 1)]
    with pytest.raises(NotFoundError, match=r"other\.pdf is not among your documents"):
        ask(maru, "Who?", replace(options, whole=(SAMPLES / "other.pdf",)))


def test_a_context_too_small_for_any_part_is_said_with_numbers(model: Callable[..., chat.Parts]) -> None:
    with pytest.raises(ContextFullError, match="tokens"):
        asked(model(n_ctx=64), "Summarise the lease")


def test_parts_are_of_one_document_each_and_about_equally_long() -> None:
    page = Place(PlaceKind.PAGE, 0, 1)
    passages = [Passage(name, page, 0, 1, "x") for name in "aaaaaabb"]
    parts = packed(passages, [10] * 8, 40)
    assert [len(part) for part in parts] == [3, 3, 2]
    assert [number for part in parts for number in part] == list(range(8))


def test_of_a_book_the_receipt_keeps_the_first_prompts_and_the_last() -> None:
    prompts = [
        Prompt((Message(Role.USER, f"{number} " + "x" * (MOST_SEEN // 4)),), ()) for number in range(9)
    ]
    shown_of_all = shown_prompts(prompts).split(BETWEEN_PROMPTS)
    assert [one[:7] for one in shown_of_all] == ["user:\n0", "user:\n1", "…", "user:\n8"]
    assert shown_prompts(prompts[:2]).count(BETWEEN_PROMPTS) == 1


def test_no_passage_ends_inside_of_personal_data(monkeypatch: pytest.MonkeyPatch) -> None:
    place = Place(PlaceKind.PAGE, 0, 1)
    words = "The plumber is reached at 010-1234-5678 all day."
    halves = [Passage("a.md", place, 0, 32, words[:32]), Passage("a.md", place, 32, len(words), words[32:])]

    class Halves:
        def passages(self, _path: Path) -> list[Passage]:
            return list(halves)

    found = whole_parts.whole_passages(Halves(), Path("a.md"))  # type: ignore[arg-type]
    assert [one.text for one in found] == ["The plumber is reached at 010-1234-5678", " all day."]
    assert all(words[one.start : one.end] == one.text for one in found)


def test_what_is_listed_by_form_is_written_as_it_stands() -> None:
    text = (
        "Paid on 3 March 2025 and 2025-04-01: EUR 1,200.50, 300 dollars, 1,500원 and 3만 원. Write to a@b.kr."
    )
    passage = Passage("a.md", Place(PlaceKind.PAGE, 0, 1), 0, len(text), text)
    assert [one for one, _ in listed([passage], (Listed.DATES,))] == ["3 March 2025", "2025-04-01"]
    amounts = [one for one, _ in listed([passage], (Listed.AMOUNTS,))]
    assert amounts == ["EUR 1,200.50", "300 dollars", "1,500원", "3만 원"]
    assert [one for one, _ in listed([passage], (Listed.EMAILS,))] == ["a@b.kr"]


def test_as_many_sentences_are_told_of_each_document_as_are_asked_for(maru: Assistant) -> None:
    passages = [*maru.library.passages(LEASE), *maru.library.passages(SAMPLES / "contract_ko.pdf")]
    told = by_sentences(passages, "ko", "두 문서를 두 줄로 비교해줘").words.split("\n\n")
    assert [part.splitlines()[0] for part in told] == ["lease.pdf:", "contract_ko.pdf:"]
    assert [part.count("\n- ") for part in told] == [2, 2]
    assert by_sentences(passages[:9], "en").words.count("- ") == SENTENCES


def test_halves_of_a_sentence_on_two_pages_are_told_only_where_there_is_nothing_else() -> None:
    first = "The rent of the flat is 900 euros a month. The deposit of the flat is 1,800 euros, which the"
    second = "landlord of the flat keeps in a deposit account. The flat has two rooms and a balcony."
    pages = [
        Passage("lease.pdf", Place(PlaceKind.PAGE, number), 0, len(words), words)
        for number, words in enumerate((first, second), 1)
    ]
    assert [spot.text for spot in telling(pages, 2)] == [
        "The rent of the flat is 900 euros a month.",
        "The flat has two rooms and a balcony.",
    ]
    assert [spot.text for spot in telling([replace(pages[0], text=first[43:]), pages[1]], 1)] == [
        "The flat has two rooms and a balcony."
    ]
    assert telling([replace(pages[0], text=first[43:])], 1), "without another one it is told"


def test_telling_sentences_come_from_the_whole_text_in_its_order(maru: Assistant) -> None:
    found = telling(maru.library.passages(LEASE), 6)
    places = [(spot.passage.place.ordinal, spot.passage.start + spot.start) for spot in found]
    assert places == sorted(places)
    assert len({ordinal for ordinal, _ in places}) >= 4


@pytest.mark.real_model
def test_the_starter_reads_a_letter_whole_and_not_again_for_the_next_question(
    real_assistant: Assistant,
) -> None:
    add(real_assistant, "letter.md")
    options = real_assistant.starting_options()
    options = replace(options, sampling=replace(options.sampling, max_tokens=24))
    _, first = ask(real_assistant, "Summarise letter.md", options)
    _, second = ask(real_assistant, "What are the key points of letter.md?", options, first)
    ((_, *parts),) = read(first)
    assert parts == [1, 1]
    assert first.message.content
    (document,) = receipt_of(first).whole
    assert receipt_of(first).timings["cached_tokens"] == 0
    assert receipt_of(second).timings["cached_tokens"] >= document.tokens
