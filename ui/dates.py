# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Days and times as people read them, by the system's clock and in the language in use."""

from datetime import UTC, datetime

from PySide6.QtCore import QDateTime, QLocale

from assistant.texts import language_in_use

DAYS = {"en": "d MMMM yyyy", "ko": "yyyy년 M월 d일"}  # by Qt's letters
STAMP = "%Y-%m-%dT%H-%M-%SZ"


def shown(when: datetime) -> str:
    """Return a day with its time: "21 November 2026, 19:16"."""
    moment = QDateTime.fromSecsSinceEpoch(round(when.timestamp()))
    return f"{shown_day(when)}, {moment.toString('HH:mm')}"


def shown_day(when: datetime) -> str:
    """Return a day."""
    moment = QDateTime.fromSecsSinceEpoch(round(when.timestamp()))
    languages = {"en": QLocale.Language.English, "ko": QLocale.Language.Korean}
    spoken = language_in_use()
    return QLocale(languages[spoken]).toString(moment.date(), DAYS[spoken])


def shown_name(snapshot: str) -> str:
    """Return the time that the name of a snapshot tells, the name where it tells none."""
    try:
        return shown(datetime.strptime(snapshot[:20], STAMP).replace(tzinfo=UTC))
    except ValueError:
        return snapshot
