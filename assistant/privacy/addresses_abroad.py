# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Addresses of America, Britain and the rest of Europe.

House number and street ("12 Harbour Road"), street and house number ("Hauptstraße 12", "Via Roma 5"),
boxes ("P.O. Box 12") and, where the words before say that an address follows, any name with a number.
Unit, town, state and postal code behind belong to it.
"""

import re
from collections.abc import Iterator

from assistant.entities import EntityType, Evidence
from assistant.privacy.spans import Span

_WITH_CODE, _STREET, _LABELLED, _BARE = 0.9, 0.7, 0.8, 0.6
_BACK = 60

_UPPER = "A-Z" + "".join(chr(code) for code in range(0xC0, 0x180) if chr(code).isupper())
_LETTER = "A-Za-z\u00c0-\u024f"
_NAME = rf"(?:[{_UPPER}][{_LETTER}'.-]{{0,24}}+|[0-9]{{1,3}}(?:st|nd|rd|th))"
_SMALL = (
    "(?:de|da|do|dos|das|del|della|di|du|des|la|le|les|los|las|van|von|der|den|of|the|and|y|e|zu|am|an|im)"
)
_RUE_WORD = "(?:rue|avenue|boulevard|place|quai|chemin|all\u00e9e|impasse|cours|Rue|Quai|Chemin|All\u00e9e)"

# The first digit of a number with a name behind it, or with a word before it.
_NUMBER = re.compile(
    rf"[0-9](?<![0-9A-Za-z.:/$\u20ac\u00a3#+-].)"
    rf"(?:(?=(?P<name>)[0-9]{{0,5}}[A-Za-z]?(?:[-/][0-9]{{1,4}})?(?: ?(?:bis|ter))?,? "
    rf"(?:[{_UPPER}0-9]|{_RUE_WORD} ))"
    rf"|(?<=[{_LETTER}.,:] [0-9])(?![0-9]{{3,7}}-[0-9]|[0-9]{{0,3}}[.,:][0-9])"
    rf"|(?<=[호는은] [0-9])(?=[0-9]{{4}}(?![0-9])))"
)
_SUFFIX = (
    "(?:Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Drive|Dr|Lane|Ln|Court|Ct|Place|Pl|Terrace|Ter|Way|Close"
    "|Crescent|Cres|Square|Sq|Parkway|Pkwy|Highway|Hwy|Circle|Cir|Trail|Trl|Mews|Gardens|Grove|Row|Walk|Hill"
    "|Loop|Alley|Pike|Plaza|Broadway|Quay|Rise|Park)"
)
_NUMBER_FIRST = re.compile(
    rf"[0-9]{{1,6}}[A-Za-z]?(?:[-/][0-9]{{1,4}})?,? (?:[0-9]{{1,5}} )?(?:[NSEW]{{1,2}}\.? )?"
    rf"(?:{_NAME} ){{1,4}}?{_SUFFIX}(?![{_LETTER}])\.?(?: [NSEW]{{1,2}}(?![A-Za-z]))?"
)
_RUE = re.compile(
    rf"[0-9]{{1,4}}(?: ?(?:bis|ter))?,? {_RUE_WORD}(?: {_SMALL}){{0,2}} (?:[dl]['\u2019])?{_NAME}"
    rf"(?:[ -](?:{_SMALL} )?{_NAME}){{0,3}}"
)
_WITH_UNIT = re.compile(
    rf"[0-9]{{1,6}} (?:[{_LETTER}'.-]{{1,24}}+ ){{1,6}}[0-9]{{1,5}}\.?"
    r"(?=[,\s>?]{1,6}(?i:Apt|Suite|Unit|Floor)\.? [0-9])"
)
_ANY_NAME = re.compile(
    rf"[0-9]{{1,6}}[A-Za-z]?,? (?:[0-9]{{1,5}} )?(?:(?:{_NAME}|{_SMALL}) ){{0,5}}{_NAME}"
    r"(?: [0-9]{1,5}(?![0-9]))?"
)
_HOUSE = re.compile(r"[0-9]{1,5} ?[a-zA-Z]?(?:[-/][0-9]{1,4})?(?![0-9A-Za-z%]|[.,:][0-9])")
_STREET_ENDS = (
    *("stra\u00dfe", "strasse", "str.", "weg", "platz", "allee", "gasse", "damm", "ufer", "chaussee"),
    *("straat", "laan", "plein", "gracht", "steenweg", "gade", "vej", "gata", "gatan", "gaten", "v\u00e4gen"),
    *(
        "veien",
        "katu",
        "tie",
        "utca",
        "\u00fat",
        " u.",
        "t\u00e9r",
        "ulice",
        "ulica",
        "cesta",
        "n\u00e1m\u011bst\u00ed",
    ),
)
_STREET_NAME = re.compile(rf"(?:{_NAME} ){{0,2}}[{_UPPER}][{_LETTER}.-]{{1,30}} \Z")
_ROADS = """
Via Viale Corso Piazza Largo Calle Avenida Av. Paseo Plaza Rua R. R Travessa Praça Estrada ul. Ulica al. Rue
Avenue Boulevard Calea Strada
"""
_ROAD_WORDS = frozenset(_ROADS.split())
_ROAD_WORD = re.compile(
    rf"(?<![{_LETTER}])(?:{'|'.join(re.escape(word) for word in sorted(_ROAD_WORDS, reverse=True))}) "
    rf"(?:(?:{_NAME}|{_SMALL}) ){{1,6}}\Z"
)
_UNIT = (
    r"(?:[,\s>?]{1,6}(?i:Apt|Apartment|Suite|Ste|Unit|Flat|Floor|Room|Rm)\.? ?#?[0-9A-Za-z-]{1,6}"
    r"|,? #[0-9]{1,5})"
)
_CODE = (
    r"(?:[0-9]{5}(?:-[0-9]{4})?|[A-Z]{1,2}[0-9][0-9A-Z]? ?[0-9][A-Z]{2}|[0-9]{4} ?[A-Z]{2})(?![0-9A-Za-z])"
)
_TOWN = rf"[{_UPPER}][{_LETTER}'.-]{{1,24}}+(?: [{_UPPER}][{_LETTER}'.-]{{0,24}}+){{0,2}}"
_CODED = (
    rf"[,\s]{{1,3}}(?:[A-Z]{{1,2}}-)?[0-9]{{4,5}} {_TOWN}"
    rf"|(?:[,\s>?]{{1,6}}{_TOWN}){{0,2}}(?:[,\s]{{1,3}}[A-Z]{{2}})?[,\s]{{1,3}}{_CODE}"
)
_TAIL = re.compile(rf"{_UNIT}?(?:(?P<code>{_CODED})|, {_TOWN}(?:, {_TOWN})?)?")
_BOX = re.compile(
    r"(?:P\.? ?O\.? ?Box|Postfach|Post Office Box|PSC [0-9]{1,5}, Box|Apartado|Bo\u00eete Postale|BP) \Z",
    re.IGNORECASE,
)
_BOX_ENDS = ("ox ", "OX ", "ach ", "ado ", "ale ", "BP ")
_CODE_LABEL = re.compile(
    r"(?:zip(?: ?code)?|post(?:al)? ?code|우편 ?번호)(?: is|는|은)?[ :]{1,3}\Z", re.IGNORECASE
)
_CODE_ENDS = (
    "ode ",
    "zip ",
    "ode: ",
    "zip: ",
    "ZIP: ",
    "ZIP ",
    "ode is ",
    "zip is ",
    "번호 ",
    "번호: ",
    "번호는 ",
)
_BEFORE_CODES = frozenset(("code", "code:", "zip", "zip:", "is"))
_POSTAL = re.compile(r"[0-9]{3,6}(?:-[0-9]{3,4})?(?![0-9])")
_ANNOUNCING = (
    *("at ", "to ", "is ", "with ", "ess ", "ess: ", "ess:", "s: ", ":\n", "\n\n", "the ", "are: ", "same: "),
    *(":  ", ":    "),
)
_AT = (
    *("live", "lives", "living", "lived", "located", "resides", "reside", "residing", "office is", "home is"),
    *(
        "stay",
        "staying",
        "delivered",
        "arrived",
        "meet me",
        "meet you",
        "shipped",
        "pick me up",
        "drops you off",
    ),
)
_TO = (
    *(
        "ship",
        "deliver",
        "sent",
        "send",
        "mail",
        "moved",
        "return",
        "taxi",
        "it",
        "one",
        "them",
        "him",
        "her",
    ),
    *("letter", "package", "parcel"),
)
_LABELS = (
    *("address", "address:", "address is", "address to", "address with", "addresses:", "here they are:"),
    *("the same:", "anschrift:", "adresse:", "adresse ist"),
    *(f"{verb} at" for verb in _AT),
    *(f"{verb} to" for verb in _TO),
)


def addresses_abroad(folded: str) -> Iterator[Span]:
    """Yield the addresses in Latin letters in a folded text, in order."""
    done = 0
    for anchor in _NUMBER.finditer(folded):
        if anchor.start() < done:
            continue
        span = _address(folded, anchor, done)
        if span:
            done = span.end
            yield span


def _address(text: str, anchor: re.Match[str], done: int) -> Span | None:
    """Return the address that has the number at `anchor`, or None."""
    at = anchor.start()
    named = anchor["name"] is not None
    last = text[max(done, at - _BACK) : at - 1].rpartition(" ")[2]
    if not named and last.islower() and last not in _BEFORE_CODES and not last.endswith(_STREET_ENDS):
        return None  # "in 2024": most numbers
    before = text[max(done, at - _BACK) : at]
    if named and (found := _named_behind(text, at)):
        return _whole(text, at, found.end(), _STREET)
    if (begin := _street_before(before)) is not None and (found := _HOUSE.match(text, at)):
        return _whole(text, at - len(before) + begin, found.end(), _STREET)
    if named and _announced(before) and (found := _ANY_NAME.match(text, at)):
        return _whole(text, at, found.end(), _LABELLED, Evidence.CONTEXT)
    coded = before.endswith(_CODE_ENDS) and _CODE_LABEL.search(before, max(0, len(before) - 16))
    if coded and (found := _POSTAL.match(text, at)):
        return Span(EntityType.ADDRESS, at, found.end(), _BARE, Evidence.CONTEXT)
    return None


def _whole(text: str, start: int, end: int, score: float, evidence: Evidence = Evidence.SHAPE) -> Span:
    """Return the address with unit, town and postal code behind [start, end)."""
    tail = _TAIL.match(text, end)
    if tail:
        score, end = _WITH_CODE if tail["code"] else score, tail.end()
    return Span(EntityType.ADDRESS, start, end, score, evidence)


def _announced(before: str) -> bool:
    """Say whether the words before say that an address follows."""
    return before.endswith(_ANNOUNCING) and before[-24:].lower().rstrip().removesuffix(" the").endswith(
        _LABELS
    )


def _named_behind(text: str, at: int) -> re.Match[str] | None:
    return _NUMBER_FIRST.match(text, at) or _RUE.match(text, at) or _WITH_UNIT.match(text, at)


def _street_before(before: str) -> int | None:
    """Return where in the words before a house number its street begins, or None where there is none."""
    last = before[before.rfind(" ", 0, -1) + 1 : -1]
    if not before.endswith(" ") or (last.islower() and not last.endswith(_STREET_ENDS)):
        return None
    if before[:-1].lower().endswith(_STREET_ENDS) and (found := _STREET_NAME.search(before)):
        return found.start()
    if before.endswith(_BOX_ENDS) and (found := _BOX.search(before)):
        return found.start()
    if (
        last[-1:].isalpha()
        and not _ROAD_WORDS.isdisjoint(before.split())
        and (found := _ROAD_WORD.search(before))
    ):
        return found.start()
    return None
