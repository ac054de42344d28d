# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What Korean names are made of, and the words around them: plain facts, no one's corpus.

The syllables are weighed by hand: 3 stands in names far more than in words, 2 in both, 1 seldom.
"""


def _words(text: str) -> list[str]:
    return text.split()


# Family names by how seldom ordinary words begin with them.
FAMILY_NAMES = {
    **dict.fromkeys("김박최윤황권홍송류허곽엄", 3),
    **dict.fromkeys("이정강조장임한오서신안문양손배백유심노채함변염석옥맹제탁봉추진", 2),
    **dict.fromkeys("주우지공현소선마전고남하성차구민나원천방도설길편여연위표명기반왕금육인모국은태", 1),
}
DOUBLE_FAMILY_NAMES = ("남궁", "황보", "제갈", "사공", "선우", "서문", "독고", "동방")

FIRST_SYLLABLES = {
    **dict.fromkeys("민서지준수성영재승은혜동경종태진채병규창광희하명미순춘효훈덕석형연원슬혁용철", 3),
    **dict.fromkeys(
        "도상정건우시다가소유주인대기세아해호홍선옥송봉범완웅흥필학환을금길남두복숙보나율강근라", 2
    ),
    **dict.fromkeys(
        "현예윤찬한만삼치화일의중천양오문백노권갑계관구국귀균난달돈리림맹모무방배부빛새샘"
        "설솔신안애언여열요욱운월으이익임장제조초탁판평표향헌",
        1,
    ),
}
SECOND_SYLLABLES = {
    **dict.fromkeys("늘름솜롬", 2),
    **dict.fromkeys(
        "준우진현민수호훈영희은연원윤서빈혁석식철환섭규태숙순옥경정선린림율찬혜승욱웅엽협"
        "범택필헌형휘흠균곤룡",
        3,
    ),
    **dict.fromkeys(
        "아주지인미란람나라별솔슬봄담겸결건후창천춘표학향효관광구국권기남덕득명모문병배복"
        "봉백홍근길묵삼상성세송신애양언열예완용운월유익일재종직채비샘",
        2,
    ),
    **dict.fromkeys("리자도로이의화동만오온임중무행해안노녀두대하한달래루름빛산새센숲여울음장조초평실심", 1),
}

# Titles behind a name.
TITLES = frozenset(
    _words("""\
가수 각하 간호사 감독 검사 검찰총장 경감 경사 경위 경장 경정 고객 고문 과장 관장 교감 교수 교장 구청장 국장
군수 권사 기자 노무사 단장 대령 대리 대변인 대사 대위 대장 대통령 대표 대표이사 대표팀감독 도지사 매니저
명예교수 목사 박사 반장 배우 변리사 변호사 병장 본부장 부교수 부본부장 부사장 부원장 부위원장 부장 부장판사
부총리 부회장 비서 비서관 사원 사장 상무 상무이사 상병 상사 선생 선수 선임 선임연구원 세무사 센터장 소령
소위 소장 수녀 수석 수석연구원 순경 스님 시인 시장 신부 실장 아나운서 아저씨 아줌마 앵커 약사 어린이 여사
연구소장 연구원 연출 옹 원내대표 원장 위원 위원장 의사 의원 의장 이병 이사 이사장 이장 일병 작가 작곡가 장관
장군 장로 전도사 전무 전무이사 조교 조교수 조합장 주임 준장 중령 중사 중위 중장 지사 지점장 집사 차관 차장
책임 책임연구원 처장 총경 총리 총장 총재 캐스터 코치 팀장 판사 평론가 피디 하사 학생 할머니 할아버지 형사
화백 환자 회계사 회원 회장 후보
""")
)

PARTICLES = frozenset(
    _words("""\
고 다
가 과 과는 과의 까지 께 께서 께서는 나 네 네요 는 님 도 등 등과 등은 등의 등이 라 라고 라는 라며 라면 라서
란 랑 로 로부터 로서 를 마저 만 만은 만이 보다 부터 뿐 씨 아 야 에 에게 에게는 에게도 에게만 에게서 에겐 여
였고 였다 였던 예요 와 와는 와의 요 으로 으로부터 으로서 은 을 의 의원 이 이고 이나 이네요 이다 이라 이라고
이라는 이라며 이라면 이라서 이란 이랑 이랑은 이며 이야 이었고 이었다 이었던 이에요 이여 이요 이자 이죠
이지만 인 인데 임 입니다 입니다만 조차 죠 지만 처럼 측 하고 한테 한테서
""")
)
# What stands behind a syllable that ends in a consonant alone, and behind one that does not.
AFTER_CONSONANT = frozenset(
    _words("""\
과 과는 과의 아 으로 으로부터 으로서 은 을 이 이나 이네요 이란 이랑 이야 이에요 이여 이죠
""")
)
AFTER_VOWEL = frozenset(
    _words("""\
가 나 네요 는 라 라고 라는 라며 라면 라서 란 랑 로 로부터 로서 를 야 여 였고 였다 였던 예요 와 와는 와의 죠
지만
""")
)

# What a form or a letter calls the one whose name follows; a space in one is written _.
LABELS = tuple(
    word.replace("_", " ")
    for word in _words("""\
가입자 가해자 감독 강사 검토자 계약자 고객 고객명 관리자 교수 글쓴이 기안자 닉네임 담당 담당자 대표 대표이사
대표자 매도인 매수인 면접자 명의 명의자 모 문의 받는_분 받는_사람 받는분 받는사람 발신 발신인 발표자 방문자
배우 배우자 번역 변호인 보내는_분 보내는_사람 보내는사람 보낸_사람 보낸사람 보험자 보호자 본명 본인 부
사용자 상담원 서명 성명 성함 세대주 소속/성명 소유자 송금인 수령인 수신 수신인 수신자 수취인 승인자 신청인
신청자 실명 연락_담당 예금주 예약자 운전자 원고 응시자 의뢰인 이름 임대인 임차인 입금자 입금자명 자녀 작성자
저자 주문자 주연 증인 지급인 지도교수 지원자 지은이 직원 참가자 참석자 참조 채권자 채무자 책임자 출연 친권자
피고 피보험자 피해자 학생 환자 환자명 회원명
""")
)

# Those of them that stand before a name without a colon, too.
PEOPLE = tuple(
    _words(
        """
담당자 예금주 신청인 계약자 보호자 수령인 환자 임차인 임대인 매수인 매도인 채권자 채무자 피보험자 의뢰인
피해자 보증인 상속인 대리인 작성자 입금자 명의자 지원자 가입자 저는 제가 나는
"""
    )
)
# Family names that are words of their own before a title: "이 대표", "전 회장", "한 선수".
THIS_AND_THAT = frozenset("강고공구국금기남도두명모반본선성소신양여연우원위유은이인전주지추태하한현")
