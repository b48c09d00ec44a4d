# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The platform's limit of people a day, as the editor is told of it: before sending, and while the rest waits."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from arengo.audience.models import Identity
from arengo.core.models import Organization, Person
from arengo.delivery.limits.daily import DAY
from arengo.delivery.models import Delivery, DeliveryState, Fanout, Outbox, OutboxState, Sender
from arengo.newsroom import publishing
from arengo.newsroom.estimating import readiness
from arengo.newsroom.models import Update
from arengo.newsroom.templatetags.newsroom import from_then
from tests.factories.audience import subscribe
from tests.factories.delivery import decide, reach
from tests.factories.newsroom import draft
from tests.newsroom.pages import ROOT, Browse, Write, words
from tests.support.browser_kit import WIDTHS, Size, Visiting
from tests.support.in_browser import good, keep

LIMIT = 250


@pytest.fixture
def limited(town: Organization, sender: Sender) -> Organization:
    """Five hundred subscribers, half of whom may be written to in a day."""
    Sender.objects.update(tier=LIMIT)
    subscribe(town, sender, 497, first=100)
    return town


@pytest.fixture
def half_sent(limited: Organization, sender: Sender, write: Write, edo: Person) -> Update:
    """A mailing of which today's half left and the other waits, as the dispatcher leaves it."""
    update = write()
    publishing.publish(limited, update.pk, by=edo, key="k", version=update.version)
    publishing.carry_out(limited.pk, update.pk)
    first = Delivery.objects.filter(pk__in=Delivery.objects.order_by("pk").values("pk")[:LIMIT])
    decide(first, DeliveryState.DELIVERED)
    Outbox.objects.filter(state=OutboxState.READY).update(
        state=OutboxState.LATER, held=True, not_before=timezone.now() + DAY
    )
    return update


# --- before ---------------------------------------------------------------------------------------------------------


def test_before_sending_the_editor_reads_how_many_leave_today_and_when_the_others(
    limited: Organization, write: Write, edo: Person, browse: Browse
) -> None:
    page = words(browse(edo).get(f"{ROOT}{write().pk}/invio/"))
    assert "Oggi WhatsApp ne lascia partire ancora 250. Gli altri 250 partiranno da" in page
    assert "scrivere per primo a 250 persone in 24 ore" in page
    assert "4 s oggi, poi fino a" in page
    assert "Invia a 500 persone e al canale" in page, "it is a question, no obstacle"


def test_the_editor_says_the_same_while_writing(
    limited: Organization, write: Write, edo: Person, browse: Browse
) -> None:
    assert "Oggi WhatsApp ne lascia partire ancora 250." in words(
        browse(edo).get(f"{ROOT}{write().pk}/modifica/")
    )


def test_who_was_reached_today_is_not_counted_twice(limited: Organization, sender: Sender) -> None:
    known = [bytes(row) for row in Identity.objects.order_by("pk").values_list("phone_hash", flat=True)[:100]]
    reach(sender, known, timedelta(hours=1))
    found = readiness(draft(), limited).estimate
    assert found is not None
    assert found.outlook is not None
    assert (found.outlook.today, found.outlook.later) == (250, 250), "a hundred again, and 150 new ones"


def test_when_the_day_is_used_up_all_leave_tomorrow(
    limited: Organization, sender: Sender, write: Write, edo: Person, browse: Browse
) -> None:
    reach(sender, [f"{n:032d}".encode() for n in range(LIMIT)], timedelta(hours=1))
    page = words(browse(edo).get(f"{ROOT}{write().pk}/invio/"))
    assert "Oggi WhatsApp non ne lascia partire altri. Tutti e 500 partiranno da" in page


def test_a_list_that_fits_into_the_day_is_not_warned_of(
    town: Organization, write: Write, edo: Person, browse: Browse
) -> None:
    Sender.objects.update(tier=LIMIT)
    page = words(browse(edo).get(f"{ROOT}{write().pk}/invio/"))
    assert "Oggi WhatsApp" not in page


def test_in_english_too(limited: Organization, write: Write, edo: Person, browse: Browse) -> None:
    client = browse(edo)
    client.cookies["arengo_language"] = "en"
    page = words(client.get(f"{ROOT}{write().pk}/invio/"))
    assert "Today WhatsApp lets 250 more of them leave. The other 250 leave from" in page


# --- after ----------------------------------------------------------------------------------------------------------


def test_the_page_of_the_mailing_says_how_many_wait_until_when(
    half_sent: Update, edo: Person, browse: Browse
) -> None:
    page = words(browse(edo).get(f"{ROOT}{half_sent.pk}/"))
    assert "250 aspettano: per oggi WhatsApp non lascia scrivere ad altre persone. Partiranno da" in page
    assert "250 di 500" in page


def test_who_gets_a_second_try_is_told_apart(half_sent: Update, edo: Person, browse: Browse) -> None:
    Outbox.objects.filter(pk=Outbox.objects.earliest("pk").pk).update(held=False)
    page = words(browse(edo).get(f"{ROOT}{half_sent.pk}/"))
    assert "249 aspettano" in page
    assert "Per 1 persona Meta ha rimandato: Arengo riprova una volta" in page


def test_what_waits_for_the_next_day_can_be_stopped(half_sent: Update, edo: Person, browse: Browse) -> None:
    browse(edo).post(f"{ROOT}{half_sent.pk}/ferma/")
    fanout = Fanout.objects.get()
    assert (fanout.n_waiting, fanout.n_cancelled) == (0, 250)
    assert "aspettano" not in words(browse(edo).get(f"{ROOT}{half_sent.pk}/"))


def test_moments_to_come_are_said_as_people_say_them() -> None:
    tomorrow = timezone.localtime() + timedelta(days=1)
    later = datetime(2030, 11, 26, 9, 5, tzinfo=timezone.get_current_timezone())
    assert from_then(tomorrow) == f"domani alle {tomorrow:%H:%M}"
    assert from_then(later) == "martedì 26 novembre alle 09:05"


# --- as they are seen -----------------------------------------------------------------------------------------------


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("size", WIDTHS)
def test_the_question_and_the_mailing_look_well(
    half_sent: Update, write: Write, edo: Person, live_server: LiveServer, visit: Visiting, size: Size
) -> None:
    Outbox.objects.filter(pk=Outbox.objects.earliest("pk").pk).update(held=False)
    reach(Sender.objects.get(), [f"{n:032d}".encode() for n in range(100)], timedelta(hours=5))
    Fanout.objects.update(n_waiting=20)
    pages: dict[str, Page] = {}
    for name, path in (
        ("limit-question", f"{write().pk}/invio/"),
        ("limit-editor", f"{Update.objects.latest('pk').pk}/modifica/"),
        ("limit-mailing", f"{half_sent.pk}/"),
    ):
        pages[name] = visit(f"{live_server.url}{ROOT}{path}", size, sign_in=edo)
        keep(pages[name], f"{name}-{size[0]}")
        good(pages[name])
