# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "arengo.config"
    label = "config"

    def ready(self) -> None:
        from arengo.config import checks, events

        checks.register_all()
        events.connect()
