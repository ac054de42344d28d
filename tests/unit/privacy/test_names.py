# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Names of people, and the words that only look like them; titles and particles stay outside the span."""

import time

import pytest

from assistant.entities import EntityType, Evidence
from assistant.privacy.filter import find
from assistant.privacy.folding import fold
from assistant.privacy.names import find_people
from assistant.privacy.names_korean import korean_names
from assistant.privacy.recognizers import normal

# (text, the name in it)
KOREAN = [
    ("김민수 님께", "김민수"),
    ("김민수님께 전해 주세요", "김민수"),
    ("이서연씨가 왔다", "이서연"),
    ("이서연 씨는 쉽니다", "이서연"),
    ("박지훈 과장이 승인했다", "박지훈"),
    ("박지훈과장님께 보고", "박지훈"),
    ("최 대리에게 물어보세요", "최"),
    ("박 씨는 부인했다", "박"),
    ("담당자: 이서연", "이서연"),
    ("담당자 이서연입니다", "이서연"),
    ("성명 : 강하늘", "강하늘"),
    ("예금주:정민지", "정민지"),
    ("| 이름 | 한가인 |", "한가인"),
    ("이름은 김민수고 나이는 서른", "김민수"),
    ("이름이 박서준이고", "박서준"),
    ("저는 윤채영입니다", "윤채영"),
    ("김민수가 전화했다", "김민수"),
    ("어제 김민수를 만났다", "김민수"),
    ("김민수, 010-1234-5678", "김민수"),
    ("김민수(010-1234-5678)", "김민수"),
    ("김\u200b민수 님", "김\u200b민수"),
    ("남궁민수 선생님", "남궁민수"),
    ("황보혜정이 말했다", "황보혜정"),
    ("허준 교수의 강의", "허준"),
    ("감사합니다.\n김민수 드림", "김민수"),
    ("수신: 송지은 팀장", "송지은"),
    ("환자 최은영의 검사 결과", "최은영"),
    ("예약은 홍길동 이름으로 했다", "홍길동"),
    ("마이클 존슨이 왔다", "마이클 존슨"),
    ("제니퍼 씨와 만났다", "제니퍼"),
    ("톰 행크스는 배우다", "톰 행크스"),
    ("케빈에게 전해", "케빈"),
    ("제임스가 크게 웃었다", "제임스"),
]
# Family names begin all of them; some have the form of a name with a particle.
NO_KOREAN = [
    "이유를 말해 주세요",
    "정부는 오늘 발표했다",
    "정부의 장관이 말했다",
    "김치를 담갔다",
    "최고의 영화",
    "최고은 성능",
    "박물관이 문을 열었다",
    "조사를 시작했다",
    "조사단이 왔다",
    "강의를 들었다",
    "장소는 회의실입니다",
    "한국인이 좋아하는",
    "신문을 읽는다",
    "오늘은 쉰다",
    "유지하는 것이 좋다",
    "전체의 절반",
    "전문가의 의견",
    "주인공이 나온다",
    "강아지를 키운다",
    "고양이가 잔다",
    "이미지를 저장",
    "이 대표는 물러났다",
    "전 회장의 말",
    "한 선수가 넘어졌다",
    "현 정부의 정책",
    "여러분 안녕하세요",
    "신용카드 번호",
    "안녕하세요 반갑습니다",
    "성명서를 냈다",
    "담당자: 인사팀",
    "담당자: 미정",
    "이름: 없음",
    "대표: 전화번호",
    "지하수가 흐른다",
    "고성군에 산다",
    "송도동 12-3에 있다",
    "인천광역시 연수구 주민",
    "변수 이름은 소문자로 씁니다",
    "크리스마스에 만나자",
    "마리아나 제도에 갔다",
    "산이 사라지는 중이다",
    "열차가 달린다",
    "서울 강남구 주민",
    "하지만 그것은 아니다",
    "나머지는 내일 하자",
    "주식회사 한빛",
    "현대건설 사장",
    "이용자님께 알립니다",
    "3월 1일 오전",
]
LATIN = [
    ("Dear Anna,", "Anna"),
    ("Hi Freddy, how are you?", "Freddy"),
    ("Mr. Okonkwo called", "Okonkwo"),
    ("Dr Shirin Vahdat", "Shirin Vahdat"),
    ("Mrs. Jones-Smith's car", "Jones-Smith"),
    ("Ms. O'Brien", "O'Brien"),
    ("my name is Rubija", "Rubija"),
    ("my name is anna", "anna"),
    ("My name is anna smith and I live", "anna smith"),
    ("Please call me Zsófi", "Zsófi"),
    ("signed by Toshimi Arata", "Toshimi Arata"),
    ("Name: Toshimi Arata\nPhone:", "Toshimi Arata"),
    ("담당자: John Smith", "John Smith"),
    ("Best regards,\nHanne Kreutz\nSales", "Hanne Kreutz"),
    ("Anna Smith wrote it", "Anna Smith"),
    ("by Ludwig van Beethoven", "Ludwig van Beethoven"),
    ("John F. Kennedy", "John F. Kennedy"),
    ("Rutherford B. Hayes", "Rutherford B. Hayes"),
    ("Jessica is here", "Jessica"),
    ("with Jessica's help", "Jessica"),
    ("Tomomi Nishiyama lives here", "Tomomi Nishiyama"),
    ("Minsu Kim and others", "Minsu Kim"),
    ("Kim Min-su came", "Kim Min-su"),
    ("Michael Hall called twice", "Michael Hall"),
    ("JOHN SMITH", "JOHN SMITH"),
    ("When Anna Smith came", "Anna Smith"),
    ("my wife Oyelaran said", "Oyelaran"),
    ("as Liisa Lepist says", "Liisa Lepist"),
    ("Krisztián Szöllösy", "Krisztián Szöllösy"),
    ("John Smith에게 보내", "John Smith"),
    ("Jean-Luc Picard", "Jean-Luc Picard"),
]
NO_LATIN = [
    "Dear Sir or Madam,",
    "Dear Customer,",
    "Hello World",
    "Hi there",
    "Hi all,",
    "in May and June",
    "April was cold",
    "Victoria Street",
    "Martin Luther King Boulevard",
    "the University of Michigan",
    "New York and San Francisco",
    "Morgan Stanley Bank",
    "Charles Schwab",
    "Microsoft Windows",
    "Ruby on Rails",
    "Alexander Technologies Inc",
    "Will you come?",
    "Mark the page",
    "Grace period",
    "I am German",
    "I'm Sorry",
    "Paris, Texas",
    "Georgia and Carolina",
    "Jordan River",
    "Monday, January 5",
    "LoRA and NASA",
    "Code Black",
    "the Herald Sun",
    "name: README",
    "From: Support Team",
    "To: All Staff",
    "JSON Web Token",
    "Johnson & Johnson",
    "Smith and Sons",
    "52 Rua Joaquim",
    "World War II",
    "Sydney Opera House",
]
SHORT, LONG = 25_000, 200_000  # code points
TOOK = 20.0  # times the processor time for 8 times the text, at most; 64 where it is quadratic


def _people(text: str) -> list[str]:
    return [entity.text for entity in find(text) if entity.entity_type is EntityType.PERSON]


@pytest.mark.parametrize(("text", "name"), KOREAN + LATIN)
def test_finds_the_name_and_no_more(text: str, name: str) -> None:
    assert _people(text) == [name]


@pytest.mark.parametrize("text", NO_KOREAN + NO_LATIN)
def test_finds_nobody_in_ordinary_words(text: str) -> None:
    assert _people(text) == []


def test_finds_several_names_in_one_text() -> None:
    assert _people("김민수, 이서연과 박지훈 과장") == ["김민수", "이서연", "박지훈"]
    assert _people("They had: Rogelio, Sharon and Jessica.") == ["Rogelio", "Sharon", "Jessica"]


def test_says_what_decided() -> None:
    announced, alone = next(korean_names("담당자: 이서연")), next(korean_names("이서연이 왔다"))
    assert (announced.evidence, alone.evidence) == (Evidence.CONTEXT, Evidence.SHAPE)
    assert announced.score > alone.score


def test_a_particle_must_fit_the_syllable_before_it() -> None:
    assert _people("김민수는 갔다") == ["김민수"]
    assert _people("김민수은 갔다") == []


@pytest.mark.parametrize(
    ("one", "other"), [("김 민수", "김민수"), ("Anna  Smith", "anna smith"), ("J. Smith", "J Smith")]
)
def test_spellings_of_one_name_are_one_value(one: str, other: str) -> None:
    assert normal(EntityType.PERSON, one) == normal(EntityType.PERSON, other)


def test_different_names_are_different_values() -> None:
    assert normal(EntityType.PERSON, "김민수") != normal(EntityType.PERSON, "김민지")


@pytest.mark.parametrize(
    "unit",
    [
        "김",
        "김민",
        "김민수",
        "김민수 ",
        "이름은 ",
        "A",
        "A ",
        "Anna ",
        "A. ",
        "Mr. ",
        "name is ",
        "A'",
        "1 Aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "Anna Smith ",
        "김(",
        "마이클 ",
        "A-a",
        "van ",
    ],
)
def test_takes_time_that_grows_with_the_length_alone(unit: str) -> None:
    def cost(length: int) -> float:
        text = fold(unit * (length // len(unit))).text
        began = time.process_time()
        list(find_people(text))
        return time.process_time() - began

    cost(SHORT)
    short, long = (min(cost(length) for _ in range(3)) for length in (SHORT, LONG))
    assert long <= max(TOOK * short, 0.05)
