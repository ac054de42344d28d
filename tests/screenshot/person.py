# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""A person in front of the window: keys, mouse, drag and drop, and a camera."""

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QScrollArea, QWidget

from assistant.opening import WorkerModules, open_assistant
from assistant.paths import Home
from assistant.sampling import Preset
from assistant.settings import load_settings, save_settings
from ui import tasks
from ui.answer_view import AnswerView
from ui.app import make_app
from ui.main_window import MainWindow

SIZE = (1280, 800)
SETTLE_MS = 300


class Person:
    """Sits in front of one window until it leaves."""

    patience_s = 600.0  # the starter models on a slow machine

    def __init__(
        self, folder: Path, language: str, theme: str, pictures: Path, engines: WorkerModules | None = None
    ) -> None:
        """Start Maru over `folder` and look at its window."""
        home = Home(folder)
        home.create()
        save_settings(home, replace(load_settings(home)[0], language=language, theme=theme))
        self._app: QApplication = make_app(home)
        self.assistant = open_assistant(home, engines or WorkerModules())
        self.window = MainWindow(self.assistant)
        self.window.resize(*SIZE)
        self._pictures = pictures
        self._busy = False
        self.window.adding.began.connect(lambda: setattr(self, "_busy", True))
        self.window.adding.ended.connect(lambda *_: setattr(self, "_busy", False))
        self.window.adding.listed.connect(self._look_whether_busy)  # what was known needs no reading
        self.window.show()
        self.window.begin()
        QTest.qWait(SETTLE_MS)

    def leave(self) -> None:
        """Close the window and end everything."""
        self.window.close()
        tasks.stop_all()
        # A window that lives on would draw its page again, with a parser that nobody ends.
        self.window.deleteLater()
        QApplication.sendPostedEvents(self.window, QEvent.Type.DeferredDelete.value)
        self.assistant.close()

    def picture(self, name: str, widget: QWidget | None = None) -> None:
        """Keep what stands on the screen."""
        QTest.qWait(SETTLE_MS)
        target = self._pictures.with_name(f"{self._pictures.name}-{name}.png")
        (widget or self.window).grab().save(str(target))

    def screen(self, name: str) -> None:
        """Keep what stands on the screen, a menu over the window too."""
        QTest.qWait(SETTLE_MS)
        place, screen = self.window.geometry(), self.window.screen()
        target = self._pictures.with_name(f"{self._pictures.name}-{name}.png")
        screen.grabWindow(0, place.x(), place.y(), place.width(), place.height()).save(str(target))

    # --- documents

    def drags(self, path: Path, *, here: bool = False) -> None:
        """Hold a file over the window; `here` over the half for this conversation alone."""
        buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        at, action = self._half(here=here).toPoint(), Qt.DropAction.CopyAction
        QApplication.sendEvent(self.window, QDragEnterEvent(at, action, self._files(path), buttons, keys))

    def drops(self, path: Path, *, here: bool = False) -> None:
        """Let it go; `here` for this conversation alone."""
        buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        at, action, kind = self._half(here=here), Qt.DropAction.CopyAction, QEvent.Type.Drop
        QApplication.sendEvent(self.window, QDropEvent(at, action, self._files(path), buttons, keys, kind))

    def waits_for_documents(self) -> None:
        """Wait until everything dropped is added."""
        QTest.qWait(SETTLE_MS)
        self.waits(lambda: not self._busy, "the documents")

    def _look_whether_busy(self, _rows: object) -> None:
        self._busy = self.window.adding.busy

    # --- asking

    def waits_for_model(self) -> None:
        """Wait until the chat model is loaded, and the window knows it."""
        loaded, choice = self.assistant.chat_engine, self.window.choice
        self.waits(lambda: loaded.info is not None and not choice.busy, "the model")

    def types(self, words: str) -> None:
        """Write into the composer."""
        field = self.window.frame.composer.field
        field.setFocus()
        QTest.keyClicks(field, words) if words.isascii() else field.insertPlainText(words)

    def presses_enter(self) -> None:
        """Send."""
        QTest.keyClick(self.window.frame.composer.field, Qt.Key.Key_Return)
        QTest.qWait(50)

    def presses_escape(self) -> None:
        """Stop."""
        QTest.keyClick(self.window, Qt.Key.Key_Escape)

    def waits_for_sources(self) -> None:
        """Wait for the sources of the newest answer."""
        self.waits(lambda: bool(self.window.frame.chat.turns[-1].sources), "the sources")

    def waits_for_text(self, letters: int) -> None:
        """Wait until so much of the newest answer stands there."""
        self.waits(lambda: len(self.window.frame.chat.turns[-1].text) >= letters, "the text")

    def waits_for_answer(self) -> None:
        """Wait until nothing is being answered."""
        chat = self.window.frame.chat
        self.waits(
            lambda: not self.window.answering.busy and not any(turn.streaming for turn in chat.turns),
            "the answer",
        )
        QTest.qWait(SETTLE_MS)

    # --- looking

    def clicks_citation(self) -> None:
        """Click the first chip of the newest answer with the mouse."""
        chat = self.window.frame.chat
        view = chat.view_of(len(chat.turns) - 1)
        assert view is not None
        for text in view.texts():
            for y in range(2, text.height(), 4):
                for x in range(2, text.width(), 4):
                    if text.anchorAt(QPoint(x, y)):
                        QTest.mouseClick(text.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(x, y))
                        self._waits_for_marks()
                        return
        raise AssertionError("no citation to click")

    def _waits_for_marks(self) -> None:
        page = self.window.on_demand.page
        canvas, words = page.page.canvas, page.words
        self.waits(
            lambda: bool(canvas.marks()) or (words.isVisible() and bool(words.toPlainText())),
            "the page with the passage marked",
        )
        self.waits_for_page()

    def waits_for_page(self) -> None:
        """Wait until the page is drawn as sharp as it will be."""
        QTest.qWait(SETTLE_MS)
        self.waits(lambda: not self.window.on_demand.page.drawer.busy, "the page's picture")

    def opens_prompt(self) -> None:
        """Look at what the model saw for the newest answer that it wrote."""
        chat = self.window.frame.chat
        seen = [turn for turn in chat.turns if turn.receipt and turn.receipt.prompt_as_seen]
        if seen:
            chat.prompt_wanted.emit(seen[-1])

    def opens(self, page: str) -> None:
        """Open a page of the side panel."""
        self.window.frame.open_side(page)

    def newest_answer(self) -> AnswerView:
        """Return the newest answer on the screen."""
        chat = self.window.frame.chat
        view = chat.view_of(len(chat.turns) - 1)
        assert isinstance(view, AnswerView)
        return view

    def presses_below(self, *names: str) -> None:
        """Press the button of the newest answer that has one of these names."""
        buttons = self.newest_answer().findChildren(QAbstractButton)
        found = [one for one in buttons if one.isVisible() and one.accessibleName() in names]
        if found:
            found[-1].click()

    def asks_for_context(self, tokens: int) -> None:
        """Set another context window, and wait for the estimate."""
        tuning = self.window.on_demand.models.tuning
        self.waits(tuning.isVisible, "the model's page")
        tuning.ask_for(replace(tuning.wanted, n_ctx=tokens))
        self.waits(lambda: tuning.load_button.isVisible() and tuning.estimate.isVisible(), "the estimate")

    def loads_context(self, tokens: int) -> None:
        """Load the model with another context window."""
        self.opens("models")
        self.asks_for_context(tokens)
        self.window.on_demand.models.tuning.load_button.click()
        engine = self.assistant.chat_engine
        self.waits(lambda: bool(engine.info) and engine.info.n_ctx == tokens, "the model, loaded again")

    def scrolls(self, page: QWidget, to: int | None = None) -> None:
        """Scroll a page of the side panel to its end, or to so many pixels from its beginning."""
        area = page.findChild(QScrollArea)
        assert area is not None
        QTest.qWait(50)  # until what was unfolded is laid out
        area.verticalScrollBar().setValue(area.verticalScrollBar().maximum() if to is None else to)

    def closes_side(self) -> None:
        """Fold the side panel."""
        self.window.frame.close_side()

    def opens_settings(self) -> None:
        """Open the settings."""
        self.window.frame.list.settings_wanted.emit()
        QTest.qWait(SETTLE_MS)

    def dialog(self) -> QWidget:
        """Return the dialog in front."""
        return next(one for one in self._app.topLevelWidgets() if one is not self.window and one.isVisible())

    def popup(self) -> QWidget:
        """Return the menu in front."""
        popup = QApplication.activePopupWidget()
        assert popup is not None
        return popup

    def closes_dialog(self) -> None:
        """Close the dialog in front."""
        self.dialog().close()

    # --- changing

    def chooses_creative(self) -> None:
        """Turn the preset to Creative."""
        switch = self.window.frame.presets.buttons[Preset.CREATIVE]
        QTest.mouseClick(switch, Qt.MouseButton.LeftButton)

    def turns_documents(self, *, on: bool) -> None:
        """Ask the documents, or the model alone."""
        composer = self.window.frame.composer
        if composer.searches_documents != on:
            QTest.mouseClick(composer.searched, Qt.MouseButton.LeftButton)

    def edits_question(self, words: str) -> None:
        """Change the last question: Up in an empty composer."""
        field = self.window.frame.composer.field
        field.setFocus()
        QTest.keyClick(field, Qt.Key.Key_Up)
        QTest.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        self.types(words)
        self.presses_enter()

    def comes_back(self) -> None:
        """Open the newest conversation of the list, after a new start."""
        self.waits_for_model()
        newest = self.assistant.conversations.all()[0]
        self.window.frame.list.chosen.emit(newest.id)
        self.waits(lambda: bool(self.window.frame.chat.turns), "the conversation")

    def _half(self, *, here: bool) -> QPointF:
        """Return the middle of the right half, or of the left one, which is for all conversations."""
        return QPointF(self.window.width() * (3 if here else 1) / 4, self.window.height() / 2)

    def _files(self, path: Path) -> QMimeData:
        carried = QMimeData()
        carried.setUrls([QUrl.fromLocalFile(str(path))])
        self._carried = carried  # Qt does not keep it
        return carried

    def waits(self, until: Callable[[], bool], what: str) -> None:
        """Wait until something is so."""
        deadline = time.monotonic() + self.patience_s
        while not until():
            QTest.qWait(50)
            if time.monotonic() > deadline:
                raise TimeoutError(f"never came: {what}")
