# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
from django.apps import AppConfig


class ReturningConfig(AppConfig):
    name = "arengo.desk.returning"
    label = "desk_returning"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from arengo.desk.returning import console

        console.register()
