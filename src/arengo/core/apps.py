# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CoreConfig(AppConfig):
    name = "arengo.core"
    label = "core"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from arengo.core import (  # noqa: F401  # two listen to signing in and out
            among,
            audit_words,
            converters,
            known_devices,
            lookup_keys,
            retention_rules,
            sessions,
            stored_times,
        )
        from arengo.core.condition import console as condition
        from arengo.core.console import settings_tab

        audit_words.register()
        condition.register()
        retention_rules.register()
        among.register()
        converters.register()
        settings_tab.register()
        stored_times.connect()
        post_migrate.connect(lookup_keys.make, sender=self, dispatch_uid="arengo.core.lookup_keys")
