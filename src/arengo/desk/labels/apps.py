# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
from django.apps import AppConfig


class LabelsConfig(AppConfig):
    name = "arengo.desk.labels"
    label = "desk_labels"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from arengo.desk import following
        from arengo.desk.labels import audit_words, console, retention_rules, verbs

        audit_words.register()
        console.register()
        retention_rules.register()
        following.register("labels", conversation=verbs.move)
