# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Everything that Arengo needs, looked at one by one. Each line says OK, or what is wrong and how to mend it."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

import aiohttp

from arengo.config import environment
from arengo.core import disk as disk_space

from .prepared import prepared
from .words import Refused, _, check_environment, say

if TYPE_CHECKING:
    from arengo.platforms.contract import Refusal

_OLDEST = 160000  # PostgreSQL 16
_COUNTING = 5.0  # seconds for one column
_SKEW = 30.0  # seconds; Meta refuses nothing for it, but windows and receipts would be wrong
_PATIENCE = 10.0  # seconds
_POINT = bytes.fromhex(  # a PNG of one grey point
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55"
    "0000000a49444154789c636800000082008177cd72b60000000049454e44ae426082"
)


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
    yield pictures()
    yield from scanner()
    version = database()
    yield version
    if version.remedy:
        return
    pending = migrations()
    yield pending
    if pending.remedy:
        return
    yield vault_keys()
    yield database_clock()
    yield outbox_of_before()
    yield worker()
    yield from senders()


def disk(data: Path) -> Finding:
    free = disk_space.free(data)
    what = _("Spazio su disco in %(folder)s: %(free)d MB liberi") % {"folder": data, "free": free // 1024**2}
    remedy = _("ne serve almeno 1 GB: liberare spazio o spostare la cartella (ARENGO_DATA)")
    return Finding(what, remedy if disk_space.is_low(free) else "")


def outbox_of_before() -> Finding:
    """What was in the outbox when the database was taken back waits for a person."""
    from arengo.core.scope import every_organization
    from arengo.delivery.timeline import deciding

    with every_organization("who runs the installation looks at all of it"):
        found = deciding.outlook().undecided
    if found is None:
        return Finding(_("Coda di prima di un ripristino: nulla da decidere"))
    what = _("Messaggi che dopo un ripristino aspettano una decisione: %(count)d") % {"count": found.messages}
    return Finding(
        what, _("un amministratore dell'ente decide nella console: Impostazioni → Dopo un ripristino")
    )


def settings() -> Iterator[Finding]:
    """Django's own system checks and ours (config/checks.py)."""
    from django.conf import settings as chosen
    from django.core.checks import ERROR, run_checks

    for problem in environment.warnings():
        yield Finding(_("Impostazioni"), problem.in_words(_))
    wrong = [message for message in run_checks() if message.level >= ERROR]
    for message in wrong:
        yield Finding(_("Impostazioni"), " ".join(filter(None, [message.msg, message.hint])))
    if not wrong:
        kind = _("produzione") if environment.is_production() else _("sviluppo")
        yield Finding(_("Impostazioni (%(kind)s)") % {"kind": kind})
    built = bool(chosen.STATICFILES_DIRS) and (Path(chosen.STATIC_ROOT) / "staticfiles.json").is_file()
    words = _("eseguire «make setup» (o installare di nuovo il pacchetto) e «arengo migrate»")
    yield Finding(_("Stili e caratteri delle pagine"), "" if built else words)


def pictures() -> Finding:
    """The decoder is a process of its own: where it cannot start, every photo is refused and no thumbnail is made."""
    from arengo.core.images import PictureBusy, PictureRefused, Rendition, open_picture

    try:
        open_picture(_POINT, Rendition(side=1, most_bytes=10_000))
    except (PictureRefused, PictureBusy):
        return Finding(
            _("Apertura delle immagini"),
            _(
                "il processo che apre le immagini non parte: eseguire «make setup», e controllare memoria e cartella temporanea"
            ),
        )
    return Finding(_("Apertura delle immagini"))


def scanner() -> Iterator[Finding]:
    """Only where one is named. While it is away files wait, they are not let through."""
    from arengo.core import antivirus

    if antivirus.configured():
        remedy = _(
            "non risponde: avviare clamd (clamav-daemon), o correggere ARENGO_CLAMD; intanto gli allegati aspettano"
        )
        yield Finding(_("Antivirus"), "" if antivirus.answers() else remedy)


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


def vault_keys() -> Finding:
    """Which keys still open something, as far as counting it takes seconds and not minutes."""
    import psycopg
    from django.conf import settings as chosen

    from arengo.core.resealing import keys_in_use
    from arengo.core.vault import VaultError, parse_keys

    what = _("Chiavi di cifratura")
    try:
        first, *others = [key_id for key_id, _key in parse_keys(chosen.ARENGO_VAULT_KEYS)]
        in_use = keys_in_use(within=_COUNTING)
    except psycopg.errors.QueryCanceled:
        return Finding(_("Chiavi di cifratura: troppe righe per contarle qui, le conta «arengo reseal»"))
    except (VaultError, ValueError):
        return Finding(what, _("mancano o non vanno bene: correggere ARENGO_VAULT_KEYS"))
    missing = sorted(set(in_use) - {first, *others})
    if missing:
        words = _("i dati sono cifrati anche con %(ids)s, che qui manca: rimetterla in ARENGO_VAULT_KEYS")
        return Finding(what, words % {"ids": ", ".join(missing)})
    used = [key_id for key_id in others if key_id in in_use]
    if used:
        words = _("%(ids)s apre ancora dei dati: per poterla togliere, eseguire «arengo reseal»")
        return Finding(what, words % {"ids": ", ".join(used)})
    unused = [key_id for key_id in others if key_id not in in_use]
    if unused:
        words = _("Chiavi di cifratura: cifra %(first)s; non apre più nulla e si può togliere %(unused)s")
        return Finding(words % {"first": first, "unused": ", ".join(unused)})
    return Finding(_("Chiavi di cifratura: cifra %(first)s") % {"first": first})


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
    from arengo.platforms import refusing
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
    reached = True
    try:
        call(sender.platform, lambda platform, http: platform.describe(http, credentials))
        yield Finding(_("%(sender)s: credenziali accettate") % {"sender": name})
    except Refusal as refusal:
        reached = refusal.code not in (refusing.NOT_PUBLIC, refusing.OTHER_ORIGIN)
        yield Finding(_("%(sender)s: credenziali") % {"sender": name}, _why(refusal, credentials.base_url))
    if sender.state != Sender.State.ACTIVE:
        words = _("è fermo (%(reason)s): risolvere e riattivarlo in Impostazioni → Mittenti")
        yield Finding(name, words % {"reason": sender.stop_reason or sender.stop_code})
    yield from _hearing(name, sender.pk)
    yield _webhook(name, sender.hook_key, credentials.verify_token)
    if reached:
        yield _provider_clock(credentials.base_url)


def _hearing(name: str, sender_id: int) -> Iterator[Finding]:
    """Whether we alone hear and answer: a second responder on the number, a silence longer than usual."""
    from django.utils.timezone import localtime, now

    from arengo.core.time_words import in_words
    from arengo.intake import alarms
    from arengo.intake.silence_words import said

    what = _("%(sender)s: nessun altro risponde da questo numero") % {"sender": name}
    found = alarms.read().of(sender_id)
    if not found.responders:
        yield Finding(what)
    for noticed in found.responders:
        words = _(
            "un altro risponditore è collegato a questo numero, notato dal %(since)s: toglierlo in Meta Business Suite, "
            "poi togliere l’avviso nella console, Sportello → Un altro risponditore"
        )
        yield Finding(name, words % {"since": f"{localtime(noticed.since):%Y-%m-%d %H:%M}"})
    for silence in found.silences:
        words = _("non arriva nulla da %(age)s, più del solito. %(said)s")
        yield Finding(name, words % {"age": in_words(now() - silence.since), "said": said(silence)})


def _why(refusal: Refusal, base_url: str) -> str:
    """What is wrong between us and the provider, and how to mend it."""
    from arengo.platforms import refusing

    if refusal.code == refusing.NOT_PUBLIC:
        words = _(
            "l'indirizzo %(url)s non è pubblico e Arengo non vi si collega: correggerlo in Impostazioni → Mittenti, "
            "oppure, se è quello giusto, consentirlo con ARENGO_ALLOWED_ADDRESSES=%(addresses)s"
        )
        return words % {"url": base_url, "addresses": ",".join(_refused_addresses(base_url))}
    if refusal.code == refusing.OTHER_ORIGIN:
        words = _("token e chiavi sono di un altro indirizzo: inserirli di nuovo in Impostazioni → Mittenti")
    elif refusal.code > 0:
        words = _("il fornitore le rifiuta (%(code)d %(title)s): correggerle in Impostazioni → Mittenti")
    elif refusal.code:
        words = _("il fornitore risponde ciò che Arengo non legge: controllare il suo indirizzo")
    else:
        words = _("il fornitore non risponde (%(title)s): controllare la rete e il suo indirizzo")
    return words % {"code": refusal.code, "title": refusal.title}


def _refused_addresses(base_url: str) -> list[str]:
    """The addresses of the provider that are not connected to, as ARENGO_ALLOWED_ADDRESSES wants them."""
    from arengo.platforms.networks import may_connect

    parts = urlsplit(base_url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    hosts = sorted({str(address[0]) for *_others, address in found})
    return [
        f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        for host in hosts
        if not may_connect(host, port)
    ]


def _webhook(name: str, hook_key: str, verify_token: str) -> Finding:
    """The platform's handshake, asked of our own public address."""
    from django.conf import settings as chosen

    challenge = str(time.time_ns())
    query = {"hub.mode": "subscribe", "hub.verify_token": verify_token, "hub.challenge": challenge}
    answer = _get(f"{chosen.PUBLIC_URL}/hooks/{hook_key}?{urlencode(query)}", to_itself=True)
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
    try:
        theirs = parsedate_to_datetime(answer[2]).timestamp()
    except (ValueError, TypeError, OverflowError):
        return Finding(_("Orologio del fornitore: non dice che ora è"))
    return _skew(what, theirs)


def _skew(what: str, theirs: float) -> Finding:
    seconds = abs(time.time() - theirs)
    remedy = _("differisce di %(seconds)d secondi da questo: attivare la sincronizzazione (NTP)") % {
        "seconds": seconds
    }
    return Finding(what, remedy if seconds > _SKEW else "")


def _get(url: str, *, to_itself: bool = False) -> tuple[int, str, str] | str:
    """Status, body, Date; or in a word why there was no answer. ``to_itself``: it is the installation's own address."""

    from arengo.platforms import answers
    from arengo.platforms.connections import session

    async def ask() -> tuple[int, str, str]:
        async with session(within=_PATIENCE, to_itself=to_itself) as http:
            answer = await answers.ask(http, "GET", url)
            return answer.status, answer.body.decode(errors="replace"), answer.headers.get("Date", "")

    try:
        return asyncio.run(ask())
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
        return type(error).__name__
