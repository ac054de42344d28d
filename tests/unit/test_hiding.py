# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Policy, vaults and what is allowed, over restarts and from several threads."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from assistant.conversations import MIGRATIONS, ConversationStore
from assistant.database import Database
from assistant.entities import EntityType
from assistant.errors import BlockedError, DatabaseError
from assistant.hiding import OPEN_VAULTS, Privacy
from assistant.messages import FinishReason, Message, Role
from assistant.privacy.policy import OWN, STANDARD, STRICT, Action, Item, Policy, item_of, named

MAIL, PHONE, ADDRESS = "kim@example.com", "010-1234-5678", "203.0.113.7"
NONE: frozenset[Item] = frozenset()


@dataclass
class Person:
    """A person with a policy, whose home can be closed and opened again."""

    path: Path
    policy: Policy = STANDARD
    opened: list[Database] = field(default_factory=list)

    def open(self) -> Privacy:
        database = Database.open(self.path, MIGRATIONS, None)
        self.opened.append(database)
        self.store = ConversationStore(database)
        return Privacy(self.store.vaults, lambda: self.policy)

    def close(self) -> None:
        while self.opened:
            self.opened.pop().close()


@pytest.fixture
def person(tmp_path: Path) -> Iterator[Person]:
    person = Person(tmp_path / "conversations.db")
    yield person
    person.close()


def seen(
    privacy: Privacy,
    conversation: int,
    words: str,
    let_through: frozenset[Item] = NONE,
    kept_back: frozenset[Item] = NONE,
) -> str:
    with privacy.hiding(conversation, "en", let_through, kept_back) as hiding:
        (turn,), _ = hiding.masked([Message(Role.USER, words)])
    return turn.text


def fail_after(privacy: Privacy, conversation: int, words: str) -> None:
    with privacy.hiding(conversation, "en") as hiding:
        hiding.masked([Message(Role.USER, words)])
        raise ZeroDivisionError


def test_a_value_keeps_its_placeholder_over_questions_and_restarts(person: Person) -> None:
    privacy = person.open()
    conversation = person.store.create().id
    assert seen(privacy, conversation, f"{MAIL} lee@example.com") == "[EMAIL_1] [EMAIL_2]"
    assert seen(privacy, conversation, "lee@example.com") == "[EMAIL_2]"
    person.close()
    again = person.open()
    assert seen(again, conversation, "park@example.com lee@example.com") == "[EMAIL_3] [EMAIL_2]"
    assert [kind for _, kind, _ in again.hidden(conversation)] == [EntityType.EMAIL] * 3
    assert again.hidden(conversation)[0] == ("[EMAIL_1]", EntityType.EMAIL, MAIL)


def test_each_conversation_has_a_vault_of_its_own(person: Person) -> None:
    privacy = person.open()
    one, other = person.store.create().id, person.store.create().id
    assert seen(privacy, one, MAIL) == seen(privacy, other, "lee@example.com") == "[EMAIL_1]"
    assert privacy.hidden(other) == [("[EMAIL_1]", EntityType.EMAIL, "lee@example.com")]
    assert privacy.hidden(person.store.create().id) == []


def test_more_conversations_than_are_kept_open_lose_nothing(person: Person) -> None:
    privacy = person.open()
    conversations = [person.store.create().id for _ in range(OPEN_VAULTS + 3)]
    for number, conversation in enumerate(conversations):
        seen(privacy, conversation, f"a{number}@example.com")
    for number, conversation in enumerate(conversations):
        assert seen(privacy, conversation, f"b@example.com a{number}@example.com") == "[EMAIL_2] [EMAIL_1]"


def test_what_was_let_through_stays_so_in_its_conversation_alone(person: Person) -> None:
    privacy = person.open()
    one, other = person.store.create().id, person.store.create().id
    (found,) = privacy.preview(one, MAIL)
    item = item_of(found.entity)
    assert seen(privacy, one, f"{MAIL} {PHONE}", frozenset({item})) == f"{MAIL} [PHONE_1]"
    assert seen(privacy, one, f"Again {MAIL.upper()}") == f"Again {MAIL.upper()}"
    assert [one.action for one in privacy.preview(one, MAIL)] == [Action.IGNORE]
    assert seen(privacy, other, MAIL) == "[EMAIL_1]"
    person.close()
    assert seen(person.open(), one, MAIL) == MAIL


def test_what_was_kept_back_stays_hidden_in_its_conversation_alone(person: Person) -> None:
    privacy = person.open()
    one, other = person.store.create().id, person.store.create().id
    (found,) = privacy.preview(one, ADDRESS)
    assert found.action is Action.WARN
    item = item_of(found.entity)
    assert seen(privacy, one, f"{ADDRESS} 203.0.113.8", NONE, frozenset({item})) == "[IP_1] 203.0.113.8"
    assert [one.action for one in privacy.preview(one, ADDRESS)] == [Action.MASK]
    assert seen(privacy, other, ADDRESS) == ADDRESS
    person.close()
    privacy = person.open()
    assert privacy.kept_back(one) == {item}
    assert privacy.kept_back(other) == frozenset()
    assert seen(privacy, one, f"from {ADDRESS}") == "from [IP_1]"


def test_of_keeping_back_and_letting_through_the_later_holds(person: Person) -> None:
    privacy = person.open()
    one = person.store.create().id
    item = frozenset({(EntityType.IP, ADDRESS)})
    assert seen(privacy, one, ADDRESS, NONE, item) == "[IP_1]"
    assert seen(privacy, one, ADDRESS, item) == ADDRESS
    person.close()
    privacy = person.open()
    assert seen(privacy, one, ADDRESS) == ADDRESS
    assert seen(privacy, one, ADDRESS, NONE, item) == "[IP_1]"
    person.close()
    assert seen(person.open(), one, ADDRESS) == "[IP_1]"


def test_what_is_not_personal_is_shown_although_it_was_kept_back(person: Person) -> None:
    privacy = person.open()
    one = person.store.create().id
    (found,) = privacy.preview(one, ADDRESS)
    seen(privacy, one, ADDRESS, NONE, frozenset({item_of(found.entity)}))
    privacy.allow(found.entity)
    assert seen(privacy, one, ADDRESS) == ADDRESS


def test_what_is_not_personal_is_shown_everywhere_until_it_is_taken_back(person: Person) -> None:
    privacy = person.open()
    one = person.store.create().id
    (found,) = privacy.preview(None, "help@example.com")
    privacy.allow(found.entity)
    assert seen(privacy, one, f"help@example.com {MAIL}") == "help@example.com [EMAIL_1]"
    person.close()
    privacy = person.open()
    assert privacy.allowed() == [(EntityType.EMAIL, "help@example.com")]
    assert seen(privacy, one, "help@example.com") == "help@example.com"
    privacy.disallow(privacy.allowed()[0])
    assert privacy.allowed() == []
    assert seen(privacy, one, "help@example.com") == "[EMAIL_2]"


def test_the_preview_says_what_will_be_done_and_keeps_nothing(person: Person) -> None:
    privacy = person.open()
    conversation = person.store.create().id
    person.policy = named(OWN, {"EMAIL": "warn", "CARD": "block"})
    words = f"{MAIL}, {PHONE}, 4111 1111 1111 1111"
    found = privacy.preview(conversation, words)
    assert [one.action for one in found] == [Action.WARN, Action.MASK, Action.BLOCK]
    assert [words[one.entity.start : one.entity.end] for one in found] == words.split(", ")
    assert privacy.hidden(conversation) == []


def test_the_preview_knows_what_was_hidden_before(person: Person) -> None:
    person.policy = STRICT
    privacy = person.open()
    conversation = person.store.create().id
    with privacy.hiding(conversation, "ko") as hiding:
        hiding.vault.placeholder(EntityType.PERSON, "김민수")
    words = f"{MAIL} 김민수는요?"
    found = privacy.preview(conversation, words)
    assert [words[one.entity.start : one.entity.end] for one in found] == [MAIL, "김민수"]
    assert all(one.action is Action.MASK for one in found)
    assert seen(privacy, conversation, words) == "[이메일_1] [이름_1]는요?"
    person.policy = STANDARD
    assert "김민수" not in [
        one.entity.text for one in privacy.preview(conversation, words) if one.action is Action.MASK
    ]


BEGUN = "제 번호는 010-1234-"


def test_the_preview_shows_what_completes_a_value_of_the_message_before(person: Person) -> None:
    privacy = person.open()
    conversation = person.store.create().id
    question = person.store.add_question(conversation, None, BEGUN)
    answer = person.store.start_answer(conversation, question.id)
    person.store.finish_answer(answer.id, "그다음은요?", FinishReason.STOP, None)
    words = "5678입니다"
    (rest,) = privacy.preview(conversation, words)
    assert (words[rest.entity.start : rest.entity.end], rest.entity.text) == ("5678", PHONE)
    assert (rest.entity.entity_type, rest.action) == (EntityType.PHONE, Action.MASK)
    assert privacy.preview(None, words) == privacy.preview(person.store.create().id, words) == []
    turns = [Message(Role.USER, BEGUN), Message(Role.ASSISTANT, "그다음은요?"), Message(Role.USER, words)]
    with privacy.hiding(conversation, "en") as hiding:
        said, _ = hiding.masked(turns)
    assert [one.text for one in said][::2] == ["제 번호는 [PHONE_1]", "[PHONE_1]입니다"], "and so it is sent"
    shown = frozenset({item_of(rest.entity)})
    with privacy.hiding(conversation, "en", shown) as hiding:
        said, _ = hiding.masked(turns)
    assert said[-1].text == words
    assert privacy.preview(conversation, words) == []


def test_the_preview_looks_at_the_branch_that_is_open_and_at_its_last_question_alone(person: Person) -> None:
    privacy = person.open()
    conversation = person.store.create().id
    first = person.store.add_question(conversation, None, BEGUN)
    other = person.store.add_question(conversation, None, "안녕하세요")
    assert privacy.preview(conversation, "5678입니다") == []
    person.store.choose(first.id)
    assert len(privacy.preview(conversation, "5678입니다")) == 1
    person.store.choose(other.id)
    assert privacy.preview(conversation, "5678입니다") == []


def test_what_completes_a_value_is_told_once_beside_what_is_known(person: Person) -> None:
    privacy = person.open()
    conversation = person.store.create().id
    seen(privacy, conversation, MAIL)
    person.store.add_question(conversation, None, BEGUN)
    words = f"5678, {MAIL}"
    found = privacy.preview(conversation, words)
    assert [words[one.entity.start : one.entity.end] for one in found] == ["5678", MAIL]


def test_a_long_text_of_one_conversation_keeps_no_other_waiting(person: Person) -> None:
    privacy = person.open()
    one, other = person.store.create().id, person.store.create().id
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with privacy.hiding(one, "en") as hiding:
            hiding.masked([Message(Role.USER, MAIL)])
            held.set()
            assert done.wait(10)

    thread = threading.Thread(target=hold)
    thread.start()
    try:
        assert held.wait(10)
        asked = threading.Thread(target=seen, args=(privacy, other, PHONE))
        asked.start()
        asked.join(5)
        assert not asked.is_alive()
        assert [kind for _, kind, _ in privacy.hidden(other)] == [EntityType.PHONE]
        assert privacy.hidden(one) == []
        second = threading.Thread(target=seen, args=(privacy, one, "lee@example.com"))
        second.start()
        second.join(0.05)
        assert second.is_alive(), (
            "the same conversation waits: its placeholders are given one after the other"
        )
    finally:
        done.set()
        thread.join()
    second.join()
    assert [name for name, *_ in privacy.hidden(one)] == ["[EMAIL_1]", "[EMAIL_2]"]


def test_what_is_never_to_be_sent_is_refused_with_its_kinds(person: Person) -> None:
    privacy = person.open()
    conversation = person.store.create().id
    person.policy = named(OWN, {"CARD": "block", "EMAIL": "block"})
    words = f"{MAIL} pays by 4111 1111 1111 1111, {PHONE}"
    with pytest.raises(BlockedError) as refused:
        privacy.check(conversation, words, NONE)
    assert "E-mail address, Card number" in str(refused.value)
    assert "4111" not in str(refused.value)
    privacy.check(conversation, PHONE, NONE)
    both = frozenset(item_of(one.entity) for one in privacy.preview(conversation, words))
    privacy.check(conversation, words, both)
    assert seen(privacy, conversation, words) == "[EMAIL_1] pays by [CARD_1], [PHONE_1]", "masked where it is"


def test_what_could_not_be_kept_is_not_used(person: Person) -> None:
    privacy = person.open()
    conversation = person.store.create().id
    seen(privacy, conversation, MAIL)
    with pytest.raises(ZeroDivisionError):
        fail_after(privacy, conversation, "lee@example.com")
    assert seen(privacy, conversation, "park@example.com") == "[EMAIL_2]"
    person.close()
    assert seen(person.open(), conversation, f"{MAIL} park@example.com") == "[EMAIL_1] [EMAIL_2]"


def test_a_damaged_vault_is_told_and_not_overwritten(person: Person) -> None:
    privacy = person.open()
    conversation = person.store.create().id
    person.store.vaults.save(conversation, "{")
    with pytest.raises(DatabaseError, match="damaged"):
        seen(privacy, conversation, MAIL)
    assert person.store.vaults.load(conversation) == "{"


def test_a_deleted_conversation_is_forgotten_and_can_be_brought_back(person: Person) -> None:
    privacy = person.open()
    conversation = person.store.create().id
    seen(privacy, conversation, MAIL)
    person.store.delete(conversation)
    privacy.forget(conversation)
    person.store.undelete(conversation)
    assert seen(privacy, conversation, f"lee@example.com {MAIL}") == "[EMAIL_2] [EMAIL_1]"
    person.store.delete(conversation)
    privacy.forget(conversation)
    person.store.purge_deleted()
    assert privacy.hidden(conversation) == []


def test_two_questions_at_once_never_share_a_placeholder(person: Person) -> None:
    privacy = person.open()
    conversation = person.store.create().id

    def ask(number: int) -> None:
        for n in range(20):
            seen(privacy, conversation, f"n{number}x{n}@example.com")

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    hidden = privacy.hidden(conversation)
    assert len({value for *_, value in hidden}) == len({name for name, *_ in hidden}) == 80
    person.close()
    assert person.open().hidden(conversation) == hidden
