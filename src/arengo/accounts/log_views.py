# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Registro: who did what and when. Read-only, and the database keeps it so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from arengo.core.access import organization_of
from arengo.core.console.settings_access import setting, show
from arengo.core.form_fields import DayField
from arengo.core.log_entries import Named, detail_words, named, people_in, rooms, verb_words
from arengo.core.models import AuditEntry, Membership, Organization, Person
from arengo.core.screens import Screen

_PER_PAGE = 50


class LogFilter(forms.Form):
    person = forms.ChoiceField(label=_("Chi"), required=False)
    room = forms.ChoiceField(label=_("Che cosa"), required=False)
    since = DayField(label=_("Dal"), required=False)
    until = DayField(label=_("Al"), required=False)

    def __init__(self, *args: Any, people: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].choices = [("", _("tutti")), ("0", "Arengo"), *people]  # type: ignore[attr-defined]  # of a ChoiceField
        self.fields["room"].choices = [("", _("tutto")), *rooms()]  # type: ignore[attr-defined]


def _chosen(
    entries: QuerySet[AuditEntry], wanted: dict[str, Any], organization: Organization
) -> QuerySet[AuditEntry]:
    if wanted.get("person"):
        entries = (
            entries.filter(person=wanted["person"])
            if wanted["person"] != "0"
            else entries.filter(person=None)
        )
    if wanted.get("room"):
        entries = entries.filter(verb__startswith=f"{wanted['room']}.")
    if wanted.get("since"):
        entries = entries.filter(at__gte=datetime.combine(wanted["since"], time(), tzinfo=organization.zone))
    if wanted.get("until"):
        day_after = wanted["until"] + timedelta(days=1)
        entries = entries.filter(at__lt=datetime.combine(day_after, time(), tzinfo=organization.zone))
    return entries


@dataclass(frozen=True)
class Line:
    """``on``: what the entry is about, with its link."""

    entry: AuditEntry
    words: str
    on: Named | None
    detail: str


@dataclass(frozen=True)
class LogPage(Screen):
    page: Page[AuditEntry]
    lines: Sequence[Line]
    filter: LogFilter
    today: date


@setting()
def log_page(request: HttpRequest) -> HttpResponse:
    organization = organization_of(request)
    of_organization = AuditEntry.objects.filter(organization=organization)
    ids = of_organization.filter(person__isnull=False).values("person")
    people = [(str(each.pk), str(each)) for each in Person.objects.filter(pk__in=ids).order_by("name")]
    form = LogFilter(request.GET or None, people=people)
    entries = of_organization.select_related("person__log_key").order_by("-at", "-pk")
    if form.is_bound and form.is_valid():
        entries = _chosen(entries, form.cleaned_data, organization)
    page = Paginator(entries, _PER_PAGE).get_page(request.GET.get("page"))
    meant = {person_id for entry in page for person_id in people_in(entry)}
    members = Membership.objects.filter(organization=organization, person__in=meant)
    names = {each.person_id: str(each.person) for each in members.select_related("person")}
    objects = named(page)
    lines = [
        Line(entry, verb_words(entry.verb), objects.get(entry.pk), detail_words(entry, names))
        for entry in page
    ]
    screen = LogPage(page, lines, filter=form, today=timezone.localdate())
    return show(request, "accounts/settings/log.html", screen)
