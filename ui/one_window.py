# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""One window a home: a second start rings at the first one's door, by a local socket, never by TCP."""

import hashlib

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from assistant.errors import HomeError
from assistant.paths import Home
from assistant.texts import text

RING_MS = 1000


class Doorbell(QObject):
    """Emits `rung` when a second Maru was started on the same home."""

    rung = Signal()
    failed = Signal(object)  # MaruError: Maru works, but a second start will not find it

    def __init__(self, home: Home, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._name = door_name(home)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._answer)

    def listen(self) -> None:
        """Wait for rings. The holder of the home may take over what a crashed Maru left."""
        QLocalServer.removeServer(self._name)
        if not self._server.listen(self._name):
            self.failed.emit(
                HomeError(
                    text("A second start of Maru will not find this window."),
                    text("Close other programs that use the folder of temporary files."),
                )
            )

    def close(self) -> None:
        """Wait no longer."""
        self._server.close()

    def _answer(self) -> None:
        while socket := self._server.nextPendingConnection():
            socket.disconnected.connect(socket.deleteLater)
            socket.disconnectFromServer()
            self.rung.emit()


def ring(home: Home) -> bool:
    """Ask the window that holds `home` to come to the front; return whether one answered."""
    socket = QLocalSocket()
    socket.connectToServer(door_name(home))
    answered = socket.waitForConnected(RING_MS)
    socket.abort()
    return answered


def door_name(home: Home) -> str:
    """Return a name that only this home has; the path itself is not told."""
    digest = hashlib.sha256(str(home.root.resolve()).encode("utf-8", "surrogatepass")).hexdigest()
    return f"maru-{digest[:24]}"
