# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Real traffic over both roads, so that every statement of theirs is sent once at least.

Each function is one kind of traffic. A verb that is added to the roads gets its line here: ``test_plans`` says so where a
file of ``delivery/sql`` was never used.
"""

from __future__ import annotations

import secrets
from copy import copy
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from asgiref.sync import async_to_sync
from django.db import transaction
from django.utils import timezone

from arengo.audience import privacy
from arengo.audience.models import Contact, Identity, Quarter, Topic
from arengo.audience.recipients import Purpose, Recipients
from arengo.core import automatic
from arengo.core.models import Membership, Organization, Person
from arengo.core.prepared import prepared
from arengo.core.process_metrics import MetricsSnapshot
from arengo.delivery import retention
from arengo.delivery.limits import tier
from arengo.delivery.models import (
    Delivery,
    DeliveryState,
    Fanout,
    Outbox,
    OutboxState,
    Sender,
    Urgency,
)
from arengo.delivery.queue import outbox
from arengo.delivery.queue.claimed import OwnedSender
from arengo.delivery.queue.claims import Claims
from arengo.delivery.queue.ownership import Owner
from arengo.delivery.senders import status
from arengo.delivery.sending.follow_ups import FollowUps
from arengo.delivery.sending.moves import Move
from arengo.delivery.sending.results import Requeue, Results
from arengo.delivery.spending import budgets
from arengo.delivery.spending.allowance import allowances
from arengo.delivery.spending.silence import silences
from arengo.desk import around, handling, inbox, references, reopening, replying, transfers
from arengo.desk.condition.sections import unscanned
from arengo.desk.condition.troubles import when as files_wait
from arengo.desk.desks import desk_for, desks_of, seen_by
from arengo.desk.follow_ups import shown as follow_ups, verbs as mornings
from arengo.desk.hours import notice, verbs as hours_verbs
from arengo.desk.hours.exceptions import decisions_on, different_days
from arengo.desk.hours.reading import desk_hours, schedule_of
from arengo.desk.hours.timetable import Interval
from arengo.desk.labels import shown as labels
from arengo.desk.lists import listing, queries
from arengo.desk.lists.screens import Own
from arengo.desk.lists.waiting import clock
from arengo.desk.marks import with_marks
from arengo.desk.models import Conversation, Desk, Message
from arengo.desk.reopening_template import REOPEN
from arengo.desk.search import finding, query
from arengo.desk.search.finding import Filters
from arengo.insights import sources
from arengo.intake import reader, retention as journal_retention, rows, scrubbing, status as journal_status
from arengo.platforms.contract import Address, Remedy, Text
from tests.factories.delivery import accepted_as, keep_template, mailing
from tests.factories.intake import journal, read_all
from tests.factories.webhooks import wamid
from tests.plans import list_roads
from tests.plans.bad_days import bursting, doubting, restored, storing
from tests.security import erasure_traffic as traffic
from tests.security.erasure_traffic import Citizen, arrive, every_kind

_EPOCH = 1


def everything(organization: Organization, sender: Sender, olga: Person) -> None:
    citizens = [Citizen(sender) for _ in range(2)]
    for each in citizens:
        every_kind(each, olga)
    list_roads.the_topics(organization, citizens[1], olga)
    early_and_about_updates(citizens[0])
    strange_receipts(citizens[0])
    broken(sender)
    storing(sender)
    tier.set_limit(sender, 20)
    sending(sender)
    the_desk(citizens[0], olga)
    out_of_hours(citizens[1], organization, olga)
    sources.read_counts(organization, timezone.localdate())
    bursting(sender)
    doubting(sender)
    looking(organization, sender)
    list_roads.missing(organization, sender, olga)
    list_roads.the_people(organization)
    list_roads.proving(organization)
    list_roads.the_links(citizens[0], citizens[1], olga)
    list_roads.asking_again(organization, sender, olga)
    list_roads.asked_twice(organization, sender)
    list_roads.polls(organization, sender, olga)
    restored(organization, sender, citizens[0], olga)
    traffic.change_number(citizens[0])
    traffic.change_user_id(citizens[1], f"IT.{secrets.token_hex(6)}")
    citizens[1].text("CANCELLAMI")
    forgetting(citizens[0], olga)


def out_of_hours(citizen: Citizen, organization: Organization, olga: Person) -> None:
    """Somebody writes to a desk that opens in two days, and is told so; what the console's header and the settings ask."""
    desk = Desk.objects.get(pk=desk_for(organization.pk, citizen.sender.pk))
    weekday = (timezone.localdate() + timedelta(days=2)).weekday()
    hours_verbs.write_week(desk, None, [Interval(weekday, 540, 780)], by=olga)
    automatic.switch([notice.KIND], on=True)
    citizen.text("Quando aprite?")
    desk_hours()
    different_days(desk, schedule_of(desk.pk), timezone.localdate().year)
    decisions_on(desk, timezone.localdate())
    until = timezone.now() + timedelta(hours=2)
    opening = hours_verbs.open_in_emergency(desk, reason="Allerta", until=until, by=olga)
    hours_verbs.end_emergency(opening, by=olga)


def _mailed(citizen: Citizen) -> Delivery:
    fanout = mailing(citizen.sender, [Address(phone=citizen.phone)], topic="update:2")
    found: Delivery = fanout.deliveries.get()
    return found


def early_and_about_updates(citizen: Citizen) -> None:
    citizen.text("Prima", context={"id": wamid(citizen.phone)})
    citizen.says("reaction", {"message_id": wamid(citizen.phone), "emoji": "👍"})
    update = _mailed(citizen)
    traffic.accepted(update, citizen.phone)
    citizen.text("A che ora?", context={"id": traffic.given(update)})
    citizen.says("reaction", {"message_id": traffic.given(update), "emoji": "❤️"})
    late = citizen.says("text", {"body": "Dopo"}, context={"id": (early := wamid(citizen.phone))})
    citizen.says("reaction", {"message_id": late, "emoji": "❤️"})
    Message.objects.filter(quoted_hash__isnull=False).update(received_at=timezone.now())
    arrive(
        citizen.sender,
        contacts=[{"profile": {"name": citizen.name}, "wa_id": citizen.wa_id}],
        messages=[
            {
                "from": citizen.wa_id,
                "id": early,
                "timestamp": "1780000000",
                "type": "text",
                "text": {"body": "Ecco"},
            }
        ],
    )
    update, sent_as = _mailed(citizen), wamid(citizen.phone)
    citizen.text("E domani?", context={"id": sent_as})
    accepted_as(Delivery.objects.filter(pk=update.pk), sent_as)
    references.bind_waiting(within=references.WAIT)
    references.forget_waiting()


def strange_receipts(citizen: Citizen) -> None:
    """Without our id, with another's, of two copies, refused for the day."""
    update = _mailed(citizen)
    traffic.accepted(update, citizen.phone)
    named = traffic.given(update)
    for status_ in (
        {"id": named, "biz_opaque_callback_data": None},
        {"id": wamid(citizen.phone)},
        {"id": named, "biz_opaque_callback_data": "84 "},
    ):
        arrive(citizen.sender, statuses=[citizen.receipt(update, "delivered", **status_)])
    today = {"code": 131049, "title": "Not today"}
    again = _mailed(citizen)
    traffic.accepted(again, citizen.phone)
    for _ in range(2):
        arrive(citizen.sender, statuses=[citizen.receipt(again, "failed", errors=[today])])
    twice = _mailed(citizen)
    Delivery.objects.filter(pk=twice.pk).update(state=DeliveryState.UNKNOWN)
    Outbox.objects.filter(delivery=twice).delete()
    outbox.retry(Delivery.objects.get(pk=twice.pk))
    traffic.accepted(twice, citizen.phone)
    arrive(citizen.sender, statuses=[citizen.receipt(twice, "read", id=wamid(citizen.phone))])
    stop = {"code": 131042, "title": "Payment"}
    arrive(citizen.sender, statuses=[citizen.receipt(twice, "failed", errors=[stop])])
    Sender.objects.filter(pk=citizen.sender.pk).update(state=Sender.State.ACTIVE)


def broken(sender: Sender) -> None:
    row = journal(sender)
    read_all()
    reader.replay(row.pk)
    with transaction.atomic():
        [again] = rows.take(1)
    reader._read_alone(again, ValueError("a bug of ours"))


def sending(sender: Sender) -> None:
    """The owner's statements, one by one, on a queue of every kind."""
    Outbox.objects.filter(state=OutboxState.READY).update(claim_epoch=None)
    people = [Address(phone=f"+3932200{n:05d}") for n in range(300)]
    fanout = mailing(sender, people, topic="update:9")
    outbox.enqueue(sender, Address(phone="+393220000001"), Text("Allerta"), urgency=Urgency.ALERT)
    Sender.objects.filter(pk=sender.pk).update(epoch=_EPOCH)
    async_to_sync(_owned)(sender)
    async_to_sync(_spread)()
    outbox.retry_failed(fanout)
    outbox.retry_failed(fanout, codes=[131026], among=[b"x" * 32])
    outbox.retry_failed(fanout, among=_meant(sender).keys())
    outbox.retry_unknown(fanout, mark=0, only_not_sent=False, among=_meant(sender).keys())
    outbox.stop_fanout(fanout)


async def _owned(sender: Sender) -> None:
    owned = OwnedSender(
        sender.pk, sender.organization_id, "whatsapp", sender.credentials, 80, _EPOCH, sender.tier
    )
    claims = Claims(owned, lambda _pk, _kind: None)
    results = Results(sender.pk, sender.organization_id, _EPOCH)
    follow_ups = FollowUps(owned, results)
    free = Claims(
        OwnedSender(sender.pk, sender.organization_id, "whatsapp", sender.credentials, 80, _EPOCH),
        lambda _pk, _kind: None,
    )
    try:
        taken = await claims.take(100, Urgency.NEWS, afresh=True)
        taken += await free.take(200, Urgency.NEWS, afresh=False)
        now = datetime.now(UTC)
        for number, one in enumerate(taken):
            move = Move(one.id, state=int(DeliveryState.ACCEPTED), accepted_at=now)
            move.identify(f"wamid.plan.{one.id}", keep=one.single)
            failed = Move(one.id, failed_at=now, code=131026, reason="No")
            kinds = (move, failed, Move(one.id, state=int(DeliveryState.UNCERTAIN)), Requeue(one.id, now))
            results.add(kinds[number % 4])
            if number % 4 == 1:
                follow_ups.refused(one, Remedy.NEXT_DAY)
        await results.write()
        await follow_ups.tend()
        await follow_ups._forget()
        await free.unclaim([])
        await claims.settle()
    finally:
        for each in (claims, free, results):
            await each.close()


async def _spread() -> None:
    """Owners as workers run them: locks, takeover, and an end."""
    import asyncio

    owner = Owner()
    task = asyncio.create_task(owner.run())
    for _ in range(600):
        await asyncio.sleep(0.05)
        if owner.dispatchers:
            break
    await asyncio.sleep(0.3)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def the_desk(citizen: Citizen, olga: Person) -> None:
    waiting = Conversation.objects.filter(state="open").latest("pk")
    handling.mark_seen(waiting)
    handling.typing(waiting)
    replying.reply(waiting, by=olga, text="Sì", key=secrets.token_hex(4))
    theirs = Message.objects.filter(conversation=waiting, direction="in", erased_at=None).latest("pk")
    replying.react(theirs, by=olga, emoji="👍")
    the_lists(olga)
    thread = inbox.thread(waiting)
    inbox.thread(waiting, before=thread.messages[-1].pk)
    inbox.thread(waiting, since=thread.messages[0].pk)
    inbox.reactions(waiting, thread)
    inbox.history(waiting)
    inbox.others(waiting, Conversation.objects.all())
    the_page(waiting, olga)
    inbox.thread(waiting, around=thread.messages[0].pk)
    for order in finding.Order:
        finding.search(query.read("si esempio"), Filters(desks=(waiting.desk_id,)), order=order)
    finding.within(query.read("si"), Filters(desks=(waiting.desk_id,)), waiting)
    handling.close(waiting, by=olga)
    handling.reopen(waiting, by=olga)
    after_a_day(waiting, olga)
    citizen.text("Ancora io")


def the_page(waiting: Conversation, olga: Person) -> None:
    """What stands around the messages; earlier conversations as a later one with the same citizen shows them."""
    member = Membership.objects.get(person=olga)
    with prepared():  # as the page asks, so that their general plans are looked at too
        shown = with_marks(seen_by(member)).annotate(reacted=inbox.reacted()).get(pk=waiting.pk)
        inbox.thread(shown)
        inbox.history(shown)
        around.received(shown, shown.opened_at, None, member)
        labels.of(shown, may_change=True)
    later = copy(waiting)
    later.pk = waiting.pk + 1
    around.past(later, member, "")


def the_lists(olga: Person) -> None:
    """Each list in each of its orders, from its top and from a place far down; and how many there are."""
    member = Membership.objects.get(person=olga)
    desks = [desk.pk for desk in desks_of(member)]
    Own.of(olga, member)
    now = clock(desks, 60)
    tabs = [one for one in listing.listings() if one.is_tab]
    for which in listing.listings():
        for order in which.orders:
            asked = replace(listing.Asked().on(which), order=order)
            queries.page(asked, olga, desks, now)
            far = queries.Start(
                now.now - timedelta(days=200), 9, True if order is listing.Order.LONGEST else None
            )
            queries.page(asked, olga, desks, now, after=far, pages=3)
        queries.counts(listing.Asked().on(which), olga, desks, now, tabs)
    queries.counts(listing.Asked(operator=olga.pk), olga, desks, now, tabs)
    queries.waiting_count(member)
    seen, far_day = desks_of(member), timezone.localdate() + timedelta(days=200)
    follow_ups.lines(seen)
    follow_ups.lines(seen, after=f"{far_day:%Y-%m-%d}_9")
    mornings.bring_back()


def after_a_day(talk: Conversation, olga: Person) -> None:
    """The approved message, and the question whether it went lately."""
    Conversation.objects.filter(pk=talk.pk).update(citizen_wrote_at=timezone.now() - timedelta(hours=30))
    keep_template(talk.sender, REOPEN)
    talk.refresh_from_db()
    reopening.offer(talk)
    reopening.reopen(talk, by=olga, key=secrets.token_hex(4))


def looking(organization: Organization, sender: Sender) -> None:
    """What the pages about the roads ask every few seconds."""
    status.read()
    journal_status.read(MetricsSnapshot())
    unscanned()
    list(Organization.objects.filter(pk=organization.pk).values(files=files_wait()))
    transfers.take_up()
    meant = _meant(sender)
    meant.reach()
    list(meant.addresses())
    list(Recipients(sender.pk, Purpose.ALERT).addresses())
    tier.outlook(Sender.objects.get(pk=sender.pk), 1_000, lambda hashes: meant.among({*hashes, b"x" * 32}))
    for fanout in Fanout.objects.all()[:3]:
        tier.held(fanout)
        tier.second_tries(fanout)
        outbox.count_failed(fanout, codes=[131026], among=meant.keys())
    budgets.weigh(organization, Urgency.NEWS, [])
    allowances(list(Sender.objects.select_related("organization")))
    silences([sender])


def _meant(sender: Sender) -> Recipients:
    """With every condition there is."""
    topics, quarters = (Topic.objects.earliest("pk").pk,), (Quarter.objects.earliest("pk").pk,)
    return Recipients(sender.pk, topics=topics, excluded=(1,), quarters=quarters, frequency="digests")


def forgetting(citizen: Citizen, olga: Person) -> None:
    person = Identity.objects.select_related("contact").exclude(contact__name="").latest("pk").contact
    list_roads.their_rights(person, citizen.sender, person.organization, olga)
    privacy.export(person, by=olga)
    with transaction.atomic():
        privacy.erase(Contact.objects.get(pk=person.pk), by=olga)
    async_to_sync(scrubbing.scrub)()
    async_to_sync(scrubbing.forget_receipts)()
    list_roads.the_night(citizen.sender.organization, olga)
    async_to_sync(journal_retention.forget_old)(days=30)
    Fanout.objects.update(created_at=timezone.now() - timedelta(days=900))
    Delivery.objects.update(created_at=timezone.now() - timedelta(days=900))
    Outbox.objects.all().delete()
    Fanout.objects.update(n_waiting=0)
    async_to_sync(retention.forget_old)(retention.Times(30))
