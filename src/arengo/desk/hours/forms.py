# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Forms of single decisions: a closure, an extra opening, a season, holidays, an emergency opening."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.translation import gettext as _, gettext_lazy

from arengo.core import outside
from arengo.core.form_fields import CountField, DayField
from arengo.desk.hours.models import LONGEST_REASON, Closure, ExtraOpening, Season, Timetable
from arengo.desk.hours.timetable import DAY_END, Season as SeasonValue, time_of
from arengo.desk.hours.week_form import minutes
from arengo.desk.hours.words import clock_words, season_days
from arengo.desk.models import Desk

_LONGEST_CLOSURE = timedelta(days=366)
_MONTHS = [("", "—"), *((str(number), name) for number, name in MONTHS.items())]


class ClockField(forms.CharField):
    """A time of day as minutes since midnight; None where nothing was typed. ``closing``: 0:00 is the end of the day."""

    def __init__(self, *, closing: bool = False, **options: Any) -> None:
        self.closing = closing
        super().__init__(
            widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "hours-clock"}), **options
        )

    def prepare_value(self, value: Any) -> Any:
        return f"{value // 60 % 24:02}:{value % 60:02}" if isinstance(value, int) else value

    def clean(self, value: Any) -> int | None:
        typed = str(super().clean(value) or "").strip()
        if not typed:
            return None
        if (found := minutes(typed, closing=self.closing)) is None:
            raise forms.ValidationError(_("Scrivi un’ora, per esempio 9:00."))
        return found


def _reason(help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("Motivo, come lo leggono i cittadini"),
        max_length=LONGEST_REASON,
        required=False,
        help_text=help_text,
    )


class ClosureForm(forms.Form):
    """Fills a ``Closure``; ``others``: the desk's other closures, which it may not overlap with the same days."""

    first_day = DayField(label=gettext_lazy("Dal giorno"))
    last_day = DayField(
        label=gettext_lazy("Al giorno"),
        required=False,
        help_text=gettext_lazy("Vuoto: un giorno solo."),
    )
    from_minute = ClockField(
        label=gettext_lazy("Dalle"), required=False, help_text=gettext_lazy("Vuoto: tutto il giorno.")
    )
    until_minute = ClockField(label=gettext_lazy("Fino alle"), required=False, closing=True)
    reason = _reason(gettext_lazy("Per esempio «Ponte dell’Immacolata»."))

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        first, last = data.get("first_day"), data.get("last_day") or data.get("first_day")
        start, end = data.get("from_minute"), data.get("until_minute")
        if first and last:
            data["last_day"] = last
            if last < first:
                self.add_error("last_day", _("Finisce prima di cominciare: scambiare i giorni?"))
            elif last - first > _LONGEST_CLOSURE:
                self.add_error("last_day", _("Una chiusura dura al massimo un anno."))
            elif first == last and start is not None and end is not None and end <= start:
                self.add_error("until_minute", _("Finisce prima di cominciare: scambiare le ore?"))
        return data

    def fill(self, row: Closure) -> Closure:
        for name in ("first_day", "last_day", "reason"):
            setattr(row, name, self.cleaned_data[name])
        row.from_minute = self.cleaned_data["from_minute"] or None
        until = self.cleaned_data["until_minute"]
        row.until_minute = None if until == DAY_END else until
        return row


class ExtraForm(forms.Form):
    """Fills an ``ExtraOpening``."""

    day = DayField(label=gettext_lazy("Giorno"))
    opens = ClockField(label=gettext_lazy("Dalle"))
    closes = ClockField(label=gettext_lazy("Alle"), closing=True)
    reason = _reason(gettext_lazy("Per esempio «Sagra della porchetta»."))

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        opens, closes = data.get("opens"), data.get("closes")
        if opens is not None and closes is not None and closes <= opens:
            self.add_error("closes", _("Finisce prima di cominciare: scambiare le ore?"))
        return data

    def fill(self, row: ExtraOpening) -> ExtraOpening:
        for name in ("day", "opens", "closes", "reason"):
            setattr(row, name, self.cleaned_data[name])
        return row


def _month(label: Any, **options: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(label=label, choices=_MONTHS, coerce=int, empty_value=None, **options)


class SeasonForm(forms.Form):
    """Fills a ``Season``; ``others``: those of the desk that it may not meet."""

    name = forms.CharField(
        label=gettext_lazy("Nome"), max_length=60, help_text=gettext_lazy("Per esempio «Estate».")
    )
    first_day = CountField(label=gettext_lazy("Dal giorno"), least=1, most=31)
    first_month = _month(gettext_lazy("del mese"))
    last_day = CountField(label=gettext_lazy("Al giorno"), least=1, most=31)
    last_month = _month(gettext_lazy("del mese"))

    def __init__(self, *args: Any, others: Sequence[Season], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.others = others

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        for end in ("first", "last"):
            _check_day(self, data, f"{end}_day", f"{end}_month")
        if self.errors:
            return data
        own = SeasonValue("", data["first_month"], data["first_day"], data["last_month"], data["last_day"])
        for other in self.others:
            kept = SeasonValue(
                other.name, other.first_month, other.first_day, other.last_month, other.last_day
            )
            if kept.covers(date(2028, own.first_month, own.first_day)) or own.covers(
                date(2028, kept.first_month, kept.first_day)
            ):
                words = _("Si sovrappone a «%(name)s», %(days)s.")
                raise forms.ValidationError(words % {"name": kept.name, "days": season_days(kept)})
        return data

    def fill(self, row: Season) -> Season:
        for name in ("name", "first_day", "first_month", "last_day", "last_month"):
            setattr(row, name, self.cleaned_data[name])
        return row


class HolidaysForm(forms.Form):
    national = forms.BooleanField(label=gettext_lazy("Chiuso nelle feste nazionali"), required=False)
    patron_name = forms.CharField(
        label=gettext_lazy("Festa del patrono"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("Come la leggono i cittadini, per esempio «San Ciriaco»."),
    )
    patron_day = CountField(label=gettext_lazy("Il giorno"), least=1, most=31, required=False)
    patron_month = _month(gettext_lazy("del mese"), required=False)

    @classmethod
    def of(cls, timetable: Timetable | None, data: Any = None) -> HolidaysForm:
        kept = timetable or Timetable()
        initial = {
            "national": kept.national_holidays,
            "patron_name": kept.patron_name,
            "patron_day": kept.patron_day,
            "patron_month": kept.patron_month,
        }
        return cls(data, initial=initial)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("patron_day") or data.get("patron_month") or data.get("patron_name"):
            _check_day(self, data, "patron_day", "patron_month")
        return data

    @property
    def patron(self) -> tuple[int, int] | None:
        """Month and day."""
        month, day = self.cleaned_data["patron_month"], self.cleaned_data["patron_day"]
        return (month, day) if month and day else None


def _check_day(form: forms.Form, data: dict[str, Any], day_field: str, month_field: str) -> None:
    """A day that every year has: 29 February is none."""
    day, month = data.get(day_field), data.get(month_field)
    if day_field in form.errors or month_field in form.errors:
        return
    if not day or not month:
        form.add_error(month_field if day else day_field, _("Servono giorno e mese."))
    elif day > calendar.monthrange(2027, month)[1]:
        form.add_error(day_field, _("Questo giorno non c’è tutti gli anni."))


class EmergencyForm(forms.Form):
    """``until``: one of the moments offered, or «other» with an hour of its own: the next time that the clock shows it."""

    OTHER = "other"

    desk = forms.ChoiceField(label=gettext_lazy("Sportello"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=gettext_lazy("Motivo"),
        max_length=LONGEST_REASON,
        help_text=gettext_lazy("Lo leggono i cittadini. Per esempio «Allerta arancione per temporali»."),
    )
    until = forms.ChoiceField(label=gettext_lazy("Fino a quando"), widget=forms.RadioSelect)
    clock = ClockField(
        label=gettext_lazy("Altra ora"),
        required=False,
        closing=True,
        help_text=gettext_lazy("Un’ora già passata vale per domani."),
    )

    def __init__(self, *args: Any, desks: Sequence[Desk], now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = timezone.localtime(now)
        offered = offered_ends(self.now)
        self.fields["desk"].choices = [(str(desk.pk), desk.name) for desk in desks]  # type: ignore[attr-defined]
        self.fields["until"].choices = [  # type: ignore[attr-defined]
            *(
                (
                    each.isoformat(timespec="minutes"),
                    clock_words(DAY_END if each.date() > self.now.date() else each.hour * 60 + each.minute),
                )
                for each in offered
            ),
            (self.OTHER, _("un’altra ora")),
        ]
        self.fields["desk"].initial = str(desks[0].pk) if desks else None
        self.fields["until"].initial = offered[0].isoformat(timespec="minutes")

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        chosen, clock = data.get("until"), data.get("clock")
        if chosen == self.OTHER:
            if "clock" not in self.errors and clock is None:
                self.add_error("clock", _("Scrivi fino a che ora."))
            elif clock is not None:
                today = _at(self.now.date(), clock, self.now)
                over = today <= self.now  # so tomorrow's is meant
                data["until"] = _at(self.now.date() + timedelta(days=1), clock, self.now) if over else today
        elif chosen:
            data["until"] = outside.instant(chosen)
        return data


def offered_ends(now: datetime) -> list[datetime]:
    """Two round hours to come, and midnight; ``now`` is local."""
    midnight = _at(now.date() + timedelta(days=1), 0, now)
    hour = now.replace(minute=0, second=0, microsecond=0)
    rounds = [hour + timedelta(hours=ahead) for ahead in (3, 5)]
    return [*(each for each in rounds if each < midnight), midnight]


def _at(day: date, clock: int, like: datetime) -> datetime:
    """``clock``: minutes; the end of the day is the next one's midnight."""
    return datetime.combine(day + timedelta(days=clock // DAY_END), time_of(clock), like.tzinfo)
