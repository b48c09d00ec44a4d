# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""An open screen says what its person does; all others hear it from the stream (frontend/js/here.js). Nothing is stored.

No server keeps anything: each screen remembers what it hears for less than a minute, so it is the same with one web process and
with many (decision 43).
"""

from __future__ import annotations

import json
from enum import StrEnum

from django.http import HttpRequest, HttpResponse

from arengo.core import live, outside
from arengo.core.access import organization_of, person_of

_LONGEST_NAME = 60


class Doing(StrEnum):
    LOOKS = "looks"
    WRITES = "writes"  # there are words that were not sent
    LEAVES = "leaves"


def tell(request: HttpRequest, topic: str, thing: str, pk: int) -> HttpResponse:
    """Says what the request's ``doing`` is about ``thing`` (``conversation``, ``update``) number ``pk``. 422 for a word that is none.

    The caller has looked whether the person may see it.
    """
    said = outside.text(request.POST.get("doing"), most=20)
    if said not in set(Doing):
        return HttpResponse(status=422)
    person = person_of(request)
    words = {
        thing: pk,
        "person": person.pk,
        "name": person.get_short_name()[:_LONGEST_NAME],
        "doing": said,
    }
    live.say(organization_of(request).pk, topic, json.dumps(words))
    return HttpResponse(status=204)
