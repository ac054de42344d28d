# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
from assistant.documents.protocol import EXTENSIONS
from assistant.documents.readers.formats import KNOWN


def test_the_endings_that_are_offered_are_those_that_the_readers_know() -> None:
    assert set(EXTENSIONS) == (KNOWN | {".pdf"}) - {""}
    assert list(EXTENSIONS) == sorted(EXTENSIONS)
