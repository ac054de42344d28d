# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""`maru init`, and what the terminal asks for where a home is closed."""

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant import credentials
from assistant.commands import init, unlock
from assistant.errors import LockedError, LockedReason
from assistant.opening import open_assistant
from assistant.paths import Home
from assistant.texts import text
from tests.assistants import FAKE_ENGINES
from tests.homes import FakeBackend, readable_words
from tests.terminal import FAKE, Terminal, at_keyboard, environment, run

CODE = re.compile(r"(?:[0-9A-HJKMNP-TV-Z]{5}-){5}[0-9A-HJKMNP-TV-Z]{5}")


@pytest.fixture
def maru(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Terminal:
    """Return a terminal on a home that nobody has made yet."""
    return Terminal(tmp_path / "new", capsys)


@pytest.fixture
def passphrase(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Return what sets or, with None, unsets what the environment gives."""

    def give(passphrase: str | None = None, **others: str) -> None:
        for name in ("MARU_PASSPHRASE", "MARU_NEW_PASSPHRASE", "MARU_RECOVERY_CODE"):
            monkeypatch.delenv(name, raising=False)
        given = {"MARU_PASSPHRASE": passphrase} if passphrase else {}
        for name, value in (given | others).items():
            monkeypatch.setenv(name, value)

    give()
    return give


@pytest.fixture
def keyring(monkeypatch: pytest.MonkeyPatch) -> FakeBackend:
    """Return the keyring of this system, which takes everything."""
    backend = FakeBackend()
    monkeypatch.setattr(credentials, "system_backend", lambda: backend)
    monkeypatch.delenv("MARU_KEYRING")
    return backend


def test_without_keyring_and_terminal_one_sentence_names_both_ways(
    maru: Terminal, passphrase: Callable[..., None]
) -> None:
    for command in (["documents"], ["ask", "x"], ["init"], ["search", "x"]):
        ran = maru(*command)
        assert (ran.code, ran.out) == (1, "")
        assert "MARU_PASSPHRASE" in ran.err
        assert "maru init --plain" in ran.err
    assert not (maru.home / "conversations.db").exists()


def test_plain_text_is_chosen_in_so_many_words(maru: Terminal, passphrase: Callable[..., None]) -> None:
    assert maru("init", "--plain").out == "Protection: not encrypted\n"
    assert maru("documents").code == 0
    assert readable_words(Home(maru.home)) == ["library.db"]
    passphrase("any")
    ran = maru("documents")
    assert ran.code == 1
    assert "kept in plain text, as it was chosen" in ran.err


def test_the_protection_goes_all_the_way_round(
    maru: Terminal, passphrase: Callable[..., None], keyring: FakeBackend
) -> None:
    assert "keyring opens it" in maru("init").out
    assert maru("documents").code == 0
    assert readable_words(Home(maru.home)) == []
    assert maru("init", "--plain").out == "Protection: not encrypted\n"
    assert keyring.kept == {}
    passphrase("one")
    assert "passphrase opens it" in maru("init", "--passphrase").out
    assert readable_words(Home(maru.home)) == []
    passphrase("one", MARU_NEW_PASSPHRASE="two")
    assert maru("init", "--passphrase", "--json").json == {
        "protection": "passphrase",
        "recovery_confirmed": False,
    }
    assert "does not open" in maru("documents").err
    passphrase("two")
    assert maru("init", "--keyring").code == 0
    passphrase()
    assert maru("documents").code == 0
    assert len(keyring.kept) == 1


def test_a_keyring_that_is_not_there_is_told_and_nothing_changes(
    maru: Terminal, passphrase: Callable[..., None]
) -> None:
    passphrase("one")
    assert maru("init").code == 0
    before = (maru.home / "key.json").read_bytes()
    ran = maru("init", "--keyring")
    assert ran.code == 1
    assert "keyring" in ran.err
    assert (maru.home / "key.json").read_bytes() == before


def test_a_recovery_code_is_printed_checked_and_opens(
    maru: Terminal, passphrase: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    passphrase("one")
    ran = maru("init", "--recovery-code")
    [code] = CODE.findall(ran.out)
    assert "--check-recovery" in ran.err
    assert "no recovery code" in maru("doctor").out
    wrongly = {code[:-2]: "30 letters", _other(code): "typing error in group 1"}
    for wrong, says in wrongly.items():
        passphrase("one", MARU_RECOVERY_CODE=wrong)
        ran = maru("init", "--check-recovery")
        assert ran.code == 1
        assert says in ran.err
    passphrase(MARU_RECOVERY_CODE=code.lower())
    assert "opens your home" in maru("init", "--check-recovery").out
    assert maru("documents").code == 0
    assert "recovery code checked" in maru("doctor").out
    assert maru("init", "--json").json["recovery_confirmed"] is True
    again = maru("init", "--recovery-code", "--json").json["recovery_code"]
    assert CODE.fullmatch(again)
    assert maru("init", "--check-recovery", "--json").json == {"recovery_confirmed": True}


def _other(code: str) -> str:
    return ("0" if code[0] != "0" else "1") + code[1:]


def test_a_passphrase_that_nobody_gives_is_wrong_usage(
    maru: Terminal, passphrase: Callable[..., None]
) -> None:
    ran = maru("init", "--passphrase")
    assert ran.code == 2
    assert "MARU_PASSPHRASE" in ran.err
    assert maru("init", "--plain", "--keyring").code == 2


def test_a_closed_home_is_opened_at_the_terminal(home: Home) -> None:
    with at_keyboard(home.root, "documents") as keyboard:
        assert keyboard.end() == 0
    without = {name: value for name, value in environment().items() if name != "MARU_PASSPHRASE"}
    with at_keyboard(home.root, "documents", env=without) as keyboard:
        keyboard.wait_for("Passphrase or recovery code")
        keyboard.enter("wrong")
        keyboard.wait_for("The passphrase does not open this home.")
        keyboard.wait_for("Passphrase or recovery code")
        keyboard.enter("only for tests")
        keyboard.wait_for("There are no documents yet")
        assert "only for tests" not in keyboard.screen
        assert keyboard.end() == 0


def test_a_new_home_is_given_a_passphrase_at_the_terminal(tmp_path: Path) -> None:
    without = {name: value for name, value in environment().items() if name != "MARU_PASSPHRASE"}
    with at_keyboard(tmp_path / "new", "init", "--recovery-code", env=without) as keyboard:
        keyboard.wait_for("New passphrase")
        keyboard.enter("한글 암호")
        keyboard.wait_for("Once more")
        keyboard.enter("한글 암호")
        keyboard.wait_for("Type it back")
        [code] = CODE.findall(keyboard.screen)
        keyboard.enter(code.replace("-", " ").lower())
        keyboard.wait_for("This recovery code opens your home.")
        assert keyboard.end() == 0


def test_who_guesses_at_the_terminal_waits_longer_and_longer(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MARU_PASSPHRASE", "wrong")  # what is typed takes its place
    waited: list[float] = []
    monkeypatch.setattr(unlock.time, "sleep", waited.append)
    monkeypatch.setattr(unlock, "at_terminal", lambda: True)
    monkeypatch.setattr(unlock, "getpass", lambda _prompt: "wrong" if len(waited) < 10 else "")

    def closed() -> int:
        reason = LockedReason.WRONG_PASSPHRASE if waited else LockedReason.PASSPHRASE
        raise LockedError(text("It does not open."), reason=reason)

    with pytest.raises(LockedError):
        unlock.run_unlocked(closed)
    assert waited == [0, 0, 0, 1, 2, 4, 8, 16, 30, 30]
    assert capsys.readouterr().err.count("It does not open.") == len(waited)


def test_ctrl_d_where_a_passphrase_is_asked_for_is_no_answer(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def gone(_question: str) -> str:
        raise EOFError

    monkeypatch.setattr(unlock, "getpass", gone)
    assert unlock.new_passphrase() == ""
    assert unlock.typed("Type it back: ", gone) == ""
    assert capsys.readouterr().err == "\n\n", "what comes next begins a line of its own"


def test_a_plain_home_has_no_recovery_code_that_was_checked(
    maru: Terminal, passphrase: Callable[..., None]
) -> None:
    assert maru("init", "--plain", "--json").json == {"protection": "plain", "recovery_confirmed": False}


def test_who_gives_the_protection_up_is_told_what_goes_with_it(
    maru: Terminal, passphrase: Callable[..., None]
) -> None:
    passphrase("a passphrase")
    maru("init", "--passphrase")
    assert "redact --vault" in maru("init", "--plain").err
    passphrase()
    assert "redact --vault" not in maru("init", "--plain").err


def test_who_encrypts_much_is_told_how_far_it_is(
    maru: Terminal, passphrase: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    maru("init", "--plain")
    maru("documents")
    monkeypatch.setattr(init, "WORTH_TELLING", 1)
    passphrase("one")
    told = maru("init", "--passphrase").err.splitlines()
    assert re.fullmatch(r"Encrypting \d+ MB: 0 %", told[0])
    assert re.fullmatch(r"Encrypting \d+ MB: 100 %", told[-2])
    assert len(told) == len(set(told))
    assert "Taking the encryption off" in maru("init", "--plain").err
    passphrase()
    assert " %" not in maru("init", "--plain").err, "there is nothing to do"


@pytest.mark.skipif(os.name != "posix", reason="runs on Linux and macOS: rights of POSIX")
def test_a_home_that_shall_not_be_written_stays_as_it_is(
    tmp_path: Path, unprivileged: tuple[str, ...]
) -> None:
    home = tmp_path / "home"
    assert run(home, "documents", module=FAKE).code == 0
    open_assistant(Home(home), FAKE_ENGINES).close()
    paths = [path for path in home.rglob("*") if path.is_file()]
    for path in paths:
        path.chmod(0o400)
    home.chmod(0o500)
    before = {path: (path.stat().st_mode, path.stat().st_mtime_ns) for path in (home, *home.rglob("*"))}
    secret, vault = tmp_path / "secret.txt", tmp_path / "vault"
    secret.write_text("kim@example.com")
    for command, said in (
        (["conversations"], ""),
        (["documents"], ""),
        (["init"], "encrypted; a passphrase opens it"),
        (["redact", "--vault", str(vault), str(secret)], "[EMAIL_1]"),
    ):
        ran = run(home, *command, module=FAKE, prefix=unprivileged)
        assert (ran.code, said in ran.out) == (0, True), (command, ran.err)
        after = {path: (path.stat().st_mode, path.stat().st_mtime_ns) for path in (home, *home.rglob("*"))}
        assert after == before, command
    ran = run(home, "init", "--recovery-code", module=FAKE, prefix=unprivileged)
    assert (ran.code, ran.out) == (1, "")
    assert "Maru cannot write to its folder" in ran.err
    home.chmod(0o700)
