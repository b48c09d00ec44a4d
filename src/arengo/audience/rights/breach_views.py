# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""«Violazione»: an administrator says from when to when, sees how many people it touches, and downloads their list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.http import content_disposition_header

from arengo.audience import touched
from arengo.audience.models import Contact
from arengo.audience.rights import breach
from arengo.audience.rights.breach import ACCOUNT, ALL, WROTE, Account
from arengo.audience.rights.forms import MOST_DAYS, SpanForm
from arengo.core import audit, outside
from arengo.core.access import FORM, WRITE, organization_of, person_of, staff
from arengo.core.models import Role
from arengo.core.outside import FIRST_MOMENT
from arengo.core.screens import Screen, render_screen
from arengo.core.sending_files import file_response


@dataclass(frozen=True)
class BreachPage(Screen):
    """``asked``: whether a time was chosen; then ``accounts``, ``wrote`` and ``everybody`` say whom it touches."""

    form: SpanForm
    asked: bool
    first: str
    last: str
    accounts: Sequence[Account]
    wrote: int
    everybody: int


@staff(Role.ADMINISTRATOR, methods=FORM)
def breach_page(request: HttpRequest) -> HttpResponse:
    """Asked by POST: what somebody is looking into stands in no address."""
    now = timezone.localtime().replace(second=0, microsecond=0)
    form = SpanForm(
        request.POST if request.method == "POST" else None,
        initial={"first": now - timedelta(days=1), "last": now},
    )
    asked = request.method == "POST" and form.is_valid()
    first, last = (form.cleaned_data["first"], form.cleaned_data["last"]) if asked else (now, now)
    last = min(last + timedelta(minutes=1), timezone.now())  # that minute too
    page = BreachPage(
        form=form,
        asked=asked,
        first=first.isoformat(),
        last=last.isoformat(),
        accounts=breach.accounts(first, last) if asked else (),
        wrote=len(touched.writers(first, last)) if asked else 0,
        everybody=Contact.objects.filter(erased_at=None).count() if asked else 0,
    )
    status = 422 if request.method == "POST" and not asked else 200
    return render_screen(request, "audience_rights/breach.html", page, status=status)


@staff(Role.ADMINISTRATOR, methods=WRITE)
def breach_list(request: HttpRequest) -> HttpResponseBase:
    """``which``: of ``breach``; ``person``: of an account; ``first``, ``last``: as the page gave them. Recorded in the log."""
    which = outside.text(request.POST.get("which"), most=10)
    span = _span(request)
    person = outside.whole(request.POST.get("person"), least=1)
    if which == ALL:
        contacts: Iterable[int] = breach.everybody()
    elif which == WROTE and span:
        contacts = sorted(touched.writers(*span))
    elif which == ACCOUNT and span and person is not None:
        contacts = sorted(breach.touched_by(person, *span))
    else:
        return HttpResponseBadRequest("which", content_type="text/plain")
    file, count = breach.written(contacts)
    audit.record(
        "audience.listed_touched",
        organization=organization_of(request),
        by=person_of(request),
        detail={"reason": which, "count": count, "person": person if which == ACCOUNT else None},
    )
    response = file_response(request, file, "text/csv; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(True, file.name or "") or "attachment"
    return response


def _span(request: HttpRequest) -> tuple[datetime, datetime] | None:
    """As the form above judged it; None for anything else."""
    first, last = (outside.instant(request.POST.get(name)) for name in ("first", "last"))
    if first is None or last is None:
        return None
    fits = FIRST_MOMENT <= first < last <= timezone.now() and last - first <= MOST_DAYS + timedelta(minutes=1)
    return (first, last) if fits else None
