# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Made-up names and addresses, and sentences with them: even places are seen while tuning, odd ones not."""

from random import Random

from assistant.entities import EntityType
from tests.benchmarks.privacy_values import Kind, drawn

Row = tuple[str, ...]
SURNAMES = (
    "김이박최정강조윤장임한오서신권황안송류전홍고문양손배백허유남심노하곽성차주우구민진지엄채원천방공현함"
    "변염여추도소석선설마길연위표명기반왕금옥육인맹제모"
)
FIRST = "민서지현수영준하은도예성재승유연태혜정미진나윤아경상동주소채"
SECOND = "준서연우진호민영희수현지원훈아철경빈윤석은하람솔미정규환선"
ENGLISH_FIRST = (
    "James",
    "Mary",
    "Robert",
    "Patricia",
    "Michael",
    "Jennifer",
    "David",
    "Linda",
    "Thomas",
    "Sarah",
    "Karen",
    "Daniel",
    "Nancy",
    "Emily",
    "Olivia",
    "Hannah",
    "George",
    "Laura",
    "Peter",
    "Grace",
    "Aisha",
    "Carlos",
    "Yuki",
    "Wei",
    "Elena",
    "Marek",
    "Sofia",
    "Liam",
    "Noah",
    "Priya",
)
ENGLISH_LAST = (
    "Smith",
    "Johnson",
    "Williams",
    "Brown",
    "Jones",
    "Garcia",
    "Miller",
    "Davis",
    "Wilson",
    "Anderson",
    "Taylor",
    "Moore",
    "Jackson",
    "Martin",
    "Lee",
    "Thompson",
    "White",
    "Harris",
    "Clark",
    "Lewis",
    "Walker",
    "Hall",
    "O'Brien",
    "Kowalski",
    "Müller",
    "Rossi",
    "Tanaka",
    "Nguyen",
    "Patel",
    "Hughes",
)
ROADS = (
    "테헤란로",
    "세종대로",
    "판교역로",
    "올림픽로",
    "중앙로",
    "강남대로",
    "월드컵북로",
    "해운대해변로",
    "대학로",
    "도산대로8길",
    "양재천로19길",
    "백제고분로",
    "둔산로",
    "첨단과기로",
    "연희로11가길",
)
CITIES = (
    "서울특별시 강남구",
    "서울 마포구",
    "서울시 종로구",
    "부산광역시 해운대구",
    "대구 수성구",
    "인천광역시 연수구",
    "경기도 성남시 분당구",
    "경기 수원시 영통구",
    "대전광역시 서구",
    "광주 북구",
    "세종특별자치시",
    "전라북도 전주시 완산구",
    "제주특별자치도 제주시",
    "강원 춘천시",
)
DISTRICTS = (
    "역삼동",
    "상암동",
    "삼평동",
    "우동",
    "둔산동",
    "효자동",
    "연동",
    "송도동",
    "신림동",
    "성수동2가",
)
STREETS = (
    "Main Street",
    "Oak Avenue",
    "Harbour Road",
    "Church Lane",
    "Elm St",
    "Pine Street",
    "Maple Drive",
    "Station Road",
    "King's Road",
    "Sunset Blvd",
    "Park Avenue",
    "Mill Lane",
)
TOWNS = (
    "Springfield, IL 6####",
    "Portland, OR 97###",
    "Austin, TX 787##",
    "Boston, MA 021##",
    "Denver, CO 802##",
)
POSTS = ("Bristol BS# #@@", "Leeds LS% #@@", "London SW1A #@@", "Manchester M% #@@", "Edinburgh EH% #@@")


def name_korean(rng: Random) -> str:
    """Return a Korean name: a surname, seldom of two syllables, and mostly two more syllables."""
    surname = (
        rng.choice((*SURNAMES[:20] * 4, *SURNAMES))
        if rng.random() > 0.02
        else rng.choice(("남궁", "황보", "선우"))
    )
    return surname + rng.choice(FIRST) + (rng.choice(SECOND) if rng.random() > 0.04 else "")


def name_english(rng: Random) -> str:
    """Return a first and a last name, seldom with a middle initial."""
    middle = f" {rng.choice('ABCDEJKLMRS')}." if rng.random() < 0.1 else ""
    return f"{rng.choice(ENGLISH_FIRST)}{middle} {rng.choice(ENGLISH_LAST)}"


def address_korean(rng: Random) -> str:
    """Return an address by road (도로명주소법) or by lot, often with a flat."""
    number = drawn(rng, rng.choice(("%#", "%##", "%#-%")))
    lot = (
        f"{rng.choice(CITIES)} {rng.choice(DISTRICTS)} {drawn(rng, rng.choice(('%##', '%##-%#', '%##번지')))}"
    )
    road = f"{rng.choice(CITIES)} {rng.choice(ROADS)} {number}"
    flat = rng.choice(("", "", drawn(rng, " 10%동 %0%호"), drawn(rng, ", %층"), drawn(rng, ", 1%0%호")))
    return rng.choice((road, road, lot)) + flat


def address_english(rng: Random) -> str:
    """Return an American or a British address."""
    street = f"{rng.randint(1, 2999)} {rng.choice(STREETS)}"
    flat = rng.choice(
        ("", "", f", Apt {rng.randint(1, 40)}{rng.choice('ABC')}", f", Suite {rng.randint(100, 900)}")
    )
    return f"{street}{flat}, {drawn(rng, rng.choice((*TOWNS, *POSTS)))}"


KINDS: tuple[Kind, ...] = (
    Kind("name_korean", EntityType.PERSON, name_korean, "person", 0.0, 1.0, ""),
    Kind("name_english", EntityType.PERSON, name_english, "person", 1.0, 0.0, ""),
    Kind("address_korean", EntityType.ADDRESS, address_korean, "address", 0.0, 1.0, ""),
    Kind("address_english", EntityType.ADDRESS, address_english, "address", 1.0, 0.0, ""),
)

ENGLISH: dict[str, Row] = {
    "person": (
        "Dear Mr {v},\nthank you for your letter.",
        "Best regards,\n{v}",
        "Please ask {v} about the keys.",
        "My name is {v} and I live in Leeds.",
        "The contract was signed by {v} on {n_date}.",
        "Dr. {v} will see you at nine.",
        "{v} called twice this morning.",
        "Yesterday I met {v} at the station.",
        "Name: {v}\nOrder: {n_order}",
        "Contact person: {v}",
        "Hi {v}, are you free on Friday?",
        "Mrs. {v} and her lawyer were there.",
    ),
    "address": (
        "Please send it to {v}.",
        "I live at {v}.",
        "Address: {v}",
        "The flat at {v} is for rent.",
        "Deliver to {v} before noon, please.",
        "Our office moved to {v} last year.",
        "Ship to:\n{v}",
        "My new address is {v}, from May on.",
    ),
}
KOREAN: dict[str, Row] = {
    "person": (
        "{v} 님께 전달해 주세요.",
        "담당자: {v}",
        "안녕하세요, 저는 {v}입니다.",
        "{v} 씨가 내일 오십니다.",
        "{v} 과장에게 물어보세요.",
        "성명: {v}\n접수번호: {n_order}",
        "계약자 {v}{은} {n_date_ko}에 서명했습니다.",
        "어제 {v}{이} 전화했어요.",
        "{v} 선생님의 수업입니다.",
        "예금주는 {v}입니다.",
        "환자 {v}의 검사 결과입니다.",
        "{v}님 안녕하세요.",
        "이름이 {v}{이고} 고객입니다.",
        "작성자 {v} 드림",
    ),
    "address": (
        "주소는 {v}입니다.",
        "{v}{으로} 보내 주세요.",
        "배송지: {v}",
        "저는 {v}에 삽니다.",
        "{v}에 있는 사무실로 오세요.",
        "사업장 소재지는 {v}입니다.",
        "지난달에 {v}{으로} 이사했습니다.",
        "받는 곳 {v}, 부재 시 경비실",
    ),
}
