# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ChannelOutletConfig(AppConfig):
    name = "arengo.newsroom.outlets.channel"
    label = "outlet_channel"

    def ready(self) -> None:
        from arengo.core import log_entries
        from arengo.newsroom.outlets.base import registry
        from arengo.newsroom.outlets.channel import KEY
        from arengo.newsroom.outlets.channel.outlet import PublicChannel

        registry.register(PublicChannel())
        log_entries.values("newsroom", {KEY: _("canale pubblico")})
