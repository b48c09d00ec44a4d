# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
from django.apps import AppConfig


class PresenceConfig(AppConfig):
    name = "arengo.desk.presence"
    label = "desk_presence"

    def ready(self) -> None:
        from arengo.core import live_topics
        from arengo.core.models import Role
        from arengo.desk.presence import TOPIC

        live_topics.register(TOPIC, Role.OPERATOR, Role.AUDITOR)
