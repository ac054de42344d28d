# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Exports of other programs: their trees become ours, and nothing that was said is lost."""

from typing import Any

import pytest

from assistant.chat_exports import Unread, transcripts_of
from assistant.errors import DocumentError
from assistant.messages import Role
from assistant.transcripts import Node, Transcript, turns_of

UNDATED = 1_800_000_000.0


def chatgpt_node(
    key: str, parent: str | None, role: str, *parts: object, at: float | None = None
) -> dict[str, Any]:
    message = {
        "author": {"role": role},
        "create_time": at,
        "content": {"content_type": "text", "parts": list(parts)},
    }
    return {"id": key, "parent": parent, "children": [], "message": message}


def chatgpt(*nodes: dict[str, Any], current: str | None = None) -> dict[str, Any]:
    root = {"id": "root", "parent": None, "message": None}
    return {
        "title": "A lease",
        "create_time": 1700000000.5,
        "update_time": 1700000100.0,
        "mapping": {node["id"]: node for node in (root, *nodes)},
        "current_node": current,
    }


def only(found: Any) -> Transcript:
    (one,) = transcripts_of(found, UNDATED)
    assert isinstance(one, Transcript)
    return one


def said(transcript: Transcript) -> list[tuple[str, str, int | None]]:
    return [(turn.role.value, turn.content, turn.parent) for turn in transcript.turns]


def test_a_conversation_of_chatgpt_keeps_title_times_and_words() -> None:
    one = only(
        [
            chatgpt(
                chatgpt_node("s", "root", "system", ""),
                chatgpt_node("q", "s", "user", "월세는 얼마인가요?", at=1700000010),
                chatgpt_node("a", "q", "assistant", "850파운드입니다.", at=1700000020),
                current="a",
            )
        ]
    )
    assert (one.title, one.created, one.updated) == ("A lease", 1700000000.5, 1700000100.0)
    assert said(one) == [("user", "월세는 얼마인가요?", None), ("assistant", "850파운드입니다.", 0)]
    assert [turn.created for turn in one.turns] == [1700000010, 1700000020]
    assert one.leaf == 1


def test_an_edited_question_is_a_branch_and_the_current_one_stays_current() -> None:
    one = only(
        [
            chatgpt(
                chatgpt_node("q1", "root", "user", "first"),
                chatgpt_node("a1", "q1", "assistant", "one"),
                chatgpt_node("q2", "root", "user", "second"),
                chatgpt_node("a2", "q2", "assistant", "two"),
                current="a1",
            )
        ]
    )
    assert said(one) == [
        ("user", "first", None),
        ("assistant", "one", 0),
        ("user", "second", None),
        ("assistant", "two", 2),
    ]
    assert one.leaf == 1


def test_tools_and_hidden_messages_are_passed_over_and_pictures_leave_the_words() -> None:
    hidden = chatgpt_node("h", "root", "user", "instructions of the program")
    hidden["message"]["metadata"] = {"is_visually_hidden_from_conversation": True}
    code = chatgpt_node("c", "q", "assistant", "print(1)")
    code["message"]["content"] = {"content_type": "code", "text": "print(1)"}
    one = only(
        [
            chatgpt(
                hidden,
                chatgpt_node("q", "h", "user", {"asset_pointer": "file://x"}, "what is this?"),
                code,
                chatgpt_node("t", "c", "tool", "1"),
                chatgpt_node("a", "t", "assistant", "a one"),
            )
        ]
    )
    assert said(one) == [("user", "what is this?", None), ("assistant", "a one", 0)]


def spoken(key: str, parent: str, role: str, words: object) -> dict[str, Any]:
    one = chatgpt_node(key, parent, role, {"content_type": "audio_transcription", "text": words})
    one["message"]["content"]["content_type"] = "multimodal_text"
    return one


def test_what_was_spoken_comes_as_it_was_written_down() -> None:
    one = only([chatgpt(spoken("q", "root", "user", "how much?"), spoken("a", "q", "assistant", "850"))])
    assert said(one) == [("user", "how much?", None), ("assistant", "850", 0)]


def test_where_something_was_said_and_no_words_came_that_is_told() -> None:
    picture = chatgpt_node("q", "root", "user", {"asset_pointer": "file://x"})
    file = {"sender": "human", "text": "", "files": [{"file_name": "lease.pdf"}]}
    empty = {"sender": "human", "text": "", "content": [], "files": []}
    wordless = chatgpt(chatgpt_node("s", "root", "system", ""), chatgpt_node("q", "s", "user", ""))
    assert list(transcripts_of([chatgpt(picture)], UNDATED)) == [Unread("A lease", 1)]
    assert list(transcripts_of([chatgpt(spoken("q", "root", "user", 7))], UNDATED)) == [Unread("A lease", 1)]
    assert list(transcripts_of([{"name": "t", "chat_messages": [file]}], UNDATED)) == [Unread("t", 1)]
    assert list(transcripts_of([wordless], UNDATED)) == []  # it was never talked in
    assert list(transcripts_of([{"name": "t", "chat_messages": [empty]}], UNDATED)) == []


ODD_MESSAGES: list[Any] = [
    7, "words", [1], {"author": 3, "content": 5}, {"author": {"role": []}, "content": {"parts": ["x"]}},
    {"author": {"role": "user"}, "content": "str"},
    {"author": {"role": "user"}, "content": {"content_type": "text", "parts": 7}},
]  # fmt: skip


@pytest.mark.parametrize("odd", ODD_MESSAGES, ids=str)
def test_an_odd_message_costs_itself_alone(odd: object) -> None:
    wanted = [("user", "keep me", None), ("assistant", "and me", 0)]
    nodes = [chatgpt_node("q", "root", "user", "keep me"), chatgpt_node("a", "o", "assistant", "and me")]
    nodes.append({"id": "o", "parent": "q", "message": odd})
    nodes.append({"id": "p", "parent": ["q"], "message": odd})
    assert said(only([chatgpt(*nodes)])) == wanted
    for of_claude in (odd, {"sender": [], "text": "x"}, {"sender": "human", "attachments": 7}):
        messages = [
            {"sender": "human", "text": "keep me"},
            of_claude,
            {"sender": "assistant", "text": "and me"},
        ]
        assert said(only([{"name": "t", "chat_messages": messages}])) == wanted


def test_a_conversation_of_claude_with_and_without_parents() -> None:
    messages = [
        {"uuid": "1", "sender": "human", "text": "hello", "created_at": "2025-01-02T03:04:05.678Z"},
        {
            "uuid": "2",
            "sender": "assistant",
            "content": [{"type": "text", "text": "hi"}, {"type": "tool_use"}],
        },
    ]
    wanted = [("user", "hello", None), ("assistant", "hi", 0)]
    plain = only([{"name": "", "created_at": "2025-01-02T03:04:05Z", "chat_messages": messages}])
    assert said(plain) == wanted
    assert plain.title == "hello"
    assert plain.turns[0].created == pytest.approx(1735787045.678)
    branches = [
        {**messages[0], "parent_message_uuid": "00000000-0000-4000-8000-000000000000"},
        {**messages[1], "parent_message_uuid": "1"},
        {"uuid": "3", "sender": "assistant", "text": "hello again", "parent_message_uuid": "1"},
    ]
    tree = only(
        [
            {
                "name": "t",
                "created_at": "2025-01-02T03:04:05Z",
                "chat_messages": branches,
                "current_leaf_message_uuid": "2",
            }
        ]
    )
    assert said(tree) == [*wanted, ("assistant", "hello again", 0)]
    assert tree.leaf == 1


def artifact(**made: object) -> dict[str, Any]:
    return {"type": "tool_use", "name": "artifacts", "input": made}


def test_what_claude_wrote_beside_an_answer_is_kept() -> None:
    content = [
        {"type": "text", "text": "Here it is."},
        artifact(command="create", title="Rent\ntable", language="markdown", content="a ``` b"),
        artifact(command="update", old_str="a", new_str="c"),
        artifact(command="update", content=7),
        {"type": "tool_use", "name": "artifacts", "input": 7},
        {"type": "tool_use", "name": "repl", "input": {"content": "print(1)"}},
    ]
    alone = {"sender": "assistant", "text": "", "content": [artifact(content="alone")]}
    messages = [{"sender": "human", "text": "a table?"}, {"sender": "assistant", "content": content}]
    messages += [{"sender": "human", "text": "again"}, alone]
    one = only([{"name": "t", "chat_messages": messages}])
    block = "````markdown\na ``` b\n````"
    assert one.turns[1].content == f"Here it is.\n\nRent table\n\n{block}\n\n```\nc\n```"
    assert one.turns[3].content == "```\nalone\n```"


def test_what_a_file_held_that_was_given_to_claude_is_kept() -> None:
    message = {
        "sender": "human",
        "text": "read this",
        "attachments": [{"file_name": "note.txt", "extracted_content": "the rent"}],
    }
    one = only([{"name": "t", "created_at": "2025-01-02T03:04:05Z", "chat_messages": [message]}])
    assert "note.txt" in one.turns[0].content
    assert "the rent" in one.turns[0].content


def test_a_conversation_that_cannot_be_read_is_told_and_the_others_come() -> None:
    good = chatgpt(chatgpt_node("q", "root", "user", "hello"))
    broken = {"title": "The\nlease\ud800", "mapping": {"x": {"message": {"author": 3}}}}
    found = list(transcripts_of([broken, good, {"mapping": 5}, 7], UNDATED))
    assert [one for one in found if isinstance(one, Unread)] == [
        Unread("The lease?", 1),
        Unread("", 3),
        Unread("", 4),
    ]
    assert isinstance(found[1], Transcript)
    shown = [one.shown() for one in found if isinstance(one, Unread)]
    assert shown[:2] == ["“The lease?”, number 1 in the file", "number 3 in the file"]


ODD_TIMES = [None, "garbage", "", float("nan"), float("inf"), -1, 0, 1e300, 10**400, [], {}, "0001-01-01"]


@pytest.mark.parametrize("odd", ODD_TIMES, ids=str)
def test_an_odd_time_costs_no_words_and_is_that_of_the_messages(odd: object) -> None:
    of_chatgpt = chatgpt(
        chatgpt_node("q", "root", "user", "when?", at=1700000010),
        chatgpt_node("a", "q", "assistant", "now"),
        chatgpt_node("b", "a", "user", "thanks", at=1700000020),
    )
    of_chatgpt["mapping"]["a"]["message"]["create_time"] = odd
    of_chatgpt.update({"create_time": odd, "update_time": odd})
    messages = [
        {"sender": "human", "text": "when?", "created_at": "2023-11-14T22:13:30Z"},
        {"sender": "assistant", "text": "now", "created_at": odd},
        {"sender": "human", "text": "thanks", "created_at": "2023-11-14T22:13:40Z"},
    ]
    of_claude = {"name": "t", "created_at": odd, "updated_at": odd, "chat_messages": messages}
    turns = [
        {"role": role, "content": words, "parent": parent, "created": at}
        for role, words, parent, at in (
            ("user", "when?", None, 1700000010),
            ("assistant", "now", 0, odd),
            ("user", "thanks", 1, 1700000020),
        )
    ]
    one = {"title": "t", "created": odd, "updated": odd, "turns": turns, "leaf": 2}
    of_maru = {"format": "maru", "version": 1, "conversations": [one]}
    for found in ([of_chatgpt], [of_claude], of_maru):
        read = only(found)
        assert (read.created, read.updated) == (1700000010, 1700000020)
        assert [(turn.content, turn.created) for turn in read.turns] == [
            ("when?", 1700000010),
            ("now", 1700000010),
            ("thanks", 1700000020),
        ]


def test_a_conversation_without_any_time_is_never_of_1970() -> None:
    bare = chatgpt(chatgpt_node("q", "root", "user", "hello"))
    del bare["create_time"], bare["update_time"]
    turn = {"role": "user", "content": "hello", "parent": None}
    claude = {"name": "t", "chat_messages": [{"sender": "human", "text": "hello"}]}
    maru = {"format": "maru", "version": 1, "conversations": [{"title": "t", "turns": [turn]}]}
    for found in ([bare], [claude], maru):
        read = only(found)
        assert (read.created, read.updated, read.turns[0].created) == (UNDATED, UNDATED, UNDATED)


def test_a_receipt_that_is_none_is_left_behind() -> None:
    deep = '{"a":' + "[" * 100_000 + "]" * 100_000 + "}"
    for receipt, kept in ((deep, None), ("{", None), ("[]", None), (7, None), ('{"new": 1}', '{"new": 1}')):
        turns = [
            {"role": "user", "content": "q", "parent": None},
            {"role": "assistant", "content": "a", "parent": 0, "finish_reason": "stop", "receipt": receipt},
        ]
        found = {"format": "maru", "version": 1, "conversations": [{"title": "t", "turns": turns}]}
        assert [turn.receipt for turn in only(found).turns] == [None, kept]


@pytest.mark.parametrize("found", [{}, [], [1, 2], {"conversations": 3}, "text", None, [{"title": "x"}]])
def test_anything_else_is_refused(found: Any) -> None:
    with pytest.raises(DocumentError):
        list(transcripts_of(found, UNDATED))


def test_an_export_of_a_newer_maru_is_refused() -> None:
    with pytest.raises(DocumentError, match="newer"):
        list(transcripts_of({"format": "maru", "version": 2, "conversations": []}, UNDATED))


def node(key: str, parent: str | None, role: Role | None, words: str = "") -> Node:
    return Node(key, parent, role, words or key, 0.0)


def test_messages_of_one_side_in_a_row_become_one() -> None:
    turns, leaf = turns_of(
        [node("a", None, Role.USER), node("b", "a", Role.USER), node("c", "b", Role.ASSISTANT)], "c"
    )
    assert [(turn.content, turn.parent) for turn in turns] == [("a\n\nb", None), ("c", 0)]
    assert leaf == 1


def test_where_something_else_follows_the_first_the_two_are_another_version() -> None:
    turns, _ = turns_of(
        [
            node("a", None, Role.USER),
            node("x", "a", Role.ASSISTANT),
            node("b", "a", Role.USER),
            node("y", "b", Role.ASSISTANT),
        ],
        None,
    )
    assert [(turn.content, turn.parent) for turn in turns] == [
        ("a", None),
        ("x", 0),
        ("a\n\nb", None),
        ("y", 2),
    ]


def test_an_answer_without_a_question_gets_one() -> None:
    turns, _ = turns_of([node("hello", None, Role.ASSISTANT)], None)
    assert [(turn.role, turn.parent) for turn in turns] == [(Role.USER, None), (Role.ASSISTANT, 0)]


def test_a_circle_begins_with_its_first_message_and_a_missing_parent_is_a_beginning() -> None:
    turns, leaf = turns_of(
        [node("a", "b", Role.USER), node("b", "a", Role.USER), node("c", "gone", Role.USER)], "a"
    )
    assert [turn.content for turn in turns] == ["c", "a\n\nb"]
    assert leaf == 1
    assert turns_of([], None) == ((), None)


def test_a_long_conversation_needs_no_deep_stack() -> None:
    sides = (Role.USER, Role.ASSISTANT)
    nodes = [node(str(n), str(n - 1) if n else None, sides[n % 2]) for n in range(20_000)]
    turns, leaf = turns_of(nodes, None)
    assert len(turns) == 20_000
    assert leaf == 19_999
