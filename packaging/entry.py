# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Where the packaged program starts."""

import multiprocessing
import sys

if __name__ == "__main__":
    # First of all: in a worker's process this call never returns.
    multiprocessing.freeze_support()
    from ui.__main__ import main

    sys.exit(main())
