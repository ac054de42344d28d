# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Where the key of the databases comes from."""

import os


def passphrase() -> str | None:
    """Return the passphrase from MARU_PASSPHRASE; None, where it is not set or empty, for no key."""
    return os.environ.get("MARU_PASSPHRASE") or None
