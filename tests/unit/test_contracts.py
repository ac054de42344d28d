# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The import contracts hold, and each of them is able to fail."""

import json
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINT_IMPORTS = Path(sys.executable).with_name("lint-imports")
FOR_WORKERS = {"llama_cpp", "chromadb", "kreuzberg", "pypdfium2"}
QT = {"PySide6", "shiboken6"}

# One forbidden import for each contract: the file it is planted in, and what is written there.
PLANTS = {
    "Layers of the core": ("assistant/sampling.py", "import assistant.app"),
    "Layers of the window": ("ui/sources_panel.py", "import ui.page_view"),
    "The core knows neither the window nor Qt": ("assistant/paths.py", "import PySide6.QtCore"),
    "llama_cpp has one importer": ("assistant/engine/client.py", "import llama_cpp"),
    "chromadb has one importer": ("assistant/documents/index.py", "import chromadb"),
    "sqlcipher3 has one importer": ("assistant/conversations.py", "import sqlcipher3"),
    "keyring has one importer": ("ui/theme.py", "import keyring"),
}


def contracts() -> list[str]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return [contract["name"] for contract in settings["tool"]["importlinter"]["contracts"]]


def lint(folder: Path) -> str:
    """Return what lint-imports says of the packages in `folder`."""
    command = [LINT_IMPORTS, "--config", "pyproject.toml", "--no-cache", "--no-logo"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False).stdout


def fresh_import(module: str) -> set[str]:
    """Return the names in sys.modules of a new process after importing `module`."""
    code = f"import sys, json; import {module}; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout))


@pytest.fixture
def a_copy(tmp_path: Path) -> Path:
    """Return a folder with the two packages and their contracts."""
    for package in ("assistant", "ui"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_every_contract_is_kept() -> None:
    said = lint(ROOT)
    for name in contracts():
        assert f"{name} KEPT" in said, said


def test_every_contract_has_an_import_that_breaks_it() -> None:
    assert set(PLANTS) == set(contracts())


@pytest.mark.parametrize("name", PLANTS)
def test_a_contract_breaks_on_a_forbidden_import(name: str, a_copy: Path) -> None:
    file, line = PLANTS[name]
    with (a_copy / file).open("a", encoding="utf-8") as source:
        source.write(f"\n{line}\n")
    assert f"{name} BROKEN" in lint(a_copy)


@pytest.mark.parametrize("package", ["assistant", "ui"])
def test_a_module_without_a_layer_is_noticed(package: str, a_copy: Path) -> None:
    (a_copy / package / "newcomer.py").write_text('"""A module."""\n', encoding="utf-8")
    assert f"{package}.newcomer" in lint(a_copy)


def test_the_first_paint_does_not_wait_for_what_nobody_sees_yet() -> None:
    assert not fresh_import("ui.main_window") & {"ui.on_demand", "ui.page_view", "ui.settings_dialog"}


def core_modules() -> list[str]:
    files = sorted((ROOT / "assistant").rglob("*.py"))
    names = [file.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".") for file in files]
    return [name.removesuffix(".__init__") for name in names if not name.endswith("__main__")]


def test_no_core_module_brings_qt() -> None:
    """import-linter takes a misspelt outside name in silence, so the truth is looked at."""
    # One process for all: had any of them brought Qt, it would be there.
    loaded = fresh_import(", ".join(core_modules()))
    assert "assistant.texts" in loaded
    assert not [name for name in loaded if name.split(".")[0] in QT | {"ui"}]


@pytest.mark.parametrize(
    "module", ["assistant.cli", "assistant.app", "assistant.workers.boot", "ui.__main__"]
)
def test_the_terminal_starts_without_qt_and_what_only_workers_need(module: str) -> None:
    assert not {name.split(".")[0] for name in fresh_import(module)} & (FOR_WORKERS | QT)


def test_the_window_starts_without_what_only_workers_need() -> None:
    assert not {name.split(".")[0] for name in fresh_import("ui.main_window")} & FOR_WORKERS
