# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Backups: one file with the database and the attachments, without the keys that open them.

arengo.json      what it is, and a mark of the vault keys that it needs
database.dump    pg_dump, custom format
media/…          attachments, images, logos
"""

from __future__ import annotations

import json
import os
import shutil
import tarfile
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any

import psycopg

from arengo.core import outside
from embedded_postgres import ArchiveFailed

from . import embedded
from .explaining import explain
from .folder import alone
from .freshness import forget
from .prepared import migrate
from .words import Refused, _

_FORMAT = 1
_MANIFEST, _DUMP, _MEDIA = "arengo.json", "database.dump", "media"


def backup(data: Path, file: Path) -> None:
    """Write `file`, whole or not at all. Arengo may be running: the database is seen at one moment.

    Attachments are read after the database, so that each one which it names is there.
    """
    file = file.absolute()
    part = file.with_name(f".{file.name}.part")
    try:
        with tempfile.TemporaryDirectory(dir=file.parent, prefix=".arengo-") as work:
            dump = Path(work) / _DUMP
            embedded.dump(os.environ["DATABASE_URL"], dump)
            manifest = Path(work) / _MANIFEST
            manifest.write_text(
                json.dumps(
                    {
                        "format": _FORMAT,
                        "created_at": datetime.now(UTC).isoformat(timespec="seconds"),
                        "vault_keys": sorted(_key_marks()),
                    }
                )
            )
            with open(part, "wb", opener=_private) as target:
                with tarfile.open(fileobj=target, mode="w") as archive:
                    archive.add(manifest, _MANIFEST)
                    archive.add(dump, _DUMP)
                    if (data / _MEDIA).is_dir():
                        archive.add(data / _MEDIA, _MEDIA)
                target.flush()
                os.fsync(target.fileno())
        part.replace(file)
    except OSError as error:
        raise Refused(_("il backup non è riuscito: %(reason)s") % {"reason": error}) from error
    except ArchiveFailed as error:
        raise Refused(_("il backup non è riuscito: %(reason)s") % {"reason": explain(error)}) from error
    finally:
        part.unlink(missing_ok=True)


def restore(data: Path, file: Path, confirm: Callable[[str], bool]) -> int:
    """Replace database and attachments by those of `file`. Refused while Arengo runs, or without its keys.

    What was in its outbox is withheld until a person decides. Returns how many messages.
    """
    with alone(data):
        nothing_runs()
        try:
            with (
                tarfile.open(file, "r:") as archive,
                tempfile.TemporaryDirectory(dir=data, prefix=".restore-") as work,
            ):
                manifest = _checked(archive, file)
                saved_at = outside.instant(manifest["created_at"])
                if saved_at is None:
                    raise _no_backup(file)
                if not confirm(manifest["created_at"]):
                    raise Refused(_("non è stato cambiato nulla"))
                forget(data)
                archive.extractall(
                    work,
                    members=[
                        member
                        for member in archive
                        if member.name == _DUMP or PurePosixPath(member.name).parts[:1] == (_MEDIA,)
                    ],
                    filter="data",
                )
                embedded.restore(os.environ["DATABASE_URL"], Path(work) / _DUMP)
                restored = Path(work) / _MEDIA
                current, old = data / _MEDIA, data / ".media.old"
                shutil.rmtree(old, ignore_errors=True)
                if current.exists():
                    current.rename(old)
                if restored.exists():
                    restored.rename(current)
                shutil.rmtree(old, ignore_errors=True)
        except tarfile.ReadError as error:
            raise _no_backup(file) from error
        except (tarfile.TarError, OSError) as error:
            raise Refused(_("il ripristino non è riuscito: %(reason)s") % {"reason": error}) from error
        except ArchiveFailed as error:
            raise Refused(
                _("il ripristino non è riuscito: %(reason)s") % {"reason": explain(error)}
            ) from error
        migrate()
        return _withhold(data, saved_at)


def _withhold(data: Path, saved_at: datetime) -> int:
    """The database is older than the installation was: killed before this, the next worker sees it by itself."""
    from django.db import transaction

    from arengo.delivery.timeline import beginning, keeping
    from arengo.delivery.timeline.folder_note import FolderNote
    from arengo.delivery.timeline.models import Cause

    with transaction.atomic():
        beginning.alone()
        timeline = beginning.begin(Cause.RESTORE, lost_from=saved_at)
    # What the folder noted before is of the time that was given up.
    FolderNote(data).write(keeping.note_of(timeline), whatever=True)
    return beginning.withhold()


def _key_marks() -> list[str]:
    from django.conf import settings

    from arengo.core.vault import key_marks

    return key_marks(settings.ARENGO_VAULT_KEYS)


def _checked(archive: tarfile.TarFile, file: Path) -> dict[str, Any]:
    member = archive.extractfile(_MANIFEST) if _MANIFEST in archive.getnames() else None
    try:
        manifest: dict[str, Any] = json.loads(member.read()) if member else {}
    except ValueError:
        manifest = {}
    if manifest.get("format") != _FORMAT:
        raise _no_backup(file)
    missing = set(manifest["vault_keys"]) - set(_key_marks())
    if missing:
        ids = ", ".join(sorted(mark.partition(":")[0] for mark in missing))
        words = _(
            "il backup è cifrato con chiavi che qui mancano (%(ids)s): metterle in ARENGO_VAULT_KEYS "
            "e ripetere; senza di esse i dati dei cittadini non si possono leggere"
        )
        raise Refused(words % {"ids": ids})
    return manifest


def _no_backup(file: Path) -> Refused:
    return Refused(_("%(file)s non è un backup di Arengo") % {"file": file})


def nothing_runs(*, apart_from: str = "arengo: nobody") -> None:
    """Refused while a process of Arengo has a session in the database; those named ``apart_from`` do not count.

    `alone` knows of `up` on this machine; any other process of Arengo shows by its session in the database.

    Asked by a session of our own, before Django opens its.
    """
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        found = connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND usename = current_user"
            " AND backend_type = 'client backend' AND pid <> pg_backend_pid() AND application_name <> %s",
            (apart_from,),
        ).fetchone()
    if found and found[0]:
        raise Refused(_("Arengo è in funzione: fermare tutti i suoi processi e ripetere"))


def _private(name: str, flags: int) -> int:
    return os.open(name, flags | os.O_CREAT | os.O_TRUNC, 0o600)
