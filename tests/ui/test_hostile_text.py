# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""F22: what a model, a document or an imported conversation holds opens nothing and keeps no window busy."""

import shutil
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt
from PySide6.QtWidgets import QAbstractItemView, QLabel, QWidget
from pytestqt.qtbot import QtBot

from assistant.documents.protocol import DocumentRow, FileResult, FileStatus
from assistant.messages import FinishReason, Role
from assistant.passages import Place, PlaceKind
from tests.ui import fake_assistant
from tests.ui.fake_assistant import LEASE, FakeAssistant
from tests.ui.hostile import BAIT, FORBIDDEN, hover, html, long_texts, make_bait, markdown, watched
from tests.ui.windows import answered, ask
from ui.chat_view import ChatView
from ui.composer_text import ComposerText
from ui.link_addresses import openable
from ui.link_question import LinkQuestion
from ui.main_window import MainWindow
from ui.passage_text import PassageText
from ui.plain_words import as_tip
from ui.prompt_view import PromptView
from ui.rich_text import RichText
from ui.turns import Turn

pytestmark = pytest.mark.fault("F22")

LONGEST_S = 15  # processor time; on an idle machine the worst takes 3
LONG = long_texts()
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def bait(tmp_path: Path) -> Path:
    return make_bait(tmp_path)


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the addresses that were handed to the system, from now on."""
    found: list[str] = []
    handed = SimpleNamespace(openUrl=lambda address: found.append(address.toString()))
    monkeypatch.setattr("ui.link_question.QDesktopServices", handed)
    return found


@pytest.fixture
def chat(qtbot: QtBot) -> ChatView:
    view = ChatView()
    qtbot.addWidget(view)
    view.resize(800, 600)
    with qtbot.waitExposed(view):
        view.show()
    return view


def show(chat: ChatView, answer: str) -> list[RichText]:
    turn = Turn(Role.ASSISTANT, answer, id=2, parent_id=1, finish_reason=FinishReason.STOP)
    chat.show_turns([Turn(Role.USER, "What?", id=1), turn])
    chat.grab()
    view = chat.view_of(1)
    assert view is not None
    return view.texts()


def links(texts: list[RichText]) -> set[str]:
    found = set()
    for text in texts:
        block = text.document().begin()
        while block.isValid():
            step = block.begin()
            while not step.atEnd():
                if address := step.fragment().charFormat().anchorHref():
                    found.add(address)
                step += 1
            block = block.next()
    return found


# --- nothing is opened


def test_the_watcher_sees_a_picture_that_a_label_opens(bait: Path, qtbot: QtBot) -> None:
    label, hovered = QLabel(html(bait)), QLabel("x")
    qtbot.addWidget(label)
    qtbot.addWidget(hovered)
    with watched(bait.parent) as seen:
        label.grab()
    assert bait.name in seen
    hovered.setToolTip(html(bait))
    hovered.show()
    with watched(bait.parent) as seen:
        hover(hovered)
    assert bait.name in seen, "a tooltip would open it too"


def test_nothing_in_the_window_opens_what_an_answer_or_a_document_names(
    window: MainWindow,
    assistant: FakeAssistant,
    bait: Path,
    opened: list[str],
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    source = markdown(bait)
    name = html(bait)
    hostile = replace(
        LEASE,
        document=f"/papers/{name}.md",
        place=Place(PlaceKind.SECTION, 2, label=name),
        end=len(source),
        text=source,
        heading=name,
    )
    monkeypatch.setattr(fake_assistant, "LEASE", hostile)
    assistant.script.pieces = (source[:2000], source[2000:])
    assistant.script.thinking = (source,)
    with watched(bait.parent) as seen:
        ask(window, "What does it say?", qtbot)
        answered(window, qtbot)
        conversation = assistant.conversations.all()[0]
        assistant.conversations.rename(conversation.id, name)
        window.refresh_list()
        window.frame.header.show_title(name)
        window.frame.header.show_model(name)
        demand = window.on_demand
        demand.prompt.show_prompt(f"[EMAIL_1] {source}", {"EMAIL": 1})
        demand.page.show_passage(hostile)
        demand.documents.show_documents([DocumentRow(Path(f"/papers/{name}"), "default", 1, 2, "failed")])
        result = FileResult(Path(f"/{name}"), FileStatus.FAILED, 0, 0, 0.1, reason=name)
        demand.documents.outcome.show_results([result])
        for side in ("sources", "page", "prompt", "documents"):
            window.frame.open_side(side)
            window.grab()
            rest_upon_everything(window)
    assert seen == []
    assert opened == []


def rest_upon_everything(window: QWidget) -> None:
    for widget in window.findChildren(QWidget):
        if not widget.isVisible():
            continue
        hover(widget)
        if isinstance(widget, QAbstractItemView) and widget.model() is not None:
            for row in range(min(widget.model().rowCount(), 20)):
                hover(widget.viewport(), widget.visualRect(widget.model().index(row, 0)).center())
        if isinstance(widget, RichText):
            for left in range(0, widget.width(), 120):
                hover(widget.viewport(), QPoint(left, min(12, widget.height() - 1)))


@pytest.mark.untraced("runs strace itself")
def test_the_system_sees_nothing_opened_either(tmp_path: Path) -> None:
    if shutil.which("strace") is None:
        pytest.skip("strace is not there")

    def calls(test: str) -> list[str]:
        log, base = tmp_path / f"{test}.log", tmp_path / test
        base.mkdir()
        inner = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--basetemp={base}"]
        traced = ["strace", "-f", "-qq", "--seccomp-bpf", "-s", "400", "-o", str(log)]
        which = ["-e", "trace=open,openat,openat2,connect,sendto,socket,execve"]
        ran = subprocess.run(
            [*traced, *which, *inner, f"{__file__}::{test}"], cwd=ROOT, capture_output=True, check=False
        )
        assert ran.returncode == 0, ran.stdout.decode()
        lines = log.read_text("utf-8", "replace").splitlines()
        return [line for line in lines if is_suspect(line)]

    assert any(
        "O_RDONLY" in line for line in calls(test_the_watcher_sees_a_picture_that_a_label_opens.__name__)
    )
    quiet = calls(test_nothing_in_the_window_opens_what_an_answer_or_a_document_names.__name__)
    assert quiet == []


def is_suspect(line: str) -> bool:
    named = BAIT in line and "O_DIRECTORY" not in line and "O_WRONLY" not in line
    return named or "AF_INET" in line or "xdg-open" in line


# --- links


@pytest.mark.parametrize("address", FORBIDDEN)
def test_what_may_not_be_opened_is_no_link_and_is_not_opened_after_a_yes(
    address: str, chat: ChatView, opened: list[str], qtbot: QtBot
) -> None:
    address = address.format(bait="etc/passwd")
    texts = show(chat, f"[link](<{address}>) and ![picture](<{address}>) and <{address}>")
    allowed = {one for one in links(texts) if openable(one) == one}
    assert links(texts) == allowed, "a bare part of it may be an address of its own, and no more"
    assert openable(address) == ""
    question = LinkQuestion(address, chat)
    question.open()
    qtbot.mouseClick(question.opens, Qt.MouseButton.LeftButton)
    question.opens.click()
    question.opens.clicked.emit()
    question.close()
    assert opened == []


def test_a_link_is_opened_once_after_a_click_and_a_yes(
    chat: ChatView, opened: list[str], qtbot: QtBot
) -> None:
    text = show(chat, "See [the bank](https://bank.example/x?y=1).")[0]
    assert "the bank (https://bank.example/x?y=1)" in text.toPlainText()
    text.setFocus()
    qtbot.keyClick(text, Qt.Key.Key_Tab)
    with qtbot.waitSignal(chat.link_activated) as wanted:
        qtbot.keyClick(text, Qt.Key.Key_Return)
    assert opened == []
    question = LinkQuestion(wanted.args[0], chat)
    question.open()
    assert question.informativeText() == "https://bank.example/x?y=1"
    assert question.defaultButton() is question.stays
    qtbot.mouseClick(question.opens, Qt.MouseButton.LeftButton)
    assert opened == ["https://bank.example/x?y=1"]


def test_a_no_and_a_key_pressed_too_soon_open_nothing(
    chat: ChatView, opened: list[str], qtbot: QtBot
) -> None:
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Escape):
        question = LinkQuestion("https://bank.example/", chat)
        question.open()
        qtbot.keyClick(question, key)
    assert opened == []


def test_the_question_reads_no_address_as_html(chat: ChatView, bait: Path) -> None:
    with watched(bait.parent) as seen:
        question = LinkQuestion(html(bait), chat)
        question.open()
        question.grab()
        question.close()
    assert seen == []
    assert all(words.textFormat() is Qt.TextFormat.PlainText for words in question.findChildren(QLabel))


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("[https://bank.example](https://elsewhere.example/)", "(https://elsewhere.example/)"),
        ("[bank.example](https://xn--80ak6aa92e.com/)", "(https://xn--80ak6aa92e.com/)"),
        ("[https://аррӏе.com/](https://аррӏе.com/)", "(https://xn--80ak6aa92e.com/)"),
        ("<https://аррӏе.com/>", "(https://xn--80ak6aa92e.com/)"),
        ("[report](https://a.example/\u202egnp.exe)", "%E2%80%AE"),
        ("[report](https://a.example/x\u200by)", "x%E2%80%8By"),
        ("[문서](https://ko.example/문서)", "(https://ko.example/문서)"),
    ],
)
def test_a_link_shows_where_it_leads_whatever_it_pretends(written: str, told: str, chat: ChatView) -> None:
    texts = show(chat, written)
    assert told in texts[0].toPlainText().replace("\ufffd", "%E2%80%AE")
    assert all(openable(address) == address for address in links(texts))


def test_a_text_cannot_turn_an_address_around(chat: ChatView) -> None:
    shown = show(chat, "[\u202eabc](https://elsewhere.example/)\n\n```\nif a: \u202e# back\n```")
    for text in shown:
        assert "\u202e" not in text.toPlainText()
        assert "\ufffd" in text.toPlainText()


def test_a_tip_says_what_it_was_given_and_is_no_html() -> None:
    told = as_tip("<img src='file:///x'> &lt;b&gt; a < b & c")
    assert told.replace("\u2060", "") == "<img src='file:///x'> &lt;b&gt; a < b & c"
    label = QLabel(told)
    assert "<img" not in told
    assert "&lt;" not in told
    label.deleteLater()


# --- nothing keeps the window busy


@pytest.mark.parametrize("name", LONG)
def test_any_text_is_shown_as_an_answer_within_seconds(name: str, chat: ChatView) -> None:
    began = time.process_time()
    show(chat, LONG[name])
    assert time.process_time() - began < LONGEST_S


@pytest.mark.parametrize("name", ["one word of 1 MB", "one line of 1 MB"])
def test_any_text_is_pasted_within_seconds(name: str, qtbot: QtBot) -> None:
    field, pasted = ComposerText(), QMimeData()
    qtbot.addWidget(field)
    field.resize(600, 100)
    field.show()
    pasted.setText(LONG[name])
    began = time.process_time()
    field.insertFromMimeData(pasted)
    assert len(field.whole()) == 1_000_000
    field.grab()
    assert time.process_time() - began < LONGEST_S


@pytest.mark.parametrize("name", ["one word of 1 MB", "one line of 1 MB", "1 MB of blanks"])
def test_any_text_is_shown_plain_within_seconds(name: str, chat: ChatView, qtbot: QtBot) -> None:
    page, prompt = PassageText(), PromptView()
    qtbot.addWidget(page)
    qtbot.addWidget(prompt)
    began = time.process_time()
    chat.show_turns([Turn(Role.USER, LONG[name], id=1)])
    chat.grab()
    page.show()
    page.show_text(LONG[name], 500_000, 500_010)
    page.grab()
    prompt.show()
    prompt.show_prompt(LONG[name], {})
    prompt.grab()
    assert time.process_time() - began < LONGEST_S
    assert len(page.marked_text()) == 10
