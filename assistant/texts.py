# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Everything Maru says, in the user's language, by gettext.

`tr("Open {name}", name=n)` translates at once; `text("Open {name}", name=n)` makes a value that
travels between processes and is translated where it is shown. Both are keywords of the extractor, as
are `trn` and `textn` for what has a plural, so their sentences must be literal strings. Whole numbers
are shown in groups of three ("8,192"); "{year:d}" shows one that counts nothing as it is.
"""

import gettext
import locale
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from assistant.paths import resources

LANGUAGES = {"en": "English", "ko": "한국어"}
DOMAIN = "maru"


@dataclass(frozen=True)
class Text:
    """A sentence of Maru's that is not translated yet: a message id and its values, which may be Texts.

    With `plural` it has a form for each count, and is said of `n` things.
    """

    msgid: str
    values: "tuple[tuple[str, Value], ...]" = ()
    plural: str = ""
    n: int = 0

    def __str__(self) -> str:
        """Return the sentence in the language in use."""
        return self.in_language(_chosen[0])

    def in_language(self, language: str) -> str:
        """Return the sentence in `language` ("en", "ko"), whatever the window speaks."""
        if not self.msgid:  # a catalogue answers the empty message with its own header
            return ""
        catalogue = _catalogue(language)
        values = {
            name: value.in_language(language) if isinstance(value, Text) else value
            for name, value in self.values
        }
        if self.plural:
            return _render(catalogue.ngettext(self.msgid, self.plural, self.n), values)
        return _render(catalogue.gettext(self.msgid), values)


Value = str | int | float | Text


def text(msgid: str, **values: Value) -> Text:
    """Return a Text that is translated where it is shown."""
    return Text(msgid, tuple(values.items()))


def textn(singular: str, plural: str, n: int, **values: Value) -> Text:
    """Return a Text of `n` things; `{n}` is filled too."""
    return Text(singular, (("n", n), *values.items()), plural, n)


def tr(msgid: str, **values: Value) -> str:
    """Return `msgid` in the language in use, with `{name}` places filled from `values`."""
    return _render(_catalogue(_chosen[0]).gettext(msgid), values)


def trn(singular: str, plural: str, n: int, **values: Value) -> str:
    """Return the form for `n` things; `{n}` is filled too."""
    return _render(_catalogue(_chosen[0]).ngettext(singular, plural, n), {"n": n, **values})


def use_language(language: str) -> None:
    """Speak `language` from now on: "en", "ko", or "" for the system's own."""
    _chosen[0] = language if language in LANGUAGES else system_language()


def language_in_use() -> str:
    """Return "en" or "ko"."""
    return _chosen[0]


def system_language() -> str:
    """Return the system's language where Maru speaks it, else "en"."""
    names = [os.environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG")]
    wanted = next((name for name in names if name), "")
    if not wanted and sys.platform in ("win32", "darwin"):
        wanted = locale.getlocale()[0] or ""
    return "ko" if wanted.lower().startswith(("ko", "korean")) else "en"


def language_of(words: str) -> str:
    """Return the language that `words` are written in: "ko" with any Hangul, else "en"."""
    return "ko" if any("가" <= letter <= "힣" for letter in words) else "en"


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    return gettext.translation(DOMAIN, resources() / "locale", [language], fallback=True)


class _Count(int):
    """A whole number that is shown in groups of three where its place does not say how."""

    def __format__(self, spec: str) -> str:
        return super().__format__(spec or ",")


def _render(sentence: str, values: Mapping[str, Value]) -> str:
    shown = {name: _Count(value) if type(value) is int else value for name, value in values.items()}
    return sentence.format_map(shown) if values else sentence


# One process speaks one language at a time; the standard library's gettext keeps the same state.
_chosen = [system_language()]
