# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Public addresses, under /canale/."""

from __future__ import annotations

from django.urls import path

from arengo.channel import views
from arengo.channel.feeds import atom

app_name = "public_channel"

urlpatterns = [
    path("", views.feed, name="feed"),
    path("feed.xml", atom, name="atom"),
    path("qr.svg", views.qr_svg, name="qr_svg"),
    path("qr.png", views.qr_png, name="qr_png"),
    path("<id:pk>/", views.post, name="post"),
    path("<id:pk>/immagine", views.image, name="image"),
]
