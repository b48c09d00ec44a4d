# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""As little of Django as the task needs: no middleware, no other app, a connection that stays open."""

from __future__ import annotations

import os

from psycopg.conninfo import conninfo_to_dict

_database = conninfo_to_dict(os.environ["DATABASE_URL"])
SECRET_KEY = "only-for-measuring"  # noqa: S105 - nothing is signed here
INSTALLED_APPS = ["bench.celery_way"]
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": _database["dbname"],
        "USER": _database["user"],
        "HOST": _database["host"],
        "CONN_MAX_AGE": None,
    }
}
