# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Prompts over whole documents: the document first, what is asked last.

So the next question about the same document begins with the same words, and only what is new is read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby

from assistant import prompt
from assistant.messages import Message, Role
from assistant.passages import Passage
from assistant.paths import resources
from assistant.prompt import CountTokens, Prompt, Reader, Window
from assistant.tasks import TaskKind

MOST_HISTORY = 4
"""The room that earlier turns may take beside a whole document, as a part of what is left: 1 in 4."""

_ASKING = {
    # Looked at on the starter model: asked without more it went round in circles on 2 of 3 documents.
    ("en", True): "Task: {question} Answer in a few short sentences.",
    ("en", False): "{question}",
    ("ko", True): "과제: {question} 몇 문장으로 짧게 답하세요.",
    ("ko", False): "{question}",
}
_LINES = {"en": " Write one item a line.", "ko": " 한 줄에 하나씩 쓰세요."}
_ALONE = {"en": " Write the translation and nothing else.", "ko": " 번역문만 쓰세요."}
_PART = {
    ("en", True): "Task: Note what this part says. Answer in a few short sentences.",
    (
        "en",
        False,
    ): "This is part {number} of {total}. Note in a few sentences, with numbers and names, what it says"
    " that matters for this task: {question}",
    ("ko", True): "과제: 이 부분의 내용을 적으세요. 몇 문장으로 짧게 답하세요.",
    (
        "ko",
        False,
    ): "이것은 {total}개 부분 중 {number}번째입니다. 다음 과제에 필요한 내용을 숫자와 이름을 넣어 몇 문장으로"
    " 적으세요: {question}",
}
_NOTES = {"en": "Notes on {name}, part {number}", "ko": "{name} {number}번째 부분에 대한 메모"}
_DRAWN = {
    "en": "Draw these notes together in a few sentences, with numbers and names, for this task: {question}",
    "ko": "다음 과제를 위해 이 메모들을 숫자와 이름을 넣어 몇 문장으로 모으세요: {question}",
}
_TOGETHER = {
    "en": "The notes above cover the document part by part. ",
    "ko": "위의 메모는 문서 전체를 부분별로 적은 것입니다. ",
}


@dataclass(frozen=True)
class Note:
    """What a model noted of a part: the document's name, as the model may see it, and the part's number."""

    name: str
    number: int
    words: str


@dataclass(frozen=True)
class Asking:
    """How prompts over documents are put: the question (masked), its kind and language, and who reads."""

    question: str
    kind: TaskKind
    language: str
    reader: Reader

    @property
    def last(self) -> str:
        """What stands at the end of a prompt with a whole document, or a part that stands for itself."""
        more = {TaskKind.LIST: _LINES, TaskKind.TRANSLATE: _ALONE}.get(self.kind)
        question = self.question + (more[self.language] if more else "")
        if self.reader.base:
            return prompt.ASKING_BASE[self.language].format(question=question)
        short = self.reader.small and more is None
        return _ASKING[self.language, short].format(question=question)

    def of_part(self, number: int, total: int) -> str:
        """Return what stands at the end of the prompt with one part."""
        asked = _PART[self.language, self.reader.small or self.reader.base].format(
            number=number, total=total, question=self.question
        )
        return prompt.ASKING_BASE[self.language].format(question=asked) if self.reader.base else asked

    def system(self) -> list[Message]:
        """Return the instructions; a base model has none."""
        if self.reader.base:
            return []
        words = (resources() / "prompts" / f"whole.{self.language}.txt").read_text(encoding="utf-8")
        return [Message(Role.SYSTEM, words.strip())]


def whole(
    asking: Asking,
    passages: Sequence[Passage],
    history: Sequence[Message],
    window: Window,
    count: CountTokens,
) -> Prompt:
    """Return the prompt with all of `passages`, and as much of the history as there is room for.

    The document stands in the first message, before the earliest turn that stays.
    """
    text = documents(passages)
    system = asking.system()
    taken, last, *of_system = count([text, asking.last, *[one.content for one in system]])
    sizes = count([one.content for one in history])
    left = window.for_prompt - taken - last - sum(of_system) - 3 * prompt.MESSAGE_OVERHEAD
    turns = (
        prompt.latest(history, sizes, left // MOST_HISTORY, max(1, left // MOST_HISTORY)) if left > 0 else []
    )
    words = [*[one.content for one in turns], asking.last]
    words[0] = f"{text}\n\n{words[0]}"
    roles = [Role.USER if number % 2 == 0 else Role.ASSISTANT for number in range(len(words))]
    return Prompt(
        messages=(*system, *map(Message, roles, words)),
        passages=(),
        dropped_messages=len(history) - len(turns),
        history_tokens=sum(sizes[len(history) - len(turns) :]),
        passages_tokens=taken,
    )


def part(asking: Asking, passages: Sequence[Passage], last: str) -> Prompt:
    """Return the prompt with one part of a document and `last` at its end."""
    message = Message(Role.USER, f"{documents(passages)}\n\n{last}")
    return Prompt(messages=(*asking.system(), message), passages=())


def together(asking: Asking, notes: Sequence[Note], *, last: bool = True) -> Prompt:
    """Return the prompt with notes on all parts; not the `last` one: they are drawn together once more."""
    named = _NOTES[asking.language]
    blocks = [f'{named.format(name=note.name, number=note.number)}\n"""\n{note.words}\n"""' for note in notes]
    drawn = _DRAWN[asking.language].format(question=asking.question)
    asked = _TOGETHER[asking.language] + asking.last if last else drawn
    if asking.reader.base:
        asked = asking.last if last else prompt.ASKING_BASE[asking.language].format(question=drawn)
    return Prompt(messages=(*asking.system(), Message(Role.USER, "\n\n".join([*blocks, asked]))), passages=())


def documents(passages: Sequence[Passage]) -> str:
    """Return the text of passages as it stands in a prompt: one quotation a document, under its name."""
    blocks = []
    for name, of_one in groupby(passages, key=lambda passage: passage.document):
        words = "\n".join(prompt.plain(passage.text) for passage in of_one)
        blocks.append(f'{name}\n"""\n{words}\n"""')
    return "\n\n".join(blocks)


def packed(passages: Sequence[Passage], sizes: Sequence[int], room: int) -> list[list[int]]:
    """Return the passages, as numbers, in parts of at most `room` tokens each, none of two documents.

    The parts of a document are about equally long. A passage that is larger than `room` is a part.
    """
    parts: list[list[int]] = []
    numbers = range(len(passages))
    for _, of_one in groupby(numbers, key=lambda number: passages[number].document):
        mine = list(of_one)
        ends = list(accumulate(sizes[number] for number in mine))
        target = ends[-1] / max(1, -(-ends[-1] // max(room, 1)))
        begun: list[int] = []
        used = 0
        for number in mine:
            full = used + sizes[number] > room or used + sizes[number] / 2 > target
            if begun and full:
                parts.append(begun)
                begun, used = [], 0
            begun.append(number)
            used += sizes[number]
        parts.append(begun)
    return parts


def grouped(notes: Sequence[Note], sizes: Sequence[int], room: int) -> list[list[Note]]:
    """Return the notes in groups of at most `room` tokens, each of two or more where that can be."""
    groups: list[list[Note]] = []
    used = 0
    for note, size in zip(notes, sizes, strict=True):
        if not groups or (len(groups[-1]) > 1 and used + size > room):
            groups.append([])
            used = 0
        groups[-1].append(note)
        used += size
    return groups
