# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from django.apps import AppConfig


class AudienceExportsConfig(AppConfig):
    name = "arengo.audience.exports"
    label = "audience_exports"

    def ready(self) -> None:
        from arengo.audience.exports import audit_words, console

        audit_words.register()
        console.register()
