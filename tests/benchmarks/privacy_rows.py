# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""P3: what the filter costs on prose, and how that grows on hostile text."""

import time
from statistics import median

from assistant.privacy.filter import find, mask
from assistant.privacy.vault import Vault
from tests.benchmarks.pairs import Row, Rows, repeat

KB = 1024
GOAL_MS_PER_KB = 0.5
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
HOSTILE = ("a", "1", "1 ", "a@", "a.", "[ ", "EMAIL_1", "(+1", "010-1234-5678 ")


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
    """Measure the worst growth of processor time from half a megabyte to a whole one, over all patterns."""
    half, whole = KB * KB // 2, KB * KB
    growths = {unit: _growth(unit, half, whole) for unit in HOSTILE}
    worst = max(growths, key=lambda unit: growths[unit])
    return Row(
        row="P3 hostile",
        goal=f"<= {LINEAR} x for twice the text",
        measured=f"{growths[worst]:.2f} x",
        ratio=growths[worst],
        spread=f"{min(growths.values()):.2f} to {growths[worst]:.2f} over {len(growths)} texts",
        kept=growths[worst] <= LINEAR,
        what=f"masking 1 MB against 0.5 MB of hostile text; worst: {worst!r} repeated",
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


def _growth(unit: str, half: int, whole: int) -> float:
    short, long = (unit * half)[:half], (unit * whole)[:whole]
    return _cpu(long) / min(_cpu(short) for _ in range(2))


def measure() -> list[Row]:
    """Return both rows of P3."""
    return [cost_on_prose(), growth_on_hostile_text()]


ROWS: Rows = {"P3": measure}
