# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The words of a task that name no document: how long and plain the answer shall be, and please. Pure.

"Summarise the lease in three short sentences" speaks of the lease, and of nothing that is three.
"""

import re
from collections.abc import Callable
from functools import cache


def _one_of(words: str) -> str:
    """Return the pattern for one of `words`: patterns, too, apart by spaces and without any in them."""
    return "(?:" + "|".join(words.split()) + ")"


def _any_of(*rows: str) -> Callable[[], re.Pattern[str]]:
    """Return what makes the pattern for any of `rows`, once: every start would wait for it."""
    return cache(lambda: re.compile("|".join(rows), re.IGNORECASE))


# What the rows below are made of.

_LANGUAGE = _one_of("""
    english korean german french spanish italian portuguese dutch polish russian ukrainian turkish arabic
    hindi chinese japanese vietnamese thai indonesian swedish norwegian danish finnish greek czech hungarian
    latin
""")
_NUMBER = _one_of(r"""
    an? one two three four five six seven eight nine ten few some several \d{1,4}
    about around roughly under below just only max(?:imum)?
""")
_MANY = rf"(?:a few|at most|up to|(?:no |not )?more than|less than|fewer than|{_NUMBER})"
_KIND = _one_of("""
    short brief long simple plain easy easier clear clean concise bullet bulleted numbered
    key main single everyday layman'?s lay
""")
_SHAPE = _one_of(r"""
    paragraphs? sentences? words? lines? bullets? bullet[-\s]points? points? pages? characters? steps?
    form(?:at)? lists? tables? nutshell tweets? detail markdown
""")
_SUMMARY = _one_of("summary overview outline abstract version tl;?dr recap brief")
_READER = r"(?:dummies|beginners|kids|(?:a|my) (?:child|kid|boss|manager|\w+[- ]year[- ]old))"

_LANGUAGE_KO = (
    _one_of("""
    한국 영 독일 일본 중국 프랑스 불 스페인 이탈리아 포르투갈 네덜란드 폴란드 러시아 우크라이나 터키 튀르키예
    아랍 힌디 베트남 태국 인도네시아 스웨덴 노르웨이 덴마크 핀란드 그리스 체코 헝가리 라틴
""")
    + "어|한글|우리말|한국말|일본말|중국말|영문|국문"
)
_ALONE = r"(?<![가-힣])"
_COUNT_KO = r"(?<![가-힣\d])" + _one_of(
    r"\d{1,4} 한두 두세 서너 한 두 세 네 석 넉 다섯 여섯 일곱 여덟 아홉 열 몇"
)
_UNIT_KO = _one_of("줄 문장 문단 단락 가지 마디 단어 글자 자 포인트 항목 단계")
_ABOUT_KO = r"(?:\s?" + _one_of("정도 내외 이내 이하 안쪽 안 내 미만 분량") + "){0,2}"
_AS_KO = _one_of("으로만 로만 으로 로")
_MORE_KO = _one_of(
    r"아주 매우 정말 최대한 되도록 가급적 가능한(?:\s한)? 좀\s?더 조금 조금만 좀 더"
    " 알기 이해하기 보기 읽기 누구나"
)
_MANNER_KO = _one_of("""
    짧게 짤막하게 짤막히 간단히 간단하게 간략히 간략하게 간결히 간결하게 쉽게 자세히 자세하게 상세히 상세하게
    길게 빠르게 빨리 얼른 대충 대략 깔끔하게 깔끔히 명확하게 명료하게 꼼꼼히 꼼꼼하게 친절하게 편하게 좋게
    구체적으로 개조식으로 조목조목 차근차근
""")
_LENGTH_KO = _one_of("짧은 간단한 간략한 간결한 자세한 상세한 긴")
_LAYOUT_KO = _one_of(
    r"표 목록 리스트 글머리표 글머리\s기호 불릿 불렛 불릿\s포인트 번호 마크다운 존댓말 반말 문장 단답"
)

# Repeats are bounded: without, a question of few words takes minutes.
_FORM = _any_of(
    # "in three sentences", "as a list", "within 100 words or less", "in plain English"
    rf"\b{_one_of('in with within using as on into to for')}\s+(?:{_MANY}\s+|{_KIND}[\s,]+(?:and\s+)?){{0,4}}"
    rf"(?:{_SHAPE}\b(?!\s\d)|{_KIND}\s+(?:{_LANGUAGE}|terms|language|style|minutes)\b)"
    r"(?:\s+(?:or|and)\s+(?:less|fewer|so|under|shorter)\b)?(?:\s+(?:max(?:imum)?|only|please|long)\b)*",
    # "a three-sentence summary"
    rf"\b(?:{_MANY}|short)[ -]{_SHAPE}(?=[\s,-]+{_SUMMARY}\b)",
    # "in short", "for beginners", "like I'm five"
    r"\bin (?:short|brief|full|general|depth|simple words|total)\b",
    rf"\bfor {_READER}\b",
    r"\b(?:like|as if) i(?:'m| am) (?:five|5|a child|\d+)\b|\beli5\b",
    # "세 줄로", "3줄 요약", "100자 이내로", "한 문장으로", "한마디로"
    rf"{_COUNT_KO}\s?{_UNIT_KO}(?:짜리|씩)?(?:\s(?:포인트|항목|문장|요점|핵심))?{_ABOUT_KO}(?:{_AS_KO}|의|만|에)?"
    r"(?=\s|$|[,.?!]|요약|정리|설명|줄여|압축|핵심|간추)",
    # "A4 한 장으로", "5페이지 분량으로", "세 개의 문장으로"
    rf"(?:\bA4(?:\s?용지)?\s)?{_COUNT_KO}\s?(?:개|페이지|쪽|장|분)"
    rf"(?:의\s(?:문장|문단|줄|항목|포인트|핵심|요점)\S*|짜리(?:로)?|{_ABOUT_KO}{_AS_KO}"
    r"|\s?(?:분량|이내|내외|안)(?:으로|로|에)?)(?=\s|$|[,.?!])",
    r"한눈에(?:\s(?:보기|볼|들어오|알아)\S*(?:\s수\s있(?:게|도록))?(?:\s좋게)?)?",
    # "아주 짧게", "알기 쉽게", "초등학생도 이해할 수 있게"
    rf"{_ALONE}(?:{_MORE_KO}\s){{0,3}}{_MANNER_KO}",
    r"(?:\S*(?:학생|아이|어린이|초보자|누구나|할머니)(?:들)?(?:도|이|가)?\s)?"
    rf"{_ALONE}(?:이해할|알아볼|알아들을|알)\s수\s있(?:게|도록)",
    # "짧은 요약", "표로", "날짜순으로"
    rf"{_ALONE}{_LENGTH_KO}\s(?=요약|개요|정리|설명|글|버전)",
    rf"{_ALONE}{_LAYOUT_KO}(?:\s?형식|\s?형태)?(?:으로|로)(?=\s|$|요약|정리)",
    rf"{_ALONE}(?:항목|단락|문단|장|챕터|페이지|날짜|시간)\s?(?:별|순)(?:로|으로)",
)
_BUT = _any_of(
    # "except the annex"; "부록은 빼고"
    r"[,\s]*\b(?:except(?: for)?|excluding|other than|apart from|leaving out|but not|not)\s+"
    r"(?:the |any |its )?[\w-]+(?: (?:and|or) [\w-]+)?",
    r"\S+?(?:은|는|을|를)?\s?(?:말고|빼고|제외하고|제외한|제하고)(?:는)?(?=\s|$)",
)

_TASK_WORDS_EN = _one_of(r"""
    please pls plz thanks? thx hi hello hey maru kindly help can could would will you u i want need like to
    compare comparison contrast differences? different differ diff between versus vs
    summ?[ae]ri[sz]e sum up outline recap condense abridge digest gist explain describe walk through
    give write make show create prepare provide me us an? the
    short brief quick long concise concisely simply simple executive detailed summary overview abstract tl;?dr
    what which does do say says is are all every each about key main most important
    bullets? points? takeaways? highlights? facts? ideas? findings? translate translation
    into in of from with and for english korean german
    list enumerate name tell find extract collect get timeline table
    that this these those it its them both whole entire
    documents? docs? files? texts? attached attachments? uploaded mentioned named listed two three how my
    cover contents? words? sentences? lines? paragraphs? briefly shortly quickly stands? appear
""")
_TASK_WORDS = _any_of(
    rf"\b(?:(?:in|into|to|from) {_LANGUAGE}|{_TASK_WORDS_EN})\b",
    r"['’](?:s|d|m|re)\b",
    # What is to be done: "요약본을 만들", "비교해"
    rf"{_one_of('요약 비교 분석 번역 정리(?!해고) 설명 나열 열거 소개 작성')}(?![서회자])"
    r"(?:본|문|표|글)?(?:을|를|이|만|좀|점)?(?:해|하|부탁|드)?(?:(?<=[해하드탁])\S*)?",
    # … and to what: "차이점", "핵심만", "모든"
    r"차이점?(?:이|을|은|가|를|만)?(?=\s|$|[?.!,])",
    r"핵심(?:만|을|은|이)?",
    r"요점(?:만|을|은|이)?",
    r"요지(?:만|를|는|가)?(?=\s|$|[?.!,])",
    r"내용(?:만|을|은|이)?",
    _one_of("전체 주요 중요한 모두 전부 모든 빠짐없이"),
    rf"{_ALONE}싹(?=\s)",
    r"목록|리스트(?:업)?",
    # Verbs and their politeness: "알려 주세요", "뽑고", "해 줄래", "될까"
    rf"{_one_of('알려 말해 보여 뽑아 찾아 추려 적어 골라 모아 간추려 줄여 옮겨 만들어 읽어')}"
    r"(?=\s|$|[?.!]|줘|주|줄|봐|달|드|라|서|내|요)\S*",
    r"(?:간추리|추리|뽑|줄이)(?=\s|$|[?.!]|면|고|기|자)\S*",
    r"줘\S*|줄래\S*|주세요",
    rf"{_ALONE}주(?:실|시|십|겠|셔|라|면)(?!경)\S*",
    rf"{_ALONE}(?:해|하)(?=\s|$|[?.!]|줘|주|줄|달|드|봐|요|라|세|시|면|고)\S*",
    r"부탁\S*|바랍니다",
    rf"{_ALONE}{_one_of('원해 원합 싶 될까 되나 돼 되겠 가능 필요')}\S*",
    rf"{_ALONE}수\s(?:있|없)\S*",
    r"플리즈|좀요?(?=\s|$)|ㄱㄱ?(?=\s|$)",
    # Where, in what language, and the small words: "영어로", "여기에서", "이 문서"
    rf"(?:{_LANGUAGE_KO})(?:으로|로|(?=\s?(?:번역|요약|설명|정리)))",
    r"여기(?:에서|서|에)?(?=\s)",
    r"에 (?:대해|관해)서?(?=\s|$)",
    r"문서|파일|첨부(?:한|된)?",
    _one_of("무슨 어떤 무엇 이거 이것 그거"),
    rf"(?:^|\s){_one_of('이 그 저 두 다 이야 인가요 뭐야 뭔가요 뭐 와 과 것 거')}(?=\s|$|[?.!])",
)

_LISTED_EN = _one_of("""
    dates? deadlines? amounts? prices? costs? fees? sums? payments? e-?mails? (?:tele)?phones? mobiles?
    address(?:es)? numbers? names?
""")
_LISTED_KO = _one_of("""
    날짜 일자 마감일 금액 액수 가격 비용 요금 대금 이름 기한 일정 연락처 이메일 전자우편 메일 주소
    전화번호 전화 휴대폰 휴대전화 핸드폰 번호
""")
_LISTED_WORDS = _any_of(
    rf"\b{_LISTED_EN}\b",
    rf"(?:(?:이메일|메일|전화|휴대폰|핸드폰|휴대전화)\s?(?:주소|번호)|{_LISTED_KO})(?:들)?"
    r"(?:을|를|만|은|는|이|가|와|과|랑|하고|의)?(?=\s|$|[?.!,]|모두|전부|목록|리스트|뽑|찾|나열|정리|추려|알려)",
)
_LINES = _any_of(
    # "in three short sentences", "a 5-line summary"; "세 줄로", "5가지로"
    r"\b(?P<en>\d{1,4}|one|two|three|four|five|six|seven|eight|nine|ten)[ -]"
    rf"(?:{_KIND}[ -])?(?:sentences?|lines?|bullets?|points?|bullet points?)\b",
    r"(?<![가-힣\d])(?P<ko>\d{1,4}|[한두세네]|다섯|여섯|일곱|여덟|아홉|열)\s?(?:줄|문장|가지|포인트|항목)(?![가-힣]*별)",
)
_NUMBERS = {
    word: number
    for words in (
        "one two three four five six seven eight nine ten",
        "한 두 세 네 다섯 여섯 일곱 여덟 아홉 열",
    )
    for number, word in enumerate(words.split(), start=1)
}
_MOST_LINES = 20
_PARTICLE = re.compile(
    r"[은는이가을를의에로만도]|으로|에서|이야|나오는|나온|있는|적힌|에|좀|들|개|[^\w가-힣]+"
)


def without_form(asked: str) -> str:
    """Return the wording of a task without how it is to be answered, and without what is to be left out."""
    return " ".join(_FORM().sub(" ", _BUT().sub(" ", asked)).split())


def lines_wanted(asked: str) -> int:
    """Return how many lines or sentences an answer shall have, 0 where nobody says so; at most 20."""
    found = _LINES().search(asked)
    said = (found["en"] or found["ko"]).lower() if found else "0"
    return min(int(said) if said.isdecimal() else _NUMBERS[said], _MOST_LINES)


def naming(asked: str, *, listing: bool) -> str:
    """Return what is left of `asked` once the words of tasks are gone; of a list also what it is of."""
    asked = _LISTED_WORDS().sub(" ", asked) if listing else asked
    left = _TASK_WORDS().sub(" ", asked).replace("?", " ").split()
    return " ".join(word for word in left if not _PARTICLE.fullmatch(word))
