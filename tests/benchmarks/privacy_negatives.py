# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What looks like personal data and is none: orders, dates, versions, prices, book numbers, hashes, …

Sentences at even places are seen while tuning, those at odd places are not.
"""

import base64
import uuid
from datetime import UTC, date, datetime
from random import Random

from stdnum import ean, isbn
from stdnum.issn import calc_check_digit as issn_digit

from tests.benchmarks.privacy_values import Maker, chosen, day, drawn, word

Row = tuple[str, ...]
HEX = "0123456789abcdef"


def _some_day(rng: Random) -> date:
    return day(rng, date(2015, 1, 1), date(2026, 12, 31))


def order(rng: Random) -> str:
    """Return an order's number of a shop."""
    when = f"{_some_day(rng):%Y%m%d}"
    forms = (
        f"{when}-######",
        f"ORD-{when[:4]}-#####",
        "#########-%###",
        f"{when}########",
        f"{when}-####-####",
    )
    return drawn(rng, rng.choice((*forms, "2##-#######-#######", "INV-####-#####", "#%#######")))


def stamp(rng: Random) -> str:
    """Return a moment as programs write it."""
    when = datetime.fromtimestamp(rng.randint(1_400_000_000, 1_790_000_000), UTC)
    seconds = int(when.timestamp())
    forms = (
        f"{when:%Y-%m-%d %H:%M:%S}",
        f"{when:%Y-%m-%dT%H:%M:%SZ}",
        f"{when:%Y%m%d%H%M%S}",
        f"{when:%y%m%d%H%M%S}",
    )
    return rng.choice(
        (*forms, str(seconds), str(seconds * 1000 + rng.randint(0, 999)), f"{when:%Y%m%d_%H%M%S}")
    )


def date_number(rng: Random) -> str:
    """Return a date in figures."""
    when = _some_day(rng)
    return rng.choice((f"{when:%Y-%m-%d}", f"{when:%Y/%m/%d}", f"{when:%d.%m.%Y}", f"{when:%Y%m%d}"))


def date_korean(rng: Random) -> str:
    """Return a date in Korean."""
    when = _some_day(rng)
    return rng.choice((f"{when.year}년 {when.month}월 {when.day}일", f"{when:%Y.%m.%d}", f"{when:%Y-%m-%d}"))


def version(rng: Random) -> str:
    """Return a version, some of them in four parts like an IP address."""
    return drawn(
        rng, rng.choice(("%.#.#", "v%.##.#", "10.0.%####.%###", "%.#.%.#", "1%.0.%##.%#", "%.#.#-rc.%"))
    )


def price(rng: Random) -> str:
    """Return an amount of money in figures."""
    return rng.choice(
        (f"${rng.randint(1, 99999):,}.{rng.randint(0, 99):02d}", f"{rng.randint(100, 9_999_999):,}")
    )


def price_korean(rng: Random) -> str:
    """Return an amount of money in Korean."""
    amount = rng.randint(1, 9_999_999_999)
    mixed = f"{rng.randint(1, 99)}억 {rng.randint(1, 9999):,}만 원"
    return rng.choice(
        (
            f"{amount:,}원",
            f"{amount % 100_000_000}원",
            mixed,
            f"{rng.randint(1, 9999)}만 {rng.randint(1, 9999)}원",
        )
    )


def book(rng: Random) -> str:
    """Return an ISBN of ten or thirteen digits."""
    body = f"97{rng.choice('89')}{drawn(rng, '#########')}"
    whole = body + ean.calc_check_digit(body)
    if whole.startswith("978") and rng.random() < 0.3:
        return isbn.to_isbn10(whole)
    return rng.choice((isbn.format(whole), whole))


def journal(rng: Random) -> str:
    """Return an ISSN."""
    body = drawn(rng, "#######")
    return f"{body[:4]}-{body[4:]}{issn_digit(body)}"


def doi(rng: Random) -> str:
    """Return a DOI."""
    return drawn(
        rng,
        rng.choice(("10.%###/s#####-###-####-#", "10.1016/j.xyz.20##.0#.0##", "10.48550/arXiv.2###.#####")),
    )


def part(rng: Random) -> str:
    """Return a part's or a model's number."""
    return drawn(
        rng,
        rng.choice(
            ("@@-####-##", "###-#####-##", "@###-@@##", "SM-S9##N", "%##-####-###", "@@@ ###-##-####@")
        ),
    )


def commit(rng: Random) -> str:
    """Return a hash as git and others print it."""
    return chosen(rng, HEX, rng.choice((7, 12, 40, 64)))


def unique(rng: Random) -> str:
    """Return a UUID."""
    return str(uuid.UUID(bytes=rng.randbytes(16), version=4))


def barcode(rng: Random) -> str:
    """Return the number under a bar code."""
    body = "880" + drawn(rng, "#########")
    return body + ean.calc_check_digit(body)


def parcel(rng: Random) -> str:
    """Return the number of a parcel."""
    return drawn(rng, rng.choice(("####-####-####", "############", "6##########", "1Z@@@####%########")))


def image(rng: Random) -> str:
    """Return the beginning of a picture in a page."""
    return "data:image/png;base64,iVBORw0KGgo" + base64.b64encode(rng.randbytes(30)).decode()


def plain(pattern: str, *others: str) -> Maker:
    """Return what draws one of these patterns."""
    return lambda rng: drawn(rng, rng.choice((pattern, *others)))


MAKERS: dict[str, Maker] = {
    "n_order": order,
    "n_order_ko": order,
    "n_stamp": stamp,
    "n_date": date_number,
    "n_date_ko": date_korean,
    "n_version": version,
    "n_price": price,
    "n_price_ko": price_korean,
    "n_isbn": book,
    "n_issn": journal,
    "n_doi": doi,
    "n_part": part,
    "n_hash": commit,
    "n_uuid": unique,
    "n_barcode": barcode,
    "n_parcel": parcel,
    "n_image": image,
    "n_small": plain("%", "%#", "%##"),
    "n_big": plain("%,###,###", "%###,###", "%##,###,###.##", "%#######"),
    "n_pages": plain("%##-%##", "1%##–1%##", "%#-%#"),
    "n_decimal": plain("#.###", "%#.##", "-%.####", "%.##e-0%"),
    "n_year": plain("19%#", "20#%"),
    "n_law": plain("제%#조 제%항", "제%##조의%", "20##가합%####", "20##두%####"),
    "n_clock": plain("1#:4#:2#", "0%:3#", "1#시 4#분"),
    "n_cas": plain("%###-##-#", "%#-##-#"),
    "n_ticket": plain("@@@@-%###", "#%####", "@@@-%##"),
    "n_word": word,
}

ENGLISH: Row = (
    "Order {n_order} was shipped on {n_date}.",
    "Your order number is {n_order}; the total is {n_price}.",
    "Version {n_version} fixes {n_ticket}.",
    "Upgrade from {n_version} to {n_version} before {n_date}.",
    "See pp. {n_pages} of the report ({n_year}).",
    "In vol. {n_small}, pages {n_pages}, the figure is {n_decimal}.",
    "ISBN {n_isbn}, second edition.",
    "The book (ISBN: {n_isbn}) costs {n_price}.",
    "ISSN {n_issn}, published since {n_year}.",
    "doi:{n_doi} and ISSN {n_issn} are in the list.",
    "https://doi.org/{n_doi} is the paper.",
    "Part number {n_part}, quantity {n_small}.",
    "Please order {n_small} of part {n_part} at {n_price} each.",
    "Commit {n_hash} broke the build.",
    "Revert {n_hash} and tag it {n_version}.",
    "The request id is {n_uuid}.",
    "Trace {n_uuid} took {n_decimal} s.",
    "Tracking number {n_parcel}, arriving {n_date}.",
    "Parcel {n_parcel} is with the carrier.",
    "The sample had a mean of {n_decimal} and a median of {n_decimal} (n = {n_small}).",
    "Revenue rose from {n_big} to {n_big}, or {n_decimal} %.",
    "{n_stamp} WARN retry {n_small} of job {n_ticket}",
    "{n_stamp} started, {n_stamp} finished, exit code 0",
    "Bar code {n_barcode} does not scan.",
    "The EAN is {n_barcode} and the price {n_price}.",
    '<img src="{n_image}">',
    "npm install react@{n_version} lodash@{n_version}",
    "CAS {n_cas} boils at {n_decimal} °C.",
    "Please reset your password before {n_date}.",
    "Your password must have 12 characters, a digit and a sign.",
    'password="${DB_PASSWORD}"',
    "password: ********",
    "The token expired at {n_stamp}.",
    "Access tokens are valid for {n_small} minutes.",
    "postgres://localhost:5432/app",
    "Open https://www.example.com/items/{n_order}?page={n_small} for details.",
    "Never send a card number, an SSN or a passport number by e-mail.",
    "What is an IBAN and where do I find the SWIFT code of my bank?",
    "Call stack depth {n_small}, frame {n_hash}.",
    "The phone weighs {n_small} g and costs {n_price}.",
    "Invoice {n_order}, due {n_date}, amount {n_price}.",
    "Invoice no. {n_order} of {n_date} is still open: {n_price}.",
    "-----BEGIN CERTIFICATE-----\nMIIB{n_hash}\n-----END CERTIFICATE-----",
    "-----BEGIN PUBLIC KEY-----\nMFkw{n_hash}\n-----END PUBLIC KEY-----",
    "The film was made in {n_year} and restored in {n_year}.",
    "She was born in {n_year} and wrote {n_small} novels.",
    "Ticket {n_ticket} was closed with {n_ticket}.",
    "sha256:{n_hash}",
    "color: #a1b2c3; width: {n_small}px; z-index: {n_big};",
    'print(f"{n_decimal:.2f} of {n_big}")',
    "The score was 3-2 after 120 minutes, attendance {n_big}.",
    "ISO 27001:2022 and RFC 9562 apply, see section {n_version}.",
    "@property and @dataclass are decorators; @{n_word} is a handle.",
    "Room {n_small}, floor {n_small}, seats {n_pages}.",
    "latitude and longitude are given in degrees, {n_decimal} of them",
    "Windows build {n_version}, driver {n_version}",
    "The account was closed in {n_year}; {n_price} had been paid.",
    "Our bank account balance is {n_price}.",
    "Plate tectonics: {n_decimal} cm a year over {n_big} years.",
    "The licence fee is {n_price}, VAT included.",
)
KOREAN: Row = (
    "주문번호 {n_order}의 배송이 끝났습니다.",
    "주문번호는 {n_order}이고 금액은 {n_price_ko}입니다.",
    "버전 {n_version}에서 {n_ticket} 문제가 고쳐졌습니다.",
    "{n_date_ko}까지 {n_version}으로 올려 주세요.",
    "자세한 내용은 {n_pages}쪽을 보세요.",
    "제{n_small}권 {n_pages}쪽에 {n_decimal}로 나와 있습니다.",
    "ISBN {n_isbn}, 정가 {n_price_ko}",
    "이 책의 ISBN은 {n_isbn}입니다.",
    "ISSN {n_issn}, {n_year}년 창간",
    "논문 doi:{n_doi} (ISSN {n_issn})",
    "https://doi.org/{n_doi}에서 볼 수 있습니다.",
    "부품번호 {n_part}, 수량 {n_small}개",
    "부품 {n_part}를 {n_small}개 주문합니다.",
    "커밋 {n_hash}에서 빌드가 깨졌습니다.",
    "{n_hash}를 되돌리고 {n_version} 태그를 붙였어요.",
    "요청 ID는 {n_uuid}입니다.",
    "추적 ID {n_uuid}, 걸린 시간 {n_decimal}초",
    "운송장번호 {n_parcel}로 조회하세요.",
    "운송장 {n_parcel}, {n_date_ko} 도착 예정",
    "평균 {n_decimal}, 중앙값 {n_decimal}, 표본 {n_small}개",
    "매출이 {n_price_ko}에서 {n_price_ko}으로 늘었습니다.",
    "{n_stamp} 경고 작업 {n_ticket} 재시도 {n_small}회",
    "{n_stamp}에 시작해서 {n_stamp}에 끝났습니다.",
    "바코드 {n_barcode}가 안 찍혀요.",
    "바코드는 {n_barcode}, 가격은 {n_price_ko}입니다.",
    "총사업비 {n_price_ko}, 올해 예산 {n_price_ko}",
    "월세는 {n_price_ko}이고 관리비는 {n_price_ko}입니다.",
    "민법 {n_law}에 따릅니다.",
    "대법원 {n_law} 판결과 {n_law} 판결을 참고했습니다.",
    "비밀번호는 8자 이상이어야 하고 숫자를 넣어야 합니다.",
    "비밀번호를 잊으셨나요? {n_date_ko}까지 바꿔 주세요.",
    "주민등록번호 뒷자리는 적지 마세요.",
    "여권번호와 카드번호는 메일로 보내지 마십시오.",
    "계좌 이체 한도는 하루 {n_price_ko}입니다.",
    "계좌에 {n_price_ko}이 입금되었습니다.",
    "토큰은 {n_small}분 동안 유효합니다.",
    "API 키를 코드에 적지 마세요.",
    "서울 12개 구에서 3,456명이 참여했습니다.",
    "경기 31개 시군 {n_big}가구를 조사했습니다.",
    "{n_year}년부터 {n_year}년까지 {n_small}회 열렸습니다.",
    "1950년에 태어난 작가의 소설 {n_small}편",
    "송장번호 {n_order}, 결제일 {n_date_ko}, 합계 {n_price_ko}",
    "견적번호 {n_order} ({n_date_ko}), 합계 {n_price_ko}",
    "좌석 {n_pages}번, {n_small}층 {n_small}호실",
    "회의는 {n_date_ko} {n_clock}에 시작합니다.",
    "수량 {n_big}개, 단가 {n_price_ko}",
    "문서번호 {n_ticket}, 시행일 {n_date}",
    "접수번호 {n_order}로 진행 상황을 확인하세요.",
    "예약번호 {n_order}, 인원 {n_small}명",
    "티켓 {n_ticket}을 닫고 {n_ticket}을 열었습니다.",
    "국가표준 KS X 1001:2004, ISO 27001:2022",
    "윈도우 빌드 {n_version}, 드라이버 {n_version}",
    "전화기 무게는 {n_small}g, 가격은 {n_price_ko}입니다.",
    "차량 {n_small}대가 {n_price_ko}에 팔렸습니다.",
    "조회수 {n_big}회, 좋아요 {n_big}개",
    "서버를 {n_version} 이미지로 다시 띄웠습니다.",
    "좌표평면에서 점 ({n_small}, {n_small})을 지나는 직선",
    "지분율 {n_decimal}%, 주식 {n_big}주",
    "건강보험료는 {n_price_ko}이고 요율은 {n_decimal}%입니다.",
    "법인세 {n_price_ko}, 사업자 {n_big}명",
)
