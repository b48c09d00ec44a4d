# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The mail about an update that did not leave, to the person by whom it was planned."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy

from arengo.accounts import mails
from arengo.accounts.mails import Mail
from arengo.core.links import organization_url
from arengo.newsroom.models import Update
from arengo.newsroom.schedule.models import Appointment


@dataclass(frozen=True)
class LapsedMail(Mail):
    template = "newsroom_schedule/mail/lapsed.txt"
    update: Update
    problem: str
    link: str


def lapsed(appointment_id: int) -> None:
    """Once; where it was planned anew meanwhile, nothing."""
    found = (
        Appointment.objects.filter(pk=appointment_id, state=Appointment.State.LAPSED)
        .select_related("by", "organization", "update")
        .first()
    )
    if found is None:
        return
    update = found.update
    mails.send(
        LapsedMail(
            found.organization,
            update,
            found.problem,
            organization_url(found.organization, update.get_absolute_url()),
        ),
        found.by.email,
        gettext_lazy("un invio programmato non è partito"),
        language=found.by.language,
    )
