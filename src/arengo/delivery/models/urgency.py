# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The order in which messages leave, and which of them people may stop at the platform."""

from __future__ import annotations

from django.db import models


class Urgency(models.IntegerChoices):
    """The dispatcher claims in this order."""

    ALERT = 0
    REPLY = 1
    NEWS = 2

    @property
    def is_marketing(self) -> bool:
        """People may stop it at the platform (Meta: marketing messages); what is urgent or an answer still reaches them."""
        return self is Urgency.NEWS
