# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Days and times as people read them, by the system's clock and in the language in use."""

from datetime import UTC, datetime

from PySide6.QtCore import QDateTime, QLocale

from assistant.texts import language_in_use

STAMP = "%Y-%m-%dT%H-%M-%SZ"


def shown(when: datetime) -> str:
    """Return a day with its time."""
    moment = QDateTime.fromSecsSinceEpoch(round(when.timestamp()))
    return _locale().toString(moment, _locale().dateTimeFormat(QLocale.FormatType.ShortFormat))


def shown_day(when: datetime) -> str:
    """Return a day."""
    moment = QDateTime.fromSecsSinceEpoch(round(when.timestamp()))
    return _locale().toString(moment.date(), QLocale.FormatType.LongFormat)


def shown_name(snapshot: str) -> str:
    """Return the time that the name of a snapshot tells, the name where it tells none."""
    try:
        return shown(datetime.strptime(snapshot[:20], STAMP).replace(tzinfo=UTC))
    except ValueError:
        return snapshot


def _locale() -> QLocale:
    languages = {"ko": QLocale.Language.Korean}
    return QLocale(languages.get(language_in_use(), QLocale.Language.English))
