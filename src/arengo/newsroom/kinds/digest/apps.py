# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from django.apps import AppConfig


class DigestConfig(AppConfig):
    name = "arengo.newsroom.kinds.digest"
    label = "kind_digest"

    def ready(self) -> None:
        from arengo.audience import frequencies
        from arengo.newsroom.kinds.base import registry
        from arengo.newsroom.kinds.digest.kind import ONLY_DIGESTS, Digest

        frequencies.register(ONLY_DIGESTS)
        registry.register(Digest())
