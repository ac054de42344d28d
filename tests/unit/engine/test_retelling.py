# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The same text in other tokens is known; what is another text, or a marker, is not."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.engine import llama
from assistant.engine.context import Context
from assistant.engine.generation import Generation
from assistant.engine.memory import open_memory
from assistant.engine.protocol import EngineSettings, Generate, Generated, Token
from assistant.engine.retelling import retold
from assistant.messages import Message, Role
from assistant.sampling import SamplingParams

# Token 0 and 1 are control tokens, 2 and 3 markers of the model's maker, 4 says nothing.
PIECES = (b"", b"", b"<tool>", b"\n\n", b"", b"light", b"house", b"lighthouse", b"li", b"ght", b"<", b"tool>")
END, ODD, TOOL, GAP, NOTHING, LIGHT, HOUSE, LIGHTHOUSE, LI, GHT, OPEN, REST = range(len(PIECES))


class Words:
    """A vocabulary of its own."""

    def piece(self, token: int) -> bytes:
        return PIECES[token]

    def is_special(self, token: int) -> bool:
        return token <= GAP


def tell(prompt: list[int], known: list[int]) -> tuple[list[int], int]:
    return retold(prompt, known, Words())


def test_the_same_text_is_told_in_the_tokens_that_are_known():
    known = [HOUSE, LIGHT, HOUSE, LI, GHT]
    assert tell([HOUSE, LIGHTHOUSE, LIGHT, END, HOUSE], known) == ([*known, END, HOUSE], 5)


def test_what_follows_the_last_place_in_step_stays_as_it_is():
    assert tell([LIGHTHOUSE, LIGHT, HOUSE, END], [LIGHT, HOUSE, LI, HOUSE]) == (
        [LIGHT, HOUSE, LIGHT, HOUSE, END],
        2,
    )


@pytest.mark.parametrize("known", [[], [HOUSE], [LI], [LI, HOUSE], [LIGHT], [LI, GHT, LIGHT]])
def test_another_text_is_left_alone(known: list[int]):
    assert tell([LIGHTHOUSE, END, HOUSE], known) == ([LIGHTHOUSE, END, HOUSE], 0)


def test_the_last_token_of_a_prompt_is_never_taken_over():
    assert tell([HOUSE, LIGHTHOUSE], [HOUSE, LIGHT, HOUSE]) == ([HOUSE, LIGHTHOUSE], 1)
    assert tell([HOUSE], [HOUSE, HOUSE]) == ([HOUSE], 0)


@pytest.mark.parametrize(
    ("prompt", "known"),
    [
        ([TOOL, HOUSE], [OPEN, REST, HOUSE]),
        ([OPEN, REST, HOUSE], [TOOL, HOUSE]),
        ([END, HOUSE], [ODD, HOUSE]),
        ([END, HOUSE], [HOUSE]),
        ([NOTHING, HOUSE, END], [HOUSE, HOUSE]),
        ([HOUSE, END], [NOTHING, HOUSE, END]),
        ([LIGHTHOUSE, HOUSE], [LIGHT, END, HOUSE]),
    ],
)
def test_letters_never_become_a_marker_nor_a_marker_letters(prompt: list[int], known: list[int]):
    assert tell(prompt, known) == (prompt, 0)


def test_the_same_markers_are_passed():
    known = [LIGHT, HOUSE, END, TOOL, GAP, LI, GHT]
    assert tell([LIGHTHOUSE, END, TOOL, GAP, LIGHT, END], known) == ([*known, END], 7)


TOKENS = st.lists(st.sampled_from(range(len(PIECES))), max_size=12)


@given(TOKENS, TOKENS, TOKENS)
def test_the_text_and_its_markers_are_never_changed(start: list[int], prompt: list[int], known: list[int]):
    def spelled(tokens: list[int]) -> list[bytes | int]:
        found: list[bytes | int] = [b""]
        for token in tokens:
            last = found[-1]
            if token <= NOTHING or not isinstance(last, bytes):
                found += [token, b""]
            else:
                found[-1] = last + PIECES[token]
        return found

    wanted, ours = [*start, *prompt, END], [*start, *known]
    told, taken = tell(wanted, ours)
    assert spelled(told) == spelled(wanted)
    assert told[:taken] == ours[:taken]
    assert told[-1] == END
    assert len(told) > taken >= len(start)


N_CTX = 1024
SLOT = "conversation-1"
STORY = "<|im_start|>user\nWrite a story about a lighthouse.<|im_end|>\n<|im_start|>assistant\n"
GO_ON = "<|im_end|>\n<|im_start|>user\nGo on.<|im_end|>\n<|im_start|>assistant\n"
SEEDS = range(1, 40)


class Never:
    """Cancels nothing."""

    def __call__(self) -> bool:
        return False

    def alive(self, patience: float = 0.0) -> None:
        del patience


class Talk:
    """A model that answers in a conversation; each is a new process, as it were."""

    def __init__(self, model: llama.Model, settings: EngineSettings) -> None:
        self._model = model
        self._context = Context(model, n_ctx=N_CTX, threads=1)
        self.memory = open_memory(settings, self._context)
        self._generation = Generation(model, self._context, self.memory)

    def ask(self, prompt: list[int], seed: int, *, later: bool = False) -> tuple[str, Generated]:
        sampling = SamplingParams(temperature=1.5, top_k=0, top_p=1.0, min_p=0.0, seed=seed, max_tokens=60)
        messages = (Message(Role.ASSISTANT, ""),) if later else ()
        items = self._generation.run(prompt, Generate(messages, sampling, slot=SLOT), Never())
        words = ""
        while True:
            try:
                item = next(items)
            except StopIteration as end:
                return words, end.value
            words += item.text if isinstance(item, Token) else ""

    def odd_answer(self) -> str:
        """Return an answer that was written in other tokens than it is read back in."""
        prompt = self._model.tokenize(STORY, special=True)
        for seed in SEEDS:
            words, _ = self.ask(prompt, seed)
            if "\ufffd" not in words and self._model.tokenize(words) != self.memory.tokens[len(prompt) :]:
                return words
        raise AssertionError

    def close(self) -> None:
        self.memory.close()
        self._context.close()


@pytest.fixture(scope="module")
def model(chat_model: Path) -> Iterator[llama.Model]:
    llama.start()
    made = llama.Model(chat_model)
    yield made
    made.close()


@pytest.mark.real_model
@pytest.mark.parametrize("restarted", [False, True], ids=["in the context", "on the disk"])
def test_a_freely_drawn_answer_is_not_read_again(
    model: llama.Model, chat_model: Path, tmp_path: Path, *, restarted: bool
):
    settings = EngineSettings(chat_model, sha256="known", states=tmp_path)
    talk = Talk(model, settings)
    answer = talk.odd_answer()
    known = list(talk.memory.tokens)
    if restarted:
        talk.close()
        talk = Talk(model, settings)
    following = model.tokenize(STORY + answer + GO_ON, special=True)
    _, generated = talk.ask(following, 1, later=True)
    shown = talk.memory.tokens[: generated.timings.prompt_tokens]
    talk.close()
    assert generated.timings.cached_tokens == len(known)
    assert b"".join(map(model.piece, shown)) == b"".join(map(model.piece, following))


@pytest.mark.real_model
def test_a_prompt_takes_no_room_from_the_answer(model: llama.Model, chat_model: Path):
    talk = Talk(model, EngineSettings(chat_model))
    answer = talk.odd_answer()
    following = model.tokenize(STORY + answer + GO_ON, special=True)
    longer = talk.memory.retold(following, SLOT, N_CTX)
    assert longer != following
    assert talk.memory.retold(following, SLOT, len(longer) - 1) == following
    assert talk.memory.retold(following, "conversation-2", N_CTX) == following
    talk.close()
