# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The names of national holidays. When they are is opening-hours-py's word (``PH``); both lists are compared in the tests."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from holidays import country_holidays

_LANGUAGES = {"it": "it_IT"}
# Law 54/1977 keeps the day of unity on a Sunday of November: nobody is off work for it.
_NO_DAY_OFF = "Giorno dell'unità nazionale"


@lru_cache(maxsize=64)
def of_year(year: int, language: str = "it") -> dict[date, str]:
    """Day → name."""
    italian = country_holidays("IT", years=year, language="it_IT")
    shown = country_holidays("IT", years=year, language=_LANGUAGES.get(language, "en_US"))
    return {day: shown[day] for day, name in sorted(italian.items()) if name != _NO_DAY_OFF}


def name_of(day: date, language: str = "it") -> str:
    """ "" for a day that is none."""
    return of_year(day.year, language).get(day, "")
