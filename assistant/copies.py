# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Copies that leave the home because the user asked: exports, masked copies; and what comes back in."""

import hashlib
import json
import threading
from collections import Counter
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from assistant import exporting
from assistant.chat_exports import Unread, documents_of, transcripts_of
from assistant.conversations import ConversationStore
from assistant.documents.catalogue import may_be_called
from assistant.documents.changes import is_text
from assistant.documents.library import Library
from assistant.documents.protocol import DocumentRow, PlaceText
from assistant.entities import Entity, EntityType
from assistant.errors import NotFoundError
from assistant.export_files import make_folder, read_export, write_new, written_at
from assistant.hiding import Privacy, legible
from assistant.messages import Role
from assistant.privacy.filter import find
from assistant.privacy.masking import masked_together
from assistant.privacy.policy import Item, item_of
from assistant.privacy.split import halves
from assistant.privacy.vault import Vault
from assistant.texts import language_of
from assistant.transcripts import Transcript

Exporting = Generator[tuple[int, int], None, "Exported"]
TakingIn = Generator[tuple[int, int], None, "TakenIn"]

REMEMBERED = 256
"""Texts whose counts of personal data are kept while Maru is open."""


@dataclass(frozen=True)
class Exported:
    """What an export holds; `stopped`: before it held everything."""

    folder: Path
    conversations: int
    documents: int
    stopped: bool = False


@dataclass(frozen=True)
class TakenIn:
    """What an import brought: so many conversations, `known` that were there already.

    `left_out` could not be read. `documents` are files that an export of Maru names, by the name of their
    collection. Whoever wrote the file chose them, so nothing looks at them before the user says so; see
    `still_there`. `stopped`: before all of it was in.
    """

    conversations: int
    known: int
    left_out: tuple[Unread, ...]
    documents: Mapping[str, tuple[Path, ...]]
    stopped: bool = False


class Copies:
    """Writes and reads exports of one home. Every method may be called from any thread."""

    def __init__(self, conversations: ConversationStore, library: Library, privacy: Privacy) -> None:
        """Take the stores, and what decides on personal data."""
        self._conversations = conversations
        self._library = library
        self._privacy = privacy
        self._counted: dict[str, dict[EntityType, int]] = {}

    def everything(
        self, folder: Path, *, masked: bool = False, stop: threading.Event | None = None
    ) -> Exporting:
        """Write all conversations and documents into a new `folder`; yields (done, total).

        `maru.json` can be taken in again, the rest is Markdown. With `masked` personal data is hidden by
        the policy in force. What goes meanwhile is left out. Raises DocumentError where the folder is not
        empty or cannot be written.
        """
        stopped = (stop or threading.Event()).is_set
        conversations = self._conversations.all()
        documents = [row for row in self._library.documents() if row.passages]
        total = len(conversations) + len(documents)
        make_folder(folder)
        make_folder(folder / "conversations")
        make_folder(folder / "documents")
        written: list[dict[str, Any]] = []
        done = texts = 0
        for number, one in enumerate(reversed(conversations), start=1):
            if stopped():
                break
            written += self._written(one.id, number, folder / "conversations", masked=masked)
            done += 1
            yield done, total
        hide = self._hide(Vault() if masked else None)
        gone: list[DocumentRow] = []
        for number, row in enumerate(documents, start=1):
            if stopped():
                break
            if self._text_written(row.path, number, folder / "documents", hide):
                texts += 1
            else:
                gone.append(row)
            done += 1
            yield done, total
        rows = [_row(one, hide) for one in documents if one not in gone]
        found = exporting.whole(written, self._collections(hide), rows)
        write_new(folder / "maru.json", json.dumps(found, ensure_ascii=False, indent=1))
        return Exported(folder, len(written), texts, done < total)

    def conversation(self, conversation_id: int, path: Path, *, masked: bool = False) -> None:
        """Write one conversation, as Markdown or, where `path` ends in .json, as JSON that can be taken in.

        Raises NotFoundError, and DocumentError where the file is there already or cannot be written.
        """
        transcript = self._transcript(conversation_id, masked=masked)
        if path.suffix.lower() == ".json":
            found = exporting.whole([exporting.as_json(transcript)], [], [])
            write_new(path, json.dumps(found, ensure_ascii=False, indent=1))
        else:
            write_new(path, exporting.as_markdown(transcript))

    def document(self, document: Path, path: Path) -> int:
        """Write the text of a document as Markdown, personal data hidden by the policy in force.

        Returns how many different values were hidden. Raises NotFoundError, DocumentError.
        """
        vault = Vault()
        write_new(path, _text_of(document, self._library.places(document), self._hide(vault)))
        return len(vault.hidden())

    def take_in(self, path: Path, stop: threading.Event | None = None) -> TakingIn:
        """Bring in an export of Maru (its folder or maru.json), ChatGPT or Claude (.zip or .json).

        Yields (done, total). What is there already is passed over, so it can be run again after a stop.
        Raises DocumentError where it is no such export.
        """
        stopped = (stop or threading.Event()).is_set
        files = read_export(path)
        undated = written_at(path)
        read = [one for found in files for one in transcripts_of(found, undated)]
        came: Counter[str] = Counter()
        left_out: list[Unread] = []
        for number, transcript in enumerate(read, start=1):
            if stopped():
                break
            if isinstance(transcript, Unread):
                left_out.append(transcript)
            else:
                stored = self._conversations.transcripts.write(transcript)
                came["known" if stored is None else "new"] += 1
            yield number, len(read)
        unfinished = came.total() + len(left_out) < len(read)
        documents = {} if unfinished else _documents(files)
        return TakenIn(came["new"], came["known"], tuple(left_out), documents, unfinished)

    def personal_counts(self, path: Path, stop: threading.Event | None = None) -> dict[EntityType, int]:
        """Return how many different values of each type a document holds; so far, where `stop` is set.

        Takes half a millisecond a kilobyte the first time. Raises NotFoundError.
        """
        places = self._library.places(path)
        key = hashlib.sha256("\0".join(place.text for place in places).encode("utf-8", "replace")).hexdigest()
        if key in self._counted:
            return self._counted[key]
        counts = counts_of(places, stop)
        if stop is None or not stop.is_set():
            while len(self._counted) >= REMEMBERED:
                self._counted.pop(next(iter(self._counted)))
            self._counted[key] = counts
        return counts

    def _written(
        self, conversation_id: int, number: int, folder: Path, *, masked: bool
    ) -> list[dict[str, Any]]:
        """Write a conversation as Markdown; return it as JSON, nothing where it has gone meanwhile."""
        try:
            transcript = self._transcript(conversation_id, masked=masked)
        except NotFoundError:
            return []
        name = exporting.file_name(number, transcript.title)
        write_new(folder / f"{name}.md", exporting.as_markdown(transcript))
        return [exporting.as_json(transcript)]

    def _text_written(self, document: Path, number: int, folder: Path, hide: exporting.Hide) -> bool:
        """Write the text of a document; says whether it was still there."""
        try:
            places = self._library.kept_places(document)
        except NotFoundError:
            return False
        name = exporting.file_name(number, _one(hide, _shown_name(hide, document.name)))
        write_new(folder / f"{name}.md", _text_of(document, places, hide))
        return True

    def _transcript(self, conversation_id: int, *, masked: bool) -> Transcript:
        transcript = self._conversations.transcripts.read(conversation_id)
        if not masked:
            return transcript
        asked = [False, *(turn.role is Role.USER for turn in transcript.turns)]
        kept_back = self._privacy.kept_back(conversation_id)
        hide = self._hide(Vault(language_of(transcript.title)), asked, kept_back)
        return exporting.masked(transcript, hide)

    def _hide(
        self, vault: Vault | None, of_user: Sequence[bool] = (), kept_back: Iterable[Item] = ()
    ) -> exporting.Hide:
        """Return what masks texts by `vault`, None: what leaves them as they are.

        `of_user` says which are the user's: a value may be split over two of these. `kept_back` is hidden
        whatever its type.
        """
        if vault is None:
            return list
        policy = self._privacy.policy().keeping_back(kept_back)

        def hidden_in(words: str) -> list[Entity]:
            return [one for one in find(words) if policy.hides(one)]

        def hide(texts: Sequence[str]) -> list[str]:
            pieces = halves(texts, of_user, hidden_in) if of_user else None
            return [one.text for one in masked_together(texts, vault, policy, find, pieces)]

        return hide

    def _collections(self, hide: exporting.Hide) -> list[dict[str, Any]]:
        return [
            {
                "name": _one(hide, one.name),
                "folders": list(hide([str(folder.path) for folder in one.folders])),
            }
            for one in self._library.collections()
        ]


def still_there(documents: Mapping[str, Sequence[Path]]) -> dict[str, list[Path]]:
    """Return the documents of an import that can be read again, by collection. This looks at their places."""
    found = {name: [path for path in paths if _is_file(path)] for name, paths in documents.items()}
    return {name: paths for name, paths in found.items() if paths}


def _is_file(path: Path) -> bool:
    """Say whether a file can be seen there; its name may be one that no system takes."""
    try:
        return path.is_file()
    except OSError:
        return False


def _documents(files: Sequence[Any]) -> dict[str, tuple[Path, ...]]:
    """Return the documents that exports of Maru name, by collection; nothing looks at them."""
    found: dict[str, list[Path]] = {}
    for path, collection in (one for file in files for one in documents_of(file)):
        if is_text(path) and "\0" not in path and Path(path).is_absolute():
            found.setdefault(may_be_called(collection), []).append(Path(path))
    return {collection: tuple(paths) for collection, paths in found.items()}


def _row(row: DocumentRow, hide: exporting.Hide) -> dict[str, Any]:
    path = _shown_name(hide, str(row.path))
    path, collection = hide([path, row.collection])
    return {**asdict(row), "path": path, "collection": collection}


def _shown_name(hide: exporting.Hide, name: str) -> str:
    """Return a name as it is, or as it is to be hidden in."""
    return name if hide is list else legible(name)


def _one(hide: exporting.Hide, words: str) -> str:
    return hide([words])[0]


def _text_of(document: Path, places: Sequence[PlaceText], hide: exporting.Hide) -> str:
    name = _shown_name(hide, document.name)
    return "\n".join(_shown(name, places, hide)).rstrip("\n") + "\n"


def _shown(name: str, places: Sequence[PlaceText], hide: exporting.Hide) -> Iterator[str]:
    """Yield the lines of a document; its places are hidden together: one may tell what stands in another."""
    count = len(places)
    title, *words = hide([name, *(one.place.shown() for one in places), *(one.text for one in places)])
    yield from (f"# {title}", "")
    for place, head, said in zip(places, words[:count], words[count:], strict=True):
        if count > 1 or place.place.page is not None:
            yield from (f"## {head}", "")
        yield from (said, "")


def counts_of(places: Sequence[PlaceText], stop: threading.Event | None = None) -> dict[EntityType, int]:
    """Return how many different values of each type a document's text holds; so far, where `stop` is set."""
    items: set[Item] = set()
    for place in places:
        if stop is not None and stop.is_set():
            break
        items.update(item_of(entity) for entity in find(place.text))
    return _counts(items)


def _counts(items: set[Item]) -> dict[EntityType, int]:
    counted = Counter(kind for kind, _ in items)
    return {kind: counted[kind] for kind in EntityType if counted[kind]}
