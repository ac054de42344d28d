# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The parts of the window that what comes after the first paint is joined with. A value."""

from dataclasses import dataclass

from ui.answering import Answering
from ui.frame import Frame
from ui.happenings import Happenings
from ui.library_errands import Adding
from ui.model_errands import ModelChoice
from ui.model_status import ModelStatus
from ui.preferences import Preferences


@dataclass(frozen=True)
class WindowParts:
    """Each part once, as the window made it."""

    frame: Frame
    answering: Answering
    adding: Adding
    choice: ModelChoice
    status: ModelStatus
    happenings: Happenings
    preferences: Preferences
