# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Words for a full-text index that finds Korean and English alike.

SQLite's own tokenizers keep Korean particles glued to the noun (계약을) or find nothing shorter than
three syllables. Here runs of Hangul and other scripts without spaces become overlapping pairs of
characters (계약서 -> 계약 약서), English words their stem, and numbers, codes and addresses stay
whole, with their parts beside them; so does what is numbered (제12조). What is written in two ways is
found in both: letter by letter (진 단 서), with a hyphen (e-mail), a telephone number as from abroad. An
FTS5 table takes the words as they are: `CREATE VIRTUAL TABLE t USING fts5(words, tokenize="<TOKENIZER>")`.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock

import snowballstemmer

# Everything that a term may hold counts as part of it, so that FTS5 changes nothing.
TOKENIZER = "ascii tokenchars '-._@/:+&'"

LONGEST_TERM = 64  # characters; what is longer is machine-made, and its beginning tells it apart

_LONGEST_CODE = 24  # characters of a number or a code that is found without its signs, too

# Scripts written without spaces between words, or with endings glued on: Hangul with its letters,
# kana, Han (with the supplementary planes), Thai, Lao, Myanmar, Khmer.
_GLUED = (
    "\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3130-\u318f"
    "\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\U00020000-\U0003ffff"
)
_MARKS = "\u064b-\u065f\u0900-\u0dff"  # vowel signs that belong to the word around them
_RUN = re.compile(f"[{_GLUED}]+")
_LETTER = f"(?:[{_MARKS}]|[^\\W_{_GLUED}])"
_JOIN = "(?:[-._@/:+&']|(?<=[0-9]),(?=[0-9]))"
_WORD = re.compile(f"(?P<run>[{_GLUED}]+)|(?P<word>{_LETTER}+(?:{_JOIN}{_LETTER}+)*)")
_NUMBER = re.compile(r"([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(\.[0-9]+)?")
_UNIT = re.compile(r"([0-9]+)([^\W\d_]+)|([^\W\d_]+)([0-9]+)")
# An article, a chapter, a session: "제12조" is one thing, and so is "제12조의2".
_ARTICLE = re.compile("제 ?([0-9]+) ?([조항호장절편관회차])(?: ?의 ?([0-9]+))?")
# Syllables with nothing but spaces between them, as titles, labels and names in forms are written: not
# behind a closing sign, where the first is a particle; with a particle behind the last of three or more.
_SPACED = re.compile(
    "[가-힣](?= )(?<![\\w)\\]}>\"'”」』》〉][가-힣]) +[가-힣]"
    "(?:(?: +(?![있없같])[가-힣])+(?=[은는이가을를의에도로만와과](?!\\w))|(?: +[가-힣])*(?!\\w))"
)
# A Korean telephone number as it is dialled from abroad, and with its first part set apart.
_FROM_ABROAD = re.compile(
    r"\+ ?82\)?[-. ]?(?:\(0\)|0)?[-. ]?([1-9][0-9]?[-. ]?[0-9]{3,4}[-. ]?[0-9]{4})(?![0-9])"
)
_SET_APART = re.compile(r"0(?<![\w+.,:/-]0)([0-9]{1,2}(?:\) ?| )[0-9]{3,4}[-. ]?[0-9]{4})(?![0-9])")
_UNBROKEN = re.compile(r"\S+")
_NO_DIGITS = re.compile("[^0-9]+")
_ENGLISH = re.compile(r"[a-z]+")
_PLAIN = re.compile(r"[a-z]+(?:[-/+&][a-z]+)*")
_HYPHENED = re.compile("[a-z]+-[a-z]+")
_PARTICLES = frozenset("은는이가을를의에로도만와과")
_SPLIT = re.compile(r"[-._@/:+&,]+")
# Accents, and what is there but not seen: soft hyphens, zero-width characters, stray surrogates.
_UNSEEN = re.compile(
    "[\u0300-\u036f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\U000e0001-\U000e007f\ud800-\udfff]+"
)
_SAME = str.maketrans({"’": "'", "‘": "'", "‐": "-", "‑": "-", "‒": "-", "–": "-", "−": "-"})

_stemmer = snowballstemmer.stemmer("english")
_stemmer_lock = Lock()  # it keeps the word it works on in itself


@dataclass(frozen=True)
class Spelling:
    """A word that is written in two ways: the terms of both, as the question or text has it `apart`.

    `code`: its terms `together` are in every index; those of other words are not in what was indexed
    before they were known. `hyphened`: it is a plain word with a hyphen.
    """

    apart: tuple[str, ...]
    together: tuple[str, ...]
    code: bool = False
    hyphened: bool = False


@dataclass(frozen=True)
class _Word:
    """A word's terms: `phrase` is the word itself, `parts` are what it is also found by.

    `joined` is the one of its parts that it is when written without its signs.
    """

    phrase: tuple[str, ...]
    parts: tuple[str, ...] = ()
    joined: str = ""

    def expression(self, *, unfinished: bool = False) -> str:
        last = self.phrase[-1]
        starts = is_syllable(last) or (unfinished and not last[-1].isdigit())
        whole = _quoted(" ".join(self.phrase)) + ("*" if starts else "")
        if not self.joined:
            return whole
        return f"({whole} OR {_quoted(self.joined)}{'*' if starts else ''})"

    def spelling(self) -> Spelling:
        apart = tuple(term for term in self.phrase + self.parts if term != self.joined)
        code = len(self.phrase) == 1
        return Spelling(apart, (self.joined,), code=code, hyphened=not code)


def fold(words: str) -> str:
    """Return `words` as the index compares them: one width, one case, composed, without accents."""
    if words.isascii():
        return words.casefold()
    spread = unicodedata.normalize("NFKD", words.translate(_SAME))
    composed = unicodedata.normalize("NFKC", _UNSEEN.sub("", spread)).casefold()
    return unicodedata.normalize("NFKC", composed)


def index_terms(words: str) -> str:
    """Return what an FTS5 column holds for `words`: terms separated by single spaces."""
    folded = fold(words)
    found = (term for word in map(_word_found, _WORD.finditer(folded)) for term in word.phrase + word.parts)
    return " ".join([*found, *_beside(folded)])


def query_terms(words: str) -> list[str]:
    """Return the distinct terms of a question in their order, as `index_terms` would write them."""
    folded = fold(words)
    found = (term for _, word in _asked(folded) for term in word.phrase + word.parts)
    return list(dict.fromkeys([*found, *_beside(folded)]))


def spellings(words: str) -> list[Spelling]:
    """Return the words that are written in two ways, where `words` have them apart."""
    folded = fold(words)
    asked = list(_asked(folded))
    found = [word.spelling() for _, word in asked if word.joined]
    for start, end, together in _together(folded):
        inside = [word.phrase + word.parts for at, word in asked if start <= at < end]
        found.append(Spelling(tuple(term for terms in inside for term in terms), together))
    return found


def words_of(words: str) -> list[str]:
    """Return the words as they are written: what is written letter by letter is one, with its spaces."""
    composed = unicodedata.normalize("NFC", words)
    return [composed[start:end] for start, end in word_spans(composed)]


def word_spans(composed: str) -> Iterator[tuple[int, int]]:
    """Yield where the words that `words_of` gives stand in a text in normal form C."""
    letters = list(composed)
    for start, end, _ in _together(composed):
        letters[start:end] = "_" * (end - start)
    return (found.span() for found in _UNBROKEN.finditer("".join(letters)))


def every_word_of(words: str) -> str:
    """Return the MATCH expression that finds a text with every word of `words`; "" for no words.

    Korean words are found as they stand, wherever they begin. A single syllable also finds the words
    that begin with it: no pair can be made of it. The last word may be unfinished: this is what a
    search field calls while the user types.
    """
    folded = fold(words)
    asked = list(_asked(folded))
    unfinished = words[-1:].isalnum()
    found = [
        (start, word.expression(unfinished=unfinished and number == len(asked)))
        for number, (start, word) in enumerate(asked, 1)
    ]
    for start, end, together in _together(folded):
        if apart := " AND ".join(one for at, one in found if start <= at < end):
            either = (start, f"(({apart}) OR {_quoted(' '.join(together))})")
            before, behind = (
                [one for one in found if one[0] < start],
                [one for one in found if one[0] >= end],
            )
            found = [*before, either, *behind]
    return " AND ".join(one for _, one in found)


def _quoted(term: str) -> str:
    return '"' + term.replace('"', '""') + '"'


def is_syllable(term: str) -> bool:
    """Say whether a term is a single sign of a script without spaces: no pair could be made of it."""
    return len(term) == 1 and _RUN.fullmatch(term) is not None


def _asked(folded: str) -> Iterator[tuple[int, _Word]]:
    """Yield where the words of a question begin, and the words.

    Without the particle behind a code: AB-1234를 asks for AB-1234.
    """
    end = -1
    for found in _WORD.finditer(folded):
        if found.start() != end or found["run"] is None or found["run"] not in _PARTICLES:
            yield found.start(), _word_found(found)
        end = found.end() if found["word"] else -1


def _beside(folded: str) -> Iterator[str]:
    """Yield the terms that are made of several words, beside those that each of them has."""
    if not folded.isascii():
        yield from _articles(folded)
    for _, _, together in _together(folded):
        yield from together


def _together(folded: str) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """Yield where words are set apart that are also written as one: start, end, the terms of that one."""
    if not folded.isascii():
        for found in _SPACED.finditer(folded):
            yield found.start(), found.end(), _pairs(found[0].replace(" ", ""))
    numbers = [*_FROM_ABROAD.finditer(folded)] if "+" in folded else []
    for found in (*numbers, *_SET_APART.finditer(folded)):
        yield found.start(), found.end(), ("0" + _NO_DIGITS.sub("", found[1]),)


def _articles(folded: str) -> Iterator[str]:
    """Yield what is numbered as one term, beside the words it is made of."""
    for number, kind, more in _ARTICLE.findall(folded):
        yield _short(f"제{number}{kind}")
        if more:
            yield _short(f"제{number}{kind}의{more}")


def _word_found(found: re.Match[str]) -> _Word:
    if run := found["run"]:
        return _Word(_pairs(run) or (run,))
    return _word(found["word"])


def _pairs(run: str) -> tuple[str, ...]:
    return tuple([run[place : place + 2] for place in range(len(run) - 1)])


@lru_cache(maxsize=50_000)
def _word(word: str) -> _Word:
    if number := _NUMBER.fullmatch(word):  # 1,234.50 is 1234.50, and found by 1234 too
        whole, fraction = number[1].replace(",", ""), number[2] or ""
        return _Word((_short(whole + fraction),), (_short(whole),) if fraction else ())
    word = word.removesuffix("'s").replace("'", "")
    parts = tuple(_stem(part) for part in _SPLIT.split(word))
    if _HYPHENED.fullmatch(word):  # e-mail is email to others
        joined = _stem(word.replace("-", ""))
        return _Word(parts, (joined,), joined)
    if _PLAIN.fullmatch(word) or "," in word:  # "and/or" and "1,2,3" are no more than their parts
        return _Word(parts)
    if len(parts) > 1:  # AB-1234, kim@example.com: one thing, that parts of it find as well
        joined = _SPLIT.sub("", word)  # 010-1234-5678 is asked for as 01012345678 too
        if len(joined) <= _LONGEST_CODE and any(map(str.isdigit, joined)):
            return _Word((_short(word),), (*parts, joined), joined)
        return _Word((_short(word),), parts)
    if unit := _UNIT.fullmatch(word):  # 10kg, AB1234
        return _Word((_short(word),), tuple(_stem(part) for part in unit.groups() if part))
    return _Word((_short(word),))


def _stem(part: str) -> str:
    if not _ENGLISH.fullmatch(part) or len(part) > LONGEST_TERM:
        return _short(part)
    with _stemmer_lock:
        return str(_stemmer.stemWord(part))


def _short(term: str) -> str:
    return term[:LONGEST_TERM]
