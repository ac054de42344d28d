# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""`python -m assistant`: Maru in the terminal, without a window; works where Qt is not installed."""

import sys
from multiprocessing import freeze_support

from assistant.cli import main

if __name__ == "__main__":
    freeze_support()
    sys.exit(main(sys.argv[1:]))
