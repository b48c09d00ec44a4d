# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from django.apps import AppConfig


class OverviewConfig(AppConfig):
    name = "arengo.audience.overview"
    label = "audience_overview"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from arengo.audience.overview import console, retention_rules, series

        console.register()
        series.register_own()
        retention_rules.register()
