# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Damaged databases that were set aside: sealed and plain with their home, and read again whatever it is."""

import errno
import io
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from assistant import set_aside
from assistant.cipher_pages import PAGE
from assistant.conversations import MIGRATIONS, ConversationStore
from assistant.database import Database
from assistant.database_keys import connect
from assistant.home_key import Given
from assistant.keys import HomeKey
from assistant.paths import Home
from assistant.protecting import HomeProtection
from assistant.restoring import start_from_set_aside
from assistant.salvage import rescue
from assistant.set_aside import PIECE
from assistant.settings import Settings
from assistant.snapshots import Reason, Snapshots
from assistant.stores import budget_of, open_stores
from assistant.unlocking import unlock
from tests.homes import readable_words
from tests.old_homes import ANSWER, QUESTION, make_old_conversations, make_old_home

NEWEST = (99, 99)
GIVEN = Given("열려라 참깨", keyring=False)
NAME = "conversations.damaged-1.db"


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.home_key.ROUNDS", 1)


@pytest.fixture
def plain_home(tmp_path: Path) -> Home:
    """Return a plain home with a damaged database that was set aside, and its log."""
    made = Home(tmp_path / "plain")
    make_old_home(made, *NEWEST, None)
    damaged, log = made.root / NAME, made.root / f"{NAME}-wal"
    make_old_conversations(damaged, len(MIGRATIONS), None, 100)
    content = damaged.read_bytes()
    damaged.write_bytes(content[: len(content) * 9 // 10])
    log.write_bytes(os.urandom(32) + QUESTION.encode() * 100)
    return made


@pytest.mark.parametrize("head", ["whole", "zeroed"])
def test_it_is_sealed_when_its_home_is_encrypted_and_comes_back_with_a_plain_one(
    plain_home: Home, head: str
) -> None:
    damaged = plain_home.root / NAME
    if head == "zeroed":  # nothing tells any more what it was
        damaged.write_bytes(bytes(PAGE) + damaged.read_bytes()[PAGE:])
    before = {path: path.read_bytes() for path in set_aside.files(plain_home)}
    assert len(before) == 2
    key = unlock(plain_home, GIVEN).key
    assert key is not None
    assert readable_words(plain_home, QUESTION, ANSWER, "CREATE TABLE") == []
    if os.name == "posix":
        assert damaged.stat().st_mode & 0o777 == 0o600
    sealed = damaged.read_bytes()
    assert unlock(plain_home, GIVEN).key == key
    assert damaged.read_bytes() == sealed, "once is enough"
    HomeProtection(plain_home, key).make_plain()
    assert unlock(plain_home, GIVEN).key is None
    assert {path: path.read_bytes() for path in set_aside.files(plain_home)} == before


def test_what_was_left_plain_by_an_earlier_maru_is_sealed_at_the_next_start(plain_home: Home) -> None:
    key = unlock(plain_home, GIVEN).key
    (plain_home.root / "library.damaged-3.db").write_text(QUESTION)
    assert readable_words(plain_home, QUESTION) == ["library.damaged-3.db"]
    assert unlock(plain_home, GIVEN).key == key
    assert readable_words(plain_home, QUESTION) == []


def test_more_than_one_piece_comes_back_and_a_damaged_piece_costs_no_other(tmp_path: Path) -> None:
    home, key = Home(tmp_path), HomeKey(bytes(range(32)), "home")
    path, target = home.root / NAME, tmp_path / "target"
    content = os.urandom(2 * PIECE + 1000)
    path.write_bytes(content)
    set_aside.seal(path, key)
    set_aside.unseal_into(path, key, target)
    assert target.read_bytes() == content
    sealed = bytearray(path.read_bytes())
    sealed[PIECE + 5000] ^= 1
    path.write_bytes(sealed[:-1])
    set_aside.unseal_into(path, key, target)
    assert target.read_bytes() == content[:PIECE] + bytes(PIECE + 1000), "the last was cut"
    set_aside.unseal_into(path, HomeKey(bytes(32), "another"), target)
    assert target.read_bytes() == bytes(sealed[:-1]), "of another home: as it is"


class BadDisk(io.BytesIO):
    """A file with a page, `bad`, that its disk cannot read any more."""

    bad = 0

    def read(self, size: int | None = -1, /) -> bytes:
        start = self.tell()
        if start <= self.bad * PAGE < start + (size or 0):
            raise OSError(errno.EIO, "Input/output error")
        return super().read(size)


@pytest.mark.parametrize("bad", [0, 5])
def test_a_page_that_the_disk_does_not_give_back_keeps_nobody_from_opening_a_home(
    plain_home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bad: int
) -> None:
    path, content = plain_home.root / NAME, bytearray((plain_home.root / NAME).read_bytes())
    open_path = Path.open

    def opened(self: Path, mode: str = "r", *given: Any, **named: Any) -> Any:
        return BadDisk(content) if (self, mode) == (path, "rb") else open_path(self, mode, *given, **named)

    with monkeypatch.context() as patched:
        patched.setattr(BadDisk, "bad", bad)
        patched.setattr(Path, "open", opened)
        key = unlock(plain_home, GIVEN).key
    assert key is not None
    set_aside.unseal_into(path, key, tmp_path / "target")
    content[bad * PAGE : (bad + 1) * PAGE] = bytes(PAGE)
    assert (tmp_path / "target").read_bytes() == content


def test_a_damaged_database_of_an_encrypted_home_can_be_read_in_a_plain_one(tmp_path: Path) -> None:
    """SQLCipher's encryption is taken off, of the log too: the key goes with the protection."""
    home = Home(tmp_path / "home")
    home.create()
    key = unlock(home, GIVEN).key
    assert key is not None
    shutil.rmtree(home.snapshots, ignore_errors=True)
    path, copied = home.conversations, home.root / NAME
    make_old_conversations(path, len(MIGRATIONS), key, 100)
    database = Database.open(path, MIGRATIONS, key)
    store = ConversationStore(database)
    store.add_question(store.create("in the log").id, None, "only in the log")
    shutil.copy(path, copied)
    shutil.copy(path.with_name(f"{path.name}-wal"), copied.with_name(f"{NAME}-wal"))
    database.close()
    content = bytearray(copied.read_bytes())
    content[30 * PAGE : 31 * PAGE] = os.urandom(PAGE)
    copied.write_bytes(content)
    unlock(home, GIVEN)
    HomeProtection(home, key).make_plain()
    assert unlock(home, GIVEN).key is None
    target = tmp_path / "rescued.db"
    assert rescue(copied, target, MIGRATIONS, None) > 250
    rescued = Database.open(target, MIGRATIONS, None)
    assert len(ConversationStore(rescued).search("only in the log")) == 1
    rescued.close()
    connection = connect(copied, None)
    assert connection.execute("SELECT count(*) FROM conversations").fetchone() == (101,)
    connection.close()


@pytest.mark.parametrize("encrypted", [True, False])
def test_maru_goes_on_with_what_can_be_read_of_it(plain_home: Home, encrypted: bool) -> None:
    (plain_home.root / f"{NAME}-wal").unlink()
    key = unlock(plain_home, GIVEN if encrypted else Given(plain=True)).key
    budget = budget_of(Settings())
    before = (plain_home.root / NAME).read_bytes()
    found = start_from_set_aside(plain_home, key, NAME, budget)
    assert (found.file, found.kept_as) == ("conversations.db", NAME)
    assert found.rows > 200
    stores = open_stores(plain_home, key, Settings())
    assert len(ConversationStore(stores.conversations).all()) > 50, "the present ones were three"
    assert [one.reason for one in Snapshots(plain_home, key).all()] == [Reason.RESTORE]
    stores.close()
    assert (plain_home.root / NAME).read_bytes() == before
    assert not list(plain_home.root.glob("*.restoring*"))
    assert not encrypted or readable_words(plain_home, QUESTION, "CREATE TABLE") == []
