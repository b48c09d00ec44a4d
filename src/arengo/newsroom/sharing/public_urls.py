# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Under /anteprima/, at the root of the public site."""

from __future__ import annotations

from django.urls import path

from arengo.newsroom.sharing import public_views

app_name = "newsroom_preview"

urlpatterns = [
    path("<str:token>/", public_views.page, name="page"),
    path("<str:token>/immagine", public_views.image, name="image"),
]
