# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""When a desk is open: its rows, the engine that answers from them, and what is derived from it.

Rows are the truth (``models.py``). ``timetable.py`` is what they say in one value, ``expression.py`` writes that as an OSM
string, which opening-hours-py evaluates, and ``engine.py`` answers: open now? until when? when again? how many opening
minutes between two moments? ``reading.py`` reads the rows of many desks in one query.
"""
