# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""How the next token is chosen: llama.cpp's names, validated in one place, and three presets."""

import secrets
from dataclasses import asdict, dataclass, replace
from enum import StrEnum

from assistant.errors import SettingsError
from assistant.texts import Text, text

MAX_SEED = 2**32 - 2  # 2**32 - 1 is llama.cpp's LLAMA_DEFAULT_SEED, "pick one yourself"


@dataclass(frozen=True)
class Limits:
    """The closed range of a sampling parameter."""

    low: float
    high: float


LIMITS = {
    "temperature": Limits(0.0, 2.0),
    "top_k": Limits(0, 1000),
    "top_p": Limits(0.0, 1.0),
    "min_p": Limits(0.0, 1.0),
    "repeat_penalty": Limits(0.5, 2.0),
    "presence_penalty": Limits(-2.0, 2.0),
    "frequency_penalty": Limits(-2.0, 2.0),
    "seed": Limits(0, MAX_SEED),
    "max_tokens": Limits(1, 131_072),
}


@dataclass(frozen=True)
class SamplingParams:
    """Sampling as llama.cpp names it.

    temperature 0 is greedy; top_k 0, top_p 1, min_p 0, repeat_penalty 1 and 0 for the other penalties
    mean "off"; seed None means "draw one and store it" (`with_seed`). Raises SettingsError out of range.
    """

    temperature: float = 0.0
    top_k: int = 40
    top_p: float = 0.95
    min_p: float = 0.05
    repeat_penalty: float = 1.0
    presence_penalty: float = 0.0
    frequency_penalty: float = 0.0
    seed: int | None = None
    max_tokens: int = 1024

    def __post_init__(self) -> None:
        """Check every value against its limits."""
        for name, value in asdict(self).items():
            limits = LIMITS[name]
            if value is not None and not limits.low <= value <= limits.high:
                raise SettingsError(
                    text("{name} is {value}.", name=name, value=str(value)),
                    text("Choose a value from {low} to {high}.", low=limits.low, high=limits.high),
                )

    @property
    def penalized(self) -> bool:
        """Whether words that were written already count for less, or for more."""
        return (self.repeat_penalty, self.presence_penalty, self.frequency_penalty) != (1, 0, 0)

    def with_seed(self) -> "SamplingParams":
        """Return the same with a seed drawn where there was none: an answer can be repeated."""
        return self if self.seed is not None else replace(self, seed=secrets.randbelow(MAX_SEED))


class Preset(StrEnum):
    """Named settings that people choose between."""

    PRECISE = "precise"
    BALANCED = "balanced"
    CREATIVE = "creative"


PRESETS = {
    Preset.PRECISE: SamplingParams(temperature=0.0),
    Preset.BALANCED: SamplingParams(temperature=0.5, top_p=0.9),
    Preset.CREATIVE: SamplingParams(temperature=1.0, top_k=0, min_p=0.05),
}

PRESET_NAMES: dict[Preset, Text] = {
    Preset.PRECISE: text("Precise"),
    Preset.BALANCED: text("Balanced"),
    Preset.CREATIVE: text("Creative"),
}

PRESET_RISKS: dict[Preset, Text] = {
    Preset.PRECISE: text("Always the likeliest word: repeatable, least invention."),
    Preset.BALANCED: text("Some variety in wording: a little more can be invented."),
    Preset.CREATIVE: text("Free choice of words: check every fact, much can be invented."),
}

PARAMETER_RISKS: dict[str, Text] = {
    "temperature": text("Higher is freer: more variety, and more invention."),
    "top_k": text("Only this many likeliest tokens are considered; fewer is safer, 0 is no limit."),
    "top_p": text("Only the likeliest tokens up to this share are considered; lower is safer."),
    "min_p": text("Tokens far less likely than the best are dropped; higher is safer."),
    "repeat_penalty": text("Above 1 discourages repetition; too high bends facts and names."),
    "presence_penalty": text("Above 0 favours new words, wherever old ones stood; bends facts and names."),
    "frequency_penalty": text("Above 0 counts every repetition against a word; bends facts and names."),
    "seed": text("The same seed and settings give the same answer again."),
    "max_tokens": text("The longest an answer may get, in tokens."),
}
