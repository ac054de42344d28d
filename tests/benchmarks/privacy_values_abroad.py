# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Made-up numbers that other states give out; each is valid for python-stdnum, where it knows the number.

What names one person is a NATIONAL_ID (social security, identity card, patient), what names a taxpayer or a
company a TAX_NUMBER. The United Kingdom's national insurance number is not in the library: two letters
(without D, F, I, Q, U, V, the second without O, and some pairs never given out), six digits, A to D.
"""

from datetime import date
from random import Random
from types import ModuleType

from stdnum.at import vnr
from stdnum.be import nn
from stdnum.bg import egn
from stdnum.cn import ric, uscc
from stdnum.cz import rc
from stdnum.de import idnr
from stdnum.de import vat as vat_de
from stdnum.dk import cpr
from stdnum.es import dni, nie
from stdnum.fr import nir, tva
from stdnum.gb import nhs, utr
from stdnum.gb import vat as vat_gb
from stdnum.gr import amka
from stdnum.ie import pps
from stdnum.it import codicefiscale, iva
from stdnum.jp import cn as corporate_jp
from stdnum.jp import in_ as my_number
from stdnum.nl import bsn, btw
from stdnum.pl import nip, pesel
from stdnum.pt import cc
from stdnum.pt import nif as nif_pt
from stdnum.ro import cnp
from stdnum.se import personnummer
from stdnum.us import ein, itin, ssn

from assistant.entities import EntityType
from tests.benchmarks.privacy_values import Kind, Maker, day, drawn, until

NINO = "ABCEGHJKLMNOPRSTWXYZ"
NO_NINO = frozenset({"BG", "GB", "KN", "NK", "NT", "TN", "ZZ"})
GERMAN = "CFGHJKLMNPRTVWXYZ0123456789"


def numbers(module: ModuleType, *patterns: str) -> Maker:
    """Return what makes valid numbers of these forms; `yymmdd`, `ddmmyy`, `yyyymmdd` are a birth date."""

    def make(rng: Random) -> str:
        born = day(rng, date(1940, 1, 1), date(1999, 12, 31))
        form = rng.choice(patterns).replace("yyyymmdd", f"{born:%Y%m%d}")
        form = form.replace("yymmdd", f"{born:%y%m%d}").replace("ddmmyy", f"{born:%d%m%y}")
        return drawn(rng, form.replace("yymm", f"{born:%y%m}"))

    return lambda rng: until(rng, make, module.is_valid)


def china(rng: Random) -> str:
    """Return a Chinese identity number: a county that there was in the year of birth, date, order, check."""

    def make(one: Random) -> str:
        county = one.choice(("110101", "310104", "440305", "510104", "330106", "420106"))
        body = f"{county}{day(one, date(1945, 1, 1), date(2015, 12, 31)):%Y%m%d}{drawn(one, '###')}"
        return body + ric.calc_check_digit(body + "0")  # the library leaves the last sign out

    return until(rng, make, ric.is_valid)


def credit_code(rng: Random) -> str:
    """Return the unified code of a Chinese company, which is its tax number as well."""
    body = f"9111{drawn(rng, '####')}MA{drawn(rng, '#######')}"
    return body + uscc.calc_check_digit(body)


def fiscal(rng: Random) -> str:
    """Return an Italian tax code: surname, name, birth date, town, check."""
    name = "".join(rng.choice("BCDFGLMNPRSTVZ") for _ in range(6))
    body = f"{name}{drawn(rng, '##')}{rng.choice('ABCDEHLMPRST')}{rng.randint(1, 28):02d}H501"
    return body + codicefiscale.calc_check_digit(body)


def spanish(rng: Random) -> str:
    """Return the number of a Spanish identity card, or of a foreigner's."""
    number = drawn(rng, "########")
    if rng.random() < 0.6:
        return number + dni.calc_check_digit(number)
    body = rng.choice("XYZ") + number[1:]
    return body + nie.calc_check_digit(body)


def insurance(rng: Random) -> str:
    """Return a British national insurance number."""

    def prefix(one: Random) -> str:
        return one.choice(NINO) + one.choice(NINO.replace("O", ""))

    first = until(rng, prefix, lambda letters: letters not in NO_NINO)
    gap = rng.choice((" ", "", " "))
    return gap.join((first, drawn(rng, "##"), drawn(rng, "##"), drawn(rng, "##"), rng.choice("ABCD")))


def finnish(rng: Random) -> str:
    """Return a Finnish identity code."""
    born = day(rng, date(1940, 1, 1), date(1999, 12, 31))
    number = f"{rng.randint(2, 899):03d}"
    return f"{born:%d%m%y}-{number}" + "0123456789ABCDEFHJKLMNPRSTUVWXY"[int(f"{born:%d%m%y}{number}") % 31]


def passport_abroad(rng: Random) -> str:
    """Return a passport's number of the United States, the United Kingdom, Japan, China or Germany."""
    german = "C" + "".join(rng.choice(GERMAN) for _ in range(8))
    forms = ("5########", "A########", "5########", "T@#######", "E########", "EJ#######")
    return rng.choice((*(drawn(rng, form) for form in forms), german))


def account_abroad(rng: Random) -> str:
    """Return an account without groups: eight digits (GB), seven (JP), ten to twelve (US)."""
    return drawn(rng, rng.choice(("########", "%######", "%#########", "%###########", "########")))


def plate_abroad(rng: Random) -> str:
    """Return a plate of Great Britain, Germany or a state of America."""
    town = rng.choice(("M", "B", "HH", "K", "S"))
    return rng.choice((drawn(rng, "@@6# @@@"), f"{town}-{drawn(rng, '@@ %###')}", drawn(rng, "%@@@###")))


def social_security(rng: Random) -> str:
    """Return an American social security number, with hyphens or spaces."""
    number = numbers(ssn, "###-##-####")(rng)
    return rng.choice((number, number, number.replace("-", " ")))


def _identity(name: str, make: Maker, english: float = 1.0, korean: float = 0.5, *separators: str) -> Kind:
    return Kind(name, EntityType.NATIONAL_ID, make, name, english, korean, "number", separators)


def _tax(name: str, make: Maker, english: float = 1.0, korean: float = 0.5, words: str = "") -> Kind:
    return Kind(name, EntityType.TAX_NUMBER, make, words or name, english, korean)


KINDS: tuple[Kind, ...] = (
    _identity("ssn", social_security, 4, 4, " ", " - ", "–"),
    _identity("nino", insurance, 2, 1),
    _identity("nhs", numbers(nhs, "%## ### ####", "%##-###-####", "%#########"), 2, 1),
    _identity("mynumber", numbers(my_number, "#### #### ####", "####-####-####", "############"), 2, 2),
    _identity("ric", china, 2, 2),
    _identity("nir", numbers(nir, "1yymm75######%#", "2yymm13######%#"), 1, 0.5),
    _identity("dni", spanish),
    _identity("codicefiscale", fiscal),
    _identity("bsn", numbers(bsn, "#########", "####.##.###")),
    _identity("pesel", numbers(pesel, "yymmdd#####")),
    _identity("nn", numbers(nn, "yymmdd#####")),
    _identity("hetu", finnish),
    _identity("cpr", numbers(cpr, "ddmmyy-####")),
    _identity("personnummer", numbers(personnummer, "yymmdd-####", "yyyymmdd-####")),
    _identity("vnr", numbers(vnr, "%###ddmmyy")),
    _identity("pps", numbers(pps, "#######@", "#######@A")),
    _identity("amka", numbers(amka, "ddmmyy#####")),
    _identity("rc", numbers(rc, "yymmdd/####")),
    _identity("cnp", numbers(cnp, "1yymmdd12####", "2yymmdd40####")),
    _identity("egn", numbers(egn, "yymmdd####")),
    _identity("cc", numbers(cc, "######## # ZZ#", "########%ZX#"), 0.5),
    _tax("ein", numbers(ein, "##-#######"), 2),
    _tax("itin", numbers(itin, "9##-7#-####", "9##-8#-####"), 1.5),
    _tax("utr", numbers(utr, "##########"), 1),
    _tax("idnr", numbers(idnr, "%##########", "%# ### ### ###"), 1),
    _tax("vat_gb", numbers(vat_gb, "GB#########", "GB ### #### ##"), 1, 0.5, "vat"),
    _tax("vat_de", numbers(vat_de, "DE%########"), 1, 0.5, "vat"),
    _tax("vat_fr", numbers(tva, "FR###########"), 0.6, 0.3, "vat"),
    _tax("vat_it", numbers(iva, "IT0##########"), 0.6, 0.3, "vat"),
    _tax("vat_nl", numbers(btw, "NL#########B0%"), 0.6, 0.3, "vat"),
    _tax("nip", numbers(nip, "##########", "###-###-##-##"), 0.7),
    _tax("nif_pt", numbers(nif_pt, "2########"), 0.7),
    _tax("uscc", credit_code, 1),
    _tax("jpcn", numbers(corporate_jp, "%############"), 1),
    Kind("passport_abroad", EntityType.PASSPORT, passport_abroad, "passport", 3.0, 0.7),
    Kind("account_abroad", EntityType.BANK_ACCOUNT, account_abroad, "account_bare", 8.0, 0.0),
    Kind("plate_abroad", EntityType.PLATE, plate_abroad, "plate_abroad", 2.0, 0.3, "plate"),
)
