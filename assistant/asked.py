# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""A question with everything the model may see of it: masked here, so that no caller can go around it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from assistant import prompt
from assistant.chat_events import Options
from assistant.conversations import ConversationStore, StoredMessage
from assistant.engine.client import Engine
from assistant.engine.protocol import ModelInfo
from assistant.entities import count_by_type
from assistant.excerpts import title_of
from assistant.hiding import Privacy, legible
from assistant.messages import Message, Role
from assistant.passages import Passage, Passages
from assistant.privacy.vault import Vault
from assistant.prompt import Prompt
from assistant.receipts import ContextUse
from assistant.texts import language_of


@dataclass(frozen=True)
class Asked:
    """A question with everything the model may see of it, masked by one vault.

    `wording` is what is asked: the question's own words, or those of the earlier question that it
    belongs to. `masked` is the same as the model sees it. `entities` counts what is hidden in it and in
    the passages, `told` what it shows and the person wants to know of. `searched_for`: see `Receipt`.
    """

    question: StoredMessage
    options: Options
    language: str
    passages: Passages | None
    vault: Vault
    masked: str
    masked_passages: tuple[Passage, ...]
    history: tuple[Message, ...]
    earlier: tuple[StoredMessage, ...]
    entities: dict[str, int]
    told: dict[str, int]
    wording: str
    searched_for: str = ""

    @classmethod
    def of(
        cls,
        conversations: ConversationStore,
        privacy: Privacy,
        question: StoredMessage,
        options: Options,
        passages: Passages | None,
        *,
        wording: str = "",
        searched_for: str = "",
    ) -> "Asked":
        """Mask history, question and passages, in this order: the same value keeps its name."""
        content = wording or question.message.content
        language = language_of(content)
        earlier = earlier_than(conversations, question)
        turns = [one.message for one in earlier]
        quoted = passages.found if passages is not None and passages.supported else ()
        chosen = options.let_through, options.kept_back
        with privacy.hiding(question.conversation_id, language, *chosen) as hiding:
            said, shown = hiding.masked([*turns, Message(Role.USER, content)], _parts(quoted))
            told = hiding.told(content)
        hidden = [entity for one in (said[-1], *shown) for entity in one.hidden]
        return cls(
            question=question,
            options=options,
            language=language,
            passages=passages,
            vault=hiding.vault,
            masked=said[-1].text,
            masked_passages=_with_parts(quoted, [one.text for one in shown]),
            history=tuple(Message(turn.role, one.text) for turn, one in zip(turns, said, strict=False)),
            earlier=earlier,
            entities=count_by_type(hidden),
            told=count_by_type(told),
            wording=content,
            searched_for=searched_for,
        )

    def prompt(self, engine: Engine, info: ModelInfo) -> prompt.Prompt:
        """Return the prompt, fitted to the context window of the loaded model. Raises ContextFullError."""
        reader = reader_of(info)

        def attempt(window: prompt.Window) -> prompt.Prompt:
            return prompt.build(
                self.masked, self.history, self.masked_passages, window, engine.count, self.language, reader
            )

        window = prompt.Window(info.n_ctx, self.options.sampling.max_tokens, info.n_ctx_train)
        return prompt.fitted(attempt, window, engine.count_prompt)

    def context_use(self, built: Prompt, info: ModelInfo) -> ContextUse:
        """Return how `built` fills the context window, and what had to be left out, in the user's words."""
        kept = len(built.passages)
        found = self.passages.found if self.passages else ()
        return ContextUse(
            n_ctx=info.n_ctx,
            prompt_tokens=built.tokens,
            history_tokens=built.history_tokens,
            passages_tokens=built.passages_tokens,
            left_out_messages=tuple(
                title_of(one.message.content) for one in self.earlier[: built.dropped_messages]
            ),
            left_out_passages=found[kept : kept + built.dropped_passages],
        )


def earlier_than(conversations: ConversationStore, question: StoredMessage) -> tuple[StoredMessage, ...]:
    """Return the messages before `question`, oldest first, without questions that were not answered."""
    branch = conversations.branch(question.conversation_id, question.id)
    unanswered = {one.parent_id for one in branch if not one.message.content}  # templates want pairs
    return tuple(
        one for one in branch if one.message.content and one.id != question.id and one.id not in unanswered
    )


def reader_of(info: ModelInfo) -> prompt.Reader:
    """Return who reads the prompts of a model."""
    return prompt.Reader(small=info.parameters < prompt.SMALL_MODEL, base=not info.has_template)


def slot_of(conversation_id: int) -> str:
    """Return the name by which the engine keeps what it read of a conversation."""
    return f"conversation-{conversation_id}"


def _parts(passages: Sequence[Passage]) -> list[str]:
    """Return what the prompt shows of each passage: its text, its heading and its file's name.

    The text as it will stand there: of "[EMAIL  1]" two blanks becoming one would make a placeholder.
    """
    return [
        part
        for passage in passages
        for part in (prompt.plain(passage.text), passage.heading, legible(Path(passage.document).name))
    ]


def _with_parts(passages: Sequence[Passage], parts: Sequence[str]) -> tuple[Passage, ...]:
    """Return `passages` with what `_parts` gave of them replaced."""
    return tuple(
        replace(passage, text=words, heading=heading, document=name)
        for passage, words, heading, name in zip(passages, parts[::3], parts[1::3], parts[2::3], strict=True)
    )
