# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What a hostile file could do that had taken over the parser: read what it was given, and no more."""

import errno
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from assistant.documents.parser import parser_spec
from assistant.documents.protocol import ParserSettings
from assistant.documents.readers.source import open_source
from assistant.workers import call_filter, confinement, landlock
from assistant.workers.confinement import confine
from assistant.workers.process import WorkerProcess
from tests.unit.documents.reader_gone_bad import MODULE, Attempt, FirstBytes
from tests.waiting import until

if sys.platform != "linux" or not landlock.version() or not call_filter.known():
    pytest.skip("the system has no Landlock or no filter for its calls", allow_module_level=True)


@pytest.fixture(scope="module")
def taken_over() -> Iterator[WorkerProcess]:
    worker = WorkerProcess(replace(parser_spec(ParserSettings()), module=MODULE))
    yield worker
    worker.close()


@pytest.mark.parametrize("what", ["read", "write", "remove", "rename"])
def test_a_file_that_was_not_handed_over_is_closed(
    taken_over: WorkerProcess, tmp_path: Path, what: str
) -> None:
    file = tmp_path / "diary.txt"
    file.write_text("words of the user")
    assert taken_over.request(Attempt(what, file)) == "PermissionError"
    assert file.read_text() == "words of the user"


@pytest.mark.parametrize("what", ["make a folder", "link", "write"])
def test_nothing_can_be_made(taken_over: WorkerProcess, tmp_path: Path, what: str) -> None:
    assert taken_over.request(Attempt(what, tmp_path / "new")) == "PermissionError"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("what", ["change the rights", "change the time"])
def test_nothing_of_a_file_can_be_changed(taken_over: WorkerProcess, tmp_path: Path, what: str) -> None:
    file = tmp_path / "diary.txt"
    file.touch(0o600)
    before = file.stat()
    assert taken_over.request(Attempt(what, file)) == "PermissionError"
    assert (file.stat().st_mode, file.stat().st_mtime_ns) == (before.st_mode, before.st_mtime_ns)


@pytest.mark.parametrize("path", ["/etc/passwd", "/proc/self/environ", "/etc", str(Path.home())])
def test_the_rest_of_the_system_is_closed(taken_over: WorkerProcess, path: str) -> None:
    what = "list" if Path(path).is_dir() else "read"
    assert taken_over.request(Attempt(what, Path(path))) == "PermissionError"


@pytest.mark.tries_network
@pytest.mark.parametrize(
    "what",
    ["internet socket", "local socket", "start a program", "fork", "signal the parent", "ring"],
)
def test_network_programs_and_processes_are_refused(taken_over: WorkerProcess, what: str) -> None:
    assert taken_over.request(Attempt(what)) == "PermissionError"


@pytest.mark.tries_network
def test_a_name_cannot_be_looked_up(taken_over: WorkerProcess) -> None:
    assert taken_over.request(Attempt("look a name up")) == "gaierror"


@pytest.mark.parametrize("what", ["pair", "thread", "import", "null"])
def test_what_readers_need_still_works(taken_over: WorkerProcess, what: str) -> None:
    assert taken_over.request(Attempt(what)) == "done"


def test_the_file_handed_over_can_be_read_however_large_the_call(
    taken_over: WorkerProcess, tmp_path: Path
) -> None:
    file = tmp_path / "a.txt"
    file.write_text("own words")
    for filling in (b"", b"x" * 100_000, b""):
        with open_source(file) as source:
            call = FirstBytes(filling, descriptor=source.descriptor)
            assert taken_over.request(call) == b"own words"
    assert taken_over.pid is not None
    before = psutil.Process(taken_over.pid).num_fds()
    for _ in range(20):
        with open_source(file) as source:
            taken_over.request(FirstBytes(descriptor=source.descriptor))
    assert psutil.Process(taken_over.pid).num_fds() == before


def test_a_file_is_handed_over_again_where_the_process_died_idle(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("own words")
    worker = WorkerProcess(replace(parser_spec(ParserSettings()), module=MODULE))
    with open_source(tmp_path / "a.txt") as source:
        call = FirstBytes(descriptor=source.descriptor)
        worker.request(call)
        psutil.Process(worker.pid).kill()
        until(lambda: worker.pid is None)
        assert worker.request(call) == b"own words"
    assert worker.starts == 2
    worker.close()


FILTERED = """
import sys
from assistant.workers import {module}
{module}.{refusal}
from assistant.workers.confinement import confine
found = confine()
print(found.files, found.network, found.reason)
"""


@pytest.mark.parametrize(
    ("module", "refusal", "told"),
    [
        ("landlock", "restrict = lambda _folders: (_ for _ in ()).throw(OSError(38, ''))", "False True"),
        ("call_filter", "known = lambda: False", "True False"),
        ("call_filter", "refuse_calls = lambda: (_ for _ in ()).throw(OSError(22, ''))", "True False"),
    ],
)
def test_what_the_kernel_does_not_offer_is_told_and_the_rest_is_done(
    module: str, refusal: str, told: str
) -> None:
    code = FILTERED.format(module=module, refusal=refusal)
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == f"{told} this computer's Linux kernel does not offer it"


def test_a_process_that_has_threads_is_left_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object) -> None:
        raise AssertionError("must not be called")

    monkeypatch.setattr(landlock, "restrict", refuse)
    monkeypatch.setattr(confinement.Path, "iterdir", lambda _path: iter([Path("1"), Path("2")]))
    found = confine()
    assert (found.files, found.network) == (False, False)


def test_another_system_says_that_only_linux_can(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert str(confine().reason) == "only Linux can do that"


def test_the_folder_maru_was_started_from_stays_closed(tmp_path: Path) -> None:
    (tmp_path / "diary.txt").write_text("words")
    code = (
        "import sys; sys.path.insert(0, '')\n"
        "from assistant.workers.confinement import confine\n"
        "assert confine().files\n"
        "try: open('diary.txt')\n"
        "except PermissionError as error: print(error.errno)\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == str(errno.EACCES)


def test_a_built_program_keeps_its_own_folder_and_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path / "Maru" / "_internal"), raising=False)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "Maru" / "maru"))
    kept = set(confinement._readable())
    assert {tmp_path / "Maru" / "_internal", tmp_path / "Maru" / "maru"} <= kept
    assert tmp_path / "Maru" not in kept


def test_an_older_kernel_is_asked_only_for_what_it_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def call(number: int, *arguments: object) -> int:
        asked.append((number, arguments))
        raise OSError(errno.E2BIG, "too big")

    monkeypatch.setattr(landlock, "_call", call)
    for version, size in ((1, 8), (3, 8), (4, 16), (5, 16), (6, 24), (9, 24)):
        monkeypatch.setattr(landlock, "version", lambda known=version: known)
        with pytest.raises(OSError, match="too big"):
            landlock.restrict([])
        assert asked[-1][1][1] == size
