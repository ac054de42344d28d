# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Whether the passages found can hold the answer at all: the threshold of search.

Both halves have a say: what share of the question's telling words the best passage holds, and how
near the nearest passage is in meaning. Measured where the article that answers was present or taken
out, refused when it was out / refused when it was there: XQuAD with the starter embedder 0.95 / 0.04,
by words alone 0.89 / 0.05; KorQuAD by words alone 0.86 / 0.03.
"""

from collections.abc import Sequence

WITH_VECTORS = 0.75  # least sum of the best score by words (0 to 1) and the best cosine
WORDS_ONLY = 0.31  # least score by words where vectors have no say


def is_supported(by_words: Sequence[tuple[int, float]], by_meaning: Sequence[tuple[int, float]]) -> bool:
    """Say whether any passage is above the threshold; both lists as (id, score), best first."""
    words = by_words[0][1] if by_words else 0.0
    if not by_meaning:
        return words >= WORDS_ONLY
    return words + by_meaning[0][1] >= WITH_VECTORS
