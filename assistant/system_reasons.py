# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Why the system refused something, in the user's language: the system's own words are often English."""

import errno

from assistant.texts import Text, text

_REASONS = {
    errno.ENOSPC: text("the disk is full"),
    errno.EDQUOT: text("your part of the disk is full"),
    errno.EACCES: text("you have no right to do that"),
    errno.EPERM: text("you have no right to do that"),
    errno.EROFS: text("the disk can only be read"),
    errno.ENOENT: text("it is not there"),
    errno.EEXIST: text("it is there already"),
    errno.EISDIR: text("it is a folder"),
    errno.ENOTDIR: text("a part of the path is not a folder"),
    errno.ENAMETOOLONG: text("the name is too long"),
    errno.EBUSY: text("another program is using it"),
    errno.EIO: text("the disk or its drive reports an error"),
}


def reason_of(error: OSError) -> Text | str:
    """Return why, to be put in brackets; what is rare is said in the system's words."""
    return _REASONS.get(error.errno or 0) or error.strerror or type(error).__name__
