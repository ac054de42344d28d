# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from assistant.engine.protocol import LoadProgress, ModelInfo
from assistant.errors import ModelError
from assistant.model_files import ModelFile
from assistant.texts import text
from ui.models_panel import ModelsPanel, facts, quantization_of, size_words, where_words

STARTER = ModelFile(
    "SmolLM2 135M",
    Path("/m/SmolLM2-135M-Instruct.Q4_1.gguf"),
    "chat",
    "aa",
    98_000_000,
    "Apache-2.0",
    text("Starter"),
)
LARGER = ModelFile("Qwen3 4B", Path("/m/Qwen3-4B-Q4_K_M.gguf"), "chat", "bb", 2_497_000_000, "Apache-2.0")
SEARCH = ModelFile("MiniLM", Path("/m/MiniLM.Q8_0.gguf"), "embedding", "cc", 25_000_000, "Apache-2.0")


def info(path: Path = STARTER.path) -> ModelInfo:
    values = {
        "name": "SmolLM2 135M Instruct",
        "architecture": "llama",
        "path": path,
        "sha256": "aa",
        "parameters": 134_515_008,
        "size": 98_000_000,
        "n_ctx": 2048,
        "n_ctx_train": 8192,
        "dimensions": 576,
        "layers": 31,
        "layers_offloaded": 0,
        "backend": "CPU",
        "has_template": True,
        "korean": False,
    }
    known = ModelInfo.__dataclass_fields__
    return ModelInfo(**{name: value for name, value in values.items() if name in known})  # type: ignore[arg-type]


def opened(qtbot: QtBot) -> ModelsPanel:
    panel = ModelsPanel(lambda: 0.0)
    qtbot.addWidget(panel)
    panel.resize(380, 800)
    panel.show()
    qtbot.waitExposed(panel)
    return panel


def drop(panel: ModelsPanel, *paths: Path) -> tuple[bool, bool]:
    """Drag files over the panel and drop them; return whether it welcomed and took them."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    given = (mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    enter = QDragEnterEvent(QPoint(9, 9), Qt.DropAction.CopyAction, *given)
    QApplication.sendEvent(panel, enter)
    if not enter.isAccepted():
        return False, False
    drops = QDropEvent(QPointF(9, 9), Qt.DropAction.CopyAction, *given)
    QApplication.sendEvent(panel, drops)
    return True, drops.isAccepted()


def test_without_a_model_the_panel_says_what_to_do(qtbot: QtBot) -> None:
    panel = opened(qtbot)
    assert panel.current.name.text() == "No model is loaded"


def test_the_model_in_use_is_told_with_its_facts_and_not_listed_again(qtbot: QtBot) -> None:
    panel = opened(qtbot)
    panel.show_models([STARTER, LARGER, SEARCH])
    panel.show_current(info())
    assert panel.current.name.text() == "SmolLM2 135M Instruct"
    assert panel.current.note.text() == "Starter"
    assert [card.model for card in panel.cards] == [LARGER]
    told = dict(facts(info(), STARTER))
    assert told["Size"] == "98 MB"
    assert told["Quantization"] == "Q4_1"
    assert told["Context"] == "2,048 tokens (trained for 8,192)"
    assert told["Runs on"] == "Processor (CPU)"
    assert told["Licence"] == "Apache-2.0"


def test_a_listed_model_is_chosen_by_key_and_click(qtbot: QtBot) -> None:
    panel = opened(qtbot)
    panel.show_models([STARTER, LARGER])
    panel.show_current(info())
    with qtbot.waitSignal(panel.model_chosen) as chosen:
        qtbot.keyClick(panel.cards[0], Qt.Key.Key_Space)
    assert chosen.args == [LARGER.path]
    with qtbot.waitSignal(panel.model_chosen):
        qtbot.mouseClick(panel.cards[0], Qt.MouseButton.LeftButton)


def test_loading_is_told_can_be_cancelled_and_ends_with_the_model(qtbot: QtBot) -> None:
    panel = opened(qtbot)
    panel.show_loading("Qwen3 4B", LoadProgress(0.4))
    assert panel.progress.sentence.text() == "Loading Qwen3 4B"
    assert panel.progress.bar.value() == 400
    with qtbot.waitSignal(panel.cancel_requested):
        qtbot.mouseClick(panel.progress.cancel, Qt.MouseButton.LeftButton)
    panel.show_current(info())
    assert panel.progress.isHidden()


def test_an_error_stands_there_in_a_sentence_until_a_model_is_loaded(qtbot: QtBot) -> None:
    panel = opened(qtbot)
    panel.show_loading("x")
    panel.show_error(ModelError(text("The file is empty."), text("Choose another.")))
    assert panel.error.words() == "The file is empty. Choose another."
    assert panel.progress.isHidden()
    panel.show_current(info())
    assert panel.error.isHidden()


def test_a_gguf_file_can_be_dropped_and_nothing_else(qtbot: QtBot) -> None:
    panel = opened(qtbot)
    chosen: list[Path] = []
    panel.model_chosen.connect(chosen.append)
    assert drop(panel, Path("/m/새 모델.GGUF")) == (True, True)
    assert drop(panel, Path("/m/lease.pdf")) == (False, False)
    assert drop(panel, Path("/m/a.gguf"), Path("/m/b.gguf")) == (False, False)
    assert chosen == [Path("/m/새 모델.GGUF")]


def test_a_file_chosen_in_the_dialog_is_told(qtbot: QtBot) -> None:
    panel = opened(qtbot)
    panel.choose_file()
    dialog = panel.dialog
    assert dialog is not None
    with qtbot.waitSignal(panel.model_chosen) as chosen:
        dialog.fileSelected.emit("/m/a.gguf")
    dialog.close()
    assert chosen.args == [Path("/m/a.gguf")]


@pytest.mark.parametrize(
    ("name", "quantization"),
    [
        ("Qwen3-4B-Instruct-2507-Q4_K_M.gguf", "Q4_K_M"),
        ("EXAONE-3.5-7.8B-IQ3_XXS.gguf", "IQ3_XXS"),
        ("SmolLM2-135M-Instruct.Q4_1.gguf", "Q4_1"),
        ("model-bf16.gguf", "BF16"),
        ("faq4you.gguf", ""),
    ],
)
def test_quantization_is_read_from_the_files_name(name: str, quantization: str) -> None:
    assert quantization_of(Path("/m") / name) == quantization


def test_sizes_and_places_are_told_in_words() -> None:
    assert size_words(300_000) == "1 MB"
    assert size_words(4_700_000_000) == "4.7 GB"
    some = replace(info(), backend="Vulkan", layers_offloaded=10)
    assert where_words(some) == "Graphics card (Vulkan), 10 of 31 layers; the rest on the processor"
    assert where_words(replace(some, layers_offloaded=31)) == "Graphics card (Vulkan)"
