# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Puts hidden values back: in a whole text, or in one that is still being written."""

import re
from collections.abc import Callable
from hashlib import sha256

from assistant.privacy.link_targets import LONGEST_BEHIND, LinkTargets, goes_on
from assistant.privacy.placeholders import LONGEST, label_of, number_of, placeholder, unfinished
from assistant.privacy.vault import KINDS, LITERAL, Vault

_UP_TO_BLANK = re.compile(r"\S{0,256}")
_LONGEST_LINE = 1024  # code points of a line before a placeholder that tell it from others
_JOINED = re.compile("[_＿:：\u2010-\u2013-]")
# What an address may be made of; Markdown may have escaped the low line of a placeholder among it.
_WORD = re.compile(r"(?:[0-9A-Za-z.!#$%&'*+/=?^_`{|}~@-]|\\(?=_))*")


def put_back(text: str, vault: Vault) -> str:
    """Return `text`, which its owner had masked, with every placeholder of `vault` filled."""
    return placeholder().sub(lambda found: _value(found, vault) or found[0], text)


def put_back_safely(text: str, vault: Vault) -> tuple[str, int]:
    """Return `text`, which its owner had masked and a model may have changed, with placeholders filled.

    One in the target of a link or an image stays as it is, unless a masked text had it there: `vault.links`.
    The number says how many those are.
    """
    left: list[str] = []

    def fills(place: str) -> bool:
        if place not in vault.links:
            left.append(place)
        return place in vault.links

    return _OwnRestorer(vault, fills).whole(text), len(left)


def links_of(masked: str, vault: Vault) -> set[str]:
    """Return, for `Vault.links`, where a text that was just masked has placeholders in targets of links."""
    found: set[str] = set()

    def fills(place: str) -> bool:
        found.add(place)
        return True

    _OwnRestorer(vault, fills).whole(masked)
    return found


def restore(text: str, vault: Vault) -> str:
    """Return `text`, which a model wrote, with the placeholders of `vault` filled.

    The model may have bent their case, spaces and brackets; one that it invented stays as it is, and so
    does one in the target of a link or an image.
    """
    restorer = StreamRestorer(vault)
    return restorer.feed(text) + restorer.flush()


def _value(found: re.Match[str], vault: Vault) -> str | None:
    return vault.value(label_of(found), number_of(found))


class StreamRestorer:
    """Restores a text that comes in pieces; a placeholder may be split over any number of them.

    All that `feed` and `flush` returned, joined, is what `restore` makes of the whole. Only what may
    still become a placeholder is held back, and a value until it is clear that it does not begin an address.
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
        return self._show(text, held.start() if held else len(text), more=True)

    def flush(self) -> str:
        """Return what was held back: nothing more is coming."""
        text = self._before + self._held
        return self._show(text, len(text), more=False)

    def invented(self, shown: str) -> tuple[tuple[int, int], ...]:
        """Return the spans in `shown`, made of what was given out, of placeholders that stand for nothing.

        Those are the model's inventions; what the user wrote in their form is not.
        """
        marked = {one for one in self._invented if one not in self._literals}
        found = placeholder().finditer(shown) if marked else ()
        return tuple(one.span() for one in found if one[0] in marked)

    def _show(self, text: str, end: int, *, more: bool) -> str:
        shown: list[str] = []
        known = end  # what stands before it does not change any more
        done = len(self._before)
        for found in placeholder().finditer(text, done):
            if found.end() > known:
                end = min(end, found.start())
                break
            self._give(text[done : found.start()], shown)
            filled = self._filled(found, self._behind(text, found.end(), known), more=more)
            if filled is None:
                done = end = found.start()
                break
            self._give(filled, shown)
            done = found.end()
        self._give(text[done:end], shown)
        self._before, self._held = text[:end][-1:], text[end:]
        return "".join(shown)

    def _give(self, words: str, shown: list[str]) -> None:
        shown.append(words)
        self._targets.feed(words)
        self._last = words[-1:] or self._last

    def _filled(self, found: re.Match[str], behind: str, *, more: bool) -> str | None:
        """Return what is shown for a placeholder; None where it cannot be told before more is there."""
        value = _value(found, self._vault)
        if value is None:
            if _JOINED.search(found[0]) or self._vault.value(label_of(found), 1) is not None:
                self._invented.add(found[0])  # "[Person 1]" names a speaker where nobody is hidden
            return found[0]
        if self._targets.inside or self._targets.goes_on_with(value):
            return self._in_link(found, value)
        onward = goes_on(value, behind, angled=self._targets.angled)
        if onward is None and more:
            return None
        if KINDS[label_of(found)] == LITERAL:
            self._literals += f"{value}\n"
        opens = self._last == "]" and value.startswith("(")  # "[name]" and "(02) 123-4567" would be a link
        return self._in_link(found, value) if opens or onward else value

    def _in_link(self, found: re.Match[str], _value: str) -> str:
        """Return what is shown for a placeholder whose value would be a part of a link."""
        return found[0]

    def _behind(self, text: str, at: int, end: int) -> str:
        """Return what will be shown from `at` on, as far as it is known and may be of one address."""
        shown = ""
        while at < end and len(shown) <= LONGEST_BEHIND:
            word = _WORD.match(text, at, min(end, at + LONGEST_BEHIND + LONGEST))
            stop = word.end() if word else at
            shown += self._with_values(text, at, stop)
            found = placeholder().match(text, stop)
            if found is None or found.end() > end:
                return shown + text[stop : min(stop + 2, end)]
            shown += self._or_value(found)
            at = found.end()
        return shown

    def _with_values(self, text: str, at: int, stop: int) -> str:
        shown: list[str] = []
        for found in placeholder().finditer(text, at, stop + 1):  # the next sign tells whether it ends there
            if found.end() <= stop:
                shown += (text[at : found.start()], self._or_value(found))
                at = found.end()
        return "".join([*shown, text[at:stop]])

    def _or_value(self, found: re.Match[str]) -> str:
        return _value(found, self._vault) or found[0]


class _OwnRestorer(StreamRestorer):
    """Restores a whole text; what would be a part of a link where `fills` says so of its place."""

    def __init__(self, vault: Vault, fills: Callable[[str], bool]) -> None:
        super().__init__(vault)
        self._fills = fills

    def whole(self, text: str) -> str:
        self._held = text  # at once: a place is told by what stands around it
        return self.flush()

    def _in_link(self, found: re.Match[str], value: str) -> str:
        return value if self._fills(_place(found)) else found[0]


def _place(found: re.Match[str]) -> str:
    """Return a digest of the line up to a placeholder, and of what is joined to it behind, as masked."""
    text = found.string
    earliest = max(0, found.start() - _LONGEST_LINE)
    begin = max(earliest, text.rfind("\n", earliest, found.start()) + 1)
    behind = _UP_TO_BLANK.match(text, found.end())
    around = text[begin : behind.end() if behind else found.end()]
    return sha256(around.encode(errors="surrogatepass")).hexdigest()[:32]
