# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Tasks over whole documents are told from questions, in English and Korean; documents by their names."""

import time
from pathlib import Path

import pytest

from assistant.documents.whole_texts import Titled
from assistant.joined_lists import FreshLines
from assistant.meant import named
from assistant.task_words import lines_wanted
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
        "3줄 요약",
        "3줄요약",
        "세줄요약",
        "세 줄로 요약해줘",
        "한 문장으로 요약해 줘",
        "한줄 요약 좀",
        "짧게 요약해줘",
        "간단히 요약해 주세요",
        "요약 부탁해",
        "요약 부탁드립니다",
        "요약 좀 부탁드려요",
        "이 문서를 두 문장으로 요약해줘",
        "100자 이내로 요약해줘",
        "300자 내외로 요약 부탁드려요",
        "요약 가능할까요?",
        "요약 가능?",
        "요약 좀요",
        "요약점",
        "요약해주라",
        "요약 ㄱㄱ",
        "요약해줄 수 있어?",
        "요약해줄래?",
        "요약해주실래요?",
        "요약해 주실 수 있나요?",
        "최대한 짧게 요약해줘",
        "알기 쉽게 요약해줘",
        "초등학생도 이해할 수 있게 요약해줘",
        "표로 요약해줘",
        "불릿 포인트로 요약해줘",
        "5가지로 요약해줘",
        "핵심 3가지만 알려줘",
        "세 가지 포인트로 요약해줘",
        "1페이지로 요약해줘",
        "한 페이지 분량으로 요약해줘",
        "A4 한 장으로 요약해줘",
        "한눈에 보기 좋게 정리해줘",
        "요약해줘~",
        "요약해주세요!!",
        "Summarise in three bullet points",
        "Summarise briefly",
        "summarize this in 2 sentences",
        "summarise in plain English",
        "summarize in 100 words or less",
        "Summarise in a few words",
        "Summarise in short",
        "short summary please",
        "3 sentence summary",
        "three-line summary",
        "Give me a 3-bullet summary",
        "Give me a one-paragraph summary of this",
        "tldr pls",
        "plz summarize",
        "pls summarise this",
        "can u summarize this",
        "sum it up",
        "sum this up in one line",
        "summerize",
        "summarise for a five year old",
        "summarise as bullet points",
        "Summarize in Spanish",
        "in two sentences, summarise it",
        "TL;DR in one sentence",
        "I need a summary",
        "executive summary",
        "Two sentence summary please",
        "회의록 요약 부탁드립니다",
        "회의록 좀 요약해주실 수 있나요?",
        "회의록 요약해 주실래요?",
        "회의록 3줄 요약",
        "회의록을 한 문단으로 간단하게 요약해 주시겠어요?",
        "회의록요약해줘",
        "letter.md 3줄 요약",
        "Summarise letter.md in three lines",
        "letter.md summary",
        "lease.pdf tldr",
        "설명서 요약해줘",
        "해외 출장 보고서 요약해줘",
        "정리해고 규정 요약해줘",
        "일정 요약해줘",
        "Sum up the meeting minutes",
        "Summarise page 3 of the handbook",
        "이 문서의 주요 내용은?",
        "주요 내용은?",
        "이 문서의 핵심 내용은?",
        "이 문서 핵심이 뭐야?",
        "요점만 알려줘",
        "요점만 간단히 알려줘",
        "이 논문 요지가 뭐야?",
        "Explain this document to me",
        "explain the contract",
        "Explain this paper",
        "explain lease.pdf",
        "Describe this file",
        "Walk me through this contract",
        "Tell me about this document",
        "What does this document cover?",
        "What is this document?",
        "what's in this file?",
        "이 논문 설명해줘",
        "이 계약서 쉽게 설명해줘",
        "이 문서 설명 좀",
        "이 문서에 대해 설명해줘",
        "lease.pdf 설명해줘",
        "이 문서 소개해줘",
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
        "이메일 주소 모두 찾아줘",
        "이메일 주소 다 뽑아줘",
        "모든 이메일 주소를 찾아줘",
        "전화번호 다 찾아줘",
        "전화번호 목록",
        "휴대폰 번호 모두 알려줘",
        "메일주소 전부 찾아줘",
        "모든 주소를 나열해줘",
        "비밀번호 말고 날짜만 나열해줘",
        "전화번호 빼고 이메일만 모두 뽑아줘",
        "List all dates except the signing date",
        "이 파일에서 중요한 날짜만 뽑아줘",
        "이메일만 뽑아줘",
        "List all phone numbers and emails",
        "List all prices",
        "날짜 나열",
        "날짜 리스트업 해줘",
        "날짜랑 금액 모두 뽑아줘",
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
        "두 문서 비교",
        "두 계약서 비교",
        "A와 B 비교해줘",
        "lease.pdf와 contract_ko.pdf 비교 부탁해",
        "계약서 두 개 비교해 줘",
        "두 계약서 비교표 만들어줘",
        "comparison of lease.pdf and contract.pdf",
        "give me a comparison between the lease and the contract",
    ),
    TaskKind.TRANSLATE: (
        "Translate this document into Korean",
        "이 문서를 영어로 번역해 줘",
        "Translate into French",
        "프랑스어로 번역해줘",
        "이 문서 일본어로 번역",
        "영어로 번역",
        "번역 부탁드려요",
        "Translate it to Japanese please",
    ),
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
    "비교표에 따르면 어느 것이 싸?",
    "비교표는 어디에 있어?",
    "비교표의 합계는?",
    "요약본은 어디에 있어?",
    "요약본이 어디 있나요?",
    "요약문에 뭐라고 써 있어?",
    "요약해 놓은 표는 어디에 있어?",
    "요약하는 방법은?",
    "3줄짜리 조항은 뭐야?",
    "세 줄로 된 공지는 뭐야?",
    "Explain the deposit clause",
    "Explain the contract term",
    "Explain the notice period",
    "Explain this clause to me",
    "What is the document number?",
    "What does the contract cover?",
    "What does this clause mean?",
    "What's in the annex?",
    "계약서에 설명된 보증금은?",
    "계약서에서 설명하는 절차가 뭐야?",
    "설명서는 어디에 있어?",
    "논문 제출 기한은?",
    "제5조의 주요 내용은?",
    "해지 조항의 주요 내용은?",
    "주요 내용이 바뀐 조항은?",
    "홍길동 이메일 찾아줘",
    "관리인 전화번호 찾아줘",
    "관리인 전화번호 알려줘",
    "집주인 이메일 주소는?",
    "비밀번호가 뭐야?",
    "핵심 인력은 누구야?",
    "핵심 부품 가격은?",
    "월세가 작년과 비교해 얼마나 올랐어?",
    "번역본은 누가 만들어?",
    "번역 비용은 얼마야?",
    "소개비는 얼마야?",
    "목록에 뭐가 있어?",
    "What is the summary judgment about the fees?",
    "Where is the executive summary?",
    "Is there an overview of fees?",
    "Tell me about the deposit",
    "Describe the deposit rules",
    "Walk me through the return of the deposit",
    "How many bullet points are in the letter?",
    "In how many sentences is the rule stated?",
    "What is this fee?",
    "How do I compare prices?",
    "Who needs a translation?",
    "주요 고객은 누구야?",
    "가격은 얼마야?",
    "모두 참석했어?",
    "다 냈어?",
    "전화번호는?",
    "이메일은?",
    "요약 화면은 누가 봐?",
    "누가 요약했어?",
    "요약이 필요한 경우는?",
    "Need a plumber",
    "summary judgment date?",
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
        ("휴대폰 번호 모두 알려줘", (Listed.PHONES,)),
        ("전화번호 빼고 이메일만 모두 뽑아줘", (Listed.EMAILS,)),
        ("List all dates except the amounts", (Listed.DATES,)),
        ("요금제를 모두 나열해 줘", ()),
    ):
        task = task_of(question)
        assert task is not None
        assert task.listed == kinds


@pytest.mark.parametrize(
    ("question", "words"),
    [
        *(
            (question, "")
            for question in (
                "3줄 요약",
                "세 줄로 요약해줘",
                "한 문장으로 요약해 줘",
                "짧게 요약해줘",
                "간단히 요약해 주세요",
                "요약 부탁해",
                "100자 이내로 요약해줘",
                "A4 한 장으로 요약해줘",
                "초등학생도 이해할 수 있게 요약해줘",
                "요약 좀요",
                "Summarise in three bullet points",
                "Summarise in 100 words or less",
                "Give me a 3-bullet summary",
                "summarise for a five year old",
                "Summarise in plain English",
                "Summarize in Spanish",
                "tldr pls",
                "이메일 주소 모두 찾아줘",
                "비밀번호 말고 날짜만 나열해줘",
                "List all dates except the signing date",
                "프랑스어로 번역해줘",
                "what's in this file?",
            )
        ),
        ("회의록 요약 부탁드립니다", "회의록"),
        ("회의록 좀 요약해주실 수 있나요?", "회의록"),
        ("회의록 3줄 요약", "회의록"),
        ("해외 출장 보고서 요약해줘", "해외 출장 보고서"),
        ("설명서 요약해줘", "설명서"),
        ("정리해고 규정 요약해줘", "정리해고 규정"),
        ("일정 요약해줘", "일정"),
        ("Sum up the meeting minutes", "meeting minutes"),
        ("List all dates in the minutes", "minutes"),
        ("Summarise page 3 of the handbook", "page 3 handbook"),
        ("Summarise letter.md in three lines", "letter.md"),
    ],
)
def test_how_long_the_answer_shall_be_names_no_document(question: str, words: str) -> None:
    task = task_of(question)
    assert task is not None
    assert task.words == words
    assert task.pointing is (words == "")


@pytest.mark.parametrize(
    "question",
    [
        "Summarise this in two sentences",
        "이 문서를 두 문장으로 요약해줘",
        "이 파일 세 줄 요약",
        "세 줄로 요약해줘",
    ],
)
def test_two_sentences_are_not_two_documents(question: str) -> None:
    task = task_of(question)
    assert task is not None
    assert not task.several


@pytest.mark.parametrize(
    "question", ["더 좀 " * 60, "in" + " a few" * 45, "in" + " short" * 45, "briefly, " * 30]
)
def test_no_wording_takes_long_to_be_told(question: str) -> None:
    begun = time.process_time()
    task_of(question)
    assert time.process_time() - begun < 1


def test_a_mail_is_pointed_at_and_an_address_is_not() -> None:
    for question, pointing in (
        ("이 메일 요약해 줘", True),
        ("홍길동 이메일 모두 찾아줘", False),
        ("아이 책 요약해 줘", False),
    ):
        task = task_of(question)
        assert task is not None
        assert task.pointing is pointing


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


@pytest.mark.parametrize(
    ("asked", "lines"),
    [
        ("Summarise the lease in three short sentences", 3),
        ("a 5-line summary of lease.pdf", 5),
        ("Summarize it in 2 bullet points", 2),
        ("세 줄로 요약해줘", 3),
        ("계약서를 5가지로 정리해줘", 5),
        ("한 문장으로 요약해 주세요", 1),
        ("네줄 요약", 4),
        ("400줄로 요약해줘", 20),
        ("30 lines about it", 20),
        ("Summarise the lease", 0),
        ("in three years, what is the rent?", 0),
        ("여러 가지 요약해줘", 0),
        ("세종 문장 요약", 0),
    ],
)
def test_how_many_lines_an_answer_shall_have_is_heard(asked: str, lines: int) -> None:
    assert lines_wanted(asked) == lines
