# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The house rules that no linter knows; every message says how to follow the rule."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ("assistant", "ui", "packaging")
SPDX = "# SPDX-FileCopyrightText: 2026 The Maru authors\n# SPDX-License-Identifier: Apache-2.0\n"
LONGEST_MODULE = 400
LONGEST_FUNCTION = 40
VAGUE_WORDS = {
    "manager",
    "helper",
    "helpers",
    "util",
    "utils",
    "handler",
    "service",
    "base",
    "common",
    "data",
}
EXACT_PHRASE = "personal_data"
# Where a heavy library must not be loaded before it is wanted, or its settings must come first.
LATE_IMPORTS = {
    "ui/__main__.py",
    "ui/app.py",
    "ui/main_window.py",
    "assistant/workers/boot.py",
    "assistant/documents/index_worker.py",
    "assistant/documents/vector_store.py",
    "assistant/documents/watch.py",
    "assistant/credentials.py",
    "assistant/cipher_pages.py",
    "assistant/sealed.py",
    "assistant/privacy/filter.py",
    "assistant/commands/redact_input.py",
}
# Spelled in parts, so that this file keeps the rules it checks.
HOSTS = re.compile(
    "|".join(
        ["py" + r"pi\.org", "python" + "hosted", "huggingface" + r"\.co\b", "npm" + "js", "--index" + "-url"]
    )
)
OWN_PATHS = re.compile("|".join(["/wo" + "rk/", "/ro" + "ot/", r"[A-Z]:\\+Us" + "ers"]))
UNFINISHED = re.compile(r"\b(TO" + "DO|FIX" + "ME|XX" + r"X)\b|NotImplemented" + "Error")
TEXT_ENDINGS = {
    ".py",
    ".toml",
    ".md",
    ".txt",
    ".sh",
    ".json",
    ".yml",
    ".cfg",
    ".qss",
    ".svg",
    ".po",
    ".spec",
    "",
}
LITERAL_ARGUMENTS = {"tr": 1, "text": 1, "trn": 2}

Function = ast.FunctionDef | ast.AsyncFunctionDef


def python_files(*folders: str) -> list[Path]:
    built = {ROOT / "packaging" / "build", ROOT / "packaging" / "dist"}
    found = (file for folder in folders for file in (ROOT / folder).rglob("*.py"))
    return sorted(file for file in found if not built & set(file.parents))


def text_files() -> list[Path]:
    """Return the files of the repository that a person wrote."""
    own = [ROOT / name for name in ("assistant", "ui", "packaging", "resources", "tests", ".ci")]
    deep = [file for folder in own for file in folder.rglob("*") if file.is_file()]
    wide = [file for file in ROOT.iterdir() if file.is_file()]
    skipped = {ROOT / "packaging" / "build", ROOT / "packaging" / "dist", ROOT / "tests" / "data"}
    skipped.add(ROOT / "tests" / "benchmarks" / "cache")
    return [
        file
        for file in sorted(deep + wide)
        if file.suffix in TEXT_ENDINGS and "__pycache__" not in file.parts and not skipped & set(file.parents)
    ]


def name_of(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def walk(file: Path) -> Iterator[ast.AST]:
    return ast.walk(ast.parse(file.read_text(encoding="utf-8")))


def words_of(name: str) -> set[str]:
    return {word.lower() for word in re.findall(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])", name)}


def is_named_by_others(node: ast.AST) -> bool:
    """Say whether a method has a name that Qt or html.parser prescribes, or one in Qt's spelling."""
    return isinstance(node, Function) and (
        node.name in {"data", "handle_data"} or node.name != node.name.lower()
    )


def matches(pattern: re.Pattern[str], files: list[Path]) -> list[str]:
    return [
        f"{name_of(file)}:{number}: {line.strip()[:100]}"
        for file in files
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        if pattern.search(line)
    ]


def test_every_file_names_its_authors_and_its_licence() -> None:
    without = [
        name_of(f) for f in python_files(*PRODUCT, "tests") if not f.read_text("utf-8").startswith(SPDX)
    ]
    assert not without, f"Begin these files with the two SPDX lines: {without}"


def test_no_module_grows_beyond_what_a_reader_can_hold() -> None:
    lengths = {name_of(f): len(f.read_text("utf-8").splitlines()) for f in python_files(*PRODUCT)}
    long = {name: n for name, n in lengths.items() if n > LONGEST_MODULE}
    assert not long, f"Split these modules along what changes together: {long}"


def test_no_function_grows_beyond_a_screen() -> None:
    long = [
        f"{name_of(file)}:{node.lineno} {node.name}"
        for file in python_files(*PRODUCT)
        for node in walk(file)
        if isinstance(node, Function) and (node.end_lineno or 0) - node.lineno + 1 > LONGEST_FUNCTION
    ]
    assert not long, f"Give a part of these functions a name of its own: {long}"


def test_packaging_is_no_package() -> None:
    assert not (ROOT / "packaging" / "__init__.py").exists(), (
        "it would hide the library that pip and pytest need"
    )


def test_a_package_root_holds_only_its_docstring() -> None:
    full = [
        name_of(file)
        for file in python_files("assistant", "ui")
        if file.name == "__init__.py" and len(ast.parse(file.read_text("utf-8")).body) != 1
    ]
    assert not full, f"Import from the module that defines a name, not from a package root: {full}"


def test_modules_and_classes_say_what_they_are() -> None:
    silent = []
    for file in python_files(*PRODUCT):
        tree = ast.parse(file.read_text("utf-8"))
        classes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
        silent += [
            f"{name_of(file)}: {getattr(n, 'name', 'module')}"
            for n in (tree, *classes)
            if not ast.get_docstring(n)
        ]
    assert not silent, f"Write a docstring: {silent}"


def test_names_say_what_a_thing_is() -> None:
    vague = [name_of(file) for file in python_files(*PRODUCT) if words_of(file.stem) & VAGUE_WORDS]
    vague += [
        f"{name_of(file)}:{node.lineno} {node.name}"
        for file in python_files(*PRODUCT)
        for node in walk(file)
        if isinstance(node, ast.ClassDef | Function)
        and not is_named_by_others(node)
        and words_of(node.name.replace(EXACT_PHRASE, "")) & VAGUE_WORDS
    ]
    assert not vague, f"Name the thing by what it does: {vague}"


def test_imports_stand_at_the_top() -> None:
    late = [
        f"{name_of(file)}:{node.lineno}"
        for file in python_files("assistant", "ui")
        if name_of(file) not in LATE_IMPORTS
        for function in walk(file)
        if isinstance(function, Function)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert not late, f"Move these imports to the top of the file: {late}"


def test_sentences_are_literals_that_the_extractor_finds() -> None:
    hidden = []
    for file in python_files("assistant", "ui"):
        for node in walk(file):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            count = LITERAL_ARGUMENTS.get(node.func.id, 0)
            literal = [isinstance(a, ast.Constant) and isinstance(a.value, str) for a in node.args[:count]]
            if count and (len(literal) < count or not all(literal)):
                hidden.append(f"{name_of(file)}:{node.lineno}")
    assert not hidden, f"Give tr, text and trn literal sentences; put values into {{places}}: {hidden}"


def test_every_dependency_is_pinned_by_name_and_version() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if not line.startswith("#")]
    odd = [line for line in pins if not re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.]+", line)]
    assert not odd, f"Write plain name==version: {odd}"
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    pinned = {normal(pin.split("==")[0]) for pin in pins}
    loose = [name for name in wanted if normal(re.split(r"[<>=!~; \[]", name)[0]) not in pinned]
    assert not loose, f"Pin these in constraints.txt, with what they bring along: {loose}"


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_nothing_is_left_unfinished() -> None:
    found = matches(UNFINISHED, python_files(*PRODUCT))
    assert not found, f"Finish it or leave it out: {found}"


@pytest.mark.parametrize(
    ("pattern", "cure"),
    [
        pytest.param(HOSTS, "Packages come by name; where from is the machine's business", id="hosts"),
        pytest.param(OWN_PATHS, "Make the path from the repository's root or the user's home", id="paths"),
    ],
)
def test_no_file_ties_the_repository_to_a_machine(pattern: re.Pattern[str], cure: str) -> None:
    found = matches(pattern, text_files())
    assert not found, f"{cure}: {found}"
