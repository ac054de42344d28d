# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Exports and masked copies, and the way back in: nothing lost, nothing written over."""

import json
import os
import threading
import time
import zipfile
from collections.abc import Generator
from pathlib import Path
from typing import Any, TypeVar

import pytest

from assistant.app import Assistant
from assistant.chat import Options
from assistant.chat_exports import Unread
from assistant.conversations import StoredMessage
from assistant.copies import Exported, TakenIn, still_there
from assistant.entities import EntityType
from assistant.errors import DocumentError, NotFoundError
from assistant.export_files import write_new
from assistant.opening import open_assistant
from assistant.paths import Home
from tests.assistants import FAKE_ENGINES, add, ask, embedding_file, fake_assistant, ready_home

__all__ = ["embedding_file", "fake_assistant", "ready_home"]

ResultT = TypeVar("ResultT")
SECRET = "kim@example.co.kr"


def finished(work: Generator[Any, None, ResultT]) -> ResultT:
    while True:
        try:
            next(work)
        except StopIteration as end:
            result: ResultT = end.value
            return result


def exported(assistant: Assistant, folder: Path, *, masked: bool = False) -> Exported:
    return finished(assistant.copies.everything(folder, masked=masked))


def taken_in(assistant: Assistant, path: Path) -> TakenIn:
    return finished(assistant.copies.take_in(path))


@pytest.fixture
def talked(fake_assistant: Assistant) -> StoredMessage:
    """Return an answer in a conversation with two branches."""
    _, first = ask(fake_assistant, f"echo: write to {SECRET}")
    ask(fake_assistant, "echo: and then?", after=first)
    _, last = ask(fake_assistant, "echo: or rather this?", after=first)
    return last


def test_everything_goes_out_and_comes_back_the_same(
    fake_assistant: Assistant, talked: StoredMessage, tmp_path: Path
) -> None:
    add(fake_assistant, "lease.pdf")
    done = exported(fake_assistant, tmp_path / "out")
    assert (done.conversations, done.documents) == (1, 1)
    before = fake_assistant.conversations.transcripts.read(talked.conversation_id)
    fake_assistant.conversations.delete(talked.conversation_id)
    came = taken_in(fake_assistant, tmp_path / "out")
    assert (came.conversations, came.known, came.left_out) == (1, 0, ())
    assert [path.name for path in came.documents["default"]] == ["lease.pdf"]
    (back,) = fake_assistant.conversations.all()
    assert fake_assistant.conversations.transcripts.read(back.id) == before
    assert [one.message.content for one in fake_assistant.conversations.branch(back.id)][
        -1
    ] == "or rather this?"
    assert fake_assistant.conversations.search("rather")[0].conversation_id == back.id


def test_an_export_that_is_taken_in_twice_changes_nothing(
    fake_assistant: Assistant, talked: StoredMessage, tmp_path: Path
) -> None:
    exported(fake_assistant, tmp_path / "out")
    came = taken_in(fake_assistant, tmp_path / "out" / "maru.json")
    assert (came.conversations, came.known) == (0, 1)
    assert len(fake_assistant.conversations.all()) == 1


def test_conversations_alike_in_title_and_time_are_told_apart_by_their_words(
    fake_assistant: Assistant, tmp_path: Path
) -> None:
    """Two without a time, and one that was exported again after its answer was another."""

    def found(*answers: str) -> str:
        chats = [[{"sender": "human", "text": "q"}, {"sender": "assistant", "text": one}] for one in answers]
        return json.dumps([{"name": "New chat", "chat_messages": chat} for chat in chats])

    path, times = tmp_path / "x.json", (1.7e9, 1.7e9)
    path.write_text(found("A", "B", "A"))
    os.utime(path, times)
    came = taken_in(fake_assistant, path)
    assert (came.conversations, came.known) == (2, 1)
    path.write_text(found("A", "C"))
    os.utime(path, times)
    came = taken_in(fake_assistant, path)
    assert (came.conversations, came.known) == (1, 1)
    exported(fake_assistant, tmp_path / "out")
    assert taken_in(fake_assistant, tmp_path / "out").known == 3


def test_the_markdown_can_be_read_and_names_its_sources(fake_assistant: Assistant, tmp_path: Path) -> None:
    add(fake_assistant, "lease.pdf")
    _, answer = ask(fake_assistant, "How much is the monthly rent?")
    exported(fake_assistant, tmp_path / "out")
    (file,) = (tmp_path / "out" / "conversations").iterdir()
    words = file.read_text("utf-8")
    assert file.name == "0001 How much is the monthly rent?".replace("?", "") + ".md"
    assert words.startswith("# How much is the monthly rent?\n")
    assert "## You" in words
    assert "## Maru" in words
    for citation in answer.receipt.citations:
        assert f"[{citation.n}]" in words
        assert citation.passage.document in words
    (text,) = (tmp_path / "out" / "documents").iterdir()
    assert "## page 1" in text.read_text("utf-8")


def test_a_masked_export_holds_no_personal_data(
    fake_assistant: Assistant, talked: StoredMessage, tmp_path: Path
) -> None:
    note = tmp_path / "kim@example.co.kr_010-2222-3333.md"
    note.write_text(f"Call 010-1234-5678 or write to {SECRET}.", "utf-8")
    list(fake_assistant.add([note]))
    exported(fake_assistant, tmp_path / "out", masked=True)
    exported(fake_assistant, tmp_path / "open")

    def held(folder: Path) -> str:
        files = [path for path in folder.rglob("*") if path.is_file()]
        return "\n".join([*map(str, files), *(path.read_text("utf-8") for path in files)])

    assert SECRET in held(tmp_path / "open")  # the search finds what is there
    assert SECRET not in held(tmp_path / "out").replace(str(note.parent), "")
    assert "010-1234-5678" not in held(tmp_path / "out")
    assert "2222" not in held(tmp_path / "out")
    assert "[EMAIL_1]" in held(tmp_path / "out")


def test_a_masked_copy_hides_what_another_message_gives_away(
    fake_assistant: Assistant, tmp_path: Path
) -> None:
    """As the model saw it: a value told later, and one that is split over two messages."""
    _, first = ask(fake_assistant, "echo: Hunter2abc9 is on the note")
    _, second = ask(fake_assistant, "echo: my password: Hunter2abc9", after=first)
    _, third = ask(fake_assistant, "echo: call 010-1234-", after=second)
    _, last = ask(fake_assistant, "5678", after=third)
    out = tmp_path / "out.md"
    fake_assistant.copies.conversation(last.conversation_id, out, masked=True)
    words = out.read_text("utf-8")
    assert "Hunter2abc9" not in words
    assert "1234" not in words
    assert "5678" not in words


def test_a_masked_copy_hides_what_was_kept_back_in_the_conversation(
    fake_assistant: Assistant, tmp_path: Path
) -> None:
    kept_back = frozenset({(EntityType.IP, "203.0.113.7")})
    options = Options(documents=False, kept_back=kept_back)
    _, answer = ask(fake_assistant, "echo: 203.0.113.7 and 203.0.113.8", options)
    fake_assistant.copies.conversation(answer.conversation_id, tmp_path / "out.md", masked=True)
    words = (tmp_path / "out.md").read_text("utf-8")
    assert "203.0.113.7" not in words
    assert "203.0.113.8" in words


def test_a_masked_document_hides_what_another_place_gives_away(
    fake_assistant: Assistant, tmp_path: Path
) -> None:
    note = tmp_path / "note.md"
    note.write_text("# A\n\nHunter2abc9 is on the note.\n\n# B\n\nThe password: Hunter2abc9\n", "utf-8")
    list(fake_assistant.add([note]))
    fake_assistant.copies.document(note, tmp_path / "copy.md")
    assert "Hunter2abc9" not in (tmp_path / "copy.md").read_text("utf-8")


def test_one_conversation_goes_out_as_markdown_or_json(
    fake_assistant: Assistant, talked: StoredMessage, tmp_path: Path
) -> None:
    copies = fake_assistant.copies
    copies.conversation(talked.conversation_id, tmp_path / "one.md")
    assert SECRET in (tmp_path / "one.md").read_text("utf-8")
    copies.conversation(talked.conversation_id, tmp_path / "hidden.md", masked=True)
    assert SECRET not in (tmp_path / "hidden.md").read_text("utf-8")
    copies.conversation(talked.conversation_id, tmp_path / "one.JSON")
    assert taken_in(fake_assistant, tmp_path / "one.JSON").known == 1
    with pytest.raises(NotFoundError):
        copies.conversation(999, tmp_path / "no.md")
    assert not (tmp_path / "no.md").exists()


def test_nothing_is_written_over(fake_assistant: Assistant, talked: StoredMessage, tmp_path: Path) -> None:
    there = tmp_path / "there.md"
    there.write_text("mine")
    with pytest.raises(DocumentError, match="there already"):
        fake_assistant.copies.conversation(talked.conversation_id, there)
    with pytest.raises(DocumentError, match="there already"):
        exported(fake_assistant, tmp_path)
    assert there.read_text() == "mine"
    with pytest.raises(DocumentError):
        fake_assistant.copies.conversation(talked.conversation_id, tmp_path / "no" / "folder.md")


def test_what_is_written_is_for_its_owner_alone(
    fake_assistant: Assistant, talked: StoredMessage, tmp_path: Path
) -> None:
    exported(fake_assistant, tmp_path / "out")
    if os.name == "posix":
        rights = {path.stat().st_mode & 0o077 for path in [tmp_path / "out", *(tmp_path / "out").rglob("*")]}
        assert rights == {0}


def test_an_export_can_be_stopped(fake_assistant: Assistant, talked: StoredMessage, tmp_path: Path) -> None:
    stop = threading.Event()
    stop.set()
    done = finished(fake_assistant.copies.everything(tmp_path / "out", stop=stop))
    assert (done.conversations, done.documents, done.stopped) == (0, 0, True)
    assert json.loads((tmp_path / "out" / "maru.json").read_text("utf-8"))["conversations"] == []


def test_a_title_is_one_line_and_its_file_has_a_name_that_can_be_read(
    fake_assistant: Assistant, tmp_path: Path
) -> None:
    turns = [{"role": "user", "content": "hello", "parent": None, "created": 1.0}]
    one = {"title": "The\nlease\t\x1b[31m fdp\u202eexe", "created": 1.0, "updated": 1.0, "turns": turns}
    found = {"format": "maru", "version": 1, "conversations": [one, {**one, "title": "Plain  title"}]}
    (tmp_path / "x.json").write_text(json.dumps(found))
    assert taken_in(fake_assistant, tmp_path / "x.json").conversations == 2
    titles = {one.title for one in fake_assistant.conversations.all()}
    assert titles == {"The lease [31m fdp\u202eexe", "Plain  title"}
    exported(fake_assistant, tmp_path / "out")
    names = {path.name[5:] for path in (tmp_path / "out" / "conversations").iterdir()}
    assert names == {"The lease [31m fdpexe.md", "Plain title.md"}
    assert taken_in(fake_assistant, tmp_path / "out").known == 2


def test_what_goes_while_everything_is_written_is_left_out(
    fake_assistant: Assistant, talked: StoredMessage, tmp_path: Path
) -> None:
    """A conversation deleted in the window, a file gone from a watched folder: the rest is exported."""
    _, other = ask(fake_assistant, "echo: stays")
    add(fake_assistant, "lease.pdf", "contract_ko.pdf")
    (*_, gone) = fake_assistant.library.documents()
    writing = fake_assistant.copies.everything(tmp_path / "out")
    next(writing)
    fake_assistant.conversations.delete(other.conversation_id)
    fake_assistant.library.remove(gone.path)
    done = finished(writing)
    assert (done.conversations, done.documents, done.stopped) == (1, 1, False)
    found = json.loads((tmp_path / "out" / "maru.json").read_text("utf-8"))
    assert (len(found["conversations"]), len(found["documents"])) == (1, 1)


def test_an_import_that_was_stopped_says_so_and_goes_on_when_it_is_run_again(
    fake_assistant: Assistant, tmp_path: Path
) -> None:
    chats = [{"name": one, "chat_messages": [{"sender": "human", "text": one}]} for one in "abc"]
    (tmp_path / "x.json").write_text(json.dumps(chats))
    stop = threading.Event()
    work = fake_assistant.copies.take_in(tmp_path / "x.json", stop)
    assert next(work) == (1, 3)
    stop.set()
    came = finished(work)
    assert (came.conversations, came.stopped) == (1, True)
    came = taken_in(fake_assistant, tmp_path / "x.json")
    assert (came.conversations, came.known, came.stopped) == (2, 1, False)


def test_a_zip_of_another_program_comes_in(fake_assistant: Assistant, tmp_path: Path) -> None:
    messages = [{"sender": "human", "text": "hello"}, {"sender": "assistant", "text": "hi"}]
    found = [
        {"name": "Hello", "created_at": "2025-01-02T03:04:05Z", "chat_messages": messages},
        {"chat_messages": 1},
    ]
    with zipfile.ZipFile(tmp_path / "data.zip", "w") as archive:
        archive.writestr("data/users.json", "[]")
        archive.writestr("data/conversations.json", json.dumps(found))
    came = taken_in(fake_assistant, tmp_path / "data.zip")
    assert (came.conversations, came.left_out, came.documents) == (1, (Unread("", 2),), {})
    (one,) = fake_assistant.conversations.all()
    assert one.title == "Hello"
    assert fake_assistant.conversations.branch(one.id)[1].message.content == "hi"


def test_a_folder_that_an_archive_was_unpacked_into_comes_in(
    fake_assistant: Assistant, tmp_path: Path
) -> None:
    folder = tmp_path / "unpacked"
    folder.mkdir()
    (folder / "chat.html").write_text("<html>")
    with pytest.raises(DocumentError, match="There are no conversations in unpacked"):
        taken_in(fake_assistant, folder)
    for number, words in enumerate(("one", "two")):
        chat = {"name": words, "chat_messages": [{"sender": "human", "text": words}]}
        (folder / f"conversations-{number}.json").write_text(json.dumps([chat]))
        os.utime(folder / f"conversations-{number}.json", (1.7e9, 1.7e9))
    assert taken_in(fake_assistant, folder).conversations == 2
    assert taken_in(fake_assistant, folder).known == 2
    assert {one.created for one in fake_assistant.conversations.all()} == {1.7e9}


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="runs where /dev/full is (Linux)")
def test_a_file_that_could_not_be_finished_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, made = tmp_path / "maru.json", os.open

    def on_a_full_disk(name: Path, flags: int, rights: int) -> int:
        os.close(made(name, flags, rights))
        return made("/dev/full", os.O_WRONLY)

    monkeypatch.setattr(os, "open", on_a_full_disk)
    with pytest.raises(DocumentError, match="cannot be used"):
        write_new(path, "{}" * 100_000)
    assert not path.exists()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.json", b"{"),
        ("x.json", b"\xff\xfe\x00"),
        ("x.json", b"[" * 100_000),
        ("x.zip", b"PK\x03\x04 no archive"),
        ("x.zip", b""),
        ("x.json", b"[]"),
    ],
)
def test_what_is_no_export_is_refused_in_a_sentence(
    fake_assistant: Assistant, tmp_path: Path, name: str, content: bytes
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DocumentError) as told:
        taken_in(fake_assistant, tmp_path / name)
    assert told.value.hint.msgid
    assert fake_assistant.conversations.all() == []


@pytest.mark.parametrize("packed", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_zip_with_a_byte_gone_bad_is_told(fake_assistant: Assistant, tmp_path: Path, packed: int) -> None:
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w", packed) as archive:
        archive.writestr("conversations.json", json.dumps([{"mapping": {str(n): {} for n in range(500)}}]))
    content = path.read_bytes()
    for place in range(50, 400, 10):
        path.write_bytes(content[:place] + bytes([content[place] ^ 0x55]) + content[place + 1 :])
        with pytest.raises(DocumentError, match=r"x\.zip (is damaged|cannot be used)"):
            taken_in(fake_assistant, path)


def test_a_file_that_is_not_there_and_a_zip_without_conversations(
    fake_assistant: Assistant, tmp_path: Path
) -> None:
    with pytest.raises(DocumentError, match="cannot be used"):
        taken_in(fake_assistant, tmp_path / "gone.json")
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as archive:
        archive.writestr("photo.png", b"")
    with pytest.raises(DocumentError, match="no conversations"):
        taken_in(fake_assistant, tmp_path / "other.zip")


def named_in(tmp_path: Path, **more: Any) -> Path:
    """Return a file to take in that names documents, among them one that is there."""
    (tmp_path / "there.md").write_text("The plumber comes on Monday.", "utf-8")
    rows = [
        {"path": str(tmp_path / "there.md"), "collection": "Home\nand \u202ewater"},
        {"path": str(tmp_path / "gone.md"), "collection": "conversation:1"},
        {"path": str(tmp_path / ("long" * 1000))},
        *({"path": one} for one in ("relative.md", "/a\0b", "/half \ud800", 7)),
        7,
    ]
    path = tmp_path / "named.json"
    path.write_text(json.dumps({"conversations": [], **more, "documents": rows}))
    return path


def test_documents_that_a_file_names_are_told_and_not_looked_for(
    fake_assistant: Assistant, tmp_path: Path
) -> None:
    came = taken_in(fake_assistant, named_in(tmp_path, format="maru", version=1))
    there, gone, long = (tmp_path / name for name in ("there.md", "gone.md", "long" * 1000))
    assert came.documents == {"Home and water": (there,), "default": (gone, long)}
    assert still_there(came.documents) == {"Home and water": [there]}
    assert fake_assistant.library.documents() == []


def test_exports_of_other_programs_name_no_documents(fake_assistant: Assistant, tmp_path: Path) -> None:
    messages = [{"sender": "human", "text": "hello"}]
    path = named_in(tmp_path, conversations=[{"name": "t", "chat_messages": messages}])
    came = taken_in(fake_assistant, path)
    assert (came.conversations, came.documents) == (1, {})


def test_halves_of_characters_and_huge_numbers_do_no_harm(fake_assistant: Assistant, tmp_path: Path) -> None:
    turns = [{"role": "user", "content": "broken \ud800 half", "parent": None, "created": 1.0}]
    turns.append({"role": "assistant", "content": "a", "parent": 0, "receipt": '{"model_name": "\ud800"}'})
    good = {"title": "t", "created": 1.0, "updated": 1.0, "turns": turns, "leaf": 0}
    odd = [{**good, "created": one} for one in (1e300, 10**400, "9999-12-31T23:59:59")]  # its turn tells
    bad = [
        {**good, "leaf": 7},
        {**good, "leaf": 0.5},
        {**good, "turns": [*turns, {**turns[0], "role": "assistant", "parent": 0.5}]},
        {**good, "turns": [{**turns[0], "parent": 0}]},
        {**good, "turns": [{**turns[0], "role": "system"}]},
    ]
    found = {
        "format": "maru",
        "version": 1,
        "conversations": [good, *odd, *bad],
        "documents": [{"path": "a\0b"}, 7],
    }
    (tmp_path / "x.json").write_text(json.dumps(found))
    came = taken_in(fake_assistant, tmp_path / "x.json")
    assert (came.conversations, came.known, came.documents) == (1, len(odd), {})
    assert came.left_out == tuple(Unread("t", 1 + len(odd) + place) for place in range(1, len(bad) + 1))


@pytest.mark.parametrize("epoch", [False, True])
def test_a_conversation_without_a_time_is_taken_in_once_and_is_of_its_file(
    fake_assistant: Assistant, tmp_path: Path, epoch: bool
) -> None:
    path, before = tmp_path / "x.json", time.time()
    path.write_text(json.dumps([{"name": "t", "chat_messages": [{"sender": "human", "text": "hello"}]}]))
    os.utime(path, (0, 0) if epoch else (1.7e9, 1.7e9))
    assert taken_in(fake_assistant, path).conversations == 1
    (one,) = fake_assistant.conversations.all()
    assert (before <= one.created <= time.time()) if epoch else one.created == 1.7e9
    assert one.updated == one.created
    if not epoch:
        assert taken_in(fake_assistant, path).known == 1


def test_a_masked_copy_of_a_document_and_what_it_holds(fake_assistant: Assistant, tmp_path: Path) -> None:
    note = tmp_path / "note.md"
    note.write_text(f"# Who\n\n{SECRET}, KIM@example.co.kr and lee@example.com; 010-1234-5678.\n", "utf-8")
    list(fake_assistant.add([note]))
    assert fake_assistant.copies.personal_counts(note) == {EntityType.EMAIL: 2, EntityType.PHONE: 1}
    assert fake_assistant.copies.personal_counts(note) == {EntityType.EMAIL: 2, EntityType.PHONE: 1}
    stop = threading.Event()
    stop.set()
    hidden = fake_assistant.copies.document(note, tmp_path / "copy.md")
    words = (tmp_path / "copy.md").read_text("utf-8")
    assert hidden == 3
    assert "example" not in words
    assert words.count("[EMAIL_1]") == 2
    with pytest.raises(NotFoundError):
        fake_assistant.copies.personal_counts(tmp_path / "other.md")


def test_an_export_of_one_home_comes_into_another(
    fake_assistant: Assistant, talked: StoredMessage, tmp_path: Path
) -> None:
    exported(fake_assistant, tmp_path / "out")
    other = Home(tmp_path / "other")
    other.create()
    with open_assistant(other, FAKE_ENGINES) as assistant:
        assert taken_in(assistant, tmp_path / "out").conversations == 1
        (one,) = assistant.conversations.all()
        branch = assistant.conversations.branch(one.id)
        assert branch[-1].message.content == "or rather this?"
