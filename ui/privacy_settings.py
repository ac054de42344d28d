# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Joins the page of personal data with the settings and with what is not personal."""

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from assistant.app import Assistant
from assistant.entities import EntityType
from assistant.privacy.policy import OWN, Action, named
from ui.personal import PersonalErrands
from ui.preferences import Preferences
from ui.privacy_page import PrivacyPage
from ui.tasks import call


class PrivacySettings(QObject):
    """Owns the page as long as the settings are open."""

    changed = Signal(object)  # Settings

    def __init__(self, assistant: Assistant, preferences: Preferences, personal: PersonalErrands) -> None:
        super().__init__()
        self._assistant, self._preferences, self._personal = assistant, preferences, personal
        settings = preferences.settings
        self.page = PrivacyPage(named(OWN, settings.privacy_actions))
        self.page.show_policy(named(settings.privacy, settings.privacy_actions))
        self.page.chosen.connect(self._keep)
        self.page.disallowed.connect(lambda kind, value: personal.disallow((kind, value)))
        personal.allowed.connect(self._list)
        self._list()

    def _keep(self, name: str, actions: Mapping[EntityType, Action]) -> None:
        own = {kind.value: action.value for kind, action in actions.items()}
        settings = self._preferences.settings
        kept = own if name == OWN else settings.privacy_actions
        changed = replace(settings, privacy=name, privacy_actions=kept)
        self._preferences.take(changed)
        self.changed.emit(changed)

    def _list(self, _entity: object = None) -> None:
        task = call(self._assistant.privacy.allowed)
        task.finished.connect(self.page.show_allowed)
        task.failed.connect(self._personal.failed)
        task.start()
