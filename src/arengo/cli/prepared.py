# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Django made ready for a command: keys loaded, database running, settings read."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from arengo.core import collector

from . import keys
from .collecting import collect
from .folder import database, open_folder
from .words import Refused, _


@contextmanager
def prepared(*, new_key: bool = False) -> Iterator[Path]:
    """Inside, the ORM works; the data folder is given. ``new_key``: a fresh one is put before the others in keys.env."""
    data = open_folder()
    if new_key:
        keys.put_new_first(data)
    keys.load(data)
    with database(data):
        set_up()
        try:
            yield data
        finally:
            disconnect()


def set_up() -> None:
    """Read the settings and start Django."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "arengo.config.settings")
    import django

    with collector.loading():
        django.setup()


def disconnect() -> None:
    """Sessions closed before the database stops, and the pool's threads with them."""
    from django.db import connections

    for connection in connections.all(initialized_only=True):
        connection.close()
        if getattr(connection, "pool", None):
            connection.close_pool()  # type: ignore[attr-defined]  # of the PostgreSQL backend


def check_settings() -> None:
    """Refused when Django's checks or ours (config/checks.py) find a setting that must not stand."""
    from django.core.checks import ERROR, run_checks

    wrong = [message for message in run_checks() if message.level >= ERROR]
    if wrong:
        reasons = " ".join(f"{message.msg} {message.hint or ''}".strip() for message in wrong)
        raise Refused(_("le impostazioni non vanno bene: %(reasons)s") % {"reasons": reasons})


def check_vault() -> None:
    """Refused when the vault's keys are not those of this database: everybody in it would be a stranger.

    Nothing is said of a database that is away, or has no tables yet.
    """
    import psycopg

    from arengo.core.vault import NoLookupKeys, VaultError, vault

    try:
        vault().lookup("")
    except (NoLookupKeys, psycopg.OperationalError):
        return
    except VaultError as error:
        words = _(
            "le chiavi non sono quelle di questa banca dati: rimettere in ARENGO_VAULT_KEYS quelle di prima "
            "(«arengo doctor» dice quali mancano)"
        )
        raise Refused(words) from error


def migrate() -> None:
    """Bring tables and collected files up to date; Refused when a setting is unsafe or the database is away."""
    from django.conf import settings
    from django.core.management import CommandError, call_command
    from django.db import DatabaseError

    check_settings()
    collector.rarely()
    try:
        call_command("migrate", interactive=False, verbosity=0)
        collect()
    except DatabaseError as error:
        words = _("la banca dati non risponde o rifiuta le modifiche: %(reason)s")
        raise Refused(words % {"reason": str(error).splitlines()[0]}) from error
    except (CommandError, OSError) as error:
        raise Refused(str(error)) from error
    check_vault()
    if not settings.STATICFILES_DIRS:
        raise Refused(
            _("mancano gli stili delle pagine: eseguire «make setup», o installare di nuovo il pacchetto")
        )
