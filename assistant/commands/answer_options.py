# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The options of `maru ask` and `maru chat`: which documents, which model, loaded and sampled how."""

import argparse
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path
from typing import Any

from assistant import chat as chatting
from assistant.app import Assistant
from assistant.commands.policies import add_policy
from assistant.documents.collection import kept_name
from assistant.errors import SettingsError, UsageError
from assistant.sampling import PARAMETER_RISKS, PRESETS, Preset
from assistant.settings import ADAPTER_SCALE, AdapterFile, about
from assistant.texts import text, tr

SAMPLED = ("temperature", "seed", "presence_penalty", "frequency_penalty", "max_tokens")
LOADED = {"n_ctx": "--ctx", "n_gpu_layers": "--gpu-layers"}


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that `ask` and `chat` share."""
    parser.add_argument("--docs", action="append", default=[], metavar="PATH", type=Path,
                        help=tr("answer from this file or folder alone (may be repeated)"))  # fmt: skip
    parser.add_argument("--collection", action="append", default=[], metavar="NAME", type=kept_name,
                        help=tr("answer from this collection alone (may be repeated)"))  # fmt: skip
    parser.add_argument("--no-docs", "--no-documents", action="store_true",
                        help=tr("do not look into documents"))  # fmt: skip
    parser.add_argument("--limit", type=int, metavar="N", help=tr("number of passages to answer from"))
    add_policy(parser)
    _add_sampling(parser)
    _add_loading(parser)
    parser.add_argument("--thinking", action="store_true",
                        help=tr("show what a reasoning model thinks before it answers"))  # fmt: skip
    parser.add_argument("--stats", action="store_true", help=tr("say how fast the answer came"))


def _add_sampling(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--preset", choices=[preset.value for preset in Preset], help=tr("how freely to answer")
    )
    parser.add_argument("--temperature", type=float, metavar="T", help=tr("0 (precise) to 2 (free)"))
    parser.add_argument("--presence-penalty", type=float, metavar="P",
                        help=tr("-2 to 2: above 0 discourages words that were used already"))  # fmt: skip
    parser.add_argument("--frequency-penalty", type=float, metavar="P",
                        help=tr("-2 to 2: above 0 discourages words that were used often"))  # fmt: skip
    parser.add_argument("--max-tokens", type=int, metavar="N", help=str(PARAMETER_RISKS["max_tokens"]))
    parser.add_argument("--seed", type=int, metavar="N", help=tr("repeat an answer"))


def _add_loading(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--model", metavar="FILE", type=Path, help=tr("a GGUF file to answer with"))
    parser.add_argument("--ctx", dest="n_ctx", type=int, metavar="N",
                        help=tr("context window in tokens; 0 is as large as sensible"))  # fmt: skip
    parser.add_argument("--gpu-layers", dest="n_gpu_layers", type=int, metavar="N",
                        help=tr("layers on the graphics card; -1 is as many as fit"))  # fmt: skip
    parser.add_argument("--lora", action="append", default=[], metavar="FILE[:SCALE]",
                        help=tr("an adapter for the model (may be repeated)"))  # fmt: skip


def defaults() -> argparse.Namespace:
    """Return the options without any."""
    parser = argparse.ArgumentParser()
    add_options(parser)
    return parser.parse_args([])


def check(arguments: argparse.Namespace) -> tuple[AdapterFile, ...]:
    """Return the adapters that are named. Raises UsageError for options that cannot be."""
    if arguments.no_docs and (arguments.docs or arguments.collection):
        raise UsageError(text("--no-docs excludes --docs and --collection."), text("Leave one of them out."))
    if arguments.limit is not None and not 1 <= arguments.limit <= 50:
        raise UsageError(text("--limit is {limit:d}.", limit=arguments.limit), text("Choose 1 to 50."))
    for name, option in LOADED.items():
        value, limits = getattr(arguments, name), about(name).limits
        if value is not None and limits is not None and not limits.low <= value <= limits.high:
            raise UsageError(
                text("{option} is {value}.", option=option, value=str(value)),
                text("Choose a value from {low} to {high}.", low=limits.low, high=limits.high),
            )
    return tuple(_adapter(one) for one in arguments.lora)


def _adapter(named: str) -> AdapterFile:
    """Return FILE or FILE:SCALE as an adapter; a path may hold colons of its own."""
    path, _, tail = named.rpartition(":")
    try:
        scale = float(tail) if path else 1.0
    except ValueError:
        scale, path = 1.0, ""
    whole = str(Path(path or named).expanduser().absolute())
    if not ADAPTER_SCALE.low <= scale <= ADAPTER_SCALE.high:
        raise UsageError(
            text("The strength of an adapter is {value}.", value=scale),
            text("Choose a value from {low} to {high}.", low=ADAPTER_SCALE.low, high=ADAPTER_SCALE.high),
        )
    return AdapterFile(whole, scale)


def load_as_asked(assistant: Assistant, arguments: argparse.Namespace) -> None:
    """Have the model loaded, and personal data hidden, as the options say; the settings stay as they are."""
    adapters = check(arguments)
    changes: dict[str, Any] = {
        name: value for name in LOADED if (value := getattr(arguments, name)) is not None
    }
    if adapters and not arguments.model:
        changes["adapters"] = adapters
    if arguments.policy:
        changes["privacy"] = arguments.policy
    if changes:
        assistant.for_now(replace(assistant.settings, **changes))
    if arguments.model:
        path = arguments.model.expanduser().absolute()
        _drain(assistant.choose_model(path, keep=False, adapters=adapters))


def _drain(steps: Generator[object, None, object]) -> None:
    for _ in steps:
        continue


def options(assistant: Assistant, arguments: argparse.Namespace) -> chatting.Options:
    """Return the user's starting options with what the command line changes. Raises UsageError."""
    chosen = assistant.starting_options()
    sampling, preset = chosen.sampling, chosen.preset
    if arguments.preset:
        preset = Preset(arguments.preset)
        sampling = replace(PRESETS[preset], max_tokens=sampling.max_tokens)
    changes = {name: value for name in SAMPLED if (value := getattr(arguments, name)) is not None}
    if changes:
        try:
            sampling, preset = replace(sampling, **changes), None
        except SettingsError as error:
            raise UsageError(error.message, error.hint) from error
    return replace(
        chosen,
        sampling=sampling,
        preset=preset,
        documents=not arguments.no_docs,
        collections=tuple(arguments.collection) or None,
        limit=arguments.limit or chosen.limit,
    )
