# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is wrong on the road out: the outbox after a restore, the senders, their queues, their receipts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _, ngettext

from arengo.core.clean_text import isolated
from arengo.core.console.conditions import Snapshot
from arengo.core.console.troubles import Kind, Link, Trouble
from arengo.core.machine import Machine
from arengo.core.time_words import in_words
from arengo.delivery.condition.sections import Senders
from arengo.delivery.senders.status import SenderStatus
from arengo.delivery.sending.refusal_words import why_stopped
from arengo.delivery.timeline.deciding import Outlook, Undecided
from arengo.platforms.registry import platform

_UNOWNED = timedelta(seconds=30)  # a queue waits for an owner; another worker takes over within seconds
_STILL = timedelta(minutes=2)  # a queue of which nothing leaves
_LATE = 60  # seconds: receipts
_SLOW = 0.5  # of the rate that the platform grants
_UNANSWERED = 20  # messages accepted a minute ago or more, and no receipt for a quarter of an hour
_MOVED = timedelta(days=1)  # for so long it is said that another server of the database took over

OF_TIMELINE = (Kind("outbox_withheld"), Kind("database_moved", person=False))
OF_SENDERS = (
    Kind("sender_stopped"),
    Kind("sender_unowned"),  # once somebody waits
    Kind("queue_still"),
    Kind("sender_slowed", person=False),
    Kind("receipts_missing"),
    Kind("receipts_late", person=False),
)


def of_timeline(snapshot: Snapshot) -> Iterator[Trouble]:
    outlook = snapshot.of(Outlook)
    if outlook.undecided is not None:
        yield _withheld(outlook.undecided)
    if outlook.moved_at is not None and snapshot.at - outlook.moved_at < _MOVED:
        when = date_format(timezone.localtime(outlook.moved_at), "j F, H:i").lower()
        moved = Trouble(
            "database_moved",
            _("La banca dati lavora da un altro posto dal %(when)s") % {"when": when},
            _(
                "Una replica ha preso il posto del server, o la banca dati è stata spostata. Per quanto si vede non manca nulla: "
                "gli invii proseguono. Se la replica era in ritardo, le ricevute lo diranno."
            ),
            person=False,
        )
        yield moved


def _withheld(undecided: Undecided) -> Trouble:
    timeline, count = undecided.timeline, undecided.messages
    waiting = ngettext(
        "%(count)d messaggio che era in coda aspetta: forse è già partito.",
        "%(count)d messaggi che erano in coda aspettano: forse sono già partiti.",
        count,
    ) % {"count": count}
    since = _("La banca dati è tornata a un momento precedente")
    if timeline.lost_from:
        when = date_format(timezone.localtime(timeline.lost_from), "j F Y, H:i").lower()
        since = _("La banca dati è tornata a com’era il %(when)s") % {"when": when}
    remedy = _("%(waiting)s Un amministratore decide in Impostazioni → Dopo un ripristino.")
    nothing = _("Nulla era in coda. Un amministratore lo conferma in Impostazioni → Dopo un ripristino.")
    return Trouble(
        "outbox_withheld",
        since,
        remedy % {"waiting": waiting} if count else nothing,
        link=Link(_("Guarda e decidi"), "settings:withheld"),
    )


def of_senders(snapshot: Snapshot) -> Iterator[Trouble]:
    for sender in snapshot.of(Senders).all:
        if not sender.active:
            yield _stopped(sender)
            continue
        yield from _of_queue(snapshot, sender)
        if sender.pace is not None and sender.pace < sender.rate * _SLOW:
            pace = {"pace": round(sender.pace), "rate": sender.rate}
            yield Trouble(
                "sender_slowed",
                _("«%(name)s» invia più lentamente: %(platform)s lo ha chiesto")
                % {"name": isolated(sender.name), "platform": platform(sender.platform).words.name},
                _("%(pace)d messaggi al secondo invece di %(rate)d. Il ritmo risale da sé.") % pace,
                person=False,
                sender_id=sender.id,
            )
        name = {"name": isolated(sender.name), "platform": platform(sender.platform).words.name}
        none_came = sender.tells_receipts and not sender.receipts.quarter
        if none_came and sender.accepted.quarter - sender.accepted.minute >= _UNANSWERED:
            yield Trouble(
                "receipts_missing",
                _("Non arrivano ricevute per «%(name)s»") % name,
                _(
                    "%(platform)s accetta i messaggi ma non dice se vengono consegnati. Controllare che il webhook sia collegato: "
                    "Impostazioni → Mittenti → «Collega il webhook». Se lo è, controllare che l’account abbia un metodo di pagamento: "
                    "senza, i messaggi sono accettati e non arrivano."
                )
                % name,
                sender_id=sender.id,
                link=_page_of(sender),
            )
        elif sender.lag is not None and sender.lag > _LATE:
            yield Trouble(
                "receipts_late",
                _("Le ricevute di «%(name)s» arrivano in ritardo") % name,
                _(
                    "I conteggi di consegnati e letti sono indietro; gli invii non ne risentono. Si rimettono in pari da sé."
                ),
                person=False,
                sender_id=sender.id,
            )


def _stopped(sender: SenderStatus) -> Trouble:
    why = why_stopped(sender.platform, sender.stop_code, sender.stop_reason)
    after = _("Ciò che è in coda aspetta. Risolto il motivo, riattivarlo in Impostazioni → Mittenti.")
    return Trouble(
        "sender_stopped",
        _("Il mittente «%(name)s» è fermo") % {"name": isolated(sender.name)},
        " ".join(part for part in (why, after) if part),
        sender_id=sender.id,
        link=_page_of(sender),
    )


def _page_of(sender: SenderStatus) -> Link:
    return Link(_("Apri il mittente"), "settings:sender", (sender.id,))


def _of_queue(snapshot: Snapshot, sender: SenderStatus) -> Iterator[Trouble]:
    if not snapshot.of(Machine).alive("worker"):
        return  # said already
    waits = sender.queue.waiting_for(snapshot.at)
    values = {"name": isolated(sender.name), "age": in_words(waits)}
    if sender.owner is None:
        yield Trouble(
            "sender_unowned",
            _("Nessun processo invia per «%(name)s»") % values,
            _(
                "Di solito un processo lo prende in pochi secondi. Se dura, il registro del processo «worker» dice perché: "
                "per esempio le chiavi (ARENGO_VAULT_KEYS) non aprono le credenziali del mittente."
            ),
            person=waits > _UNOWNED,
            sender_id=sender.id,
        )
    elif waits > _STILL and not sender.accepted.minute:
        yield Trouble(
            "queue_still",
            _("Da «%(name)s» non parte nulla da %(age)s") % values,
            _(
                "I messaggi aspettano e nessuno va perso. «arengo doctor» dice se il fornitore risponde e che cosa rifiuta."
            ),
            sender_id=sender.id,
        )
