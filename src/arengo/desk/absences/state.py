# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whether somebody is absent today."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from arengo.core.clean_text import isolated
from arengo.desk.absences.models import Absence, Freed
from arengo.desk.models import Conversation


def of(person_id: int) -> Absence | None:
    """The absence that holds today, in the scope's organization. One small query."""
    today = timezone.localdate()
    found: Absence | None = Absence.objects.filter(
        person_id=person_id, first__lte=today, last__gte=today, ended_at=None
    ).first()
    return found


def freed_words(conversation: Conversation) -> str:
    """Why a free conversation is free, where somebody's absence made it so; "" else. Reads ``conversation.freed``."""
    freed: Freed | None = getattr(conversation, "freed", None)
    if freed is None or conversation.assignee_id is not None or not conversation.is_open:
        return ""
    return _("%(name)s è assente: è tornata libera") % {"name": isolated(freed.person.get_short_name())}
