# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from django.apps import AppConfig


class HoursConfig(AppConfig):
    name = "arengo.desk.hours"
    label = "desk_hours"
    default_auto_field = "django.db.models.BigAutoField"
