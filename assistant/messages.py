# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What is said in a conversation: pure values, without identity."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """Who speaks."""

    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"


@dataclass(frozen=True)
class Message:
    """One turn: a role and its words."""

    role: Role
    content: str


class FinishReason(StrEnum):
    """Why an answer ended."""

    STOP = "stop"  # the model said it was done, or a stop string came
    LENGTH = "length"  # max_tokens or the context window was reached
    CANCELLED = "cancelled"  # the user pressed Stop
    FAILED = "failed"  # the engine ended in the middle
    REFUSED = "refused"  # no passage above the threshold: nothing was generated
    QUOTED = "quoted"  # the model does not speak the question's language: passages were quoted
    ASKED = "asked"  # nothing was generated: Maru asks which document is meant
    REPEATED = "repeated"  # the model said the same over and over and was stopped
