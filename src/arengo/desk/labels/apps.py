# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
from django.apps import AppConfig


class LabelsConfig(AppConfig):
    name = "arengo.desk.labels"
    label = "desk_labels"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from arengo.desk import following
        from arengo.desk.labels import audit_words, console, counted, retention_rules, verbs
        from arengo.desk.labels.shown import carrying
        from arengo.desk.lists import listing
        from arengo.desk.lists.listing import Filter

        audit_words.register()
        console.register()
        counted.register()
        retention_rules.register()
        listing.register_filter(Filter("etichetta", carrying))
        following.register("labels", conversation=verbs.move)
