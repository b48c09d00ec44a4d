# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Everything that Arengo needs, looked at one by one. Each line says OK, or what is wrong and how to mend it."""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import urlencode

import aiohttp

from arengo.config import environment

from .prepared import prepared
from .words import Refused, _, check_environment, say

_OLDEST = 160000  # PostgreSQL 16
_LEAST_FREE = 1024**3  # bytes
_SKEW = 30.0  # seconds; Meta refuses nothing for it, but windows and receipts would be wrong
_PATIENCE = aiohttp.ClientTimeout(total=10)


@dataclass(frozen=True, slots=True)
class Finding:
    """`remedy` is empty when all is well."""

    what: str
    remedy: str = ""


def examine() -> int:
    """Print every finding. 0 when all is well, else 1."""
    try:
        check_environment()
        with prepared() as data:
            findings = list(_findings(data))
    except Refused as error:
        findings = [Finding(_("Avvio"), error.message)]
    for finding in findings:
        say(
            f"{'NO' if finding.remedy else 'OK'}  {finding.what}{': ' if finding.remedy else ''}{finding.remedy}"
        )
    wrong = sum(1 for finding in findings if finding.remedy)
    say("")
    say(_("Da sistemare: %(count)d") % {"count": wrong} if wrong else _("Tutto a posto."))
    return 1 if wrong else 0


def _findings(data: Path) -> Iterator[Finding]:
    yield disk(data)
    yield from settings()
    version = database()
    yield version
    if version.remedy:
        return
    pending = migrations()
    yield pending
    if pending.remedy:
        return
    yield database_clock()
    yield worker()
    yield from senders()


def disk(data: Path) -> Finding:
    free = shutil.disk_usage(data).free
    what = _("Spazio su disco in %(folder)s: %(free)d MB liberi") % {"folder": data, "free": free // 1024**2}
    remedy = _("ne serve almeno 1 GB: liberare spazio o spostare la cartella (ARENGO_DATA)")
    return Finding(what, remedy if free < _LEAST_FREE else "")


def settings() -> Iterator[Finding]:
    """Django's own system checks and ours (config/checks.py)."""
    from django.conf import settings as chosen
    from django.core.checks import ERROR, run_checks

    for problem in environment.warnings():
        yield Finding(_("Impostazioni"), problem.told(_))
    wrong = [message for message in run_checks() if message.level >= ERROR]
    for message in wrong:
        yield Finding(_("Impostazioni"), " ".join(filter(None, [message.msg, message.hint])))
    if not wrong:
        kind = _("produzione") if environment.is_production() else _("sviluppo")
        yield Finding(_("Impostazioni (%(kind)s)") % {"kind": kind})
    built = bool(chosen.STATICFILES_DIRS) and (Path(chosen.STATIC_ROOT) / "staticfiles.json").is_file()
    yield Finding(
        _("Stili e caratteri delle pagine"), "" if built else _("eseguire «make setup» e «arengo migrate»")
    )


def database() -> Finding:
    from django.db import DatabaseError, connection

    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT current_setting('server_version_num')::int, current_setting('server_version')"
            )
            number, name = cursor.fetchone() or (0, "?")
    except DatabaseError as error:
        reason = str(error).splitlines()[0]
        return Finding(
            _("Banca dati"), _("non risponde (%(reason)s): controllare DATABASE_URL") % {"reason": reason}
        )
    remedy = _("serve PostgreSQL 16 o più recente: aggiornarlo")
    return Finding(
        _("Banca dati: PostgreSQL %(version)s") % {"version": name}, remedy if number < _OLDEST else ""
    )


def migrations() -> Finding:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    waiting = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    remedy = _("%(count)d modifiche da applicare: eseguire «arengo migrate»") % {"count": waiting}
    return Finding(_("Tabelle della banca dati"), remedy if waiting else "")


def database_clock() -> Finding:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM clock_timestamp())::float8")
        (theirs,) = cursor.fetchone() or (0.0,)
    return _skew(_("Orologio della banca dati"), theirs)


def worker() -> Finding:
    from arengo.core.health import worker_lives

    remedy = _("nessuno è in funzione: avviare «arengo up» oppure «arengo worker»")
    return Finding(_("Processo per invii e ricezione"), "" if worker_lives() else remedy)


def senders() -> Iterator[Finding]:
    """Each number: its keys open, its provider knows it, its webhooks arrive here."""
    from arengo.core.scope import every_organization
    from arengo.delivery.models import Sender

    with every_organization("the doctor looks at the whole installation"):
        found = list(Sender.objects.select_related("organization").order_by("pk"))
        if not found:
            yield Finding(_("Mittenti: nessuno ancora configurato"))
        for sender in found:
            yield from _sender(sender)


def _sender(sender: object) -> Iterator[Finding]:
    from arengo.core.vault import VaultError
    from arengo.delivery.models import Sender
    from arengo.platforms.calls import call
    from arengo.platforms.contract import Refusal

    assert isinstance(sender, Sender)  # noqa: S101 - models can only be imported once Django is set up
    name = _("Mittente «%(name)s» di %(organization)s") % {
        "name": sender.name,
        "organization": sender.organization,
    }
    try:
        credentials = sender.credentials
    except VaultError:
        yield Finding(
            name, _("le chiavi non aprono le credenziali: rimettere in ARENGO_VAULT_KEYS quelle di prima")
        )
        return
    try:
        call(sender.platform, lambda platform, http: platform.describe(http, credentials))
        yield Finding(_("%(sender)s: credenziali accettate") % {"sender": name})
    except Refusal as refusal:
        words = (
            _("il fornitore le rifiuta (%(code)d %(title)s): correggerle in Impostazioni → Mittenti")
            if refusal.code
            else _("il fornitore non risponde (%(title)s): controllare la rete e il suo indirizzo")
        )
        yield Finding(
            _("%(sender)s: credenziali") % {"sender": name},
            words % {"code": refusal.code, "title": refusal.title},
        )
    if sender.state != Sender.State.ACTIVE:
        words = _("è fermo (%(reason)s): risolvere e riattivarlo in Impostazioni → Mittenti")
        yield Finding(name, words % {"reason": sender.stop_reason or sender.stop_code})
    yield _webhook(name, sender.hook_key, credentials.verify_token)
    yield _provider_clock(credentials.base_url)


def _webhook(name: str, hook_key: str, verify_token: str) -> Finding:
    """The platform's handshake, asked of our own public address."""
    from django.conf import settings as chosen

    challenge = str(time.time_ns())
    query = {"hub.mode": "subscribe", "hub.verify_token": verify_token, "hub.challenge": challenge}
    answer = _get(f"{chosen.PUBLIC_URL}/hooks/{hook_key}?{urlencode(query)}")
    what = _("%(sender)s: webhook raggiungibile su %(url)s") % {"sender": name, "url": chosen.PUBLIC_URL}
    if isinstance(answer, str):
        words = _(
            "non risponde (%(reason)s): controllare ARENGO_PUBLIC_URL, il proxy e che il sito sia avviato"
        )
        return Finding(what, words % {"reason": answer})
    status, body, _date = answer
    if status != 200 or body != challenge:
        words = _("risponde %(status)d: controllare che ARENGO_PUBLIC_URL porti a questa installazione")
        return Finding(what, words % {"status": status})
    return Finding(what)


def _provider_clock(base_url: str) -> Finding:
    what = _("Orologio del fornitore")
    answer = _get(base_url)
    if isinstance(answer, str):
        return Finding(what, _("%(url)s non risponde: controllare la rete") % {"url": base_url})
    if not answer[2]:
        return Finding(_("Orologio del fornitore: non dice che ora è"))
    return _skew(what, parsedate_to_datetime(answer[2]).timestamp())


def _skew(what: str, theirs: float) -> Finding:
    seconds = abs(time.time() - theirs)
    remedy = _("differisce di %(seconds)d secondi da questo: attivare la sincronizzazione (NTP)") % {
        "seconds": seconds
    }
    return Finding(what, remedy if seconds > _SKEW else "")


def _get(url: str) -> tuple[int, str, str] | str:
    """Status, beginning of the body, Date; or in a word why there was no answer."""

    async def ask() -> tuple[int, str, str]:
        async with (
            aiohttp.ClientSession(timeout=_PATIENCE) as session,
            session.get(url, allow_redirects=False) as response,
        ):
            body = (await response.content.read(200)).decode(errors="replace")
            return response.status, body, response.headers.get("Date", "")

    try:
        return asyncio.run(ask())
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        return type(error).__name__
