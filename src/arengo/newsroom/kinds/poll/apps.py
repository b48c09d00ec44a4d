# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from django.apps import AppConfig


class PollConfig(AppConfig):
    name = "arengo.newsroom.kinds.poll"
    label = "kind_poll"

    def ready(self) -> None:
        from arengo.delivery.templates import presets
        from arengo.newsroom.kinds.base import registry
        from arengo.newsroom.kinds.poll.kind import PollKind
        from arengo.newsroom.kinds.poll.template import PRESETS

        registry.register(PollKind())
        presets.register(*PRESETS.values())
