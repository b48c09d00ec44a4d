# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from django.apps import AppConfig


class PortalPostersConfig(AppConfig):
    name = "arengo.portal.posters"
    label = "portal_posters"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from arengo.audience import ways
        from arengo.portal.posters import audit_words, console, counting, places, retention_rules

        audit_words.register()
        console.register()
        counting.register()
        retention_rules.register()
        ways.register_places(places.known)
