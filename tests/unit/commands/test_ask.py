# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""`maru ask`: events and their shapes, options, batches, and everything that can be wrong."""

import json
import os
from itertools import groupby
from pathlib import Path

import pytest

from assistant.commands import answer_options
from assistant.commands.shown_answers import _show_cut, stats_words, timings
from assistant.engine.client import Engine
from assistant.engine.protocol import Adapter, EngineSettings
from assistant.messages import FinishReason
from assistant.opening import open_assistant
from assistant.paths import Home
from assistant.receipts import ContextUse, Receipt
from assistant.settings import AdapterFile
from tests.assistants import FAKE_ENGINES, SAMPLES
from tests.gguf_files import CHAT, EMBEDDING, write_gguf
from tests.terminal import FAKE, Terminal, at_keyboard, start

RENT = "How much is the monthly rent? echo: The monthly rent is USD 850, payable in advance."
ANSWER_KEYS = {
    "event",
    "text",
    "citations",
    "unsupported",
    "invented",
    "passages",
    "finish_reason",
    "sampling",
    "model",
    "timings",
    "thinking",
    "notices",
    "searched_for",
    "whole",
}
PASSAGE_KEYS = {"document", "page", "place", "start", "end", "text", "score", "recognized"}


def test_the_answer_streams_to_standard_output_with_its_sources_below(stocked: Terminal) -> None:
    ran = stocked("ask", RENT)
    assert ran.code == 0
    answer, _, sources = ran.out.partition("\n\n")
    assert "The monthly rent is USD 850" in answer
    assert "[1]" in answer
    assert sources.startswith("[1] ")
    assert "lease.pdf, page 2" in sources
    assert ran.err == ""


def test_json_events_come_in_order_and_the_last_is_the_answer(stocked: Terminal) -> None:
    ran = stocked("ask", f"Ask kim@example.com. {RENT}", "--json")
    assert ran.code == 0
    events = ran.lines
    kinds = [kind for kind, _ in groupby(event["event"] for event in events)]
    assert kinds == ["sources", "masked", "token", "answer"]
    assert set(events[0]) == {"event", "passages"}
    assert all(set(passage) == PASSAGE_KEYS for passage in events[0]["passages"])
    assert events[1] == {"event": "masked", "entities": {"EMAIL": 1}}
    assert all(set(event) == {"event", "text"} for event in events[2:-1])


def test_the_answer_object_says_everything_that_makes_it_checkable(stocked: Terminal) -> None:
    events = stocked("ask", RENT, "--json").lines
    answer = events[-1]
    assert set(answer) == ANSWER_KEYS
    assert answer["finish_reason"] == "stop"
    assert set(answer["model"]) == {"name", "sha256"}
    assert len(answer["model"]["sha256"]) == 64
    assert set(answer["timings"]) == {
        "prompt_tokens",
        "cached_tokens",
        "prompt_ms",
        "first_token_ms",
        "predicted_tokens",
        "predicted_ms",
        "drafted_tokens",
        "accepted_tokens",
        "thinking_tokens",
        "tokens_per_second",
    }
    seconds = answer["timings"]["predicted_ms"] / 1000
    assert answer["timings"]["tokens_per_second"] * seconds == answer["timings"]["predicted_tokens"]
    assert answer["sampling"]["temperature"] == 0
    assert isinstance(answer["sampling"]["seed"], int)
    assert isinstance(answer["timings"]["predicted_tokens"], int)
    assert answer["passages"] == events[0]["passages"]
    assert answer["text"] == "".join(event["text"] for event in events if event["event"] == "token")
    first = answer["citations"][0]
    assert {"n", "document", "page", "place", "quote"} <= set(first)
    assert (first["page"], first["place"]) == (2, "page 2")
    assert Path(first["document"]).name == "lease.pdf"
    assert Path(first["document"]).is_absolute()
    assert first["quote"] in answer["passages"][first["n"] - 1]["text"]


def test_an_answer_without_documents_has_no_sources(stocked: Terminal) -> None:
    events = stocked("ask", "echo: Bananas are blue.", "--no-docs", "--json").lines
    assert {event["event"] for event in events} == {"token", "answer"}
    assert events[-1]["text"] == "Bananas are blue."
    assert events[-1]["citations"] == events[-1]["passages"] == events[-1]["unsupported"] == []


def test_a_sentence_without_support_is_listed_and_told(stocked: Terminal) -> None:
    question = f"{RENT} echo: Elephants juggle violet umbrellas."
    assert stocked("ask", question, "--json").lines[-1]["unsupported"] == [
        "Elephants juggle violet umbrellas."
    ]
    ran = stocked("ask", question)
    assert "1 sentence has no support" in ran.err
    assert "support" not in ran.out


def test_docs_answers_from_these_alone_and_reads_them_once(maru: Terminal) -> None:
    letter, lease = SAMPLES / "letter.md", SAMPLES / "lease.pdf"
    assert maru("add", lease).code == 0
    ran = maru("ask", RENT, "--docs", letter, "--json")
    assert {Path(one["document"]).name for one in ran.lines[0]["passages"]} == {"letter.md"}
    again = maru("add", letter, "--json").json
    assert again["status"] == "unchanged"
    both = maru("ask", RENT, "--docs", letter, "--docs", lease, "--json").lines[0]["passages"]
    assert Path(both[0]["document"]).name == "lease.pdf"


def test_docs_takes_a_folder(maru: Terminal, tmp_path: Path) -> None:
    folder = tmp_path / "문서"
    folder.mkdir()
    (folder / "rent.md").write_text("The monthly rent is USD 850.\n", encoding="utf-8")
    ran = maru("ask", RENT, "--docs", folder, "--json")
    assert ran.lines[-1]["citations"][0]["document"] == str(folder / "rent.md")


def test_a_collection_is_searched_alone(maru: Terminal) -> None:
    assert maru("add", SAMPLES / "lease.pdf", "--collection", "Home").code == 0
    assert maru("ask", RENT, "--collection", "Home", "--json").lines[0]["event"] == "sources"
    assert maru("collections", "--create", "Work").code == 0
    elsewhere = maru("ask", RENT, "--collection", "Work", "--json").lines
    assert "sources" not in {event["event"] for event in elsewhere}


@pytest.mark.parametrize("command", ["ask", "search"])
def test_a_collection_that_is_not_there_is_no_empty_one(stocked: Terminal, command: str) -> None:
    ran = stocked(command, RENT, "--collection", "Wrok")
    assert (ran.code, ran.out) == (1, "")
    assert "There is no collection Wrok.\nSee: maru collections" in ran.err


def test_limit_is_the_number_of_passages(stocked: Terminal) -> None:
    assert len(stocked("ask", RENT, "--limit", "2", "--json").lines[0]["passages"]) == 2


def test_temperature_and_seed_are_used_and_stored(stocked: Terminal) -> None:
    ran = stocked("ask", "echo: x", "--no-docs", "--temperature", "0.7", "--seed", "41", "--json")
    sampling = ran.lines[-1]["sampling"]
    assert (sampling["temperature"], sampling["seed"]) == (0.7, 41)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--temperature", "2.5"], "temperature is 2.5"),
        (["--temperature", "-1"], "temperature is -1"),
        (["--temperature", "nan"], "temperature is nan"),
        (["--temperature", "warm"], "--temperature needs a number, not 'warm'"),
        (["--seed", "-1"], "seed is -1"),
        (["--seed", "4294967295"], "seed is 4294967295"),
        (["--limit", "0"], "--limit is 0"),
        (["--limit", "51"], "--limit is 51"),
        (["--docs", "x.pdf", "--no-docs"], "--no-docs excludes --docs"),
        (["--preset", "wild"], "wild"),
        (["--presence-penalty", "3"], "presence_penalty is 3"),
        (["--frequency-penalty", "-2.5"], "frequency_penalty is -2.5"),
        (["--ctx", "10000000"], "--ctx is 10000000"),
        (["--ctx", "-1"], "--ctx is -1"),
        (["--ctx", "many"], "--ctx needs a number"),
        (["--gpu-layers", "-2"], "--gpu-layers is -2"),
        (["--lora", "style.gguf:9"], "strength of an adapter is 9"),
        (["--frobnicate"], "--frobnicate"),
    ],
)
def test_wrong_options_exit_with_2_and_one_sentence(
    stocked: Terminal, arguments: list[str], message: str
) -> None:
    ran = stocked("ask", "echo: x", *arguments)
    assert ran.code == 2
    assert ran.out == ""
    assert message in ran.err
    assert len(ran.err.splitlines()) == 2, "what happened, what to do"


@pytest.mark.parametrize("arguments", [[], [""], ["   "], ["x", "--batch", "y.jsonl"]])
def test_ask_needs_one_question(maru: Terminal, arguments: list[str]) -> None:
    ran = maru("ask", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert "Give one question" in ran.err


def test_an_error_with_json_is_an_event(maru: Terminal, tmp_path: Path) -> None:
    ran = maru("ask", RENT, "--docs", tmp_path / "gone.pdf", "--json")
    assert ran.code == 1
    assert set(ran.json) == {"event", "message", "hint"}
    assert ran.json["event"] == "error"
    assert ran.json["message"] == "gone.pdf could not be used. It is not there. Check the name."


def test_a_file_that_is_not_there_is_named_and_nothing_is_asked(maru: Terminal, tmp_path: Path) -> None:
    ran = maru("ask", RENT, "--docs", tmp_path / "gone.pdf")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.count("gone.pdf") == 1


def test_an_empty_folder_holds_no_file_to_read(maru: Terminal, tmp_path: Path) -> None:
    (tmp_path / "nothing").mkdir()
    ran = maru("ask", RENT, "--docs", tmp_path / "nothing")
    assert ran.code == 1
    assert "no file to read in nothing" in ran.err


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty"),
        (b"<!doctype html><title>Not found</title>", "web page"),
        (b"GGUF\x03\x00", "cut off"),
        (None, "There is no file"),
    ],
)
def test_a_model_that_is_none_is_refused_with_the_reason(
    maru: Terminal, tmp_path: Path, content: bytes | None, reason: str
) -> None:
    model = tmp_path / "model.gguf"
    if content is not None:
        model.write_bytes(content)
    ran = maru("ask", "echo: x", "--no-docs", "--model", model)
    assert (ran.code, ran.out) == (1, "")
    assert "model.gguf" in ran.err
    assert reason in ran.err


def test_a_model_is_loaded_as_the_options_say_and_the_settings_stay(maru: Terminal, tmp_path: Path) -> None:
    model = write_gguf(tmp_path / "tiny.gguf", CHAT)
    for options in (["--ctx", "1024"], ["--ctx", "1024", "--model", model]):
        ran = maru("ask", "many words " * 600, "--no-docs", *options)
        assert ran.code == 1
        assert "context window of 1,024" in ran.err
    assert maru("ask", "many words " * 600, "--no-docs").code == 0
    assert not (maru.home / "settings.json").exists()


@pytest.mark.parametrize(
    ("named", "adapter"),
    [
        ("/a/style.gguf", AdapterFile("/a/style.gguf", 1.0)),
        ("/a/style.gguf:0.5", AdapterFile("/a/style.gguf", 0.5)),
        ("/a/style.gguf:-1", AdapterFile("/a/style.gguf", -1.0)),
        ("/a/12:30.gguf", AdapterFile("/a/12:30.gguf", 1.0)),
        ("/a/12:30.gguf:2", AdapterFile("/a/12:30.gguf", 2.0)),
    ],
)
@pytest.mark.skipif(os.name != "posix", reason="paths of POSIX")
def test_an_adapter_is_named_with_its_strength(named: str, adapter: AdapterFile) -> None:
    arguments = answer_options.defaults()
    arguments.lora = [named]
    assert answer_options.check(arguments) == (adapter,)


def test_adapters_are_loaded_with_the_model(maru: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    loaded: list[EngineSettings] = []
    load = Engine.load
    monkeypatch.setattr(
        Engine, "load", lambda self, stop=None: (loaded.append(self.settings), load(self, stop))[1]
    )
    assert maru("ask", "echo: x", "--no-docs", "--lora", "/a/style.gguf:0.5").code == 0
    assert loaded[-1].adapters == (Adapter(Path("/a/style.gguf"), 0.5),)


def test_a_model_that_does_not_fit_is_refused_with_what_would(maru: Terminal, tmp_path: Path) -> None:
    model = write_gguf(tmp_path / "huge.gguf", CHAT)
    ran = maru("ask", "echo: x", "--no-docs", "--model", model)
    assert (ran.code, ran.out) == (1, "")
    assert "needs 950 MB; 900 MB are free" in ran.err
    assert "Worth a try: --ctx 4096" in ran.err
    told = maru("ask", "echo: x", "--no-docs", "--model", model, "--json").json
    assert told["offer"] == {"n_ctx": 4096, "n_gpu_layers": None}


def test_thinking_is_left_out_unless_it_is_asked_for(stocked: Terminal) -> None:
    question = "think: Let me see. echo: Done."
    ran = stocked("ask", question, "--no-docs")
    assert (ran.out, ran.err) == ("Done.\n", "")
    ran = stocked("ask", question, "--no-docs", "--thinking")
    assert (ran.out, ran.err.strip()) == ("Done.\n", "Let me see.")
    events = stocked("ask", question, "--no-docs", "--json").lines
    assert {event["event"] for event in events} == {"token", "answer"}
    assert (events[-1]["text"], events[-1]["thinking"].strip()) == ("Done.", "Let me see.")
    events = stocked("ask", question, "--no-docs", "--json", "--thinking").lines
    thought = [event["text"] for event in events if event["event"] == "thinking"]
    assert "".join(thought).strip() == "Let me see."
    assert events[0]["event"] == "thinking"


def test_thinking_is_dim_at_a_terminal(stocked: Terminal) -> None:
    with at_keyboard(
        stocked.home, "ask", "think: Let me see. echo: Done.", "--no-docs", "--thinking"
    ) as keyboard:
        keyboard.wait_for("\x1b[2m")
        keyboard.wait_for("see.")
        keyboard.wait_for("Done.")
        assert keyboard.end() == 0


def test_stats_say_how_fast_it_was(stocked: Terminal) -> None:
    ran = stocked("ask", "echo: one two three", "--no-docs", "--stats")
    assert ran.out == "one two three\n"
    assert ran.err.startswith("3 tokens, 3000.0 a second, the first after 0.00 s; 0 of ")


def test_guessed_tokens_are_told_where_there_are_any() -> None:
    receipt = Receipt(timings={"predicted_tokens": 50, "drafted_tokens": 20, "accepted_tokens": 15})
    assert "20 guessed ahead, 15 of them right" in stats_words(timings(receipt))


def test_a_model_for_search_does_not_answer(maru: Terminal, tmp_path: Path) -> None:
    model = write_gguf(tmp_path / "finder.gguf", EMBEDDING)
    ran = maru("ask", "echo: x", "--no-docs", "--model", model)
    assert ran.code == 1
    assert "embedding model" in ran.err


def test_a_question_longer_than_the_window_is_refused_with_numbers_and_kept(maru: Terminal) -> None:
    question = "many words " * 5000
    ran = maru("ask", question, "--no-docs")
    assert (ran.code, ran.out) == (1, "")
    assert "needs 10" in ran.err
    assert "context window of 8,192" in ran.err
    assert "Shorten it" in ran.err
    with open_assistant(Home(maru.home), FAKE_ENGINES) as assistant:
        conversation = assistant.conversations.all()[0]
        assert assistant.conversations.branch(conversation.id)[0].message.content == question


def test_a_crash_of_the_engine_is_one_sentence_and_the_partial_answer_is_kept(maru: Terminal) -> None:
    ran = maru("ask", "crash", "--no-docs")
    assert ran.code == 1
    assert ran.out.startswith("one two")
    assert "chat engine ended unexpectedly" in ran.err
    with open_assistant(Home(maru.home), FAKE_ENGINES) as assistant:
        conversation = assistant.conversations.all()[0]
        answer = assistant.conversations.branch(conversation.id)[-1]
    assert (answer.finish_reason, answer.message.content) == (FinishReason.FAILED, "one two ")


def test_a_batch_is_answered_from_the_documents_that_are_named_once_for_all(
    maru: Terminal, tmp_path: Path
) -> None:
    note = tmp_path / "ferry.md"
    note.write_text("The ferry to Gull Island leaves at noon.", "utf-8")
    own = {"id": "own", "question": "When does the ferry leave? echo: At noon.", "docs": str(note)}
    questions = batch(tmp_path, {"id": "all", "question": RENT}, own)
    ran = maru("ask", "--batch", questions, "--docs", SAMPLES / "lease.pdf", "--json")
    found = {line["id"]: {Path(one["document"]).name for one in line["passages"]} for line in ran.lines}
    assert found == {"all": {"lease.pdf"}, "own": {"ferry.md"}}


def batch(tmp_path: Path, *entries: object) -> Path:
    path = tmp_path / "questions.jsonl"
    lines = [entry if isinstance(entry, str) else json.dumps(entry) for entry in entries]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_a_batch_gives_a_line_each_with_its_id_and_keeps_no_conversation(
    maru: Terminal, tmp_path: Path
) -> None:
    questions = batch(
        tmp_path,
        '{"id": "first", "question": "echo: one\u2028line"}',
        {"id": "gone", "question": "echo: x", "docs": str(tmp_path / "gone.pdf")},
        {"id": "crash", "question": "crash"},
        {"id": "after", "question": "echo: it goes on"},
        {"id": 2, "question": RENT, "docs": [str(SAMPLES / "lease.pdf")]},
    )
    ran = maru("ask", "--batch", questions, "--json")
    assert ran.code == 0, "some were answered"
    lines = {line["id"]: line for line in ran.lines}
    assert list(lines) == ["first", "gone", "crash", "after", 2]
    assert set(lines[2]) == {"id", *ANSWER_KEYS}
    assert Path(lines[2]["citations"][0]["document"]).name == "lease.pdf"
    for failed in ("gone", "crash"):
        assert set(lines[failed]) == {"id", "event", "message", "hint"}
        assert lines[failed]["event"] == "error"
    assert lines["after"]["text"] == "it goes on"
    with open_assistant(Home(maru.home), FAKE_ENGINES) as assistant:
        assert assistant.conversations.all() == []


def test_a_batch_is_answered_from_one_collection(maru: Terminal, tmp_path: Path) -> None:
    assert maru("add", SAMPLES / "lease.pdf", "--collection", "Home").code == 0
    assert maru("collections", "--create", "Work").code == 0
    questions = batch(tmp_path, {"id": 1, "question": RENT}, {"id": 2, "question": RENT})
    found = {}
    for name in ("Home", "Work"):
        lines = maru("ask", "--batch", questions, "--collection", name, "--json").lines
        assert [line["id"] for line in lines] == [1, 2]
        found[name] = [{Path(one["document"]).name for one in line["passages"]} for line in lines]
    assert found == {"Home": [{"lease.pdf"}] * 2, "Work": [set(), set()]}
    ran = maru("ask", "--batch", questions, "--collection", "Wrok", "--json")
    assert ran.code == 1
    assert {line["message"] for line in ran.lines} == {"There is no collection Wrok."}


def test_what_a_batch_adds_belongs_to_the_collection(maru: Terminal, tmp_path: Path) -> None:
    questions = batch(tmp_path, {"id": 1, "question": RENT, "docs": [str(SAMPLES / "lease.pdf")]})
    [line] = maru("ask", "--batch", questions, "--collection", "Home", "--json").lines
    assert line["citations"]
    assert [one["collection"] for one in maru("documents", "--json").json] == ["Home"]


def test_a_batch_in_which_everything_failed_exits_with_1(maru: Terminal, tmp_path: Path) -> None:
    questions = batch(tmp_path, {"id": 1, "question": "x", "docs": [str(tmp_path / "gone.pdf")]})
    assert maru("ask", "--batch", questions, "--json").code == 1


@pytest.mark.parametrize(
    "line",
    [
        "not json",
        '"a string"',
        "[1, 2]",
        '{"id": 1}',
        '{"question": "no id"}',
        '{"id": 1, "question": null}',
        '{"id": 1, "question": "x", "docs": 7}',
        '{"id": 1, "question": "x", "docs": [7]}',
        "[" * 10000,
    ],
)
def test_a_line_of_a_batch_that_is_no_question_is_named_by_its_number(
    maru: Terminal, tmp_path: Path, line: str
) -> None:
    questions = batch(tmp_path, {"id": 1, "question": "echo: x"}, "", line)
    ran = maru("ask", "--batch", questions, "--json")
    assert ran.code == 2
    assert ran.json["event"] == "error"
    assert "Line 3 of questions.jsonl" in ran.json["message"]


def test_an_empty_question_of_a_batch_is_told_as_that(maru: Terminal, tmp_path: Path) -> None:
    questions = batch(tmp_path, {"id": 1, "question": "echo: x"}, {"id": 2, "question": " "})
    for command in ("ask", "search"):
        ran = maru(command, "--batch", questions, "--json")
        assert ran.code == 2
        assert ran.json["message"] == "The question in line 2 of questions.jsonl is empty."


def test_a_batch_file_that_cannot_be_read_is_named(maru: Terminal, tmp_path: Path) -> None:
    assert "gone.jsonl" in maru("ask", "--batch", tmp_path / "gone.jsonl", "--json").json["message"]
    (tmp_path / "utf16.jsonl").write_text("{}", encoding="utf-16")
    assert maru("ask", "--batch", tmp_path / "utf16.jsonl", "--json").code == 2


def test_a_batch_answers_in_json_only(maru: Terminal, tmp_path: Path) -> None:
    ran = maru("ask", "--batch", batch(tmp_path, {"id": 1, "question": "x"}))
    assert ran.code == 2
    assert "--json" in ran.err


def test_damaged_settings_are_told_and_the_question_is_answered(maru: Terminal) -> None:
    (maru.home / "settings.json").write_text("{broken", encoding="utf-8")
    ran = maru("ask", "echo: still here", "--no-docs")
    assert (ran.code, ran.out) == (0, "still here\n")
    assert "settings could not be used" in ran.err


def test_an_answer_that_was_cut_says_by_what_and_which_option_gives_it_room(maru: Terminal) -> None:
    cut = maru("ask", "long", "--no-docs", "--max-tokens", "20")
    assert "This answer reached its longest length, 20 tokens.\nWorth a try: --max-tokens 40" in cut.err
    assert "longest length" not in maru("ask", "echo: one two", "--no-docs").err


def test_an_answer_that_filled_the_window_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    _show_cut(Receipt(timings={"predicted_tokens": 300.0}, context=ContextUse(512, 212)))
    told = capsys.readouterr().err
    assert told == "The context window was full before this answer ended.\nWorth a try: --ctx 1024\n"


def test_a_reader_that_goes_away_in_the_middle_of_an_answer_ends_the_command(ready_home: Home) -> None:
    with start(ready_home.root, "ask", "long", "--no-docs", module=FAKE) as process:
        assert process.stdout is not None
        assert process.stdout.read(10)
        process.stdout.close()
        process.wait(timeout=30)


def test_whole_reads_a_file_whole_and_says_so(maru: Terminal) -> None:
    letter = SAMPLES / "letter.md"
    ran = maru("ask", "What is to be brought?", "--whole", letter)
    assert ran.code == 0
    assert "The whole of letter.md was read" in ran.err
    answer = maru("ask", "What is to be brought?", "--whole", letter, "--json").lines[-1]
    assert [(Path(one["document"]).name, one["parts"]) for one in answer["whole"]] == [("letter.md", 1)]


def test_parts_of_a_long_document_are_counted(stocked: Terminal) -> None:
    ran = stocked("ask", "Summarise the lease", "--ctx", "1024")
    assert "Reading part 1 of " in ran.err
    assert "parts together" in ran.err
    events = stocked("ask", "Summarise the lease", "--ctx", "1024", "--json").lines
    parts = [event for event in events if event["event"] == "reading_part"]
    assert parts[0] == {"event": "reading_part", "number": 1, "total": len(parts) - 1}


def test_whole_goes_with_one_question_and_documents_only(maru: Terminal, tmp_path: Path) -> None:
    batch = tmp_path / "batch.jsonl"
    batch.write_text('{"id": "a", "question": "Why?"}\n', "utf-8")
    letter = SAMPLES / "letter.md"
    for arguments in (("Why?", "--no-docs"), ("--batch", batch, "--json")):
        ran = maru("ask", *arguments, "--whole", letter)
        assert ran.code == 2
        assert "--whole" in ran.err + ran.out
    missing = maru("ask", "Why?", "--whole", tmp_path / "missing.pdf")
    assert missing.code == 1
