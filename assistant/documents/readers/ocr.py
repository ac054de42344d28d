# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Text in pictures, by Tesseract, which is inside kreuzberg; the data of its languages are not.

They are looked for where systems and Tesseract's installers put them, and used only where both
languages lie: kreuzberg would look for missing ones in the network. Nothing is ever downloaded.
"""

import contextlib
import os
import tempfile
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import kreuzberg

from assistant.texts import Text, text

OWN_FOLDER = "MARU_TESSDATA"  # the variable that names the folder for data which the user brings
_IN_USE = "TESSDATA_PREFIX"  # Tesseract's own variable
LANGUAGES = ("kor", "eng")
_FOLDERS = (
    "/usr/share/tesseract-ocr/5/tessdata",  # Debian, Ubuntu
    "/usr/share/tesseract-ocr/4.00/tessdata",
    "/usr/share/tesseract/tessdata",  # Fedora
    "/usr/share/tessdata",  # Arch, openSUSE
    "/usr/local/share/tessdata",
    "/opt/homebrew/share/tessdata",  # macOS
    "C:/Program Files/Tesseract-OCR/tessdata",
)
# One column of lines of different heights. Tesseract's own choice (3) takes the wide gaps between
# Korean words for columns: on the pages of a Korean contract it lost up to 40 % of the letters.
_ONE_COLUMN = 4
# Below, something else was taken for writing: of 100, in the median over the words; the share of words
# that have two letters or digits.
_CONFIDENT = 60
_WHOLE_WORDS = 0.4


def prepare() -> Path | None:
    """Choose the folder of the languages' data, None where there is none; once, before `recognized`.

    kreuzberg wants to make a folder for what it keeps as soon as it looks for Tesseract. It keeps
    nothing here (`use_cache`), so that folder is made elsewhere and removed at once.
    """
    folder = next((folder for folder in _folders() if _has_languages(folder)), None)
    os.environ.pop(_IN_USE, None)
    if folder is None:
        return None
    with contextlib.suppress(OSError), tempfile.TemporaryDirectory() as kept:
        os.environ["KREUZBERG_CACHE_DIR"] = kept
        if "tesseract" in kreuzberg.list_ocr_backends():
            os.environ[_IN_USE] = str(folder)
    return folder if ready() else None


def ready() -> bool:
    """Say whether pictures can be read in this process."""
    return _IN_USE in os.environ


def recognized(picture: bytes, kind: str) -> str:
    """Return the words in a picture of MIME type `kind`, in NFC; "" where it shows none.

    Raises kreuzberg.KreuzbergError for what is no picture.
    """
    languages = "+".join(LANGUAGES)
    tesseract = kreuzberg.TesseractConfig(
        language=languages,
        psm=_ONE_COLUMN,
        output_format="text",
        use_cache=False,
        enable_table_detection=False,
    )
    config = kreuzberg.ExtractionConfig(
        use_cache=False,
        ocr=kreuzberg.OcrConfig(backend="tesseract", language=languages, tesseract_config=tesseract),
        concurrency=kreuzberg.ConcurrencyConfig(max_threads=1),
    )
    found = kreuzberg.extract_bytes_sync(picture, kind, config)
    if float(found.metadata.get("median_word_conf", 0)) < _CONFIDENT or not _is_writing(found.content):
        return ""
    return unicodedata.normalize("NFC", found.content).strip()


def _is_writing(words: str) -> bool:
    """Say whether most of what was seen are words: in the noise of a photograph it is strokes and dots."""
    seen = words.split()
    whole = sum(sum(map(str.isalnum, word)) > 1 for word in seen)
    return whole > _WHOLE_WORDS * len(seen)


def how_to_add() -> Text:
    """Return what to do so that pictures can be read, or what is left to do where they can."""
    if ready():
        return text("No words were recognized in its pictures.")
    if Path("/usr/bin/apt-get").exists():
        return text("To have pictures read, run: sudo apt install tesseract-ocr-kor tesseract-ocr-eng. "
                    "Then start Maru again.")  # fmt: skip
    return text(
        "To have pictures read, put Tesseract's files kor.traineddata and eng.traineddata into {folder}, "
        "then start Maru again.",
        folder=os.environ.get(OWN_FOLDER, "tessdata"),
    )


def _folders() -> Iterator[Path]:
    for name in (OWN_FOLDER, _IN_USE):
        if chosen := os.environ.get(name):
            yield Path(chosen)
    yield from map(Path, _FOLDERS)


def _has_languages(folder: Path) -> bool:
    return all((folder / f"{language}.traineddata").is_file() for language in LANGUAGES)
