# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Which questions are about a document as a whole: a table of patterns, English and Korean. Pure.

"Summarise the lease" cannot be answered from a few passages, "how much is the rent" can. What is not
surely such a task is none: searching for passages is the usual way.
"""
# ruff: noqa: E501 - in a table of patterns every row is a line

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from assistant.task_words import naming, without_form

LONGEST = 300
"""Characters; a longer question brings the text along that it is about."""


class TaskKind(StrEnum):
    """What is to be made of a whole document."""

    SUMMARY = "summary"
    LIST = "list"
    COMPARE = "compare"
    TRANSLATE = "translate"
    FREE = "free"  # whatever was asked, of a document that the user wants read whole


class Listed(StrEnum):
    """Kinds of things that can be listed by their form."""

    DATES = "dates"
    AMOUNTS = "amounts"
    EMAILS = "emails"
    PHONES = "phones"


@dataclass(frozen=True)
class Task:
    """A task over whole documents.

    `words` is the question without what names the task: it may name the document. `pointing` says that
    it points at one ("this document"), `several` that it means more than one, `every` all that are there.
    `topical` tasks ask for one subject only ("summarise what it says about pets"). `listed` are the kinds
    of things to list.
    """

    kind: TaskKind
    words: str = ""
    pointing: bool = False
    several: bool = False
    topical: bool = False
    every: bool = False
    listed: tuple[Listed, ...] = ()


_SHAPE = r"(?:paragraphs?|sentences?|words?|lines?|bullets?|bullet points?|points?|words or less)"
_POLITE = (
    r"^(?:(?:please|pls|plz)[,\s]+|(?:hi|hello|hey|dear \w+)(?: there| maru)?[,!.\s]+|maru[,!:\s]+|(?:can|could|would|will) (?:you|u) (?:please |pls |plz |kindly )?"
    r"|i (?:want|need|would like) (?:you )?to |i(?: woul|')d like (?:you )?to |help me (?:to )?"
    r"|(?:now|then|first|just|briefly|shortly|quickly|kindly)[,\s]+|in (?:\w+ ){1,3}" + _SHAPE + r"[,\s]+"
    r"|and (?=summari|compare|list|transl))*"
)
_LONG = (
    r"(?:(?:very|short|brief|quick|long|detailed|concise|simple|executive|plain"
    r"|\w+[- ](?:line|sentence|paragraph|page|word|bullet|point)s?) )*"
)
_THINGS = (
    r"(?:dates?|deadlines?|amounts?|prices?|names?|people|persons|parties|numbers?|places?|e-?mails?|points?)"
)
_THINGS_KO = r"(?:날짜|금액|이름|기한|일정|연락처)들?"
_ADDRESSES_KO = r"(?:이메일|전자우편|메일|이메일 ?주소|메일 ?주소|주소|전화 ?번호|휴대폰 ?번호|핸드폰 ?번호|마감일|가격|비용|액수)"
_PAPERS = (
    r"(?:documents?|docs?|files?|texts?|pdfs?|papers?|contracts?|agreements?|leases?|reports?|articles?|letters?|notices?"
    r"|manuals?|handbooks?|essays?|books?|invoices?|minutes|policy|policies)"
)
_PAPERS_KO = r"(?:문서|파일|글|자료|계약서|보고서|논문|편지|공지|공지문|안내문|명세서|기사|회의록|이력서|견적서|약관|규정|설명서|매뉴얼|책|메일|pdf)"
_OF_ALL = r"(?:\s*$|[,?!]|\s+(?:to (?:me|us|a)|briefly|shortly|quickly|simply|please|pls)\b)"
_ASK_KO = r"(?:해\s?(?:줘|주|줄|봐|보|달|드|라|요|$)|좀|부탁|하(?:라|시|십|세|자)|[?!~]*$)"
_FILE = r"\S+\.[a-z][a-z0-9]{1,4}\b"

_PATTERNS: tuple[tuple[TaskKind, str], ...] = (
    (TaskKind.COMPARE, _POLITE + r"(?:compare|contrast)\b"),
    (TaskKind.COMPARE, r"^(?:what(?:'s| is| are)|show(?: me)?|list|find|explain) (?:all )?(?:the )?differences? between"),
    (TaskKind.COMPARE, r"^what(?:'s| has| is)? (?:changed|different) between\b"),
    (TaskKind.COMPARE, _POLITE + r"(?:(?:give|make|show|write|create)(?: me| us)? )?(?:an? |the )?(?:\w+ )?comparison (?:of|between)\b"),
    (TaskKind.COMPARE, r"^(?:the )?differences? between\b|^diff " + _FILE),
    (TaskKind.COMPARE, r"^\S+(?: \S+){0,2} (?:vs\.?|versus) \S+(?: \S+){0,2}$"),
    (TaskKind.COMPARE, r"^how (?:do|does|are|is) .+\b(?:differ|different)\b"),
    (TaskKind.SUMMARY, _POLITE + r"(?:summ?[ae]ri[sz]e|sum (?:\S+ ){0,4}up|outline|recap|condense|abridge|boil down)\b"),
    (TaskKind.SUMMARY, r"(?:^|[:,]\s*)(?:please |pls )?(?:summari[sz]e|tl;?dr)(?: (?:please|pls|plz|it|this))?[?.!]*$"),
    (TaskKind.SUMMARY, _POLITE + r"(?:give|write|make|show|create|prepare|provide|i need|i want|i(?: woul|')d like)(?: me| us)?(?: an?| the)?"
                       r"(?: [\w-]+){0,4} (?:summary|overview|outline|abstract|tl;?dr|gist)\b"),
    (TaskKind.SUMMARY, r"^(?:(?:i )?need )?(?:a |an |the )?" + _LONG + r"(?:summary|overview|tl;?dr|gist)\b(?! (?:table|sheet|page|section|says|judge?ment)\b)"),
    (TaskKind.SUMMARY, r"^" + _FILE + r":? (?:summary|overview|outline|tl;?dr)(?: please| pls)?[?.!]*$"),
    (TaskKind.SUMMARY, r"^what(?:'s| is) the (?:gist|summary|upshot) of (?:this|that|it|the|my|" + _FILE + r")"),
    (TaskKind.SUMMARY, r"^what(?:'s| is) (?:in )?(?:this|that|the attached) " + _PAPERS + r"[\s?.!]*$"),
    (TaskKind.SUMMARY, r"^what does (?:this|that|the attached) (?:document|doc|file|text|pdf|paper|report|article|book) (?:cover|contain|include|deal with|describe)[\s?.!]*$"),
    (TaskKind.SUMMARY, _POLITE + r"(?:explain|describe|walk (?:me|us) through|go through|tell me (?:all |more |everything )?about)(?: (?:to )?(?:me|us))?(?: what is in)? "
                       r"(?:(?:this|that|these|the|my|both|all)(?: (?:whole|entire|attached|uploaded|full|long|short|legal|two))* " + _PAPERS + r"|" + _FILE + r")" + _OF_ALL),
    (TaskKind.SUMMARY, r"^what(?:'s| is| are) (?:this|that|it|the|my|these)\b.{0,60} (?:all )?about[\s?.!]*$"),
    (TaskKind.SUMMARY, r"^what(?:'s| is) [\"'“‘]?.{1,60}\.[a-z0-9]{2,5}[\"'”’]? (?:all )?about[\s?.!]*$"),
    (TaskKind.SUMMARY, r"^what does (?:this|the|my|that) .{0,60} say[\s?.!]*$"),
    (TaskKind.SUMMARY, r"^(?:what are |" + _POLITE[1:] + r"(?:give me|list|show me|tell me|extract) )?(?:the )?"
                       r"(?:key|main|most important) (?:points|takeaways|facts|ideas|findings|messages)\b|^(?:the )?(?:takeaways|highlights|key points)\b"),
    (TaskKind.TRANSLATE, _POLITE + r"translate\b"),
    (TaskKind.LIST, _POLITE + r"(?:list|enumerate)\b"),
    (TaskKind.LIST, _POLITE + r"(?:name|give|show|tell|find|extract|collect|get|make)(?: me| us)?(?: a list of)? "
                    r"(?:all|every|each)\b"),
    (TaskKind.LIST, _POLITE + r"(?:make|give|create|write)(?: me| us)? (?:a |the )?(?:list|timeline|table)\b"),
    (TaskKind.LIST, r"^(?:a )?timeline\b"),
    (TaskKind.LIST, r"^(?:all (?:the )?)" + _THINGS + r"\b"),
    (TaskKind.LIST, r"^(?:what|which)(?: are)?(?: all)?(?: the)? " + _THINGS +
                    r"\b(?: (?:are|is) (?:there|in|given|set)\b|.{0,30}\b(?:mentioned|named|listed|appear|occur|stand|in (?:this|the|my) (?:document|file|text))\b)"),
    (TaskKind.LIST, r"^what are all (?:of )?(?:the )?\w+s\b"),
    # Korean: what is to be done stands at the end.
    (TaskKind.COMPARE, r"비교\s?(?:해|하|분석(?=\s*(?:해|하|좀|부탁|[?!~]*$))|좀|부탁|[?!~]*$)(?!\S*\s(?:\S+\s)*(?:얼마|몇))"),
    (TaskKind.COMPARE, r"비교\s?표(?:를|을|로|으로)?\s*(?:좀\s*)?(?:만들|작성|써|그려|정리|뽑|부탁|해|[?!~]*$)|(?:차이|차이점|다른 점)(?:이|을|은|가|를|만)?\s*(?:뭐|무엇|알려|말해|정리|설명)"),
    (TaskKind.COMPARE, _PAPERS_KO + r".*(?:차이점?|다른 점)[은이]?[?]?$|" + _PAPERS_KO +
                       r".*(?:뭐가|무엇이|어떻게|어디가|무슨 점이) ?(?:달라|다른|다르|바뀌)"),
    (TaskKind.TRANSLATE, r"번역\s?(?:해|하|좀|부탁)|번역본(?:을|를)?\s?(?:만들|작성|써|부탁)|(?:어|글|말|문)(?:으로|로) (?:번역[?!~]*$|옮겨|바꿔)|" + _PAPERS_KO + r"(?:을|를)?\s?번역[?!~]*$"),
    (TaskKind.SUMMARY, r"요약(?:본|문)?(?:을|를|이|만|점)?\s*(?:좀|쫌|해(?!\s?(?:놓|둔|논|져))|하(?!는|던)|부탁|만들|써(?! ?있)|작성(?!된|자|일)|보여|알려|줘|주(?:세|라|실|시|십)|뽑아|가능(?:해|한가|할까|하|[?]|$)|필요(?:해|합)|원해|원합|바랍|ㄱ|플리즈|please|plz|pls|[.!?~]*$)|간추려|간략히 (?:정리|설명)"),
    (TaskKind.SUMMARY, r"(?:핵심|요점|요지|골자)(?:만|을|이|를|가|을 좀|만 좀| 내용(?:을|만|이)?| 사항(?:을|만)?| 포인트(?:를|만)?)?\s*(?:간단히\s|짧게\s|간략히\s)?(?:정리|알려|뽑|말해|추려|뭐|무엇|설명|요약)"),
    (TaskKind.SUMMARY, r"(?:무슨|어떤|무엇에 (?:관|대)한|뭐에 (?:관|대)한) (?:내용|문서|글|이야기|파일)"),
    (TaskKind.SUMMARY, r"(?:전체|주요|중요한?) 내용(?:을|이|은)?\s*(?:정리|알려|말해|설명|뭐|무엇|추려)|줄거리|내용을? (?:정리|설명)해"),
    (TaskKind.SUMMARY, r"^(?!.*(?:조항|부분|제?\s?\d+\s?[조항장절]))(?:.*\s)?(?:전체|주요|핵심|중요한?) 내용(?:[은이](?:요)?)?\s*[?~]*$"),
    (TaskKind.SUMMARY, r"(?:^|\s)" + _PAPERS_KO + r"(?:에 대해(?:서)?|을|를|만|은|는)?\s*(?:좀\s*)?(?:설명|소개)\s?" + _ASK_KO + r"|" + _FILE + r"\s?(?:을|를)?\s*설명\s?" + _ASK_KO),
    (TaskKind.SUMMARY, r"^(?:좀 )?정리\s?" + _ASK_KO),
    (TaskKind.SUMMARY, _PAPERS_KO + r"(?:을|를|만|는|은)?\s*(?:좀\s*)?정리\s?(?:해|좀|부탁)|(?:뭐|무엇|뭔)에 (?:관|대)한 (?:거|것|건)"),
    (TaskKind.SUMMARY, _PAPERS_KO + r"(?:의|은|는)?\s*내용(?:이|은)?\s*(?:뭐|뭔|무엇|어떻)|개요(?:를|만)?\s*(?:좀\s*)?"
                       r"(?:알려|말해|설명|정리|써|작성|보여|[.!?]*$)|(?:짧게|간단히|간략하게|짤막하게) 줄여"),
    (TaskKind.LIST, r"(?:나열|열거)\s?(?:해|하|좀|부탁|[?!~]*$)|(?:목록|리스트(?:업)?|연표|일정표|타임라인)(?:을|를|으로|로)?\s*(?:만들|보여|알려|뽑|정리|작성|해)"),
    (TaskKind.LIST, r"(?:(?:모두|전부|모든|전체|빠짐없이|싹)\s?|(?:^|\s)다\s?)(?:.*\s)?(?:찾아|뽑아|정리해|적어|알려|추려|보여|말해|골라)"),
    (TaskKind.LIST, r"(?:날짜|금액|이름|기한|일정|연락처)들?(?:을|를|만)?\s*(?:모두|전부|다)?\s*(?:뽑아|찾아|정리해|추려|모아)"),
    (TaskKind.LIST, _ADDRESSES_KO + r"(?:들|(?:을|를|만)?\s(?:모두|전부|다|싹))(?:을|를|만)?\s*(?:다\s?)?(?:뽑아|찾아|정리해|추려|모아|알려|보여|적어)"
                    r"|^(?:여기(?:에?서)?\s|" + r"(?:이 |그 )?" + _PAPERS_KO + r"(?:에서|에)?\s(?:있는\s|나온\s)?)?" + _ADDRESSES_KO + r"(?:을|를|만)?\s*(?:뽑아|찾아|추려|모아)"),
    (TaskKind.LIST, r"(?:" + _THINGS_KO + r"|" + _ADDRESSES_KO + r")들? (?:목록|리스트)[?]?$|" + _THINGS_KO + r" 목록[?]?$|" + _PAPERS_KO + r"에서? (?:나온|나오는|있는|적힌|나와 있는) (?:모든 )?" + _THINGS_KO +
                    r"(?:는|은|이|가)?\s*(?:뭐|무엇|뭔|[?]?$)"),
)  # fmt: skip

# Of the conversation itself, or of a text that comes with the question; "how much in all" is no list.
_ELSEWHERE = re.compile(
    r"\b(?:your|the)(?: last| previous| first)? (?:answers?|reply|replies|response|message)\b"
    r"|\b(?:this|our|the) (?:conversation|chat|discussion)\b|\bso far\b|\bthe following\b|\bbelow\b"
    r"|(?:앞|위|이전|방금|지금)의? ?(?:답|대화|답변)|대화(?:를|의|내용)? |지금까지|다음 (?:글|문장|내용|텍스트|문단)|아래",
    re.IGNORECASE,
)
_ASKS_KO = re.compile(r"얼마|왜|누가 ")
_BROUGHT = re.compile(r"[\"“”‘'](?P<quoted>[^\"“”‘’']{2,})[\"“”’'](?!\w)|[:：]\s*(?P<after>.+)")
_FILE_NAME = re.compile(r"\.[A-Za-z0-9]{2,5}$")
_TITLE = 6
"""Words of the longest name or title: more between quotation marks, or after a colon, is a text of its own."""

_POINTING = re.compile(
    r"\b(?:this|that|the|these|those|both|my|all|attached|whole|entire|uploaded|two|three)\s+(?:\w+\s+){0,2}?"
    r"(?:documents?|docs?|files?|texts?|pdfs?|attachments?|pages?|papers?)\b"
    r"|\b(?:this|these|that|those)\s+\w+\b|\b(?:it|this|them|these|both)[\s.?!]*$|\b(?:in|of|between) (?:it|them|this)\b"
    r"|(?<![가-힣])(?:이|그|저|두|해당|첨부한?|첨부된|방금|올린)\s?(?:문서|파일|글|자료|계약서|책|보고서|편지|공지|논문|기사|안내문|명세서|회의록|이력서|견적서|약관|설명서|매뉴얼)"
    r"|(?<![가-힣])(?:이|그|저|두|해당|첨부한?|첨부된|방금|올린)\s메일|문서|파일|첨부|이거|이것|그거|(?<![가-힣])여기(?:에?서)?(?=\s)",
    re.IGNORECASE,
)
_SEVERAL = re.compile(
    r"\b(?:these|those|both|all(?: of)?(?: the| my)?|two|three|the|my)\s+(?:\w+\s+)?(?:documents|docs|files|texts|pdfs|attachments|papers)\b"
    r"|\bboth\b|\bthem\b|\btwo\b|(?:^|\s)[두세] |둘|문서들|파일들|(?:모든|전체) (?:문서|파일)|이들",
    re.IGNORECASE,
)
_EVERY = re.compile(
    r"\b(?:all|every one)(?: of)?(?: the| my)? (?:documents|docs|files|texts|pdfs|papers)\b"
    r"|(?:모든|전체) (?:문서|파일|자료)|(?:문서|파일|자료)(?:들)?(?:을|를)? (?:모두|전부|다)(?=\s|$)",
    re.IGNORECASE,
)
_TOPICAL = re.compile(
    r"\b(?:about|regarding|concerning|on) (?!it\b|this\b)(?:the |my )?\w+|(?<!문서)(?<!파일)(?<!논문)(?<!계약서)(?<!보고서)에 (?:대해|관해|대한|관한)|관련",
    re.IGNORECASE,
)
_WHAT_ABOUT = re.compile(r"\babout[\s?.!]*$", re.IGNORECASE)

_ADDRESS_KO = r"이메일|전자우편|메일 ?주소"
_LISTED: tuple[tuple[Listed, re.Pattern[str]], ...] = (
    (Listed.DATES, re.compile(r"\b(?:dates?|deadlines?|timeline)\b|날짜|일자(?!리)|마감일|기한|일정|연표|타임라인", re.IGNORECASE)),
    (Listed.AMOUNTS, re.compile(r"\b(?:amounts?|prices?|costs?|fees?|sums?|payments?)\b|금액|액수|가격(?!표)|비용|요금(?!제)|대금", re.IGNORECASE)),
    (Listed.EMAILS, re.compile(r"\be-?mail(?: address)?(?:es|s)?\b|" + _ADDRESS_KO, re.IGNORECASE)),
    (Listed.PHONES, re.compile(r"\b(?:(?:tele)?phone|mobile|cell)(?: number)?s?\b|전화\s?번호|휴대(?:폰|전화)|핸드폰|연락처", re.IGNORECASE)),
)  # fmt: skip


def task_of(question: str) -> Task | None:
    """Return the task that `question` is over whole documents, None where it is a question."""
    asked = " ".join(question.split()).strip(" .!")
    if len(asked) > LONGEST or _ELSEWHERE.search(asked):
        return None
    bare = without_form(asked)
    kind = _kind_of(asked) or _kind_of(bare)
    if kind is None or (kind is TaskKind.LIST and _ASKS_KO.search(asked)) or _brings_text(asked, kind):
        return None
    words = naming(bare, listing=kind is TaskKind.LIST)
    listed = tuple(one for one, pattern in _LISTED if pattern.search(bare)) if kind is TaskKind.LIST else ()
    topical = bool(_TOPICAL.search(bare)) and not _WHAT_ABOUT.search(bare)
    pointing = bool(_POINTING.search(bare)) or not words
    several = bool(_SEVERAL.search(bare))
    pointing = pointing or (several and kind is TaskKind.COMPARE)
    every = bool(_EVERY.search(bare))
    return Task(kind, words, pointing, several or every, topical, every, listed)


@cache
def _patterns() -> tuple[tuple[TaskKind, re.Pattern[str]], ...]:
    """Return the table with its patterns compiled: at the first question, or every start would wait for it."""
    return tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _PATTERNS)


def _kind_of(asked: str) -> TaskKind | None:
    return next((kind for kind, pattern in _patterns() if pattern.search(asked)), None)


def _brings_text(asked: str, kind: TaskKind) -> bool:
    """Say whether the question brings the text along that it is about, rather than a document's name."""
    for found in _BROUGHT.finditer(asked):
        brought = (found["quoted"] or found["after"]).strip(" ?\"'“‘”’")
        # Words and sayings are what people have translated: there only a file's name is one.
        longest = _TITLE if kind is not TaskKind.TRANSLATE else 2 if found["after"] else 0
        if len(brought.split()) > longest and not _FILE_NAME.search(brought):
            return True
    return False


def free_task(question: str) -> Task:
    """Return the task that `question` is over documents that are named apart from it."""
    return task_of(question) or Task(TaskKind.FREE, question)
