# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Korean addresses, by the forms of the road name address act (도로명주소법) and of lot numbers.

Road: "서울특별시 강남구 테헤란로 123, 4층 501호 (역삼동)". Lot: "경기 성남시 분당구 정자동 178-1번지". Flat:
"한빛아파트 101동 1203호". Region and district may be short, or left out where the rest is unmistakable.
"""

import re
from collections.abc import Iterator

from assistant.entities import EntityType, Evidence
from assistant.privacy.spans import Span

_WHOLE, _DISTRICT, _LABELLED, _DETAILED = 0.9, 0.85, 0.85, 0.65
_BACK = 80  # code points of postal code, region, district and road before the number

# A number behind the last syllable of a road, a quarter, a village or a block of flats.
_ANCHOR = re.compile(r"[0-9](?:(?<=[로길동리가][0-9])|(?<=[로길동리가] [0-9]))")
_COUNTED = "년월일원명개회차시분초점위배만억천권장세살건쪽등인종주도급배%"
_HOUSE = re.compile(
    r"[0-9]{1,5}(?:-[0-9]{1,4})?(?P<lane>(?:번|[가나다라])?길 ?[0-9]{1,4}(?:-[0-9]{1,4})?)?"
    r"(?P<lot> ?번지(?:의 ?[0-9]{1,3})?)?"
    rf"(?![0-9{_COUNTED}]|[.:/-][0-9]|번(?!지)|동|가(?![가-힣])|대(?!한)|단계|호선|km|kg)(?=(?P<flat>호)?)"
)
_BUILDING = "(?:아파트|빌딩|타워|오피스텔|빌라|맨션|연립|주택|상가|센터|하이츠|캐슬|APT|apt)"
_DETAIL = re.compile(
    r"(?:[, ]{0,2}\n?(?:[0-9]{1,4}동(?![가-힣])|(?:지하 ?)?[0-9B]{1,4}층"
    rf"|[0-9A-Za-z]{{1,5}}(?:-[0-9]{{1,4}})?호실?|\([가-힣0-9, ]{{2,30}}\)"
    rf"|[가-힣A-Za-z0-9]{{1,15}}{_BUILDING}(?![가-힣])))+"
)
_POSTAL = re.compile(r",? ?\(?(?:우편번호 ?:? ?)?[0-9]{5}\)?(?![0-9-])")
_WORD = re.compile(r"[^\s,:|]++")
_REGION = re.compile(
    r"(?:서울|부산|대구|인천|광주|대전|울산|세종)(?:특별자치시|특별시|광역시|시)?"
    r"|(?:경기|강원|제주|전북)(?:특별자치도|도)?|(?:충청|전라|경상)[남북]도|[충전경][남북]"
)
_DISTRICT_NAME = re.compile(r"[가-힣]{1,4}[시군구]")
_TOWN = re.compile(r"[가-힣]{1,5}[읍면]")
_ROAD = re.compile(
    r"[가-힣][가-힣0-9.]{0,12}(?:로|길)(?:[0-9]{1,4}(?:번?길)?)?|[가-힣]{1,6}[0-9]{0,2}(?:동|리|가)"
)
_CODE = re.compile(r"[(\[]?(?:우\)? ?)?[0-9]{5}[)\]]?")
_LABEL = re.compile(
    r"(?:주소|거주지|배송지|소재지|자택|본점|사업장"
    r"|(?:보내실|받는|사는) ?곳|수령지|등록기준지|본적|도로명)지?"
    r"(?:는|은|가|이|를|로)?[ :|)\]]{0,3}\Z"
)
_FLATS = re.compile(rf"[가-힣A-Za-z0-9]{{1,14}}(?:{_BUILDING}|타운|빌|단지)")
# Words that end like a district, a road or a quarter.
_NO_DISTRICTS = frozenset(
    (
        *(
            "역시",
            "다시",
            "동시",
            "임시",
            "즉시",
            "잠시",
            "일시",
            "연구",
            "요구",
            "친구",
            "도구",
            "가구",
            "기구",
            "야구",
        ),
        *(
            "축구",
            "농구",
            "배구",
            "당구",
            "항구",
            "지구",
            "입구",
            "출구",
            "누구",
            "식구",
            "인구",
            "전구",
            "표시",
            "명시",
        ),
        *(
            "제시",
            "공시",
            "지시",
            "게시",
            "무시",
            "감시",
            "택시",
            "접시",
            "당시",
            "반드시",
            "실시",
            "응시",
            "개시",
        ),
        *(
            "도시",
            "수시",
            "전시",
            "필시",
            "혹시",
            "국군",
            "해군",
            "공군",
            "육군",
            "적군",
            "탐구",
            "추구",
            "청구",
            "촉구",
        ),
    )
)
_NO_ROADS = frozenset(
    (
        *(
            "별로",
            "위로",
            "그대로",
            "반대로",
            "이대로",
            "절대로",
            "제대로",
            "마음대로",
            "따로",
            "새로",
            "서로",
            "바로",
        ),
        *(
            "주로",
            "실로",
            "절로",
            "제로",
            "홀로",
            "도로",
            "경로",
            "통로",
            "진로",
            "세로",
            "가로",
            "스스로",
            "멋대로",
        ),
        *(
            "순서대로",
            "단위로",
            "별도로",
            "실제로",
            "정도로",
            "최대로",
            "최소로",
            "차례로",
            "활동",
            "운동",
            "이동",
        ),
        *(
            "행동",
            "변동",
            "자동",
            "수동",
            "작동",
            "노동",
            "공동",
            "거리",
            "자리",
            "정리",
            "관리",
            "처리",
            "분리",
            "유리",
        ),
        *(
            "소리",
            "요리",
            "머리",
            "우리",
            "국가",
            "평가",
            "추가",
            "증가",
            "결과가",
            "물가",
            "단가",
            "휴가",
            "누가",
            "제가",
        ),
    )
)
_GAP = 2  # spaces, commas and line breaks between the parts
_QUARTER = re.compile(r"[동리가]\Z")
_LONG = 4  # "101동" of a block that has no name; "3동 4호" may be anything
_BLOCK = re.compile("[0-9]{1,4}동")


def korean_addresses(folded: str) -> Iterator[Span]:
    """Yield the Korean addresses in a folded text, in order."""
    done = 0
    for anchor in _ANCHOR.finditer(folded):
        if anchor.start() < done or not (house := _HOUSE.match(folded, anchor.start())):
            continue
        if span := _address(folded, anchor.start(), house):
            done = span.end
            yield span


def _address(text: str, at: int, house: re.Match[str]) -> Span | None:
    """Return the address whose house number is `house`, or None."""
    words = list(_WORD.finditer(text, max(0, at - _BACK), at))
    if not words:
        return None
    if house["flat"]:
        return _flat(words, house)
    if not _is_road(words[-1], at):
        return None
    start, region, district = _places(words)
    detail = _DETAIL.match(text, house.end())
    end = detail.end() if detail else house.end()
    if postal := _POSTAL.match(text, end):
        end = postal.end()
    exact = house["lane"] or house["lot"] or (detail and words[-1][0][-1] in "로길")
    if region or district:
        score = _WHOLE if district and (region or exact) else _DISTRICT
        return Span(EntityType.ADDRESS, start, end, score, Evidence.SHAPE)
    if _LABEL.search(text, max(0, start - 12), start):
        return Span(EntityType.ADDRESS, start, end, _LABELLED, Evidence.CONTEXT)
    return Span(EntityType.ADDRESS, start, end, _DETAILED, Evidence.SHAPE) if exact else None


def _is_road(word: re.Match[str], at: int) -> bool:
    """Say whether the word before a number can be a road or a quarter."""
    road = word[0]
    return bool(
        at - word.end() <= 1 and road not in _NO_ROADS and not road.endswith("으로") and _ROAD.fullmatch(road)
    )


def _places(words: list[re.Match[str]]) -> tuple[int, bool, bool]:
    """Return where the address begins whose road is the last word, and whether it has region and district."""
    start, region, district = words[-1].start(), False, False
    later = start
    for word in reversed(words[:-1]):
        if later - word.end() > _GAP or (region and not _CODE.fullmatch(word[0])):
            break
        if _REGION.fullmatch(word[0].lstrip("(")):
            region = True
        elif _DISTRICT_NAME.fullmatch(word[0]) and word[0] not in _NO_DISTRICTS:
            district = True
        elif not (
            _TOWN.fullmatch(word[0])
            or (_ROAD.fullmatch(word[0]) and _QUARTER.search(word[0]))
            or _CODE.fullmatch(word[0])
        ):
            break
        start = later = word.start()
    return start, region, district


def _flat(words: list[re.Match[str]], house: re.Match[str]) -> Span | None:
    """Return "한빛아파트 101동 1203호"; a block and a flat are needed."""
    block = words[-1]
    if not _BLOCK.fullmatch(block[0]):
        return None
    start = block.start()
    if len(words) > 1 and start - words[-2].end() == 1 and _FLATS.fullmatch(words[-2][0]):
        start = words[-2].start()
    elif len(block[0]) < _LONG or house.end() - house.start() < _LONG - 1:
        return None
    return Span(EntityType.ADDRESS, start, house.end() + 1, _DETAILED, Evidence.SHAPE)
