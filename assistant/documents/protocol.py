# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What crosses the borders of the parser and the index: pure values and calls."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Never, Protocol

from assistant.passages import Place
from assistant.texts import Text
from assistant.workers.confinement import Confinement
from assistant.workers.protocol import Call, FileCall

# fmt: off
EXTENSIONS = (
    ".adoc", ".asm", ".ass", ".bash", ".bat", ".bib", ".bmp", ".c", ".cc", ".cfg", ".clj", ".cmake",
    ".cmd", ".conf", ".cpp", ".cs", ".css", ".csv", ".cxx", ".dart", ".doc", ".docm", ".docx", ".eml",
    ".epub", ".erl", ".ex", ".exs", ".fish", ".gif", ".go", ".gradle", ".graphql", ".groovy", ".h",
    ".hpp", ".hs", ".htm", ".html", ".hwp", ".hwpx", ".hwt", ".ini", ".ipynb", ".java", ".jl", ".jpeg",
    ".jpg", ".js", ".json", ".jsonl", ".jsx", ".kt", ".kts", ".less", ".log", ".lua", ".markdown",
    ".mbox", ".md", ".mdown", ".mht", ".mhtml", ".mjs", ".mkd", ".mm", ".msg", ".odp", ".ods", ".odt",
    ".org", ".pas", ".pdf", ".php", ".pl", ".pm", ".png", ".ppsx", ".ppt", ".pptm", ".pptx",
    ".properties", ".proto", ".ps1", ".py", ".pyi", ".r", ".rb", ".rs", ".rss", ".rst", ".rtf", ".sami",
    ".scala", ".scss", ".sh", ".smi", ".sql", ".srt", ".ssa", ".svelte", ".swift", ".tex", ".text",
    ".tf", ".tif", ".tiff", ".toml", ".ts", ".tsv", ".tsx", ".txt", ".vb", ".vbs", ".vtt", ".vue",
    ".webp", ".xhtml", ".xls", ".xlsm", ".xlsx", ".xml", ".xsd", ".xsl", ".yaml", ".yml", ".zsh",
)
# fmt: on
"""Endings of the documents that the readers know, for who must not import a reader; a test compares them."""


@dataclass(frozen=True)
class Heading:
    """A heading that the document itself names (a style, a bookmark), before offset `start` of a place.

    `level` is 1 for the highest.
    """

    start: int
    level: int
    title: str


@dataclass(frozen=True)
class Instead:
    """What stands for the slice [start, end) of a place in the search text: a table as Markdown, say."""

    start: int
    end: int
    search_text: str


@dataclass(frozen=True)
class PlaceText:
    """A place of a document and its text, exactly as the reader returned it (NFC).

    `headings` and `instead` are in order and do not overlap; `recognized`: the text was read from a
    picture by OCR; `columns` names the columns of a block of rows whose header stands in another place.
    """

    place: Place
    text: str
    headings: tuple[Heading, ...] = ()
    instead: tuple[Instead, ...] = ()
    recognized: bool = False
    columns: str = ""


@dataclass(frozen=True)
class Chunk:
    """A piece of one place: the slice [start, end) of the text of place `ordinal`.

    `heading` is the heading path above it; `search_text` is what is embedded and put into the full
    text: the cleaned slice with file name, heading and place before it; it is never quoted.
    """

    ordinal: int
    start: int
    end: int
    heading: str
    search_text: str


@dataclass(frozen=True)
class Document:
    """A document as read: its places in order and its chunks.

    `notes` say which part of it could not be read, and what to do.
    """

    title: str
    sha256: str
    size: int
    places: tuple[PlaceText, ...]
    chunks: tuple[Chunk, ...]
    pages: int  # pages, slides, sheets; 0 where the format has none
    notes: tuple[Text, ...] = ()


@dataclass(frozen=True)
class ParserSettings:
    """How the parser counts tokens when it splits.

    `vocabulary` is the embedder's WordPiece vocabulary in its order, as vocab.txt or as GGUF writes
    it, None where it has none (tokens are estimated); `max_tokens` is how many positions the
    embedder has, special tokens included.
    """

    vocabulary: tuple[str, ...] | None = None
    max_tokens: int = 512


@dataclass(frozen=True)
class Reading:
    """How far a file is read, in places; `total` is 0 while unknown.

    `recognizing`: what comes next is the text in a picture, and how far that is nobody tells.
    """

    done: int
    total: int
    recognizing: bool = False


@dataclass(frozen=True)
class Read(FileCall[Reading, Document]):
    """Read and split one file. Raises DocumentError, NoTextError, PasswordError.

    Of `path` only the name counts: the file is `descriptor`. `password` opens a protected file. With
    `postpone` what would have to be recognized is not read: ScanError.
    """

    path: Path
    password: str = field(default="", repr=False)
    postpone: bool = False


@dataclass(frozen=True)
class Rectangle:
    """In points (1/72 inch) from the page's top left corner."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True)
class PagePicture:
    """A page as PNG bytes, its size in points, and the rectangles of the span asked for."""

    png: bytes
    width: float
    height: float
    rectangles: tuple[Rectangle, ...]


@dataclass(frozen=True)
class RenderPage(FileCall[Never, PagePicture]):
    """Draw page `page` (from 1) of a PDF at `scale` pixels a point, with the span's rectangles.

    Who asks the parser gives `path`; the parser's process sees its name, and the file as `descriptor`.
    """

    path: Path
    page: int
    scale: float
    start: int = 0
    end: int = 0
    password: str = field(default="", repr=False)


@dataclass(frozen=True)
class HowConfined(Call[Never, Confinement]):
    """Say what the parser's process has no way to."""


class FileStatus(StrEnum):
    """What came of adding one file."""

    ADDED = "added"
    UNCHANGED = "unchanged"
    REPLACED = "replaced"
    NO_TEXT = "no_text"
    PROTECTED = "protected"  # a password is wanted
    FAILED = "failed"
    REMOVED = "removed"  # the file is gone, and with it what was known of it


@dataclass(frozen=True)
class FileProgress:
    """Where adding is: file `number` of `total`; `done` of `places` read or embedded."""

    path: Path
    number: int
    total: int
    step: str  # "reading" or "embedding"
    done: int
    places: int


@dataclass(frozen=True)
class FileResult:
    """A file is finished. `reason` says why it, or a part of it, cannot be found, in the language in use."""

    path: Path
    status: FileStatus
    pages: int
    passages: int
    seconds: float
    reason: str = ""


@dataclass(frozen=True)
class DocumentRow:
    """A document in the library, as the documents panel lists it.

    `reason` says why it cannot be searched; where it can be ("added"), which part of it could not be
    read. `there` is False while its folder is not there (an unplugged drive): it is still found.
    """

    path: Path
    collection: str
    pages: int
    passages: int
    status: str  # "added", "no_text", "protected", "failed"
    reason: str = ""
    there: bool = True


class Embedder(Protocol):
    """What the library needs of an embedding model: app.py fills it with the embedding engine."""

    @property
    def key(self) -> str:
        """The model's SHA-256: vectors of different models never mix."""
        ...

    @property
    def model(self) -> str:
        """Where the model's file lies, "" where that is not known."""
        ...

    def blind(self, language: str) -> bool:
        """Say whether the model cannot tell words of `language` ("en", "ko") apart."""
        ...

    def strength(self, language: str) -> float:
        """Return how much say the model is to have in `language`: 1 as much as the starter in English."""
        ...

    def passages(self, texts: Sequence[str]) -> list[bytes]:
        """Return one unit vector (float32 bytes) a text."""
        ...

    def question(self, text: str) -> bytes:
        """Return the unit vector of a question."""
        ...


CountTokens = Callable[[Sequence[str]], list[int]]
