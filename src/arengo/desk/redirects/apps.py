# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
from django.apps import AppConfig


class RedirectsConfig(AppConfig):
    name = "arengo.desk.redirects"
    label = "desk_redirects"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from arengo.desk import following
        from arengo.desk.redirects import audit_words, console, counted, privacy

        audit_words.register()
        console.register()
        counted.register()
        privacy.register()
        following.register("redirects", conversation=privacy.conversations_merged)
