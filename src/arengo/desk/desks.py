# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which desk a conversation belongs to."""

from __future__ import annotations

from django.db.models import Q

from arengo.desk.models import Desk

_FIRST_NAME = "Sportello"
_FIRST_SLUG = "sportello"


def desk_for(organization_id: int, sender_id: int) -> int:
    """The id of the desk that a new conversation on this number goes to: the first active one of the number, else the first of all.

    An organization without any desk gets one here. To be called inside the organization's scope; locks nothing.
    """
    found = (
        Desk.objects.filter(Q(senders=None) | Q(senders=sender_id), active=True)
        .values_list("pk", flat=True)
        .first()
        or Desk.objects.order_by("-active", "order", "id").values_list("pk", flat=True).first()
    )
    if found is not None:
        return int(found)
    made, _new = Desk.objects.get_or_create(
        slug=_FIRST_SLUG, organization_id=organization_id, defaults={"name": _FIRST_NAME}
    )
    return int(made.pk)
