# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The sample Comune's desks: Ancona's hours with a season, the patron's day, a closure and an extra opening; their words; their page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from arengo.core.models import Membership, Organization, Person
from arengo.desk.blocks.models import BlockSettings
from arengo.desk.desks import first_desk
from arengo.desk.directory import verbs as directory
from arengo.desk.directory.models import DirectoryEntry
from arengo.desk.front.models import FrontPage
from arengo.desk.hours import verbs as hours
from arengo.desk.hours.models import Closure, ExtraOpening, Season
from arengo.desk.hours.timetable import Interval
from arengo.desk.labels import verbs as labels
from arengo.desk.lists import verbs as desks
from arengo.desk.lists.verbs import DeskFacts
from arengo.desk.models import Desk
from arengo.desk.redirects import verbs as redirects
from arengo.desk.replies import verbs as replies
from arengo.desk.replies.models import CannedReply
from arengo.desk.returning.models import ReturnRule

_MORNING, _AFTERNOON = (9 * 60, 13 * 60), (15 * 60, 17 * 60)
_WEEK = [
    Interval(day, *span)
    for day in range(5)
    for span in ((_MORNING, _AFTERNOON) if day in (1, 3) else (_MORNING,))
]
_SUMMER = [Interval(day, 9 * 60, 12 * 60) for day in range(5)]
_POLICE = [Interval(day, 8 * 60, 14 * 60) for day in range(6)]
_SITE = "https://www.comune.example.it"
LABELS = ("Anagrafe", "Tributi", "Scuola", "Eventi", "Viabilità")


@dataclass(frozen=True)
class Desks:
    urp: Desk
    police: Desk


def make(organization: Organization, *, by: Person, police: Sequence[Person]) -> Desks:
    """Inside the organization's scope, of a new one. ``police``: who sees the second desk."""
    urp = Desk.objects.get(pk=first_desk(organization.pk))
    desks.change_desk(organization, urp, DeskFacts("URP", 10, True, True, [], []), by=by)
    members = list(Membership.objects.filter(person__in=police))
    second = desks.make_desk(organization, DeskFacts("Polizia locale", 20, True, False, members, []), by=by)
    for desk, week in ((urp, _WEEK), (second, _POLICE)):
        hours.write_week(desk, None, week, by=by)
        hours.write_holidays(desk, national=True, patron=(5, 12), name="Santo patrono", by=by)
    summer = Season(desk=urp, name="Estate", first_month=7, first_day=1, last_month=8, last_day=31)
    hours.keep_season(summer, by=by)
    hours.write_week(urp, summer, _SUMMER, by=by)
    _days(urp, by=by)
    FrontPage.objects.create(
        card_name="UrpComune",
        topics=[
            "Anagrafe e documenti: carta d’identità, residenza, certificati",
            "Tributi: TARI, IMU, rimborsi",
            "Scuola e nidi: iscrizioni, mensa, scuolabus",
            "Eventi e biblioteca: orari, prenotazioni",
        ],
        toll_free="800 000 000",
        counter_hours="lun–ven 8:30–12:30, giovedì anche 15–18",
    )
    return Desks(urp, second)


def _days(desk: Desk, *, by: Person) -> None:
    """A Monday on which it is closed, and a Saturday on which it opens, within the next three weeks."""
    today = timezone.localdate()
    monday, saturday = _next(today + timedelta(days=7), 0), _next(today + timedelta(days=7), 5)
    closure = Closure(
        desk=desk,
        first_day=monday,
        last_day=monday,
        reason="Corso di formazione del personale",
        decided_by=by,
    )
    hours.keep(closure, "desk.closed_days", by=by)
    opening = ExtraOpening(
        desk=desk,
        day=saturday,
        opens=9 * 60,
        closes=12 * 60,
        reason="Sabato delle carte d’identità",
        decided_by=by,
    )
    hours.keep(opening, "desk.opened_extra", by=by)


def _next(day: date, weekday: int) -> date:
    return day + timedelta(days=(weekday - day.weekday()) % 7)


def make_words(organization: Organization, found: Desks, *, by: Person) -> None:
    """What its people answer with: labels, canned replies, directory, redirects, and what a blocked citizen would read."""
    for name in LABELS:
        labels.add(organization, name, by=by)
    redirects.set_link(organization, f"{_SITE}/segnalazioni", by=by)
    today = timezone.localdate()
    for title, text, topic, desk, link, days in _REPLIES:
        reply = CannedReply(
            title=title,
            text=text,
            topic=topic,
            desk=found.police if desk else None,
            link=f"{_SITE}/{link}" if link else "",
            check_by=today + timedelta(days=days) if days else None,
        )
        replies.save(reply, by=by)
    entries = [DirectoryEntry(kind=kind, **fields) for kind, fields in _DIRECTORY]
    directory.add_all(entries, by=by)
    BlockSettings.objects.create(
        objection=f"Scriva entro 30 giorni alla PEC {organization.pec}: risponde il responsabile dell’URP.",
        other_ways=f"Può sempre telefonare allo {organization.phone}, scrivere a {organization.email} o venire in "
        f"{organization.address}.",
    )
    ReturnRule.objects.create(days=3)


# Title, text, topic, whether it is the second desk's, page, and the days until it must be looked at again.
_REPLIES = (
    (
        "Carta d’identità elettronica",
        (
            "Buongiorno {nome}, per la carta d’identità elettronica serve l’appuntamento: lo prende dalla pagina qui sotto. Porti "
            "la vecchia carta, una foto tessera e 22,21 euro. Il primo giorno libero è [giorno]."
        ),
        "Anagrafe",
        False,
        "carta-identita",
        90,
    ),
    (
        "Cambio di residenza",
        (
            "Buongiorno {nome}, il cambio di residenza si chiede dal sito dell’Anagrafe nazionale con SPID o CIE. Se preferisce, "
            "{sportello} la aspetta con un documento e il contratto della casa."
        ),
        "Anagrafe",
        False,
        "residenza",
        -10,
    ),
    (
        "TARI: scadenze",
        "Buongiorno {nome}, la prossima rata della TARI scade il [giorno]. Se l’avviso non è arrivato, ce lo dica: glielo rimandiamo.",
        "Tributi",
        False,
        "tari",
        60,
    ),
    (
        "Mensa scolastica",
        (
            "Buongiorno {nome}, iscrizione e pagamento della mensa si fanno dal portale della scuola. Oggi, {oggi}, le iscrizioni sono "
            "aperte."
        ),
        "Scuola",
        False,
        "mensa",
        30,
    ),
    (
        "Auto rimossa",
        (
            "Buongiorno {nome}, l’auto rimossa si ritira al deposito di via di Esempio 9, dalle 8 alle 20, con patente e libretto. "
            "{operatore}"
        ),
        "Viabilità",
        True,
        "rimozioni",
        0,
    ),
    ("Grazie e saluti", "Grazie a lei {nome}, buona giornata. {operatore}, {ente}", "", False, "", 0),
)

_DIRECTORY: tuple[tuple[str, dict[str, str]], ...] = (
    (
        DirectoryEntry.Kind.OFFICE,
        {
            "name": "Anagrafe",
            "place": "Piazza di Esempio 1, piano terra",
            "hours": "lun–ven 8:30–12:30, giovedì anche 15–18",
            "phone": "055 000 0001",
            "mail": "anagrafe@comune.example.it",
            "link": f"{_SITE}/anagrafe",
            "topic": "Anagrafe",
        },
    ),
    (
        DirectoryEntry.Kind.OFFICE,
        {
            "name": "Tributi",
            "place": "Via di Esempio 4, primo piano",
            "hours": "martedì e giovedì 9–13",
            "phone": "055 000 0002",
            "mail": "tributi@comune.example.it",
            "link": f"{_SITE}/tributi",
            "topic": "Tributi",
        },
    ),
    (
        DirectoryEntry.Kind.SERVICE,
        {
            "name": "Scuolabus",
            "hours": "iscrizioni dal 1° giugno al 31 luglio",
            "link": f"{_SITE}/scuolabus",
            "topic": "Scuola",
            "note": "La tessera arriva per posta entro l’inizio della scuola.",
        },
    ),
    (
        DirectoryEntry.Kind.OFFICE,
        {
            "name": "Biblioteca comunale",
            "place": "Largo di Esempio 2",
            "hours": "lun–sab 9–19",
            "phone": "055 000 0003",
            "link": f"{_SITE}/biblioteca",
            "topic": "Eventi",
        },
    ),
    (
        DirectoryEntry.Kind.FORM,
        {
            "name": "Modulo di occupazione del suolo pubblico",
            "link": f"{_SITE}/moduli/suolo-pubblico",
            "topic": "Viabilità",
            "note": "Si consegna almeno 15 giorni prima, con una marca da bollo da 16 euro.",
        },
    ),
)
