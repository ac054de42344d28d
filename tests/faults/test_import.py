# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The import of a model, stopped at any byte: never selectable until it is whole and compared."""

import hashlib
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from assistant import model_files
from assistant.model_files import UNFINISHED
from assistant.model_import import import_model
from assistant.paths import Home
from tests.assistants import embedding_file
from tests.fault_table import trials
from tests.gguf_files import CHAT, write_gguf

__all__ = ["embedding_file"]

ROOT = Path(__file__).parents[2]
BLOCK = 4096
BLOCKS = 48  # of the model, written once and read again once
# Says on standard output how far it is; ends with the error's message where there was one.
IMPORT = f"""
import sys
from pathlib import Path
if sys.argv[3]:
    import resource
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), int(sys.argv[3])))
from assistant import model_import
from assistant.errors import MaruError
from assistant.paths import Home
model_import.BLOCK = {BLOCK}
try:
    for step in model_import.import_model(Path(sys.argv[1]), Home(Path(sys.argv[2]))):
        print(step.done, flush=True)
    print("imported", flush=True)
except MaruError as error:
    print(error, flush=True)
"""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Return a model of many blocks, no two of them alike."""
    path = write_gguf(tmp_path / "mine.gguf", CHAT, tensors=[("w", (BLOCK * BLOCKS // 4,))])
    content = path.read_bytes()
    path.write_bytes(content[: -BLOCK * BLOCKS] + random.Random(13).randbytes(BLOCK * BLOCKS))
    return path


def started(source: Path, home: Home, *prefix: str, most: int | None = None) -> "subprocess.Popen[str]":
    """Start an import in a process of its own, which can write files of `most` bytes."""
    limit = "" if most is None else str(most)
    command = [*prefix, sys.executable, "-c", IMPORT, str(source), str(home.root), limit]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    return subprocess.Popen(command, text=True, cwd=ROOT, **pipes)


def selectable(home: Home) -> list[Path]:
    """Return what a person could choose, the starters aside."""
    return [model.path for model in model_files.list_models(home) if model.name == "Tiny"]


def demand_nothing_or_the_whole(source: Path, home: Home) -> bool:
    """Demand that the model is whole where it can be chosen; say whether it can."""
    found = selectable(home)
    for path in found:
        assert path.read_bytes() == source.read_bytes()
    return bool(found)


def demand_that_the_next_import_succeeds(source: Path, home: Home) -> None:
    steps = import_model(source, home)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            model = end.value
            break
    assert model.sha256 == hashlib.sha256(source.read_bytes()).hexdigest()
    assert selectable(home) == [home.models / source.name]
    assert not (home.models / UNFINISHED).exists()


def fresh(tmp_path: Path, number: int, embedding_file: Path) -> Home:
    home = Home(tmp_path / f"home-{number}")
    home.create()
    for path in (embedding_file, embedding_file.with_name(embedding_file.name + ".sha256")):
        os.link(path, home.models / path.name)
    return home


def steps_to_try(count: int, of: int) -> Sequence[int]:
    """Return `count` different numbers below `of`, the first and the last among them."""
    inner = random.Random(count).sample(range(1, of - 1), min(count, of) - 2)
    return [0, *sorted(inner), of - 1]


@pytest.mark.fault("F13")
def test_killed_at_any_step(
    tmp_path: Path, source: Path, embedding_file: Path, record_property: Callable[[str, object], None]
) -> None:
    numbers = steps_to_try(trials(6, 60), 2 * BLOCKS)
    for number in numbers:
        home = fresh(tmp_path, number, embedding_file)
        with started(source, home) as process:
            assert process.stdout is not None
            for _ in range(number + 1):
                process.stdout.readline()
            process.kill()
        if not demand_nothing_or_the_whole(source, home):  # it may have been quicker than the kill
            assert (home.models / UNFINISHED).exists()
        demand_that_the_next_import_succeeds(source, home)
    record_property("trials", len(numbers))


@pytest.mark.fault("F13")
@pytest.mark.skipif(sys.platform == "win32", reason="runs on Linux and macOS: limits of POSIX")
def test_the_disk_full_at_any_byte(
    tmp_path: Path, source: Path, embedding_file: Path, record_property: Callable[[str, object], None]
) -> None:
    numbers = steps_to_try(trials(4, 40), source.stat().st_size)
    for number in numbers:
        home = fresh(tmp_path, number, embedding_file)
        with started(source, home, most=number) as process:
            said = process.communicate()[0].splitlines()
        assert "mine.gguf could not be copied (File too large)." in said[-1]
        assert selectable(home) == []
        assert not (home.models / UNFINISHED).exists(), "room is given back at once"
        demand_that_the_next_import_succeeds(source, home)
    record_property("trials", len(numbers))


@pytest.mark.fault("F13")
@pytest.mark.untraced("runs strace itself")
@pytest.mark.skipif(shutil.which("strace") is None, reason="runs where strace is installed and may watch")
@pytest.mark.parametrize(
    "fault",
    [
        "inject=fsync:signal=KILL:when=1",  # written, not safe on the disk
        "inject=fsync:error=EIO:when=1",
        "inject=rename:signal=KILL:when=1",  # whole and compared, not in its place
        "inject=rename:error=ENOSPC:when=1",
        "inject=fsync:signal=KILL:when=3",  # in its place, the name not safe on the disk
    ],
)
def test_cut_off_between_the_steps_that_count(
    tmp_path: Path, source: Path, embedding_file: Path, fault: str
) -> None:
    home = fresh(tmp_path, 0, embedding_file)
    calls = fault.partition("=")[2].partition(":")[0]
    with started(source, home, "strace", "-f", "-qq", "-e", f"trace={calls}", "-e", fault) as process:
        said = process.communicate()[0]
    assert "imported" not in said
    assert demand_nothing_or_the_whole(source, home) == fault.endswith("when=3")
    demand_that_the_next_import_succeeds(source, home)


@pytest.mark.fault("F13")
def test_what_an_import_left_cannot_be_chosen(tmp_path: Path, source: Path, embedding_file: Path) -> None:
    home = fresh(tmp_path, 0, embedding_file)
    left = home.models / UNFINISHED
    left.mkdir()
    shutil.copy(source, left / source.name)
    assert selectable(home) == [], "even where all its bytes are there: nobody compared them"
