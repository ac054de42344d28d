# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Puts hidden values back: in a whole text, or in one that is still being written."""

import re

from assistant.privacy.placeholders import LONGEST, placeholder, unfinished
from assistant.privacy.vault import Vault


def restore(text: str, vault: Vault) -> str:
    """Return `text`, which a model wrote, with the placeholders of `vault` filled.

    The model may have bent their case, spaces and brackets; one that it invented stays as it is.
    """
    return placeholder().sub(lambda found: _value(found, vault), text)


def _value(found: re.Match[str], vault: Vault) -> str:
    label = (found["label"] or found["bare_label"]).upper().replace("\\", "")
    label = re.sub("[ -]", "_", label)
    value = vault.value(label, int(found["number"] or found["bare_number"]))
    return found[0] if value is None else value


class StreamRestorer:
    """Restores a text that comes in pieces; a placeholder may be split over any number of them.

    All that `feed` and `flush` returned, joined, is what `restore` makes of the whole. Only what may
    still become a placeholder is held back.
    """

    def __init__(self, vault: Vault) -> None:
        """Take the vault of the conversation; values that enter it later are restored, too."""
        self._vault = vault
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

    def _show(self, text: str, end: int) -> str:
        shown: list[str] = []
        done = len(self._before)
        for found in placeholder().finditer(text, done):
            if found.end() > end:
                end = min(end, found.start())
                break
            shown += (text[done : found.start()], _value(found, self._vault))
            done = found.end()
        shown.append(text[done:end])
        self._before, self._held = text[:end][-1:], text[end:]
        return "".join(shown)
