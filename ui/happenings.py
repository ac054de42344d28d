# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What happens beside the questions, as signals: workers, models loaded anew, documents that are read."""

from PySide6.QtCore import QObject, Signal

from assistant.app import Assistant
from assistant.app_events import ModelReloaded, ReloadFailed, SnapshotFailed
from assistant.documents.collection import IndexingState, LibraryChanged
from assistant.documents.protocol import FileResult
from assistant.workers.state import WorkerState
from ui.tasks import Task


class Happenings(QObject):
    """Listens to the assistant from `begin` until all tasks are stopped. Signals come in the GUI thread."""

    worker_changed = Signal(object)  # WorkerState
    reloaded = Signal(object)  # ModelReloaded
    reload_failed = Signal(object)  # ReloadFailed
    indexing_changed = Signal(object)  # IndexingState
    file_finished = Signal(object)  # FileResult
    library_changed = Signal()
    snapshot_failed = Signal(object)  # MaruError: no daily snapshot, why

    def __init__(self, assistant: Assistant, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._assistant = assistant

    def begin(self) -> None:
        """Listen from now on."""
        task = Task(self._assistant.events)
        task.item.connect(self._take)
        task.start()

    def _take(self, event: object) -> None:
        match event:
            case WorkerState():
                self.worker_changed.emit(event)
            case ModelReloaded():
                self.reloaded.emit(event)
            case ReloadFailed():
                self.reload_failed.emit(event)
            case IndexingState():
                self.indexing_changed.emit(event)
            case FileResult():
                self.file_finished.emit(event)
            case SnapshotFailed(error=error):
                self.snapshot_failed.emit(error)
            case LibraryChanged():
                self.library_changed.emit()
