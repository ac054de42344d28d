# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Names of people from elsewhere, written in Hangul: "마이클 존슨이", "제임스 씨".

A given name that many have begins each; what stands behind it is the family name where its syllables are
those of foreign words.
"""

import re
from collections.abc import Iterator

from assistant.entities import EntityType, Evidence
from assistant.privacy.names_korean_words import PARTICLES, TITLES
from assistant.privacy.spans import Span

_WHOLE, _ADDRESSED, _ALONE = 0.75, 0.85, 0.55
_MOST_PARTICLE, _SHORT = 3, 2  # syllables

_GIVEN_NAMES = """
가브리엘 개리 게리 고든 그레고리 글로리아 나탈리 내털리 낸시 네이선 노아 니콜 니콜라스 니콜라이 다니엘
다이애나 대니얼 더글러스 데니스 데이비드 데이빗 도널드 도로시 드미트리 디에고 라이언 랜디 러셀 레베카
레이철 레이첼 로날드 로드리고 로라 로렌스 로버트 로베르토 로저 루이스 루카스 르네 리차드 리처드 린다
마거릿 마르코 마리아 마리오 마이클 마틴 매튜 멜리사 미겔 미셸 미카엘 미하일 바바라 베네딕트 벤자민 벤저민
브라이언 브래드 브루스 블라디미르 사라 사만다 산드라 새뮤얼 샬럿 세르게이 세바스찬 소피아 수잔 스칼렛 스콧
스테파니 스티브 스티븐 실비아 아나스타샤 아담 아만다 안나 안드레아 안드레이 안소니 안젤라 안젤리나
안토니오 알렉산더 알렉산드르 알렉스 알베르트 앙겔라 애나 애덤 애슐리 앤더슨 앤드루 앤드류 앤서니 앤젤리나
앨리스 앨버트 에드워드 에드윈 에릭 에마 에밀리 에이미 엘리자베스 엠마 올리버 올리비아 월터 웨인 윌리엄
율리아 이반 이사벨 자크 장프랑수아 재클린 저스틴 제니퍼 제라드 제레미 제시카 제이미 제이슨 제이콥 제임스
제프리 조나단 조너선 조던 조셉 조슈아 조지프 줄리아 줄리안 찰리 찰스 카를로스 카밀라 카타리나 캐럴
캐롤라인 캐서린 케네스 케빈 케이트 크리스 크리스토퍼 크리스티나 클라라 클레어 타일러 테레사 토니 토마스
토머스 톰 티머시 파블로 패트릭 페드로 페르난도 프란시스코 프란체스코 프랑수아 프랭크 프레더릭 피터 필립
하워드 한스 해리슨 헨리 호세 후안
"""
_NAMES = sorted(_GIVEN_NAMES.split(), key=len, reverse=True)
# Where one may begin: its first two syllables, no matter whose.
_ANCHOR = re.compile(
    rf"[{''.join({name[0] for name in _NAMES})}](?<![가-힣].)"
    rf"(?:(?<=톰)|(?=[{''.join({name[1:2] for name in _NAMES})}]))"
)
_GIVEN = re.compile(f"(?:{'|'.join(_NAMES)})(?P<rest>[가-힣]{{0,8}}+)")
_NEXT = re.compile(r" ([가-힣]{2,8}+)")
_ADDRESS = re.compile(rf" ?(?:씨|님|{'|'.join(sorted(TITLES, key=len, reverse=True))})")
_PARTICLES = PARTICLES - {"나"}  # "마리아나"
_WORDS_TOO = ("사라", "노아", "안나", "이반", "린다", "애나", "로라", "로저", "자크", "한스", "토니", "에마")
_FOREIGN = frozenset(
    "스크트드프르즈츠슨턴먼버커퍼터더러너머링런렌킨핀핸헨콜클블플글틀튼벨넬켈웰셀로리라니키티카타쿠코토포루레네베메테데웨워"
    "잭맥앤에엘윌윈존조지치킹피디비시세노나마모바보사소슈아야오요우이자차파하허호휴굴칼갈덴벤센젠첸켄텐펜맨밴샌잰핑딘민린톤올랑드롭고반실뎀발텔헌휠빌"
)
_SURELY_FOREIGN = frozenset(
    "스크트드프르즈츠슨턴먼버커퍼터더러머링런렌킨핸헨콜클블플튼벨넬켈웰셀키티카쿠코토포루레네베메테웨워잭맥윌윈칼덴젠첸켄텐펜맨밴샌톤헌빌"
)


def transliterated_names(folded: str) -> Iterator[Span]:
    """Yield the names from elsewhere in a folded text, in order."""
    for anchor in _ANCHOR.finditer(folded):
        start = anchor.start()
        if not (found := _GIVEN.match(folded, start)):
            continue
        end = found.start("rest")
        if found["rest"] and found["rest"] not in _PARTICLES:
            if found["rest"].startswith(("씨", "님")):
                yield Span(EntityType.PERSON, start, end, _ADDRESSED, Evidence.CONTEXT)
        elif not found["rest"] and (family := _family_name(folded, end)):
            yield Span(EntityType.PERSON, start, family, _WHOLE, Evidence.SHAPE)
        elif _ADDRESS.match(folded, end):
            yield Span(EntityType.PERSON, start, end, _ADDRESSED, Evidence.CONTEXT)
        elif folded[start:end] not in _WORDS_TOO and (found["rest"] or end - start > _SHORT):
            yield Span(EntityType.PERSON, start, end, _ALONE, Evidence.SHAPE)


def _family_name(text: str, end: int) -> int:
    """Return where the family name behind a given name ends, or 0 where there is none."""
    found = _NEXT.match(text, end)
    if not found or _ADDRESS.match(text, end):
        return 0
    word = found[1]
    lengths = [len(word) - size for size in range(_MOST_PARTICLE, 0, -1) if word[-size:] in PARTICLES]
    name = next(
        (word[:length] for length in [*lengths, len(word)] if length > 1 and _is_foreign(word[:length])), ""
    )
    return found.start(1) + len(name) if name else 0


def _is_foreign(name: str) -> bool:
    """Say whether the syllables are those of a foreign word."""
    odd = sum(syllable not in _FOREIGN for syllable in name)
    return odd <= (len(name) > _SHORT) and not _SURELY_FOREIGN.isdisjoint(name)
