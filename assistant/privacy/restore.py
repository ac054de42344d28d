# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Puts hidden values back: in a whole text, or in one that is still being written."""

import re

from assistant.privacy.link_targets import LinkTargets
from assistant.privacy.placeholders import LONGEST, placeholder, unfinished
from assistant.privacy.vault import KINDS, LITERAL, Vault

_AS_WRITTEN = re.compile(r"\\?[\[［].*_.*[\]］]\Z")


def put_back(text: str, vault: Vault) -> str:
    """Return `text`, which its owner had masked, with every placeholder of `vault` filled."""
    return placeholder().sub(lambda found: _value(found, vault) or found[0], text)


def restore(text: str, vault: Vault) -> str:
    """Return `text`, which a model wrote, with the placeholders of `vault` filled.

    The model may have bent their case, spaces and brackets; one that it invented stays as it is, and so
    does one in the target of a link or an image.
    """
    restorer = StreamRestorer(vault)
    return restorer.feed(text) + restorer.flush()


def _label(found: re.Match[str]) -> str:
    label = (found["label"] or found["bare_label"]).upper().replace("\\", "")
    return re.sub("[ -]", "_", label)


def _value(found: re.Match[str], vault: Vault) -> str | None:
    return vault.value(_label(found), int(found["number"] or found["bare_number"]))


class StreamRestorer:
    """Restores a text that comes in pieces; a placeholder may be split over any number of them.

    All that `feed` and `flush` returned, joined, is what `restore` makes of the whole. Only what may
    still become a placeholder is held back.
    """

    def __init__(self, vault: Vault) -> None:
        """Take the vault of the conversation; values that enter it later are restored, too."""
        self._vault = vault
        self._targets = LinkTargets()
        self._invented: set[str] = set()
        self._literals = self._last = ""
        self._held = ""
        self._before = ""  # the last character given out, as it was written

    def feed(self, piece: str) -> str:
        """Return what can be shown after `piece`, perhaps nothing yet."""
        text = self._before + self._held + piece
        held = unfinished().search(text, max(len(self._before), len(text) - LONGEST))
        return self._show(text, held.start() if held else len(text))

    def flush(self) -> str:
        """Return what was held back: nothing more is coming."""
        text = self._before + self._held
        return self._show(text, len(text))

    def invented(self, shown: str) -> tuple[tuple[int, int], ...]:
        """Return the spans in `shown`, made of what was given out, of placeholders that stand for nothing.

        Those are the model's inventions; what the user wrote in their form is not.
        """
        marked = {one for one in self._invented if one not in self._literals}
        found = placeholder().finditer(shown) if marked else ()
        return tuple(one.span() for one in found if one[0] in marked)

    def _show(self, text: str, end: int) -> str:
        shown: list[str] = []
        done = len(self._before)
        for found in placeholder().finditer(text, done):
            if found.end() > end:
                end = min(end, found.start())
                break
            self._give(text[done : found.start()], shown)
            self._give(self._filled(found), shown)
            done = found.end()
        self._give(text[done:end], shown)
        self._before, self._held = text[:end][-1:], text[end:]
        return "".join(shown)

    def _give(self, words: str, shown: list[str]) -> None:
        shown.append(words)
        self._targets.feed(words)
        self._last = words[-1:] or self._last

    def _filled(self, found: re.Match[str]) -> str:
        """Return what is shown for a placeholder."""
        value = _value(found, self._vault)
        if value is None:
            if _AS_WRITTEN.match(found[0]):  # "[Person 1]" names a speaker, and nobody hidden
                self._invented.add(found[0])
            return found[0]
        if KINDS[_label(found)] == LITERAL:
            self._literals += f"{value}\n"
        opens = self._last == "]" and value.startswith("(")  # "[name]" and "(02) 123-4567" would be a link
        return found[0] if opens or self._targets.inside else value
