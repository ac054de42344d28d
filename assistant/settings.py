# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What a person chose: every setting with its description and its range.

Loading never fails: what cannot be used is kept beside the file and replaced by Maru's own choice.
"""

import contextlib
import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any

from assistant.database_errors import unusable
from assistant.errors import MaruError, SettingsError
from assistant.paths import Home
from assistant.private_files import write_private
from assistant.sampling import Limits, Preset, SamplingParams
from assistant.texts import LANGUAGES, Text, text

_ODD = (
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    OverflowError,
    RecursionError,
)  # not as we write it
VERSION = 1  # of the file's format; a greater one was written by a newer Maru
ADAPTER_SCALE = Limits(-4.0, 4.0)


class Acts(Enum):
    """When a changed setting acts; `RELOAD`: in the background, after the answer that is being written."""

    AT_ONCE = text("Takes effect at once.")
    NEXT_QUESTION = text("Takes effect with the next question.")
    RELOAD = text("Takes effect when the model is loaded again, which follows by itself.")
    BACKGROUND = text("Takes effect once what it needs has been made, in the background.")
    NEXT_START = text("Takes effect when Maru is started again.")

    def __str__(self) -> str:
        """Return it as a sentence in the language in use."""
        return str(self.value)


@dataclass(frozen=True)
class About:
    """What is known of a setting: what it does, when it acts, its range or its choices where it has them."""

    description: Text
    acts: Acts
    limits: Limits | None = None
    choices: tuple[str, ...] | None = None

    def allows(self, value: Any) -> bool:
        """Say whether `value`, of the right type, is within the range and among the choices."""
        if self.limits and not self.limits.low <= value <= self.limits.high:
            return False
        return self.choices is None or value in self.choices


def _about(
    description: Text, acts: Acts, limits: Limits | None = None, choices: tuple[str, ...] | None = None
) -> dict[str, About]:
    return {"about": About(description, acts, limits, choices)}


@dataclass(frozen=True)
class AdapterFile:
    """A LoRA adapter that a person chose, and how strongly it acts. Raises SettingsError out of range."""

    path: str
    scale: float = 1.0

    def __post_init__(self) -> None:
        """Check the scale."""
        if not ADAPTER_SCALE.low <= self.scale <= ADAPTER_SCALE.high:
            raise SettingsError(
                text("The strength of an adapter is {value}.", value=self.scale),
                text("Choose a value from {low} to {high}.", low=ADAPTER_SCALE.low, high=ADAPTER_SCALE.high),
            )


@dataclass(frozen=True)
class Settings:
    """All settings. Raises SettingsError for a value out of its range.

    `language` "" is the system's own, `preset` "" is `sampling` as it is, `chat_model` and
    `embedding_model` "" are the starters, `reranker` "" is none; `n_ctx` and `threads` 0 are chosen by the
    engine, `n_gpu_layers` -1 is as many as fit.
    """

    language: str = field(
        default="",
        metadata=_about(text("The language Maru speaks."), Acts.NEXT_START, choices=("", *LANGUAGES)),
    )
    theme: str = field(
        default="system",
        metadata=_about(
            text("Light, dark, or as the system has it."), Acts.AT_ONCE, choices=("system", "light", "dark")
        ),
    )
    text_percent: int = field(
        default=100,
        metadata=_about(text("The size of the text, in percent."), Acts.AT_ONCE, Limits(50, 300)),
    )
    preset: str = field(
        default=Preset.PRECISE.value,
        metadata=_about(
            text("How freely the model writes."),
            Acts.NEXT_QUESTION,
            choices=("", *(preset.value for preset in Preset)),
        ),
    )
    sampling: SamplingParams = field(
        default_factory=SamplingParams,
        metadata=_about(text("How the next word is chosen, value by value."), Acts.NEXT_QUESTION),
    )
    chat_model: str = field(default="", metadata=_about(text("The model file that answers."), Acts.RELOAD))
    embedding_model: str = field(
        default="",
        metadata=_about(text("The model file that searches by meaning."), Acts.BACKGROUND),
    )
    reranker: str = field(
        default="",
        metadata=_about(
            text("A model file that reads what was found once more and puts it in order."), Acts.NEXT_QUESTION
        ),
    )
    limit: int = field(
        default=5,
        metadata=_about(
            text("How many passages of your documents an answer may use."), Acts.NEXT_QUESTION, Limits(1, 50)
        ),
    )
    largest_file_mb: int = field(
        default=1000,
        metadata=_about(
            text(
                "The largest file, in MB, that is read from a folder; one that you name is read all the same."
            ),
            Acts.AT_ONCE,
            Limits(1, 1_000_000),
        ),
    )
    n_ctx: int = field(
        default=0,
        metadata=_about(
            text("How much the model can see at once, in tokens."), Acts.RELOAD, Limits(0, 1_048_576)
        ),
    )
    n_gpu_layers: int = field(
        default=-1,
        metadata=_about(
            text("How many layers of the model the graphics card computes."), Acts.RELOAD, Limits(-1, 1000)
        ),
    )
    threads: int = field(
        default=0,
        metadata=_about(text("How many processor cores the model uses."), Acts.RELOAD, Limits(0, 1024)),
    )
    flash_attention: str = field(
        default="auto",
        metadata=_about(
            text(
                "A way to compute that is faster with long texts and needs less memory; "
                "Automatic uses it wherever it works."
            ),
            Acts.RELOAD,
            choices=("auto", "on", "off"),
        ),
    )
    cache_type: str = field(
        default="auto",
        metadata=_about(
            text("How exactly the model remembers what it read; coarser needs less memory."),
            Acts.RELOAD,
            choices=("auto", "f16", "q8_0", "q4_0"),
        ),
    )
    adapters: tuple[AdapterFile, ...] = field(
        default=(),
        metadata=_about(text("LoRA adapters: small files that teach the model something more."), Acts.RELOAD),
    )
    idle_minutes: int = field(
        default=0,
        metadata=_about(
            text("After how many minutes without a question the model gives its memory back; 0 is never."),
            Acts.AT_ONCE,
            Limits(0, 1440),
        ),
    )
    states_mb: int = field(
        default=2000,
        metadata=_about(
            text(
                "How much disk, in MB, keeps what the model has read, so that a conversation goes on "
                "at once later; 0 keeps nothing."
            ),
            Acts.RELOAD,
            Limits(0, 1_000_000),
        ),
    )
    parked_mb: int = field(
        default=1000,
        metadata=_about(
            text("How much memory, in MB, keeps conversations ready that are not open now."),
            Acts.RELOAD,
            Limits(0, 1_000_000),
        ),
    )
    snapshots_kept: int = field(
        default=7,
        metadata=_about(
            text("How many snapshots of your data are kept, and for how many days each."),
            Acts.AT_ONCE,
            Limits(1, 365),
        ),
    )
    snapshots_mb: int = field(
        default=2000,
        metadata=_about(
            text(
                "How much disk, in MB, snapshots may take; documents are in them while they need "
                "less than half of it."
            ),
            Acts.AT_ONCE,
            Limits(1, 1_000_000),
        ),
    )
    privacy: str = field(
        default="standard",
        metadata=_about(
            text("What is hidden from the model: secrets and numbers, contacts too, or all that is found."),
            Acts.NEXT_QUESTION,
            choices=("relaxed", "standard", "strict", "own"),
        ),
    )
    privacy_actions: Mapping[str, str] = field(
        default_factory=dict,
        metadata=_about(
            text("What is done with each type of personal data, where you decide it yourself."),
            Acts.NEXT_QUESTION,
        ),
    )
    window: Mapping[str, str] = field(
        default_factory=dict,
        metadata=_about(text("Where the window stood and how it was divided."), Acts.NEXT_START),
    )

    def __post_init__(self) -> None:
        """Check every value."""
        for one in dataclasses.fields(self):
            value = getattr(self, one.name)
            if not about(one.name).allows(value):
                raise SettingsError(
                    text("The setting {name} cannot be {value}.", name=one.name, value=str(value)),
                    text("Choose another value in the settings."),
                )


def about(name: str) -> About:
    """Return what is known of the setting `name`. Raises KeyError for none."""
    found: About = Settings.__dataclass_fields__[name].metadata["about"]
    return found


def load_settings(home: Home) -> tuple[Settings, Text | None]:
    """Return the settings of `home`, and what to tell the user where some could not be used."""
    try:
        written = home.settings.read_bytes()
    except FileNotFoundError:
        return Settings(), None
    except OSError:
        return Settings(), text("The settings file cannot be opened; Maru starts with its own settings.")
    settings, whole = _read(written)
    return settings, None if whole else _set_aside(home.settings, written)


def look_at_settings(home: Home) -> Settings:
    """Return the settings without setting a damaged file aside: whoever opens the home does, and tells."""
    try:
        return _read(home.settings.read_bytes())[0]
    except OSError:
        return Settings()


def save_settings(home: Home, settings: Settings) -> None:
    """Write the settings whole or not at all. Raises HomeError, DiskFullError."""
    content = {"version": VERSION, **dataclasses.asdict(settings)}
    try:
        write_private(home.settings, json.dumps(content, indent=2, ensure_ascii=True).encode())
    except OSError as error:
        raise unusable(home.settings, error) from None


def _read(written: bytes) -> tuple[Settings, bool]:
    """Return the settings in a file's bytes and whether all of them could be used."""
    try:
        found = json.loads(written)
        if int(found.get("version", VERSION)) > VERSION:
            return Settings(), False
    except _ODD:
        return Settings(), False
    settings, whole = Settings(), True
    for one in dataclasses.fields(Settings):
        if one.name in found:
            try:
                value = _value(getattr(settings, one.name), found[one.name])
                settings = dataclasses.replace(settings, **{one.name: value})
            except (*_ODD, MaruError):  # this one alone is lost
                whole = False
    return settings, whole


def _value(default: Any, written: Any) -> Any:
    """Return `written` in the type of `default`. Raises TypeError, SettingsError."""
    if isinstance(default, SamplingParams):
        return _sampling(written)
    if isinstance(default, tuple):
        if not isinstance(written, list):
            raise TypeError
        return tuple(_adapter(one) for one in written)
    if isinstance(default, dict):
        if not all(isinstance(part, str) for pair in dict(written).items() for part in pair):
            raise TypeError
        return dict(written)
    if type(written) is not type(default):
        raise TypeError
    return written


def _adapter(written: Any) -> AdapterFile:
    path, scale = written["path"], written.get("scale", 1.0)
    if not isinstance(path, str) or isinstance(scale, bool) or not isinstance(scale, (int, float)):
        raise TypeError
    return AdapterFile(path, float(scale))


def _sampling(written: Any) -> SamplingParams:
    known = {one.name for one in dataclasses.fields(SamplingParams)}
    values = {name: value for name, value in dict(written).items() if name in known}
    whole = ("top_k", "max_tokens", "seed")
    for name, value in values.items():
        kinds = int if name in whole else (int, float)
        if isinstance(value, bool) or not (isinstance(value, kinds) or (name == "seed" and value is None)):
            raise TypeError
    return SamplingParams(**values)


def _set_aside(path: Path, written: bytes) -> Text:
    """Keep a file that could not be used whole beside itself and say so."""
    number = 1
    while (kept := path.with_name(f"{path.stem}.old-{number}{path.suffix}")).exists():
        number += 1
    with contextlib.suppress(OSError):
        write_private(kept, written)
        path.unlink()
        return text(
            "Some settings could not be used; Maru starts with its own. The old file is kept as {file}.",
            file=kept.name,
        )
    return text("Some settings could not be used; Maru starts with its own.")
