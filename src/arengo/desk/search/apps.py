# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from django.apps import AppConfig


class DeskSearchConfig(AppConfig):
    name = "arengo.desk.search"
    label = "desk_search"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from arengo.desk.search import sources

        sources.register()
