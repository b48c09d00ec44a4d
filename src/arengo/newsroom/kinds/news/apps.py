# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from django.apps import AppConfig


class NewsConfig(AppConfig):
    name = "arengo.newsroom.kinds.news"
    label = "kind_news"

    def ready(self) -> None:
        from arengo.newsroom.kinds.base import registry
        from arengo.newsroom.kinds.news.kind import News

        registry.register(News())
