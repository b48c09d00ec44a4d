# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from arengo.audience.topics.models import Change
from arengo.audience.topics.verbs import UNDO_FOR
from arengo.core.scope import every_organization


@app.periodic(cron="41 2 * * *")
@app.task(queueing_lock="audience.forget_topic_changes")
def forget_topic_changes(timestamp: int) -> None:
    """The people who were moved with a topic are known for as long as it can be undone."""
    with every_organization("retention"):
        Change.objects.filter(at__lt=timezone.now() - UNDO_FOR).delete()
