# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "arengo.desk"
    label = "desk"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from arengo.core import banners, live_topics
        from arengo.core.models import Role
        from arengo.desk import (
            audit_words,
            console,
            inbox,
            marks,
            moving,
            reopening_template,
            retention_rules,
        )
        from arengo.desk.condition import console as condition
        from arengo.desk.desks import seen_by
        from arengo.desk.responder_views import banner, when

        audit_words.register()
        console.register()
        condition.register()
        retention_rules.register()
        reopening_template.register()
        banners.register("second_responder", banner, when)
        marks.register("others", inbox.with_others)
        marks.register("other_desks", moving.with_other_desks)
        readers = (Role.OPERATOR, Role.AUDITOR)
        live_topics.register("inbox", *readers)
        live_topics.register("conversation", *readers, rows=seen_by)
