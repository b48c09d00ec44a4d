# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ByHandConfig(AppConfig):
    name = "arengo.newsroom.outlets.byhand"
    label = "outlet_byhand"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from arengo.core import live_topics, log_entries
        from arengo.newsroom.outlets.base import registry
        from arengo.newsroom.outlets.byhand import KEY, TOPIC, audit_words, console
        from arengo.newsroom.outlets.byhand.outlet import ByHand
        from arengo.newsroom.roles import WRITERS

        registry.register(ByHand())
        audit_words.register()
        console.register()
        live_topics.register(TOPIC, *WRITERS)
        log_entries.values("newsroom", {KEY: _("canale WhatsApp, a mano")})
