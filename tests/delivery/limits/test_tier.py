# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The account's limit of people a day, against the sandbox, which counts them as Meta does and fails who is one too many."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from asgiref.sync import async_to_sync
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from arengo.audience.defaults import create_defaults
from arengo.core.events import Batch, publish
from arengo.core.models import Organization
from arengo.delivery import retention
from arengo.delivery.limits import inbound, tier
from arengo.delivery.limits.daily import DAY, account_of
from arengo.delivery.models import (
    Delivery,
    DeliveryState,
    Fanout,
    Heard,
    Inbound,
    Outbox,
    OutboxState,
    Reached,
    Sender,
    Urgency,
)
from arengo.delivery.queue import cancellation, outbox
from arengo.delivery.senders import notices
from arengo.platforms.contract import Address, MessageReceived, SenderNotice, Text
from arengo.platforms.registry import platform
from tests.delivery.sending.dispatching import dispatch_until, ledger, mailing, outside, people, sandbox
from tests.factories.delivery import make_sender, reach
from tests.factories.platforms import credentials
from tests.support.sandbox_server import SandboxProcess
from tests.support.waiting import NEVER

__all__ = ["outside", "sandbox"]  # fixtures

pytestmark = pytest.mark.django_db(transaction=True)

LIMIT = 50


@pytest.fixture
def sender(scope: Organization, sandbox: SandboxProcess) -> Sender:
    sandbox.control("POST", "/conditions", {"tier": LIMIT})
    return make_sender(scope, rate=500, tier=LIMIT, credentials=credentials(sandbox.url))


def accepted(fanout: Fanout) -> int:
    fanout.refresh_from_db()
    return fanout.n_accepted


def held(fanout: Fanout) -> int:
    return Outbox.objects.filter(fanout=fanout, state=OutboxState.LATER, held=True).count()


def split(fanout: Fanout, left: int, waiting: int) -> Any:
    """True when so many left and the others wait."""
    return lambda: accepted(fanout) == left and held(fanout) == waiting


def a_day_passes(sandbox: SandboxProcess) -> None:
    """For what we counted and planned, and for the platform."""
    Reached.objects.update(at=F("at") - DAY)
    Outbox.objects.update(not_before=F("not_before") - DAY)
    sandbox.control("POST", "/tier", {"hours": DAY / timedelta(hours=1)})


def failed_late(sandbox: SandboxProcess) -> list[int]:
    """The codes with which the platform failed what it had accepted; what is on its way is waited for."""
    deadline = time.monotonic() + NEVER
    while any(send["status"] == "accepted" for send in ledger(sandbox)) and time.monotonic() < deadline:
        time.sleep(0.05)
    return [send["error"] for send in ledger(sandbox) if send["status"] == "failed"]


def wrote(sender: Sender, addresses: list[Address], ago: timedelta = timedelta()) -> None:
    messages = [
        MessageReceived(f"wamid.{number}", timezone.now() - ago, address, "text", text="Buongiorno")
        for number, address in enumerate(addresses)
    ]
    inbound.heard(Batch(sender.organization_id, sender.pk, messages, "whatsapp"))


def test_what_is_too_much_for_today_leaves_the_days_after_in_its_order(
    sender: Sender, sandbox: SandboxProcess
) -> None:
    fanout = mailing(sender, people(sandbox, 120))
    dispatch_until(split(fanout, 50, 70))
    plan = list(Outbox.objects.order_by("delivery_id").values_list("not_before", flat=True))
    assert plan == sorted(plan), "the first in line leave first"
    assert timezone.now() + timedelta(hours=23) < plan[0] <= plan[49] < timezone.now() + timedelta(hours=25)
    assert plan[50] > timezone.now() + timedelta(hours=47), "and the last not before the day after"
    assert set(Outbox.objects.values_list("attempts", flat=True)) == {0}, "waiting is no attempt"
    for left, waiting in ((100, 20), (120, 0)):
        a_day_passes(sandbox)
        dispatch_until(split(fanout, left, waiting))
    sent = [int(send["biz_opaque_callback_data"]) for send in ledger(sandbox)]
    first_day, second_day = set(sent[:50]), set(sent[50:100])
    assert max(first_day) < min(second_day) < max(second_day) < min(sent[100:])
    assert failed_late(sandbox) == [], "the platform never had to say no"


def test_who_was_reached_today_needs_no_second_place(sender: Sender, sandbox: SandboxProcess) -> None:
    same = people(sandbox, LIMIT)
    for _ in range(2):
        fanout = mailing(sender, same)
        dispatch_until(split(fanout, LIMIT, 0))
    assert failed_late(sandbox) == []
    others = mailing(sender, people(sandbox, 3) + same[:7])
    dispatch_until(split(others, 7, 3))


def test_an_alert_goes_before_the_news_that_waits(sender: Sender, sandbox: SandboxProcess) -> None:
    news = mailing(sender, people(sandbox, 120))
    dispatch_until(split(news, 50, 70))
    a_day_passes(sandbox)
    alert = mailing(sender, people(sandbox, 30), Urgency.ALERT)
    dispatch_until(lambda: split(alert, 30, 0)() and split(news, 70, 50)())
    first = Outbox.objects.filter(fanout=news).earliest("delivery_id")
    assert first.not_before < timezone.now() + timedelta(hours=25), "who was overtaken keeps the first place"
    assert failed_late(sandbox) == []


def test_an_alert_that_finds_no_place_leaves_with_the_first_that_come_free(
    sender: Sender, sandbox: SandboxProcess
) -> None:
    news = mailing(sender, people(sandbox, 60))
    dispatch_until(split(news, 50, 10))
    alert = mailing(sender, people(sandbox, 5), Urgency.ALERT)
    dispatch_until(split(alert, 0, 5))
    first_news = Outbox.objects.filter(fanout=news).earliest("not_before").not_before
    assert Outbox.objects.filter(fanout=alert).earliest("not_before").not_before <= first_news
    a_day_passes(sandbox)
    dispatch_until(lambda: split(alert, 5, 0)() and split(news, 60, 0)())


def test_answers_leave_also_when_the_day_is_used_up(sender: Sender, sandbox: SandboxProcess) -> None:
    fanout = mailing(sender, people(sandbox, 60))
    dispatch_until(split(fanout, 50, 10))
    (anna,) = people(sandbox, 1)
    sandbox.control("POST", f"/people/{(anna.phone or '')[1:]}/messages", {"type": "text", "text": "Orari?"})
    reply = outbox.enqueue(sender, anna, Text("Apriamo alle nove."))
    dispatch_until(lambda: Delivery.objects.filter(pk=reply.pk, state=DeliveryState.ACCEPTED).exists())
    assert failed_late(sandbox) == []


def test_who_is_in_a_conversation_needs_no_place(sender: Sender, sandbox: SandboxProcess) -> None:
    there = people(sandbox, 70)
    for address in there[:20]:
        sandbox.control(
            "POST", f"/people/{(address.phone or '')[1:]}/messages", {"type": "text", "text": "Ciao"}
        )
    wrote(sender, there[:20])
    fanout = mailing(sender, there)
    dispatch_until(split(fanout, 70, 0))
    assert failed_late(sandbox) == []
    assert Reached.objects.count() == 50


def test_a_conversation_of_yesterday_is_over(sender: Sender, sandbox: SandboxProcess) -> None:
    there = people(sandbox, 60)
    wrote(sender, there[:20], ago=timedelta(hours=25))
    fanout = mailing(sender, there)
    dispatch_until(split(fanout, 50, 10))


def test_two_numbers_of_one_account_in_two_workers_share_the_day(
    sender: Sender, scope: Organization, sandbox: SandboxProcess
) -> None:
    second = make_sender(scope, "Secondo numero", rate=500, tier=LIMIT, credentials=credentials(sandbox.url))
    mailings = [mailing(each, people(sandbox, 60)) for each in (sender, second)]
    dispatch_until(lambda: sum(map(accepted, mailings)) == LIMIT and sum(map(held, mailings)) == 70, owners=2)
    assert failed_late(sandbox) == []


def test_without_a_limit_nobody_is_counted(sender: Sender, sandbox: SandboxProcess) -> None:
    sandbox.control("POST", "/conditions", {"tier": None})
    Sender.objects.update(tier=None)
    there = people(sandbox, 60)
    wrote(sender, there)
    fanout = mailing(sender, there)
    dispatch_until(split(fanout, 60, 0))
    assert (Reached.objects.count(), Heard.objects.count()) == (0, 0)


def test_what_came_in_is_taken_from_the_pace_by_the_owner(sender: Sender, sandbox: SandboxProcess) -> None:
    wrote(sender, people(sandbox, 12))
    assert [row.messages for row in Inbound.objects.all()] == [12], "one row a batch, not one a message"
    fanout = mailing(sender, people(sandbox, 5))
    dispatch_until(split(fanout, 5, 0))
    assert not Inbound.objects.exists()


def test_the_readers_tell_the_road_out_what_came_in(sender: Sender, scope: Organization) -> None:
    create_defaults(scope)
    message = MessageReceived("wamid.1", timezone.now(), Address(phone="+393330000001"), "text", text="Ciao")
    with transaction.atomic():
        publish(MessageReceived, Batch(scope.pk, sender.pk, [message], "whatsapp"))
    assert [row.messages for row in Inbound.objects.all()] == [1]
    assert Heard.objects.count() == 1


def test_the_counts_are_not_kept(sender: Sender) -> None:
    reached(sender, 3, timedelta(days=3))
    wrote(sender, [Address(phone="+393330000001")], ago=timedelta(days=3))
    Inbound.objects.update(at=timezone.now() - timedelta(hours=2))
    async_to_sync(retention.forget_old)(retention.Times(365))
    assert not any(model.objects.exists() for model in (Reached, Heard, Inbound))


# --- the limit itself ------------------------------------------------------------------------------------------------


def second_number(sender: Sender, account: str) -> Sender:
    account_of_it = msgspec.structs.replace(credentials(), account_id=account)
    return make_sender(sender.organization, "Altro numero", credentials=account_of_it)


def test_the_limit_is_the_accounts_and_so_are_its_numbers(sender: Sender) -> None:
    same = second_number(sender, account_of(sender.credentials))
    foreign = second_number(sender, "200000000000009")
    assert tier.set_limit(sender, 2000)
    assert not tier.set_limit(sender, 2000), "nothing changes twice"
    assert dict(Sender.objects.values_list("pk", "tier")) == {
        sender.pk: 2000,
        same.pk: 2000,
        foreign.pk: None,
    }
    assert tier.set_limit(same, None)
    assert set(Sender.objects.values_list("tier", flat=True)) == {None}


@pytest.mark.parametrize(
    ("word", "people"),
    [
        ("TIER_250", 250),
        ("TIER_2K", 2000),
        ("TIER_10K", 10_000),
        ("TIER_100K", 100_000),
        ("TIER_UNLIMITED", None),
        ("-1", None),
    ],
)
def test_the_limit_is_learnt_from_what_the_platform_says(
    sender: Sender, word: str, people: int | None
) -> None:
    notice = SenderNotice("business_capability_update", "Sono cambiati i limiti.", detail={"limit": word})
    notices.noticed(Batch(sender.organization_id, sender.pk, [notice]))
    sender.refresh_from_db()
    assert sender.tier == people


def test_a_notice_that_says_nothing_of_it_changes_nothing(sender: Sender) -> None:
    notice = SenderNotice("phone_number_quality_update", "Qualità.", detail={"limit": "TIER_NOT_SET"})
    notices.noticed(Batch(sender.organization_id, sender.pk, [notice]))
    sender.refresh_from_db()
    assert sender.tier == LIMIT


def test_the_sandbox_tells_the_limit_in_its_own_field(sandbox: SandboxProcess) -> None:
    sandbox.control("POST", "/conditions", {"tier": 2000})
    described = sandbox.graph(
        "GET", f"/{credentials().number_id}?fields=whatsapp_business_manager_messaging_limit"
    )
    said = platform("whatsapp").reach(described.body)
    assert said is not None
    assert said.people == 2000


# --- before sending ---------------------------------------------------------------------------------------------------


def reached(sender: Sender, count: int, ago: timedelta) -> list[bytes]:
    """By so many people, a second apart; their hashes."""
    hashes = [f"{number:032d}".encode() for number in range(count)]
    reach(sender, hashes, ago, apart=timedelta(seconds=1))
    return hashes


def test_all_that_fits_into_today_is_said_to_leave_today(sender: Sender) -> None:
    found = tier.outlook(sender, LIMIT, len)
    assert found == tier.Outlook(LIMIT, LIMIT, 0)


def test_the_rest_is_told_from_when_to_when(sender: Sender) -> None:
    reached(sender, 20, timedelta(hours=4))
    found = tier.outlook(sender, 130, lambda _hashes: 0)
    assert found is not None
    assert (found.today, found.later) == (30, 100)
    assert found.begins_at is not None
    assert found.ends_at is not None
    assert found.begins_at - timezone.now() == pytest.approx(
        timedelta(hours=20, minutes=2), abs=timedelta(minutes=1)
    )
    # 20 tomorrow in 20 hours, 30 tomorrow at this time, and the same the day after.
    assert found.ends_at - timezone.now() == pytest.approx(
        timedelta(hours=48, minutes=4), abs=timedelta(minutes=1)
    )


def test_who_needs_no_place_leaves_today(sender: Sender) -> None:
    hashes = reached(sender, LIMIT, timedelta(hours=4))
    found = tier.outlook(sender, 130, lambda asked: len(set(asked) & set(hashes[:40])))
    assert found is not None
    assert (found.today, found.later) == (40, 90)


def test_what_waits_already_goes_before(sender: Sender, sandbox: SandboxProcess) -> None:
    fanout = mailing(sender, people(sandbox, 40))
    found = tier.outlook(sender, 40, lambda _hashes: 0)
    assert found is not None
    assert (found.today, found.later) == (10, 30)
    Fanout.objects.filter(pk=fanout.pk).update(stopped_at=datetime.now(UTC))
    assert tier.outlook(sender, 40, lambda _hashes: 0) == tier.Outlook(LIMIT, 40, 0)


def test_without_a_limit_nothing_is_said(sender: Sender) -> None:
    Sender.objects.update(tier=None)
    assert tier.outlook(Sender.objects.get(pk=sender.pk), 10**6, lambda _hashes: 0) is None


def test_of_who_is_erased_nothing_is_counted(sender: Sender, sandbox: SandboxProcess) -> None:
    there = people(sandbox, 2)
    wrote(sender, there)
    fanout = mailing(sender, people(sandbox, 1))
    dispatch_until(split(fanout, 1, 0))

    class Erased:
        platform = "whatsapp"
        address = there[0]

    cancellation.address_erased(Batch(sender.organization_id, 0, [Erased()]))
    assert (Heard.objects.count(), Reached.objects.count()) == (1, 1)
