# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Personal data while a question is written: underlines, reasons, the strip, letting through, refusing."""

import re
import threading
import time
from collections.abc import Callable

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QTimer
from PySide6.QtGui import QColor, QHelpEvent, QTextCharFormat
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from assistant.entities import Entity, EntityType, Evidence
from assistant.privacy.filter import find
from assistant.privacy.policy import STANDARD, Action, Found, Policy, judged
from assistant.stopping import Stop
from ui import theme
from ui.composer import Composer
from ui.preview import PIECE, Key, Preview, pieces, seen_in

MAIL, CARD, KEY = "kim@example.co.kr", "4111 1111 1111 1111", "192.168.0.7"
Underline = QTextCharFormat.UnderlineStyle
BLOCKING = Policy("own", {**STANDARD.actions, EntityType.CARD: Action.BLOCK})


KINDS = (
    (r"[a-z0-9]+@example[.a-z]+", EntityType.EMAIL, Evidence.SHAPE),
    (r"4111 1111 1111 1111", EntityType.CARD, Evidence.CHECKSUM),
    (r"192\.168\.0\.7", EntityType.IP, Evidence.SHAPE),
)


def find_planted(words: str) -> list[Entity]:
    """Return what these tests plant, whatever the core's recognizers know."""
    found = [
        Entity(kind, one.start(), one.end(), 1.0, one[0], evidence)
        for pattern, kind, evidence in KINDS
        for one in re.finditer(pattern, words)
    ]
    return sorted(found, key=lambda entity: entity.start)


class Looking:
    """Judges what is found by a policy; keeps what it was asked."""

    def __init__(self) -> None:
        self.policy = STANDARD
        self.asked: list[tuple[int, str]] = []
        self.find: Callable[[str], list[Entity]] = find_planted
        self.waits: threading.Event | None = None

    def __call__(self, conversation_id: int, words: str) -> list[Found]:
        self.asked.append((conversation_id, words))
        if self.waits is not None:
            self.waits.wait(5)
        return judged(self.find(words), self.policy)


@pytest.fixture
def looking() -> Looking:
    return Looking()


@pytest.fixture
def composer(looking: Looking, qtbot: QtBot) -> Composer:
    made = Composer(looking)
    qtbot.addWidget(made)
    made.resize(600, 320)
    with qtbot.waitExposed(made):
        made.show()
    made.field.setFocus()
    return made


def underlined(composer: Composer) -> list[tuple[str, QTextCharFormat.UnderlineStyle]]:
    return [
        (one.cursor.selectedText(), one.format.underlineStyle()) for one in composer.field.extraSelections()
    ]


def choose(composer: Composer, at: int, name: str) -> None:
    """Press a chip and choose from its menu."""
    composer.strip.open_list()
    menu = composer.strip.menu_of(composer.strip._items[at])
    [action] = [one for one in menu.actions() if one.text() == name]
    action.trigger()
    menu.close()


def test_what_will_be_hidden_is_said_by_kind_and_number(composer: Composer, qtbot: QtBot) -> None:
    composer.write(f"Write to {MAIL}, again {MAIL}, or lee@example.com; card {CARD}.")
    qtbot.waitUntil(composer.strip.isVisible)
    assert composer.strip.words() == "2 e-mail addresses and 1 card number will be hidden from the model"
    composer.field.clear()
    assert not composer.strip.isVisible()
    assert not composer.field.extraSelections()


def test_hidden_and_shown_are_underlined_in_different_ways_and_told_apart(
    composer: Composer, looking: Looking, qtbot: QtBot
) -> None:
    looking.policy = BLOCKING
    composer.write(f"{MAIL} from {KEY} with {CARD}")
    qtbot.waitUntil(lambda: len(underlined(composer)) == 3)
    assert underlined(composer) == [
        (MAIL, Underline.WaveUnderline),
        (KEY, Underline.DashUnderline),
        (CARD, Underline.SingleUnderline),
    ]
    said = composer.strip.words().splitlines()
    assert said == [
        "This question is not sent while it holds 1 card number. Take it out to send it.",
        "1 e-mail address will be hidden from the model",
        "The model will see 1 IP address",
    ]


def test_the_underline_stands_right_after_an_emoji_and_moves_with_the_text(
    composer: Composer, qtbot: QtBot
) -> None:
    composer.write(f"🙂🙂 {MAIL} and {KEY}")
    qtbot.waitUntil(lambda: len(underlined(composer)) == 2)
    cursor = composer.field.textCursor()
    cursor.setPosition(0)
    cursor.insertText("한글 ")
    composer.field.underlines.draw()
    assert [words for words, _style in underlined(composer)] == [MAIL, KEY]
    cursor.setPosition(composer.field.toPlainText().index("example") + 2)  # two more units: the emoji
    cursor.insertText("!")
    composer.field.underlines.draw()
    assert [words for words, _style in underlined(composer)] == [KEY]


def test_underlines_follow_the_colours(composer: Composer, qtbot: QtBot, qapp: QApplication) -> None:
    composer.write(MAIL)
    qtbot.waitUntil(lambda: bool(underlined(composer)))
    try:
        theme.apply_theme(qapp, "dark")
        [one] = composer.field.extraSelections()
        assert one.format.underlineColor() == QColor(theme.DARK.mask)
    finally:
        theme.apply_theme(qapp, "light")


def test_the_reason_is_told_on_hover_and_where_the_cursor_stands(composer: Composer, qtbot: QtBot) -> None:
    composer.write(f"Write to {MAIL} please")
    qtbot.waitUntil(lambda: bool(underlined(composer)))
    told = "E-mail address: it has the form of one. It will be hidden from the model."
    assert not composer.strip.why.isVisible()
    for _ in range(9):
        qtbot.keyClick(composer.field, Qt.Key.Key_Left)
    assert composer.strip.why.text() == f"{MAIL} – {told}"
    assert composer.strip.why.isVisible()
    place = composer.field.cursorRect(composer.field.textCursor()).center()
    event = QHelpEvent(QHelpEvent.Type.ToolTip, place, composer.field.mapToGlobal(place))
    QApplication.sendEvent(composer.field.viewport(), event)
    assert QToolTip.text() == told
    event = QHelpEvent(QHelpEvent.Type.ToolTip, QPoint(3, 3), composer.field.mapToGlobal(QPoint(3, 3)))
    QApplication.sendEvent(composer.field.viewport(), event)
    qtbot.waitUntil(lambda: not QToolTip.isVisible())


def test_one_value_is_let_through_for_this_question_and_hidden_again(
    composer: Composer, qtbot: QtBot
) -> None:
    sent: list[tuple[str, dict[Key, Action]]] = []
    composer.sent.connect(lambda words, chosen: sent.append((words, chosen)))
    composer.write(f"{MAIL} and {CARD}")
    qtbot.waitUntil(lambda: len(underlined(composer)) == 2)
    choose(composer, 0, "Show it to the model in this conversation")
    assert [words for words, _style in underlined(composer)] == [CARD]
    assert composer.strip.words().splitlines() == [
        "1 card number will be hidden from the model",
        f"{MAIL} is shown to the model in this conversation",
    ]
    choose(composer, 0, "Hide it again")
    assert len(underlined(composer)) == 2
    choose(composer, 0, "Show it to the model in this conversation")
    again = composer.strip.shown.button
    assert again is not None
    again.click()
    assert len(underlined(composer)) == 2
    choose(composer, 0, "Show it to the model in this conversation")
    composer.field.setFocus()
    qtbot.keyClick(composer.field, Qt.Key.Key_Return)
    assert sent == [(f"{MAIL} and {CARD}", {(EntityType.EMAIL, MAIL): Action.IGNORE})]
    composer.write(MAIL)
    qtbot.keyClick(composer.field, Qt.Key.Key_Return)
    assert sent[1][1] == {}  # that was for one question


def test_what_is_pointed_out_can_be_hidden_and_shown_again(composer: Composer, qtbot: QtBot) -> None:
    sent: list[dict[Key, Action]] = []
    composer.sent.connect(lambda _words, chosen: sent.append(chosen))
    composer.write(f"{MAIL} at {KEY}")
    qtbot.waitUntil(lambda: len(underlined(composer)) == 2)
    choose(composer, 1, "Hide it from the model in this conversation")
    assert composer.strip.words() == "1 e-mail address and 1 IP address will be hidden from the model"
    assert underlined(composer)[1] == (KEY, Underline.WaveUnderline)
    assert composer.strip.chips()[1].accessibleDescription().endswith("It will be hidden from the model.")
    assert composer.strip.why.text().endswith("It will be hidden from the model.")  # the cursor stands there
    choose(composer, 1, "Show it again")
    assert composer.strip.words().splitlines()[-1] == "The model will see 1 IP address"
    assert underlined(composer)[1] == (KEY, Underline.DashUnderline)
    button = composer.strip.warned.button
    assert button is not None
    qtbot.keyClick(button, Qt.Key.Key_Space)
    assert "The model will see" not in composer.strip.words()
    composer.field.setFocus()
    qtbot.keyClick(composer.field, Qt.Key.Key_Return)
    assert sent == [{(EntityType.IP, KEY): Action.MASK}]


def test_a_choice_goes_with_its_value(composer: Composer, qtbot: QtBot) -> None:
    composer.write(f"at {KEY}")
    qtbot.waitUntil(lambda: bool(underlined(composer)))
    choose(composer, 0, "Hide it from the model in this conversation")
    composer.write("at home")
    qtbot.waitUntil(lambda: not composer.strip.isVisible())
    composer.write(f"at {KEY}")
    qtbot.waitUntil(composer.strip.isVisible)
    assert composer.strip.words() == "The model will see 1 IP address"


def test_what_is_not_personal_is_told_and_can_be_taken_back(composer: Composer, qtbot: QtBot) -> None:
    allowed: list[Entity] = []
    composer.strip.not_personal.connect(allowed.append)
    composer.write(f"mail {MAIL}")
    qtbot.waitUntil(lambda: bool(underlined(composer)))
    choose(composer, 0, "This is not personal")
    assert [one.text for one in allowed] == [MAIL]
    composer.say_allowed(allowed[0])
    assert composer.strip.words().splitlines()[-1] == f"{MAIL} is not hidden any more"
    button = composer.strip.allowed.button
    assert button is not None
    with qtbot.waitSignal(composer.strip.personal_after_all):
        button.click()


def test_a_question_with_a_blocked_value_is_refused_until_it_is_taken_out(
    composer: Composer, looking: Looking, qtbot: QtBot
) -> None:
    sent: list[str] = []
    composer.sent.connect(lambda words, _through: sent.append(words))
    looking.policy = BLOCKING
    composer.write(f"my card {CARD}")
    qtbot.waitUntil(lambda: bool(underlined(composer)))
    qtbot.keyClick(composer.field, Qt.Key.Key_Return)
    assert sent == []
    assert composer.text() == f"my card {CARD}"
    [chip] = composer.strip.chips()
    qtbot.waitUntil(chip.hasFocus)  # what keeps it from going
    offered = [one.text() for one in composer.strip.menu_of(composer.strip._items[0]).actions()]
    assert offered == ["This is not personal"]
    qtbot.keyClick(chip, Qt.Key.Key_Escape)
    assert composer.field.hasFocus()
    composer.write("my card")
    qtbot.keyClick(composer.field, Qt.Key.Key_Return)
    assert sent == ["my card"]


def test_the_list_opens_by_keys_and_names_each_value(composer: Composer, qtbot: QtBot) -> None:
    composer.write(f"{MAIL} and {CARD}")
    qtbot.waitUntil(composer.strip.isVisible)
    assert composer.strip.chips() == []
    composer.strip.list_button.setFocus()
    qtbot.keyClick(composer.strip.list_button, Qt.Key.Key_Space)
    named = [chip.accessibleName() for chip in composer.strip.chips()]
    assert named == [f"{MAIL}, E-mail address", f"{CARD}, Card number"]
    assert composer.strip.chips()[1].accessibleDescription().startswith("Card number: its check digits")


def test_what_is_stale_is_never_shown(looking: Looking, qtbot: QtBot) -> None:
    preview, shown = Preview(looking), []
    preview.seen.connect(lambda seen: shown.append(seen.words))
    looking.waits = threading.Event()
    preview.look(7, f"first {MAIL}")
    qtbot.waitUntil(lambda: len(looking.asked) == 1)
    preview.look(7, "second")
    looking.waits.set()
    qtbot.waitUntil(lambda: bool(shown))
    assert shown == ["second"]
    assert looking.asked == [(7, f"first {MAIL}"), (7, "second")]


def test_a_long_text_is_given_up_between_its_pieces(looking: Looking) -> None:
    stop = Stop()
    found = pieces(looking, 0, f"{MAIL}\n" * 5000, stop)
    assert next(found).entity.text == MAIL
    stop.set()
    assert len(list(found)) < 2000
    assert len(looking.asked) == 1


@pytest.mark.parametrize("before", [PIECE - 8, PIECE - 17, PIECE, PIECE + 30])
def test_a_value_on_the_edge_of_two_pieces_is_found_once(looking: Looking, before: int) -> None:
    words = "가 " * (before // 2) + f" {MAIL} " + "x " * PIECE
    seen = seen_in(words, pieces(looking, 0, words, Stop()))
    assert [words[start:end] for start, end in zip(seen.starts, seen.ends, strict=True)] == [MAIL]
    assert len(seen.items) == 1


def longest_pause(qtbot: QtBot, begin: Callable[[], None], done: Callable[[], bool]) -> float:
    """Return the longest time, in seconds, that the window's thread worked between two events meanwhile.

    Of its own processor: what other programs take meanwhile is none of its doing.
    """
    longest, last = 0.0, time.thread_time()
    timer = QTimer(interval=0)

    def beat() -> None:
        nonlocal longest, last
        now = time.thread_time()
        longest, last = max(longest, now - last), now

    timer.timeout.connect(beat)
    timer.start()
    last = time.thread_time()
    begin()
    qtbot.waitUntil(done, timeout=60_000)
    timer.stop()
    return longest


def test_a_whole_file_of_personal_data_is_pasted_without_a_stop(
    composer: Composer, looking: Looking, qtbot: QtBot
) -> None:
    line = "{n} Kim Minsu, kim{n}@example.co.kr, 010-1234-5678, 4111 1111 1111 1111, 192.168.0.7"
    words = "\n".join(line.format(n=n) for n in range(12_500))[:1_000_000]
    carried = QMimeData()
    carried.setText(words)
    looking.find = find
    pause = longest_pause(
        qtbot,
        lambda: composer.field.insertFromMimeData(carried),
        lambda: (
            composer.strip.isVisible()
            and not composer.strip.looking.isVisible()
            and bool(composer.strip._items)
        ),
    )
    assert pause < 0.1  # measured on a quiet machine: 0.05 and less
    assert composer.text() == words
    assert 0 < len(underlined(composer)) < 400
    composer.field.verticalScrollBar().setValue(0)
    qtbot.waitUntil(lambda: "kim0@example.co.kr" in [one for one, _style in underlined(composer)])
    composer.field.undo()
    assert composer.field.toPlainText() == ""


def test_enter_sends_all_of_what_is_still_being_pasted(composer: Composer, qtbot: QtBot) -> None:
    sent: list[str] = []
    composer.sent.connect(lambda words, _through: sent.append(words))
    words = "line of words\n" * 20_000 + "end"
    composer.write(words)
    assert composer.field.pasting
    qtbot.keyClick(composer.field, Qt.Key.Key_Return)
    assert sent == [words]
    assert not composer.field.pasting
    assert composer.field.toPlainText() == ""


def test_a_paragraph_without_end_is_pasted_in_lines(composer: Composer, qtbot: QtBot) -> None:
    words = "word " * 20_000 + "end"
    composer.write(words)
    qtbot.waitUntil(lambda: not composer.field.pasting)
    assert composer.text().replace("\n", " ") == words
    assert max(map(len, composer.text().split("\n"))) <= 8_000
