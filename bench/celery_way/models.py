# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Recipient(models.Model):
    phone = models.CharField(max_length=20)
    status = models.CharField(max_length=10, default="queued")
    message_id = models.CharField(max_length=200, blank=True)
    sent_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[Recipient]] = models.Manager()

    class Meta:
        app_label = "celery_way"

    def __str__(self) -> str:
        return f"recipient {self.pk}"
