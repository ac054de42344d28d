# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What answering needs of the rest of Maru, and what is to be said of the model that answers."""

import threading
from collections.abc import Callable, Generator
from dataclasses import dataclass

from assistant.chat_events import ChatEvent, Loading
from assistant.conversations import ConversationStore
from assistant.documents.library import Library
from assistant.engine.client import Engine
from assistant.engine.protocol import LoadProgress, ModelInfo
from assistant.errors import EngineError
from assistant.hiding import Privacy
from assistant.model_files import CHAT_STARTER
from assistant.texts import text

STARTER_ENGLISH_ONLY = text(
    "The starter model knows English only. For answers in Korean, open “Model” and choose a GGUF file"
    " that speaks Korean; searching your documents works in Korean already."
)
ENGLISH_ONLY = text(
    "The model in use knows English only. For answers in Korean, choose one that speaks Korean."
)
NO_TEMPLATE = text("This model has no chat template: it continues your text instead of answering.")
PLAIN_LAYOUT = text("A plain layout takes its place: answers may be worse than this model can give.")


@dataclass(frozen=True)
class Parts:
    """What answering needs: where conversations are kept, what thinks, what is searched.

    `privacy` hides personal data from it. `load` loads the model where it is not loaded; None: as the
    engine itself does.
    """

    conversations: ConversationStore
    engine: Engine
    library: Library
    privacy: Privacy
    load: Callable[[threading.Event], Generator[LoadProgress, None, ModelInfo]] | None = None

    def loaded(self, stop: threading.Event) -> Generator[ChatEvent, None, ModelInfo | None]:
        """Load the model where it is not; None where the user stopped it."""
        if self.engine.info is not None:
            return self.engine.info
        loading = (self.load or self.engine.load)(stop)
        try:
            while True:
                yield Loading(next(loading).fraction)
        except StopIteration as end:
            return None if stop.is_set() else end.value
        except EngineError:
            if stop.is_set():
                return None
            raise


def english_only(info: ModelInfo, language: str) -> str:
    """Return, in `language`, that the model knows English only."""
    starter = info.sha256 == CHAT_STARTER.sha256
    return (STARTER_ENGLISH_ONLY if starter else ENGLISH_ONLY).in_language(language)


def of_template(info: ModelInfo, language: str) -> list[str]:
    """Return what the user should know of a model that is not asked in the way it was trained for."""
    if not info.has_template:
        return [NO_TEMPLATE.in_language(language)]
    if info.template_fault is not None:
        return [f"{info.template_fault.in_language(language)} {PLAIN_LAYOUT.in_language(language)}"]
    return []
