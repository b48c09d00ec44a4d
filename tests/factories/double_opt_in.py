# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A list where a join has to be confirmed, and somebody who has not confirmed yet."""

from __future__ import annotations

from django.utils import timezone

from arengo.audience import consent
from arengo.audience.answers import CONFIRM
from arengo.audience.models import ListSettings
from arengo.core import automatic
from arengo.delivery.models import Sender
from tests.factories.audience import citizen


def ask_twice(*, on: bool = True) -> None:
    ListSettings.objects.update(double_opt_in=on)
    automatic.switch([CONFIRM], on=True)


def of_double_opt_in(sender: Sender) -> None:
    """Paola asked to be on the list; from then on nobody is asked twice."""
    ask_twice()
    consent.give(
        citizen("Paola Esempio"),
        at=timezone.now(),
        message_id="wamid.paola",
        text="ISCRIVIMI",
        sender_id=sender.pk,
    )
    ask_twice(on=False)
