# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""An open file goes with a call over the process border: the worker gets a descriptor of its own.

On POSIX it follows the call through the same socket, as ancillary data of one byte (SCM_RIGHTS,
unix(7)); the caller must keep its own open until the call has ended. Windows makes the copy for the
other process beforehand, and the call names it. multiprocessing's own way would have the worker
connect to a socket of the parent, and a worker may have no sockets.
"""

import os
import socket
import sys
from dataclasses import replace
from multiprocessing.connection import Connection
from typing import Any

from assistant.workers.protocol import FileCall, Request

if sys.platform == "win32":
    import _winapi
    import msvcrt
    from multiprocessing.reduction import DupHandle


def handed_over(message: object) -> int | None:
    """Return the descriptor that goes with a message, None where none does."""
    if isinstance(message, Request) and isinstance(message.call, FileCall):
        return message.call.descriptor
    return None


def addressed(message: Any, process: int) -> Any:
    """Return the message as process `process` is to get it. Raises OSError where it is gone."""
    if sys.platform == "win32" and handed_over(message) is not None:
        handle = msvcrt.get_osfhandle(message.call.descriptor)
        copy = DupHandle(handle, _winapi.GENERIC_READ, process)
        return replace(message, call=replace(message.call, descriptor=copy))
    return message


def send_descriptor(connection: Connection, descriptor: int) -> None:
    """Send it after its message. Raises OSError."""
    if sys.platform != "win32":
        with socket.fromfd(connection.fileno(), socket.AF_UNIX, socket.SOCK_STREAM) as end:
            socket.send_fds(end, [b"\0"], [descriptor])


def received(connection: Connection, request: Request) -> Request:
    """Return the request with the worker's own descriptor. Raises OSError, EOFError."""
    if handed_over(request) is None:
        return request
    if sys.platform == "win32":
        own = msvcrt.open_osfhandle(request.call.descriptor.detach(), os.O_RDONLY | os.O_BINARY)
    else:
        with socket.fromfd(connection.fileno(), socket.AF_UNIX, socket.SOCK_STREAM) as end:
            _byte, descriptors, _flags, _address = socket.recv_fds(end, 1, 1)
        if not descriptors:
            raise EOFError
        own = descriptors[0]
    return replace(request, call=replace(request.call, descriptor=own))
