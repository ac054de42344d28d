# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
import pytest

from ui.markdown import (
    CLOSE,
    FIRST_CHIP,
    FIRST_UNSURE,
    JOINER,
    OPEN,
    UNSURE_CLOSE,
    Block,
    BlockKind,
    blocks,
    for_qt,
    marked,
    without_marks,
)

CHIP = chr(FIRST_CHIP)


def test_code_and_tables_become_blocks_of_their_own() -> None:
    source = "Before\n\n```python\nprint(1)\n```\nBetween\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\nAfter"
    assert blocks(source) == [
        Block(BlockKind.TEXT, "Before"),
        Block(BlockKind.CODE, "print(1)", "python"),
        Block(BlockKind.TEXT, "Between"),
        Block(BlockKind.TABLE, "| a | b |\n|---|---|\n| 1 | 2 |"),
        Block(BlockKind.TEXT, "After"),
    ]


def test_long_prose_is_cut_between_paragraphs_only() -> None:
    paragraph = "word " * 200
    listed = "\n".join(f"- {n}\n\n  more of {n}" for n in range(200))
    source = "\n\n".join([paragraph] * 4 + [listed] + [paragraph] * 2)
    pieces = blocks(source)
    assert len(pieces) == 3
    assert "\n\n".join(piece.text for piece in pieces).split() == source.split()
    assert sum("more of" in piece.text for piece in pieces) == 1
    grown = blocks(source + " and more")
    assert grown[:-1] == pieces[:-1]


def test_an_unclosed_fence_is_code_to_the_end() -> None:
    assert blocks("```sh\nls\nmore") == [Block(BlockKind.CODE, "ls\nmore", "sh")]


def test_a_fence_in_a_list_loses_its_indent() -> None:
    assert blocks("1. One\n   ```\n   a\n     b\n   ```")[1] == Block(BlockKind.CODE, "a\n  b")


def test_a_shorter_fence_does_not_close_a_longer_one() -> None:
    assert blocks("````\n```\nx\n```\n````") == [Block(BlockKind.CODE, "```\nx\n```")]


@pytest.mark.parametrize(
    ("source", "span", "expected"),
    [
        ("The rent is 850.", (0, 16), f"The rent is 850.{CHIP}"),
        ("**The rent is 850.** Next", (0, 20), f"**The rent is 850.{CHIP}** Next"),
        ("One. \n\nTwo.", (0, 5), f"One.{CHIP} \n\nTwo."),
        ("| a | 850 |", (0, 11), f"| a | 850{CHIP} |"),
        ("월세는 85만 원입니다.", (0, 13), f"월세는 85만 원입니다.{CHIP}"),
    ],
)
def test_a_chip_stands_at_the_end_of_its_sentence(source: str, span: tuple[int, int], expected: str) -> None:
    assert marked(source, [span]) == expected


def test_unsupported_marks_keep_lists_and_headings_alive() -> None:
    source = "- First claim.\n- Second claim."
    both = marked(source, [], [(0, len(source))])
    assert both == f"- {OPEN}First claim.{CLOSE}\n- {OPEN}Second claim.{CLOSE}"


def test_no_mark_enters_code() -> None:
    source = "Look:\n```\na.b\n```"
    assert marked(source, [(6, 13)], [(6, 13)]) == source


def test_a_forged_mark_in_the_models_text_is_no_mark() -> None:
    assert CHIP not in marked(f"I cite{CHIP} myself")
    assert len(marked(f"{OPEN}x")) == 2


def test_marks_can_be_taken_out_again() -> None:
    source = "**굵게**는 월세입니다."
    assert without_marks(for_qt(marked(source, [(0, len(source))], [(0, len(source))]))) == source


def test_emphasis_may_touch_hangul() -> None:
    assert for_qt('는 **"월세"**는') == f'는 {JOINER}**"월세"**{JOINER}는'
    assert for_qt("`**코드**`") == "`**코드**`"
    assert for_qt("**plain**") == "**plain**"


def unsure(source: str, *words: str) -> str:
    """Return `source` with marks around `words`, shown as <0:word>."""
    spans = [(source.index(word), source.index(word) + len(word)) for word in words]
    shown = marked(source, unsure=spans).replace(UNSURE_CLOSE, ">")
    return "".join(
        f"<{ord(letter) - FIRST_UNSURE}:" if ord(letter) >= FIRST_UNSURE else letter for letter in shown
    )


def test_words_that_the_model_was_not_sure_of_are_marked_and_markdown_stays_whole() -> None:
    assert unsure("The rent is 850 euros.", " 850") == "The rent is <0:850> euros."
    assert unsure("It is **850**.", "**850**") == "It is **<0:850>**."
    assert unsure("1. first\n- second", "1. first", "- second") == "1. <0:first>\n- <1:second>"
    assert unsure("| a | b |\n|---|---|\n| 1 | 2 |", "---", "| 1 ") == "| a | b |\n|---|---|\n| <1:1> | 2 |"
    assert unsure("[bank](https://x.kr/a) and https://y.kr", "x.kr", "y.kr").count("<") == 0
    assert unsure("```\ncode\n```", "code").count("<") == 0
    assert unsure("a\nb", "a\nb").count("<") == 0
