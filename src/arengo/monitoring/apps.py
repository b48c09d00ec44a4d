# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from django.apps import AppConfig


class MonitoringConfig(AppConfig):
    name = "arengo.monitoring"
    label = "monitoring"

    def ready(self) -> None:
        from arengo.monitoring import console

        console.register()
