# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""G5, G6, G7: what was read is not read again, in the next turn, over the same documents, after a restart."""

import contextlib
import ctypes
import itertools
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median

from llama_cpp import llama_cpp as api

from assistant import model_files, prompt
from assistant.engine import states
from assistant.engine.client import Engine
from assistant.engine.devices import default_threads
from assistant.engine.protocol import EngineSettings, Token
from assistant.engine.state_files import form_for
from assistant.errors import MaruError
from assistant.messages import Message, Role
from assistant.passages import Passage, Place, PlaceKind
from assistant.paths import Home
from assistant.sampling import SamplingParams
from tests.benchmarks.bare_llama import Bare
from tests.benchmarks.pairs import PAIRS, Comparison, NotRun, Row, Rows, compare, repeat

N_CTX = 8192
LONG_CHAT, MIDDLE_CHAT = 7000, 2000  # tokens
CHAT, OTHER = "conversation-1", "conversation-2"
ONE = SamplingParams(max_tokens=1)
WRITING_S = 60.0
SENTENCES = (
    "The monthly rent for the flat is 850 pounds and is due on the fifth day of each month. ",
    "Repairs that cost less than 100 pounds are made by the tenant, larger ones by the landlord. ",
    "Either side may end the agreement with three months' notice, given in writing. ",
)
THINGS = ("roof", "door", "floor", "oven", "lamp", "sink", "wall", "key", "boiler", "stairs", "fence")
QUESTIONS = tuple(f"And who pays for the {thing} in the end?" for thing in THINGS)


def turns() -> list[Row]:
    """Measure turn 2, an edit, a new answer and a change of chat, each against its new tokens alone."""
    with _engine() as (engine, folder):
        chat = _chat(engine, LONG_CHAT)
        _first_token(engine, chat, CHAT)
        path = states.path_of(folder, CHAT)
        _save(engine, path)
        bare = _BareChat(engine, path)
        try:
            return [
                _turn_row(what, compare(*_both(engine, bare, chat, before, asked)))
                for what, before, asked in _situations(engine, path)
            ]
        finally:
            bare.close()


def documents() -> Row:
    """Measure a second question about passages that were read for a first one."""
    cold: list[float] = []
    numbers = itertools.count()

    def ask_again() -> float:
        number = next(numbers)
        cold.append(
            _first_token(engine, _asked_of(number, "How much is the rent?"), f"conversation-{number}")
        )
        again = _asked_of(number, "Who pays for large repairs?")
        return _first_token(engine, again, f"conversation-{number}-again")

    with _engine() as (engine, _):
        tokens = len(engine.tokenize_prompt(_asked_of(0, "How much is the rent?")))
        found = repeat(ask_again, warm=0)
    return _ratio_row(
        "G6", 0.05, found.values, cold, f"5 passages, {tokens} tokens, asked in a new conversation"
    )


def restart() -> Row:
    """Measure a chat that is taken up in a new process, the loading of the model included."""
    cold: list[float] = []
    warm: list[float] = []
    with _engine() as (engine, _):
        for number in range(PAIRS):
            chat = _chat(engine, MIDDLE_CHAT, number)
            cold.append(_first_token(engine, chat, f"conversation-{number}"))
            engine.close()
            warm.append(
                _first_token(engine, (*chat, *_next("Fine.", QUESTIONS[0])), f"conversation-{number}")
            )
    return _ratio_row("G7", 0.10, warm, cold, f"{MIDDLE_CHAT} tokens, with the loading of the model")


@contextlib.contextmanager
def _engine() -> Iterator[tuple[Engine, Path]]:
    """Yield an engine with the starter model and the folder of its states."""
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder))
        home.create()
        try:
            found = model_files.starter_chat(home)
        except MaruError as error:
            raise NotRun(str(error)) from None
        engine = Engine(EngineSettings(found.path, sha256=found.sha256, n_ctx=N_CTX, states=home.states))
        try:
            engine.loaded()
            yield engine, home.states
        finally:
            engine.close()


def _chat(engine: Engine, tokens: int, number: int = 0) -> tuple[Message, ...]:
    """Return a conversation of about so many tokens, unlike those of other numbers from the start on."""
    chat = [Message(Role.SYSTEM, f"You are assistant number {number}.")]
    size, each = 0, engine.count(["".join(SENTENCES)])[0] * 4 + 40
    for question in itertools.cycle(QUESTIONS):
        chat.append(Message(Role.USER, "".join(SENTENCES) * 2 + question))
        size += each
        if size >= tokens:
            return tuple(chat)
        chat.append(Message(Role.ASSISTANT, "".join(SENTENCES) * 2))
    raise AssertionError


def _next(answer: str, question: str) -> tuple[Message, Message]:
    return Message(Role.ASSISTANT, answer), Message(Role.USER, question)


Chat = tuple[Message, ...]
Situation = tuple[str, Callable[[], None], Callable[[Chat, str], Chat]]


def _situations(engine: Engine, path: Path) -> list[Situation]:
    """Return for each its name, what happens before, and what is asked of a chat with a new question."""

    def other_chat() -> None:
        _save(engine, path)  # as the window does when a conversation is left
        _first_token(engine, (Message(Role.USER, "".join(SENTENCES)),), OTHER)

    def grown(chat: Chat, question: str) -> Chat:
        return (*chat, *_next("The landlord does.", question))

    def edited(chat: Chat, question: str) -> Chat:
        return (*chat[:-1], Message(Role.USER, question))

    return [
        ("turn 2", lambda: None, grown),
        ("the last question edited", lambda: None, edited),
        ("back from another chat", other_chat, grown),
        ("another answer", lambda: None, lambda chat, _question: chat),
    ]


def _both(
    engine: Engine,
    bare: "_BareChat",
    chat: Chat,
    before: Callable[[], None],
    asked: Callable[[Chat, str], Chat],
) -> tuple[Callable[[], float], Callable[[], float]]:
    """Return what measures the time to the first token of ours and of bare llama.cpp."""
    ours, theirs = itertools.cycle(QUESTIONS), itertools.cycle(QUESTIONS)
    prompts = {question: engine.tokenize_prompt(asked(chat, question)) for question in QUESTIONS}

    def measure_ours() -> float:
        before()
        return _first_token(engine, asked(chat, next(ours)), CHAT)

    return measure_ours, lambda: bare.first_token(prompts[next(theirs)])


class _BareChat:
    """Bare llama.cpp that has read the same chat as our engine."""

    def __init__(self, engine: Engine, path: Path) -> None:
        """Take the state of the chat from the file that the engine wrote."""
        self._bare = Bare(engine.settings.model, default_threads(), N_CTX)
        with path.open("rb", buffering=0) as file:
            form = form_for(None)
            saved = form.head(path, file)
            content = form.content(saved, file)
        array = (ctypes.c_uint8 * len(content)).from_buffer(content)
        assert api.llama_state_seq_set_data(self._bare.context, array, len(content), 0)
        self._tokens = list(saved.tokens)

    def first_token(self, prompt: list[int]) -> float:
        """Return the seconds to evaluate what of a prompt is new, and to pick a token."""
        pairs = itertools.takewhile(
            lambda pair: pair[0] == pair[1], zip(prompt[:-1], self._tokens, strict=False)
        )
        same, self._tokens = len(list(pairs)), prompt
        new = (api.llama_token * (len(prompt) - same))(*prompt[same:])
        started = time.perf_counter()
        api.llama_memory_seq_rm(api.llama_get_memory(self._bare.context), 0, same, -1)
        api.llama_decode(self._bare.context, api.llama_batch_get_one(new, len(new)))
        self._bare._sample_greedily()
        return time.perf_counter() - started

    def close(self) -> None:
        """Free it."""
        self._bare.close()


def _first_token(engine: Engine, messages: Sequence[Message], slot: str) -> float:
    """Return the seconds from the question to its first token."""
    started = time.perf_counter()
    seconds = 0.0
    for item in engine.stream(messages, ONE, slot=slot):
        if isinstance(item, Token) and not seconds:
            seconds = time.perf_counter() - started
    return seconds or time.perf_counter() - started  # the model may end at once, without a word


def _asked_of(number: int, question: str) -> Chat:
    """Return the prompt that Maru makes of a question about five passages of their own."""
    place = Place(PlaceKind.PAGE, 0, page=number + 1)
    passages = [
        Passage("/lease.pdf", place, 0, 0, f"Lease {number}, part {part}. " + "".join(SENTENCES) * 4)
        for part in range(5)
    ]
    window = prompt.Window(N_CTX, 512)
    return prompt.build(
        question, (), passages, window, lambda texts: [len(words) // 3 for words in texts]
    ).messages


def _turn_row(what: str, found: Comparison) -> Row:
    ours, bare = found.ours.median, found.bare.median
    return Row(
        row="G5",
        goal="<= 1.10 x the new tokens alone + 30 ms",
        measured=f"{ours * 1000:.0f} of {bare * 1000:.0f} ms",
        ratio=found.ratio,
        spread=found.spread,
        kept=ours <= 1.10 * bare + 0.030,
        what=f"{what}, in a chat of about {LONG_CHAT} tokens; {default_threads()} thread(s)",
    )


def _ratio_row(name: str, goal: float, warm: Sequence[float], cold: Sequence[float], what: str) -> Row:
    ratios = [ours / first for ours, first in zip(warm, cold, strict=True)]
    return Row(
        row=name,
        goal=f"<= {goal:.2f} of cold",
        measured=f"{median(warm) * 1000:.0f} of {median(cold) * 1000:.0f} ms",
        ratio=median(ratios),
        spread=f"{min(ratios):.3f} to {max(ratios):.3f}",
        kept=median(ratios) <= goal,
        what=f"{what}; {default_threads()} thread(s)",
    )


def _save(engine: Engine, path: Path) -> None:
    """Save what was read, and wait until it is written, which happens beside the engine's other work."""
    before = path.stat().st_mtime_ns if path.exists() else 0
    engine.save_states()
    deadline = time.monotonic() + WRITING_S
    while not path.exists() or path.stat().st_mtime_ns == before:
        if time.monotonic() > deadline:
            raise NotRun("the engine does not save what it has read")
        time.sleep(0.01)


ROWS: Rows = {"G5": turns, "G6": documents, "G7": restart}
