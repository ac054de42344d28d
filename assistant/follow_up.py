# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Questions that cannot stand alone ("and the deposit?", "그럼 잔금은요?"), completed from the conversation.

By rules: a small model asked to do it invents. The search sees a list of words, not a sentence, so
that what is asked about takes the place of what was asked about before, or is put beside it.
"""

import re
from collections.abc import Sequence

from assistant.conversations import StoredMessage
from assistant.messages import Role
from assistant.texts import language_of

FEW = 2
"""Content words up to which a pronoun is taken to stand for what is missing: "does it cost much to lose
a key" says enough by itself."""

_WORD = re.compile(r"[^\W_]+(?:['’.,-][^\W_]+)*")
_LEAD = re.compile(
    r"^(?:and|but|or|so|then|also|ok|okay|well|what about|how about|what of|same for)\b[,\s]*", re.IGNORECASE
)
_PREPOSITION = re.compile(
    r"^(?:in|for|of|at|by|from|to|with|without|on|under|after|before|during|if)\b", re.IGNORECASE
)
_ASKING = re.compile(r"\b(?:what|who|whom|whose|which|when|where|why|how|how (?:much|many|long|often|far))\b")
_THERE = re.compile(r"\b(?:is|are|was|were) there\b|\bthere (?:is|are|was|were)\b", re.IGNORECASE)
_PRONOUNS = frozenset(
    """it its they them their theirs he she his her hers him that this those these there one ones same such
    else more other others another former latter both""".split()  # noqa: SIM905
)
_EMPTY = frozenset(
    """a an the and but or so then also ok okay well about is are was were am be been being do does did can
    could will would shall should may might must has have had in on at to for from by with without of as if
    than what who whom whose which when where why how much many long often far i you we me us my your our
    please tell say get give any some not no yes too only just""".split()  # noqa: SIM905
)

_LEAD_KO = re.compile(r"^(?:그럼|그러면|그렇다면|그리고|그런데|근데|또는|또|아니면|혹시)[,\s]+")
_PRONOUN_KO = re.compile(
    r"(?:^|\s)(?:그것|그거|그건|그게|그걸|이것|이거|이건|이게|이걸|저것|저건|거기|그때|그분|그곳"
    r"|[그이저] ?(?:사람|날|돈|금액|기간|비용|회사|경우|때|중|뒤|후|전|이후|다음))"
)
_ASKING_KO = re.compile(
    r"(?:무엇|무슨|뭐|누구|누가|언제|어디|어느|어떤|어떻게|얼마|며칠|왜|몇)[가-힣]*"
    r"|(?<=[가-힣])(?:인가요?|입니까|이에요|예요|인지|나요|습니까|되나|하나|는지)(?=\s|[?？.]|$)"
)
_TOPIC_KO = re.compile(
    r"^(?P<topic>\S+(?:\s\S+){0,2}?)(?:은|는|도)(?:요|어때요?|어떤가요|어떻게 (?:되|돼)\S*)?\s*[?？.]*$"
)
_MARKED_KO = re.compile(r"[가-힣A-Za-z0-9](?:은|는|이|가|을|를)(?=\s)")
_ALONE_KO = 2  # words of a question that begins with its question word and has no subject


def wordings(question: str, earlier: Sequence[StoredMessage]) -> tuple[str, ...]:
    """Return what to search for in place of `question`, the likeliest first; () where it stands alone.

    `earlier` are the messages before it.
    """
    before = _asked_before(earlier)
    if not before:
        return ()
    asked = " ".join(question.split())
    found = _korean(asked, before) if language_of(asked) == "ko" else _english(asked, before)
    return tuple(dict.fromkeys(words for words in found if words))


def _asked_before(earlier: Sequence[StoredMessage]) -> str:
    """Return the question before, as it was completed where it was a follow-up itself."""
    for one in reversed(earlier):
        if one.message.role is Role.USER:
            return one.message.content
        if one.receipt is not None and one.receipt.searched_for:
            return one.receipt.searched_for
    return ""


def _english(asked: str, before: str) -> tuple[str, ...]:
    rest = _LEAD.sub("", asked)
    content = _content(rest)
    pronoun = any(word in _PRONOUNS for word in _words(_THERE.sub("", rest)))
    asks = bool(_ASKING.search(rest.lower()))
    led = rest != asked
    topics = [word for word in content if word.lower() not in _PRONOUNS]
    beside = _joined(_content(before), topics)
    if pronoun and len(topics) <= FEW:
        return (beside,)
    if led and not asks and topics and not pronoun and not _PREPOSITION.match(rest):
        return (_joined(_frame(before), topics), beside)
    if led and _PREPOSITION.match(rest):
        return (beside,)
    if len(topics) <= 1 and len(_words(asked)) <= 3:
        return (beside,) if asks or not topics else (_joined(_frame(before), topics), beside)
    return ()


def _korean(asked: str, before: str) -> tuple[str, ...]:
    rest = _LEAD_KO.sub("", asked)
    beside = _joined([_plain(before)], [_plain(_PRONOUN_KO.sub(" ", rest))])
    if _PRONOUN_KO.search(rest):
        return (beside,)
    if topic := _TOPIC_KO.match(rest):
        return (_joined([topic["topic"]], _frame(before)), _joined([_plain(before)], [topic["topic"]]))
    bare = _ASKING_KO.match(rest) is not None and len(rest.split()) <= _ALONE_KO
    if bare or (rest != asked and not _MARKED_KO.search(rest)):
        return (beside,)
    return ()


def _words(words: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(words)]


def _content(words: str) -> list[str]:
    """Return the words that say what is asked about, as they are written."""
    return [
        word for word in _WORD.findall(words) if word.lower() not in _EMPTY and word.lower() not in _PRONOUNS
    ]


def _frame(words: str) -> list[str]:
    """Return the words of a question that only ask: "how much"."""
    if language_of(words) == "ko":
        return [found.group() for found in _ASKING_KO.finditer(words)]
    return _ASKING.findall(words.lower())


def _plain(words: str) -> str:
    """Return Korean words without those that only ask."""
    return " ".join(_ASKING_KO.sub(" ", words).replace("?", " ").replace("？", " ").split())


def _joined(first: Sequence[str], then: Sequence[str]) -> str:
    known = {word.lower() for word in first}
    return " ".join([*first, *(word for word in then if word.lower() not in known)]).strip()
