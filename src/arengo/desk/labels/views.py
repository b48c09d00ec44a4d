# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A label on a conversation, or off it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from arengo.core import outside
from arengo.core.access import WRITE, person_of, staff
from arengo.core.models import Role
from arengo.desk.doing import act
from arengo.desk.labels import verbs
from arengo.desk.labels.models import Label
from arengo.desk.views import found_conversation


@staff(Role.OPERATOR, methods=WRITE)
def put_on(request: HttpRequest, pk: int) -> HttpResponse:
    conversation, label = found_conversation(request, pk), _label(request)
    return act(request, conversation, lambda: verbs.put_on(conversation, label, by=person_of(request)))


@staff(Role.OPERATOR, methods=WRITE)
def take_off(request: HttpRequest, pk: int) -> HttpResponse:
    conversation, label = found_conversation(request, pk), _label(request)
    return act(request, conversation, lambda: verbs.take_off(conversation, label))


def _label(request: HttpRequest) -> Label:
    label: Label = get_object_or_404(Label.objects, pk=outside.whole(request.POST.get("label")))
    return label
