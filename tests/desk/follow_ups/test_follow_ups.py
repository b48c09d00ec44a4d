# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A conversation that is put off rests, comes back on its morning, and is followed up."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from arengo.audience.models import Identity
from arengo.core.console import personal_data
from arengo.core.models import Organization, Person
from arengo.delivery.models import Sender
from arengo.desk import handling
from arengo.desk.desks import desk_for
from arengo.desk.follow_ups import verbs
from arengo.desk.follow_ups.console import TODAY
from arengo.desk.follow_ups.models import FollowUp
from arengo.desk.handling import ConversationClosed, HandlingRefused
from arengo.desk.lists import queries
from arengo.desk.lists.listing import WAITING, Asked, Order
from arengo.desk.models import Conversation, Desk
from tests.desk.listing import page, shown
from tests.desk.road import Writes, page_of
from tests.factories.audience import citizen
from tests.factories.desk import make_conversation, said

pytestmark = pytest.mark.django_db

Browse = Callable[..., Client]
INBOX = "/console/sportello/"
FOLLOW_UPS = f"{INBOX}da-seguire/"


def waiting(person: Person) -> list[int]:
    return [each.pk for each in shown(WAITING, person)]


def put_off(conversation: Conversation, by: Person, to: Person | None = None, days: int = 2) -> None:
    verbs.put_off(conversation, day=timezone.localdate() + timedelta(days=days), to=to or by, by=by)


def morning_comes() -> int:
    FollowUp.objects.update(day=timezone.localdate() - timedelta(days=1))
    return verbs.bring_back()


def test_it_rests_until_its_morning_and_waits_as_long_as_before(
    conversation: Conversation, olga: Person, bea: Person
) -> None:
    since = Conversation.objects.get().waiting_since
    put_off(conversation, olga, to=bea)
    assert waiting(olga) == []
    assert verbs.bring_back() == 0
    assert waiting(olga) == []
    assert morning_comes() == 1
    conversation.refresh_from_db()
    assert (conversation.waiting_since, conversation.assignee) == (since, bea)
    assert verbs.bring_back() == 0  # once


def test_a_citizen_who_writes_meanwhile_waits_at_once(
    write: Writes, conversation: Conversation, anna: Identity, olga: Person
) -> None:
    put_off(conversation, olga)
    write(said(anna, "È urgente"))
    assert waiting(olga) == [conversation.pk]


def test_put_off_twice_remembers_who_waited_first(conversation: Conversation, olga: Person) -> None:
    since = Conversation.objects.get().waiting_since
    put_off(conversation, olga)
    put_off(conversation, olga, days=5)
    morning_comes()
    assert Conversation.objects.get().waiting_since == since


def test_what_was_closed_meanwhile_does_not_come_back(conversation: Conversation, olga: Person) -> None:
    put_off(conversation, olga)
    handling.close(conversation, by=olga)
    morning_comes()
    conversation.refresh_from_db()
    assert (conversation.state, conversation.waiting_since) == ("closed", None)
    assert FollowUp.objects.get().done_at


def test_done_before_its_day_gives_the_waiting_back(conversation: Conversation, olga: Person) -> None:
    put_off(conversation, olga)
    verbs.done(conversation, by=olga)
    verbs.done(conversation, by=olga)
    assert waiting(olga) == [conversation.pk]


@pytest.mark.parametrize("days", [0, -1, 400])
def test_days_that_are_none(conversation: Conversation, olga: Person, days: int) -> None:
    with pytest.raises(HandlingRefused, match="Scegli un giorno"):
        put_off(conversation, olga, days=days)


def test_a_closed_conversation_cannot_be_put_off(conversation: Conversation, olga: Person) -> None:
    handling.close(conversation, by=olga)
    with pytest.raises(ConversationClosed):
        put_off(conversation, olga)


def test_by_the_form_and_on_its_page(
    conversation: Conversation, olga: Person, bea: Person, rita: Person, browse: Browse
) -> None:
    client = browse(olga)
    day = timezone.localdate() + timedelta(days=3)
    assert "Niente da seguire" in client.get(FOLLOW_UPS).content.decode()
    client.post(f"{page_of(conversation)}da-seguire/", {"day": f"{day:%Y-%m-%d}", "person": bea.pk})
    page = client.get(FOLLOW_UPS).content.decode()
    assert "Anna Esempio" in page
    assert "Nei prossimi giorni" in page
    assert "Bea Esempio" in page
    assert 'id="follow-up"' in client.get(page_of(conversation)).content.decode()
    morning_comes()
    assert "Oggi" in browse(rita).get(FOLLOW_UPS).content.decode()
    client.post(f"{page_of(conversation)}da-seguire/fatto/")
    assert "Niente da seguire" in client.get(FOLLOW_UPS).content.decode()
    answer = client.post(
        f"{page_of(conversation)}da-seguire/",
        {"day": "domani", "person": bea.pk},
        headers={"HX-Request": "true"},
    )
    assert answer.status_code == 422


def due(sender: Sender, name: str, days_ago: int, **fields: object) -> Conversation:
    """One that was to be followed up so many days ago."""
    found = make_conversation(citizen(name), sender, **fields)
    day = timezone.localdate() - timedelta(days=days_ago)
    FollowUp.objects.create(conversation=found, day=day, back_at=timezone.now())
    return found


def test_what_is_to_be_followed_up_today_is_a_list_by_day_with_its_number(
    scope: Organization, sender: Sender, olga: Person, browse: Browse
) -> None:
    today, before = due(sender, "Di oggi", 0), due(sender, "Di ieri", 1)
    due(sender, "Di domani", -1)
    hidden = Desk.objects.create(
        organization_id=scope.pk, name="Vigili", slug="vigili", order=3, everyone=False
    )
    due(sender, "Di altri", 0, desk_id=hidden.pk)
    done = due(sender, "Già seguita", 3)
    verbs.done(done, by=olga)
    handling.close(due(sender, "Chiusa", 2), by=olga)
    assert shown(TODAY, olga) == [before, today]
    assert shown(TODAY, olga, order=Order.NEWEST) == [today, before]
    assert shown(TODAY, olga, first=timezone.localdate()) == [today]
    text = browse(olga).get(INBOX).text
    menu = " ".join(re.sub(r"<[^>]+>", " ", text[text.index('id="others"') :]).split())
    assert "Da seguire oggi 2" in menu
    rows = browse(olga).get(INBOX, {"lista": "da-seguire"}).text
    assert rows.index("Di ieri") < rows.index("Di oggi")
    assert "Di domani" not in rows
    assert "Di altri" not in rows


@pytest.mark.parametrize("order", TODAY.orders)
def test_the_list_by_day_is_paged_to_its_end_over_desks_and_equal_days(
    scope: Organization, sender: Sender, olga: Person, order: Order
) -> None:
    desk_for(scope.pk, sender.pk)
    second = Desk.objects.create(organization_id=scope.pk, name="Due", slug="due", order=3)
    for number in range(70):
        due(sender, f"Prova {number}", number // 20, **({"desk_id": second.pk} if number % 2 else {}))
    asked, seen, after = replace(Asked().on(TODAY), order=order), list[int](), None
    while True:
        found = page(asked, olga, after=after)
        seen += [place.conversation.pk for place in found.places]
        if not found.more:
            break
        after = queries.start(found.places[-1].start.written())
    days = dict(FollowUp.objects.values_list("conversation_id", "day"))
    assert seen == sorted(days, key=lambda pk: (days[pk], pk), reverse=order is Order.NEWEST)


def test_closing_ends_it_and_undoing_that_brings_it_back(conversation: Conversation, olga: Person) -> None:
    put_off(conversation, olga)
    morning_comes()
    handling.close(conversation, by=olga)
    assert FollowUp.objects.get().done_at
    assert shown(TODAY, olga) == []
    handling.undo_close(conversation, by=olga)
    assert FollowUp.objects.get().done_at is None
    assert shown(TODAY, olga) == [conversation]


def test_what_was_done_before_the_closing_stays_so_when_that_is_undone(
    conversation: Conversation, olga: Person
) -> None:
    put_off(conversation, olga)
    morning_comes()
    verbs.done(conversation, by=olga)
    handling.close(conversation, by=olga)
    handling.undo_close(conversation, by=olga)
    assert FollowUp.objects.get().done_at


def test_of_an_erased_citizen_nothing_is_to_be_followed(
    conversation: Conversation, anna: Identity, olga: Person
) -> None:
    put_off(conversation, olga)
    personal_data.erase(anna.contact_id)
    assert not FollowUp.objects.exists()
