# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Made-up secrets in the forms that services publish. Each is drawn at random and opens nothing.

The forms are put together from pieces, so that nobody who looks for secrets finds one in this file.
"""

import base64
import json
import string
import zlib
from random import Random

from assistant.entities import EntityType
from tests.benchmarks.privacy_values import Kind, chosen, drawn, word

LETTERS = string.ascii_letters + string.digits
SMALL = string.ascii_lowercase + string.digits
URL64 = LETTERS + "-_"
CAPITALS = string.ascii_uppercase + "234567"
HEX = "0123456789abcdef"
FORMS: tuple[tuple[tuple[str, ...], str, int], ...] = (  # first letters in pieces, alphabet, how many
    (("AK", "IA"), CAPITALS, 16),
    (("AS", "IA"), CAPITALS, 16),
    (("github", "_pat_11"), LETTERS, 80),
    (("gl", "pat-"), URL64, 20),
    (("xo", "xb-", "123456789012-1234567890123-"), LETTERS, 24),
    (("xo", "xp-", "123456789012-123456789012-"), LETTERS, 32),
    (("AI", "za", "Sy"), URL64, 33),
    (("GOC", "SPX-"), URL64, 28),
    (("ya", "29.", "a0"), URL64, 120),
    (("sk", "_live_"), LETTERS, 24),
    (("rk", "_live_"), LETTERS, 24),
    (("sk", "_test_51"), LETTERS, 97),
    (("wh", "sec_"), LETTERS, 32),
    (("sk", "-proj-"), URL64, 120),
    (("sk", "-ant-", "api03-"), URL64, 93),
    (("h", "f_"), string.ascii_letters, 34),
    (("py", "pi-", "AgEIcHlwaS5vcmc"), URL64, 140),
    (("do", "p_v1_"), HEX, 64),
    (("sh", "pat_"), HEX, 32),
    (("da", "pi"), HEX, 32),
    (("sq0", "atp-"), URL64, 22),
    (("li", "n_api_"), LETTERS, 40),
    (("hv", "s."), LETTERS, 90),
    (("gl", "sa_"), LETTERS, 32),
    (("ke", "y-"), HEX, 32),
)


def token(rng: Random) -> str:
    """Return a token of a service: its known first letters, then noise."""
    other = rng.random()
    if other < 0.12:
        return _with_check(rng, rng.choice(("gh" + "p_", "gh" + "o_", "gh" + "s_", "np" + "m_")))
    if other < 0.16:
        return f"S{'G'}.{chosen(rng, URL64, 22)}.{chosen(rng, URL64, 43)}"
    if other < 0.20:
        return f"{drawn(rng, '%#########')}:A{'A'}{chosen(rng, URL64, 33)}"
    pieces, alphabet, count = rng.choice(FORMS)
    return "".join(pieces) + chosen(rng, alphabet, count)


def _with_check(rng: Random, head: str) -> str:
    """Return a token that ends, like GitHub's and npm's, in the CRC-32 of its noise, in base 62."""
    body = chosen(rng, LETTERS, 30)
    number, signs = zlib.crc32(body.encode()), ""
    alphabet = string.digits + string.ascii_uppercase + string.ascii_lowercase
    for _ in range(6):
        number, rest = divmod(number, 62)
        signs = alphabet[rest] + signs
    return head + body + signs


def opaque(rng: Random) -> str:
    """Return a key without a form of its own: only the words beside it tell what it is."""
    return rng.choice((chosen(rng, HEX, 32), chosen(rng, LETTERS, 40), chosen(rng, LETTERS + "/+", 40)))


def web_token(rng: Random) -> str:
    """Return a JSON web token (RFC 7519), signed by noise."""
    now = rng.randint(1_600_000_000, 1_800_000_000)
    head = {"alg": rng.choice(("HS256", "RS256", "ES256")), "typ": "JWT"}
    body = {"sub": drawn(rng, "%#########"), "name": word(rng), "iat": now, "exp": now + 3600}
    parts = [json.dumps(part, separators=(",", ":")).encode() for part in (head, body)]
    return ".".join(_url64(part) for part in (*parts, rng.randbytes(rng.choice((32, 64)))))


def _url64(some: bytes) -> str:
    return base64.urlsafe_b64encode(some).decode().rstrip("=")


def private_key(rng: Random) -> str:
    """Return a private key in PEM armour (RFC 7468), RFC 4716's and OpenPGP's kinds included."""
    kind = rng.choice(("", "RSA ", "EC ", "OPENSSH ", "ENCRYPTED ", "DSA "))
    what = rng.choice((f"{kind}PRIVATE KEY", f"{kind}PRIVATE KEY", "PGP PRIVATE KEY BLOCK"))
    lines = [chosen(rng, LETTERS + "+/", 64) for _ in range(rng.randint(2, 6))]
    lines.append(chosen(rng, LETTERS + "+/", rng.randint(8, 60)) + "==")
    if what.startswith("PGP"):
        lines = ["", *lines, "=" + chosen(rng, LETTERS, 4)]
    return "\n".join((f"-----BEGIN {what}-----", *lines, f"-----END {what}-----"))


def private_key_in_line(rng: Random) -> str:
    """Return a private key whose lines are joined by a written \\n, as in JSON."""
    return private_key(rng).replace("\n", "\\n")


def password(rng: Random) -> str:
    """Return a password as people choose them, or as a program does."""
    capital = word(rng).title()
    signs = "!@#$%^&*?"
    return rng.choice(
        (
            f"{capital}{drawn(rng, '%###')}{rng.choice(signs)}",
            f"{word(rng)}{drawn(rng, '##')}{rng.choice(signs)}",
            chosen(rng, LETTERS, 12) + rng.choice("#$%&*") + chosen(rng, LETTERS, 3),
            f"{word(rng)}-{word(rng)}-{drawn(rng, '##')}-{word(rng)}",
            f"qwer{drawn(rng, '####')}{rng.choice(signs)}",
            f"{rng.choice('P@p')}{rng.choice('@a')}ss{drawn(rng, '####')}{rng.choice(signs)}",
        )
    )


def connection(rng: Random) -> str:
    """Return a connection string or an address, with its password."""
    user, secret, host = (
        word(rng),
        chosen(rng, LETTERS, 10),
        f"{word(rng)}.{rng.choice(('internal', 'com', 'io'))}",
    )
    base = rng.choice(("app", "shop", "main"))
    schemes = (
        "postgres",
        "postgresql",
        "mysql",
        "mongodb+srv",
        "redis",
        "amqp",
        "https",
        "ftp",
        "mssql",
        "smtp",
    )
    port = rng.choice((f":{rng.choice((5432, 3306, 6379, 5672, 8443))}", ""))
    return rng.choice(
        (
            *((f"{rng.choice(schemes)}://{user}:{secret}@{host}{port}/{base}",) * 6),
            f"redis://:{secret}@{host}:6379/0",
            f"Server={host};Database={base};User Id={user};Password={secret}",
            f"jdbc:mysql://{host}:3306/{base}?user={user}&password={secret}",
            (
                f"DefaultEndpointsProtocol=https;AccountName={user};AccountKey={chosen(rng, LETTERS, 86)}==;"
                "EndpointSuffix=core.windows.net"
            ),
        )
    )


KINDS: tuple[Kind, ...] = (
    Kind("token", EntityType.TOKEN, token, "token", 4.0, 4.0, varied="word"),
    Kind("opaque", EntityType.TOKEN, opaque, "opaque", varied=""),
    Kind("web_token", EntityType.TOKEN, web_token, "web_token", varied=""),
    Kind("private_key", EntityType.PRIVATE_KEY, private_key, "private_key", 3.0, 3.0, varied=""),
    Kind("private_key_in_line", EntityType.PRIVATE_KEY, private_key_in_line, "private_key", varied=""),
    Kind("password", EntityType.PASSWORD, password, "password", varied=""),
    Kind("connection", EntityType.CONNECTION, connection, "connection", varied=""),
)
