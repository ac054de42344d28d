# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Why the system refused something, in words of ours where it is common."""

import errno
from pathlib import Path

import pytest

from assistant.errors import DatabaseError
from assistant.keys import HomeKey
from assistant.system_reasons import reason_of
from assistant.texts import Text
from assistant.vault_files import VaultFile

KEY = HomeKey(bytes(32), "home")


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EACCES, errno.EROFS, errno.ENOENT, errno.EIO])
def test_what_is_common_can_be_said_in_every_language(code: int) -> None:
    assert isinstance(reason_of(OSError(code, "the system's words")), Text)


def test_what_is_rare_is_said_as_the_system_says_it() -> None:
    assert reason_of(OSError(errno.EXDEV, "the system's words")) == "the system's words"
    assert reason_of(OSError("no number")) == "OSError"


def test_an_error_about_a_file_says_why(tmp_path: Path) -> None:
    with pytest.raises(DatabaseError, match=r"vault cannot be read \(it is not there\)"):
        VaultFile.open(tmp_path / "vault", KEY)
    with pytest.raises(DatabaseError, match=r"cannot be read \(it is a folder\)"):
        VaultFile.open(tmp_path, KEY)
