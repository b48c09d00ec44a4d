# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the platform tells of templates: approved, rejected, paused, recategorised. The list follows at once."""

from __future__ import annotations

from arengo.core.events import Batch
from arengo.core.live import announce
from arengo.delivery.models import MessageTemplate
from arengo.delivery.templates.administration import fitted
from arengo.delivery.templates.fitting import reason_for
from arengo.platforms.contract import TemplateChanged
from arengo.platforms.redaction import without_ids


def changed(batch: Batch[TemplateChanged]) -> None:
    for event in batch.events:
        said = fitted(
            status=event.status.upper(), category=event.category.upper(), reason=without_ids(event.reason)
        )
        news = {name: word for name, word in said.items() if word}
        news.pop("reason", None)
        if "status" in news:
            news["reason"] = reason_for(news["status"], said["reason"])
        if news:
            ours = MessageTemplate.objects.filter(sender_id=batch.sender_id)
            named = ours.filter(name=event.name, language=event.language).update(**news)
            if not named and event.template_id:
                ours.filter(template_id=event.template_id).update(**news)
    announce(batch.organization_id, "senders")
