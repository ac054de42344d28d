# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""`maru models`: which there are, whether they fit into memory; one brought in, one taken out."""

import argparse
import contextlib
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from assistant.amounts import size_words
from assistant.commands.interrupts import Interrupts
from assistant.commands.opened import opened
from assistant.commands.output import memory_object, note, say, say_json, table
from assistant.engine.protocol import Fitting, MemoryUse
from assistant.engines import engine_settings, known_models
from assistant.errors import MaruError, NotFoundError, UsageError
from assistant.looking import open_for_checking
from assistant.model_files import CHAT, ModelFile
from assistant.model_import import Importing
from assistant.paths import Home
from assistant.settings import Settings, look_at_settings
from assistant.texts import text, tr

KIND_NAMES = {
    "chat": text("writes"),
    "embedding": text("searches"),
    "reranker": text("ranks"),
    "adapter": text("adapter"),
    "other": text("other"),
}
SHOWN = ("name", "path", "kind", "sha256", "size", "architecture", "parameters", "quantization",
         "n_ctx_train", "licence", "languages")  # fmt: skip
PERCENT_STEP = 10  # between two lines about an import
BILLION, MILLION = 10**9, 10**6


def add_parser(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Add the parser of `models`."""
    about = tr("list the models that are known, bring one in, take one out")
    parser = commands.add_parser("models", parents=[shared], help=about, description=about)
    parser.set_defaults(run=models)
    parser.add_argument("--json", action="store_true", help=tr("print JSON"))
    doing = parser.add_mutually_exclusive_group()
    doing.add_argument(
        "--fit", action="store_true", help=tr("say how much memory each takes, and if it fits")
    )
    doing.add_argument("--import", dest="brought", metavar="FILE", type=Path,
                       help=tr("copy a GGUF file, all of its parts, into Maru's folder"))  # fmt: skip
    doing.add_argument("--remove", metavar="NAME", help=tr("delete a model from Maru's folder for good"))
    parser.add_argument("--yes", action="store_true", help=tr("with --remove: do not ask if it is meant"))


def models(home: Home, arguments: argparse.Namespace) -> int:
    """List model files, or bring one in, or take one out."""
    if arguments.brought:
        return _bring_in(home, arguments.brought, as_json=arguments.json)
    if arguments.remove:
        return _take_out(home, arguments.remove, sure=arguments.yes, as_json=arguments.json)
    settings = look_at_settings(home)
    found = known_models(home, settings)
    fits = _fits(home, settings, found) if arguments.fit else {}
    if arguments.json:
        say_json([{**model_object(model), **_fit_object(fits.get(model.path))} for model in found])
    elif not found:
        note(tr("No model was found. Give one: maru ask --model FILE.gguf"))
    else:
        _show(found, fits, with_fits=arguments.fit)
    return 0


def model_object(model: ModelFile) -> dict[str, Any]:
    """Return a model as --json gives it."""
    return {name: _plain(getattr(model, name)) for name in SHOWN}


def _plain(value: object) -> object:
    if isinstance(value, Path):
        return str(value)
    return list(value) if isinstance(value, tuple) else value


def _show(found: list[ModelFile], fits: "dict[Path, Fitting | MaruError]", *, with_fits: bool) -> None:
    heads = [tr("Name"), tr("Kind"), tr("Architecture"), tr("Parameters"), tr("Quantization"), tr("Context"),
             tr("Size"), tr("Licence"), tr("Languages")]  # fmt: skip
    rows = [
        [
            model.name,
            str(KIND_NAMES[model.kind]),
            model.architecture,
            parameters_words(model.parameters),
            model.quantization,
            f"{model.n_ctx_train:,}" if model.n_ctx_train else "",
            size_words(model.size),
            model.licence,
            " ".join(model.languages),
            *(_fit_cells(fits.get(model.path)) if with_fits else ()),
            str(model.path),
        ]
        for model in found
    ]
    table([[*heads, *((tr("Memory"), tr("Fits")) if with_fits else ()), tr("File")], *rows])
    for model in found:
        fit = fits.get(model.path)
        problem = fit.problem if isinstance(fit, Fitting) else fit
        if problem is not None:
            note(f"{model.name}: {problem}")
        if isinstance(fit, Fitting) and fit.nearest:
            note(tr("{name} fits with a context window of {size} tokens.", name=model.name, size=fit.nearest))


def parameters_words(count: int) -> str:
    """Return a number of weights as models are named by it: "135M", "7.6B"."""
    if count >= BILLION:
        return f"{count / BILLION:.1f}B"
    return f"{round(count / MILLION)}M" if count >= MILLION else str(count or "")


def _fits(home: Home, settings: Settings, found: list[ModelFile]) -> "dict[Path, Fitting | MaruError]":
    """Return how each chat model would lie in memory, or why that cannot be said."""
    with contextlib.closing(open_for_checking(home).checker) as checker:
        results: dict[Path, Fitting | MaruError] = {}
        for model in found:
            if model.kind == CHAT:
                try:
                    results[model.path] = checker.fit(engine_settings(home, settings, model.path))
                except MaruError as error:
                    results[model.path] = error
        return results


def _fit_cells(fit: "Fitting | MaruError | None") -> tuple[str, str]:
    if not isinstance(fit, Fitting):
        return "", tr("no") if fit else ""
    return size_words(fit.memory.total), tr("no") if fit.problem else tr("yes")


def _fit_object(fit: "Fitting | MaruError | None") -> dict[str, Any]:
    if fit is None:
        return {}
    if not isinstance(fit, Fitting):
        return {"fits": False, "problem": str(fit), "nearest": 0, "memory": memory_object(MemoryUse())}
    return {
        "fits": fit.problem is None,
        "problem": str(fit.problem or ""),
        "memory": memory_object(fit.memory),
        **{
            name: value
            for name, value in asdict(fit).items()
            if name in ("n_ctx", "cache_type", "layers", "layers_total", "free", "free_on_device", "nearest")
        },
    }


def _bring_in(home: Home, path: Path, *, as_json: bool) -> int:
    with opened(home) as assistant, Interrupts() as stop:
        model = _told(assistant.import_model(path, stop), quiet=as_json)
    if as_json:
        say_json(model_object(model))
    else:
        say(tr("{name} is in Maru's folder now: {file}", name=model.name, file=str(model.path)))
    return 0


def _told(steps: Importing, *, quiet: bool) -> ModelFile:
    """Tell how far an import is, line by line; return the model."""
    last = ""
    while True:
        try:
            step = next(steps)
        except StopIteration as end:
            model: ModelFile = end.value
            return model
        percent = step.done * 100 // step.total // PERCENT_STEP * PERCENT_STEP if step.total else 100
        said = tr("Comparing: {percent} %", percent=percent) if step.verifying else tr(
            "Copying: {percent} %", percent=percent
        )  # fmt: skip
        if said != last and not quiet:
            note(said)
        last = said


def _take_out(home: Home, name: str, *, sure: bool, as_json: bool) -> int:
    with opened(home) as assistant:
        model = _named(assistant.models(), name)
        if not sure and not _meant(model):
            note(tr("Nothing was deleted."))
            return 1
        assistant.remove_model(model)
    if as_json:
        say_json({"removed": model_object(model)})
    else:
        say(tr("{name} is deleted.", name=model.name))
    return 0


def _named(found: list[ModelFile], name: str) -> ModelFile:
    """Return the model of this name or file name. Raises NotFoundError, UsageError for several."""
    matching = [model for model in found if name in (model.name, model.path.name, str(model.path))]
    if not matching:
        raise NotFoundError(text("There is no model named {name}.", name=name), text("See: maru models"))
    if len(matching) > 1:
        raise UsageError(
            text("{n} models are named {name}.", n=len(matching), name=name),
            text("Give the name of its file."),
        )
    return matching[0]


def _meant(model: ModelFile) -> bool:
    """Ask in words. Raises UsageError where nobody can be asked."""
    if sys.stdin is None or not sys.stdin.isatty():
        raise UsageError(
            text("Deleting {name} has to be confirmed.", name=model.name), text("Add --yes if you mean it.")
        )
    note(tr("{name} ({size}) will be deleted for good: {file}", name=model.name,
            size=size_words(model.size), file=str(model.path)))  # fmt: skip
    try:
        answer = input(tr("Type “yes” to delete it: "))
    except (EOFError, KeyboardInterrupt):
        return False
    return answer.strip().casefold() in ("yes", tr("yes").casefold())
