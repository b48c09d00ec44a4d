# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""One press sends a redirect."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from arengo.core import outside
from arengo.core.access import WRITE, person_of, staff
from arengo.core.models import Role
from arengo.desk.doing import act
from arengo.desk.redirects import verbs
from arengo.desk.redirects.models import Redirect
from arengo.desk.views import found_conversation


@staff(Role.OPERATOR, methods=WRITE)
def send(request: HttpRequest, pk: int) -> HttpResponse:
    conversation = found_conversation(request, pk)
    redirect = get_object_or_404(
        Redirect.objects.select_related("label"), pk=outside.whole(request.POST.get("redirect"))
    )
    key = outside.text(request.POST.get("key"), most=48)
    return act(
        request,
        conversation,
        lambda: verbs.send(
            conversation,
            redirect,
            by=person_of(request),
            key=f"redirect-{key}",
            shown=outside.whole(request.POST.get("shown")),
            last=outside.whole(request.POST.get("last")),
        ),
    )
