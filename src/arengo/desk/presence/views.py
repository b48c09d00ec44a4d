# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""An open screen says what its person does; all others hear it from the stream (frontend/js/desk-presence.js).

No server keeps anything: each screen remembers what it hears for less than a minute, so it is the same with one web process and
with many. Only operators are spoken of; an auditor looks unseen.
"""

from __future__ import annotations

import json
from enum import StrEnum

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from arengo.core import live, outside
from arengo.core.access import WRITE, membership_of, organization_of, person_of, staff
from arengo.core.models import Role
from arengo.desk.desks import seen_by
from arengo.desk.presence import TOPIC

_LONGEST_NAME = 60


class Doing(StrEnum):
    LOOKS = "looks"
    WRITES = "writes"  # there are words that were not sent
    LEAVES = "leaves"


@staff(Role.OPERATOR, methods=WRITE)
def tell(request: HttpRequest, pk: int) -> HttpResponse:
    """422 for a word that is none."""
    conversation = get_object_or_404(seen_by(membership_of(request)).only("pk"), pk=pk)
    said = outside.text(request.POST.get("doing"), most=20)
    if said not in set(Doing):
        return HttpResponse(status=422)
    person = person_of(request)
    words = {
        "conversation": conversation.pk,
        "person": person.pk,
        "name": person.get_short_name()[:_LONGEST_NAME],
        "doing": said,
    }
    live.say(organization_of(request).pk, TOPIC, json.dumps(words))
    return HttpResponse(status=204)
