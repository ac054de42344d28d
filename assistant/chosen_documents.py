# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Which documents a conversation looks at: all collections, some, none; and always its own files."""

from collections.abc import Sequence
from dataclasses import replace

from assistant.chat_events import Options
from assistant.conversations import ConversationStore
from assistant.documents.library import Library


class ChosenDocuments:
    """The choice of each conversation, kept with it by the ids of collections: these outlive a new name."""

    def __init__(self, library: Library, conversations: ConversationStore) -> None:
        """Join the two."""
        self._library = library
        self._conversations = conversations

    def of(self, conversation_id: int) -> tuple[str, ...] | None:
        """Return the collections that a conversation looks at, by name; None for all.

        Its own files are not among them. Raises NotFoundError.
        """
        chosen = self._conversations.collections(conversation_id)
        if chosen is None:
            return None
        ids = self._library.filing.catalogue.ids()
        return tuple(name for name, number in ids.items() if number in chosen)

    def choose(self, conversation_id: int, names: Sequence[str] | None) -> None:
        """Let a conversation look at these collections alone; None for all, () for none.

        Raises NotFoundError, also for a collection that is not there.
        """
        catalogue = self._library.filing.catalogue
        ids = None if names is None else [catalogue.existing(name) for name in names]
        self._conversations.use_collections(conversation_id, ids)

    def applied(self, conversation_id: int, options: Options) -> Options:
        """Return the options with what the conversation looks at, where they say nothing else."""
        if not options.documents:
            return options
        chosen = options.collections if options.collections is not None else self.of(conversation_id)
        return replace(options, collections=self.with_own(conversation_id, chosen))

    def with_own(self, conversation_id: int, names: tuple[str, ...] | None) -> tuple[str, ...] | None:
        """Return these collections, None for all, and with them the conversation's own files."""
        own = self._library.conversation_collection(conversation_id)
        if own is None:
            return names
        every = tuple(one.name for one in self._library.collections()) if names is None else names
        return (*every, own.name)

    def forget_gone(self, undo_s: float | None = None) -> None:
        """Take out the files of conversations that were purged, or deleted `undo_s` seconds ago."""
        catalogue = self._library.filing.catalogue
        kept = self._conversations.ids(undo_s)
        for conversation_id in catalogue.conversations():
            if conversation_id not in kept:
                self._library.filing.delete(catalogue.id_of_conversation(conversation_id))
