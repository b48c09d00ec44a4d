# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from django.apps import AppConfig


class FrontConfig(AppConfig):
    name = "arengo.desk.front"
    label = "desk_front"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from arengo.desk.front import console, counted

        console.register()
        counted.register()
