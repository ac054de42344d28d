# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Pictures of what the window says about the engine; a fake one takes part, which does what it is told."""

import os
import signal
from pathlib import Path

from assistant.engine.client import CHAT_ENGINE
from assistant.texts import tr
from assistant.workers.state import Phase, WorkerState
from tests.gguf_files import gguf_bytes
from tests.screenshot.person import Person
from ui.model_errands import Work

WORDS = " ".join(f"word{number}" for number in range(100))
THINKING = {
    "en": "think: The lease names the rent on page 2. It says USD 850, paid by bank transfer. "
    "echo: The rent is perhaps USD 850 a month. It is paid by bank transfer, probably perhaps early.",
    "ko": "think: 계약서 2쪽에 대금이 나와 있어요. 대금은 금 삼천만 원이라고 해요. "
    "echo: 대금은 perhaps 3천만 원이에요. 계약을 맺을 때 perhaps 절반을 내요.",
}


def tell(person: Person, language: str, folder: Path) -> None:
    """Go through the states, a picture of each."""
    person.waits_for_model()
    person.turns_documents(on=False)
    answers(person, THINKING[language])
    loads(person)
    fits(person)
    breaks(person, folder)
    enlarges(person)


def answers(person: Person, question: str) -> None:
    """Think, answer, and say how sure and how fast that was."""
    asks(person, question)
    person.presses_below(tr("Show unsure words"))
    person.presses_below(tr("How this answer was made"))
    person.picture("01-thought-and-unsure-words")
    person.newest_answer().thinking.button.click()
    person.picture("02-thinking-unfolded")


def loads(person: Person) -> None:
    """Look at how the model is loaded, and at the header meanwhile."""
    person.opens("models")
    person.asks_for_context(4096)
    person.picture("03-how-it-is-loaded")
    person.scrolls(person.window.on_demand.models)
    person.picture("04-other-models")
    person.closes_side()
    person.window.choice.working.emit(Work("Qwen3 4B", 0.4))
    person.picture("05-loading-another")
    person.window.happenings.worker_changed.emit(WorkerState(CHAT_ENGINE, Phase.STOPPED))
    person.picture("06-asleep")
    person.window.status.refresh()
    person.opens("sampling")
    person.window.on_demand.sampling.advanced.unfold()
    person.scrolls(person.window.on_demand.sampling)
    person.picture("07-sampling")
    person.closes_side()


def fits(person: Person) -> None:
    """Fill a small context window, and more than that."""
    person.loads_context(512)
    person.closes_side()
    asks(person, f"echo: {WORDS}")
    asks(person, "echo: 850")
    person.newest_answer().left_out.button.click()
    person.picture("08-left-out")
    asks(person, f"echo: {WORDS} {WORDS} {WORDS} {WORDS}")
    person.picture("09-too-long")


def breaks(person: Person, folder: Path) -> None:
    """Choose a damaged model, and lose the engine in the middle of an answer."""
    damaged = folder / "damaged.gguf"
    metadata = {"general.architecture": "llama", "llama.block_count": 1, "tokenizer.ggml.model": "gpt2"}
    damaged.write_bytes(gguf_bytes(metadata, [("token_embd.weight", (32, 8))]))
    person.drags(damaged)
    person.drops(damaged)
    person.waits(person.window.frame.note.isVisible, "the note")
    person.picture("10-damaged-model")
    person.window.frame.note.hide()
    person.closes_side()
    person.types("long and winding")
    person.presses_enter()
    person.waits_for_text(40)
    os.kill(person.assistant.chat_engine.pid or 0, signal.SIGKILL)
    person.waits_for_answer()
    person.picture("11-engine-lost")


def enlarges(person: Person) -> None:
    """Look at it all in large letters."""
    person.window.preferences.resize_text(10)
    person.picture("12-text-200")
    person.opens("models")
    person.picture("13-models-text-200")
    person.scrolls(person.window.on_demand.models, to=650)
    person.picture("14-how-it-is-loaded-text-200")


def asks(person: Person, question: str) -> None:
    """Ask and wait for the answer."""
    person.types(question)
    person.presses_enter()
    person.waits_for_answer()
