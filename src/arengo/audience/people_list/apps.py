# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from django.apps import AppConfig


class AudiencePeopleConfig(AppConfig):
    name = "arengo.audience.people_list"
    label = "audience_people"
    default_auto_field = "django.db.models.BigAutoField"
