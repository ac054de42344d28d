# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""One build for every computer: the best library for this processor is loaded, or the next best."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import llama_cpp
import pytest

from assistant.paths import Home
from tests.terminal import ROOT, environment
from tests.terminal import run as doctor

PACKAGE = Path(llama_cpp.__file__).parent
VARIANT = "libggml-cpu-*.so"
ALWAYS_THERE = (
    "libggml",
    "libllama",
    "libstdc++",
    "libgcc_s",
    "libgomp",
    "libm.",
    "libc.",
    "libdl.",
    "ld-linux",
)
AMX = re.compile(r"\b(ldtilecfg|tileloadd|tdpbs[su]d)\b")
LOOK = """
from assistant.engine import llama
llama.start()
print(*llama.log_lines(), sep="\\n")
"""
ANSWER = """
import contextlib, sys
from pathlib import Path
from tests.gpu.engines import greedy, loaded
if __name__ == "__main__":
    with loaded(Path(sys.argv[1]), 0) as engine:
        print(greedy(engine)[0])
"""

pytestmark = pytest.mark.skipif(
    not list((PACKAGE / "lib").glob(VARIANT)), reason="an engine for this computer alone: run make gpu-test"
)


def copy_without(folder: Path, *absent: str) -> Path:
    """Return a folder for PYTHONPATH with the engine, without some of its libraries."""
    wanted = shutil.ignore_patterns(*absent, "include", "cmake", "pkgconfig", "__pycache__")
    shutil.copytree(PACKAGE, folder / "llama_cpp", ignore=wanted)
    return folder


def run(script: str, packages: Path, *arguments: str, **changes: str) -> str:
    surroundings = environment(PYTHONPATH=f"{packages}:{ROOT}", **changes)
    command = [sys.executable, "-c", script, *arguments]
    done = subprocess.run(command, env=surroundings, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def variant(said: str) -> str:
    """Return the name of the library for the processor that was loaded, by ggml's log."""
    loaded = [line for line in said.splitlines() if "loaded CPU backend" in line]
    assert len(loaded) == 1, said
    return loaded[0].rpartition("/")[2]


@pytest.fixture(scope="module")
def best() -> str:
    return variant(run(LOOK, PACKAGE.parent))


def test_the_library_that_is_loaded_is_named(best: str) -> None:
    assert best in [file.name for file in (PACKAGE / "lib").glob(VARIANT)]


@pytest.mark.real_model
def test_the_doctor_names_it(best: str, home: Home) -> None:
    assert f"libggml-cpu-{doctor(home.root, 'doctor', '--json').json['variant']}.so" == best


def test_without_the_best_library_the_next_best_is_loaded(best: str, tmp_path: Path) -> None:
    """Each time the chosen one is taken away: at last the one for every processor is left."""
    absent: list[str] = []
    while (chosen := variant(run(LOOK, copy_without(tmp_path / str(len(absent)), *absent)))) not in absent:
        absent.append(chosen)
        if chosen == "libggml-cpu-x64.so":
            break
    assert absent[0] == best
    assert absent[-1] == "libggml-cpu-x64.so"
    assert len(absent) > 1, "this processor knows nothing beyond SSE2: nothing was tested"


@pytest.mark.real_model
def test_the_library_for_every_processor_writes(chat_model: Path, tmp_path: Path) -> None:
    kept = {"libggml-cpu-x64.so"}
    absent = {file.name for file in (PACKAGE / "lib").glob(VARIANT)} - kept
    said = run(ANSWER, copy_without(tmp_path, *absent), str(chat_model))
    assert said.strip()


@pytest.mark.real_model
def test_without_the_graphics_library_the_processor_works(
    best: str, chat_model: Path, tmp_path: Path
) -> None:
    packages = copy_without(tmp_path, "libggml-vulkan.so")
    assert variant(run(LOOK, packages)) == best
    assert run(ANSWER, packages, str(chat_model)).strip()


@pytest.mark.real_model
def test_a_computer_without_vulkan_is_passed_over_in_silence(
    best: str, chat_model: Path, tmp_path: Path
) -> None:
    packages = copy_without(tmp_path)
    library = packages / "llama_cpp" / "lib" / "libggml-vulkan.so"
    content = library.read_bytes()
    assert content.count(b"libvulkan.so.1\0") == 1
    library.write_bytes(content.replace(b"libvulkan.so.1\0", b"libabsent.so.1\0"))
    said = run(LOOK, packages)
    assert variant(said) == best
    assert "loaded Vulkan backend" not in said
    assert run(ANSWER, packages, str(chat_model)).strip()


def test_no_library_needs_what_a_computer_may_lack() -> None:
    """Only the one for Vulkan may need its loader: where that is absent, the file is passed over."""
    needing = {}
    for file in (PACKAGE / "lib").glob("*.so"):
        if "llama-common" in file.name:  # of llama.cpp's own programs; nothing here loads it
            continue
        asked = subprocess.run(["readelf", "-d", str(file)], capture_output=True, text=True, check=True)
        names = set(re.findall(r"NEEDED.*\[(.+?)\]", asked.stdout))
        needing[file.name] = {name for name in names if not name.startswith(ALWAYS_THERE)}
    assert {name for name, needs in needing.items() if needs} == {"libggml-vulkan.so"}
    assert needing["libggml-vulkan.so"] == {"libvulkan.so.1"}


def test_no_library_holds_instructions_that_the_compiler_gets_wrong() -> None:
    """llama.cpp's code for AMX, as GCC 12 builds it, dies on every Xeon since Sapphire Rapids."""
    for file in (PACKAGE / "lib").glob(VARIANT):
        listed = subprocess.run(["objdump", "-d", str(file)], capture_output=True, text=True, check=True)
        assert not AMX.search(listed.stdout), file.name
