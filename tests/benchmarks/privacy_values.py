# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Made-up personal data of every structured type that is the same everywhere, from the published formats.

Card numbers: ISO/IEC 7812 and the issuers' ranges; IBAN: ISO 13616; SWIFT: ISO 9362; Bitcoin: Base58Check
and BIP 173 / 350; Ethereum: EIP-55. Nothing here belongs to anybody: it is drawn at random.
"""

import hashlib
import string
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

import phonenumbers
from stdnum import luhn
from stdnum.es import ccc
from stdnum.iban import is_valid as is_iban

from assistant.entities import EntityType

Maker = Callable[[Random], str]
BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
VOWELS = "aeiou"
CONSONANTS = "bcdfghjklmnprstvz"


@dataclass(frozen=True)
class Kind:
    """A kind of value: how one is made, which words go with it and how often each language has it.

    `separators`: what may stand for the hyphens or spaces in it. `varied`: "number" (digits in groups,
    written in many ways), "word" (invisible characters may slip in), "" (only as it is).
    """

    name: str
    entity_type: EntityType
    make: Maker
    words: str  # the key of its templates and labels
    english: float = 1.0
    korean: float = 1.0
    varied: str = "number"
    separators: tuple[str, ...] = ()
    bank: tuple[str, str] = ("", "")  # in English, in Korean
    spoken: bool = False  # its digits may be read out in Korean


def drawn(rng: Random, pattern: str) -> str:
    """Return `pattern` with `#` a digit, `%` a digit from 1, `@` a capital letter; the rest as it is."""
    letters = {"#": string.digits, "%": "123456789", "@": string.ascii_uppercase}
    return "".join(rng.choice(letters[sign]) if sign in letters else sign for sign in pattern)


def chosen(rng: Random, alphabet: str, count: int) -> str:
    """Return `count` signs of an alphabet."""
    return "".join(rng.choices(alphabet, k=count))


def day(rng: Random, first: date, last: date) -> date:
    """Return a day between two, both included."""
    return first + timedelta(days=rng.randint(0, (last - first).days))


def until(rng: Random, make: Maker, valid: Callable[[str], bool]) -> str:
    """Return the first value that is valid."""
    while not valid(value := make(rng)):
        pass
    return value


def word(rng: Random) -> str:
    """Return a word that can be spoken and means nothing."""
    return "".join(rng.choice(CONSONANTS) + rng.choice(VOWELS) for _ in range(rng.randint(2, 4)))


def email(rng: Random) -> str:
    """Return an address of a mailbox (RFC 5322 addr-spec, the forms that providers give out)."""
    first, last = word(rng), word(rng)
    forms = (first, f"{first}.{last}", f"{first}_{last}{rng.randint(1, 99)}", f"{first}+{last}")
    local = rng.choice((*forms, f"{first[0]}{last}", f"{first}-{last}", f"{first}{rng.randint(1960, 2010)}"))
    ends = ("com", "co.kr", "net", "org", "kr", "co.uk", "de", "ac.kr", "go.kr", "io", "jp", "cn", "fr")
    domain = rng.choice((f"{last}.{rng.choice(ends)}", f"mail.{last}.{rng.choice(ends)}", "example.com"))
    domain = rng.choice((domain, domain, f"{first}-{last}.{rng.choice(ends)}"))
    address = f"{local}@{domain}"
    return rng.choice((address, address, address, address.title(), address.upper()))


RANGES = (  # first digits, length, groups
    ("4###", 16, (4, 4, 4, 4)),
    ("5%##", 16, (4, 4, 4, 4)),
    ("2[MC]", 16, (4, 4, 4, 4)),
    ("34##", 15, (4, 6, 5)),
    ("37##", 15, (4, 6, 5)),
    ("6011", 16, (4, 4, 4, 4)),
    ("65##", 16, (4, 4, 4, 4)),
    ("35[J]", 16, (4, 4, 4, 4)),
    ("36##", 14, (4, 6, 4)),
    ("62##", 16, (4, 4, 4, 4)),
    ("94[K]", 16, (4, 4, 4, 4)),
)


def card(rng: Random) -> str:
    """Return a card number with its Luhn digit, in groups or not."""
    first, length, groups = rng.choice(RANGES)
    first = first.replace("2[MC]", str(rng.randint(2221, 2720)))
    first = first.replace("35[J]", str(rng.randint(3528, 3589)))
    first = first.replace("94[K]", rng.choice(("9410", "9430", "9445", "9490")))
    if first.startswith("5"):
        first = f"5{rng.randint(1, 5)}##"
    body = drawn(rng, first + "#" * (length - len(first) - 1))
    number = body + luhn.calc_check_digit(body)
    return grouped(number, groups, rng.choice(("-", " ", "", "-")))


def grouped(number: str, groups: tuple[int, ...], separator: str) -> str:
    """Return a number cut into groups."""
    parts, at = [], 0
    for size in groups:
        parts.append(number[at : at + size])
        at += size
    return separator.join(parts)


BBANS = {  # country: the account's part (n: digit, a: capital letter)
    "DE": "n" * 18,
    "GB": "aaaa" + "n" * 14,
    "FR": "n" * 20 + "n" * 3,
    "ES": "n" * 20,
    "IT": "a" + "n" * 22,
    "NL": "aaaa" + "n" * 10,
    "BE": "n" * 12,
    "PL": "n" * 24,
    "AT": "n" * 16,
    "CH": "n" * 17,
    "IE": "aaaa" + "n" * 14,
    "SE": "n" * 20,
    "FI": "n" * 14,
    "PT": "n" * 21,
    "DK": "n" * 14,
}


def iban(rng: Random) -> str:
    """Return an IBAN whose check digits are right, those within it too (Spain, Belgium: a bank there is)."""
    whole = until(rng, _iban, is_iban)
    if rng.random() < 0.5:
        return whole
    return " ".join(whole[at : at + 4] for at in range(0, len(whole), 4))


def _iban(rng: Random) -> str:
    country = rng.choice(tuple(BBANS))
    pattern = BBANS[country].replace("n", "#").replace("a", "@")
    body = drawn(rng, pattern)
    if country == "BE":
        body = body[:10] + f"{int(body[:10]) % 97 or 97:02d}"
    if country == "ES":
        body = body[:8] + ccc.calc_check_digits(body[:8] + "00" + body[10:]) + body[10:]
    number = "".join(str(int(sign, 36)) for sign in f"{body}{country}00")
    return f"{country}{98 - int(number) % 97:02d}{body}"


def swift(rng: Random) -> str:
    """Return a bank's code: bank, country, place, often a branch."""
    country = rng.choice(("DE", "GB", "US", "FR", "KR", "JP", "CN", "CH", "NL", "ES", "IT", "SG"))
    code = drawn(rng, "@@@@") + country + rng.choice(string.ascii_uppercase + "2345678") + drawn(rng, "@")
    return code + rng.choice(("", "XXX", drawn(rng, "###"), drawn(rng, "@@@")))


def base58check(payload: bytes) -> str:
    """Return a payload with its checksum in Base58."""
    whole = payload + hashlib.sha256(hashlib.sha256(payload).digest()).digest()[:4]
    number, signs = int.from_bytes(whole, "big"), ""
    while number:
        number, rest = divmod(number, 58)
        signs = BASE58[rest] + signs
    return "1" * (len(whole) - len(whole.lstrip(b"\0"))) + signs


def bech32(prefix: str, version: int, program: bytes) -> str:
    """Return a segregated witness address (BIP 173; from version 1 on BIP 350)."""
    bits = "".join(f"{byte:08b}" for byte in program)
    bits += "0" * (-len(bits) % 5)
    data = [version, *(int(bits[at : at + 5], 2) for at in range(0, len(bits), 5))]
    spread = [ord(sign) >> 5 for sign in prefix] + [0] + [ord(sign) & 31 for sign in prefix]
    check = 1
    for value in spread + data + [0] * 6:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for bit, term in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            check ^= term if top >> bit & 1 else 0
    check ^= 0x2BC830A3 if version else 1
    data += [check >> 5 * (5 - at) & 31 for at in range(6)]
    return prefix + "1" + "".join(BECH32[value] for value in data)


def crypto(rng: Random) -> str:
    """Return an address of Bitcoin, Ethereum, Litecoin or Tron."""
    some = rng.randbytes(20)
    return rng.choice(
        (
            base58check(b"\0" + some),
            base58check(b"\5" + some),
            bech32("bc", 0, some),
            bech32("bc", 1, rng.randbytes(32)),
            ethereum(some),
            "0x" + some.hex(),
            base58check(b"\x30" + some),
            bech32("ltc", 0, some),
            base58check(b"\x41" + some),
        )
    )


def ethereum(address: bytes) -> str:
    """Return an address with the capitals of EIP-55."""
    small = address.hex()
    mask = keccak(small.encode()).hex()
    return "0x" + "".join(
        sign.upper() if int(bit, 16) > 7 else sign for sign, bit in zip(small, mask, strict=False)
    )


def keccak(message: bytes) -> bytes:
    """Return the Keccak-256 of a message shorter than 136 bytes (the padding is not that of SHA-3)."""
    block = bytearray(message.ljust(136, b"\0"))
    block[len(message)] ^= 1
    block[135] ^= 0x80
    lanes = [int.from_bytes(block[at : at + 8], "little") for at in range(0, 136, 8)] + [0] * 8
    full, register = (1 << 64) - 1, 1
    for _ in range(24):
        sums = [lanes[x] ^ lanes[x + 5] ^ lanes[x + 10] ^ lanes[x + 15] ^ lanes[x + 20] for x in range(5)]
        for x in range(5):
            after = sums[(x + 1) % 5]
            mixed = sums[(x + 4) % 5] ^ ((after << 1 | after >> 63) & full)
            for y in range(0, 25, 5):
                lanes[x + y] ^= mixed
        x, y, kept = 1, 0, lanes[1]
        for turn in range(24):
            x, y = y, (2 * x + 3 * y) % 5
            by = (turn + 1) * (turn + 2) // 2 % 64
            kept, lanes[x + 5 * y] = lanes[x + 5 * y], (kept << by | kept >> (64 - by)) & full
        for row in range(0, 25, 5):
            old = lanes[row : row + 5]
            for x in range(5):
                lanes[row + x] = old[x] ^ (~old[(x + 1) % 5] & full & old[(x + 2) % 5])
        for power in range(7):
            register = (register << 1 ^ (register >> 7) * 0x71) % 256
            if register & 2:
                lanes[0] ^= 1 << ((1 << power) - 1)
    return b"".join(lane.to_bytes(8, "little") for lane in lanes[:4])


def ip(rng: Random) -> str:
    """Return an address of the internet protocol, version 4 or 6; no special one."""
    if rng.random() < 0.65:
        first = rng.choice((10, 172, 192, *range(11, 126), *range(128, 223)))
        return ".".join(map(str, (first, rng.randint(0, 255), rng.randint(0, 255), rng.randint(1, 254))))
    groups = [f"{rng.randint(1, 0xFFFF):x}" for _ in range(8)]
    groups[0] = rng.choice(("2001", "2a02", "2404", "fe80", "2600"))
    if rng.random() < 0.5:
        start = rng.randint(1, 5)
        return ":".join(groups[:start]) + "::" + ":".join(groups[start + 2 :])
    return ":".join(groups)


def mac(rng: Random) -> str:
    """Return a hardware address in one of three spellings."""
    pairs = [f"{byte:02x}" for byte in rng.randbytes(6)]
    text = rng.choice((":".join(pairs), "-".join(pairs), ".".join(map("".join, zip(*[iter(pairs)] * 2)))))  # noqa: B905
    return rng.choice((text, text.upper()))


def coordinates(rng: Random) -> str:
    """Return a place: decimal degrees, or degrees, minutes and seconds."""
    north, east = rng.choice(((37, 126), (35, 129), (40, -74), (51, -1), (48, 2), (35, 139), (31, 121)))
    if rng.random() < 0.3:
        parts = [(rng.randint(0, 59), rng.randint(0, 599) / 10) for _ in range(2)]
        (m1, s1), (m2, s2) = parts
        return f"{north}°{m1}'{s1}\"N {abs(east)}°{m2}'{s2}\"{'E' if east >= 0 else 'W'}"
    places = rng.choice((4, 5, 6, 6))
    first, second = north + rng.random(), east + rng.random()
    return f"{first:.{places}f}{rng.choice((', ', ',', ', '))}{second:.{places}f}"


def birth_english(rng: Random) -> str:
    """Return a date as it is written in English."""
    born = day(rng, date(1940, 1, 1), date(2012, 12, 31))
    return rng.choice(
        (
            f"{born:%Y-%m-%d}",
            f"{born:%d/%m/%Y}",
            f"{born.month}/{born.day}/{born.year}",
            f"{born.day} {born:%B} {born.year}",
            f"{born:%B} {born.day}, {born.year}",
            f"{born:%d.%m.%Y}",
            f"{born.day} {born:%b} {born.year}",
        )
    )


def birth_korean(rng: Random) -> str:
    """Return a date as it is written in Korean."""
    born = day(rng, date(1940, 1, 1), date(2012, 12, 31))
    return rng.choice(
        (
            f"{born.year}년 {born.month}월 {born.day}일",
            f"{born:%Y-%m-%d}",
            f"{born:%Y.%m.%d}",
            f"{born.year}. {born.month}. {born.day}",
            f"{born:%Y/%m/%d}",
            f"{born:%Y%m%d}",
            f"{born:%y}년 {born.month}월 {born.day}일",
        )
    )


PHONES = {  # region: patterns of numbers as people of that country write them
    "US": ("(2##) ###-####", "4##-###-####", "+1 6## ### ####", "+1-2##-###-####", "(7##) ###-####"),
    "GB": ("020 7### ####", "07### ######", "+44 20 7### ####", "+44 7### ######", "0161 ### ####"),
    "DE": ("+49 30 %#######", "030 %#######", "+49 151 ########", "0171 %######"),
    "FR": ("+33 6 ## ## ## ##", "06 ## ## ## ##", "01 4# ## ## ##"),
    "JP": ("090-####-####", "03-%###-####", "+81 90-####-####", "080-####-####"),
    "CN": ("138 #### ####", "+86 139 #### ####", "159########", "+86 10 6### ####"),
    "IT": ("+39 06 %### ####", "+39 347 ### ####"),
    "ES": ("+34 6## ### ###", "+34 91 ### ## ##"),
}


def phone_abroad(region: str) -> Maker:
    """Return what makes numbers of a region, valid in its plan."""

    def valid(value: str) -> bool:
        return phonenumbers.is_valid_number(phonenumbers.parse(value, region))

    return lambda rng: until(rng, lambda one: drawn(one, one.choice(PHONES[region])), valid)


DOTS = (".", " ", "-", "\u00a0", "–")
KINDS: tuple[Kind, ...] = (
    Kind("email", EntityType.EMAIL, email, "email", varied="word"),
    Kind("card", EntityType.CARD, card, "card", separators=(" ", "-", "\u00a0", " - ", ".")),
    Kind("iban", EntityType.IBAN, iban, "iban", separators=("\u00a0", "-")),
    Kind("swift", EntityType.SWIFT, swift, "swift", varied="word"),
    Kind("crypto", EntityType.CRYPTO, crypto, "crypto", varied="word"),
    Kind("ip", EntityType.IP, ip, "ip", varied="word"),
    Kind("mac", EntityType.MAC, mac, "mac", varied="word"),
    Kind("coordinates", EntityType.COORDINATES, coordinates, "coordinates", varied=""),
    Kind("birth_english", EntityType.BIRTH_DATE, birth_english, "birth", korean=0.0),
    Kind("birth_korean", EntityType.BIRTH_DATE, birth_korean, "birth", english=0.0),
    *(
        Kind(
            f"phone_{region.lower()}",
            EntityType.PHONE,
            phone_abroad(region),
            "phone",
            english=2.0 if region in {"US", "GB"} else 0.6,
            korean=0.15,
            separators=DOTS,
        )
        for region in PHONES
    ),
)
