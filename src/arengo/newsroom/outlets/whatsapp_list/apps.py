# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WhatsAppListConfig(AppConfig):
    name = "arengo.newsroom.outlets.whatsapp_list"
    label = "outlet_whatsapp_list"

    def ready(self) -> None:
        from arengo.core import log_entries
        from arengo.delivery.sending import announced
        from arengo.newsroom.outlets.base import registry
        from arengo.newsroom.outlets.whatsapp_list import KEY
        from arengo.newsroom.outlets.whatsapp_list.describing import describe
        from arengo.newsroom.outlets.whatsapp_list.outlet import WhatsAppList

        registry.register(WhatsAppList())
        announced.register(describe)
        log_entries.values("newsroom", {KEY: _("lista WhatsApp")})
