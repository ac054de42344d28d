# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""`maru redact`: what it hides, what it reads, what it keeps and puts back, what it refuses."""

import io
import json
import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as trying
from hypothesis import strategies as st

from assistant import cli
from assistant.home_key import become_plain
from assistant.home_lock import HomeLock
from assistant.keys import HomeKey
from assistant.paths import Home
from assistant.privacy import restore
from assistant.privacy.filter import mask
from assistant.privacy.vault import Vault
from assistant.settings import Settings, save_settings
from assistant.vault_files import VaultFile
from tests.assistants import SAMPLES
from tests.homes import key_of, protect
from tests.terminal import Ran, Terminal

PERSONAL = "Write to kim@example.com or call 010-1234-5678."
MASKED = "Write to [EMAIL_1] or call [PHONE_1]."


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    return written(tmp_path, "letter.txt", PERSONAL)


def written(folder: Path, name: str, words: str) -> Path:
    path = folder / name
    path.write_text(words, encoding="utf-8", newline="")
    return path


def given_input(words: str | bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = words if isinstance(words, bytes) else words.encode()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(raw)))


def test_redact_masks_a_file(maru: Terminal, letter: Path) -> None:
    ran = maru("redact", letter)
    assert (ran.code, ran.out, ran.err) == (0, MASKED, "")


def test_redact_with_json_lists_what_it_found_and_what_is_done_with_it(maru: Terminal, letter: Path) -> None:
    found = maru("redact", letter, "--json").json
    assert found["text"] == MASKED
    for entity in found["entities"]:
        assert PERSONAL[entity["start"] : entity["end"]] == entity["text"]
    kept = [(one["entity_type"], one["action"], one["placeholder"]) for one in found["entities"]]
    assert kept == [("EMAIL", "mask", "[EMAIL_1]"), ("PHONE", "mask", "[PHONE_1]")]
    assert {key for one in found["entities"] for key in one} == {
        *("entity_type", "start", "end", "score", "text", "evidence", "action", "placeholder")
    }


def test_redact_finds_what_the_issue_names(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    given_input("제 주민등록번호는 010203-4123456이고 메일은 kim@example.co.kr로 주세요\n", monkeypatch)
    assert cli.main(["redact", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [one["entity_type"] for one in found["entities"]] == ["KR_RRN", "EMAIL"]
    assert found["text"] == "제 주민등록번호는 [주민등록번호_1]이고 메일은 [이메일_1]로 주세요\n"


def test_redact_reads_standard_input(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    given_input(PERSONAL, monkeypatch)
    assert cli.main(["redact"]) == 0
    assert capsys.readouterr().out == MASKED


def test_redact_reads_cp949(maru: Terminal, tmp_path: Path) -> None:
    letter = tmp_path / "편지.txt"
    letter.write_bytes("연락처는 010-1234-5678 입니다.".encode("cp949"))
    ran = maru("redact", letter)
    assert ran.code == 0
    assert "1234" not in ran.out
    assert ran.out.startswith("연락처는 [")


@pytest.mark.parametrize(
    "encoding",
    ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be", "utf-8-sig"],
)
@pytest.mark.parametrize("words", ["연락처는 010-1234-5678 입니다. 😊\n", "1\n2\n3\n4\n", PERSONAL])
def test_redact_reads_utf_16_and_utf_32_with_their_marks_and_without(
    maru: Terminal, tmp_path: Path, words: str, encoding: str
) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_bytes(words.encode(encoding))
    ran = maru("redact", letter)
    assert ran.code == 0
    assert ran.out == mask(words, Vault("ko" if "연" in words else "en"))[0]


def test_redact_reads_utf_16_from_standard_input(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    given_input(PERSONAL.encode("utf-16-le"), monkeypatch)
    assert cli.main(["redact"]) == 0
    assert capsys.readouterr().out == MASKED


@pytest.mark.parametrize(
    "raw",
    [
        bytes(range(256)) * 8,
        b"kim@example.com\0" * 2 + b"\0" * 40,
        "kim@example.com".encode("utf-32-le")[:-1],
        "kim@example.com".encode("utf-32-le") + b"\0\0\x11\0",  # beyond the last letter
    ],
)
def test_redact_refuses_bytes_of_which_it_cannot_tell_what_they_say(
    maru: Terminal, tmp_path: Path, raw: bytes
) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_bytes(raw)
    ran = maru("redact", letter)
    assert (ran.code, ran.out) == (1, "")
    assert "encoding" in ran.err
    assert "UTF-8" in ran.err


def test_redact_keeps_a_lone_zero_and_broken_letters_that_were_there(maru: Terminal, tmp_path: Path) -> None:
    words = "전화 010-1234-5678 \ufffd 끝" + "가" * 20
    assert maru("redact", written(tmp_path, "letter.txt", words)).out.endswith("\ufffd 끝" + "가" * 20)
    assert "\0" in maru("redact", written(tmp_path, "zero.txt", f"{'a b ' * 200}\0{PERSONAL}")).out


def test_redact_reads_a_document_as_maru_does(maru: Terminal) -> None:
    ran = maru("redact", SAMPLES / "lease.pdf", "--policy", "strict")
    assert ran.code == 0
    assert "850" in ran.out


def test_several_files_share_their_placeholders(maru: Terminal, tmp_path: Path, letter: Path) -> None:
    other = written(tmp_path, "other.txt", "lee@example.com and kim@example.com")
    ran = maru("redact", letter, other)
    assert ran.out == f"── {letter}\n{MASKED}\n── {other}\n[EMAIL_2] and [EMAIL_1]\n"
    lines = maru("redact", letter, other, "--json").lines
    assert [one["file"] for one in lines] == [str(letter), str(other)]
    assert lines[1]["text"] == "[EMAIL_2] and [EMAIL_1]"


def test_the_policy_decides_what_is_hidden(maru: Terminal, tmp_path: Path, letter: Path) -> None:
    assert maru("redact", letter, "--policy", "relaxed").out == PERSONAL
    assert {
        one["action"] for one in maru("redact", letter, "--policy", "relaxed", "--json").json["entities"]
    } == {"warn"}
    save_settings(Home(maru.home), Settings(privacy_actions={"EMAIL": "ignore"}))
    assert maru("redact", letter, "--policy", "own").out == "Write to kim@example.com or call [PHONE_1]."
    assert maru("redact", letter).out == MASKED
    assert maru("redact", letter, "--policy", "none").code == 2


def test_the_language_names_the_placeholders(maru: Terminal, letter: Path) -> None:
    assert maru("redact", letter, "--language", "ko").out == "Write to [이메일_1] or call [전화_1]."


def test_redact_names_the_file_whose_encoding_it_does_not_know(
    maru: Terminal, tmp_path: Path, letter: Path
) -> None:
    (tmp_path / "odd.txt").write_bytes(bytes(range(256)) * 8)
    ran = maru("redact", letter, tmp_path / "odd.txt")
    assert (ran.code, ran.out) == (1, "")
    assert "odd.txt" in ran.err


def test_redact_without_standard_input_asks_for_a_file(
    maru: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", None)
    ran = maru("redact")
    assert (ran.code, ran.out) == (2, "")
    assert "standard input" in ran.err


def test_redact_names_a_folder_by_what_was_given(
    maru: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for options in ((".",), ("--reverse", ".")):
        ran = maru("redact", *options)
        assert (ran.code, ran.out) == (1, "")
        assert ". cannot be read" in ran.err


def test_redact_reads_half_a_pair_in_utf_8(maru: Terminal, tmp_path: Path) -> None:
    (tmp_path / "half.txt").write_bytes(PERSONAL.encode() + b" \xed\xa0\x80 \xc3\xa9")
    assert maru("redact", tmp_path / "half.txt").out == f"{MASKED} \ufffd é"


def test_redact_refuses_what_is_too_large_and_says_what_takes_long(
    maru: Terminal, tmp_path: Path, letter: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.commands.redact_input._LONG", 10)
    ran = maru("redact", letter)
    assert ran.out == MASKED
    assert "takes a while" in ran.err
    monkeypatch.setattr("assistant.commands.redact_input._LARGEST", 10)
    ran = maru("redact", letter)
    assert (ran.code, ran.out) == (1, "")
    assert "letter.txt is larger" in ran.err
    given_input(PERSONAL, monkeypatch)
    ran = maru("redact")
    assert (ran.code, ran.out) == (1, "")
    assert "larger" in ran.err


def test_redact_says_what_it_cannot_read(maru: Terminal, tmp_path: Path, letter: Path) -> None:
    gone = maru("redact", letter, tmp_path / "gone.txt")
    assert (gone.code, gone.out) == (1, ""), "nothing half done"
    assert "gone.txt" in gone.err
    assert maru("redact", tmp_path).code == 1, "a folder"
    (tmp_path / "picture.dat").write_bytes(b"\xff\xfe\xff")
    assert "encoding" in maru("redact", tmp_path / "picture.dat").err
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.7\n")
    broken = maru("redact", tmp_path / "broken.pdf")
    assert (broken.code, broken.out) == (1, "")


# A vault: kept, continued, put back.


def kept(maru: Terminal, vault: Path, words: str, folder: Path) -> Ran:
    return maru("redact", written(folder, "given.txt", words), "--vault", vault)


def put_back(maru: Terminal, vault: Path, words: str, folder: Path) -> Ran:
    return maru("redact", written(folder, "masked.txt", words), "--reverse", vault)


def test_what_a_vault_keeps_is_put_back_to_the_letter(maru: Terminal, tmp_path: Path) -> None:
    vault = tmp_path / "people.vault"
    words = "[x](mailto:Kim@X.com) kim@x.com [EMAIL_1]\r\n010-1234-5678 01012345678"
    ran = kept(maru, vault, words, tmp_path)
    assert ran.out == "[x](mailto:[EMAIL_1]) [EMAIL_2] [LITERAL_1]\r\n[PHONE_1] [PHONE_2]"
    assert b"x.com" not in vault.read_bytes()
    assert put_back(maru, vault, ran.out, tmp_path).out == words
    bent = put_back(maru, vault, "Dear [email 2], [EMAIL_9]!", tmp_path)
    assert bent.out == "Dear kim@x.com, [EMAIL_9]!"
    assert "1 placeholder is not in this vault" in bent.err
    lines = maru("redact", tmp_path / "masked.txt", "--reverse", vault, "--json").json
    assert lines == {"text": "Dear kim@x.com, [EMAIL_9]!"}


@pytest.mark.skipif(os.name != "posix", reason="runs on Linux and macOS: rights of POSIX")
def test_a_vault_is_readable_by_its_owner_alone(maru: Terminal, tmp_path: Path) -> None:
    kept(maru, tmp_path / "people.vault", PERSONAL, tmp_path)
    assert stat.S_IMODE((tmp_path / "people.vault").stat().st_mode) == 0o600


def test_a_vault_that_is_there_is_continued(maru: Terminal, tmp_path: Path) -> None:
    vault = tmp_path / "people.vault"
    first = kept(maru, vault, "lee@x.com", tmp_path).out
    second = kept(maru, vault, "kim@x.com lee@x.com 안녕", tmp_path).out
    assert (first, second) == ("[EMAIL_1]", "[EMAIL_2] [EMAIL_1] 안녕")
    both = f"{first}\n{second}"
    assert put_back(maru, vault, both, tmp_path).out == "lee@x.com\nkim@x.com lee@x.com 안녕"


def test_a_vault_of_another_home_is_told_and_left_alone(maru: Terminal, tmp_path: Path, letter: Path) -> None:
    other = Home(tmp_path / "other")
    key = protect(other)
    path = tmp_path / "people.vault"
    made = VaultFile.begin(path, key, "en")
    made.vault.placeholder("EMAIL", "lee@x.com")
    made.save()
    before = path.read_bytes()
    for option in ("--vault", "--reverse"):
        ran = maru("redact", letter, option, path)
        assert (ran.code, ran.out) == (1, "")
        assert "another home" in ran.err
    assert path.read_bytes() == before


@pytest.mark.parametrize("damage", ["cut", "bit", "empty", "text"])
def test_a_damaged_vault_is_told_and_left_alone(
    maru: Terminal, tmp_path: Path, letter: Path, damage: str
) -> None:
    path = tmp_path / "people.vault"
    kept(maru, path, PERSONAL, tmp_path)
    whole = path.read_bytes()
    broken = {"cut": whole[:-1], "bit": whole[:-1] + bytes([whole[-1] ^ 1]), "empty": b"", "text": b"a diary"}
    path.write_bytes(broken[damage])
    for option in ("--vault", "--reverse"):
        ran = maru("redact", letter, option, path)
        assert (ran.code, ran.out) == (1, "")
        assert "Maru" in ran.err or "people.vault is damaged" in ran.err
        assert "Make it again" not in ran.err
    assert path.read_bytes() == broken[damage]


def test_a_vault_that_cannot_be_written_hides_nothing(maru: Terminal, tmp_path: Path, letter: Path) -> None:
    ran = maru("redact", letter, "--vault", tmp_path / "nowhere" / "people.vault")
    assert (ran.code, ran.out) == (1, "")
    assert "people.vault" in ran.err
    gone = maru("redact", letter, "--reverse", tmp_path / "gone.vault")
    assert (gone.code, gone.out) == (1, "")
    assert "gone.vault" in gone.err


def test_a_vault_that_another_program_changed_is_not_overwritten(tmp_path: Path) -> None:
    key = HomeKey(bytes(32), "here")
    path = tmp_path / "people.vault"
    first, second = VaultFile.begin(path, key, "en"), VaultFile.begin(path, key, "en")
    first.vault.placeholder("EMAIL", "lee@x.com")
    first.save()
    with pytest.raises(Exception, match="another program"):
        second.save()
    assert VaultFile.open(path, key).vault.value("EMAIL", 1) == "lee@x.com"


def test_a_home_in_plain_text_has_no_key_for_a_vault(
    maru: Terminal, tmp_path: Path, letter: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home(maru.home)
    become_plain(home, key_of(home))
    monkeypatch.delenv("MARU_PASSPHRASE")
    ran = maru("redact", letter, "--vault", tmp_path / "people.vault")
    assert (ran.code, ran.out) == (1, "")
    assert "maru init" in ran.err
    assert not (tmp_path / "people.vault").exists()
    assert maru("redact", letter).out == MASKED, "without a vault no key is needed"


def test_putting_back_makes_no_home(maru: Terminal, tmp_path: Path, letter: Path) -> None:
    kept(maru, tmp_path / "people.vault", PERSONAL, tmp_path)
    elsewhere = tmp_path / "elsewhere"
    ran = maru("--home", elsewhere, "redact", letter, "--reverse", tmp_path / "people.vault")
    assert (ran.code, ran.out) == (1, "")
    assert "--home" in ran.err
    assert not elsewhere.exists()


def test_a_vault_is_kept_beside_an_open_maru(maru: Terminal, tmp_path: Path) -> None:
    with HomeLock.acquire(Home(maru.home)):
        ran = kept(maru, tmp_path / "people.vault", PERSONAL, tmp_path)
        assert ran.out == MASKED
        assert put_back(maru, tmp_path / "people.vault", MASKED, tmp_path).out == PERSONAL


def test_a_wrong_passphrase_opens_no_vault(
    maru: Terminal, tmp_path: Path, letter: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept(maru, tmp_path / "people.vault", PERSONAL, tmp_path)
    monkeypatch.setenv("MARU_PASSPHRASE", "wrong")
    ran = maru("redact", letter, "--reverse", tmp_path / "people.vault")
    assert (ran.code, ran.out) == (1, "")


def test_what_excludes_one_another_is_refused(maru: Terminal, tmp_path: Path, letter: Path) -> None:
    vault = tmp_path / "people.vault"
    assert maru("redact", letter, "--vault", vault, "--reverse", vault).code == 2
    assert maru("redact", letter, "--reverse", vault, "--policy", "strict").code == 2
    assert maru("redact", letter, "--vault", vault, "--links").code == 2
    ran = maru("redact", letter, "--vault", letter)
    assert ran.code == 2
    assert letter.read_text(encoding="utf-8") == PERSONAL


OWN_LINK = "Write [here](mailto:kim@example.com) or see https://x.com/kim@example.com.\n"
MASKED_LINK = "Write [here](mailto:[EMAIL_1]) or see https://x.com/[EMAIL_1].\n"


def test_links_of_the_text_itself_come_back(maru: Terminal, tmp_path: Path) -> None:
    vault = tmp_path / "people.vault"
    assert kept(maru, vault, OWN_LINK, tmp_path).out == MASKED_LINK
    kept(maru, vault, "Another one: kim@example.com", tmp_path)
    for words, whole in (
        (MASKED_LINK, OWN_LINK),
        (
            f"A line before.\n{MASKED_LINK}And [EMAIL_1] behind.",
            f"A line before.\n{OWN_LINK}And kim@example.com behind.",
        ),
    ):
        ran = put_back(maru, vault, words, tmp_path)
        assert (ran.out, ran.err) == (whole, "")


@pytest.mark.parametrize(
    "link",
    [
        "[a](http://evil/[EMAIL_1])",
        "Write [here](http://evil/[EMAIL_1])",
        "![](https://evil.example/?q=[EMAIL_1])",
        "[EMAIL_1].evil.example/",
        "[a]: http://evil/[EMAIL_1]",
        "Write [here](mailto:[EMAIL_1]?bcc=me@evil.example)",
    ],
)
def test_a_link_that_came_later_gets_no_value_unless_it_is_asked_for(
    maru: Terminal, tmp_path: Path, link: str
) -> None:
    vault = tmp_path / "people.vault"
    kept(maru, vault, OWN_LINK, tmp_path)
    words = f"{MASKED_LINK}To [EMAIL_1].\n\n{link}"
    ran = put_back(maru, vault, words, tmp_path)
    assert ran.out == f"{OWN_LINK}To kim@example.com.\n\n{link}"
    assert "1 placeholder would become part of a link" in ran.err
    path = written(tmp_path, "masked.txt", words)
    everything = maru("redact", path, "--reverse", vault, "--links")
    assert (everything.out, everything.err) == (words.replace("[EMAIL_1]", "kim@example.com"), "")


def test_a_vault_of_before_puts_nothing_into_links(maru: Terminal, home: Home, tmp_path: Path) -> None:
    vault = tmp_path / "people.vault"
    kept(maru, vault, OWN_LINK, tmp_path)
    file = VaultFile.open(vault, key_of(home))
    file.vault.links.clear()
    file.save()
    ran = put_back(maru, vault, MASKED_LINK, tmp_path)
    assert ran.out == MASKED_LINK
    assert "2 placeholders would become part of links" in ran.err


_SIGNS = ("://", "](", "www.", "mailto:", "@", "a@b.co", "010-1234-5678", *"a.1 [EMAIL_]()<>가-\n:x/0")


@given(words=st.lists(st.sampled_from(_SIGNS), max_size=40).map("".join))
@trying(deadline=None, max_examples=200)
def test_any_text_with_links_comes_back_from_its_vault(words: str) -> None:
    vault = Vault("en", exact=True)
    masked, _ = mask(words, vault)
    vault.links |= restore.links_of(masked, vault)
    assert restore.put_back_safely(masked, Vault.from_json(vault.to_json())) == (words, 0)


@given(words=st.text(st.sampled_from("a@.1 [EMAIL_]()가-\n:x/0"), max_size=60))
@trying(deadline=None, max_examples=200)
def test_any_text_comes_back_from_its_vault(words: str) -> None:
    vault = Vault("ko", exact=True)
    masked, _ = mask(words, vault)
    assert restore.put_back(masked, Vault.from_json(vault.to_json())) == words
