# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Passwords of Korean words without quotation marks: "비밀번호: 사랑해요", "비밀번호는 사랑해요입니다".

A word of Hangul may be a password or what is said of one. It counts behind a colon and alone in its field,
behind the name of one's own password ("현관 비번은 …입니다"), and where a sentence that has ended goes on as
if it were a noun; and never where it talks about passwords. "비밀번호: 호랑이" cannot be told from
"비밀번호: 지문", nor "비밀번호는 무지개동산입니다" from "비밀번호는 개인정보입니다": words of three
syllables, and words behind a password that is nobody's, are left alone.
"""

import re
from functools import cache

from assistant.entities import EntityType
from assistant.privacy.row import Recognizer, Start, any_of

_NEEDLES = ("비밀", "비번", "패스", "암호")
_NAME = any_of("비밀 ?번호", "비번", "패스워드", "암호")
_LATIN_NAME = any_of("passwords?", "passwd", "pwd", "pw", apart=True)
_FIELD = Start(
    rf"{_NAME}(?: ?\([^)\n]{{1,20}}\))?[은는]? ?[:=] {{0,3}}|{_LATIN_NAME} ?[:=] {{0,3}}(?=[가-힣])",
    (*_NEEDLES, "password", "passwd", "pwd", "pw"),
    after=True,
    lower=True,
)
_SENTENCE = Start(f"{_NAME}[은는을를이가] (?=[가-힣])", _NEEDLES, after=True)
_WHOSE = any_of(
    *("제", "내", "나의", "저의", "우리 ?집?", "저희 ?집?"),
    *("현관(?:문)?", "도어락", "와이파이", "wi-?fi", "공유기", "금고"),
)
_OWN = Start(
    rf"(?<![가-힣a-z]){_WHOSE} ?(?:현관 ?|와이파이 ?)?{_NAME}[은는] (?=[가-힣])",
    _NEEDLES,
    after=True,
    lower=True,
)

# What is said of passwords, on a form or in an answer: anywhere in a word, at its end, as its beginning.
_TALK = """\
없 있 않 모르 몰라 모름 모릅 까먹 잊 분실 필수 필요 선택 옵션 중요 비밀 비공개 극비 대외비 기밀 보안 안전
위험 취약 강력 강함 약함 약[합해한] 보통 복잡 단순 간단 쉬[워운움] 쉽 어려 어렵 길어 길[게다] 짧 동일
같[은습아음] 상동 다름 다른 달라 다릅 미정 설정 변경 수정 바꾸 바꿔 바꿨 바뀌 바뀐 바뀜 교체 갱신 초기 입력
확인 인증 일치 오류 에러 틀[리렸려린림] 맞[습아았음는] 만료 잠[겨금김] 해제 차단 삭제 제거 저장 보관 기억
기록 메모 공유 전달 전송 발송 발급 생성 등록 가입 로그인 접속 문의 연락 참고 참조 안내 공지 별도 추후 나중
아래 다음 위와 상기 여기 이거 그거 저거 이것 그것 저것 무엇 뭐 뭔 뭘 어디 언제 누구 누가 얼마 어떻 어떤 어느
글쎄 본인 각자 개인 개별 관리 담당 운영 사용 이용 생년 생일 전화 휴대 핸드폰 번호 학번 사번 주민 이름 성함
주소 숫자 문자 영문 영어 한글 특수 자리 [0-9최대소총]자 글자 단어 문구 문장 이상 이하 최소 최대 조합 포함
제외 형식 형태 규칙 정책 조건 기준 방법 방식 기능 항목 필드 속성 값 기본 임시 자동 수동 예시 예제 샘플
테스트 공란 빈칸 비움 비워 비어 생략 완료 성공 실패 가능 불가 금지 제한 주의 경고 알림 알려 알았 보내 드립
드려 드릴 주세요 줘요 하세요 십시오 바랍 바래 됩니다 되[었어는] 됐 나요 까요 니까 는지 은지 인지 을지 암호
패스워드 해시 평문 정보 데이터 요소 수단 역할 열쇠 자물쇠 핵심 시작 기술 학문 시스템 문제 최악 엉망 그대로
유출 노출 도난 해킹 탈취 표시 숨[김겨기] 보기 찾기 잘못 올바 정확 유효 무효 정상 계정 회원 아이디 등등 예정
준비 검토 처리 유지 동의 거부 허용 보호 접근 권한 적용 해당 대상 종류 목록 제목 내용 설명 비고 힌트 질문
답변 불러 그때 읽기 공통 이메일 홈페이지 사이트 업데이트 알고 감사 죄송 안녕 고맙 블록체인 서비스 프로그램
애플리케이션 안함
"""
_TALK_BEHIND = "(?:으로|메일로|에서|까지|부터|에게|한테|님께|대로|처럼|마다|는중|해야|하기|하지)$"
_TALK_BEFORE = "^(?:네|예|당연|물론|그냥|그건|이건|아마|사실|현재|지금|매번|항상|절대|반드시|꼭)"


@cache
def _said_of_one() -> re.Pattern[str]:
    return re.compile("|".join((*_TALK.split(), _TALK_BEHIND, _TALK_BEFORE)))


def korean_word(value: str) -> bool:
    """Say whether a word of Hangul behind "비밀번호" may be one: it does not talk about passwords."""
    return _said_of_one().search(value) is None


_WORD = "[가-힣]{4,24}"
_COPULA = "(?:입니다|이에요|예요)"
_FIELD_END = (
    rf"(?={_COPULA}?[.)!]?(?:[ \t]{{0,3}}(?:\n|\Z|[|/,;\t])| {{1,3}}[가-힣A-Za-z/]{{1,8}} ?[:=]|[.!] ))"
)
# How a sentence ends, in front of what only stands behind a noun: "사랑해요입니다", "사랑해요로 바꿨어요".
_ENDED = "(?:[해어아워여네]요|하자|가자|한다|었다|았다|였다|니다)"
_CHOSEN = "(?:설정|변경|지정|바꾸|바꿔|바꿨|정했|정해|해[ 뒀두놨놓주줘]|했)"
_AS_NOUN = rf"(?=입니다|이에요|예요|이고 |이며 |(?:이?라고 |으?로 )(?:다시 |새로 )?{_CHOSEN})"
HANGUL_PASSWORDS = (
    Recognizer(
        EntityType.PASSWORD,
        _FIELD,
        rf"(?:{_WORD}?|[가-힣]{{2,12}}[!@#$%^&*~_-]{{0,4}}[0-9][0-9!@#$%^&*~_-]{{1,11}}){_FIELD_END}",
        0.8,
        possible=korean_word,
    ),
    Recognizer(
        EntityType.PASSWORD, _SENTENCE, f"[가-힣]{{1,20}}?{_ENDED}{_AS_NOUN}", 0.75, possible=korean_word
    ),
    Recognizer(
        EntityType.PASSWORD,
        _OWN,
        rf"{_WORD}?(?={_COPULA}[.!)]?(?:\s|\Z))",
        0.7,
        possible=korean_word,
    ),
)
