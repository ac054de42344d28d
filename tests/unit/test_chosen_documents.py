# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The files of a conversation: they go with it, once it cannot be brought back."""

import pytest

from assistant import app
from assistant.app import Assistant
from tests.assistants import SAMPLES
from tests.waiting import until


def test_files_of_a_deleted_conversation_go_when_it_cannot_be_brought_back_any_more(
    fake_assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    library, conversations = fake_assistant.library, fake_assistant.conversations
    kept, gone = conversations.create("kept").id, conversations.create("gone").id

    def files(conversation_id: int) -> int:
        own = library.conversation_collection(conversation_id)
        return own.documents if own is not None else 0

    for number in (kept, gone):
        fake_assistant.indexing.add_to_conversation([SAMPLES / "letter.md"], number)
    until(lambda: (files(kept), files(gone)) == (1, 1))
    conversations.delete(kept)
    fake_assistant.chosen.forget_gone(app.UNDO_S)
    conversations.undelete(kept)
    assert files(kept) == 1, "it could be brought back"
    monkeypatch.setattr(app, "UNDO_S", -1.0)  # what is deleted now is so for good
    conversations.delete(gone)
    until(lambda: library.conversation_collection(gone) is None)
    assert files(kept) == 1
