# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
from django.apps import AppConfig


class ListRequestsConfig(AppConfig):
    name = "arengo.desk.list_requests"
    label = "desk_list_requests"
    default_auto_field = "django.db.models.BigAutoField"
