# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""`maru redact`: what it hides, what it reads, what it cannot read."""

import io
from pathlib import Path

import pytest

from assistant import cli
from tests.terminal import Terminal

PERSONAL = "Write to kim@example.com or call 010-1234-5678."
MASKED = "Write to [EMAIL_1] or call [PHONE_1]."


def test_redact_masks_a_file(maru: Terminal, tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text(PERSONAL, encoding="utf-8")
    ran = maru("redact", letter)
    assert (ran.code, ran.out, ran.err) == (0, MASKED, "")


def test_redact_with_json_lists_what_it_found(maru: Terminal, tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text(PERSONAL, encoding="utf-8")
    found = maru("redact", letter, "--json").json
    assert found["text"] == MASKED
    assert [set(entity) for entity in found["entities"]] == [
        {"entity_type", "start", "end", "score", "text"}
    ] * 2
    for entity in found["entities"]:
        assert PERSONAL[entity["start"] : entity["end"]] == entity["text"]
    assert [entity["entity_type"] for entity in found["entities"]] == ["EMAIL", "PHONE"]


def test_redact_reads_standard_input(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(PERSONAL.encode())))
    assert cli.main(["redact"]) == 0
    assert capsys.readouterr().out == MASKED


def test_redact_reads_cp949(maru: Terminal, tmp_path: Path) -> None:
    letter = tmp_path / "편지.txt"
    letter.write_bytes("연락처는 010-1234-5678 입니다.".encode("cp949"))
    ran = maru("redact", letter)
    assert ran.code == 0
    assert "1234" not in ran.out
    assert ran.out.startswith("연락처는 [")


def test_redact_says_what_it_cannot_read(maru: Terminal, tmp_path: Path) -> None:
    gone = maru("redact", tmp_path / "gone.txt")
    assert (gone.code, gone.out) == (1, "")
    assert "gone.txt" in gone.err
    assert maru("redact", tmp_path).code == 1, "a folder"
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\xff\xfe\xff\x00")
    assert "encoding" in maru("redact", tmp_path / "picture.png").err
