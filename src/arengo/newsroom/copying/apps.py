# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
from django.apps import AppConfig


class CopyingConfig(AppConfig):
    name = "arengo.newsroom.copying"
    label = "newsroom_copying"

    def ready(self) -> None:
        from arengo.newsroom import parts
        from arengo.newsroom.copying import audit_words
        from arengo.newsroom.copying.views import PARTS

        parts.register(*PARTS)
        audit_words.register()
