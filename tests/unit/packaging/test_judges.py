# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The libraries that judge numbers are imported by name: the packaged program has to hold all of them."""

import re
import runpy
from importlib import import_module
from pathlib import Path

from assistant.privacy.checks import Standard
from assistant.privacy.recognizers import RECOGNIZERS
from tests.unit.packaging.scripts import ROOT

HOOKS = ROOT / "packaging" / "hooks"
CHECKS = {check for row in RECOGNIZERS for check in (row.possible, row.certain)}
MODULES = {f"stdnum.{check.module}" for check in CHECKS if isinstance(check, Standard)}


def test_every_module_that_a_row_names_is_there_and_is_packaged() -> None:
    hook = runpy.run_path(str(HOOKS / "hook-stdnum.py"))
    assert len(MODULES) > 40
    assert set(hook["hiddenimports"]) >= MODULES
    assert all(callable(import_module(module).is_valid) for module in MODULES)


def test_the_tables_that_those_modules_read_are_packaged() -> None:
    hook = runpy.run_path(str(HOOKS / "hook-stdnum.py"))
    packaged = {Path(source).name for source, _ in hook["datas"]}
    sources = [Path(str(import_module(module).__file__)).read_text(encoding="utf-8") for module in MODULES]
    read = {table for source in sources for table in re.findall(r"numdb\.get\('([^']+)'\)", source)}
    assert read
    assert {f"{Path(table).name}.dat" for table in read} <= packaged


def test_a_library_under_the_lgpl_stays_files_of_its_own() -> None:
    assert runpy.run_path(str(HOOKS / "hook-stdnum.py"))["module_collection_mode"] == "py"


def test_every_country_has_its_number_plan_in_the_program() -> None:
    hook = runpy.run_path(str(HOOKS / "hook-phonenumbers.py"))
    assert {"phonenumbers.data.region_KR", "phonenumbers.data.region_US"} <= set(hook["hiddenimports"])


def test_the_judges_are_named_in_the_recipe() -> None:
    recipe = (ROOT / "packaging" / "maru.spec").read_text(encoding="utf-8")
    assert re.search(r'JUDGES = \["phonenumbers", "stdnum"\]', recipe)
    excluded = re.search(r"EXCLUDES = \[(.*?)\]", recipe, re.DOTALL)
    assert excluded
    assert '"pydoc"' not in excluded[1]  # stdnum imports it
