# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The pages of Impostazioni. Each room registers the module of its addresses, from its AppConfig.

Such a module holds ``urlpatterns`` and no ``app_name``: all pages stand below /console/impostazioni/, and all names are in the
namespace ``settings``, so that a page is found by the same name wherever it lives.
"""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

_modules: dict[str, None] = {}


def register(module: str) -> None:
    """``module``: its dotted name; it is imported with the first request."""
    _modules[module] = None


def urlpatterns() -> list[URLPattern | URLResolver]:
    return [path("", include(module)) for module in _modules]
