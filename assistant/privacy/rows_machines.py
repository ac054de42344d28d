# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Addresses of machines: of the internet protocol in both versions, and of network cards."""

from dataclasses import replace

from assistant.entities import EntityType
from assistant.privacy import checks_of_signs
from assistant.privacy.row import Context, Recognizer, Start
from assistant.privacy.starts import low_line

_OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_IP4 = Start(
    r"[0-9](?<![0-9A-Za-z.].)(?:(?<![-_@].)|(?<=[0-9]-.)|"
    + low_line("ip", "host", "addr", "server")
    + r")(?=[0-9]{0,2}\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9])"
)
_COLONS = Start(
    r":(?=[0-9A-Fa-f]{0,4}:)|-(?=(?:[0-9A-Fa-f]{2}-){4})|\.(?=[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}(?![0-9A-Za-z]))",
    back="0123456789abcdefABCDEF",
    reach=4,
)
_GROUP = "[0-9A-Fa-f]{1,4}"
_MACHINE = "(?<![0-9A-Za-z_:.-])"
_MACHINE_END = r"(?![0-9A-Za-z_]|[:-][0-9A-Za-z]|\.[0-9])"
_NETWORK = Context(
    "ip|ipv4|address|addr|host|server|client|login|logged in|ping|gateway|dns|firewall|block|"
    "blocked|ban|remote|proxy|"
    "request|requests|ssh|scp|sftp|rdp|telnet|subnet|network|router|port|traffic|vpn|connection|connect|node|device"
    "|session|nameserver|dhcp|nat|lan|wan|nas|printer|camera|computer|laptop|machine|packet|packets|hop|peer"
    "|endpoint|source|src|destination|dst|attack|attacks|attempt|attempts|scan|whitelist|allowlist|abuse|"
    "아이피|주소|서버|접속|로그인|차단|방화벽|게이트웨이|호스트|네트워크|공유기|라우터|포트|"
    "트래픽|노드|단말|기기|요청|클라이언트|세션|원격|장비|대역|서브넷|내부망|외부망|인터넷|와이파이|핑|프린터|카메라"
    "|컴퓨터|노트북|공격|스캔|출발지|목적지|발신지|패킷|접근|허용|호출|통신",
    0.95,
    32,
    once=True,
)
_VERSION = Context(
    "tag|version|ver|release|npm|pip|upgrade|update|build|firmware|chrome|firefox|태그|버전|"
    "릴리스|되돌|업데이트|"
    "업그레이드|배포|빌드|펌웨어|출시",
    0.0,
    24,
    8,
    once=True,
)
# What follows a number of a version, of a law or of a chapter; "장" may begin 장비.
_IP4_ADDRESS = (
    rf"{_OCTET}(?:\.{_OCTET}){{3}}(?![0-9A-Za-z_]|\.[0-9]|-(?![0-9]{{1,3}}(?:\.[0-9]{{1,3}}){{3}})[0-9A-Za-z]"
    r"| ?(?:[절항장](?![가-힣])|[절항장][은는이가을를에의과와]|버전|태그|릴리스|업데이트))"
)
MACHINES = (
    Recognizer(
        EntityType.IP,
        _IP4,
        _IP4_ADDRESS,
        0.3,
        _NETWORK,
        checks_of_signs.machine,
        against=_VERSION,
    ),
    Recognizer(
        EntityType.IP,
        _IP4,
        _IP4_ADDRESS,
        0.75,
        _NETWORK,
        checks_of_signs.no_version,
        against=replace(_VERSION, after=0),
    ),
    Recognizer(
        EntityType.IP,
        _IP4,
        rf"(?:{_OCTET}(?:\.{_OCTET}){{3}}(?=:[0-9]{{2,5}}(?![0-9])|/[0-9]{{1,2}}(?![0-9]))|"
        rf"(?<=//){_OCTET}(?:\.{_OCTET}){{3}}(?=[/:]))",
        0.8,
        _NETWORK,
        checks_of_signs.machine,
    ),
    Recognizer(  # ssh kim@203.0.113.9
        EntityType.IP,
        Start(
            r"(?<![0-9A-Za-z_.-])(?:ssh|scp|sftp|rsync|mosh|ftp)(?= )[^\n;|&]{0,80}?[0-9A-Za-z_-]@(?=[0-9])",
            ("ssh", "scp", "sftp", "rsync", "mosh", "ftp"),
            after=True,
        ),
        rf"{_OCTET}(?:\.{_OCTET}){{3}}(?![0-9A-Za-z_]|\.[0-9])",
        0.85,
        _NETWORK,
        checks_of_signs.machine,
    ),
    Recognizer(
        EntityType.IP,
        _COLONS,
        rf"{_MACHINE}(?:{_GROUP}(?::{_GROUP}){{7}}|"
        rf"(?:{_GROUP}(?::{_GROUP}){{0,6}})?::(?:{_GROUP}(?::{_GROUP}){{0,6}})?"
        rf"|(?:(?:{_GROUP}(?::{_GROUP}){{0,4}})?::(?:{_GROUP}:){{0,4}}|(?:{_GROUP}:){{6}})"
        rf"{_OCTET}(?:\.{_OCTET}){{3}}){_MACHINE_END}",
        0.9,
        Context("ip|ipv6|아이피", 0.95),
        checks_of_signs.machine,
    ),
    Recognizer(
        EntityType.MAC,
        _COLONS,
        rf"{_MACHINE}(?:[0-9A-Fa-f]{{2}}(?::[0-9A-Fa-f]{{2}}){{5}}|[0-9A-Fa-f]{{2}}(?:-[0-9A-Fa-f]{{2}}){{5}}"
        rf"|[0-9A-Fa-f]{{4}}(?:\.[0-9A-Fa-f]{{4}}){{2}}){_MACHINE_END}",
        0.9,
        Context("mac|hardware|physical|wi-?fi|맥|하드웨어|물리", 0.95),
        checks_of_signs.hardware,
    ),
    Recognizer(
        EntityType.MAC,
        Start(
            r"[0-9A-Fa-f](?<![0-9A-Za-z_].)(?=[0-9A-Fa-f]{11}(?![0-9A-Za-z]))",
            ("mac", "맥주소", "맥 주소", "물리"),
        ),
        "[0-9A-Fa-f]{12}(?![0-9A-Za-z_])",
        0.2,
        Context("mac|mac address|맥 주소|맥주소|물리 주소|물리적 주소|하드웨어 주소", 0.85),
        checks_of_signs.hardware,
    ),
)
