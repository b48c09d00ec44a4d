# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
from django.apps import AppConfig


class VersionsConfig(AppConfig):
    name = "arengo.newsroom.versions"
    label = "newsroom_versions"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from arengo.newsroom import panes, saving
        from arengo.newsroom.versions import audit_words, keeping, retention_rules
        from arengo.newsroom.versions.views import PANE

        saving.register("versions", keeping.Keeper())
        panes.register(PANE)
        audit_words.register()
        retention_rules.register()
