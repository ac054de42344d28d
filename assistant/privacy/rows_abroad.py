# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Other countries: identity, tax and account numbers, checked by python-stdnum.

What is only digits needs a word beside it; what has letters in fixed places or a rare layout may stand
alone where its check digits are right.
"""

from assistant.entities import EntityType
from assistant.privacy import checks, checks_of_signs
from assistant.privacy.row import END, Check, Context, Recognizer, Start
from assistant.privacy.starts import CAPITALS, LONG_NUMBER, LONGER_NUMBER, NUMBER

_ID, _TAX = EntityType.NATIONAL_ID, EntityType.TAX_NUMBER
_IDENTITY = (
    "national id|identity number|identity card|id number|id card|personal id|id no|신분증|신분 번호|신원 번호"
)
_TAXES = "tax id|tax number|tax no|taxpayer|tin|tax identification|tax reference|납세|세금 번호|세금번호|세무"
_VAT = "vat|vat number|vat no|vat id|vat reg|tva|iva|ust|ust-id|mwst|btw|moms|tax|부가세|부가가치세"
_S = r"[ .-]{0,3}\n?"  # what may stand between two groups
_OMOCODE = "[0-9LMNPQRSTUV]"  # a digit, or the letter for it where two people would share a code
_ALONE, _NEVER_ALONE = 0.75, 0.2


def _row(
    entity_type: EntityType,
    shape: str,
    module: str,
    words: str,
    score: float = _NEVER_ALONE,
    start: Start = LONG_NUMBER,
    check: Check | None = None,
) -> Recognizer:
    """Return a row whose possible values are those that python-stdnum's `module` takes for valid.

    A blank between two groups of `shape` may be the end of a line.
    """
    general = _IDENTITY if entity_type is _ID else _TAXES
    context = Context(f"{words}|{general}", 0.97 if module in ("jp.cn", "cn.ric") else 0.95)
    return Recognizer(
        entity_type,
        start,
        shape.replace(" ?", r"[ \n]?") + END,
        score,
        context,
        check or checks.Standard(module),
        checked=module not in _UNCHECKED,
    )


_UNCHECKED = ("us.ssn", "us.itin", "us.ein", "gb.nino", "dk.cpr")  # they have no check digit, or no longer

_AMERICA = (
    _row(_ID, "[0-8][0-9]{2}-[0-9]{2}-[0-9]{4}", "us.ssn", "ssn|social security|사회보장|사회 보장", 0.7),
    _row(
        _ID,
        f"[0-8][0-9]{{2}}{_S}[0-9]{{2}}{_S}[0-9]{{4}}",
        "us.ssn",
        "ssn|social security|social|사회보장|사회 보장",
    ),
    _row(_TAX, "9[0-9]{2}-[0-9]{2}-[0-9]{4}", "us.itin", "itin", 0.6),
    _row(_TAX, f"9[0-9]{{2}}{_S}[0-9]{{2}}{_S}[0-9]{{4}}", "us.itin", "itin"),
    _row(
        _TAX,
        f"[0-9]{{2}}{_S}[0-9]{{7}}",
        "us.ein",
        "ein|fein|employer identification|employer id|federal tax|고용주",
    ),
    _row(_TAX, "9[0-9]{2}-[0-9]{2}-[0-9]{4}", "us.atin", "atin|adoption taxpayer"),
    _row(
        _TAX,
        "[Pp][0-9]{8}",
        "us.ptin",
        "ptin|preparer tax",
        start=Start(r"[Pp](?<![0-9A-Za-z_].)(?=[0-9]{8}(?![0-9A-Za-z]))", ("ptin", "preparer")),
    ),
    _row(EntityType.BANK_ACCOUNT, "[0-9]{9}", "us.rtn", "routing|aba|rtn|라우팅"),
    _row(_ID, f"[0-9]{{3}}{_S}[0-9]{{3}}{_S}[0-9]{{3}}", "ca.sin", "sin|social insurance|캐나다"),
    _row(_ID, r"[0-9]{3}\.[0-9]{3}\.[0-9]{3}-[0-9]{2}", "br.cpf", "cpf|브라질", _ALONE),
)

_BRITAIN = (
    # HM Revenue & Customs: two letters, six digits, A to D.
    _row(
        _ID,
        "[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?[0-9]{2} ?[0-9]{2} ?[0-9]{2} ?[A-D]",
        "gb.nino",
        "national insurance|nino|ni number|ni no|국민보험|국민 보험",
        0.8,
        CAPITALS,
        checks_of_signs.nino,
    ),
    _row(
        _ID, f"[0-9]{{3}}{_S}[0-9]{{3}}{_S}[0-9]{{4}}", "gb.nhs", "nhs|nhs number|health service|patient|환자"
    ),
    _row(_TAX, "[0-9]{5} ?[0-9]{5}", "gb.utr", "utr|unique taxpayer|self assessment"),
    _row(_TAX, "GB ?[0-9]{3} ?[0-9]{4} ?[0-9]{2}", "gb.vat", _VAT, _ALONE, CAPITALS),
    Recognizer(
        EntityType.BANK_ACCOUNT,
        NUMBER,
        f"[0-9]{{2}}-[0-9]{{2}}-[0-9]{{2}}{END}",
        0.2,
        Context("sort code|sort|정렬 코드", 0.9, 24, 0),
    ),
    Recognizer(
        EntityType.BANK_ACCOUNT,
        NUMBER,
        f"[0-9]{{6,17}}{END}",
        0.2,
        Context(
            "account number|account no|account #|account|acct|acct no|a/c|a/c no|checking|savings|"
            "bank account",
            0.88,
            36,
            0,
            once=True,
        ),
    ),
)

_GERMANY_TO_ITALY = (
    _row(
        _TAX,
        f"[0-9]{{2}}{_S}[0-9]{{3}}{_S}[0-9]{{3}}{_S}[0-9]{{3}}",
        "de.idnr",
        "steuer-id|steuer-idnr|idnr|steueridentifikationsnummer|steuer|german tax|독일",
    ),
    _row(
        _TAX,
        "[0-9]{2,3} ?/ ?[0-9]{3,4} ?/ ?[0-9]{4,5}(?: ?[0-9])?",
        "de.stnr",
        "steuernummer|st-nr|stnr|steuer-nr|steuer|german tax|독일",
    ),
    _row(
        _ID,
        "[CFGHJKLMNPRTVWXYZ][0-9CFGHJKLMNPRTVWXYZ]{8}[0-9]?",
        "de.ausweis",
        "personalausweis|ausweis|ausweisnummer|identity card|german|독일",
        start=CAPITALS,
        check=checks_of_signs.german_card,
    ),
    _row(
        _ID,
        f"[12]{_S}[0-9]{{2}}{_S}[0-9]{{2}}{_S}[0-9][0-9AB]{_S}[0-9]{{3}}{_S}[0-9]{{3}}{_S}[0-9]{{2}}",
        "fr.nir",
        "nir|sécurité sociale|securite sociale|insee|french social|social security|프랑스",
        0.7,
        start=NUMBER,
    ),
    _row(
        _TAX,
        f"[0-3][0-9]{_S}[0-9]{{2}}{_S}[0-9]{{3}}{_S}[0-9]{{3}}{_S}[0-9]{{3}}",
        "fr.nif",
        "spi|numéro fiscal|numero fiscal|fiscal|french tax|프랑스",
        start=LONGER_NUMBER,
    ),
    _row(_TAX, "[0-9]{3} ?[0-9]{3} ?[0-9]{3} ?[0-9]{5}", "fr.siret", "siret|프랑스", start=LONGER_NUMBER),
    _row(_TAX, "[0-9]{3} ?[0-9]{3} ?[0-9]{3}", "fr.siren", "siren|프랑스"),
    _row(
        _ID,
        f"[A-Z]{{3}} ?[A-Z]{{3}} ?{_OMOCODE}{{2}}[ABCDEHLMPRST]{_OMOCODE}{{2}} ?[A-Z]{_OMOCODE}{{3}} ?[A-Z]",
        "it.codicefiscale",
        "codice fiscale|fiscal code|이탈리아",
        0.9,
        Start("[A-Z](?<![A-Za-z0-9_].)(?=[A-Z]{2} ?[A-Z]{3} ?[0-9LMNPQRSTUV]{2})"),
        checks.Standard("it.codicefiscale"),
    ),
    _row(_TAX, "(?:IT ?)?[0-9]{11}", "it.iva", f"partita iva|p.iva|p. iva|{_VAT}|이탈리아"),
)

_SPAIN_TO_FINLAND = (
    _row(
        _ID,
        "[0-9]{2}[.]?[0-9]{3}[.]?[0-9]{3}[ -]?[A-HJ-NP-TV-Z]",
        "es.dni",
        "dni|nif|documento nacional|스페인",
        0.7,
        start=NUMBER,
    ),
    _row(_ID, "[XYZ][ -]?[0-9]{7}[ -]?[A-HJ-NP-TV-Z]", "es.nie", "nie|extranjero|스페인", 0.75, CAPITALS),
    _row(_TAX, "[A-HJNP-SUVW][ -]?[0-9]{7}[ -]?[0-9A-J]", "es.cif", "cif|nif|스페인", start=CAPITALS),
    _row(
        _ID,
        f"[0-9]{{3,4}}{_S}[0-9]{{2}}{_S}[0-9]{{3}}",
        "nl.bsn",
        "bsn|burgerservicenummer|sofinummer|citizen service|네덜란드",
    ),
    _row(
        _ID,
        f"[0-9]{{3}}{_S}[0-9]{{3}}{_S}[0-9]{{3}}",
        "nl.bsn",
        "bsn|burgerservicenummer|sofinummer|citizen service|네덜란드",
    ),
    _row(_ID, "[0-9]{9}", "nl.onderwijsnummer", "onderwijsnummer|education number"),
    _row(_ID, "[0-9]{11}", "pl.pesel", "pesel|polish|폴란드"),
    _row(_TAX, "[0-9]{9}(?:[0-9]{5})?", "pl.regon", "regon"),
    _row(_TAX, f"[0-9]{{3}}{_S}[0-9]{{2,3}}{_S}[0-9]{{2}}{_S}[0-9]{{2,3}}", "pl.nip", "nip|polish|폴란드"),
    _row(
        _ID,
        r"(?:[0-9]{2})?[0-9]{6}(?: ?[-+] ?\n?|\n)?[0-9]{4}",
        "se.personnummer",
        "personnummer|personal number|personal identity|samordningsnummer|swedish|스웨덴",
    ),
    _row(
        _ID,
        r"[0-3][0-9][01][0-9]{3} ?[-+A-FU-Y] ?\n?[0-9]{3}[0-9A-FHJ-NPR-Y]",
        "fi.hetu",
        "hetu|henkilötunnus|finnish|personal identity|핀란드",
        0.75,
        start=NUMBER,
    ),
    _row(
        _ID, f"[0-3][0-9][01][0-9]{{3}}{_S}[0-9]{{4}}", "dk.cpr", "cpr|cpr-nummer|personnummer|danish|덴마크"
    ),
    _row(_TAX, "[0-9]{2} ?[0-9]{2} ?[0-9]{2} ?[0-9]{2}", "dk.cvr", "cvr|덴마크", start=NUMBER),
    _row(
        _ID,
        r"[0-9]{2}\.[0-9]{2}\.[0-9]{2}-[0-9]{3}\.[0-9]{2}",
        "be.nn",
        "rijksregister|registre national|national register|register number|nn|벨기에",
        _ALONE,
    ),
    _row(
        _ID,
        "[0-9]{2}[ .]?[0-9]{2}[ .]?[0-9]{2}[ -]?[0-9]{3}[ .]?[0-9]{2}",
        "be.nn",
        "rijksregister|rijksregisternummer|registre national|national register|register number|"
        "national number|nn|"
        "belgian|벨기에",
    ),
    _row(
        _ID,
        r"[0-9]{2}[ .]?[0-9]{2}[ .]?[0-9]{2}[ -]?[0-9]{3}[ .]?[0-9]{2}",
        "be.bis",
        "bis|bis-nummer|bisnummer|numéro bis|numero bis|rijksregister|national number|belgian|벨기에",
    ),
    _row(_TAX, "[1-35689][0-9]{2} ?[0-9]{3} ?[0-9]{3}", "pt.nif", "nif|contribuinte|portuguese|포르투갈"),
    _row(
        _ID,
        "[0-9]{8}[ -]?[0-9] ?[A-Z0-9]{2}[0-9]",
        "pt.cc",
        "cartão de cidadão|cartao de cidadao|citizen card|포르투갈",
        start=NUMBER,
    ),
    _row(
        _TAX,
        "[0-9]{2}[ -]?[0-9]{3}/?[0-9]{4}",
        "at.tin",
        "steuernummer|abgabenkontonummer|austrian|오스트리아",
    ),
    _row(
        _ID,
        "[1-9][0-9]{3}[ -]?[0-3][0-9][01][0-9]{3}",
        "at.vnr",
        "svnr|sv-nummer|insurance number|sozialversicherung|sozialversicherungsnummer|"
        "versicherungsnummer|austrian|"
        "social security|오스트리아",
    ),
    _row(
        _ID, "[0-9]{7}[A-W][A-IW]?", "ie.pps", "pps|ppsn|personal public service|irish|아일랜드", start=NUMBER
    ),
)

_REST_OF_EUROPE = (
    _row(
        _ID,
        r"756[. ]?[0-9]{4}[. ]?[0-9]{4}[. ]?[0-9]{2}",
        "ch.ssn",
        "ahv|avs|ahv-nr|swiss social|스위스",
        _ALONE,
        start=LONGER_NUMBER,
    ),
    _row(_ID, "[0-9]{6} ?/? ?[0-9]{3,4}", "cz.rc", "rodné číslo|rodne cislo|birth number|체코"),
    _row(_ID, "[1-9][0-9]{12}", "ro.cnp", "cnp|cod numeric|루마니아", start=LONGER_NUMBER),
    _row(_ID, "[0-9]{10}", "bg.egn", "egn|불가리아"),
    _row(_ID, "[0-9]{10}", "bg.pnf", "pnf|lnch|foreigner number|불가리아"),
    _row(_ID, "[0-9]{11}", "hr.oib", "oib|크로아티아"),
    _row(_ID, "[0-9]{13}", "si.emso", "emso|emšo|slovenian|슬로베니아", start=LONGER_NUMBER),
    _row(_ID, "[1-8][0-9]{10}", "ee.ik", "isikukood|에스토니아"),
    _row(_ID, "[1-6][0-9]{10}", "lt.asmens", "asmens|리투아니아"),
    _row(_ID, "[0-9]{11}", "gr.amka", "amka|그리스"),
    _row(_ID, "[0-9]{11}", "no.fodselsnummer", "fødselsnummer|fodselsnummer|norwegian|노르웨이"),
    # VAT of the member states, each with its own check; five of them have letters in their numbers.
    _row(
        _TAX,
        "(?:(?:AT ?U|BE ?|BG ?|CZ ?|DE ?|DK ?|EE ?|EL ?|FI ?|HR ?|HU ?|IT ?|LT ?|LU ?|LV ?|MT ?|PL ?|PT ?"
        "|RO ?|SE ?|SI ?|SK ?)[0-9](?:[ .-]?[0-9]){6,12}"
        "|(?:CY ?|ES ?|FR ?|IE ?|NL ?)[0-9A-Z](?:[ .-]?[0-9A-Z]){6,12})",
        "eu.vat",
        _VAT,
        _ALONE,
        CAPITALS,
    ),
)

_ASIA = (
    _row(
        _ID,
        f"[0-9]{{4}}{_S}[0-9]{{4}}{_S}[0-9]{{4}}",
        "jp.in_",
        "my number|mynumber|individual number|マイナンバ-|個人番号|마이넘버|마이 넘버|개인번호|일본",
        start=LONGER_NUMBER,
    ),
    _row(
        _TAX,
        "T?[1-9][ -]?[0-9]{4}[ -]?[0-9]{4}[ -]?[0-9]{4}",
        "jp.cn",
        "japanese corporate number|corporate number|法人番号|일본 법인|법인번호|일본|japanese|jp",
        start=LONGER_NUMBER,
    ),
    # GB 11643: region, day of birth, serial, check (ISO 7064).
    _row(
        _ID,
        r"[1-9][0-9]{5} ?(?:19|20)[0-9]{2}[01][0-9][0-3][0-9] ?[0-9]{3}[0-9Xx]",
        "cn.ric",
        "身份证|resident identity|chinese id|중국|신분증",
        0.93,
        start=LONGER_NUMBER,
    ),
    # GB 32100: 18 letters and digits.
    _row(
        _TAX,
        "[1-9A-GY][1-9][0-9]{6}[0-9A-HJ-NP-RTUW-Y]{10}",
        "cn.uscc",
        "uscc|统一社会信用代码|unified social credit|social credit|중국|통일사회신용",
        0.8,
        start=NUMBER,
    ),
)

# Passports: letters and digits, the layout of each country, only beside the word.
_PASSPORTS = (
    Recognizer(
        EntityType.PASSPORT,
        Start(r"[A-Z0-9](?<![A-Za-z0-9_-].)(?=[A-Z0-9]{7,8}(?![A-Za-z0-9]))", ("passport", "여권")),
        "(?:[A-Z]{1,2}[0-9]{6,8}|[0-9]{9}|[0-9]{2}[A-Z]{2}[0-9]{5}|[A-Z]{3}[0-9]{6}"
        f"|[CFGHJKL][CFGHJKLMNPRTVWXYZ0-9]{{8}}){END}",
        0.2,
        Context("passport|passports|passport no|passport number|여권", 0.96),
    ),
)

# Plates: Britain since 2001, Germany, California; then older and other American ones. Only beside a word.
_PLATE = Start(
    r"[A-Z0-9ÄÖÜ](?<![A-Za-z0-9_-].)(?=[A-Z0-9ÄÖÜ]{0,3}[ -]?[A-Z0-9]{2})",
    (
        "plate",
        "regist",
        "reg ",
        "reg.",
        "vehicle",
        "car",
        "van",
        "park",
        "kennzeichen",
        "번호판",
        "차량",
        "주차",
    ),
)
_PLATE_WORDS = (
    "plate|plates|registration|vehicle registration|kennzeichen|reg|tag|번호판|차량번호|차량 번호|차 번호"
)
_PLATES = (
    Recognizer(
        EntityType.PLATE,
        _PLATE,
        r"(?:[A-Z]{2}[0-9]{2}[ \n]?[A-Z]{3}|[A-ZÄÖÜ]{1,3}-[A-Z]{1,2} ?\n?[0-9]{1,4}[EH]?"
        rf"|[0-9][A-Z]{{3}}[ -]?[0-9]{{3}}){END}",
        0.2,
        Context(
            f"{_PLATE_WORDS}|vehicle|car|cars|van|truck|taxi|parked|차량|자동차|주차|승용차", 0.9, once=True
        ),
    ),
    Recognizer(
        EntityType.PLATE,
        _PLATE,
        rf"(?:[A-Z]{{3}}[ -]?[0-9]{{3,4}}|[A-Z][0-9]{{1,3}}[ -]?[A-Z]{{3}}|[0-9]{{3}}[ -]?[A-Z]{{3}}){END}",
        0.2,
        Context(
            "plate|plates|registration plate|number plate|license plate|번호판|차량번호", 0.85, 24, once=True
        ),
    ),
)

ABROAD = (
    *_AMERICA,
    *_BRITAIN,
    *_GERMANY_TO_ITALY,
    *_SPAIN_TO_FINLAND,
    *_REST_OF_EUROPE,
    *_ASIA,
    *_PASSPORTS,
    *_PLATES,
)
