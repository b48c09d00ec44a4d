# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from django.apps import AppConfig


class RenewalsConfig(AppConfig):
    name = "arengo.audience.renewals"
    label = "audience_renewals"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from arengo.audience.renewals import (
            audit_words,
            console,
            hearing,
            own_page,
            retention_rules,
            template,
        )

        audit_words.register()
        retention_rules.register()
        template.register()
        hearing.register()
        own_page.register()
        console.register()
