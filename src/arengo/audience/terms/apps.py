# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from django.apps import AppConfig


class AudienceTermsConfig(AppConfig):
    name = "arengo.audience.terms"
    label = "audience_terms"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from arengo.audience.terms import console

        console.register()
