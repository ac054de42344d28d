# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What the engine is built with, and what is said where it cannot be."""

import shlex
import sys
from pathlib import Path

import pytest

from tests.unit.packaging.scripts import ROOT, load

backends = load("backends")
engine = load("engine")
steps = load("steps")
set_up = load("set_up")

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="asks for what Linux lacks")


def test_a_wrong_backend_is_named_with_the_right_ones() -> None:
    said = backends.problem("cudda")
    assert '"cudda"' in said
    assert "cpu, vulkan, cuda" in said


@on_linux
def test_metal_is_not_offered_where_it_is_not() -> None:
    said = backends.problem("metal")
    assert said.startswith("Metal is not to be had on this system.")
    assert "cpu, vulkan, cuda, rocm" in said


@pytest.mark.parametrize(("name", "program"), [("cuda", "nvcc"), ("rocm", "hipcc")])
@on_linux
def test_a_missing_compiler_is_named_with_how_to_get_it(
    name: str, program: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backends.shutil, "which", lambda *_, **__: None)
    said = backends.problem(name)
    assert f"needs {program}, which was not found" in said
    assert f"make install BACKEND={name} again" in said
    assert "Install" in said


@on_linux
def test_a_compiler_outside_of_the_path_is_told_to_cmake(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compiler = tmp_path / "nvcc"
    compiler.touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    cuda = backends.BACKENDS["cuda"]
    tool = backends.Tool("nvcc", (str(tmp_path),), "Get it.", "blas.h")
    placed = backends.Backend("cuda", "CUDA", cuda.flags, tool)
    monkeypatch.setitem(backends.BACKENDS, "cuda", placed)
    monkeypatch.setattr(backends, "HEADERS", (str(tmp_path / "headers"),))
    assert "needs blas.h, which was not found. Get it." in backends.problem("cuda")
    (tmp_path / "headers").mkdir()
    (tmp_path / "headers" / "blas.h").touch()
    assert backends.problem("cuda") == ""
    assert backends.own("cuda", None).environment["CUDACXX"] == str(compiler)


@on_linux
def test_the_compiler_of_rocm_is_asked_for_its_folders(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "hipcc").touch(mode=0o755)
    (tmp_path / "hipconfig").write_text('#!/bin/sh\n[ "$1" = -l ] && echo /r/llvm/bin || echo /r\n')
    (tmp_path / "hipconfig").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    recipe = backends.own("rocm", None)
    assert recipe.environment["HIPCXX"] == "/r/llvm/bin/clang"
    assert recipe.environment["HIP_PATH"] == "/r"
    assert "-DGGML_HIP=ON" in recipe.flags


@pytest.mark.parametrize(
    ("name", "flag"),
    [("vulkan", "-DGGML_VULKAN=ON"), ("cuda", "-DGGML_CUDA=ON"), ("metal", "-DGGML_METAL=ON")],
)
def test_each_backend_has_its_flag(name: str, flag: str) -> None:
    assert flag in backends.own(name, None).flags
    assert flag not in backends.own("cpu", None).flags


def test_flags_of_a_person_come_last() -> None:
    variables = backends.own("cpu", None, "-DGGML_OPENMP=OFF '-DCMAKE_C_FLAGS=-O2 -g'").variables()
    assert shlex.split(variables["CMAKE_ARGS"])[-2:] == ["-DGGML_OPENMP=OFF", "-DCMAKE_C_FLAGS=-O2 -g"]


@on_linux
def test_no_build_has_the_code_for_amx_and_headers_may_lie_in_any_folder() -> None:
    headers = Path("/a folder/include")
    for recipe in (backends.own("vulkan", headers), backends.portable(headers, vulkan=True)):
        variables = recipe.variables()
        assert variables["CFLAGS"] == "-U__AMX_INT8__"
        assert variables["CXXFLAGS"] == "-U__AMX_INT8__ -I'/a folder/include'"
        assert "-DVulkan_INCLUDE_DIR=/a folder/include" in shlex.split(variables["CMAKE_ARGS"])


def test_the_engine_for_every_computer_has_every_variant_and_nothing_of_this_processor() -> None:
    without, with_vulkan = (backends.portable(None, vulkan=vulkan).flags for vulkan in (False, True))
    assert {"-DGGML_NATIVE=OFF", "-DGGML_BACKEND_DL=ON", "-DGGML_CPU_ALL_VARIANTS=ON"} <= set(without)
    assert set(with_vulkan) - set(without) == {"-DGGML_VULKAN=ON"}
    assert not any("native" in flag.lower() for flag in without if flag != "-DGGML_NATIVE=OFF")


def test_a_build_never_sees_the_epoch_that_makes_it_slow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1")
    assert "SOURCE_DATE_EPOCH" not in steps.surroundings({"A": "1"})
    assert steps.surroundings({"A": "1"})["A"] == "1"


def test_the_kept_engine_is_known_by_version_and_flags(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "ENGINE", tmp_path)
    monkeypatch.setattr(engine, "STAMP", tmp_path / "built")
    (tmp_path / "engine.whl").touch()
    assert engine._kept() is None
    (tmp_path / "built").write_text(engine.stamp(), encoding="utf-8")
    assert engine._kept() == tmp_path / "engine.whl"
    (tmp_path / "built").write_text(engine.stamp().replace("==", "==9"), encoding="utf-8")
    assert engine._kept() is None


def test_the_engine_is_the_pinned_one() -> None:
    assert engine.requirement() in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert engine.requirement().startswith("llama_cpp_python==")


def test_a_failing_step_shows_the_end_of_what_it_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = [sys.executable, "-c", "print('first'); print('the reason'); raise SystemExit(3)"]
    assert not steps.run("Trying", command, tmp_path / "log", steps.surroundings())
    said = capsys.readouterr().out
    assert "the reason" in said
    assert f"This step failed: Trying. All of what it said is in {tmp_path / 'log'}" in said


class SetUp:
    """The set-up with pip's commands noted instead of run, in a folder of its own."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, *, built_for: str = "") -> None:
        self.commands: list[tuple[list[str], dict[str, str]]] = []
        for name, file in (("LOG", "set-up.log"), ("READY", "ready"), ("BACKEND", "backend")):
            monkeypatch.setattr(set_up, name, folder / file)
        if built_for:
            (folder / "backend").write_text(built_for + "\n", encoding="utf-8")
        monkeypatch.setattr(set_up, "_has_own_python", lambda: True)
        monkeypatch.setattr(set_up, "_has_engine", lambda: True)
        monkeypatch.setattr(set_up.steps, "run", self._note)
        self.folder = folder

    def _note(self, _words: str, command: list[str], _log: Path, environment: dict[str, str]) -> bool:
        self.commands.append((command, environment))
        return True

    def builds(self) -> list[str]:
        """Return cmake's flags of every build of the engine."""
        return [at["CMAKE_ARGS"] for command, at in self.commands if set_up.ENGINE in command]


def test_the_engine_is_not_built_again_for_the_same_backend(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    setting_up = SetUp(tmp_path, monkeypatch)
    assert set_up.main([]) == 0
    assert set_up.main(["cpu"]) == 0
    assert setting_up.builds() == []
    assert (tmp_path / "ready").exists()


def test_the_chosen_backend_is_built_and_stays_until_another_is_chosen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    setting_up = SetUp(tmp_path, monkeypatch)
    monkeypatch.setattr(set_up.backends, "problem", lambda _name: "")
    assert set_up.main(["cuda"]) == 0
    assert "-DGGML_CUDA=ON" in setting_up.builds()[-1]
    assert set_up.main([]) == 0
    assert len(setting_up.builds()) == 1
    assert set_up.main(["cpu"]) == 0
    assert len(setting_up.builds()) == 2
    assert "CUDA" not in setting_up.builds()[-1]
    assert (tmp_path / "backend").read_text(encoding="utf-8") == "cpu\n"


def test_a_build_that_fails_leaves_the_note_of_the_engine_that_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    SetUp(tmp_path, monkeypatch)
    monkeypatch.setattr(set_up.backends, "problem", lambda _name: "")
    monkeypatch.setattr(set_up.steps, "run", lambda words, *_: "engine" not in words)
    assert set_up.main(["cuda"]) == 1
    assert not (tmp_path / "backend").exists()
    assert not (tmp_path / "ready").exists()


def test_a_backend_that_cannot_be_built_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    setting_up = SetUp(tmp_path, monkeypatch)
    (tmp_path / "ready").touch()
    assert set_up.main(["gpu"]) == 1
    assert 'There is no backend "gpu".' in capsys.readouterr().out
    assert setting_up.commands == []
    assert (tmp_path / "ready").exists()
