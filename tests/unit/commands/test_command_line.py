# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The command line as a whole: where Maru writes, exit codes, streams, passphrases, no window."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from assistant import cli
from assistant.paths import Home
from assistant.settings import Settings, save_settings
from tests.homes import PASSPHRASE
from tests.terminal import FAKE, REAL, ROOT, Terminal, environment, run, start


@pytest.mark.parametrize("before", [True, False])
def test_home_is_obeyed_before_and_after_the_command(
    tmp_path: Path, before: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    chosen = ["--home", str(tmp_path / "chosen")]
    arguments = [*chosen, "documents"] if before else ["documents", *chosen]
    assert cli.main(arguments) == 0
    assert (tmp_path / "chosen" / "library.db").exists()
    assert not (tmp_path / "home").exists()


def test_maru_home_is_where_everything_goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MARU_HOME", str(tmp_path / "elsewhere"))
    assert cli.main(["documents"]) == 0
    assert (tmp_path / "elsewhere" / "library.db").exists()


def test_what_is_written_is_private(maru: Terminal) -> None:
    assert maru("ask", "echo: x", "--no-docs").code == 0
    open_to_others = [
        path for path in maru.home.rglob("*.db*") if path.stat().st_mode & 0o077 and os.name == "posix"
    ]
    assert open_to_others == []


@pytest.mark.parametrize("arguments", [["frobnicate"], ["--frobnicate"], ["add"], ["remove"], ["read"]])
def test_a_command_used_wrongly_exits_with_2_and_says_where_help_is(
    maru: Terminal, arguments: list[str]
) -> None:
    ran = maru(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert len(ran.err.splitlines()) == 2, "what happened, what to do"
    assert "--help" in ran.err


def test_with_json_wrong_use_is_an_event_too(maru: Terminal) -> None:
    ran = maru("search", "--json")
    assert ran.code == 2
    assert set(ran.json) == {"event", "message", "hint"}


def test_without_display_and_terminal_maru_names_ask(home: Home) -> None:
    for module in (REAL, "ui"):
        ran = run(home.root, module=module)
        assert (ran.code, ran.out) == (2, "")
        assert "maru ask" in ran.err


def test_help_and_version_exit_with_0(home: Home) -> None:
    shown = run(home.root, "--help").out
    for command in ("ask", "chat", "add", "search", "documents", "remove", "read", "redact", "models"):
        assert f"\n    {command} " in shown
    assert run(home.root, "--version").out.startswith("Maru ")


def test_no_terminal_command_imports_qt(tmp_path: Path) -> None:
    note = tmp_path / "note.txt"
    note.write_text("Some words.", encoding="utf-8")
    script = """
import sys
from assistant import cli
note = sys.argv[1]
for arguments in (["documents"], ["read", note], ["search", "words"], ["models"], ["redact", note]):
    assert cli.main(arguments) == 0, arguments
loaded = {name.split(".")[0] for name in sys.modules}
print(sorted(loaded & {"PySide6", "shiboken6", "llama_cpp", "chromadb", "kreuzberg", "pypdfium2"}))
"""
    with subprocess.Popen(
        [sys.executable, "-c", script, str(note)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT,
        env=environment(MARU_HOME=str(tmp_path / "home")),
    ) as process:  # fmt: skip
        out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert out.endswith("[]\n")


def test_a_reader_that_has_seen_enough_ends_it_in_silence(stocked: Terminal) -> None:
    with start(stocked.home, "search", "rent", "--limit", "20", "--json", module=FAKE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.wait(60) == 0
        assert process.stderr.read() == ""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
def test_output_that_cannot_be_written_is_told(home: Home) -> None:
    with Path("/dev/full").open("w") as full:
        ran = run(home.root, "documents", "--json", stdout=full)
    assert ran.code == 1
    assert "could not be written" in ran.err
    assert "Traceback" not in ran.err


def test_a_broken_letter_of_the_command_line_does_not_break_maru(maru: Terminal) -> None:
    ran = maru("ask", "echo: caf\udce9", "--no-docs")
    assert ran.code == 0
    assert ran.out == "caf?\n"


def test_a_wrong_passphrase_is_one_sentence_and_nothing_is_lost(
    maru: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert maru("ask", "echo: x", "--no-docs").code == 0
    assert b"SQLite format 3" not in (maru.home / "conversations.db").read_bytes()[:20]
    monkeypatch.setenv("MARU_PASSPHRASE", "wrong")
    for command in (["ask", "echo: x", "--no-docs"], ["documents"]):
        ran = maru(*command)
        assert (ran.code, ran.out) == (1, "")
        assert "passphrase does not open" in ran.err
        assert "MARU_PASSPHRASE" in ran.err
    monkeypatch.delenv("MARU_PASSPHRASE")
    assert "protected by a passphrase" in maru("documents").err
    monkeypatch.setenv("MARU_PASSPHRASE", PASSPHRASE)
    assert maru("documents").code == 0


def test_the_language_is_that_of_the_option_then_of_the_settings(home: Home) -> None:
    from assistant.texts import language_in_use

    save_settings(home, Settings(language="ko"))
    assert cli.main(["documents", "--json"]) == 0
    assert language_in_use() == "ko"
    assert cli.main(["documents", "--json", "--language", "en"]) == 0
    assert language_in_use() == "en"


def test_korean_is_printed_as_it_is_in_any_locale(tmp_path: Path, home: Home) -> None:
    note = tmp_path / "note.txt"
    note.write_text("잔금은 언제 지급하나요?", encoding="utf-8")
    ran = run(home.root, "read", note, "--language", "ko", env={**environment(), "LC_ALL": "C"})
    assert ran.code == 0
    assert "잔금은 언제 지급하나요?" in ran.out
