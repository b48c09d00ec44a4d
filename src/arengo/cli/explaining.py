# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What went wrong with the embedded PostgreSQL or a backup, in words for operators."""

from __future__ import annotations

from pathlib import Path

import embedded_postgres
from embedded_postgres import ArchiveFailed, EmbeddedError

from .words import _


def explain(error: EmbeddedError) -> str:
    """The error's line for operators."""
    match error:
        case embedded_postgres.FolderUnusable():
            return unusable(error.folder, error.reason)
        case embedded_postgres.PathTooLong():
            words = _(
                "il percorso della cartella dei dati %(folder)s è troppo lungo: sceglierne uno più breve con ARENGO_DATA"
            )
            return words % {"folder": error.folder}
        case embedded_postgres.ProgramsMissing():
            return _(
                "mancano i programmi di PostgreSQL: eseguire «make setup», o installare di nuovo il pacchetto"
            )
        case embedded_postgres.OtherVersion():
            words = _(
                "%(folder)s contiene dati di PostgreSQL %(found)s, i programmi sono della versione %(expected)s: "
                "fare un backup con la versione di Arengo che li ha creati e ripristinarlo con questa"
            )
            return words % {"folder": error.folder, "found": error.found, "expected": error.expected}
        case embedded_postgres.NoAccount():
            words = _(
                "PostgreSQL non può funzionare come root e nessun altro utente può entrare in %(folder)s: "
                "avviare Arengo con un utente normale, oppure indicare DATABASE_URL"
            )
            return words % {"folder": error.folder}
        case embedded_postgres.SetprivMissing():
            return _(
                "manca il programma «setpriv», con cui root avvia PostgreSQL come un altro utente: installarlo "
                "(su Debian e Ubuntu: «apt install util-linux»), oppure avviare Arengo con un utente normale"
            )
        case embedded_postgres.NamelessAccount():
            words = _("l'utente numero %(uid)d non ha un nome su questa macchina (/etc/passwd): aggiungerlo")
            return words % {"uid": error.uid}
        case embedded_postgres.InUse():
            words = _("la banca dati in %(folder)s è in uso altrove: fermare chi la usa e riprovare")
            return words % {"folder": error.folder}
        case embedded_postgres.StartFailed():
            words = _("PostgreSQL non è partito: %(reason)s (registro: %(log)s)")
            return words % {"reason": error.reason, "log": error.log}
        case embedded_postgres.NotReady():
            words = _("PostgreSQL non è partito entro %(seconds)d secondi (registro: %(log)s)")
            return words % {"seconds": error.within, "log": error.log}
        case ArchiveFailed():
            return _of_a_backup(error)
    return str(error)


def _of_a_backup(error: ArchiveFailed) -> str:
    match error:
        case embedded_postgres.MissingBackup():
            return _("%(file)s non c'è") % {"file": error.file}
        case embedded_postgres.NoBackup():
            words = _("%(file)s non è un backup di PostgreSQL (%(words)s)")
            return words % {"file": error.file, "words": error.words}
        case embedded_postgres.DamagedBackup():
            return _("%(file)s è danneggiato (%(words)s)") % {"file": error.file, "words": error.words}
    return error.reason


def unusable(folder: Path, reason: str) -> str:
    words = _(
        "non si può scrivere nella cartella dei dati %(folder)s (%(reason)s): "
        "correggere i permessi, oppure scegliere un'altra cartella con ARENGO_DATA"
    )
    return words % {"folder": folder, "reason": reason}
