# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
from django.apps import AppConfig


class ElectoralConfig(AppConfig):
    name = "arengo.newsroom.electoral"
    label = "newsroom_electoral"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from arengo.newsroom import gates, parts
        from arengo.newsroom.electoral import audit_words, console, retention_rules, shown

        gates.register("electoral", shown.gate)
        parts.register(*shown.PARTS)
        audit_words.register()
        console.register()
        retention_rules.register()
