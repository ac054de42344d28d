# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Tasks over whole documents are told from questions, in English and Korean; documents by their names."""

from pathlib import Path

import pytest

from assistant.documents.whole_texts import Titled
from assistant.joined_lists import FreshLines
from assistant.meant import named
from assistant.tasks import Listed, TaskKind, task_of

TASKS = {
    TaskKind.SUMMARY: (
        "Summarise this contract",
        "Please summarize the lease in three sentences.",
        "Can you give me a short summary of the handbook?",
        "What is this document about?",
        "What are the main points of the letter?",
        "Key points of the contract",
        "TL;DR",
        "이 계약서 요약해 줘",
        "lease.pdf 요약",
        "이 문서는 무슨 내용이야?",
        "핵심만 정리해 줘",
        'Summarise "lease.pdf"',
        "Summarise 'lease.pdf'",
        "“임대차 계약서” 요약해 줘",
        "Summarise the file: my big contract.pdf",
        "Summarise the lease in 3 sentences: rent, deposit, and term only",
        "Briefly summarise the lease",
        "Hi! Summarise the lease",
        "in one paragraph, summarise the lease",
        "Could you please provide a summary of the lease?",
        "Provide an overview of the handbook",
        "I would like a summary of the lease",
        "I'd like a summary of the lease",
        "What is lease.pdf about?",
        "이 문서 정리해줘",
        "이 파일 내용이 뭐야?",
        "이 문서는 뭐에 관한 거야?",
        "개요를 알려줘",
        "짧게 줄여 줘",
    ),
    TaskKind.LIST: (
        "List all dates",
        "List every fee in the contract",
        "Give me all the amounts in this document",
        "Make a timeline of the contract",
        "모든 날짜를 나열해 줘",
        "날짜를 모두 알려줘",
        "계약서에 나오는 금액을 전부 찾아줘",
        "What are all the dates in the lease?",
        "What dates are in the lease?",
        "Which deadlines are there?",
        "날짜 목록",
        "계약서에 나온 날짜는?",
    ),
    TaskKind.COMPARE: (
        "Compare lease.pdf and contract_ko.pdf",
        "What are the differences between the two contracts?",
        "두 계약서를 비교해 줘",
        "A와 B의 차이점을 알려줘",
        "두 계약서의 차이점은?",
        "두 계약서 뭐가 달라?",
        "lease vs contract",
        "What changed between the 2023 and 2024 lease?",
    ),
    TaskKind.TRANSLATE: ("Translate this document into Korean", "이 문서를 영어로 번역해 줘"),
}
QUESTIONS = (
    "How much is the monthly rent?",
    "When does the lease end?",
    "What is the note about the plumber?",
    "Who signed the contract?",
    "Where is the summary of costs?",
    "What dates matter?",
    "Name the landlord.",
    "Give me the caretaker's name",
    "Which animals are allowed?",
    "Summarise your last answer",
    "Summarise our conversation",
    "Summarize the following: the quick brown fox jumps over the dog",
    'Translate "good morning" into Korean',
    "Summarise this text. " + "It is pasted here in full. " * 20,
    "용역 대금은 얼마인가요?",
    "전부 얼마야?",
    "모두 얼마인지 알려줘",
    "계약 체결 날짜를 알려줘",
    "요약표는 어디에 있나요?",
    "지금까지 대화 요약해 줘",
    "비교 견적은 누가 내나요?",
    'Summarise "the tenant shall pay the rent on the first day of each month"',
    "요약해 줘: 임차인은 매월 1일에 월세를 내야 하며 늦으면 이자를 낸다",
    "Translate: I love you so",
    "What changed in May?",
    "두 요금제는 뭐가 달라?",
    "관리비를 줄여 주나요?",
    "계약서에 있는 서명은 누구 것인가요?",
    "What are the dates of the summer course?",
    "When in the first two weeks must the notice be sent?",
)
THERE = [
    Titled(Path("/papers/lease.pdf"), "Residential Lease Agreement"),
    Titled(Path("/papers/contract_ko.pdf"), "소프트웨어 개발 용역 계약서"),
    Titled(Path("/papers/letter.md"), "Letter about the summer course"),
    Titled(Path("/papers/offer 2024.docx"), "offer 2024"),
    Titled(Path("/papers/offer 2025.docx"), "offer 2025"),
]


@pytest.mark.parametrize(("kind", "question"), [(kind, one) for kind, all_ in TASKS.items() for one in all_])
def test_a_task_over_whole_documents_is_known(kind: TaskKind, question: str) -> None:
    task = task_of(question)
    assert task is not None
    assert task.kind is kind


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_is_no_task(question: str) -> None:
    assert task_of(question) is None


def test_what_is_listed_is_known() -> None:
    for question, kinds in (
        ("List all dates and amounts", (Listed.DATES, Listed.AMOUNTS)),
        ("List all rooms", ()),
        ("이메일 주소를 모두 찾아줘", (Listed.EMAILS,)),
    ):
        task = task_of(question)
        assert task is not None
        assert task.listed == kinds


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("Summarise lease.pdf", ["lease.pdf"]),
        ("the lease", ["lease.pdf"]),
        ("용역 계약서", ["contract_ko.pdf"]),
        ("the summer course", ["letter.md"]),
        ("letter and lease.pdf", ["letter.md", "lease.pdf"]),
        ("offer 2025", ["offer 2025.docx"]),
        ("the offer", ["offer 2024.docx", "offer 2025.docx"]),
        ("2025", []),
        ("bananas", []),
        ("the winter course of the rowing club", []),
    ],
)
def test_a_document_is_known_by_its_file_name_or_by_a_word_of_its_name_or_title(
    words: str, names: list[str]
) -> None:
    assert [path.name for path in named(words, words, THERE)] == names


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("the email", ["e-mail_rules.pdf"]),
        ("the e-mail", ["e-mail_rules.pdf"]),
        ("the mail", ["e-mail_rules.pdf"]),
        ("진단서", ["scan-1.pdf"]),
        ("진 단 서", ["scan-1.pdf"]),
        ("emails of 2024", ["e-mail_rules.pdf"]),
        ("the eclair", []),
    ],
)
def test_a_name_is_known_in_either_spelling(words: str, names: list[str]) -> None:
    there = [Titled(Path("/e-mail_rules.pdf"), "Rules"), Titled(Path("/scan-1.pdf"), "진 단 서")]
    assert [path.name for path in named(words, words, there)] == names


def test_lists_of_several_parts_are_joined_without_what_stands_twice() -> None:
    lines = FreshLines()
    shown = lines.feed("- March 3, 2025\n- Ap") + lines.feed("ril 1, 2025\n\nNone.\n* march 3, 2025")
    assert shown + lines.flush() == "- March 3, 2025\n- April 1, 2025\n"
