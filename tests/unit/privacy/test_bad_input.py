# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What no form foresees: a megabyte of anything, marks that nobody sees, emoji, foreign languages."""

import time
from collections.abc import Callable

import pytest

from assistant.entities import EntityType
from assistant.privacy.filter import find, mask
from assistant.privacy.placeholders import escape
from assistant.privacy.restore import StreamRestorer, put_back, restore
from assistant.privacy.vault import Vault

MEGABYTE, SHORT = 1 << 20, 1 << 16
LONGEST_S = 60  # processor time for a megabyte on a busy machine; what is quadratic takes hours
PIECE = 50  # letters that a model writes at once, at most
MAIL, PHONE = "kim@example.com", "010-1234-5678"
HOSTILE = [
    "[EMAIL_",
    "[[",
    "［이메일 ",
    "EMAIL_1 ",
    "\\[",
    "](",
    "<",
    "[a](b ",
    "a@",
    "1 ",
    "\u202e1",
    "\0",
    "\ud800",
]


def vault_of_one() -> Vault:
    vault = Vault()
    mask(MAIL, vault)
    return vault


def streamed(text: str) -> str:
    restorer = StreamRestorer(vault_of_one())
    shown = [restorer.feed(text[at : at + PIECE]) for at in range(0, len(text), PIECE)]
    return "".join([*shown, restorer.flush()])


WORK: dict[str, Callable[[str], object]] = {
    "find": find,
    "mask": lambda text: mask(text, Vault()),
    "escape": lambda text: escape(text, Vault()),
    "restore": lambda text: restore(text, vault_of_one()),
    "put back": lambda text: put_back(text, vault_of_one()),
    "a stream": streamed,
}


def seconds(work: Callable[[str], object], text: str) -> float:
    began = time.process_time()
    work(text)
    return time.process_time() - began


@pytest.mark.parametrize("work", ["escape", "restore", "put back", "a stream"])
@pytest.mark.parametrize("unit", HOSTILE, ids=ascii)
def test_a_megabyte_costs_time_in_proportion_to_its_length(unit: str, work: str) -> None:
    short, long = ((unit * size)[:size] for size in (MEGABYTE // 8, MEGABYTE))
    least = min(seconds(WORK[work], short) for _ in range(2))
    assert seconds(WORK[work], long) < 3 * 8 * max(least, 0.02)


@pytest.mark.parametrize("work", ["find", "mask"])
@pytest.mark.parametrize(
    "unit", ["\0", "\u202e1", "\ud800", "\U0001f468\u200d", "e\u0301", "\u0e01", "\u0639 "], ids=ascii
)
def test_a_megabyte_of_strange_letters_is_looked_through(unit: str, work: str) -> None:
    assert seconds(WORK[work], (unit * MEGABYTE)[: MEGABYTE // 2]) < LONGEST_S


BESIDE = {
    "control characters": "\x01\x07{}\x1b\x00",
    "zero": "\0{}\0",
    "right to left": "\u200f\u202b{}\u202c\u200f",
    "override": "\u202e{}\u202c",
    "isolates": "\u2067{}\u2069",
    "emoji": "😀{}😀",
    "joined emoji": "👨\u200d👩\u200d👧 {} 👨\u200d👩\u200d👧",
    "flags": "🇰🇷{}🇰🇷",
    "combining marks": "e\u0301 {}\u0301",
    "a lone surrogate": "\ud800{}\udfff",
    "line separators": "\u2028{}\u2029",
    "a byte order mark": "\ufeff{}",
}


@pytest.mark.parametrize("beside", BESIDE)
@pytest.mark.parametrize(("value", "kind"), [(MAIL, EntityType.EMAIL), (PHONE, EntityType.PHONE)])
def test_a_value_is_hidden_and_comes_back_whatever_stands_beside_it(
    beside: str, value: str, kind: EntityType
) -> None:
    text = BESIDE[beside].format(value)
    assert [(one.entity_type, one.text) for one in find(text)] == [(kind, value)]
    vault = Vault()
    masked, _ = mask(text, vault)
    assert value not in masked
    assert put_back(masked, vault) == text


LANGUAGES = {
    "Arabic": "اتصل بي على {} أو {} من فضلك، رقم الطلب ١٢٣٤٥",
    "Hebrew": "אפשר לכתוב אל {} או להתקשר {} מחר",
    "Thai": "ติดต่อที่ {} หรือ {} ได้ทุกวัน",
    "Hindi": "कृपया {} पर लिखें या {} पर फ़ोन करें",
    "Japanese": "ご連絡は {} または {} までお願いします。",
    "Chinese": "请发邮件到 {} 或者拨打 {} 联系我",
    "Russian": "Пишите на {} или звоните {} в любое время",
    "Greek": "Γράψτε στο {} ή καλέστε {} σήμερα",
    "Amharic": "እባክዎ {} ወይም {} ይደውሉ",
    "Georgian": "მომწერეთ {} ან დარეკეთ {} ხვალ",
}
INTERNATIONAL = "+44 20 7946 0958"


@pytest.mark.parametrize("language", LANGUAGES)
def test_in_any_language_what_looks_the_same_everywhere_is_found(language: str) -> None:
    text = LANGUAGES[language].format(MAIL, INTERNATIONAL)
    found = [(one.entity_type, one.text) for one in find(text)]
    assert found == [(EntityType.EMAIL, MAIL), (EntityType.PHONE, INTERNATIONAL)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_in_any_language_holds_nothing_personal_by_itself(language: str) -> None:
    assert find(LANGUAGES[language].format("", "")) == []
