# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The ways in which one value is written: full-width, other separators, broken lines, invisible signs."""

import re
import string
from random import Random

from tests.benchmarks.privacy_values import Kind

INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad"
WIDE = {ord(sign): chr(ord(sign) + 0xFEE0) for sign in string.ascii_letters + string.digits + "@.-:"}
SPOKEN = str.maketrans("0123456789", "공일이삼사오육칠팔구")
SHARES = {  # of each way, by what a kind allows; the rest stays as it is
    "number": (("separators", 0.16), ("full-width", 0.08), ("zero-width", 0.06), ("line break", 0.06)),
    "word": (("zero-width", 0.05), ("full-width", 0.03)),
    "plate": (("full-width", 0.06), ("zero-width", 0.04)),
    "": (),
}
AS_THEY_ARE = frozenset({"crypto", "token"})  # nobody types these
READ_OUT = 0.10  # of the kinds that people read out, in Korean
PLAIN = "plain"


def varied(rng: Random, kind: Kind, value: str, language: str, *, lines: bool) -> tuple[str, str]:
    """Return the value in one of its ways of writing, and which; `lines`: it may be broken over two."""
    if kind.spoken and language == "ko" and rng.random() < READ_OUT:
        return read_out(rng, value), "read out"
    drawn, so_far = rng.random(), 0.0
    for way, share in SHARES[kind.varied]:
        so_far += share
        if drawn < so_far:
            changed = _changed(rng, kind, value, way, lines=lines)
            return changed, way if changed != value else PLAIN
    return value, PLAIN


def _changed(rng: Random, kind: Kind, value: str, way: str, *, lines: bool) -> str:
    if way == "separators":
        return separated(rng, value, kind.separators)
    if way == "full-width":
        return value if kind.name in AS_THEY_ARE else value.translate(WIDE)
    if way == "zero-width":
        return with_invisible(rng, value)
    return broken(rng, value) if lines else value


def separated(rng: Random, value: str, separators: tuple[str, ...]) -> str:
    """Return a value with another separator, the same everywhere; brackets stay as they are."""
    if not separators or set("()/") & set(value):
        return value
    return re.sub(r"[- ]", rng.choice(separators), value)


def with_invisible(rng: Random, value: str) -> str:
    """Return a value with one to three invisible signs inside."""
    signs = list(value)
    for _ in range(rng.randint(1, 3)):
        signs.insert(rng.randint(1, len(signs) - 1), rng.choice(INVISIBLE))
    return "".join(signs)


def broken(rng: Random, value: str) -> str:
    """Return a value broken over two lines: after one of its hyphens, or at one of its spaces."""
    places = [found.start() for found in re.finditer(r"[- ]", value) if found.start() > 1]
    if not places:
        return value
    at = rng.choice(places)
    return value[:at] + ("-\n" if value[at] == "-" else "\n") + value[at + 1 :]


def read_out(rng: Random, value: str) -> str:
    """Return a number as it is read out in Korean: 공일공, 일이삼사, …"""
    spoken = re.sub(r"[()]+", "-", value).strip("-").translate(SPOKEN)
    return spoken.replace("-", rng.choice((" ", "-", "에 ", "", " ")))
