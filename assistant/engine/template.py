# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Chat templates: messages to tokens, so that words never become control tokens.

A template is a program that came with a model: it runs in a sandbox (sandbox.py). It is rendered
with a placeholder for every content, then split there. Markers such as <|im_end|> are
looked for in the template's own pieces only; everything between two markers, content or not, is
tokenized as plain text in one run, which gives the tokens the model was trained on.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from assistant.engine import sandbox
from assistant.engine.gguf import Header
from assistant.errors import ModelError
from assistant.messages import Message, Role
from assistant.texts import Text, text

KEY = "tokenizer.chat_template"
OPEN, CLOSE = "\ue0f0", "\ue0f1"  # private use: no template has a reason to look for them
CHOOSE_ANOTHER = text("Choose another model.")
SMALL_VOCABULARY = 1000  # toys below it lack letters
CHATML_MARKERS = ("<|im_start|>", "<|im_end|>")
CHATML = (
    "{% for message in messages %}<|im_start|>{{ message.role }}\n{{ message.content }}<|im_end|>\n"
    "{% endfor %}{{ '<|im_start|>assistant\n' }}"
)
TURNS = (
    "{% for message in messages %}{% if message.role == 'user' %}User: {% elif message.role == 'assistant' %}"
    "Assistant: {% endif %}{{ message.content }}\n\n{% endfor %}Assistant:"
)
TURNS_STOP = ("\n\nUser:", "\nUser:")


@dataclass(frozen=True)
class Piece:
    """A part of a rendered prompt: the template's own words, or what somebody said."""

    words: str
    content: bool


TRIAL = (
    (Message(Role.USER, "a"),),
    (
        Message(Role.SYSTEM, "a"),
        Message(Role.USER, "b"),
        Message(Role.ASSISTANT, "c"),
        Message(Role.USER, "d"),
    ),
)
"""Conversations that every usable template shows."""


class Tokenizer(Protocol):
    """What is needed of a model to turn pieces into tokens."""

    n_vocab: int
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
    """A model's chat template, compiled once; without one, a base model continues the text.

    `fault` says why a layout of ours stands in for the model's own template, `stop` are the strings
    that then end an answer.
    """

    def __init__(
        self, source: str, bos: str = "", eos: str = "", fault: Text | None = None, stop: Sequence[str] = ()
    ) -> None:
        """Compile `source` ("" for none). Raises ModelError."""
        self.source = source
        self.fault = fault
        self.stop = tuple(stop)
        self._trims = "trim" in source or ".strip(" in source
        self._names = {
            "bos_token": bos,
            "eos_token": eos,
            "add_generation_prompt": True,
            "enable_thinking": True,  # as llama.cpp's server does: some templates take silence for a no
        }
        self._template: sandbox.Template | None = None
        if source:
            try:
                self._template = sandbox.Template(source)
            except sandbox.Endless:
                raise _endless() from None
            except sandbox.Broken as error:
                raise ModelError(
                    text("The model's chat template is faulty ({kind}).", kind=str(error)), CHOOSE_ANOTHER
                ) from None

    def render(self, messages: Sequence[Message]) -> list[Piece]:
        """Return the prompt as pieces, in order. Raises ModelError."""
        if self._template is None:
            return [Piece("\n\n".join(message.content for message in messages), content=True)]
        contents = [message.content.strip() if self._trims else message.content for message in messages]
        turns = [[number] for number in range(len(messages))]
        roles = [message.role for message in messages]
        rendered = self._rendered(self._template, roles, turns, contents)
        if rendered is None:
            # Many templates know no system message, or want the roles to alternate.
            roles, turns = _merged(roles, turns)
            rendered = self._rendered(self._template, roles, turns, contents)
        if rendered is None:
            raise ModelError(text("The model's chat template cannot show this conversation."), CHOOSE_ANOTHER)
        return _split(rendered, contents)

    def _rendered(
        self, template: sandbox.Template, roles: list[Role], turns: list[list[int]], contents: list[str]
    ) -> str | None:
        """Return what the template makes of it, None where it leaves a content out or refuses."""
        values = [
            {"role": str(role), "content": "\n\n".join(_placeholder(n) for n in turn if contents[n])}
            for role, turn in zip(roles, turns, strict=True)
        ]
        try:
            rendered = template.render({"messages": values, **self._names})
        except sandbox.Endless:
            raise _endless() from None
        except sandbox.Broken:
            return None
        return rendered if _complete(rendered, contents) else None


def template_of(header: Header, model: Tokenizer) -> ChatTemplate:
    """Return a model's own template, tried out; a well-known layout where that one is faulty."""
    markers = (model.marker(model.bos), model.marker(model.eos))
    stated = header.metadata.get(KEY, "")
    try:
        if not isinstance(stated, str) or "\ufffd" in stated:
            raise ModelError(text("The model's chat template cannot be read."))
        own = ChatTemplate(stated, *markers)
        for conversation in TRIAL:
            own.render(conversation)
    except ModelError as error:
        if all(is_marker(model, marker) for marker in CHATML_MARKERS):
            return ChatTemplate(CHATML, *markers, fault=error.message)
        return ChatTemplate(TURNS, *markers, fault=error.message, stop=TURNS_STOP)
    return own


def is_marker(model: Tokenizer, marker: str) -> bool:
    """Say whether it is one token of the vocabulary."""
    if model.n_vocab < SMALL_VOCABULARY:
        return any(model.marker(token) == marker for token in range(model.n_vocab))
    tokens = model.tokenize(marker, special=True)
    return len(tokens) == 1 and model.marker(tokens[0]) == marker


def _endless() -> ModelError:
    return ModelError(text("The model's chat template does not come to an end."), CHOOSE_ANOTHER)


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
