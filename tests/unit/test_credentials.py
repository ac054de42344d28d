# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Where the key comes from."""

import pytest

from assistant.credentials import passphrase


@pytest.mark.parametrize(("value", "found"), [("open sesame", "open sesame"), (" ", " "), ("", None)])
def test_the_passphrase_comes_from_the_environment(
    monkeypatch: pytest.MonkeyPatch, value: str, found: str | None
) -> None:
    monkeypatch.setenv("MARU_PASSPHRASE", value)
    assert passphrase() == found


def test_without_the_variable_there_is_no_passphrase(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MARU_PASSPHRASE", raising=False)
    assert passphrase() is None
