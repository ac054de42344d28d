# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What is hidden from the model: the policy in force, the vault of each conversation, what is allowed."""

import contextlib
import threading
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

from assistant.entities import ENTITY_NAMES, Entity, EntityType
from assistant.errors import BlockedError
from assistant.messages import Message, Role
from assistant.privacy.filter import find
from assistant.privacy.masking import CERTAIN, Find, Masked, masked_together, with_known
from assistant.privacy.policy import Action, Found, Item, Policy, item_of, judged
from assistant.privacy.recognizers import normal
from assistant.privacy.split import halves, may_go_over
from assistant.privacy.vault import Vault
from assistant.texts import language_of, text
from assistant.vault_store import VaultStore

REMEMBERED = 512
"""Texts whose personal data need not be found again: the history comes with every question."""

OPEN_VAULTS = 8
"""Vaults that are kept open: of the conversations that are talked in just now."""


class Privacy:
    """Decides, hides and remembers. May be used from any thread.

    `let_through` are items, a type and a value, that the model is shown in a conversation although the
    policy hides or blocks them; `kept_back` those that are hidden in it although the policy shows them.
    """

    def __init__(self, store: VaultStore, chosen: Callable[[], Policy]) -> None:
        """Take the store, and what gives the policy of the settings in force."""
        self._store = store
        self._chosen = chosen
        self._lock = threading.RLock()  # of what follows, never for long
        self._at_work: dict[int, threading.RLock] = {}  # two questions must not give one placeholder twice
        self._vaults: dict[int, Vault] = {}
        self._allowed: frozenset[Item] | None = None
        self._find_again = lru_cache(REMEMBERED)(lambda words: tuple(find(words)))

    def policy(
        self, conversation_id: int | None = None, let_through: frozenset[Item] = frozenset()
    ) -> Policy:
        """Return the policy of the settings with what is allowed: everywhere, and in this conversation."""
        policy = self._chosen().allowing(self._allowed_items()).allowing(_normal(let_through))
        vault = self._known(conversation_id)
        if vault is None:
            return policy
        return policy.allowing(vault.let_through).keeping_back(vault.kept_back)

    def preview(self, conversation_id: int | None, words: str) -> list[Found]:
        """Return the personal data in `words` and what will be done with it; nothing is kept."""
        policy, vault = self.policy(conversation_id), self._known(conversation_id)
        rests = self._rests(conversation_id, words, policy)
        found = [one for one in judged(find(words), policy) if not _met(one.entity, rests)]
        if vault is None:
            hidden = []
        else:
            kept = [one.entity for one in found if policy.hides(one.entity)]
            hidden = [one for one in with_known(words, kept, vault, policy) if not _met(one, rests)]
        shown = [one for one in found if not _met(one.entity, hidden)]
        whole = [*(Found(one, Action.MASK) for one in rests), *judged(hidden, policy), *shown]
        return sorted(whole, key=lambda one: one.entity.start)

    def _rests(self, conversation_id: int | None, words: str, policy: Policy) -> list[Entity]:
        """Return what `words` complete of values that the message before began; each is told as a whole."""
        if conversation_id is None or not may_go_over(words):
            return []
        before = self._store.last_question(conversation_id)
        _, pieces = halves([before, words], [True, True], self._hidden_by(policy))
        return [Entity(one.entity_type, one.start, one.end, CERTAIN, one.value) for one in pieces]

    def _hidden_by(self, policy: Policy) -> Find:
        return lambda words: [one for one in self._find_again(words) if policy.hides(one)]

    def check(
        self, conversation_id: int | None, words: str, let_through: frozenset[Item] = frozenset()
    ) -> None:
        """Raise BlockedError where `words` hold what the person chose never to send."""
        policy = self.policy(conversation_id, let_through)
        if Action.BLOCK not in policy.actions.values():
            return
        kinds = {each.entity_type for each in find(words) if policy.action(each) is Action.BLOCK}
        if kinds:
            named = ", ".join(str(ENTITY_NAMES[kind]) for kind in EntityType if kind in kinds)
            raise BlockedError(
                text("Not sent: the question holds what you chose never to send ({kinds}).", kinds=named),
                text("Take it out, or decide otherwise in the settings."),
            )

    @contextlib.contextmanager
    def hiding(
        self,
        conversation_id: int,
        language: str,
        let_through: frozenset[Item] = frozenset(),
        kept_back: frozenset[Item] = frozenset(),
    ) -> Iterator["Hiding"]:
        """Give what hides texts of a conversation; what was hidden is kept at the end of the block.

        `language` ("en", "ko") names the placeholders of a conversation that has none yet. Raises
        DatabaseError, also for a vault that is damaged. The texts may be long: another question of the same
        conversation waits for the end of the block, other conversations do not.
        """
        with self._working_on(conversation_id):
            vault = self._known(conversation_id) or Vault(language)
            before = vault.size
            try:
                chosen = vault.choose(_normal(let_through), _normal(kept_back))
                policy = self.policy().allowing(vault.let_through).keeping_back(vault.kept_back)
                yield Hiding(vault, policy, self._find_again)
                if chosen or vault.size > before:
                    self._store.save(conversation_id, vault.to_json())
                    self._keep(conversation_id, vault)
            except BaseException:  # what entered it is not on the disk
                with self._lock:
                    self._vaults.pop(conversation_id, None)
                raise

    def hidden(self, conversation_id: int) -> list[tuple[str, EntityType, str]]:
        """Return what a conversation has hidden so far: placeholder, type, value."""
        vault = self._known(conversation_id)
        return vault.hidden() if vault is not None else []

    def choose(
        self, conversation_id: int, words: str, let_through: frozenset[Item], kept_back: frozenset[Item]
    ) -> None:
        """Keep what a person decided about values of the question `words`, whatever becomes of it.

        Raises DatabaseError.
        """
        if let_through or kept_back:
            with self.hiding(conversation_id, language_of(words), let_through, kept_back):
                pass

    def kept_back(self, conversation_id: int) -> frozenset[Item]:
        """Return what a conversation hides although the policy shows it."""
        vault = self._known(conversation_id)
        return frozenset(vault.kept_back) if vault is not None else frozenset()

    def allow(self, entity: Entity) -> None:
        """Take `entity` for something that is not personal, from now on and in every conversation."""
        with self._lock:
            self._store.allow(*item_of(entity))
            self._allowed = None

    def disallow(self, item: Item) -> None:
        """Take an item of `allowed` for personal data again."""
        with self._lock:
            self._store.disallow(*item)
            self._allowed = None

    def allowed(self) -> list[Item]:
        """Return what is not personal, as (type, value), in the order in which it was said."""
        kinds = set(EntityType)
        return [(EntityType(kind), value) for kind, value in self._store.allowed() if kind in kinds]

    def forget(self, conversation_id: int) -> None:
        """Keep nothing in memory of a conversation that was deleted."""
        with self._working_on(conversation_id), self._lock:
            self._vaults.pop(conversation_id, None)
            self._find_again.cache_clear()

    def _working_on(self, conversation_id: int) -> threading.RLock:
        """Return the lock of a conversation's vault."""
        with self._lock:
            return self._at_work.setdefault(conversation_id, threading.RLock())

    def _known(self, conversation_id: int | None) -> Vault | None:
        """Return the vault of a conversation, None where nothing was hidden yet."""
        if conversation_id is None:
            return None
        with self._lock:
            vault = self._vaults.get(conversation_id)
            if vault is None:
                stored = self._store.load(conversation_id)
                if stored is None:
                    return None
                vault = Vault.from_json(stored)
            self._keep(conversation_id, vault)
            return vault

    def _keep(self, conversation_id: int, vault: Vault) -> None:
        with self._lock:
            self._vaults.pop(conversation_id, None)
            self._vaults[conversation_id] = vault
            if len(self._vaults) > OPEN_VAULTS:
                del self._vaults[next(iter(self._vaults))]

    def _allowed_items(self) -> frozenset[Item]:
        with self._lock:
            if self._allowed is None:
                self._allowed = frozenset(self.allowed())
            return self._allowed


class Hiding:
    """Hides texts of one conversation by one vault."""

    def __init__(self, vault: Vault, policy: Policy, find_again: Find) -> None:
        """Take all three; `find_again` remembers what it found in a text."""
        self.vault = vault
        self._policy = policy
        self._find_again = find_again

    def masked(
        self, turns: Sequence[Message], others: Sequence[str] = ()
    ) -> tuple[list[Masked], list[Masked]]:
        """Return the messages of a conversation and `others` as the model may see them.

        Of a value that is split over two messages of the user's both pieces are hidden.
        """
        texts = [turn.content for turn in turns]
        of_user = [turn.role is Role.USER for turn in turns]
        pieces = halves(texts, of_user, self._hidden_in)
        remembered = set(texts)
        masked = masked_together(
            [*texts, *others],
            self.vault,
            self._policy,
            lambda words: self._find_again(words) if words in remembered else find(words),
            [*pieces, *([] for _ in others)],
        )
        return masked[: len(texts)], masked[len(texts) :]

    def told(self, words: str) -> list[Entity]:
        """Return what the model sees in `words` and the person wants to be told of."""
        return [one for one in self._find_again(words) if self._policy.action(one) is Action.WARN]

    def _hidden_in(self, words: str) -> list[Entity]:
        return [one for one in self._find_again(words) if self._policy.hides(one)]


def legible(name: str) -> str:
    """Return a file's name, with blanks for low lines where these hold a value: "cv_010-1234-5678.pdf".

    Within a text a low line joins names of programs' own, whose numbers are nobody's.
    """
    apart = name.replace("_", " ")
    return apart if len(find(apart)) > len(find(name)) else name


def _normal(items: frozenset[Item]) -> frozenset[Item]:
    return frozenset((kind, normal(kind, value)) for kind, value in items)


def _met(one: Entity, others: Sequence[Entity]) -> bool:
    """Say whether one of `others` overlaps `one`."""
    return any(one.start < other.end and other.start < one.end for other in others)
