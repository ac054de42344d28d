# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Drives the real window with mouse and keys as a person would, and keeps pictures of it.

    make screenshot            # all of them, into screenshots/
    make screenshot RUN=en-dark
    make screenshot RUN=long   # a long conversation, measured: see long_talk.py

Each run is a process of its own: one language, one theme, an empty home with a passphrase of its own,
the starter models, the sample documents of tests/data. Pictures are for looking at.
"""

import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.screenshot.person import Person

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "tests" / "data"
RUNS = ("en-light", "en-dark", "ko-light", "ko-dark")
ENGINE_RUNS = tuple(f"{name}-engine" for name in RUNS)  # states of the engine: quick, a fake one takes part
DOCUMENT_RUNS = tuple(f"{name}-documents" for name in RUNS)
PRIVACY_RUNS = tuple(f"{name}-privacy" for name in RUNS)
LONG_RUN = "long"  # some minutes: only where it is asked for

sys.path.insert(0, str(ROOT))


@dataclass(frozen=True)
class Story:
    """What the person does in one language."""

    document: str
    first: str
    private: str
    wish: str
    second: str
    unknown: str


STORIES = {
    "en": Story(
        "lease.pdf",
        "How much is the monthly rent?",
        "How much is the security deposit? Write to jordan.avery@example.com or 010-1234-5678.",
        "Write a long story about a lighthouse.",
        "What is the late fee?",
        "Who is the president of France?",
    ),
    "ko": Story(
        "contract_ko.pdf",
        "용역 대금은 얼마입니까?",
        "대금은 언제 지급합니까? 답은 kim.minsu@example.com 또는 010-1234-5678로 주세요.",
        "Write a long story about a lighthouse.",
        "계약 기간은 언제까지입니까?",
        "프랑스 대통령은 누구입니까?",
    ),
}


def main() -> int:
    """Run every set of pictures asked for, each in a process of its own."""
    folder = ROOT / "screenshots"
    folder.mkdir(exist_ok=True)
    usual = (*RUNS, *ENGINE_RUNS, *DOCUMENT_RUNS, *PRIVACY_RUNS)
    wanted = [one for one in (*usual, LONG_RUN) if one in sys.argv[1:]] or list(usual)
    command = [sys.executable, __file__, "--run"]
    codes = [subprocess.run([*command, one, str(folder)], check=False, cwd=ROOT).returncode for one in wanted]
    sys.stdout.write(f"{len(list(folder.glob('*.png')))} pictures in {folder.name}/\n")
    return max(codes)


def run(name: str, folder: Path) -> int:
    """Drive one window through the story."""
    language, theme, *what = ("en", "light", name) if name == LONG_RUN else name.split("-")
    os.environ |= {"MARU_PASSPHRASE": "pictures only", "MARU_KEYRING": "off"}
    os.environ["LC_ALL"] = "ko_KR.UTF-8" if language == "ko" else "C.UTF-8"
    with tempfile.TemporaryDirectory(prefix="maru-pictures-", ignore_cleanup_errors=True) as place:
        from tests.screenshot.person import Person  # after the language: texts choose it at import

        if name == LONG_RUN:
            return talk_long(Path(place), folder / name)
        if what == ["engine"]:
            return look_at_engine(Path(place), language, theme, folder / name)
        if what == ["documents"]:
            return look_at_documents(Path(place), language, theme, folder / name)
        if what == ["privacy"]:
            return look_at_privacy(Path(place), language, theme, folder / name)
        person = Person(Path(place) / "home", language, theme, folder / name)
        try:
            tell(person, STORIES[language])
        finally:
            person.leave()
        person = Person(Path(place) / "home", language, theme, folder / name)
        try:
            person.comes_back()
            person.picture("12-started-again")
        finally:
            person.leave()
    return 0


def look_at_engine(place: Path, language: str, theme: str, pictures: Path) -> int:
    """Drive one window through the states of an engine."""
    from assistant.opening import WorkerModules
    from tests.fake_engine import FAKE_ENGINE
    from tests.screenshot import engine
    from tests.screenshot.person import Person

    person = Person(place / "home", language, theme, pictures, WorkerModules(chat=FAKE_ENGINE))
    try:
        engine.tell(person, language, place)
    finally:
        person.leave()
    return 0


def look_at_documents(place: Path, language: str, theme: str, pictures: Path) -> int:
    """Drive one window through what can be done with documents."""
    from tests.screenshot import documents
    from tests.screenshot.person import Person

    person = Person(place / "home", language, theme, pictures)
    try:
        documents.tell(person, language, place)
    finally:
        person.leave()
    return 0


def look_at_privacy(place: Path, language: str, theme: str, pictures: Path) -> int:
    """Drive one window through what can be done about personal data, and about the data on the disk."""
    from tests.screenshot import private

    private.look(place, language, theme, pictures)
    return 0


def talk_long(place: Path, pictures: Path) -> int:
    """Drive the window through a long conversation and a new start."""
    from tests.screenshot import long_talk
    from tests.screenshot.person import Person

    long_talk.tell(lambda: Person(place / "home", "en", "light", pictures))
    return 0


def tell(person: "Person", story: Story) -> None:
    """Steps 2 to 6 of the main path, a picture after each."""
    person.waits_for_model()
    person.picture("01-welcome")
    adds(person, SAMPLES / story.document)
    asks(person, story)
    changes(person, story)
    looks_around(person)


def adds(person: "Person", document: Path) -> None:
    """Drag a document into the window."""
    person.drags(document)
    person.picture("02-drop-target")
    person.drops(document)
    person.waits_for_documents()
    person.picture("03-documents")


def asks(person: "Person", story: Story) -> None:
    """Ask, look at the source, and see what the model saw."""
    person.types(story.first)
    person.presses_enter()
    person.waits_for_sources()
    person.picture("04-sources-first")
    person.waits_for_answer()
    person.picture("05-answer")
    person.clicks_citation()
    person.picture("06-citation")
    person.types(story.private)
    person.picture("07-personal-data")
    person.presses_enter()
    person.waits_for_answer()
    person.opens_prompt()
    person.picture("08-what-the-model-saw")
    person.closes_side()


def changes(person: "Person", story: Story) -> None:
    """Stop a long answer, edit the question, ask what the documents do not say."""
    person.chooses_creative()
    person.turns_documents(on=False)
    person.types(story.wish)
    person.presses_enter()
    person.waits_for_text(60)
    person.presses_escape()
    person.waits_for_answer()
    person.picture("09-stopped")
    person.turns_documents(on=True)
    person.edits_question(story.second)
    person.waits_for_answer()
    person.picture("10-edited-two-versions")
    person.types(story.unknown)
    person.presses_enter()
    person.waits_for_answer()
    person.picture("11-documents-do-not-say")


def looks_around(person: "Person") -> None:
    """Open the other pages and the settings."""
    for page in ("models", "sampling"):
        person.opens(page)
        person.picture(f"13-{page}")
    person.opens_settings()
    person.picture("14-settings", person.dialog())
    person.closes_dialog()


if __name__ == "__main__":
    if "--run" in sys.argv:
        sys.exit(run(sys.argv[2], Path(sys.argv[3])))
    sys.exit(main())
