# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Questions that cannot stand alone ("and the deposit?", "그럼 잔금은요?"), completed from the conversation.

By rules: a small model asked to do it invents. What is searched for are the words of the question
before with those of this one; where this one names something new, passages that speak of it come first.
"""
# ruff: noqa: E501 - in a table of patterns every row is a line

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.claims import terms
from assistant.conversations import StoredMessage
from assistant.messages import Role
from assistant.passages import Passage
from assistant.texts import language_of

FEW = 2
"""Content words up to which a pronoun is taken to stand for what is missing: "does it cost much to lose
a key" says enough by itself."""

SHORT = 3
"""Words up to which a question with one content word or none is taken for a fragment."""

SPEAKS_OF = 0.6
"""Least share of a topic's words that a passage must hold to speak of it."""

_WORD = re.compile(r"[^\W_]+(?:['’.,-][^\W_]+)*")
_LEAD = re.compile(
    r"^(?:and|but|or|so|then|also|ok|okay|well|what about|how about|what of|same for)\b[,\s]*", re.IGNORECASE
)
_PREPOSITION = re.compile(
    r"^(?:in|for|of|at|by|from|to|with|without|on|under|after|before|during|if)\b", re.IGNORECASE
)
_ASKING = re.compile(r"\b(?:what|who|whom|whose|which|when|where|why|how)\b", re.IGNORECASE)
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
    r"(?:^|\s)(?:그것|그거|그건|그게|그걸|이것|이거|이건|이게|이걸|저것|저건|거기|그때|그분|그곳)[가-힣]*"
    r"|(?:^|\s)그(?=\s[가-힣])"
)
_ASKING_KO = re.compile(r"(?:무엇|무슨|뭐|누구|누가|언제|어디|어느|어떤|어떻게|얼마|며칠|왜|몇)[가-힣]*")
_TOPIC_KO = re.compile(
    r"^(?P<topic>\S+(?:\s\S+){0,2}?)(?:은|는|도)(?:요| 어때요?| 어떤가요?| 어떻게 (?:되|돼)\S*)?\s*[?？.]*$"
)
_NOUN_KO = re.compile(r"^(?P<topic>\S+(?:\s\S+)?(?<![까죠지요니나가해돼어아줘다냐]))\s*[?？]$")
_MORE_KO = re.compile(
    r"^(?:좀 )?(?:더|자세히|자세하게|구체적으로)+(?:\s(?:자세히|자세하게|구체적으로))?"
    r"(?:\s(?:알려|설명|말해|얘기|이야기|써|적어)\S*(?:\s\S+)?)?[?？.]*$"
)
_IF_KO = re.compile(r"^\S+면(?:은)?\s(?:어떻게|뭐가|무엇을|얼마)[가-힣]*(?:\s\S+)?$")
_UNENDED_KO = re.compile(r"(?:면|까지|부터|에서|에게|한테|로|만)요\s*[?？.]*$")
_MARKED_KO = re.compile(r"[가-힣A-Za-z0-9](?:은|는|이|가|을|를)(?=\s)")
# A question that begins with its question word and has no subject: "언제까지 내야 해?"
_BARE_KO = re.compile(
    _ASKING_KO.pattern + r"(?:\s\S+(?:야|면|도))?(?:\s(?!\S+할\s)\S+\s수)?(?:\s[^\s?？.!]+)?\s*[?？.!]*$"
)
# Questions on the answer itself: why it is so, where it stands, whether it is sure.
_ON_IT_KO = re.compile(
    r"^(?:왜(?:요|죠|지)?|어째서|무슨 이유로)(?:\s(?:안|못|그래|그렇|그런|그러|그럴|돼|되|거야|건가|거죠|거예요)\S*){0,3}\s*[?？.!]*$"
    r"|^이유(?:가|는)?\s?(?:뭐|무엇|뭔)\S*$"
    r"|^(?:어디|어느|어떤|무슨|몇)\S*(?:\s?(?:문서|파일|페이지|쪽|조항|조|항|장|부분|대목|문단|줄)(?:에서|에|이?야|이?예요|인가요?)?(?=[\s?？.!]|$))?"
    r"(?:\s(?:그렇게|그런|말이|써|쓰여|적혀|나와|나오|나온|있|들어|기재|명시|언급|봤|한|거야|건가)\S*){0,3}\s*[?？.!]*$"
    r"|^(?:정말|진짜|참말)(?:로|이야|야|인가요|이에요|예요|요|입니까)?(?:\s(?:그래|맞아|그런가|맞나|확실해)\S*)?\s*[?？.!]*$"
    r"|^(?:정말|진짜)?\s?(?:확실(?:해|한가|합니까|하니|하나요|한 거)|맞(?:아|나|습니까|는 거|는 건|니|죠)|사실(?:이야|인가|이에요|입니까)"
    r"|정확(?:해|한가|합니까|한 거)|틀림없(?:어|나|지|습니까))\S*(?:\s?(?:거야|거예요|맞아|건가요)\S*)?\s*[?？.!]*$"
    r"|^어떻게 (?:알아|아세|아시|알 수 있)\S*$"
)

_THANKS = re.compile(
    r"^(?:(?:thanks|thank you|thx|ok|okay|great|good|nice|perfect|got it|i see|yes|no|(?:so |very )?much"
    r"|a lot|고마워요?|고맙습니다|감사합니다|감사해요|알겠습니다|알겠어요?|알았어요?"
    r"|네|예|응|좋아요?|오케이|그래요?)"
    r"(?:[\s,.!~]+|$))+$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class FollowUp:
    """What to search for in place of a question that cannot stand alone.

    `topic` is what it asks about where that is new: passages that speak of it come first.
    """

    wording: str
    topic: str = ""

    def first(self, passages: Sequence[Passage]) -> list[Passage]:
        """Return `passages` with those that speak of the topic before the others."""
        wanted = terms(self.topic)
        return sorted(
            passages, key=lambda one: wanted.share_in(terms(f"{one.heading}\n{one.text}")) < SPEAKS_OF
        )


def follow_up(question: str, earlier: Sequence[StoredMessage]) -> FollowUp | None:
    """Return how `question` is to be searched for; None where it stands alone. `earlier`: before it."""
    before = _asked_before(earlier)
    if not before:
        return None
    asked = " ".join(question.split())
    if _THANKS.match(asked):
        return None
    return _korean(asked, before) if language_of(asked) == "ko" else _english(asked, before)


def _asked_before(earlier: Sequence[StoredMessage]) -> str:
    """Return the question before, as it was completed where it was a follow-up itself."""
    for one in reversed(earlier):
        if one.message.role is Role.USER:
            return one.message.content
        if one.receipt is not None and one.receipt.searched_for:
            return one.receipt.searched_for
    return ""


def _english(asked: str, before: str) -> FollowUp | None:
    rest = _LEAD.sub("", asked)
    pronoun = any(word.lower() in _PRONOUNS for word in _WORD.findall(_THERE.sub("", rest)))
    asks, led = _ASKING.search(rest) is not None, rest != asked
    topics = _content(rest)
    wording = _joined(_content(before), topics)
    if pronoun:
        return FollowUp(wording) if len(topics) <= FEW else None
    if _PREPOSITION.match(rest) and (led or len(topics) <= FEW):
        return FollowUp(wording)
    short = len(topics) <= 1 and len(_WORD.findall(asked)) <= SHORT
    if not asks and (short or (led and topics)):
        return FollowUp(wording, " ".join(topics))
    if short or (led and asks and len(topics) <= 1):
        return FollowUp(wording)
    return None


def _korean(asked: str, before: str) -> FollowUp | None:
    rest = _LEAD_KO.sub("", asked)
    if _PRONOUN_KO.search(rest):
        return FollowUp(_joined(_content_ko(before), _content_ko(_PRONOUN_KO.sub(" ", rest))))
    if _MORE_KO.match(rest) or _ON_IT_KO.match(rest):
        return FollowUp(" ".join(_content_ko(before)))
    noun = None if _ASKING_KO.search(rest) else _NOUN_KO.match(rest)
    if found := _TOPIC_KO.match(rest) or noun:
        topic = _content_ko(found["topic"])
        return FollowUp(_joined(_content_ko(before), topic), " ".join(topic)) if topic else None
    bare = _BARE_KO.match(rest) is not None or _IF_KO.match(rest) is not None
    unended = _UNENDED_KO.search(rest) is not None
    if bare or unended or (rest != asked and not _MARKED_KO.search(rest)):
        return FollowUp(_joined(_content_ko(before), _content_ko(rest)))
    return None


def _content(words: str) -> list[str]:
    """Return the words that say what is asked about, as they are written."""
    said = _WORD.findall(words)
    return [word for word in said if word.lower() not in _EMPTY and word.lower() not in _PRONOUNS]


def _content_ko(words: str) -> list[str]:
    """Return the words but those that only ask."""
    said = [word.strip("?？.,!") for word in words.split()]
    return [word for word in said if word and not _ASKING_KO.fullmatch(word)]


def _joined(first: Sequence[str], then: Sequence[str]) -> str:
    known = {word.lower() for word in first}
    return " ".join([*first, *(word for word in then if word.lower() not in known)])
