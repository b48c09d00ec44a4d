# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a town holds after some bad days: edits, moves, doubts, second tries, a second responder, an erasure, a restore.

Through the roads where they lead there within one transaction (``conftest.py``); what only a worker's own connection or
the passing of days leaves behind is written as it leaves it.
"""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from arengo.accounts.models import FailureCount
from arengo.audience import privacy
from arengo.audience.models import Contact, Identity, phone_hash
from arengo.core.models import Organization, Person
from arengo.core.scope import organization_scope
from arengo.core.vault import vault
from arengo.delivery.limits import tier
from arengo.delivery.models import Budget, Charge, Delivery, DeliveryState, Sender
from arengo.delivery.queue import outbox
from arengo.delivery.sending import doubts, follow_ups
from arengo.delivery.timeline import beginning, deciding
from arengo.delivery.timeline.models import Cause
from arengo.desk.absences.models import Absence, Freed
from arengo.desk.asking import verbs as asking
from arengo.desk.blocks.models import Block, BlockSettings, Evidence, Reprimand
from arengo.desk.follow_ups import verbs as putting_off
from arengo.desk.front.models import FrontPage
from arengo.desk.hours import models as hours
from arengo.desk.labels import verbs as labels
from arengo.desk.labels.models import Label
from arengo.desk.lists.models import Promise, SavedView
from arengo.desk.mistakes.models import Mistake
from arengo.desk.models import Attachment, Conversation, Desk, Message
from arengo.desk.notes import verbs as notes
from arengo.desk.offices import verbs as offices
from arengo.desk.protocol import verbs as protocol
from arengo.desk.redirects.models import Redirect, Redirected, RedirectSettings
from arengo.desk.returning.models import ReturnRule
from arengo.desk.uploads import drafts, verbs as uploads
from arengo.insights import keeping
from arengo.insights.models import OperatorAgreement, OperatorDay
from arengo.insights.values import Work, written
from arengo.intake.models import Gap, Silence
from arengo.platforms.contract import Address, Text
from tests.factories.delivery import accepted_as, decide, lose, mailing, reach
from tests.factories.intake import journal, read_all as read_journal
from tests.factories.pictures import picture
from tests.factories.webhooks import webhook

BRUNO, CARLA = "393330000002", "393330000003"  # Bruno changes his number and stays, Carla is erased


def arrive(sender: Sender, field: str, **value: Any) -> None:
    """A webhook of one value, stored and read."""
    journal(sender, webhook(field, **value))
    read_all()


def read_all() -> None:
    """All that waits. The reader bounds how long its own transaction may stand still; here that is the town's, and goes on."""
    read_journal()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")


def _said(who: str, number: int, kind: str, content: Any, **more: Any) -> dict[str, Any]:
    return {
        "from": who,
        "id": f"wamid.more.{number}",
        "timestamp": str(int(time.time()) + number),
        "type": kind,
        kind: content,
        **more,
    }


def of_spending(sender: Sender) -> None:
    """What the answers of a day cost, and how much a month may cost."""
    Charge.objects.create(sender=sender, day=timezone.localdate(), category="service", billable=True, count=3)
    Budget.objects.create(amount=600)


def of_hours(person: Person) -> None:
    """One row of each kind that says when the desk is open."""
    desk, today = Desk.objects.get(), timezone.localdate()
    hours.Timetable.objects.create(desk=desk, patron_month=5, patron_day=4, patron_name="San Ciriaco")
    winter = hours.Season.objects.create(
        desk=desk, name="Natale", first_month=12, first_day=20, last_month=1, last_day=6
    )
    hours.Interval.objects.create(desk=desk, weekday=0, opens=540, closes=780)
    hours.Interval.objects.create(desk=desk, season=winter, weekday=0, opens=600, closes=720)
    hours.Closure.objects.create(
        desk=desk, first_day=today, last_day=today, reason="Trasloco", decided_by=person
    )
    hours.ExtraOpening.objects.create(
        desk=desk, day=today, opens=540, closes=720, reason="Sagra", decided_by=person
    )
    now = timezone.now()
    FrontPage.objects.create(
        topics=["Anagrafe: residenza"], not_here=["Buche: altrove"], trial_until=today + timedelta(days=30)
    )
    hours.OutOfHoursWords.objects.create(text="Siamo chiusi, riapriamo {riapertura}.")
    hours.OutOfHoursNotice.objects.create(desk=desk, contact=Contact.objects.first(), closed_since=now)
    hours.EmergencyOpening.objects.create(
        desk=desk, starts_at=now, until=now + timedelta(hours=3), reason="Allerta", opened_by=person
    )


def of_citizens(sender: Sender, operator: Person) -> None:
    """People who edit, delete, react too early, move, send what cannot be fetched, talk to somebody else, and are erased."""
    tier.set_limit(sender, 1_000)
    arrive(
        sender,
        "messages",
        contacts=[{"profile": {"name": "Bruno Esempio"}, "wa_id": BRUNO}],
        messages=[
            _said(BRUNO, 1, "text", {"body": "ISCRIVIMI"}),
            _said(BRUNO, 2, "text", {"body": "Quando apre?"}),
            _said(
                BRUNO,
                3,
                "edit",
                {"original_message_id": "wamid.more.2", "message": {"text": {"body": "E oggi?"}}},
            ),
            _said(
                BRUNO, 4, "edit", {"original_message_id": "wamid.later", "message": {"text": {"body": "Poi"}}}
            ),
            _said(BRUNO, 5, "reaction", {"message_id": "wamid.early", "emoji": "👍"}),
            _said(BRUNO, 6, "text", {"body": "Citato"}, context={"id": "wamid.early"}),
            _said(
                BRUNO,
                7,
                "document",
                {"id": "media-9", "filename": "atto.pdf", "mime_type": "application/pdf"},
            ),
        ],
    )
    arrive(
        sender,
        "messages",
        messages=[
            _said(BRUNO, 8, "system", {"type": "user_changed_number", "body": "…", "wa_id": "393330000004"})
        ],
    )
    Attachment.objects.filter(message__platform_message_hash=vault().message_hash("wamid.more.7")).update(
        state=Attachment.State.FAILED
    )
    handover = {"timestamp": str(int(time.time())), "wa_id": CARLA}
    arrive(sender, "messages", messages=[_said(CARLA, 9, "text", {"body": "Sono Carla"})])
    arrive(sender, "messaging_handovers", messaging_handovers=[{"type": "control_taken", **handover}])
    arrive(sender, "standby", messages=[_said(CARLA, 10, "text", {"body": "Anche qui"})])
    carla = Identity.objects.get(phone_hash=phone_hash("whatsapp", f"+{CARLA}"))
    arrive(sender, "messages", messages=[_said("393330000005", 11, "text", {"body": "Resto io"})])
    arrive(
        sender,
        "messaging_handovers",
        messaging_handovers=[{"type": "control_taken", **handover, "wa_id": "393330000005"}],
    )
    privacy.erase(carla.contact, by=operator)
    now = timezone.now()
    Gap.objects.get_or_create(
        sender_id=sender.pk,
        hour=now.replace(minute=0, second=0, microsecond=0),
        minutes=5,
        defaults={"count": 3},
    )
    Silence.objects.create(sender_id=sender.pk, since=now, usual_minutes=120, answer=Silence.Answer.HERE)
    FailureCount.objects.create(person=operator, hour=now.replace(minute=0, second=0, microsecond=0), count=2)


def of_desk(operator: Person, colleague: Person) -> None:
    """Labels, notes, a follow-up, an absence, a registered conversation, a question to an office, on the oldest open conversation."""
    organization_id = operator.memberships.get().organization_id
    conversation = Conversation.objects.filter(state="open").earliest("pk")
    label = Label.objects.create(name="Anagrafe")
    labels.put_on(conversation, label, by=operator)
    notes.write(conversation, text=f"@{colleague} manca la firma", by=operator)
    notes.write(conversation, text="Referente dei genitori", by=operator, on_person=True)
    tomorrow = timezone.localdate() + timedelta(days=1)
    putting_off.put_off(conversation, day=tomorrow, to=operator, by=operator)
    ReturnRule.objects.create(days=3)
    Absence.objects.create(
        person=operator, first=tomorrow + timedelta(days=30), last=tomorrow + timedelta(days=31), by=operator
    )
    Freed.objects.create(conversation=conversation, person=colleague)
    protocol.note(conversation, number="12/2026", day=timezone.localdate(), by=operator)
    offices.ask(
        Organization.objects.get(pk=organization_id),
        conversation,
        office="Tributi",
        email="tributi@esempio.test",
        text="È pagata?",
        by=operator,
    )


def of_house_rules(operator: Person, administrator: Person) -> None:
    """A citizen who was warned and blocked, a redirect that was sent, a message received by mistake; a promise, a view of one's own."""
    conversation = Conversation.objects.latest("pk")
    message = conversation.messages.earliest("pk")
    BlockSettings.objects.create(objection="PEC protocollo@esempio.test", other_ways="telefono 071 000 000")
    about = {
        "contact_id": conversation.contact_id,
        "conversation": conversation,
        "rule": "Niente offese",
        "quote": "Non sono ammessi insulti.",
        "by": operator,
    }
    warning = Reprimand.objects.create(**about, message=message, key="k1")
    now = timezone.now()
    block = Block.objects.create(
        **about, reason="Continua a offendere.", begins_at=now, ends_at=now + timedelta(days=30)
    )
    for held in ({"reprimand": warning}, {"block": block}):
        Evidence.objects.create(**held, message=message, kind="text", text="Offese", sent_at=now)
    RedirectSettings.objects.create(link="https://segnala.comune.example.it/")
    redirect = Redirect.objects.create(name="Buche", text="Si segnala qui: {link}")
    Redirected.objects.create(redirect=redirect, conversation=conversation, by=operator)
    Mistake.objects.create(message=message, by=operator)
    Promise.objects.create(minutes=60)
    SavedView.objects.create(person=administrator, name="Anagrafe", query="?lista=libere")


def of_figures(organization: Organization, operator: Person, administrator: Person) -> None:
    """By operator switched on by its agreement; yesterday counted, with what the operator did."""
    yesterday = timezone.localdate() - timedelta(days=1)
    OperatorAgreement.objects.create(agreed_on=yesterday, reference="RSU, prot. 12", by=administrator)
    keeping.keep_day(organization, yesterday)
    OperatorDay.objects.create(
        desk=Desk.objects.get(), person=operator, day=yesterday, content=written(Work(sent=2, first=[5]))
    )


def of_deliveries(sender: Sender, operator: Person, administrator: Person) -> None:
    """One delivery accepted, one unknown, one unknown and sent again, one that goes a day later, one that waits; an alert that waits."""
    people = [Address(phone=f"+3933300001{number:02d}") for number in range(5)]
    fanout = mailing(sender, people, topic="update:9")
    accepted, unknown, again, tomorrow, _waits = (
        Delivery.objects.filter(pk=pk) for pk in fanout.deliveries.order_by("pk").values_list("pk", flat=True)
    )
    decide(accepted, DeliveryState.ACCEPTED)
    accepted_as(accepted, "wamid.out.1")
    lose(unknown | again)
    one = again.get()
    outbox.retry_unknown(
        fanout,
        mark=doubts.mark_of(timezone.now() + timedelta(days=1)),
        only_not_sent=False,
        among=[bytes(one.address_hash)],
    )
    decide(tomorrow, DeliveryState.FAILED, code=131049)
    follow_ups.try_again_next_day(sender.pk, list(tomorrow.values_list("pk", flat=True)))
    reach(sender, [bytes(one.address_hash)], timedelta(0))
    first = Message.objects.filter(direction="in", conversation__state="open").earliest("pk")
    drafts.keep(first.conversation, by=administrator, text="Parole non inviate", key="draft")
    photo = picture((300, 200))
    upload = uploads.begin(
        first.conversation, by=administrator, name="foto.jpg", size=len(photo), head=photo[:1024], stamp="1"
    )
    uploads.append(upload, offset=0, piece=photo)
    asking.ask(
        first.conversation,
        kind="buttons",
        text="È residente?",
        options=[("Sì", "")],
        by=operator,
        key="asked",
    )
    outbox.enqueue(
        sender,
        first.conversation.identity.address,
        Text("Risposta in coda"),
        topic=f"conversation:{first.conversation_id}",
    )


def taken_back(towns: list[tuple[Organization, Person]]) -> None:
    """The database is older than it was: what waits is withheld, and in each town somebody has read so."""
    beginning.begin(Cause.INSTALLED)
    beginning.begin(Cause.RESTORE)
    beginning.withhold()
    for organization, person in towns:
        with organization_scope(organization):
            deciding.read(organization.pk, by=person)
