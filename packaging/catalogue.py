# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The catalogues of Maru's sentences: `extract` new ones, `check` that none is missing, `compile`.

    .venv/bin/python packaging/catalogue.py extract|check|compile

Keywords: `tr` and `text` (the sentence first), `trn` and `textn` (singular, plural). A catalogue is good
when it has every sentence of the program and no other, none empty or fuzzy, each with the same `{places}`
as the English one, and when its .mo says the same as its .po.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
LOCALE = ROOT / "resources" / "locale"
PACKAGES = ("assistant", "ui")
HEADER = """\
# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0"""
LANGUAGES = ("ko",)  # English is the message id
KEYWORDS = ("tr", "text", "trn", "textn")
PLACE = re.compile(r"(?<!\{)\{(\w+)[^{}]*\}(?!\})")

Sentence = str | tuple[str, ...]


def sentences(root: Path = ROOT) -> Iterator[tuple[Sentence, str]]:
    """Yield every sentence of the program: (message id, or singular and plural; file)."""
    for file in sorted(path for name in PACKAGES for path in (root / name).rglob("*.py")):
        tree = ast.parse(file.read_bytes(), file.name)  # no list of tokens: it hides what f-strings say
        calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and _keyword(node) in KEYWORDS]
        for call in sorted(calls, key=lambda one: (one.lineno, one.col_offset)):
            words = [_literal(argument) for argument in call.args]
            if words and words[0]:  # else no literal, or the empty text
                plural = _keyword(call) in ("trn", "textn")
                yield (words[0], words[1]) if plural else words[0], file.relative_to(root).as_posix()


def _keyword(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _literal(argument: ast.expr) -> str:
    """Return a literal text, "" for anything else."""
    match argument:
        case ast.Constant(value=str(words)):
            return words
    return ""


def template(root: Path = ROOT) -> Catalog:
    """Return the sentences of the program as a catalogue without translations."""
    catalogue = Catalog(fuzzy=False)
    for sentence, file in sentences(root):
        catalogue.add(sentence, locations=[(file, 0)])
    return catalogue


def po_file(language: str, locale: Path = LOCALE) -> Path:
    """Return where the catalogue of `language` lies; its .mo lies beside it."""
    return locale / language / "LC_MESSAGES" / "maru.po"


def read(language: str, locale: Path = LOCALE) -> Catalog:
    """Return the catalogue of `language`, an empty one where there is no file."""
    path = po_file(language, locale)
    if not path.exists():
        return Catalog(
            locale=language,
            project="Maru",
            version="1",
            msgid_bugs_address="",
            header_comment=HEADER,
            last_translator="The Maru authors",
            language_team="",
            fuzzy=False,
        )
    with path.open("rb") as source:
        return read_po(source, locale=language)


def faults(wanted: Catalog, language: str, locale: Path = LOCALE) -> list[str]:
    """Return what is wrong with the catalogue of `language`, a line for each fault."""
    catalogue = read(language, locale)
    found = [line for message in _messages(wanted) for line in _faults_of(message, catalogue.get(message.id))]
    found += [f"not in the program any more: {m.id!r}" for m in _messages(catalogue) if m.id not in wanted]
    compiled = po_file(language, locale).with_suffix(".mo")
    if not found and _content(catalogue) != _compiled_content(compiled):
        found.append(f"{compiled.name} is not current: run packaging/catalogue.py compile")
    return found


def _faults_of(wanted: Message, present: Message | None) -> list[str]:
    if present is None:
        return [f"missing: {wanted.id!r}"]
    if present.fuzzy:
        return [f"fuzzy: {wanted.id!r}"]
    forms = _forms(present)
    if not all(forms):
        return [f"not translated: {wanted.id!r}"]
    # A plural stands for every number, so its places are the ones that count.
    places = set(PLACE.findall(wanted.id if isinstance(wanted.id, str) else wanted.id[-1]))
    return [
        f"places differ ({sorted(places)} and {sorted(set(PLACE.findall(form)))}): {wanted.id!r}"
        for form in forms
        if set(PLACE.findall(form)) != places
    ]


def _messages(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id]


def _forms(message: Message) -> tuple[str, ...]:
    """Return the translation's forms; a single plural form is read back from .mo without a tuple."""
    return (message.string or "",) if isinstance(message.string, str | None) else tuple(message.string)


def _content(catalogue: Catalog) -> dict[Sentence, tuple[str, ...]]:
    return {(m.id if isinstance(m.id, str) else tuple(m.id)): _forms(m) for m in _messages(catalogue)}


def _compiled_content(path: Path) -> dict[Sentence, tuple[str, ...]]:
    if not path.exists():
        return {}
    with path.open("rb") as source:
        return _content(read_mo(source))


def extract() -> int:
    """Bring every catalogue up to the program's sentences; new ones wait for a translation."""
    wanted = template()
    for language in LANGUAGES:
        catalogue = read(language)
        catalogue.update(wanted, no_fuzzy_matching=True, update_creation_date=False)
        catalogue.obsolete.clear()
        path = po_file(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as target:
            write_po(
                target, catalogue, width=110, include_lineno=False, sort_output=True, ignore_obsolete=True
            )
        waiting = sum(1 for message in _messages(catalogue) if not all(_forms(message)))
        print(f"{path.relative_to(ROOT)}: {len(_messages(catalogue))} sentences, {waiting} to translate")
    return 0


def check() -> int:
    """Print every fault of every catalogue; 1 if there is one."""
    wanted = template()
    failed = False
    for language in LANGUAGES:
        found = faults(wanted, language)
        failed = failed or bool(found)
        for line in found:
            print(f"{po_file(language).relative_to(ROOT)}: {line}")
        if not found:
            print(f"{language}: {len(_messages(wanted))} sentences, all translated")
    return 1 if failed else 0


def compile_all() -> int:
    """Write every .mo from its .po."""
    for language in LANGUAGES:
        with po_file(language).with_suffix(".mo").open("wb") as target:
            write_mo(target, read(language))
    return 0


def main(argv: list[str]) -> int:
    """Run one command. Returns the exit code."""
    commands = {"extract": extract, "check": check, "compile": compile_all}
    if len(argv) != 2 or argv[1] not in commands:
        print(__doc__)
        return 2
    return commands[argv[1]]()


if __name__ == "__main__":
    sys.exit(main(sys.argv))
