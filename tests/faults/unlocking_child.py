# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What a fault test kills in the middle: a home that is made, encrypted, made plain."""

import sys
from pathlib import Path

from assistant import home_conversion, home_key
from assistant.paths import Home
from assistant.unlocking import unlock

if __name__ == "__main__":
    home_key.ROUNDS = home_conversion.ROUNDS = 1
    unlock(Home(Path(sys.argv[1])))
    sys.stdout.write("done\n")
