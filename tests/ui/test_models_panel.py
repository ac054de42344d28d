# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from assistant.amounts import size_words
from assistant.engine.protocol import Device, Devices, Fitting, MemoryUse, ModelInfo
from assistant.errors import ModelError
from assistant.model_files import ModelFile
from assistant.settings import AdapterFile
from assistant.texts import text
from ui.model_tuning import ModelTuning, Tuning
from ui.model_words import facts, fitting_words, quantization_of, where_words
from ui.models_panel import ModelsPanel

STARTER = ModelFile(
    "SmolLM2 135M",
    Path("/m/SmolLM2-135M-Instruct.Q4_1.gguf"),
    "chat",
    "aa",
    98_000_000,
    "Apache-2.0",
    text("Starter"),
)
LARGER = ModelFile(
    "Qwen3 4B",
    Path("/m/Qwen3-4B-Q4_K_M.gguf"),
    "chat",
    "bb",
    2_497_000_000,
    "Apache-2.0",
    architecture="qwen3",
    parameters=4_000_000_000,
    n_ctx_train=32_768,
    languages=("en",),
)
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
    with qtbot.waitExposed(panel):
        panel.show()
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
    told = dict(facts(info(), STARTER.licence))
    assert told["Size"] == "98 MB, 135 million parameters"
    assert told["Quantization"] == "Q4_1"
    assert told["Context"] == "2,048 tokens (trained for 8,192)"
    assert told["Runs on"] == "Processor (CPU)"
    assert told["Architecture"] == "llama"
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
    panel.show_work("Loading Qwen3 4B", 0.4)
    assert panel.progress.sentence.text() == "Loading Qwen3 4B"
    assert panel.progress.bar.value() == 400
    with qtbot.waitSignal(panel.cancel_requested):
        qtbot.mouseClick(panel.progress.cancel, Qt.MouseButton.LeftButton)
    panel.show_current(info())
    assert panel.progress.isHidden()


def test_while_the_first_model_is_loaded_none_is_asked_for(qtbot: QtBot) -> None:
    panel = opened(qtbot)
    panel.show_work("Loading the model", 0.2)
    assert panel.current.isHidden()
    panel.show_error(ModelError(text("It is damaged.")))
    assert panel.current.isVisible()
    panel.show_current(info())
    panel.show_work("Loading another", 0.2)
    assert panel.current.isVisible(), "that one answers still"


def test_an_error_stands_there_in_a_sentence_until_a_model_is_loaded(qtbot: QtBot) -> None:
    panel = opened(qtbot)
    panel.show_work("x")
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
    assert where_words(replace(some, layers_offloaded=31)) == "Graphics card (Vulkan), 31 of 31 layers"


def test_what_a_model_says_of_itself_is_told() -> None:
    known = replace(
        info(),
        quantization="Q4_K_M",
        licence="MIT",
        languages=("en", "ko", "xx"),
        memory=MemoryUse(90_000_000, 20_000_000, 10_000_000),
    )
    told = dict(facts(known, "Apache-2.0"))
    assert told["Quantization"] == "Q4_K_M"
    assert told["Licence"] == "MIT"
    assert told["Languages"] == "English, 한국어, xx"
    assert told["Memory"] == "120 MB: weights 90 MB, context 20 MB, working space 10 MB"


def test_a_base_model_and_a_thinking_one_say_so(qtbot: QtBot) -> None:
    panel = opened(qtbot)
    panel.show_current(replace(info(), has_template=False, thinks=True))
    assert "it continues a text" in panel.current.note.text()
    assert "thinks before it answers" in panel.current.note.text()


FITS = Fitting(4096, 0, 31, MemoryUse(90_000_000, 20_000_000, 10_000_000), 5_400_000_000)
TOO_LARGE = replace(FITS, problem=text("It needs 9.0 GB; 5.4 GB are free."), nearest=2048)


def test_other_models_say_before_they_are_loaded_whether_they_fit(qtbot: QtBot) -> None:
    panel = opened(qtbot)
    panel.show_models([STARTER, LARGER])
    panel.show_current(info())
    panel.show_estimates({LARGER.path: TOO_LARGE})
    [card] = panel.cards
    assert card.about.text() == (
        "2.5 GB · qwen3 · 4.0 billion parameters · trained for 32,768 tokens · English · Apache-2.0"
    )
    assert card.fits.text() == "It needs 9.0 GB; 5.4 GB are free."
    assert "9.0 GB" in card.accessibleName()
    panel.show_estimates({LARGER.path: FITS})
    assert card.fits.text().startswith("Fits. Needs 120 MB")
    panel.show_estimates({LARGER.path: ModelError(text("It cannot be read."))})
    assert card.fits.text() == "It cannot be read."


def test_a_file_is_copied_into_marus_folder_where_that_is_wished(qtbot: QtBot) -> None:
    panel = opened(qtbot)
    qtbot.keyClick(panel.copies, Qt.Key.Key_Space)
    with qtbot.waitSignal(panel.import_wanted) as wanted:
        drop(panel, Path("/m/a.gguf"))
    assert wanted.args == [Path("/m/a.gguf")]


# --- how the model is loaded


def tuned(qtbot: QtBot, *, gpu: bool = True) -> tuple[ModelTuning, list[Tuning], list[Tuning]]:
    """Return the controls of a model in use, what was estimated and what is to be loaded."""
    tuning = ModelTuning()
    qtbot.addWidget(tuning)
    tuning.show()
    estimated: list[Tuning] = []
    loaded: list[Tuning] = []
    tuning.estimate_wanted.connect(estimated.append)
    tuning.load_wanted.connect(loaded.append)
    tuning.show_model(info(), Tuning())
    devices = [Device("CPU", "a processor", "cpu", 0, 0)]
    devices += [Device("Vulkan0", "a card", "gpu", 10**9, 10**9)] if gpu else []
    reason = None if gpu else text("Built without a graphics backend: make install BACKEND=vulkan")
    tuning.show_devices(Devices("x", tuple(devices), 0, 31, reason, "1", ()))
    return tuning, estimated, loaded


def test_a_slider_asks_for_an_estimate_once_it_rests_and_changes_nothing_yet(qtbot: QtBot) -> None:
    tuning, estimated, loaded = tuned(qtbot)
    assert not tuning.load_button.isVisible()
    tuning._later.setInterval(60_000)  # however slow this machine is, between two keys it does not rest
    estimated.clear()
    tuning.context.slider.setFocus()
    for _ in range(4):
        qtbot.keyClick(tuning.context.slider, Qt.Key.Key_Right)
    assert estimated == []
    tuning._later.setInterval(0)
    qtbot.waitUntil(lambda: bool(estimated))
    assert estimated == [Tuning(n_ctx=2048)]
    assert loaded == []
    tuning.show_estimate(FITS)
    qtbot.mouseClick(tuning.load_button, Qt.MouseButton.LeftButton)
    assert loaded == [Tuning(n_ctx=2048)]


def test_what_does_not_fit_cannot_be_loaded_and_the_nearest_choice_is_offered(qtbot: QtBot) -> None:
    tuning, estimated, _loaded = tuned(qtbot)
    tuning.ask_for(Tuning(n_ctx=8192))
    tuning.show_estimate(TOO_LARGE)
    assert tuning.estimate.words() == "It needs 9.0 GB; 5.4 GB are free."
    assert not tuning.load_button.isEnabled()
    qtbot.mouseClick(tuning.nearest, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: Tuning(n_ctx=2048) in estimated)
    tuning.show_estimate(FITS)
    assert tuning.nearest.isHidden()
    assert tuning.load_button.isEnabled()


def test_layers_are_chosen_from_as_many_as_fit_to_all(qtbot: QtBot) -> None:
    tuning, estimated, _loaded = tuned(qtbot)
    assert tuning.layers.number.text() == "As many as fit"
    tuning.layers.slider.setFocus()
    qtbot.keyClick(tuning.layers.slider, Qt.Key.Key_End)
    qtbot.waitUntil(lambda: Tuning(n_gpu_layers=31) in estimated)
    qtbot.keyClick(tuning.layers.slider, Qt.Key.Key_Home)
    assert tuning.wanted == Tuning()


def test_without_a_graphics_card_the_slider_rests_and_says_why(qtbot: QtBot) -> None:
    tuning, _estimated, _loaded = tuned(qtbot, gpu=False)
    assert not tuning.layers.slider.isEnabled()
    assert "make install BACKEND=vulkan" in tuning.why.text()


def test_changes_can_be_undone_before_they_are_loaded(qtbot: QtBot) -> None:
    tuning, _estimated, loaded = tuned(qtbot)
    tuning.ask_for(Tuning(n_ctx=1024))
    qtbot.mouseClick(tuning.undo_button, Qt.MouseButton.LeftButton)
    assert tuning.wanted == Tuning()
    assert tuning.context.number.text() == "Automatic"
    assert loaded == []


def test_adapters_are_added_weighed_and_removed(qtbot: QtBot) -> None:
    tuning, _estimated, _loaded = tuned(qtbot)
    tuning.adapters.add("/m/polite.gguf")
    tuning.adapters.add("/m/polite.gguf")  # once is enough
    [line] = tuning.adapters.rows
    line.scale.setFocus()
    line.scale.selectAll()
    qtbot.keyClicks(line.scale, "0.5")
    qtbot.keyClick(line.scale, Qt.Key.Key_Return)
    assert tuning.wanted.adapters == (AdapterFile("/m/polite.gguf", 0.5),)
    qtbot.mouseClick(line.remove, Qt.MouseButton.LeftButton)
    assert tuning.wanted.adapters == ()
    assert tuning.adapters.rows == []


def test_an_estimate_that_fails_says_why(qtbot: QtBot) -> None:
    tuning, _estimated, _loaded = tuned(qtbot)
    tuning.ask_for(Tuning(n_ctx=1024))
    tuning.show_estimate_error(ModelError(text("The file is gone.")))
    assert tuning.estimate.words() == "The file is gone."
    assert tuning.load_button.isEnabled()


def test_an_estimate_names_the_layers_on_the_graphics_card() -> None:
    words = fitting_words(replace(FITS, layers=31, free_on_device=8_000_000_000))
    assert words == (
        "Needs 120 MB (weights 90 MB, context 20 MB, working space 10 MB); 5.4 GB are free. "
        "31 of 31 layers on the graphics card (8.0 GB free there)."
    )
