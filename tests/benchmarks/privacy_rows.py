# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""P1 and P2: how much personal data is found. P3: what it costs on prose and how it grows on hostile text."""

import time
from collections.abc import Iterator
from statistics import median

from assistant.entities import EntityType
from assistant.privacy.filter import find, mask
from assistant.privacy.vault import Vault
from tests.benchmarks.eval_privacy import Figures, evaluate, ours
from tests.benchmarks.pairs import Row, Rows, repeat
from tests.benchmarks.privacy_generated import ALL, UNSEEN
from tests.benchmarks.privacy_sets import BY_NAME, generated

KB = 1024
GOAL_RECALL, GOAL_PRECISION = 0.995, 0.98
GOAL_MS_PER_KB = 0.5
SHORT, SLOWEST = 128 * KB, 10
LINEAR = 2.6  # twice the length: 2 where linear, 4 where quadratic, the rest is the machine's noise

ENGLISH = (
    "The lease for the flat at 12 Harbour Road runs from 1 March 2024 to 28 February 2026. The monthly rent "
    "is 850 pounds, payable on the 5th of each month. Please write to anna.smith@example.com or call "
    "+44 20 7946 0958 with questions. Order 20241010-123456 came on 2024-10-12 at 09:30, version 2.4.1.\n"
)
KOREAN = (
    "임대차 계약은 2024년 3월 1일부터 2026년 2월 28일까지이며 월세는 850,000원으로 매월 5일에 지급합니다. "
    "문의는 kim@example.co.kr로 보내시거나 010-1234-5678로 전화해 주세요. 관리비는 따로 청구되며, "
    "주문번호 20241010-123456의 배송은 끝났습니다. 주민등록번호 900101-1234567은 계약서에만 적습니다.\n"
)
PEM = "-----BEGIN PRIVATE " + "KEY-----"
HOSTILE = (  # the beginnings of every kind of pattern, again and again
    *(
        "a",
        "1",
        "1 ",
        "가",
        " ",
        "\n",
        "\t",
        '"',
        "{",
        "\u200b",
        "1\u200b",
        "\u202e1",
        "😀",
        "０",
        "[ ",
        "EMAIL_1",
    ),
    *("a@", "a.", "a@a.", "a-", "mailto:a"),
    *("(+1", "+82 ", "010-", "010-1234-5678 ", "1588-", "공일공 ", "일", "공"),
    *("4111 ", "4111-", "110-123-", "계좌 1", "account 1", "DE89 ", "GB", "0x", "bc1q", "1A", "SWIFT A"),
    *(
        "900101-",
        "900101-1",
        "서울 12-",
        "11-12-",
        "M123",
        "123-45-",
        "110111-",
        "1-1",
        "여권 M",
        "SSN 1",
        "AB 12 ",
    ),
    *("1.1.1.", "::", "a:", "00:", "00-", "aaaa.", "37.5, ", "37°", "12가 ", "서울12가"),
    *("-----BEGIN ", f"{PEM}\n", f"{PEM}\\n", "eyJ.", "eyJa.eyJ"),
    *("sk-", "ghp_a", "xoxb-1-", "Bearer ", "api_key=", "password: ", "password=a ", "비밀번호는 ", "비번 "),
    *("a://a:", "postgres://a:a", "Server=a;", "Password=;", "jdbc:a", "AccountKey="),
    *("생년월일 ", "born on 1.", "1990년 ", "1.1.", "김민수 님 ", "담당자: 김", "Dear Mr ", "Mr. A "),
    *("서울시 강남구 ", "테헤란로 1", "12 Main Street, ", "101동 "),
    *(
        "curl -u a:",
        "mysql -p",
        "ssh a@1",
        "CVC ",
        'password "a ',
        "pass 1a!",
        "pw a1b2c3! ",
        "password a1-b2-",
    ),
    *("계정 a/", "로그인 a1", "<pw>", "tel_01", "_010-", "1.1.1.1-"),
)


def found_of_structured() -> Iterator[Row]:
    """Measure recall and precision of every structured type on the generated set, per language."""
    for one in evaluate(generated(), "Maru", ours):
        if one.group == "structured" and one.half in {ALL, UNSEEN}:
            whole = one.scores["goal"].of(EntityType)
            recall, precision = whole.recall or 0.0, whole.precision or 0.0
            yield Row(
                row=f"P1 {one.language} {one.half}",
                goal=f">= {GOAL_RECALL} / >= {GOAL_PRECISION}",
                measured=f"{recall:.4f} / {precision:.4f}",
                ratio=None,
                spread=_worst(one),
                kept=recall >= GOAL_RECALL and precision >= GOAL_PRECISION,
                what=f"recall / precision, {whole.planted} structured values in {one.texts} generated texts",
            )


def _worst(one: Figures) -> str:
    """Return the types with the lowest recall and the lowest precision."""
    shares = {each: share for each, share in one.scores["goal"].shares.items() if share.planted}
    low = min(shares, key=lambda each: shares[each].recall or 0.0)
    rash = min(shares, key=lambda each: shares[each].precision or 0.0)
    return f"{low} {shares[low].recall or 0:.3f} / {rash} {shares[rash].precision or 0:.3f}"


def found_of_people() -> Iterator[Row]:
    """Measure names and addresses by rules, on every set that has them; there is no goal without a model."""
    for name, make in BY_NAME.items():
        for one in evaluate(make(), "Maru", ours):
            if one.group == "people" and one.half == ALL:
                for each, share in one.scores["goal"].shares.items():
                    yield Row(
                        row=f"P2 {each.value.lower()} {one.language} {name}",
                        goal="reported; with a model >= 0.90",
                        measured=f"F1 {share.f1 or 0:.3f}",
                        ratio=None,
                        spread=f"recall {share.recall or 0:.3f}, precision {share.precision or 0:.3f}",
                        kept=True,
                        what=f"{share.planted} planted in {one.texts} texts, by rules alone",
                    )


def cost_on_prose() -> Row:
    """Measure masking of English and Korean prose in turn, milliseconds of one core per KB (UTF-8)."""
    text = (ENGLISH + KOREAN) * 200
    size = len(text.encode()) / KB
    walls: list[float] = []
    timing = repeat(lambda: _milliseconds(text, walls) / size)
    low, high = timing.spread
    return Row(
        row="P3",
        goal=f"<= {GOAL_MS_PER_KB} ms/KB",
        measured=f"{timing.median:.2f} ms/KB",
        ratio=None,
        spread=f"{low:.2f} to {high:.2f}, wall {median(walls) / size:.2f}",
        kept=timing.median <= GOAL_MS_PER_KB,
        what=f"processor time to mask {size:.0f} KB of English and Korean prose, {len(find(text))} values",
    )


def growth_on_hostile_text() -> Row:
    """Measure the growth of processor time from half a megabyte to a whole one, over the slowest patterns."""
    find(ENGLISH + KOREAN)  # what is read with the first text is nobody's growth
    costs = {unit: _cpu((unit * SHORT)[:SHORT]) for unit in HOSTILE}
    slowest = sorted(HOSTILE, key=lambda unit: -costs[unit])[:SLOWEST]
    whole = KB * KB
    growths, seconds = {}, {}
    for unit in slowest:
        text = (unit * whole)[:whole]
        seconds[unit], half = (min(_cpu(one) for _ in range(2)) for one in (text, text[: whole // 2]))
        growths[unit] = seconds[unit] / half
    worst = max(growths, key=lambda unit: growths[unit])
    return Row(
        row="P3 hostile",
        goal=f"<= {LINEAR} x for twice the text",
        measured=f"{growths[worst]:.2f} x",
        ratio=growths[worst],
        spread=f"{min(growths.values()):.2f} to {growths[worst]:.2f}, {max(seconds.values()):.1f} s a MB",
        kept=growths[worst] <= LINEAR,
        what=f"processor time to mask 1 MB against 0.5 MB of hostile text, the {SLOWEST} slowest of "
        f"{len(HOSTILE)} texts at {SHORT // KB} KB; worst: {worst!r} repeated",
    )


def _milliseconds(text: str, walls: list[float]) -> float:
    before = time.perf_counter()
    spent = _cpu(text)
    walls.append((time.perf_counter() - before) * 1000)
    return spent * 1000


def _cpu(text: str) -> float:
    before = time.process_time()
    mask(text, Vault())
    return time.process_time() - before


def measure_found() -> list[Row]:
    """Return the rows of P1."""
    return list(found_of_structured())


def measure_people() -> list[Row]:
    """Return the rows of P2."""
    return list(found_of_people())


def measure() -> list[Row]:
    """Return both rows of P3."""
    return [cost_on_prose(), growth_on_hostile_text()]


ROWS: Rows = {"P1": measure_found, "P2": measure_people, "P3": measure}
