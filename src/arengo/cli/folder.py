# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The data folder: usable, ours alone, with its database running."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from arengo.config import environment, process
from arengo.core import embedded, embedded_errors

from .rights import make_private
from .words import Refused, _

# Seconds for the database to stop: at the end of one command, and at the end of everything, where our own processes
# have had the first half of ten seconds.
_COMMAND_WAITS, IN_HASTE = 60.0, 4.0


def open_folder() -> Path:
    """The data folder, made if it is missing, for us alone; Refused when it cannot be used.

    Every command that starts or changes something begins here, so here production refuses to run as root.
    """
    if process.is_root_in_production():
        words = _(
            "in produzione Arengo non funziona come root: avviarlo con un utente suo "
            "(systemd: «User=arengo»; a mano: «sudo -u arengo arengo …»)"
        )
        raise Refused(words)
    data = environment.data_folder()
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        probe = data / f".write-{os.getpid()}"
        probe.touch()
        probe.unlink()
        make_private(data)
    except OSError as error:
        raise Refused(_unusable(data, error.strerror or str(error))) from error
    return data


@contextmanager
def alone(data: Path) -> Iterator[None]:
    """Only one `up`, `demo` or `restore` at a time works on a data folder."""
    with (data / "arengo.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            lock.seek(0)
            words = _(
                "Arengo è già in funzione sulla cartella %(folder)s (processo %(pid)s): "
                "fermarlo, oppure scegliere un'altra cartella con ARENGO_DATA"
            )
            raise Refused(words % {"folder": data, "pid": lock.read().strip() or "?"}) from error
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield
        lock.truncate(0)


@contextmanager
def database(data: Path, *, stop_within: float = _COMMAND_WAITS) -> Iterator[None]:
    """Inside, DATABASE_URL names a running database: the one configured, or the embedded one of this folder.

    The embedded one is stopped by the last process that uses it. What it has not ended by then (a slow disk) ends
    without us: it was told to, and what is committed is on its disk.
    """
    if environment.value("DATABASE_URL"):
        yield
        return
    with (data / "postgres.users").open("a") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        os.environ["DATABASE_URL"] = _start(data).url
        try:
            yield
        finally:
            del os.environ["DATABASE_URL"]
            if _is_last(users.fileno()):
                _stop(data, stop_within)


def is_embedded() -> bool:
    """Whether DATABASE_URL, as `database` has set it, is the data folder's own."""
    return environment.value("DATABASE_URL").startswith("postgresql://arengo@/arengo?host=")


def _start(data: Path) -> embedded.Cluster:
    with _explained():
        return embedded.start(data)


def _stop(data: Path, within: float) -> None:
    with _explained():
        try:
            embedded.stop(data, within=within)
        except embedded_errors.InUse:
            words = _("la banca dati in %(folder)s è lenta a fermarsi: finirà da sé, niente va perso")
            click.echo(f"arengo: {words % {'folder': data}}", err=True)


def _is_last(users: int) -> bool:
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except embedded.EmbeddedError as error:
        raise Refused(explain(error)) from error


def explain(error: embedded.EmbeddedError) -> str:
    """The error's line for operators."""
    match error:
        case embedded_errors.FolderUnusable():
            return _unusable(error.folder, error.reason)
        case embedded_errors.ProgramsMissing():
            return _("mancano i programmi di PostgreSQL: ripetere l'installazione con «make setup»")
        case embedded_errors.OtherVersion():
            words = _(
                "%(folder)s contiene dati di PostgreSQL %(found)s, i programmi sono della versione %(expected)s: "
                "fare un backup con la versione di Arengo che li ha creati e ripristinarlo con questa"
            )
            return words % {"folder": error.folder, "found": error.found, "expected": error.expected}
        case embedded_errors.NoAccount():
            words = _(
                "PostgreSQL non può funzionare come root e nessun altro utente può entrare in %(folder)s: "
                "avviare Arengo con un utente normale, oppure indicare DATABASE_URL"
            )
            return words % {"folder": error.folder}
        case embedded_errors.SetprivMissing():
            return _(
                "manca il programma «setpriv», con cui root avvia PostgreSQL come un altro utente: installarlo "
                "(su Debian e Ubuntu: «apt install util-linux»), oppure avviare Arengo con un utente normale"
            )
        case embedded_errors.NamelessAccount():
            words = _("l'utente numero %(uid)d non ha un nome su questa macchina (/etc/passwd): aggiungerlo")
            return words % {"uid": error.uid}
        case embedded_errors.InUse():
            words = _("la banca dati in %(folder)s è in uso altrove: fermare chi la usa e riprovare")
            return words % {"folder": error.folder}
        case embedded_errors.StartFailed():
            words = _("PostgreSQL non è partito: %(reason)s (registro: %(log)s)")
            return words % {"reason": error.reason, "log": error.log}
    return str(error)


def _unusable(folder: Path, reason: str) -> str:
    words = _(
        "non si può scrivere nella cartella dei dati %(folder)s (%(reason)s): "
        "correggere i permessi, oppure scegliere un'altra cartella con ARENGO_DATA"
    )
    return words % {"folder": folder, "reason": reason}
