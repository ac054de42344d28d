# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""P4: made-up personal data sent through everything Maru does, and a search for it wherever it must not be.

Half of the values stand in documents that are read whole, half in questions, one of which ends the engine.
"""

import contextlib
import itertools
import random
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant import chat
from assistant.app import Assistant
from assistant.entities import EntityType
from assistant.errors import MaruError
from assistant.messages import Message
from assistant.paths import Home
from assistant.privacy.policy import STANDARD, Action
from tests.benchmarks.privacy_generated import KINDS
from tests.benchmarks.privacy_labels import ENGLISH, KOREAN

SEED = 4
A_DOCUMENT, A_QUESTION = 40, 20  # values in each
MODELS = "models"  # files that Maru did not write


@dataclass(frozen=True)
class Planted:
    """A value, what it is, and the line that holds it."""

    entity_type: EntityType
    value: str
    line: str


@dataclass(frozen=True)
class Leak:
    """A value that was found where it must not be."""

    where: str
    planted: Planted


def drawn(count: int, seed: int = SEED) -> list[Planted]:
    """Return so many values, of every kind that the standard policy masks in turn, all different."""
    rng = random.Random(seed)
    kinds = [kind for kind in KINDS if STANDARD.actions[kind.entity_type] is Action.MASK]
    found: dict[str, Planted] = {}
    for kind in itertools.cycle(kinds):
        if len(found) == count:
            return list(found.values())
        value = kind.make(rng)
        languages = [(ENGLISH, kind.bank[0]), (KOREAN, kind.bank[1])]
        labels, name = rng.choice([one for one in languages if kind.words in one[0]])
        label = f"{name} {labels[kind.words][0]}".strip()
        found.setdefault(value, Planted(kind.entity_type, value, f"{label}: {value}"))
    raise AssertionError


def send(assistant: Assistant, planted: Sequence[Planted], folder: Path) -> str:
    """Have Maru read documents and answer questions that hold the values; return all that the model saw."""
    seen: list[str] = []
    half = len(planted) // 2
    with _recorded(assistant, seen):
        for number, some in enumerate(_groups(planted[:half], A_DOCUMENT)):
            document = folder / f"document {number}.md"
            document.write_text("\n\n".join(one.line for one in some), "utf-8")
        list(assistant.add([folder]))
        for document in sorted(folder.iterdir()):
            _ask(assistant, "What does this document say?", chat.Options(whole=(document,)))
        for some in _groups(planted[half:], A_QUESTION):
            _ask(assistant, "Please remember:\n" + "\n".join(one.line for one in some), chat.Options())
        _ask(assistant, "crash", chat.Options(documents=False))
    return "\n".join(seen)


def leaks(planted: Iterable[Planted], prompts: str, home: Home) -> list[Leak]:
    """Return the values that stand in the prompts, in a file of the home, or in its name."""
    planted = list(planted)
    found = [Leak("prompt", one) for one in planted if one.value in prompts]
    for path in sorted(home.root.rglob("*")):
        inside = path.relative_to(home.root)
        found += [Leak(f"name of {inside}", one) for one in planted if one.value in str(inside)]
        if path.is_file() and inside.parts[0] != MODELS:
            content = path.read_bytes()
            found += [Leak(str(inside), one) for one in planted if _holds(content, one.value)]
    return found


def _groups(planted: Sequence[Planted], size: int) -> Iterator[Sequence[Planted]]:
    for start in range(0, len(planted), size):
        yield planted[start : start + size]


def _holds(content: bytes, value: str) -> bool:
    return any(value.encode(encoding) in content for encoding in ("utf-8", "utf-16-le", "unicode_escape"))


def _ask(assistant: Assistant, question: str, options: chat.Options) -> None:
    conversation = assistant.conversations.create()
    with contextlib.suppress(MaruError):  # "crash" is meant to end so
        list(assistant.ask(conversation.id, question, options, threading.Event()))


@contextlib.contextmanager
def _recorded(assistant: Assistant, seen: list[str]) -> Iterator[None]:
    """Keep what crosses the border to the engine, whoever sends it."""
    engine = assistant.chat_engine
    stream = engine.stream

    def recorded(messages: Sequence[Message], *given: object, **named: object) -> object:
        seen.extend(message.content for message in messages)
        return stream(messages, *given, **named)  # type: ignore[arg-type]

    engine.stream = recorded  # type: ignore[method-assign, assignment]
    try:
        yield
    finally:
        engine.stream = stream  # type: ignore[method-assign]
