# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Secrets: private keys, tokens of services, JSON web tokens, connection strings; passwords beside them.

Prefixes and lengths of tokens are those that the services publish for scanners of leaked secrets.
"""

from assistant.entities import EntityType
from assistant.privacy import checks_of_signs
from assistant.privacy.row import Recognizer, Start, any_of
from assistant.privacy.rows_passwords import BESIDE, IS, PASSWORDS
from assistant.privacy.rows_passwords_hangul import HANGUL_PASSWORDS

# RFC 7468; OpenPGP; a cut-off block counts as far as it goes. Line ends may be written as \n.
_KEY = Recognizer(
    EntityType.PRIVATE_KEY,
    Start("-----BEGIN (?=[A-Z0-9 ]{0,30}PRIVATE KEY)", ("-----begin ",)),
    r"-----BEGIN [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----(?=(?:\s|\\n){0,4}[A-Za-z0-9+/=]{16}|"
    r"(?:[^-]|-(?!----)){0,8000}+-----END)(?:[^-]|-(?!----)){0,8000}+(?:-----END "
    r"[A-Z0-9 ]{0,40}-----)?",
    0.99,
)
_PUTTY = Recognizer(
    EntityType.PRIVATE_KEY,
    Start("PuTTY-User-Key-File-", ("putty-user-key-file-",)),
    r"PuTTY-User-Key-File-[0-9]: [^\n]{1,80}\n(?:[A-Za-z-]{1,20}: ?[^\n]{0,200}\n|[A-Za-z0-9+"
    r"/=]{1,80}\n?){0,100}+",
    0.99,
)

# What follows a fixed prefix.
_PREFIXED = (
    ("akia|asia|abia|acca", "(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}"),  # Amazon
    ("aiza", "AIza[0-9A-Za-z_-]{35}"),  # Google
    ("gocspx-", "GOCSPX-[0-9A-Za-z_-]{28}"),
    ("ya29.", r"ya29\.[0-9A-Za-z_-]{20,400}"),
    ("ghp_|gho_|ghu_|ghs_|ghr_", "gh[pousr]_[0-9A-Za-z]{36,251}"),  # GitHub
    ("github_pat_", "github_pat_[0-9A-Za-z_]{22,251}"),
    ("glpat-|gldt-|glrt-|glptt-|glsoat-", r"gl(?:pat|dt|rt|ptt|soat)-[0-9A-Za-z_.-]{20,60}"),  # GitLab
    ("xox", "xox[abeoprs](?:\\.xox[bp])?-[0-9A-Za-z-]{10,250}"),  # Slack
    ("xapp-", "xapp-[0-9]-[0-9A-Za-z-]{10,250}"),
    ("hooks.slack.com/", "hooks\\.slack\\.com/(?:services|workflows)/[0-9A-Za-z_/+-]{20,120}"),
    ("sk_live_|sk_test_|rk_live_|rk_test_", "[sr]k_(?:live|test)_[0-9A-Za-z]{16,250}"),  # Stripe
    ("pk_live_|pk_test_", "pk_(?:live|test)_[0-9A-Za-z]{16,250}"),
    ("whsec_", "whsec_[0-9A-Za-z+/=]{24,80}"),
    ("sk-", "sk-(?:[a-z0-9]{2,12}-){0,3}[0-9A-Za-z_-]{20,250}"),  # OpenAI, Anthropic and their like
    ("hf_", "hf_[0-9A-Za-z]{30,60}"),  # Hugging Face
    ("gsk_", "gsk_[0-9A-Za-z]{40,60}"),
    ("r8_", "r8_[0-9A-Za-z]{37}"),
    ("npm_", "npm_[0-9A-Za-z]{36}"),
    ("pypi-", "pypi-[0-9A-Za-z_-]{16,250}"),
    ("rubygems_", "rubygems_[0-9a-f]{48}"),
    ("sg.", r"SG\.[0-9A-Za-z_-]{16,32}\.[0-9A-Za-z_-]{30,64}"),  # SendGrid
    ("dop_v1_|doo_v1_|dor_v1_", "do[opr]_v1_[0-9a-f]{64}"),
    ("shpat_|shpca_|shppa_|shpss_", "shp(?:at|ca|pa|ss)_[0-9A-Fa-f]{32}"),
    ("eaacedeose0cba", "EAACEdEose0cBA[0-9A-Za-z]{20,250}"),
    ("sq0atp-|sq0csp-", "sq0(?:atp|csp)-[0-9A-Za-z_-]{22,43}"),
    ("lin_api_", "lin_api_[0-9A-Za-z]{40}"),
    ("key-", "key-[0-9a-f]{32}"),  # Mailgun
    ("dckr_pat_", "dckr_pat_[0-9A-Za-z_-]{20,60}"),
    ("hvs.", r"hvs\.[0-9A-Za-z_-]{24,200}"),
    ("atatt3", "ATATT3[0-9A-Za-z_=-]{50,250}"),
    ("secret_|ntn_", "(?:secret|ntn)_[0-9A-Za-z]{40,60}"),  # Notion
    ("figd_", "figd_[0-9A-Za-z_-]{30,60}"),
    ("pmak-", "PMAK-[0-9a-f]{24}-[0-9a-f]{34}"),
    ("nvapi-", "nvapi-[0-9A-Za-z_-]{40,90}"),
    ("xkeysib-", "xkeysib-[0-9a-f]{64}-[0-9A-Za-z]{16}"),
    ("age-secret-key-", "AGE-SECRET-KEY-1[0-9A-Z]{58}"),
    ("ac|sk", "(?:AC|SK)[0-9a-f]{32}"),  # Twilio
    ("dapi", "dapi[0-9a-f]{32}(?:-[0-9])?"),  # Databricks
    ("glsa_|glc_", "gl(?:sa|c)_[0-9A-Za-z_+/=-]{32,250}"),  # Grafana
    ("amzn.mws.", r"amzn\.mws\.[0-9a-f-]{36}"),
)
_LETTERS_END = "(?![0-9A-Za-z_])"
_ALPHANUMERIC = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
_WITH_LOW_LINE = Start("_(?<=[0-9A-Za-z]_)", back=_ALPHANUMERIC + "_", reach=16)
_WITH_HYPHEN = Start("-(?<=[A-Za-z]-)(?=[0-9A-Za-z])", back=_ALPHANUMERIC, reach=8)
_TWILIO = Start("(?:AC|SK)[0-9a-f]{32}")
_OTHERS = Start(
    r"AKIA|ASIA|ABIA|ACCA|AIza|ya29\.|hooks\.slack|SG\.|EAACEd|sq0|hvs\.|ATATT3|amzn\.mws|dapi|AGE-SECRET",
    ("akia", "asia", "abia", "acca", "aiza", "ya29.", "hooks.slack", "sg.", "eaaced", "sq0", "hvs.", "atatt3",
     "amzn.mws", "dapi", "age-secret"),
)  # fmt: skip


def _start(heads: str) -> Start:
    if heads == "ac|sk":
        return _TWILIO
    if heads.endswith("_"):
        return _WITH_LOW_LINE
    plain = heads.endswith("-") and not heads.startswith(("age", "sq0"))
    return _WITH_HYPHEN if plain or heads == "xox" else _OTHERS


_SERVICES = (
    *(
        Recognizer(
            EntityType.TOKEN,
            _start(heads),
            f"(?<![0-9A-Za-z_]){shape}{_LETTERS_END}",
            0.97,
        )
        for heads, shape in _PREFIXED
    ),
    Recognizer(  # of a Telegram bot
        EntityType.TOKEN,
        Start("[0-9](?<![0-9A-Za-z_].)(?=[0-9]{7,9}:AA)", (":aa",)),
        f"[0-9]{{8,10}}:AA[0-9A-Za-z_-]{{33}}{_LETTERS_END}",
        0.97,
    ),
    Recognizer(  # RFC 7519
        EntityType.TOKEN,
        Start("eyJ(?<![0-9A-Za-z_-]eyJ)(?=[0-9A-Za-z_-]{8})", ("eyj",)),
        r"eyJ[0-9A-Za-z_-]++\.\n?[0-9A-Za-z_-]++\.\n?[0-9A-Za-z_-]*+",
        0.3,
        certain=checks_of_signs.web_token,
    ),
)

# A value that is named a key or a token: `api_key = "…"`, `Authorization: Bearer …`, `API 키는 …`.
_S = "[ _-]?"
_KEY_NAMES = (
    *(f"api{_S}key", f"api{_S}secret", f"app{_S}key", f"app{_S}secret", f"access{_S}key(?:{_S}id)?"),
    *(
        f"access{_S}token",
        f"auth{_S}token",
        f"account{_S}key",
        "bearer",
        f"bot{_S}token",
        f"client{_S}secret",
    ),
    *(f"consumer{_S}key", f"consumer{_S}secret", "credentials?", f"encryption{_S}key", f"licen[sc]e{_S}key"),
    *(
        f"master{_S}key",
        f"private{_S}key",
        f"refresh{_S}token",
        f"secret{_S}key",
        "secret",
        f"service{_S}key",
    ),
    *(f"session{_S}key", f"signing{_S}key", f"subscription{_S}key", "token", f"webhook{_S}secret"),
    *(
        "keys?(?<![a-z]key)(?<![a-z]keys)(?= ?(?:[:=]|is ))",
        "api ?키",
        "키(?= ?[:=]|[는가] )",
        "에이피아이 ?키",
    ),
    *(
        "인증 ?키",
        "인증 ?토큰",
        "액세스 ?토큰",
        "접근 ?토큰",
        "비밀 ?키",
        "시크릿(?: ?키)?",
        "토큰",
        "서비스 ?키",
    ),
    *("개인 ?키", "보안 ?키", "엑세스 ?키", "액세스 ?키"),
)
_KEY_NEEDLES = ("key", "token", "secret", "bearer", "credential", "키", "토큰", "시크릿")
_KEY_NAME = any_of(*_KEY_NAMES)
_NAMED = tuple(
    Start(f"{_KEY_NAME}{between}", _KEY_NEEDLES, after=True, lower=True) for between in (IS, BESIDE)
)
_NAMED_TOKENS = tuple(
    Recognizer(
        EntityType.TOKEN,
        start,
        r"[0-9A-Za-z_+/=.~-]{16,512}+(?<![.])|[0-9A-Za-z_+/=~-]{16,512}(?=\.)",
        0.9,
        possible=checks_of_signs.random_looking,
    )
    for start in _NAMED
)

# Addresses with a password in them (RFC 3986, 3.2.1) and the strings that databases and clouds hand out.
_STOP = r"\s<>\"'`“”‘’가-힣"
_CONNECTIONS = (
    Recognizer(
        EntityType.CONNECTION,
        Start(
            r"://(?=[^\s/@:]{0,128}:[^\s/@]{1,256}@)",
            ("://",),
            back="abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+.-",
            reach=40,
        ),
        rf"[A-Za-z][A-Za-z0-9+.-]{{1,39}}://[^\s/@:]{{0,128}}:[^\s/@]{{1,256}}@(?:[^{_STOP},;)\]]|"
        rf"[,;)\]](?=[^{_STOP}])){{1,512}}(?<![.!?])",
        0.98,
        possible=checks_of_signs.real_credentials,
    ),
    Recognizer(
        EntityType.CONNECTION,
        Start(
            rf"://(?=[^{_STOP}]{{1,300}}?[?&;](?i:password|passwd|pwd)=)",
            ("password=", "passwd=", "pwd="),
            back="abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+.-:",
            reach=40,
        ),
        rf"(?i:[a-z][a-z0-9+.:-]{{1,39}}//[^{_STOP}]{{1,300}}?[?&;](?:password|passwd|pwd)"
        rf"=[^{_STOP}&;]{{1,128}}[^{_STOP}]{{0,256}})(?<![.,;:!?)])",
        0.97,
    ),
    Recognizer(
        EntityType.CONNECTION,
        Start(
            r"(?i:(?:server|data source|host|hostname|addr|driver|endpoint|"
            r"defaultendpointsprotocol|accountname|dbname|user id|uid|provider|database|initial "
            r"catalog) ?=)(?<![;=A-Za-z])?",
            ("password=", "pwd=", "password =", "pwd =", "accountkey=", "sharedaccesskey=", "password ="),
        ),
        r"(?<![A-Za-z;])(?i:(?:[a-z][a-z ]{1,30}+ ?= ?(?:'[^'\n]{0,200}'|\"[^\"\n]{0,200}\"|"
        r"\{[^}\n]{0,80}\}|[^;\s\"'가-힣]{1,300}+(?: [^;\s=\"']{1,40}+(?=;))?) ?; ?\n?){1,12}+"
        r"(?:[a-z][a-z ]{1,30}+ ?= ?(?:'[^'\n]{0,200}'|[^;\s\"'가-힣]{1,300}+))?+;?)",
        0.9,
        possible=checks_of_signs.names_a_password,
    ),
    Recognizer(
        EntityType.CONNECTION,
        Start("(?i:(?:host|dbname|user|hostaddr)=)", ("password=",)),
        r"(?<![A-Za-z;])(?i:(?:[a-z_]{2,20}+=(?:'[^'\n]{0,200}'|[^\s;,\"']{1,200}) "
        r"){1,8}[a-z_]{2,20}+=(?:'[^'\n]{0,200}'|[^\s;,\"'가-힣]{1,200}))(?<![.])",
        0.9,
        possible=checks_of_signs.names_a_password,
    ),
)

SECRETS = (_KEY, _PUTTY, *_SERVICES, *_NAMED_TOKENS, *PASSWORDS, *HANGUL_PASSWORDS, *_CONNECTIONS)
