# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""How dates, amounts of money and telephone numbers are written, English and Korean. Pure.

What is looked for is a form, so that none is missed for want of attention; what has another form (a
number whose currency stands nowhere) is not found.
"""
# ruff: noqa: E501 - in a table of patterns every row is a line

import re
from collections.abc import Iterator

from assistant.entities import EntityType
from assistant.privacy.filter import find
from assistant.tasks import Listed

_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sep(?:t(?:ember)?)?"
    r"|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?"
    r"|JAN(?:UARY)?|FEB(?:RUARY)?|MAR(?:CH)?|APR(?:IL)?|MAY|JUNE?|JULY?|AUG(?:UST)?|SEP(?:T(?:EMBER)?)?"
    r"|OCT(?:OBER)?|NOV(?:EMBER)?|DEC(?:EMBER)?)"
)
_NAMED = rf"(?i:{_MONTH})"  # "may" and "march" are words: only with a year
_YEAR, _MONTH_NUMBER, _DAY = r"(?:19|20)\d{2}", r"(?:0?[1-9]|1[0-2])", r"(?:0?[1-9]|[12]\d|3[01])"
_DATE = re.compile(
    rf"\b{_MONTH}\.? \d{{1,2}}(?:st|nd|rd|th)?(?:,? \d{{4}})?\b(?!:)"
    rf"|\b\d{{1,2}}(?:st|nd|rd|th)?\.? (?:of )?{_MONTH}\.?(?:,? \d{{4}})?\b"
    rf"|\b{_NAMED}\.? \d{{1,2}}(?:st|nd|rd|th)?,? {_YEAR}\b"
    rf"|\b\d{{1,2}}(?:st|nd|rd|th)?\.? (?:of )?{_NAMED}\.?,? {_YEAR}\b"
    rf"|\b\d{{1,2}}[-/]{_NAMED}[-/](?:{_YEAR}|\d{{2}})\b|\b{_NAMED}-\d{{1,2}}-{_YEAR}\b"
    rf"|\b{_MONTH}\.? \d{{4}}\b"
    # Official Korean dates have a space after the dot: "2024. 3. 5."
    rf"|(?<![\d.])(?:{_YEAR}|['’‘]\d{{2}})\s?\.\s{{0,3}}{_MONTH_NUMBER}\s?\.\s{{0,3}}{_DAY}(?!\d|\.\d)\.?"
    r"|(?<!\d)(?:19|20)\d{2}[-./]\d{1,2}[-./]\d{1,2}(?!\d|\.\d)\.?"
    r"|\b\d{1,2}[./]\d{1,2}[./](?:19|20)?\d{2}\b"
    rf"|(?<![\d./]){_MONTH_NUMBER}[./]\s?{_DAY}\.?\s?\([월화수목금토일]\)"
    r"|(?:(?:(?:19|20)?\d{2}|['’‘]\d{2})년\s?)?\d{1,2}월\s?\d{1,2}일|(?:(?:19|20)\d{2}|['’‘]\d{2})년(?:\s?\d{1,2}월)?"
)

_CODES = (
    r"(?:USD|EUR|GBP|KRW|JPY|CNY|CHF|AUD|CAD|NZD|HKD|SGD|TWD|INR|THB|VND|SEK|NOK|DKK|PLN|CZK|BRL|MXN|RUB|TRY)"
)
_SIGNS = r"[$€£¥₩₹₽₫฿₺￦￥]"
_NAMES = r"(?:dollars?|euros?|pounds?|won|yen|yuan|francs?|cents?)"
_NAMES_KO = r"(?:달러|유로|파운드|위안|센트|엔)(?![가-힣])|(?:달러|유로|파운드|위안|엔)(?=은|는|을|를|이|가|와|과|의|에|으로|로|화|씩|짜리|도|만)"
# Repeats are bounded: without, a text of digits alone takes minutes. Spaces within a number stand before three digits each: "1 250,50".
_NUMBER = r"(?:\d{1,3}(?:[ \u00a0\u202f]\d{3}){1,5}(?!\d)[\d,.]{0,8}|\d[\d,.'’]{0,30})"
_TIMES = r"(?:\s?(?:hundred|thousand|million|billion|trillion|k|m|bn)\b)?"
_UNIT_KO = r"(?:십|백|천)?(?:만|억|조)|백|천"
_NUMBER_KO = rf"(?:\d{{1,3}}(?:[ \u00a0\u202f]\d{{3}}){{1,5}}|\d[\d,]{{0,24}}(?:\.\d{{1,9}})?)(?:\s?(?:{_UNIT_KO})(?:\s?\d[\d,]{{0,9}}(?:\.\d{{1,9}})?)?){{0,4}}"
_NUMERALS = "일이삼사오육륙칠팔구십백천만억조영"
_SPELLED = rf"(?:[일이삼사오육륙칠팔구수몇]?[십백천만]|[일이삼사오육륙칠팔구수몇][억조])[{_NUMERALS}]{{0,16}}(?:\s[{_NUMERALS}]{{1,16}}){{0,3}}"
# "원" begins many words ("3원칙"); behind numerals in letters only what may follow money is.
_WON_DIGITS = r"원(?![칙소리본고점료장룸주칭형])"
_WON_LETTERS = r"원(?=[^가-힣]|$|정|은|을|이|의|에|으로|과|만(?![한하히])|씩|짜리|까지|부터|도|인(?=\s|데|가|지|$)|입|임|권|상당|가량|어치|미만|초과)"
_AMOUNT = re.compile(
    rf"(?:\b{_CODES}|(?:US|HK|NZ|A|C|S)\$|{_SIGNS})\s{{0,3}}{_NUMBER}(?:\s?(?:{_UNIT_KO})|{_TIMES})"
    rf"|(?<![A-Za-z\d,.]){_NUMBER}{_TIMES}\s{{0,3}}(?:{_CODES}|{_NAMES}|[€£¥₩])(?!\w)"
    rf"|(?<![가-힣])(?:일금|금)?\s?(?<![\d,.]){_NUMBER_KO}\s?(?:{_WON_DIGITS}정?|{_NAMES_KO})"
    rf"|(?<![가-힣\d])(?:(?:일금|금)\s?)?{_SPELLED}\s?{_WON_LETTERS}정?"
    rf"|(?<![\d,.]){_NUMBER_KO}\s?(?:{_WON_DIGITS}정?|{_NAMES_KO})",
    re.IGNORECASE,
)
_IN_HEAD = re.compile(
    rf"(?:^|[\s(\[（/:：])(?:단위\s?[:：]\s?)?(?:(?:십|백|천)?만|백|천|억|조)?\s?(?:원|달러|유로|엔|위안|파운드|{_CODES}|US\$|{_SIGNS})\s?[)\]）]?$"
    rf"|(?:\bin |\()(?:thousands? of |millions? of )?(?:{_CODES}|{_NAMES})\)?$",
    re.IGNORECASE,
)
_CELL = re.compile(r"[-−–△▲(]?\s?\d[\d,]*(?:\.\d+)?\)?")

# Numbers of companies, dialled without an area: "1588-1234". Two years look alike: "1592-1598".
_COMPANY = re.compile(
    r"(?<![\d-])(?P<first>15(?:22|33|44|51|55|66|70|77|88|99)|16(?:00|44|60|61|66|68|70|88)|18(?:00|11|33|55|77|99))"
    r"[-–.](?P<then>\d{4})(?![\d-])"
)
_OF_PHONES = re.compile(r"(?:전화|연락처|문의|고객|센터|상담|대표|☎|☏|📞|\btel|\bphone|\bcall|\bdial|\bhotline)[^\d]{0,12}$", re.IGNORECASE)  # fmt: skip
_BEFORE = 24
_LAST_YEAR = 2100


def places(words: str, kind: Listed) -> Iterator[tuple[int, int]]:
    """Yield [start, end) of what is written like `kind` in running text."""
    if kind is Listed.EMAILS:
        yield from ((one.start, one.end) for one in find(words) if one.entity_type == EntityType.EMAIL)
    elif kind is Listed.PHONES:
        yield from ((one.start, one.end) for one in find(words) if one.entity_type == EntityType.PHONE)
        yield from (match.span() for match in _COMPANY.finditer(words) if not _years(match))
    else:
        pattern = _DATE if kind is Listed.DATES else _AMOUNT
        yield from (_without_spaces(match) for match in pattern.finditer(words))


def _without_spaces(match: re.Match[str]) -> tuple[int, int]:
    return match.start() + len(match[0]) - len(match[0].lstrip()), match.start() + len(match[0].rstrip())


def _years(match: re.Match[str]) -> bool:
    """Say whether a company's number is two years instead: the later behind, and no word of telephones."""
    later = int(match["first"]) < int(match["then"]) <= _LAST_YEAR
    return later and not _OF_PHONES.search(match.string[max(0, match.start() - _BEFORE) : match.start()])


class Columns:
    """The columns of a table's rows ("a | b") whose head names a currency, kept over its passages."""

    def __init__(self) -> None:
        """Begin before the first passage."""
        self._table, self._money, self._cells = "", frozenset[int](), 0

    def amounts(self, text: str, table: str) -> Iterator[tuple[int, int]]:
        """Yield [start, end) of the numbers in `text` that are money; what goes on has the same `table`."""
        if table != self._table:
            self._table, self._cells = table, 0
        at = 0
        for line in text.splitlines(keepends=True):
            yield from ((at + start, at + end) for start, end in self._of_row(_cells(line)))
            at += len(line)

    def _of_row(self, cells: list[tuple[int, int, str]]) -> list[tuple[int, int]]:
        numbers = [number for number, (_, _, words) in enumerate(cells) if _CELL.fullmatch(words)]
        if len(cells) > 1 and not numbers and all(words for _, _, words in cells):
            money = (number for number, (_, _, words) in enumerate(cells) if _IN_HEAD.search(words))
            self._money, self._cells = frozenset(money), len(cells)
            return []
        if len(cells) < 2:
            self._cells = 0
        # A row of fewer cells has some joined: which columns they stand in is not known.
        wanted = self._money if len(cells) == self._cells else frozenset()
        if len(cells) > 1 and _IN_HEAD.search(cells[0][2]):
            wanted = frozenset(range(1, len(cells)))
        return [cells[number][:2] for number in numbers if number in wanted]


def _cells(line: str) -> list[tuple[int, int, str]]:
    """Return start, end and words of each cell of a row; of a line that is none, one."""
    cells, at = [], 0
    for piece in line.rstrip().split("|"):
        words = piece.strip()
        start = at + len(piece) - len(piece.lstrip())
        cells.append((start, start + len(words), words))
        at += len(piece) + 1
    return cells
