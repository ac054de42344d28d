# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Which encoding a text is in: by its mark, as UTF-8, or by which language it would make most sense in.

The double-byte encodings of Korean, Japanese and Chinese overlap: most texts in one of them can be
decoded, without an error, in the others too. What tells them apart is what comes out: frequent
syllables, kana or the commonest ideographs, or else a scatter of rare ones.
"""

import codecs
import re
from dataclasses import dataclass

import charset_normalizer

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ESCAPES = ((b"\x1b$)C", "iso2022_kr"), (b"\x1b$", "iso2022_jp_2"), (b"\x1b(", "iso2022_jp_2"))
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_LOOKED_AT = 1 << 20  # letters or bytes: what tells more does not need the rest
_WEIGHED = 64 << 10  # bytes
_SENSE = 0.3  # a text of this language has at least so much; others decoded as it have about 0.1
_PLANES = frozenset((0, 1, 2, 3, 14))  # of Unicode with letters and signs; no end of a line among them
_ZEROS = re.compile(rb"\0+")
_APART = 20  # bytes of text for each run of zero bytes: logs and fields of fixed length hold some
_BROKEN = 100  # letters, of which one may be a byte that belongs to no letter

# The commonest syllables of Korean prose, nearly nine of ten in running text.
_SYLLABLES = frozenset(
    "이다는에의을로하고가지은기사인한도대를일어자서시나정리있상과들으수해그적아부전제라보스유원여주장구조안었관공면국선만성계화동"
    "년음간할와신경생무용되및문소치위방비합트중게연모습니우된실것내오물세개요분러등없학당식회현발거업금민법산차드르까때진명약양행"
    "른통마르말받않겠같많던데려며반배번별본북불설속심알않았야였영예외운월의입작재절점종집처체초출타탁터특파판편평표품피하향호환확후"
    "려교권규근급남노느능단달담더독두득량력령례료률미바박버복살새색석술승았약언업열왔움육응임잘잡저접족존준증직질찾책천청최추축층"
    "침코크태택토투티페포폐필합항험형혼활황효휴흐희히힘님께네라랑면봐볼빛빠뿐쓰써씨얼없좋죠줄짜쪽참큰팀"
)
# The commonest ideographs of simplified Chinese, about two thirds of running text.
_IDEOGRAPHS = frozenset(
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经"
    "么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把机十民第公此已工使情明性知全"
    "三又关点正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给世位次度门任"
    "常先海通教儿原东声提立及比员解水名真论处走义各入几口认条平系气题活尔更别打女变四神总何电数安少报才结反受目太量再感建务做接必"
    "场件计管期市直德资命山金指克许统区保至队形社便空决治展马科司五基眼书非则听白却界达光放强即像难且权思王象完设式色路记南品住告"
    "类求据程北边死张该交规万取拉格望觉术领共确传师观清今切院让识候带导争运请用户文件说明合同服务"
)


# The 2,350 syllables of KS X 1001; the others of CP949 hardly occur in words.
_STANDARD = b"".join(bytes((row, cell)) for row in range(0xB0, 0xC9) for cell in range(0xA1, 0xFF))
_USUAL = 0.35  # what a letter counts that is no frequent one
_ACCENTED = re.compile(rb"(?<=[A-Za-z])[\xc0-\xff]|[\xc0-\xff](?=[a-z])|(?<= )[\xc0-\xff](?= )")
_WESTERN = re.compile("[À-ÖØ-öø-ÿŒœŠšŸŽž€£§©®°«»–—‘’“”„…•ªº¿¡ ]*")


@dataclass(frozen=True)
class _Candidate:
    """An encoding and what letters its texts are made of: frequent ones, usual ones, odd ones."""

    encoding: str
    frequent: re.Pattern[str]
    usual: re.Pattern[str]


def _letters(ranges: str) -> re.Pattern[str]:
    return re.compile(f"[{ranges}]")


_KANA = "\u3041-\u3096\u30a1-\u30fe、。「」"
_KANJI = _letters("\u4e00-\u9fff『』・ー（）！？０-９Ａ-Ｚａ-ｚ\u3000")
_CANDIDATES = (
    _Candidate(
        "cp949",
        _letters("".join(sorted(_SYLLABLES))),
        _letters(_STANDARD.decode("euc_kr") + "·“”‘’「」『』〈〉《》…※㈜㎡℃①-⑮"),
    ),
    _Candidate("cp932", _letters(_KANA), _KANJI),
    _Candidate(
        "gb18030",
        _letters("".join(sorted(_IDEOGRAPHS)) + "，。、：；？！“”《》（）"),
        _letters("\u4e00-\u9fff"),
    ),
    _Candidate("euc_jp", _letters(_KANA), _KANJI),
)


def decode(content: bytes, *, exact: bool = False) -> str | None:
    """Return the text of `content`, None where it is no text.

    Zero bytes that stand apart in it are blanks; with `exact` they make it none.
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _strictly(content, encoding)
    if b"\0" in content:
        if wide := _wide(content):
            return _strictly(content, wide)
        content = b"" if exact else _without_zeros(content)
        if not content:
            return None
    for escape, encoding in _ESCAPES:
        if escape in content[:_WEIGHED] and (words := _strictly(content, encoding)) is not None:
            return words
    if (words := _strictly(content, "utf-8")) is not None:
        return words
    encoding = _western(content) or _asian(content) or _guessed(content)
    if encoding and (words := _strictly(content, encoding)) is not None:
        return words
    return _nearly(content, "utf-8") or (_nearly(content, encoding) if encoding else None)


def _without_zeros(content: bytes) -> bytes:
    """Return a text with blanks for the zero bytes that stand apart in it; b"" where they are too many."""
    blank, runs = _ZEROS.subn(b" ", content)
    return blank if runs * _APART <= len(blank) else b""


def _wide(content: bytes) -> str:
    """Return which UTF-16 or UTF-32 a text without a mark is in, by where its zero bytes are; "" for none."""
    head = content[: _WEIGHED & ~3]
    if len(content) % 4 == 0:
        for encoding, high, plane in (("utf-32-le", 3, 2), ("utf-32-be", 0, 1)):
            if not any(head[high::4]) and _PLANES.issuperset(head[plane::4]):
                return encoding
    even, odd = head[::2].count(0), head[1::2].count(0)
    if len(content) % 2 or max(even, odd) * 10 < len(head) // 2:
        return ""
    if even <= odd // 20:
        return "utf-16-le"
    return "utf-16-be" if odd <= even // 20 else ""


def _western(content: bytes) -> str:
    """Return the encoding of a text with a few accented letters, each within a word; "" for others."""
    head = content[:_WEIGHED]
    foreign = bytes(byte for byte in head if byte > 0x7F)
    if not _WESTERN.fullmatch(foreign.decode("cp1252", "replace")) or len(foreign) * 2 > len(head):
        return ""
    left = _ACCENTED.sub(b"", head)
    return "cp1252" if sum(byte >= 0xC0 for byte in left) * 10 <= len(foreign) else ""


def _asian(content: bytes) -> str:
    """Return the double-byte encoding in which the text makes most sense; "" where in none."""
    best, most = "", _SENSE
    for candidate in _CANDIDATES:
        sense = _sense(content, candidate)
        if sense > most:
            best, most = candidate.encoding, sense
    return best


def _sense(content: bytes, candidate: _Candidate) -> float:
    """Return from 0 to 1 how much the text looks like one of this encoding's language."""
    head = content[:_WEIGHED]
    decoder = codecs.getincrementaldecoder(candidate.encoding)("replace")
    words = decoder.decode(head, len(content) <= _WEIGHED)
    foreign = [letter for letter in words if letter > "\x7f"]
    broken = words.count("\ufffd")
    if not foreign or broken * _BROKEN > len(words):
        return 0.0
    text = "".join(foreign)
    frequent = len(candidate.frequent.findall(text))
    usual = len(candidate.usual.findall(candidate.frequent.sub("", text)))
    return (frequent + usual * _USUAL - broken) / len(foreign)


def _guessed(content: bytes) -> str:
    """Return the encoding of a text in another script; "" where there is none."""
    guess = charset_normalizer.from_bytes(content[:_WEIGHED]).best()
    return guess.encoding if guess is not None else ""


def _strictly(content: bytes, encoding: str) -> str | None:
    """Decode without replacing anything; None where that fails or the result is no text."""
    try:
        return _checked(content.decode(encoding))
    except (UnicodeDecodeError, LookupError):
        return None


def _nearly(content: bytes, encoding: str) -> str | None:
    """Decode a text that a few bytes are broken in: they become U+FFFD."""
    words = content.decode(encoding, "replace")
    return _checked(words) if words.count("\ufffd") * _BROKEN <= len(words) else None


def _checked(words: str) -> str | None:
    controls = len(_CONTROLS.findall(words[:_LOOKED_AT]))
    return words if controls * 500 <= len(words[:_LOOKED_AT]) else None
