# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Conversations: a tree of messages that is found again, undone, and never lost."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.conversations import MIGRATIONS, ConversationStore
from assistant.database import Database
from assistant.errors import NotFoundError
from assistant.messages import FinishReason, Role
from assistant.passages import Citation, Passage, Place, PlaceKind
from assistant.receipts import Receipt


class Clock:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        self.now += 1.0
        return self.now


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database.open(tmp_path / "conversations.db", MIGRATIONS, None)
    yield database
    database.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(database: Database, clock: Clock) -> ConversationStore:
    return ConversationStore(database, clock)


def exchange(
    store: ConversationStore, conversation: int, question: str, answer: str, parent: int | None
) -> int:
    asked = store.add_question(conversation, parent, question)
    started = store.start_answer(conversation, asked.id)
    return store.finish_answer(started.id, answer, FinishReason.STOP, Receipt()).id


def shown(store: ConversationStore, conversation: int, leaf: int | None = None) -> list[str]:
    return [one.message.content for one in store.branch(conversation, leaf)]


def test_a_question_and_its_answer_form_the_branch(store: ConversationStore) -> None:
    conversation = store.create().id
    passage = Passage("/lease.pdf", Place(PlaceKind.PAGE, 1, 2), 0, 3, "850")
    receipt = Receipt(passages=(passage,), citations=(Citation(1, 0, 3, passage, "850", 0, 3, 1.0),))
    asked = store.add_question(conversation, None, "How much is the rent?")
    started = store.start_answer(conversation, asked.id)
    assert started.finish_reason is None
    finished = store.finish_answer(started.id, "850 euros.", FinishReason.STOP, receipt)
    assert store.branch(conversation) == [asked, finished]
    assert [one.message.role for one in (asked, finished)] == [Role.USER, Role.ASSISTANT]
    assert finished.receipt == receipt
    assert asked.receipt is None
    assert store.message(finished.id) == finished


def test_a_new_conversation_has_no_messages(store: ConversationStore) -> None:
    assert store.branch(store.create().id) == []


def test_an_edited_question_is_a_branch_beside_the_first(store: ConversationStore) -> None:
    conversation = store.create().id
    first = exchange(store, conversation, "one", "answer one", None)
    exchange(store, conversation, "more", "answer more", first)
    exchange(store, conversation, "two", "answer two", None)
    assert shown(store, conversation) == ["two", "answer two"]
    edited = store.branch(conversation)[0]
    assert (edited.version, edited.versions) == (2, 2)
    store.choose(store.siblings(edited.id)[0])
    assert shown(store, conversation) == ["one", "answer one", "more", "answer more"]
    assert [(one.version, one.versions) for one in store.branch(conversation)] == [
        (1, 2),
        (1, 1),
        (1, 1),
        (1, 1),
    ]


def test_an_answer_given_again_is_a_version_of_the_first(store: ConversationStore) -> None:
    conversation = store.create().id
    first = exchange(store, conversation, "why", "because", None)
    question = store.message(first).parent_id
    assert question is not None
    again = store.start_answer(conversation, question)
    assert store.siblings(again.id) == [first, again.id]
    assert (again.version, again.versions) == (2, 2)
    assert shown(store, conversation, first) == ["why", "because"]


def test_first_questions_of_other_conversations_are_no_siblings(store: ConversationStore) -> None:
    one, two = store.create().id, store.create().id
    exchange(store, one, "a", "b", None)
    assert store.add_question(two, None, "c").versions == 1


def test_the_chosen_branch_is_kept(database: Database, store: ConversationStore) -> None:
    conversation = store.create().id
    first = exchange(store, conversation, "one", "answer one", None)
    exchange(store, conversation, "two", "answer two", None)
    store.choose(first)
    assert shown(ConversationStore(database), conversation) == ["one", "answer one"]


def test_an_answer_that_a_crash_cut_off_is_marked_and_kept(
    database: Database, store: ConversationStore
) -> None:
    conversation = store.create().id
    asked = store.add_question(conversation, None, "how?")
    started = store.start_answer(conversation, asked.id)
    store.save_partial(started.id, "half of the explanation")
    reopened = ConversationStore(database)
    kept = reopened.branch(conversation)[-1]
    assert kept.finish_reason is FinishReason.FAILED
    assert kept.message.content == "half of the explanation"
    assert [hit.message_id for hit in reopened.search("explanation")] == [kept.id]
    assert store.branch(conversation)[0].finish_reason is None


def test_a_finished_answer_is_not_overwritten_by_a_late_partial(store: ConversationStore) -> None:
    conversation = store.create().id
    answer = exchange(store, conversation, "q", "whole answer", None)
    store.save_partial(answer, "whole ans")
    assert store.message(answer).message.content == "whole answer"


def test_conversations_are_listed_by_their_last_change(store: ConversationStore) -> None:
    ids = [store.create(name).id for name in ("a", "b", "c")]
    store.add_question(ids[0], None, "new")
    assert [one.title for one in store.all()] == ["a", "c", "b"]
    assert [one.title for one in store.all(limit=1)] == ["a"]


def test_the_first_question_gives_the_title_once(store: ConversationStore) -> None:
    conversation = store.create().id
    answer = exchange(store, conversation, "  월세는\n얼마인가요? ", "850", None)
    store.add_question(conversation, answer, "and the deposit?")
    assert store.get(conversation).title == "월세는 얼마인가요?"
    assert store.rename(conversation, "Lease").title == "Lease"


def test_a_long_first_question_is_cut_at_a_word(store: ConversationStore) -> None:
    conversation = store.create().id
    store.add_question(conversation, None, "word " * 40)
    title = store.get(conversation).title
    assert title == "word " * 11 + "word…"


def test_delete_can_be_undone(store: ConversationStore) -> None:
    conversation = store.create().id
    exchange(store, conversation, "secret plan", "fine", None)
    store.delete(conversation)
    assert store.all() == []
    assert store.search("secret") == []
    with pytest.raises(NotFoundError):
        store.get(conversation)
    with pytest.raises(NotFoundError):
        store.add_question(conversation, None, "more")
    assert store.undelete(conversation).title == "secret plan"
    assert len(store.search("secret")) == 1


def test_purge_removes_what_was_deleted_long_enough_ago(store: ConversationStore, clock: Clock) -> None:
    old, new, kept = (store.create(name).id for name in ("old", "new", "kept"))
    store.delete(old)
    clock.now += 100
    store.delete(new)
    assert store.purge_deleted(older_than_s=50) == 1
    with pytest.raises(NotFoundError):
        store.undelete(old)
    assert store.undelete(new).id == new
    assert store.purge_deleted() == 0
    assert store.get(kept).id == kept


def test_what_was_purged_is_gone_from_the_file(database: Database, store: ConversationStore) -> None:
    secret = store.create().id
    exchange(store, secret, "zebrafish " * 500, "임대차계약서 " * 500, None)
    kept = store.create().id
    exchange(store, kept, "harmless", "words", None)
    store.delete(secret)
    store.purge_deleted()
    database.close()
    written = b"".join(path.read_bytes() for path in database.path.parent.glob("conversations.db*"))
    assert b"harmless" in written
    assert b"zebrafish" not in written
    assert "임대".encode() not in written


@pytest.mark.parametrize(
    "words", ["계약", "계약서", "보증금", "DEPOSIT", "deposits", "AB-1234", "임대차 deposit"]
)
def test_search_finds_words_in_questions_and_answers(store: ConversationStore, words: str) -> None:
    conversation = store.create().id
    exchange(store, conversation, "Where is AB-1234?", "임대차계약서에 보증금(deposit AB-1234)이 있다", None)
    other = store.create().id
    exchange(store, other, "무엇을 먹을까", "rice", None)
    assert {hit.conversation_id for hit in store.search(words)} == {conversation}


def test_a_hit_shows_the_words_in_their_surroundings(store: ConversationStore) -> None:
    conversation = store.create("Holidays").id
    exchange(store, conversation, "hm", "start " * 100 + "the needle in it " + "end " * 100, None)
    (hit,) = store.search("needles")
    assert hit.title == "Holidays"
    assert "the needle in it" in hit.excerpt
    assert hit.excerpt.startswith("…")
    assert hit.excerpt.endswith("…")
    assert len(hit.excerpt) < 130


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("진단서", "여기 진 단 서 한 통"),
        ("진 단 서", "진행 중 진단서 한 통"),
        ("홍길동", "성명: 홍 길 동"),
        ("email", "an e-mail from me"),
        ("e-mail", "see my email now"),
        ("01023456789", "Tel +82-10-2345-6789"),
        ("+82 10-2345-6789", "call 82, then 010-2345-6789"),
        ("CAFE", "the café here"),
        ("보증금", "보증금을 낸다"),
    ],
)
def test_a_hit_shows_what_is_written_otherwise_in_its_surroundings(
    store: ConversationStore, words: str, said: str
) -> None:
    conversation = store.create().id
    exchange(store, conversation, "hm", "start " * 100 + said + " end" * 100, None)
    other = store.create().id
    exchange(store, other, "무엇을 먹을까", "진하고 단 것, the mail, 2345 6789", None)
    (hit,) = store.search(words)
    assert said in hit.excerpt


def test_search_finds_titles(store: ConversationStore) -> None:
    conversation = store.create().id
    answer = exchange(store, conversation, "q", "a", None)
    store.rename(conversation, "우리집 계약")
    (hit,) = store.search("계약")
    assert hit.message_id == store.message(answer).parent_id


@pytest.mark.parametrize("words", ["", " ", "-", '"'])
def test_search_for_nothing_finds_nothing(store: ConversationStore, words: str) -> None:
    assert store.search(words) == []


def test_what_is_not_there_is_said(store: ConversationStore) -> None:
    conversation, other = store.create().id, store.create().id
    asked = store.add_question(conversation, None, "q")
    for wrong in (
        lambda: store.get(99),
        lambda: store.rename(99, "x"),
        lambda: store.delete(99),
        lambda: store.branch(99),
        lambda: store.branch(other, asked.id),
        lambda: store.message(99),
        lambda: store.choose(99),
        lambda: store.add_question(99, None, "q"),
        lambda: store.add_question(conversation, asked.id, "a question below a question"),
        lambda: store.start_answer(other, asked.id),
        lambda: store.finish_answer(asked.id, "a question is no answer", FinishReason.STOP),
    ):
        with pytest.raises(NotFoundError):
            wrong()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(words=st.text())
def test_any_text_is_kept_to_the_letter(store: ConversationStore, words: str) -> None:
    conversation = store.create("t").id
    assert store.add_question(conversation, None, words).message.content == words
    assert shown(store, conversation) == [words]


def test_half_a_character_does_not_stop_a_question(store: ConversationStore) -> None:
    assert store.add_question(store.create().id, None, "a\ud83db").message.content == "a?b"


def test_looking_from_another_process_leaves_an_answer_in_progress(
    database: Database, store: ConversationStore
) -> None:
    conversation = store.create().id
    started = store.start_answer(conversation, store.add_question(conversation, None, "q").id)
    looking = Database.open(database.path, MIGRATIONS, None, own=False)
    assert ConversationStore(looking).message(started.id).finish_reason is None
    looking.close()
