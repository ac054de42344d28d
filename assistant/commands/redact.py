# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""`maru redact`: texts with their personal data hidden, and the way back from a vault."""

import argparse
import contextlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from assistant.commands.opened import say_notice
from assistant.commands.output import note, say_json, write
from assistant.commands.policies import add_policy
from assistant.commands.redact_input import Given, read_texts
from assistant.entities import Entity
from assistant.errors import CredentialError, HomeHeldError, UsageError
from assistant.home_lock import hold
from assistant.keys import HomeKey
from assistant.paths import Home
from assistant.privacy.filter import find
from assistant.privacy.masking import Masked, masked_together
from assistant.privacy.policy import Action, Found, judged, named
from assistant.privacy.restore import StreamRestorer, links_of, put_back, put_back_safely
from assistant.privacy.vault import Vault
from assistant.settings import look_at_settings
from assistant.texts import language_of, text, tr, trn
from assistant.unlocking import unlock
from assistant.vault_files import VaultFile


def add_parser(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Add the parser of `redact`."""
    about = tr("hide personal data in texts, and put it back")
    parser = commands.add_parser("redact", parents=[shared], help=about, description=about)
    parser.set_defaults(run=redact)
    parser.add_argument("--json", action="store_true", help=tr("print JSON, one object a file"))
    add_policy(parser)
    parser.add_argument("--vault", metavar="FILE", type=Path,
                        help=tr("keep what is hidden in this file, encrypted by the home's key"))  # fmt: skip
    parser.add_argument("--reverse", metavar="FILE", type=Path,
                        help=tr("put back what such a vault hides"))  # fmt: skip
    parser.add_argument("--links", action="store_true",
                        help=tr("with --reverse: into links, too, that the text did not have"))  # fmt: skip
    parser.add_argument("files", nargs="*", metavar="FILE", type=Path,
                        help=tr("texts and documents; without any, standard input"))  # fmt: skip


def redact(home: Home, arguments: argparse.Namespace) -> int:
    """Print texts with their personal data hidden; only a vault needs the home."""
    if arguments.reverse is not None:
        return _reverse(home, arguments)
    if arguments.links:
        raise UsageError(text("--links goes with --reverse alone."), text("Leave it out."))
    _check_apart(arguments.vault, arguments.files)
    policy = named(arguments.policy or "standard", look_at_settings(home).privacy_actions)
    key = _key(home, make=True) if arguments.vault is not None else None  # before anybody types a text
    given = read_texts(arguments.files)
    language = getattr(arguments, "language", "") or language_of("".join(one.text for one in given))
    kept = VaultFile.begin(arguments.vault, key, language) if key is not None else None
    vault = kept.vault if kept is not None else Vault(language)
    find_once = cache(find)  # for --json what is not hidden is told, too
    masked = masked_together([one.text for one in given], vault, policy, find_once)
    if kept is not None:
        vault.links.update(*(links_of(made.text, vault) for made in masked))
        kept.save()  # before anything is printed that only the vault can turn back
    for one, made in zip(given, masked, strict=True):
        if arguments.json:
            found = judged(_all(made, find_once(one.text), len(one.text)), policy)
            entities = [_entity(each, vault) for each in found]
            say_json({**_named(one, given), "text": made.text, "entities": entities})
        else:
            _print(one, made.text, given)
    return 0


def _reverse(home: Home, arguments: argparse.Namespace) -> int:
    """Print texts with what was hidden in them put back."""
    if arguments.vault is not None or arguments.policy is not None:
        raise UsageError(text("--reverse excludes --vault and --policy."), text("Leave one of them out."))
    vault = VaultFile.open(arguments.reverse, _key(home, make=False)).vault
    given = read_texts(arguments.files)
    for one in given:
        whole, left = (put_back(one.text, vault), 0) if arguments.links else put_back_safely(one.text, vault)
        if arguments.json:
            say_json({**_named(one, given), "text": whole})
        else:
            _print(one, whole, given)
        _tell(left, _unknown(one.text, vault))
    return 0


def _tell(in_links: int, unknown: int) -> None:
    """Say which placeholders of a text were not filled."""
    if in_links:
        note(
            trn(
                "{n} placeholder would become part of a link that was not there when the text was hidden, and"
                " stays as it is. Look at it; --links fills it all the same.",
                "{n} placeholders would become part of links that were not there when the text was hidden,"
                " and stay as they are. Look at them; --links fills them all the same.",
                in_links,
            )
        )
    if unknown:
        note(
            trn(
                "{n} placeholder is not in this vault and stays as it is.",
                "{n} placeholders are not in this vault and stay as they are.",
                unknown,
            )
        )


def _unknown(words: str, vault: Vault) -> int:
    """Return how many placeholders in `words` the vault knows nothing of."""
    restorer = StreamRestorer(vault)
    return len(restorer.invented(restorer.feed(words) + restorer.flush()))


def _key(home: Home, *, make: bool) -> HomeKey:
    """Return the key of the home, `make`: also of a new one. Raises LockedError, CredentialError for none."""
    with contextlib.ExitStack() as held:
        alone = False
        if make:
            with contextlib.suppress(HomeHeldError):  # beside an open Maru the key is only looked up
                lock = held.enter_context(hold(home))
                alone = lock.read_only is None  # so it is where the home cannot be written
        unlocked = unlock(home, own=alone)
    say_notice(unlocked.notice)
    key = unlocked.key
    if key is None:
        raise CredentialError(
            text("A vault is encrypted with the key of the home, and this home has none."),
            text(
                "Protect it with `maru init --passphrase`, or name the home that made the vault with --home."
            ),
        )
    return key


def _check_apart(vault: Path | None, files: Sequence[Path]) -> None:
    if vault is not None and vault.expanduser().absolute() in [one.expanduser().absolute() for one in files]:
        raise UsageError(
            text("{name} cannot be the vault and a text at once.", name=vault.name),
            text("Name another file for the vault."),
        )


def _all(made: Masked, found: Sequence[Entity], length: int) -> list[Entity]:
    """Return what was hidden and, beside it, what else was found, in order."""
    taken = bytearray(length)
    for entity in made.hidden:
        taken[entity.start : entity.end] = b"\1" * (entity.end - entity.start)
    shown = [entity for entity in found if taken.find(1, entity.start, entity.end) < 0]
    return sorted([*made.hidden, *shown], key=lambda entity: entity.start)


def _entity(found: Found, vault: Vault) -> dict[str, Any]:
    entity = found.entity
    hidden = found.action in (Action.MASK, Action.BLOCK)
    return {
        "entity_type": entity.entity_type.value,
        "start": entity.start,
        "end": entity.end,
        "score": entity.score,
        "text": entity.text,
        "evidence": entity.evidence.name.lower(),
        "action": found.action.value,
        "placeholder": vault.placeholder(entity.entity_type, entity.text) if hidden else None,
    }


def _named(one: Given, given: Sequence[Given]) -> dict[str, str]:
    return {"file": str(one.path)} if len(given) > 1 else {}


def _print(one: Given, words: str, given: Sequence[Given]) -> None:
    """Print a text to the letter; of several each under its name."""
    if len(given) > 1:
        write(f"── {one.path}\n")
        words = words if words.endswith("\n") else f"{words}\n"
    write(words)
