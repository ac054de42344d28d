# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Words that somebody else wrote, where Qt would read them as HTML if they look like it: tooltips.

HTML in a tooltip may name a picture, and Qt opens it: a file, or a share that learns who asks.
"""

import re

JOINER = "\u2060"  # seen by nobody, and no tag may hold it


def as_tip(words: str) -> str:
    """Return `words` for a tooltip, shown as they are whatever they hold."""
    return re.sub("<|&(?=lt;)", rf"\g<0>{JOINER}", words)
