# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Settings of the tests: the real ones, on a PostgreSQL of this run's own."""

from __future__ import annotations

import atexit
import gc
import os

from arengo.cli import embedded
from arengo.core.vault import new_key
from tests.support import leftovers
from tests.support.ready import make_ready

gc.disable()  # until all tests are loaded: see pytest_collection_finish() in tests/conftest.py
leftovers.clear()
_folder = leftovers.own_folder()


def end(owner: int = os.getpid()) -> None:
    """Once nobody needs the database any more; not in forked children."""
    if os.getpid() == owner:
        leftovers.remove(_folder)


atexit.register(end)
os.environ["ARENGO_DATA"] = str(_folder)
os.environ["DATABASE_URL"] = embedded.start(
    # Nobody tidies up behind the tests while they run: neither their pace nor the place of a row depends on it.
    make_ready(_folder),
    settings={"autovacuum": "off"},
    for_tests=True,
).url
os.environ["ARENGO_SECRET_KEY"] = "only-for-tests-" * 5
os.environ["ARENGO_VAULT_KEYS"] = new_key("test")
# The outside world of the tests is this machine.
os.environ["ARENGO_ALLOWED_ADDRESSES"] = "127.0.0.0/8"

from arengo.config.settings import *  # noqa: E402, F403  # the environment must be ready first

DATABASES["default"]["OPTIONS"].pop("pool")  # noqa: F405  # type: ignore[attr-defined]  # the test database is dropped at the end
DATABASES["default"]["TEST"] = {"TEMPLATE": "arengo"}  # noqa: F405  # type: ignore[index]  # it holds the tables already
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
PUBLIC_URL = "http://esempio.test"  # links in mails lead where the tests' clients look
EMAIL_LEAVES = True
LOGGING_CONFIG = "logging.config.dictConfig"  # pytest watches uncaught exceptions itself: its hooks stay
# tests/accounts asks for it; elsewhere administrators need none, as in the demo.
ARENGO_ADMINISTRATORS_NEED_SECOND_FACTOR = False
# Tests read the files where they were built: nothing is collected.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # noqa: F405
