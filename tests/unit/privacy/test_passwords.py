# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Passwords in sentences, in quotes, beside an account, in the options of commands; and what is none."""

import pytest

from assistant.entities import EntityType
from assistant.privacy.filter import find

# {} stands for each of SECRETS.
SENTENCES = [
    "비밀번호를 Old12345!에서 {}로 변경했습니다",
    "비번은요 {}",
    "와이파이는 {}",
    "아이디/비밀번호: kim / {}",
    "ID/PW kim / {}",
    "id/pw: kim/{}",
    "관리자 계정 admin/{}",
    "접속 정보 kim:{}",
    "admin / {} 로 로그인하세요",
    "{}로 비밀번호를 바꿨습니다",
    "비밀번호를 물으면 {}를 입력하세요",
    "비밀번호 「{}」",
    "비번이 뭐예요? {}입니다",
    "비밀번호 알려드릴게요. {}",
    "**비밀번호**: {}",
    "비밀번호는 **{}**입니다",
    "<password>{}</password>",
    "my password's {}",
    "log in as kim / {}",
    "wifi: home / {}",
    "export PGPASSWORD={}",
    "WPA2 key: {}",
    "Your password has been reset to {}",
    "({} is the password)",
    "Enter {} when asked for the password",
    "is {} a strong password?",
    "CREATE USER kim IDENTIFIED BY '{}'",
]
SECRETS = ["Mango4821!", "blue47?", "aZ3kQ9xYw2Lm#Qp1", "river-stone-42-lamp", "P@ss1234!"]
OF_SECRETS = (EntityType.PASSWORD, EntityType.TOKEN)  # what is called a key may be either
HITS = [
    ('password: "correct horse battery"', "correct horse battery"),
    ("passphrase = 'seven grey umbrellas'", "seven grey umbrellas"),
    ('비밀번호: "나의 긴 암호"', "나의 긴 암호"),
    ("암호는 “열려라 참깨”", "열려라 참깨"),
    ("암호는 swordfish입니다", "swordfish"),
    ("PIN 4821", "4821"),
    ("현관 비번 0417* 누르세요", "0417*"),
    ("비밀번호 1234 맞나요", "1234"),
    ("curl -u name:geheim https://x.example/a", "geheim"),
    ('curl -s --user "name:ge:heim1" https://x.example', "ge:heim1"),
    ("mysql -u root -pgeheim shop", "geheim"),
    ('mysqldump -uroot -p"ge heim1" shop', "ge heim1"),
    ("sshpass -p geheim ssh kim@host", "geheim"),
    ("docker login -u kim -p geheim7 registry", "geheim7"),
    ("redis-cli -h cache -a geheim9 ping", "geheim9"),
    ("ldapsearch -D cn=admin -w geheim9 -b dc=x", "geheim9"),
    ("unzip -P geheim7 a.zip", "geheim7"),
]
OF_HANGUL = [
    ("비밀번호는 사랑해요입니다", "사랑해요"),
    ("비밀번호: 사랑해요", "사랑해요"),
    ("비밀번호: 사랑해요입니다.", "사랑해요"),
    ("비번 : 우리집강아지\n아이디 : kim", "우리집강아지"),
    ("비밀번호(네 자 이상): 파란하늘", "파란하늘"),
    ("비밀번호：파란하늘", "파란하늘"),
    ("아이디: kim 비밀번호: 바나나우유 이름: 민수", "바나나우유"),
    ("비밀번호: 바나나우유, 아이디: kim", "바나나우유"),
    ("password: 나는나비", "나는나비"),
    ("암호=열려라참깨", "열려라참깨"),
    ("비밀번호: 사랑해1004!", "사랑해1004!"),
    ("비밀번호를 사랑해요로 바꿨어요", "사랑해요"),
    ("비밀번호는 가자가자로 새로 설정했습니다", "가자가자"),
    ("제 비밀번호는 우리집강아지예요", "우리집강아지"),
    ("와이파이 비밀번호는 파란하늘입니다", "파란하늘"),
    ("우리 집 현관 비번은 무지개동산입니다.", "무지개동산"),
]
NOT_OF_HANGUL = [
    "비밀번호는 중요합니다",
    "비밀번호는 비밀입니다",
    "비밀번호는 열쇠입니다",
    "비밀번호는 개인정보입니다",
    "비밀번호: 없음",
    "비밀번호: 필수입력항목",
    "비밀번호: 변경했습니다",
    "비밀번호: 까먹었어요.",
    "비밀번호: 관리자에게 문의",
    "비밀번호: 관리자에게문의",
    "비밀번호: 숫자와영문8자리",
    "비밀번호: 이메일로전달",
    "비밀번호: 우편으로",
    "비밀번호: 팀장님께",
    "비밀번호: 뭐였더라요?",
    "비밀번호: 지문",
    "비밀번호: 서버10대",
    "비밀번호 힌트: 우리집강아지",
    "비밀번호 확인: 다시한번더",
    "비밀번호를 잊었어요",
    "비밀번호는 관리자에게 문의",
    "비밀번호를 새로 설정했어요",
    "비밀번호를 주기적으로 변경하세요",
    "비밀번호가 필요합니다로 바꿔 주세요",
    "비밀번호는 왜 중요해요",
    "제 비밀번호는 생년월일입니다",
    "제 비밀번호는 비밀이에요",
    "제 비번은 뭐예요",
    "우리 비밀번호는 어떻게 되나요",
    "와이파이 비밀번호는 전화번호입니다",
    "와이파이 비밀번호는 뒷면에 있습니다",
    "password: 문자열필드",
    "암호: 정보를 감추는 기술",
]
NEAR_MISSES = [
    '"password": "Enter your password"',
    '"password": "The password is required."',
    '"비밀번호": "비밀번호를 입력하세요"',
    '비밀번호: "8자 이상 입력"',
    'The password is "too short".',
    "암호는 string입니다",
    "비밀번호 4자리를 누르세요",
    "비밀번호 1000개가 유출됐습니다",
    "비밀번호 2024년 개정판",
    "The pin 12 is high.",
    "curl -u $USER:$PASS https://x.example",
    "curl -u kim:<password> https://x.example",
    "mysql -u root -p shop < dump.sql",
    "ssh -p 2222 host",
    "docker run -p 8080:80 -u 1000:1000 image",
    "docker login && mkdir -p /srv/data1",
    "Log in with react@9.6.9-rc.21 installed.",
    "the password field has color #a1b2c3",
    "log in at https://example.com/a1b2?c=d3!",
    "로그인 화면은 windows11? 아니면 iphone15?",
    "password hashing: sha256! or bcrypt12!",
    "비밀번호 정책 RFC-2617-12, ISO-27001",
    "@kim_9012로 로그인했어요",
    "비밀번호 재설정 100%25 완료",
]


def passwords(text: str) -> list[str]:
    return [one.text for one in find(text) if one.entity_type is EntityType.PASSWORD]


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_password_is_found_in_any_sentence_about_one(sentence: str) -> None:
    for secret in SECRETS:
        found = [one.text for one in find(sentence.format(secret)) if one.entity_type in OF_SECRETS]
        assert any(secret.rstrip("!?") in one and len(one) <= len(secret) for one in found), secret


@pytest.mark.parametrize(("text", "secret"), HITS)
def test_a_password_is_found_with_its_borders(text: str, secret: str) -> None:
    assert passwords(text) == [secret]


@pytest.mark.parametrize(("text", "secret"), OF_HANGUL)
def test_a_password_of_korean_words_is_found_where_nothing_else_may_stand(text: str, secret: str) -> None:
    assert passwords(text) == [secret]


@pytest.mark.parametrize("text", NOT_OF_HANGUL)
def test_an_ordinary_korean_sentence_about_passwords_holds_none(text: str) -> None:
    assert passwords(text) == []


@pytest.mark.parametrize("text", NEAR_MISSES)
def test_what_is_said_about_passwords_is_none(text: str) -> None:
    assert find(text) == []


def test_a_command_line_ends_at_its_line_and_at_the_next_command() -> None:
    assert find("mysql --version\nls -p geheim7") == []
    assert find("mysql --version; x -pgeheim7") == []
