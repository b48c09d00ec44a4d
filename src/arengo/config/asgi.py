# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The web process: webhooks go straight to intake's endpoint, static files to ServeStatic, public pages to the
memory, all else to Django."""

from __future__ import annotations

import os
from typing import cast

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "arengo.config.settings")

from arengo.config import process  # settings must be named first
from arengo.core import collector

process.begin()

import django  # noqa: E402

with collector.loading():
    django.setup(set_prefix=False)

    from arengo.config.serving.handler import Handler
    from arengo.config.serving.public_door import PublicDoor
    from arengo.config.web import App, Web

    _django = Handler()
application = Web(cast(App, _django), PublicDoor(_django))
