# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The colleagues that look at a conversation or have unsent words there (``core/presence.py``).

Only operators are spoken of; an auditor looks unseen.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from arengo.core import presence
from arengo.core.access import WRITE, membership_of, staff
from arengo.core.models import Role
from arengo.desk.desks import seen_by
from arengo.desk.presence import TOPIC


@staff(Role.OPERATOR, methods=WRITE)
def tell(request: HttpRequest, pk: int) -> HttpResponse:
    conversation = get_object_or_404(seen_by(membership_of(request)).only("pk"), pk=pk)
    return presence.tell(request, TOPIC, "conversation", conversation.pk)
