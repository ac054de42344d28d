# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Chat templates: messages to tokens, so that words never become control tokens.

A template is a program that came with a model: it runs in a sandbox, with a limit on time. It is
rendered with a placeholder for every content, then split there. Markers such as <|im_end|> are
looked for in the template's own pieces only; everything between two markers, content or not, is
tokenized as plain text in one run, which gives the tokens the model was trained on.
"""

import ctypes
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Never, Protocol

import jinja2
from jinja2.ext import loopcontrols
from jinja2.sandbox import ImmutableSandboxedEnvironment

from assistant.errors import ModelError
from assistant.messages import Message, Role
from assistant.texts import text

RENDER_SECONDS = 2.0
MAX_OPERAND = 100_000  # for "a" * n and 2 ** n within a template
OPEN, CLOSE = "\ue0f0", "\ue0f1"  # private use: no template has a reason to look for them
CHOOSE_ANOTHER = text("Choose another model.")


@dataclass(frozen=True)
class Piece:
    """A part of a rendered prompt: the template's own words, or what somebody said."""

    words: str
    content: bool


class Tokenizer(Protocol):
    """What is needed of a model to turn pieces into tokens."""

    bos: int
    eos: int
    adds_bos: bool

    def tokenize(self, words: str, *, special: bool = False) -> list[int]:
        """Return the tokens of `words`, with markers as control tokens where `special`."""
        ...

    def marker(self, token: int) -> str:
        """Return a token's text, "" for no token."""
        ...

    def is_special(self, token: int) -> bool:
        """Say whether a token is a marker."""
        ...

    def is_control(self, token: int) -> bool:
        """Say whether plain tokenizing never gives this marker."""
        ...


class ChatTemplate:
    """A model's chat template, compiled once; without one, a base model continues the text."""

    def __init__(self, source: str, bos: str = "", eos: str = "") -> None:
        """Compile `source` ("" for none). Raises ModelError."""
        self._trims = "trim" in source or ".strip(" in source
        self._names = {"bos_token": bos, "eos_token": eos, "add_generation_prompt": True}
        self._template: jinja2.Template | None = None
        if source:
            try:
                self._template = _environment().from_string(source)
            except (jinja2.TemplateError, RecursionError, ValueError) as error:
                raise ModelError(
                    text("The model's chat template is faulty ({kind}).", kind=type(error).__name__),
                    CHOOSE_ANOTHER,
                ) from None

    def render(self, messages: Sequence[Message]) -> list[Piece]:
        """Return the prompt as pieces, in order. Raises ModelError."""
        if self._template is None:
            return [Piece("\n\n".join(message.content for message in messages), content=True)]
        contents = [message.content.strip() if self._trims else message.content for message in messages]
        turns = [[number] for number in range(len(messages))]
        roles = [message.role for message in messages]
        rendered = self._rendered(roles, turns, contents)
        if isinstance(rendered, jinja2.TemplateError) or not _complete(rendered, contents):
            # Many templates know no system message, or want the roles to alternate.
            roles, turns = _merged(roles, turns)
            rendered = self._rendered(roles, turns, contents)
        if isinstance(rendered, jinja2.TemplateError) or not _complete(rendered, contents):
            raise ModelError(text("The model's chat template cannot show this conversation."), CHOOSE_ANOTHER)
        return _split(rendered, contents)

    def _rendered(
        self, roles: list[Role], turns: list[list[int]], contents: list[str]
    ) -> str | jinja2.TemplateError:
        template = self._template
        assert template is not None  # noqa: S101  the caller looked
        values = [
            {"role": str(role), "content": "\n\n".join(_placeholder(n) for n in turn if contents[n])}
            for role, turn in zip(roles, turns, strict=True)
        ]
        return _within_time(lambda: template.render(messages=values, **self._names))


def tokenize(model: Tokenizer, pieces: Sequence[Piece]) -> list[int]:
    """Return the tokens of a prompt; contents never give control tokens."""
    runs: list[str | int] = []
    markers: set[str] = set()
    for piece in pieces:
        if not piece.content:
            for part in _by_markers(model, piece.words):
                runs.append(part)
                if isinstance(part, int) and not model.is_control(part):
                    markers.add(model.marker(part))
    tokens: list[int] = []
    pending = ""
    for run in _with_contents(model, pieces, markers):
        if isinstance(run, int):
            tokens += model.tokenize(pending) if pending else []
            tokens += [run] if run >= 0 else []
            pending = ""
        else:
            pending += run
    tokens += model.tokenize(pending) if pending else []
    if model.adds_bos and tokens[:1] != [model.bos]:
        tokens.insert(0, model.bos)
    return tokens


BREAK = -1  # a place where a run of plain text is cut


def _with_contents(model: Tokenizer, pieces: Sequence[Piece], markers: set[str]) -> list[str | int]:
    runs: list[str | int] = []
    for piece in pieces:
        runs += _broken(piece.words, markers) if piece.content else _by_markers(model, piece.words)
    return runs


def _by_markers(model: Tokenizer, words: str) -> list[str | int]:
    """Split a template's words into markers (as tokens) and the text between them."""
    parts: list[str | int] = []
    for token in model.tokenize(words, special=True):
        marker = model.marker(token) if model.is_special(token) else ""
        if marker and (at := words.find(marker)) >= 0:
            parts += [words[:at], token] if at else [token]
            words = words[at + len(marker) :]
    return [*parts, words] if words else parts


def _broken(words: str, markers: set[str]) -> list[str | int]:
    """Cut markers of a kind that plain tokenizing would recognize, behind their first letter."""
    runs: list[str | int] = []
    start = at = 0
    while at < len(words):
        if len(words) > at + 1 and any(words.startswith(marker, at) for marker in markers):
            runs += [words[start : at + 1], BREAK]
            start = at + 1
        at += 1
    return [*runs, words[start:]]


def _placeholder(number: int) -> str:
    return f"{OPEN}{number}{CLOSE}"


def _complete(rendered: str, contents: list[str]) -> bool:
    return all(_placeholder(n) in rendered for n, content in enumerate(contents) if content)


def _split(rendered: str, contents: list[str]) -> list[Piece]:
    pieces: list[Piece] = []
    for part in rendered.split(OPEN):
        number, closed, rest = part.partition(CLOSE)
        if closed:
            pieces.append(Piece(contents[int(number)], content=True))
        else:
            rest = part
        if rest:
            pieces.append(Piece(rest, content=False))
    return pieces


def _merged(roles: list[Role], turns: list[list[int]]) -> tuple[list[Role], list[list[int]]]:
    """Make the system message part of the first question and join neighbours of one role."""
    new_roles: list[Role] = []
    new_turns: list[list[int]] = []
    for role, turn in zip(roles, turns, strict=True):
        shown = Role.USER if role is Role.SYSTEM else role
        if new_roles and new_roles[-1] is shown:
            new_turns[-1] = new_turns[-1] + turn
        else:
            new_roles.append(shown)
            new_turns.append(turn)
    return new_roles, new_turns


class _Environment(ImmutableSandboxedEnvironment):
    """The sandbox, without the operators that make gigabytes of a line."""

    intercepted_binops = frozenset(("*", "**"))

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Refuse large operands."""
        sizes = [value if isinstance(value, int | float) else len(value) for value in (left, right)]
        if max(map(abs, sizes)) > MAX_OPERAND or (operator == "**" and abs(sizes[1]) > 64):
            raise jinja2.exceptions.SecurityError
        return super().call_binop(context, operator, left, right)


def _environment() -> _Environment:
    environment = _Environment(trim_blocks=True, lstrip_blocks=True, extensions=[loopcontrols])
    environment.globals["raise_exception"] = _raise_exception
    environment.globals["strftime_now"] = lambda layout: datetime.now().astimezone().strftime(layout)
    return environment


def _raise_exception(message: str = "") -> Never:
    raise jinja2.TemplateError(message)


class _TooSlowError(Exception):
    """Raised within a template that does not end."""


def _within_time(render: Callable[[], str]) -> str | jinja2.TemplateError:
    """Run a template on a thread of its own, which can be broken off. Raises ModelError."""
    outcome: list[str | jinja2.TemplateError] = []

    def run() -> None:
        try:
            outcome.append(render())
        except jinja2.TemplateError as error:
            outcome.append(error)
        except Exception as error:  # noqa: BLE001  a foreign program may raise anything
            outcome.append(jinja2.TemplateError(type(error).__name__))

    thread = threading.Thread(target=run, name="template", daemon=True)
    thread.start()
    thread.join(RENDER_SECONDS)
    if thread.is_alive():
        ctypes.pythonapi.PyThreadState_SetAsyncExc(
            ctypes.c_ulong(thread.ident or 0), ctypes.py_object(_TooSlowError)
        )
        thread.join(RENDER_SECONDS)
        raise ModelError(text("The model's chat template does not come to an end."), CHOOSE_ANOTHER)
    return outcome[0]
