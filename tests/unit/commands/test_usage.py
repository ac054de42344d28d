# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What is wrong with a command, and its help, in the user's language."""

import pytest

from assistant import cli


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["add"], "The command needs PATH."),
        (["models", "--fast"], "Maru does not know “--fast”."),
        (["sing"], "COMMAND cannot be 'sing'. There are: "),
        (["--language", "fr"], "--language cannot be 'fr'. There are: "),
        (["ask", "x", "--seed"], "--seed needs a value."),
        (["ask", "x", "--limit", "many"], "--limit needs a number, not 'many'."),
        (["ask", "x", "--temperature", "hot"], "--temperature needs a number, not 'hot'."),
        (["ask", "x", "--temp", "1"], "Maru does not know “--temp 1”."),
        (["ask", "x", "--no-docs=1"], "The command was not understood: "),
    ],
)
def test_a_wrong_command_is_told_in_a_sentence(
    arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MARU_LANGUAGE", "en")
    assert cli.main(arguments) == cli.MISUSED
    said, hint = capsys.readouterr().err.splitlines()
    assert sentence in said
    assert hint.startswith("See: maru ")


@pytest.mark.parametrize("arguments", [["--help"], ["ask", "--help"], ["search", "--help"]])
def test_help_speaks_korean_from_heading_to_last_option(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["--language", "ko", *arguments])
    assert ended.value.code == 0
    shown = capsys.readouterr().out
    assert shown.startswith("사용법: maru")
    for english in ("usage", "arguments:", "options:", "show "):
        assert english not in shown


def test_a_wrong_command_is_told_in_korean(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["add", "--language", "ko"]) == cli.MISUSED
    assert capsys.readouterr().err.startswith("명령에 빠진 것이 있어요: PATH")
