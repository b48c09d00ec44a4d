# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from django.apps import AppConfig


class ChannelOutletConfig(AppConfig):
    name = "arengo.newsroom.outlets.channel"
    label = "outlet_channel"

    def ready(self) -> None:
        from arengo.newsroom.outlets.base import registry
        from arengo.newsroom.outlets.channel.outlet import PublicChannel

        registry.register(PublicChannel())
