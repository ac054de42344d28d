# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""A claim about one party is not supported by what is said of another, in English and Korean."""

import re
from pathlib import Path

import pytest

from assistant.citations import sentences
from assistant.claims import support
from assistant.parties import parties, without_parties
from assistant.passages import Passage, Place, PlaceKind
from tests.cited import attach

LEASE = (
    "Rent is paid by bank transfer to the account that the Landlord names in writing. Cash is not accepted."
    " The Landlord gives a receipt for every payment within ten days if the Tenant asks for one.\n"
    "Within twenty-one days after the Tenant has moved out, the Landlord returns the deposit, less the cost"
    " of repairing damage beyond ordinary wear.\n"
    "The Tenant replaces light bulbs, keeps the drains clear and airs the rooms so that no mould grows.\n"
    "The Tenant reports a defect by e-mail to the caretaker, Odile Ferrant. The meeting was opened by Mira"
    " Solano; Theo Brandt kept the minutes."
)
KOREAN = (
    "임차료는 임대인이 지정한 계좌로 매월 말일까지 지급한다. 임차인은 계약이 끝나면 목적물을 원상으로"
    " 회복하여 임대인에게 반환한다. 임대인은 보증금을 임차인에게 반환한다.\n"
    "갑은 을에게 용역 대금을 지급한다. 을은 비밀을 유지하여야 한다. 갑의 자료는 을이 보관한다."
)
LEASE_FILE = Path(__file__).parents[1] / "samples" / "lease.txt"
TRUE_OF_BOTH = "Tenant and Landlord walk through the rooms"


@pytest.mark.parametrize(
    "claim",
    [
        "Rent is paid to an account the landlord names in writing.",
        "The landlord must return the deposit within twenty-one days after the tenant moves out.",
        "The tenant gets the deposit back within twenty-one days, less the cost of repairs.",
        "Light bulbs are replaced by the tenant.",
        "The tenant can ask the landlord for a receipt within ten days.",
        "Defects are reported to the caretaker, Odile Ferrant, by e-mail.",
        "Theo Brandt kept the minutes of the meeting.",
        "Mira Solano opened the meeting.",
        "Solano opened the meeting.",
        "임차료는 임대인이 지정한 계좌로 지급합니다.",
        "보증금은 임대인이 임차인에게 반환합니다.",
        "임차인은 목적물을 원상으로 회복하여 반환합니다.",
        "임차인은 보증금을 임대인에게서 반환받습니다.",
        "용역 대금은 갑이 을에게 지급합니다.",
        "을은 비밀을 유지해야 합니다.",
    ],
)
def test_what_is_said_of_the_right_one_is_supported(claim: str) -> None:
    assert support(claim, KOREAN if "다." in claim else LEASE)


@pytest.mark.parametrize(
    "claim",
    [
        "Rent is paid to an account the tenant names in writing.",
        "The tenant returns the deposit within twenty-one days after moving out.",
        "The tenant gives a receipt for every payment within ten days.",
        "Light bulbs are replaced by the landlord.",
        "The Landlord reports a defect by e-mail to the caretaker.",
        "The meeting was opened by Theo Brandt.",
        "Brandt opened the meeting.",
        "임차료는 임차인이 지정한 계좌로 지급합니다.",
        "임차인은 보증금을 임대인에게 반환합니다.",
        "보증금은 임차인이 임대인에게 반환합니다.",
        "임대인은 목적물을 원상으로 회복하여 반환합니다.",
        "을은 갑에게 용역 대금을 지급합니다.",
        "갑은 비밀을 유지해야 합니다.",
        "을의 자료는 갑이 보관합니다.",
    ],
)
def test_what_is_said_of_somebody_else_supports_nothing(claim: str) -> None:
    assert not support(claim, KOREAN if "다." in claim else LEASE)


def test_a_short_answer_must_name_the_one_that_was_asked_for() -> None:
    question = "Who names the account for the rent in writing?"
    assert support("The Landlord.", LEASE, question=question)
    assert not support("The Tenant.", LEASE, question=question)


def test_each_sentence_of_a_lease_is_supported_and_none_with_the_parties_swapped() -> None:
    lines = [line for line in LEASE_FILE.read_text("utf-8").splitlines() if line[:1] not in ("#", "-", "")]
    swapped = wrong = 0
    for block in ("\n".join(lines[at : at + 3]) for at in range(0, len(lines), 3)):
        for one in sentences(block):
            if not one.claims:
                continue
            assert support(one.text, block), one.text
            other = re.sub(
                "Tenant|Landlord", lambda found: {"Tenant": "Landlord"}.get(found[0], "Tenant"), one.text
            )
            if "Signatures" in block or other == one.text or other.startswith(TRUE_OF_BOTH):
                continue
            swapped += 1
            wrong += bool(support(other, block))
    assert swapped >= 40
    assert wrong <= 2, "two lines of signatures have no words that could be compared"


def test_the_citation_goes_to_the_passage_that_speaks_of_the_right_one() -> None:
    place = Place(PlaceKind.PAGE, 0, 1)
    texts = ("The Landlord pays for cold water and sewage.", "The Tenant pays for cold water in the garden.")
    passages = [Passage(f"/papers/{n}.pdf", place, 0, len(one), one) for n, one in enumerate(texts)]
    cited = attach("The tenant pays for cold water. The landlord pays for cold water.", passages)
    assert [one.n for one in cited.citations] == [2, 1]
    assert attach("The tenant pays for sewage.", passages[:1]).citations == ()


def test_names_and_parties_are_found_with_the_words_beside_them() -> None:
    found = parties("Dr. Lund pays Mira Solano; the tenants’ deposit stays with the lessor.")
    assert [(sorted(one.who) if one.group == "name" else one.group != "", one.before, one.after)
            for one in found] == [
        (["lund"], "dr", "pay"),
        (["mira", "solano"], "pay", ""),
        (True, "", "deposit"),
        (True, "stay", ""),
    ]  # fmt: skip
    assert without_parties("The tenant pays the landlord.").split() == ["The", "pays", "the", "."]
    assert parties("임차인들에게 통지한다.")[0].case == "receiver"
    assert not parties("이것을 갑판에서 을지로까지 옮긴다."), "not every syllable is a party"
