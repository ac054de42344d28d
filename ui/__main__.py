# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""`maru`: the terminal's commands, and without one the window. Qt is imported only when it is wanted."""

import gc
import multiprocessing
import sys

from assistant import cli
from assistant.paths import Home
from assistant.unlocking import KeySearch


def main() -> int:
    """Run Maru; the entry point of the installed program."""
    multiprocessing.freeze_support()
    return cli.main(sys.argv[1:], open_window=_open_window)


def _open_window(home: Home) -> int:
    search = KeySearch(home)  # while Qt is imported: a key takes 0.3 s to derive, and a keyring its time
    gc.disable()  # what an import makes stays: collecting meanwhile is a twentieth of the start for nothing
    from ui.app import open_window  # noqa: PLC0415 - Qt costs what a terminal command must not pay

    gc.enable()
    return open_window(home, search=search)


if __name__ == "__main__":
    sys.exit(main())
