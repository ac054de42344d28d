# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Passwords: behind a word for one, in front of it, near it, and in the options of commands."""

from assistant.entities import EntityType
from assistant.privacy import checks_of_signs
from assistant.privacy.row import Context, Recognizer, Start, any_of

# Between a name and its value: a sign, a particle, a verb, the border of a cell; or nothing much, and then
# the value has to look like a secret by itself.
_QUOTE = "(?:\\*\\*)?[\"'`“‘「『«\\[]?"
IS = (
    r"[*\"'`”’)\]]{0,2}(?: ?\([^)\n]{1,20}\))?(?:"
    r"(?: ?[가-힣]{1,5}){0,3}?(?: ?(?:->|=>|:=|[:=|→⇒;])[ \t]{0,3}\n{0,2} {0,4}| - )"
    r"|(?: ?[가-힣]{1,4})?(?:[은는이가을를인は是]|으?로는?|란에는?) ?\n?"
    r"|[은는] 다음과 같[가-힣]{1,4}[.:] ?\n?"
    r"| (?:is|was|to|as|of|reads|will be|should be|must be)(?: now)?:? "
    r"| (?:for|to|of|on|at) [^.\n]{1,48}?(?: (?:is|was):?|:) | from [!-~]{1,64} to |\n"
    rf"| (?=[\"'`“‘])|,[^,\"“\n]{{0,24}} (?=[\"“]))(?:(?i:bearer|basic|token) )?{_QUOTE}"
)
BESIDE = r"[\"'`”’)\]]{0,2}(?: ?\([^)\n]{1,20}\))?(?:\t|,? \(?|\(|(?<=[가-힣]))(?![=:|>])"

# A password that is named: `password: …`, `pw=…`, `비밀번호는 …`.
_NAMES = (
    *(
        "passwords?",
        "passwd",
        "passphrase",
        "passcode",
        "pass word",
        "passwort",
        "パスワ-ド",
        "密码",
        "密碼",
        "pwd",
        "pw",
        "pass",
        "psk",
        "wi-?fi key",
    ),
    *("wpa[23]? key", "network key", "pin(?: code| number)?", "login", "pgpassword", "sshpass"),
    *("rediscli_auth", "identified by"),
    *(
        "비밀 ?번호",
        "비번",
        "패스워드",
        "암호(?:문)?",
        "암호 ?구절",
        "비밀 ?문구",
        "패스프레이즈",
        "핀 ?번호",
    ),
    *("핀 ?코드", "패스코드"),
)
_NAME = any_of(*_NAMES, apart=True)
_PASSWORD_NEEDLES = (
    *("パスワ-ド", "密码", "密碼"),
    *(
        "pass",
        "pwd",
        "pw",
        "psk",
        "pin",
        "login",
        "wifi",
        "wi-fi",
        "wpa",
        "network key",
        "_auth",
        "identified by",
    ),
    *("비밀", "비번", "패스", "암호", "핀"),
)
_PASSWORD, _BESIDE_PASSWORD = (
    Start(f"{_NAME}{between}", _PASSWORD_NEEDLES, after=True, lower=True) for between in (IS, BESIDE)
)
_IN_ONE_WORD = Start(  # dbPassword=
    rf"P(?<=[a-z]P)(?:assword|asswd|wd){IS}", ("password", "passwd", "pwd"), after=True
)
_VISIBLE = "!-~"
_SIGN = r"(?:[!-(*-~]|\)(?![.,;:!?\"']{0,3}(?:\s|$|[가-힣])))"  # a bracket that ends a sentence is no part
_LAST = "[0-9A-Za-z@#$%^&*_+=~!?-](?<![*][*])"
_END = r"(?=(?:\*\*|[.,;:!?)\]}\"'`>]{0,3})(?:\s|$|[가-힣”’])|\*\*[.,;:!?)])"
_NAMED_BEHIND = (  # "… is my password", "…가 제 비밀번호입니다"
    "(?=[\"'`”’]? (?:is|was|as) (?:the|my|our|your|his|her|a) (?:[a-z-]{1,12} ){0,2}(?:password|"
    "passphrase|pin)"
    r"|[\"'`”’]?\(?(?:이?라는|[이가을를])? ?(?:제|내|새|임시|우리|저희)? ?(?:비밀번호|비번|암호|패스워드))"
)
_WITHOUT_BRACKETS = "!-'*-~"
_IN_FRONT = Start(
    rf"(?<![{_WITHOUT_BRACKETS}])(?=[{_WITHOUT_BRACKETS}]{{6,64}}{_NAMED_BEHIND})[{_VISIBLE}]",
    ("password", "passphrase", "비밀번호", "비번", "암호", "패스워드"),
)
# An account and its password in one: "login: admin / …", "ID/PW kim / …".
_ACCOUNT_NEEDLES = ("login", "log in", "credential", "account", "로그인", "계정", "접속")
_BOTH_NEEDLES = tuple(
    f"/{blank}{name}" for blank in ("", " ") for name in ("pw", "pass", "비번", "비밀", "패스", "암호")
)
_OF_ACCOUNT = Start(
    any_of("login", "credentials?", "account", "로그인(?: ?정보)?", "계정(?: ?정보)?", "접속 ?정보")
    + r"(?: ?[:=은는] ?| are )[\w.@-]{2,64} ?[/,:] ?",
    _ACCOUNT_NEEDLES,
    after=True,
    lower=True,
)
_OF_NAME = Start(
    any_of("login", "log in as", "credentials?", "로그인(?: ?정보)?", "계정(?: ?정보)?", "접속 ?정보")
    + "(?: are | is |은 |는 | ?: ?| )[a-z0-9_.@-]{2,64} ?[/:] ?",
    _ACCOUNT_NEEDLES,
    after=True,
    lower=True,
)
_OF_BOTH = Start(
    any_of("id", "user", "username", "login", "아이디", "계정")
    + " ?/ ?(?:pw|pwd|pass|password|비번|비밀번호|패스워드|암호)"
    + r" ?[:=은는]? ?[\w.@-]{2,64} ?[/,:] ?",
    _BOTH_NEEDLES,
    after=True,
    lower=True,
)
_ELEMENT = Start(  # <password>…</password>
    f"<[a-z:._-]{{0,20}}{any_of(*_NAMES)}>", ("<",), after=True, lower=True
)
# In quotes a password may have blanks: `password: "correct horse battery"`.
_PHRASE = r"(?<=\")[^\"\n]{4,128}(?=\")|(?<=['‘])[^'’\n]{4,128}(?=['’])|(?<=“)[^”\n]{4,128}(?=”)"
_PHRASE += r"|(?<=`)[^`\n]{4,128}(?=`)|(?<=「)[^」\n]{4,128}(?=」)|(?<=『)[^』\n]{4,128}(?=』)"
# Figures alone: "PIN 4821", "현관 비번 0417*".
_NUMERAL = Start(
    any_of("pin(?: ?(?:code|number|번호|코드))?", "비밀 ?번호", "비번", "핀 ?번호", "핀 ?코드", apart=True)
    + "[은는이가]? ",
    ("pin ", "pin번호", "비밀", "비번", "핀"),
    after=True,
    lower=True,
)
# A Latin word that Korean calls a password: "암호는 swordfish입니다".
_CALLED = Start(
    any_of("비밀 ?번호", "비번", "암호", "패스워드") + "(?:는|은|가|이) ?",
    ("비밀", "비번", "암호", "패스워드"),
    after=True,
)
# Far from any form, but near a word: "when it asks for the password enter …", "…로 비밀번호를 바꿨어요".
_APART = Start(
    rf"[!#-&*-9;=?-Z^_a-z~](?<![!#-&)-Z^_a-~].)(?=[{_VISIBLE}]{{5}})(?=[{_VISIBLE}]{{0,63}}?[0-9])",
    ("pass", "pwd", "pw", "비밀", "비번", "암호", "login", "log in", "로그인", "credential", "계정", "접속",
     "wifi", "wi-fi", "와이파이", "ssid", "psk"),
)  # fmt: skip
_NEAR = Context(
    "password|passwords|passphrase|passcode|passwd|pwd|pw|비밀번호|비밀 번호|비번|암호|패스워드|wifi|wi-fi"
    "|와이파이|ssid|psk|login|log in|logged in|credential|credentials|로그인|계정|접속 정보",
    0.75,
    40,
    36,
)


def _option(commands: str, option: str, needles: tuple[str, ...]) -> Start:
    """Return where the value of an option of one of `commands` begins, within its line and its command."""
    return Start(
        rf"(?<![0-9A-Za-z_.-])(?:{commands})(?= )[^\n;|&]{{0,160}}? {option}",
        needles,
        after=True,
    )


_FETCHERS = "curl|wget|https?|xh|aria2c|lftp|smbclient|rclone"
_CLIENTS = "mysql(?:dump|admin|import|sh)?|mariadb(?:-dump|-admin)?|7z[az]?|rar|unrar|cqlsh|snmpwalk"
_LOGINS = (
    "(?:docker|podman|buildah|skopeo|oras|helm registry|az|oc|cf|nerdctl) login|mongo(?:sh|dump|restore)?"
    "|influx|sqlcmd|bcp|unzip|zip|mosquitto_(?:pub|sub)|redis-cli|ldap(?:search|add|modify)"
    f"|{_CLIENTS}"
)
_AS_OPTION = (
    r"(?:(?<=\")[^\"\n]{3,128}(?=\")|(?<=')[^'\n]{3,128}(?=')|(?<![\"'])[^\"'\s<>|&;-][^\"'\s<>|&;]{2,127})"
)
_OPTIONS = (
    Recognizer(
        EntityType.PASSWORD,
        _option(
            _FETCHERS,
            r"(?:-[uU]|--user|--proxy-user|-a|--auth)[ =]?[\"']?[^\s\"':%@/]{1,64}[:%]",
            ("curl", "wget", "http", "xh ", "aria2c", "lftp", "smbclient", "rclone"),
        ),
        r"[^\s\"'<>|;]{3,128}",
        0.85,
        possible=checks_of_signs.chosen_word,
    ),
    Recognizer(
        EntityType.PASSWORD,
        Start(
            rf"(?<![0-9A-Za-z_.-])(?:(?:{_CLIENTS})(?= )[^\n;|&]{{0,160}}? -p(?=\S)|sshpass -p ?)[\"']?",
            ("mysql", "mariadb", "sshpass", "7z", "rar", "cqlsh", "snmp"),
            after=True,
        ),
        _AS_OPTION,
        0.85,
        possible=checks_of_signs.chosen_word,
    ),
    Recognizer(
        EntityType.PASSWORD,
        _option(
            _LOGINS,
            r"(?:-p|-P|-w|-a|--pass|--password|--authenticationPassword) [\"']?",
            ("login", "mongo", "influx", "sqlcmd", "bcp", "zip", "mosquitto", "redis", "ldap",
             "mysql", "mariadb", "cqlsh"),
        ),
        _AS_OPTION,
        0.8,
        possible=checks_of_signs.password_in_command,
    ),
)  # fmt: skip

PASSWORDS = (
    Recognizer(
        EntityType.PASSWORD,
        _PASSWORD,
        r"(?<=[\"'`“‘「『])[^\s\"'`”’」』]{4,128}(?=[\"'`”’」』])",
        0.92,
        possible=checks_of_signs.chosen_word,
    ),
    Recognizer(EntityType.PASSWORD, _PASSWORD, _PHRASE, 0.91, possible=checks_of_signs.passphrase),
    Recognizer(
        EntityType.PASSWORD,
        _PASSWORD,
        rf"(?<![\"'`“‘]){_SIGN}{{3,127}}{_LAST}{_END}",
        0.9,
        possible=checks_of_signs.password,
    ),
    Recognizer(
        EntityType.PASSWORD, _IN_ONE_WORD, rf"{_SIGN}{{3,127}}{_LAST}", 0.9, possible=checks_of_signs.password
    ),
    *(
        Recognizer(
            EntityType.PASSWORD,
            start,
            rf"{_SIGN}{{3,127}}{_LAST}{_END}",
            score,
            possible=checks_of_signs.password_by_itself,
        )
        for start, score in ((_BESIDE_PASSWORD, 0.8), (_OF_ACCOUNT, 0.8), (_OF_BOTH, 0.95))
    ),
    Recognizer(
        EntityType.PASSWORD,
        _OF_NAME,
        rf"{_SIGN}{{3,127}}{_LAST}{_END}",
        0.8,
        possible=checks_of_signs.obvious_password,
    ),
    Recognizer(
        EntityType.PASSWORD,
        _IN_FRONT,
        rf"[{_WITHOUT_BRACKETS}]{{6,64}}?{_NAMED_BEHIND}",
        0.8,
        possible=checks_of_signs.password_by_itself,
    ),
    Recognizer(
        EntityType.PASSWORD,
        _PASSWORD,
        rf"{_SIGN}{{3,127}}{_LAST}",
        0.6,
        possible=checks_of_signs.password,
    ),
    Recognizer(
        EntityType.PASSWORD, _ELEMENT, "[^\\s<>]{3,128}(?=</)", 0.95, possible=checks_of_signs.chosen_word
    ),
    Recognizer(
        EntityType.PASSWORD,
        _NUMERAL,
        r"[0-9]{4,8}[#*]?(?![0-9A-Za-z%_]|[-.,:/][0-9]| ?[년월일개건명번회자원만억천장분초시])",
        0.7,
    ),
    Recognizer(
        EntityType.PASSWORD,
        _CALLED,
        "[a-z]{5,24}(?=입니다|이에요|예요|이야|이었|였|이고|이며|이다|임[ .\n])",
        0.7,
        possible=checks_of_signs.chosen_word,
    ),
    Recognizer(
        EntityType.PASSWORD,
        _APART,
        rf"[{_VISIBLE}]{{6,64}}(?![{_VISIBLE}])(?<![.,;:)\]}}\"'`>])"
        rf"|[{_VISIBLE}]{{6,64}}(?=[.,;:)\]}}\"'`>]{{1,3}}(?![{_VISIBLE}]))(?<![.,;:)\]}}\"'`>])",
        0.3,
        _NEAR,
        checks_of_signs.obvious_password,
    ),
    *_OPTIONS,
)
