# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What a context has read: a prompt that begins the same is not read twice.

The context holds one conversation, which has its whole room and pays for no other. When one has to give
way, its state is copied out; to the disk, too, when that is asked for.
"""

import ctypes
import hashlib
import json
import sys
from collections.abc import Sequence

import numpy as np
import psutil

from assistant.engine import llama
from assistant.engine.context import Context
from assistant.engine.parked import Parked, State, Tokens, spared
from assistant.engine.protocol import EngineSettings
from assistant.engine.retelling import retold
from assistant.engine.states import StateFolder

WORTH = 64  # tokens: fewer are sooner read again than copied


def open_memory(settings: EngineSettings, context: Context) -> "Memory":
    """Return the memory of a new context. Where the model's SHA-256 is not known, nothing is saved."""
    folder = None
    if settings.states is not None and settings.sha256:
        folder = StateFolder(
            settings.states, settings.states_budget, _key(settings, context), settings.states_key
        )
    return Memory(context, settings.parked_budget, folder)


class Memory:
    """The tokens in a context, in order, and how they change."""

    def __init__(self, context: Context, parked_budget: int = 0, folder: StateFolder | None = None) -> None:
        """Start with nothing read. `parked_budget` in bytes; None as `folder` saves nothing."""
        self._context = context
        self._parked = Parked(parked_budget)
        self._folder = folder
        self._slot = ""
        self._goal = 0  # tokens before the last one of the prompt
        self.tokens: list[int] = []

    def retold(self, prompt: list[int], slot: str, limit: int) -> list[int]:
        """Return `prompt` in the tokens in which its conversation was read and written, as far as it was.

        The text is the same to the last byte. It stays as it is where it would be longer than `limit`.
        """
        tellings = [retold(prompt, known, self._context.model) for known in self._known(slot)]
        fitting = [(told, taken) for told, taken in tellings if len(told) <= limit]
        return max(fitting, key=lambda pair: pair[1], default=(prompt, 0))[0]

    def reuse(self, prompt: Sequence[int], slot: str = "") -> int:
        """Have as much of the beginning of `prompt` in the context as was ever read, and nothing else.

        Return its length in tokens: the last one is always read again. `slot` names the conversation.
        """
        wanted = np.asarray(prompt[:-1], np.int32)
        common = spared(self.tokens, wanted, whole=self._context.only_grows)
        length, state = self._best_copy(wanted, slot, common)
        if slot != self._slot and len(self.tokens) >= common + WORTH:
            self._park(self._parked.budget)
        if state is not None:
            common = length if self._restore(state) else 0
        self._slot, self._goal = slot, len(wanted)
        self.keep(common)
        return len(self.tokens)

    def keep(self, count: int) -> None:
        """Forget all but the first `count` tokens, or all of them where the model cannot go back."""
        kept = self._context.keep(count) if self.tokens else 0
        del self.tokens[kept:]

    def read(self, chunk: Sequence[int], *, every: bool = False) -> bool:
        """Evaluate tokens after those in memory; False when aborted. Raises EngineError.

        `every`: the context then has logits of each of them.
        """
        try:
            complete = self._context.decode(chunk, every=every)
        except BaseException:
            self._clear()
            raise
        self.tokens += chunk
        if not complete:
            self._broken_off()
        elif self._context.only_grows and len(self.tokens) == self._goal:
            self._park(self._parked.budget, halfway=True)
        return complete

    def add(self, token: int) -> bool:
        """Evaluate one token, at constant cost; False when aborted. Raises EngineError."""
        try:
            complete = self._context.decode_one(token)
        except BaseException:
            self._clear()
            raise
        self.tokens.append(token)
        if not complete:
            self._broken_off()
        return complete

    def save(self) -> None:
        """Begin to write what changed since the last time; what has no room on the disk is left out."""
        if self._folder is None:
            return
        active = self._park(sys.maxsize)
        states = {id(state): state for state in (*self._parked.states, *filter(None, [active]))}
        for state in states.values():
            if state.slot and not state.halfway and not state.saved:
                _save(state, self._folder)

    def forget(self, slot: str) -> None:
        """Forget a conversation: here, among the copies and on the disk. Raises OSError."""
        if slot == self._slot:
            self._clear()
        self._parked.forget(slot)
        if self._folder is not None:
            self._folder.forget(slot)

    def close(self) -> None:
        """Save everything and wait for it."""
        if self._folder is not None:
            self.save()
            self._folder.close()

    def _known(self, slot: str) -> list[Tokens]:
        """Return what was read of a conversation: here, in its copies or, where that is all, on the disk."""
        known = [np.asarray(self.tokens, np.int32)] if slot == self._slot and self.tokens else []
        known += [state.tokens for state in self._parked.states if state.slot == slot]
        if not known and slot and self._folder is not None and (saved := self._folder.find(slot)):
            known = [np.asarray(saved.tokens, np.int32)]
        return known

    def _best_copy(self, wanted: Tokens, slot: str, common: int) -> tuple[int, State | None]:
        """Return the copy that spares most and how much; None where the context itself does as well."""
        whole = self._context.copies_only_grow
        length, state = self._parked.best(wanted, whole=whole)
        if saved := self._read_saved(wanted, slot, max(length, common)):
            length, state = spared(saved.tokens, wanted, whole=whole), saved
        return (length, state) if length >= common + WORTH else (common, None)

    def _read_saved(self, wanted: Tokens, slot: str, length: int) -> State | None:
        """Return the state on the disk where it is worth more than the `length` tokens known here."""
        if self._folder is None or not slot or len(wanted) < length + WORTH:
            return None
        if (saved := self._folder.find(slot)) is None:
            return None
        tokens = np.asarray(saved.tokens, np.int32)
        better = spared(tokens, wanted, whole=self._context.copies_only_grow) >= length + WORTH
        if not better or len(tokens) > self._context.n_ctx or (content := self._folder.read(saved)) is None:
            return None
        state = State(slot, tokens, np.frombuffer(content, np.uint8), saved=True)
        self._parked.put(state)
        return state

    def _park(self, most: int, *, halfway: bool = False) -> State | None:
        """Copy the conversation in the context out, unless that was done.

        None where it is not worth it, or takes more than `most` bytes or half the memory that is free.
        """
        if len(self.tokens) < WORTH or not (self._slot or halfway):
            return None
        tokens = np.asarray(self.tokens, np.int32)
        for state in self._parked.states:
            if state.slot == self._slot and np.array_equal(state.tokens, tokens):
                return state
        content = self._context.copy_out(min(most, psutil.virtual_memory().available // 2))
        state = State(self._slot, tokens, content, halfway)
        if not state.content.nbytes or self._context.remembered() != len(tokens):
            return None
        self._parked.put(state)
        return state

    def _restore(self, state: State) -> bool:
        """Have a copy in the context; False, and nothing, where llama.cpp does not take it."""
        if not self._context.copy_in(state.content, len(state.tokens)):
            self._parked.drop(state)
            if state.saved and self._folder is not None:
                self._folder.discard(state.slot)
            self.tokens = []
            return False
        self.tokens = state.tokens.tolist()
        self._parked.use(state)
        return True

    def _broken_off(self) -> None:
        """Keep what was evaluated as a whole before an evaluation was broken off."""
        if self._context.only_grows:
            self._clear()  # the state has run ahead of what the context says it remembers
        del self.tokens[self._context.remembered() :]

    def _clear(self) -> None:
        self._context.keep(0)
        self.tokens = []


def _save(state: State, folder: StateFolder) -> None:
    state.saved = True  # so that it is not written twice meanwhile
    writing = folder.write(state.slot, state.tokens.tolist(), state.content.data)
    writing.add_done_callback(lambda done: setattr(state, "saved", done.result()))


def _key(settings: EngineSettings, context: Context) -> str:
    """Return a digest of all that makes the state of one context nonsense in another."""
    adapters = [
        (str(adapter.path), adapter.scale, adapter.path.stat().st_size, adapter.path.stat().st_mtime_ns)
        for adapter in settings.adapters
    ]
    architecture = _metadata(context, "general.architecture")
    # Some models turn positions otherwise in a window that is longer than they were first trained on.
    trained = _metadata(context, f"{architecture}.rope.scaling.original_context_length")
    stretched = trained.isdigit() and context.n_ctx > int(trained)
    chosen = (settings.sha256, settings.cache_type, settings.flash_attention, adapters, stretched)
    return hashlib.sha256(json.dumps([llama.library_release(), chosen]).encode()).hexdigest()


def _metadata(context: Context, key: str) -> str:
    buffer = ctypes.create_string_buffer(64)
    found = llama.api.llama_model_meta_val_str(context.model.handle, key.encode(), buffer, len(buffer))
    return buffer.value.decode("utf-8", "replace") if found >= 0 else ""
