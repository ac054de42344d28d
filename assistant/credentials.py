# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Where the key of the databases comes from."""

import os

from assistant.keys import ROUNDS, SECRET_BYTES, HomeKey, stretched


def passphrase() -> str | None:
    """Return the passphrase from MARU_PASSPHRASE; None, where it is not set or empty, for no key."""
    return os.environ.get("MARU_PASSPHRASE") or None


def key() -> HomeKey | None:
    """Return the key that the passphrase gives."""
    words = passphrase()
    return None if words is None else HomeKey(stretched(words, b"", ROUNDS, SECRET_BYTES), "")
