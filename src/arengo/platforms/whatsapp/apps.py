# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
from __future__ import annotations

from django.apps import AppConfig


class WhatsAppConfig(AppConfig):
    name = "arengo.platforms.whatsapp"

    def ready(self) -> None:
        from arengo.core import log_entries
        from arengo.platforms import registry
        from arengo.platforms.contract import Platform

        def make() -> Platform:
            from arengo.platforms.whatsapp.platform import WhatsApp

            return WhatsApp()

        registry.register("whatsapp", make)
        from arengo.platforms.whatsapp.notices import KINDS

        log_entries.values("delivery", KINDS)
