# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A citizen has the link to their page: because they write «i miei dati», or because an administrator sends it.

One of the closed list of automatic messages (``core/automatic.py``). The conversation shows that it was sent, never the
address: who opens that page acts as the citizen.
"""

from __future__ import annotations

from itertools import product

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _, gettext_lazy, ngettext

from arengo.audience import choices, spoken
from arengo.audience.choices import ChoicePressed, Handled
from arengo.audience.models import Identity, Subscription
from arengo.audience.personal import links
from arengo.core import attempts, audit, automatic
from arengo.core.automatic import Kind, some_a_day
from arengo.core.ceilings import Ceiling
from arengo.core.events import Batch
from arengo.core.governor import Verdict
from arengo.core.models import Organization, Person
from arengo.delivery.models import Sender
from arengo.delivery.sending import answering
from arengo.delivery.sending.answering import Answer
from arengo.platforms.contract import Text
from arengo.platforms.registry import platform

PREFIX = "my-page"
KIND = "audience.personal_link"
_AN_HOUR, _A_DAY = some_a_day(KIND, times=3, a_day=8, minutes=60)
# The same numbers as the governor's: beyond them no link is made that would end the one that was sent.
_LINKS_AN_HOUR = Ceiling("personal links", _AN_HOUR.times, _AN_HOUR.within)
_LINKS_A_DAY = Ceiling("personal links a day", _A_DAY.times, _A_DAY.within)

_THINGS = (
    *("i miei dati", "miei dati", "i miei dati personali", "miei dati personali"),
    *("la mia pagina", "mia pagina", "la mia pagina personale", "mia pagina personale", "pagina personale"),
    *("il link alla mia pagina", "il link della mia pagina", "il collegamento alla mia pagina"),
)
_ASKING = (
    *("", "vedere", "vedi", "vorrei", "voglio", "chiedo", "richiedo", "apri", "dammi", "datemi"),
    *(
        "mostrami",
        "mostratemi",
        "mandami",
        "mandatemi",
        "inviami",
        "inviatemi",
        "fammi vedere",
        "fatemi vedere",
    ),
    *("vorrei vedere", "voglio vedere", "vorrei avere", "voglio avere", "chiedo di vedere", "posso vedere"),
    *("vorrei scaricare", "voglio scaricare", "scaricare", "vorrei aprire", "voglio aprire"),
)
PHRASES = (
    *(f"{asking} {thing}" for asking, thing in product(_ASKING, _THINGS)),
    *("le mie preferenze", "gestisci iscrizione", "gestisci la mia iscrizione", "la mia iscrizione"),
    *("my data", "my page"),
)


def register() -> None:
    automatic.register(
        Kind(
            KIND,
            gettext_lazy("Pagina personale"),
            gettext_lazy(
                "A chi scrive «i miei dati» o «la mia pagina»: il collegamento alla sua pagina, che vale 30 minuti."
            ),
            "settings:list",
            (_AN_HOUR, _A_DAY),
        )
    )
    choices.register(PREFIX, asked)
    spoken.register(PREFIX, PHRASES)


def asked(batch: Batch[ChoicePressed]) -> Handled:
    """The link to each who asked, once a message. Where the organization does not send it, a person answers.

    Writes the links. Some six queries, and three for each person.
    """
    events = {event.message.message_id: event for event in batch.events}
    if KIND not in automatic.switched_on():
        return Handled(for_people=set(events))
    organization = Organization.objects.get(pk=batch.organization_id)
    once = {event.identity.pk: event for event in events.values()}  # of several at once the last
    admitted = _admitted([event.identity for event in once.values()])
    replies = []
    for event in once.values():
        if not admitted[event.identity.pk]:
            with translation.override(organization.language):
                later = _(
                    "Hai già chiesto la tua pagina più volte. Apri l’ultimo collegamento, o riprova più tardi."
                )
            replies.append(event.reply(KIND, later))
            continue
        address = links.make(event.identity, batch.sender_id, organization)
        text = _text(organization, address)
        replies.append(event.reply(KIND, text, shown_as=_text(organization, _("(il collegamento)"))))
    return Handled(replies)


def _admitted(people: list[Identity]) -> dict[int, bool]:
    whom = [f"identity:{person.pk}" for person in people]
    an_hour = attempts.allowed_of([(_LINKS_AN_HOUR, one) for one in whom])
    a_day = attempts.allowed_of([(_LINKS_A_DAY, one) for one in whom])
    return {person.pk: all(each) for person, *each in zip(people, an_hour, a_day, strict=True)}


def _text(organization: Organization, address: str) -> str:
    minutes = links.VALID.seconds // 60
    with translation.override(organization.language):
        words = ngettext(
            "Questa è la tua pagina: che cosa sappiamo di te, che cosa ricevi, i tuoi diritti.\n\n%(address)s\n\n"
            "Vale %(minutes)d minuto e si apre una volta sola. Non inoltrarla: chi la apre vede i tuoi dati.",
            "Questa è la tua pagina: che cosa sappiamo di te, che cosa ricevi, i tuoi diritti.\n\n%(address)s\n\n"
            "Vale %(minutes)d minuti e si apre una volta sola. Non inoltrarla: chi la apre vede i tuoi dati.",
            minutes,
        )
        return words % {"address": address, "minutes": minutes}


class NotSent(Exception):
    """Why the message does not leave, in the user's language."""


@transaction.atomic
def send(identity: Identity, *, by: Person) -> None:
    """An administrator sends the link to this citizen's chat; recorded in the log. NotSent says why not."""
    sender = sender_for(identity)
    organization = Organization.objects.get(pk=identity.organization_id)
    if not _admitted([identity])[identity.pk]:
        raise NotSent(_("Ha già avuto più collegamenti nell’ultima ora o nell’ultimo giorno: usi l’ultimo."))
    send_text(
        identity, sender, KIND, _text(organization, links.make(identity, sender.pk, organization, by=by))
    )
    audit.record("audience.sent_page", organization=organization, by=by, on=identity.contact)


def sender_for(identity: Identity) -> Sender:
    """The number through which this citizen may be written to freely now. NotSent says why there is none."""
    window = platform(identity.platform).can.window
    wrote = identity.last_wrote_at
    if window is not None and (wrote is None or wrote + window <= timezone.now()):
        raise NotSent(
            _(
                "Non scrive da troppo tempo, e %(platform)s non lascia più scrivere liberamente: "
                "chiedile di mandare un messaggio, poi riprova."
            )
            % {"platform": identity.words.name}
        )
    senders = Sender.objects.filter(platform=identity.platform, state=Sender.State.ACTIVE)
    own = Subscription.objects.filter(identity=identity).values_list("sender_id", flat=True).first()
    found: Sender | None = senders.filter(pk=own).first() or senders.order_by("pk").first()
    if found is None:
        raise NotSent(_("Non c’è un mittente attivo da cui scriverle."))
    return found


def send_text(identity: Identity, sender: Sender, kind: str, text: str) -> None:
    """Through the governor, in the caller's transaction. No conversation shows it: it holds a secret of the citizen's. NotSent."""
    answer = Answer(kind, f"contact:{identity.contact_id}", identity.address, Text(text), topic="")
    [sent] = answering.send(sender, [answer])
    if sent.problems:
        raise NotSent(" ".join(sent.problems))
    if sent.verdict is Verdict.OFF:
        raise NotSent(
            _(
                "Questo messaggio è spento: un amministratore lo accende in Impostazioni, Risposte automatiche."
            )
        )
    if sent.verdict is not Verdict.SEND:
        raise NotSent(_("Sono già partiti troppi messaggi automatici: riprova più tardi."))
