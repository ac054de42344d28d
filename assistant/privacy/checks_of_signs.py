# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Checks of what is not digits alone: machines, places, days, wallets, tokens, passwords."""

import json
import math
import re
from base64 import urlsafe_b64decode
from collections import Counter
from datetime import UTC, date, datetime
from hashlib import sha256
from ipaddress import AddressValueError, IPv4Address, IPv6Address

# ISO 3166-1, and XK as banks use it for Kosovo.
_COUNTRIES = (
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT "
    "BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH "
    "ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT "
    "HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS "
    "LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI "
    "NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG "
    "SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG "
    "UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW"
)
BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATORS = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# A call, a number of letters, a date, a version, a link.
_NO_PASSWORD = re.compile(
    r"[A-Za-z_][\w.]*\(.*|[0-9]{1,2}(?:-[0-9]+)?\+?|[0-9]{4}[-./][0-9]{1,2}[-./][0-9]{1,2}.*|v?[0-9]+(?:\.[0-9]+)+"
    r"|[a-z]{2,10}://.*|[0-9]{1,2}:[0-9]{2}.*"
    r"|(?:ISO|IEC|AES|SHA|RSA|MD|TLS|SSL|WPA|RFC|KS|IEEE|UTF|NIST|OTP|FIDO|OAUTH|HTTP)[A-Z]{0,3}[-/]?[0-9][0-9.-]*"
)
_NAMED_PASSWORD = re.compile("(?:password|pwd|accountkey|sharedaccesskey) ?= ?[^;\\s]", re.IGNORECASE)
_STAND_IN = re.compile(
    r"\$[{(].*|\$[A-Za-z_]+|%[({A-Za-z_].*[)}%s]|[<{\[].*[>}\]]|[<{].*|[*x•X.…_-]+|.*\*{3,}.*"
)


def bank_code(value: str) -> bool:
    """Say whether the fifth and sixth letters of a SWIFT code name a country (ISO 9362)."""
    return value[4:6] in _COUNTRIES


def machine(value: str) -> bool:
    """Say whether something is the address of one machine: not of any, of itself or of a mask."""
    try:
        address = IPv6Address(value) if ":" in value else IPv4Address(value)
    except AddressValueError:
        return False
    of_code = ":" in value and not (len(value) > 5 and any(sign.isdigit() for sign in value))
    return not (of_code or address.is_unspecified or address.is_loopback or value.startswith("255."))


def no_version(value: str) -> bool:
    """Say whether four numbers are an address even where no word says so: those of versions are small."""
    numbers = [int(number) for number in value.split(".")]
    private = numbers[0] == 10 and max(numbers) >= 100
    large = private or numbers[0] >= 30 or (numbers[1] >= 20 and max(numbers) >= 100)
    return machine(value) and large and numbers[1:] != [0, 0, 0]


def hardware(value: str) -> bool:
    """Say whether twelve hexadecimal digits may name one device: neither none nor all."""
    plain = re.sub("[^0-9a-f]", "", value.lower())
    return len(plain) == 12 and len(set(plain)) > 1


def place(value: str) -> bool:
    """Say whether two numbers are a latitude (-90 to 90) and a longitude (-180 to 180)."""
    numbers = [float(number) for number in re.findall(r"[-+]?[0-9]+\.[0-9]+", value)]
    return len(numbers) == 2 and abs(numbers[0]) <= 90 and abs(numbers[1]) <= 180


def day_of(value: str) -> date | None:
    """Return the day that a spelling of a date means, the year of two digits within the last hundred."""
    month = re.search("[A-Za-z]{3,}", re.sub("(?<=[0-9])(?:st|nd|rd|th)|of", "", value))
    numbers = [int(number) for number in re.findall("[0-9]+", value)]
    if month:
        if len(numbers) != 2 or month[0][:3].lower() not in _MONTHS:
            return None
        return _day(numbers[1], _MONTHS.index(month[0][:3].lower()) + 1, numbers[0])
    if len(numbers) == 1:
        digits = re.sub("[^0-9]", "", value)
        numbers = [int(digits[:-4]), int(digits[-4:-2]), int(digits[-2:])]
    if len(numbers) != 3:
        return None
    if numbers[2] > 31:
        first, second, year = numbers
        return _day(year, first, second) or _day(year, second, first)
    return _day(*numbers)


def _day(year: int, month: int, day: int) -> date | None:
    today = datetime.now(UTC).date()
    if year < 100:
        year += 2000 if year <= today.year % 100 else 1900
    try:
        born = date(year, month, day)
    except ValueError:
        return None
    return born if date(1900, 1, 1) <= born <= today else None


def day_of_birth(value: str) -> bool:
    """Say whether somebody who lives may be born on that day."""
    return day_of(value) is not None


def plate(value: str) -> bool:
    """Say whether digits, syllable and digits are a plate and not a count: 12 or 100 to 999, no 0000."""
    return not value.startswith("0") and not value.endswith("0000")


def base58_checked(value: str) -> bool:
    """Say whether an address of a wallet in base58 ends with its own double SHA-256: 25 bytes in all."""
    number = 0
    for letter in value:
        number = number * 58 + BASE58.index(letter)
    if number >> 200:
        return False
    whole = number.to_bytes(25, "big")
    return sha256(sha256(whole[:-4]).digest()).digest()[:4] == whole[-4:]


def bech32_checked(value: str) -> bool:
    """Say whether an address of a wallet checks: BIP 173 (bech32) or BIP 350 (bech32m)."""
    human, _, letters = value.lower().rpartition("1")
    if any(letter not in _BECH32 for letter in letters) or not (value.islower() or value.isupper()):
        return False
    values = [*(ord(letter) >> 5 for letter in human), 0, *(ord(letter) & 31 for letter in human)]
    check = 1
    for number in (*values, *(_BECH32.index(letter) for letter in letters)):
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ number
        for place_, generator in enumerate(_GENERATORS):
            check ^= generator if (top >> place_) & 1 else 0
    return check in (1, 0x2BC830A3)


def german_card(value: str) -> bool:
    """Say whether the last digit of a German identity card or passport checks (ICAO 9303, weights 7 3 1)."""
    if len(value) != 10 or not value[-1].isdigit() or not any(sign.isdigit() for sign in value[:-1]):
        return len(value) == 9 and sum(sign.isdigit() for sign in value) >= 3
    total = sum(int(sign, 36) * (7, 3, 1)[place_ % 3] for place_, sign in enumerate(value[:-1]))
    return total % 10 == int(value[-1])


def nino(value: str) -> bool:
    """Say whether the first two letters of a British national insurance number are given out (HMRC)."""
    return value[:2] not in ("BG", "GB", "NK", "KN", "TN", "NT", "ZZ")


def web_token(value: str) -> bool:
    """Say whether the first part of a JSON web token is a header (RFC 7519)."""
    header = value.partition(".")[0]
    try:
        contents = json.loads(urlsafe_b64decode(header + "=" * (-len(header) % 4)))
    except (ValueError, RecursionError):
        return False
    return isinstance(contents, dict) and ("alg" in contents or "typ" in contents)


def entropy(value: str) -> float:
    """Return the bits of surprise in each sign of a value (Shannon)."""
    return -sum(count / len(value) * math.log2(count / len(value)) for count in Counter(value).values())


def random_looking(value: str) -> bool:
    """Say whether a value that is named a key was drawn at random: digits among letters."""
    plain = value.strip("=")
    kinds = sum(bool(re.search(kind, plain)) for kind in ("[0-9]", "[a-z]", "[A-Z]"))
    return (
        kinds >= 2
        and bool(re.search("[0-9]", plain))
        and entropy(plain) >= 3
        and not _STAND_IN.fullmatch(value)
    )


# Words that follow the name of a password where no password does.
_NO_PASSWORDS = (
    "required optional incorrect invalid wrong correct missing expired empty blank none null true false "
    "reset changed protected hidden secret here this that string text word your yours mine same with "
    "must should needs need will have been only also stored encrypted hashed field input manager policy "
    "strength the not and for please enter longer shorter strong weak unknown safe secure available "
    "needed sent self undefined example password passwords confirm forgot forgotten prompt getpass "
    "value default minimum maximum character characters https http hash bcrypt argon scrypt base md plaintext"
)
# What a sentence about passwords says, and no phrase that opens a door.
_ABOUT_PASSWORDS = re.compile(
    r"(?i:(?<![a-z])(?:enter|your|you|please|passwords?|passphrase|required?|must|should|cannot|can't|invalid"
    r"|incorrect|wrong|reset|forgot(?:ten)?|changed?|confirm|choose|expired?|expires|minimum|characters?|least"
    r"|short|long|weak|strong|empty|match(?:es)?|new|old|type|again|show|hide|not|update|set|here|field|the)"
    r"(?![a-z]))|입력|하세요|주세요|십시오|니다|필요|비밀 ?번호|패스워드|비번|변경|확인|틀[리렸]|잘못|설정"
    r"|분실|찾기|이상|이하|포함|없[음는이다]|다시|보기|숨기|저장|일치|자리|잊|[.?!:]$|https?:"
)
_ALGORITHMS = re.compile(
    r"(?i:(?:sha|md|aes|rsa|bcrypt|base|utf|tls|ssl|wpa|http|oauth|python|windows|win|ios|ipv|rfc|iso|x|gpt"
    r"|iphone|galaxy|ubuntu|chapter|page|part|room|level|version|route|covid|node|java|php)-?[0-9].*)"
)
# A link, a piece of a program, a package with its version, a colour, a handle, a part of an address.
_ADDRESS = re.compile(
    r"[a-z/@_.-]*@v?[0-9]|#[0-9a-fA-F]{3,8}$|[@#]|v?[0-9]+\.[0-9]+|(?:%[0-9A-F]{2}){2}|.*@[\w-]+\.[A-Za-z]|.*://|.*[(){}<>=/\\|\"`\[\]:,;]|.*\.[a-z]{2,4}$"
    r"|.*(?i:passw)"
)
_SIGN_INSIDE = re.compile(r".*[A-Za-z0-9]*[!@#$%^*?~&+].*[A-Za-z0-9]|.*[@#$%^&*~+]$")
_SIGN_BEHIND = re.compile(r"(?=.*[A-Z])(?=.*[a-z])(?=.*[0-9]{2}).*[!?]+|[A-Za-z]{3,}[0-9]{2,4}[!?]")


def _says_none(value: str) -> bool:
    word = value.lower().strip(".,!?:;")
    return word.isalpha() and f" {word} " in f" {_NO_PASSWORDS} "


def password(value: str) -> bool:
    """Say whether a word behind "password" is one: it has a digit, a sign or both cases."""
    if _STAND_IN.fullmatch(value) or _says_none(value):
        return False
    if _NO_PASSWORD.fullmatch(value):
        return False
    return bool(re.search(r"[0-9]|[^\w.,'-]|[a-z][A-Z]|-.*-", value)) and len(value) >= 4


def password_by_itself(value: str) -> bool:
    """Say whether a word would be taken for a password without a sign that says so.

    It has letters and two digits, or letters and a sign, or three words with hyphens; and is no name of
    a method, such as AES-256.
    """
    return (
        password(value)
        and bool(re.search("[A-Za-z]", value))
        and bool(re.search(r"[0-9].*[0-9]|[^\w.,;:()'\"/-]|-.*-", value))
        and not re.fullmatch("[A-Z]{2,6}-?[0-9]{1,4}|[0-9]+[A-Za-z]{1,6}|[0-9-]+", value)
    )


def obvious_password(value: str) -> bool:
    """Say whether a word is a password to everybody: letters, two digits and a sign, or words with hyphens.

    Links, addresses, paths and pieces of programs are none.
    """
    digits = sum(sign.isdigit() for sign in value)
    if digits < 2 or digits > len(value) - 2 or _ADDRESS.match(value) or _ALGORITHMS.fullmatch(value):
        return False
    if _STAND_IN.fullmatch(value) or _NO_PASSWORD.fullmatch(value):
        return False
    signed = _SIGN_INSIDE.fullmatch(value) or _SIGN_BEHIND.fullmatch(value)
    return bool(signed) or _joined_words(value)


def _joined_words(value: str) -> bool:
    """Say whether a value is three words and a number at least, with hyphens: "river-stone-42-lamp"."""
    parts = value.split("-")
    words = [part for part in parts if part.isalpha()]
    numbers = len(parts) - len(words)
    plain = all(part.isalpha() or part.isdigit() for part in parts)
    return plain and 4 <= len(parts) <= 7 and numbers >= 1 and min(map(len, words), default=0) >= 3


def password_in_command(value: str) -> bool:
    """Say whether the value of a command's option is a password: no port, no path, no option, no stand-in."""
    return chosen_word(value) and not re.fullmatch(r"[0-9]{1,5}(?::.*)?|[~./-].*|[A-Za-z_]+", value)


def passphrase(value: str) -> bool:
    """Say whether words in quotes behind "password" are one, and no sentence about passwords."""
    words = value.split()
    return 2 <= len(words) <= 12 and not (_STAND_IN.fullmatch(value) or _ABOUT_PASSWORDS.search(value))


def chosen_word(value: str) -> bool:
    """Say whether what stands in quotes behind "password" is one: anything but a stand-in."""
    return not (_STAND_IN.fullmatch(value) or _says_none(value))


def real_credentials(value: str) -> bool:
    """Say whether the address names a password, and no stand-in for one."""
    secret = value.partition("://")[2].rpartition("@")[0].partition(":")[2]
    return bool(secret) and not _STAND_IN.fullmatch(secret)


def names_a_password(value: str) -> bool:
    """Say whether a connection string has a password or a key in it."""
    return _NAMED_PASSWORD.search(value) is not None
