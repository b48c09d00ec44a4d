# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The figures as files: CSV for spreadsheets, JSON for programs. Times are opening minutes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from django.utils.translation import gettext as _

from arengo.core import csv_text
from arengo.core.models import Person
from arengo.desk import counted
from arengo.desk.models import Desk
from arengo.insights.asking import Asked
from arengo.insights.figures import Figures
from arengo.insights.values import Total, Work, within

Value = str | int | None
Lines = list[list[Value]]


def as_csv(lines: Iterable[Sequence[Value]]) -> str:
    """With the mark by which spreadsheets know the encoding. Texts that a spreadsheet would compute begin with an apostrophe."""
    return csv_text.MARK + csv_text.lines(
        ["" if each is None else str(each) for each in line] for line in lines
    )


def _measures() -> list[str]:
    return [
        _("Conversazioni nuove"),
        _("Messaggi ricevuti"),
        _("di cui a sportello chiuso"),
        _("Messaggi inviati"),
        _("Prime risposte"),
        _("Prima risposta: metà entro (min)"),
        _("Prima risposta: 9 su 10 entro (min)"),
        _("Chiuse"),
        _("Chiusura: metà entro (min)"),
        _("Chiusura: 9 su 10 entro (min)"),
        _("Chiuse senza risposta"),
        _("Non consegnati"),
        *(str(each.title) for each in counted.occurrences()),
    ]


def _values(total: Total) -> list[Value]:
    return [
        total.begun,
        total.received,
        total.outside,
        total.sent,
        len(total.first),
        within(total.first, 5),
        within(total.first, 9),
        len(total.closed),
        within(total.closed, 5),
        within(total.closed, 9),
        total.unanswered,
        total.failed,
        *(total.occurrences[each.key] for each in counted.occurrences()),
    ]


def day_lines(figures: Figures, asked: Asked, today: date) -> Lines:
    """One for each day that has begun and each desk, also where nothing happened."""
    lines: Lines = [[_("Giorno"), _("Sportello"), *_measures()]]
    for number in range((min(asked.period.last, today) - asked.period.first).days + 1):
        day = asked.period.first + timedelta(days=number)
        for desk in asked.desks:
            total = figures.by_day.get((day, desk.pk)) or Total()
            lines.append([day.isoformat(), desk.name, *_values(total)])
    return lines


def group_lines(figures: Figures, desks: Iterable[Desk]) -> Lines:
    """By desk, then by each grouping: what the group is, its name, its figures."""
    lines: Lines = [[_("Per"), _("Nome"), *_measures()]]
    lines += [
        [_("Sportello"), desk.name, *_values(figures.by_desk[desk.pk])]
        for desk in desks
        if desk.pk in figures.by_desk
    ]
    for grouping in counted.groupings():
        begins = f"{grouping.key}:"
        found = {
            name.removeprefix(begins): total
            for name, total in figures.by_group.items()
            if name.startswith(begins)
        }
        names = grouping.names(list(found)) if found else {}
        lines += [
            [str(grouping.title), names[key], *_values(total)] for key, total in found.items() if key in names
        ]
    return lines


def hour_lines(figures: Figures) -> Lines:
    """The 168 hours of the week. Times belong to the hour in which the citizen asked."""
    days = [_("lunedì"), _("martedì"), _("mercoledì"), _("giovedì"), _("venerdì"), _("sabato"), _("domenica")]
    heads = [_("Giorno"), _("Ora"), *_measures()[:3], *_measures()[4:10]]
    lines: Lines = [[*heads]]
    for hour in range(7 * 24):
        values = _values(figures.by_hour.get(hour) or Total())
        lines.append([days[hour // 24], hour % 24, *values[:3], *values[4:10]])
    return lines


def operator_lines(works: Mapping[Person, Work]) -> Lines:
    lines: Lines = [[_("Operatore"), *_measures()[3:10]]]
    for person, work in works.items():
        total = Total(sent=work.sent, first=work.first, closed=work.closed)
        lines.append([str(person), *_values(total)[3:10]])
    return lines


def as_json(
    figures: Figures, asked: Asked, today: date, works: Mapping[Person, Work] | None
) -> dict[str, object]:
    """The same as the page. Names of fields are English and stay; ``null``: there is none. Minutes are opening minutes.

    ``works`` None: by operator nothing is counted, or this person may not see it, and the field is not there.
    """
    found: dict[str, object] = {
        "first_day": asked.period.first.isoformat(),
        "last_day": asked.period.last.isoformat(),
        "today": today.isoformat(),
        "group": asked.group or None,
        "days_not_counted_yet": figures.missing,
        "total": _json(figures.total)
        | {
            "people": {
                "only_asking": figures.total.only_asking,
                "also_subscribed": len(figures.total.subscribed),
            }
        },
        "desks": [
            {"id": desk.pk, "name": desk.name, **_json(figures.by_desk.get(desk.pk) or Total())}
            for desk in asked.desks
        ],
        "days": [
            {"day": day.isoformat(), "desk": desk, **_json(total)}
            for (day, desk), total in sorted(figures.by_day.items())
        ],
        "hours_of_the_week": [
            {
                "weekday": hour // 24 + 1,
                "hour": hour % 24,
                "conversations": total.begun,
                "received": total.received,
                "first_answer_minutes": _minutes(total.first),
                "closing_minutes": _minutes(total.closed),
            }
            for hour, total in sorted(figures.by_hour.items())
        ],
    }
    for grouping in counted.groupings():
        begins = f"{grouping.key}:"
        totals = {
            name.removeprefix(begins): total
            for name, total in figures.by_group.items()
            if name.startswith(begins)
        }
        names = grouping.names(list(totals)) if totals else {}
        found[f"by_{grouping.key}"] = [
            {"key": key, "name": names[key], **_json(total)} for key, total in totals.items() if key in names
        ]
    if works is not None:
        found["by_operator"] = [
            {
                "name": str(person),
                "sent": work.sent,
                "first_answer_minutes": _minutes(work.first),
                "closing_minutes": _minutes(work.closed),
            }
            for person, work in works.items()
        ]
    return found


def _minutes(minutes: Sequence[int]) -> dict[str, int | None]:
    return {"count": len(minutes), "median": within(minutes, 5), "p90": within(minutes, 9)}


def _json(total: Total) -> dict[str, object]:
    return {
        "conversations": total.begun,
        "received": total.received,
        "received_while_closed": total.outside,
        "sent": total.sent,
        "first_answer_minutes": _minutes(total.first),
        "closing_minutes": _minutes(total.closed),
        "closed_unanswered": total.unanswered,
        "failed": total.failed,
        **{each.key: total.occurrences[each.key] for each in counted.occurrences()},
    }
