# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The lists: what each holds, in which order, by which filters, and how they are paged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from django.utils import timezone
from hypothesis import given, strategies as st

from arengo.audience.models import Identity
from arengo.core.models import Organization, Person
from arengo.core.scope import organization_scope
from arengo.delivery.models import Delivery, DeliveryState, Sender
from arengo.desk import handling, replying
from arengo.desk.desks import desk_for
from arengo.desk.latest import settle_latest
from arengo.desk.lists import listing, queries
from arengo.desk.lists.listing import ANSWERED, CLOSED, FREE, WAITING, Asked, Order
from arengo.desk.lists.models import MOST_VIEWS, Promise, SavedView
from arengo.desk.models import Conversation, Desk, Message
from tests.desk.listing import counted, page, shown
from tests.desk.road import DESK, Writes
from tests.factories.audience import citizen
from tests.factories.delivery import decide
from tests.factories.desk import make_conversation, said

pytestmark = pytest.mark.django_db

Browse = Callable[..., Client]


def since(minutes: float, sender: Sender, name: str = "", **fields: object) -> Conversation:
    """One that waits for so many minutes."""
    at = timezone.now() - timedelta(minutes=minutes)
    return make_conversation(
        citizen(name or f"Da {minutes}"), sender, waiting_since=at, last_message_at=at, unread=1, **fields
    )


def test_who_waits_longest_is_first_whoever_wrote_last(write: Writes, sender: Sender, olga: Person) -> None:
    short, long = since(5, sender), since(90, sender)
    assert shown(WAITING, olga) == [long, short]
    identity = long.identity
    assert identity is not None
    write(said(identity, "Ci siete?"))
    assert [each.pk for each in shown(WAITING, olga)] == [long.pk, short.pk]
    assert [each.pk for each in shown(WAITING, olga, order=Order.NEWEST)] == [long.pk, short.pk]
    assert [each.pk for each in shown(WAITING, olga, order=Order.OLDEST)] == [short.pk, long.pk]


def test_an_answer_that_did_not_go_waits_since_it_was_written_and_no_longer_than_it_is_so(
    conversation: Conversation, olga: Person
) -> None:
    (answer,) = replying.reply(conversation, by=olga, text="Alle 9.", key="1")
    sent = Delivery.objects.filter(pk=answer.delivery_id)
    for state, waits in (
        (DeliveryState.UNKNOWN, True),
        (DeliveryState.ACCEPTED, False),
        (DeliveryState.FAILED, True),
    ):
        decide(sent, state)
        conversation.refresh_from_db()
        assert (conversation.undelivered_since == answer.sent_at) is waits
        assert (shown(WAITING, olga) == [conversation]) is waits
        assert (shown(ANSWERED, olga) == [conversation]) is not waits


def test_what_follows_an_answer_that_did_not_go_takes_its_place(
    conversation: Conversation, write: Writes, anna: Identity, olga: Person
) -> None:
    (answer,) = replying.reply(conversation, by=olga, text="Alle 9.", key="1")
    decide(Delivery.objects.filter(pk=answer.delivery_id), DeliveryState.FAILED)
    write(said(anna, "Non importa, grazie"))
    conversation.refresh_from_db()
    assert conversation.undelivered_since is None
    assert conversation.waiting_since is not None


def test_thousands_who_join_bury_nobody(write: Writes, conversation: Conversation, olga: Person) -> None:
    handling.close(conversation, by=olga)
    write(*(said(citizen(f"Iscritto {number}"), "ISCRIVIMI", command="join") for number in range(40)))
    assert shown(CLOSED, olga) == [conversation]
    assert shown(WAITING, olga) == shown(FREE, olga) == []


def test_two_groups_by_the_promise_of_the_organization(
    scope: Organization, sender: Sender, olga: Person, browse: Browse
) -> None:
    for minutes in (5, 59, 61, 300):
        since(minutes, sender)
    found = page(Asked(), olga)
    assert [place.start.late for place in found.places] == [True, True, False, False]
    assert counted(olga).late == 2
    text = browse(olga).get(DESK).content.decode()
    assert "Aspettano da oltre un’ora" in text
    assert "Aspetta da 5 h" in text
    Promise.objects.create(organization_id=scope.pk, minutes=45)
    assert counted(olga).late == 3
    assert "Da meno di 45 minuti" in browse(olga).get(DESK).content.decode()


@pytest.mark.parametrize("order", list(Order))
def test_every_order_is_paged_to_its_end_over_desks_and_equal_moments(
    scope: Organization, sender: Sender, olga: Person, order: Order
) -> None:
    desk_for(scope.pk, sender.pk)
    second = Desk.objects.create(organization_id=scope.pk, name="Due", slug="due", order=3)
    at = timezone.now() - timedelta(hours=1)
    for number in range(75):  # groups of five at the same moment, on both sides of the promise
        moment = at + timedelta(minutes=7 - number // 5)
        fields = {"desk_id": second.pk} if number % 2 else {}
        make_conversation(
            citizen(f"Prova {number}"), sender, waiting_since=moment, last_message_at=moment, **fields
        )
    asked, seen, after = replace(Asked(), order=order), list[Conversation](), None
    while True:
        found = page(asked, olga, after=after)
        seen += [place.conversation for place in found.places]
        if not found.more:
            break
        after = queries.start(found.places[-1].start.written())
    assert len({each.pk for each in seen}) == len(seen) == 75
    moments = [each.waiting_since for each in seen]
    assert moments == sorted(moments, reverse=order is Order.NEWEST)
    assert [place.conversation for place in page(asked, olga, pages=3).places] == seen


@given(st.text(max_size=40))
def test_any_place_in_an_address_is_read_or_begins_anew(written: str) -> None:
    found = queries.start(written)
    assert found is None or queries.start(found.written()) == found


@given(
    st.dictionaries(
        st.sampled_from(["lista", "ordine", "sportello", "operatore", "da", "a", "etichetta"]),
        st.text(max_size=20),
    )
)
def test_any_address_asks_for_something_and_comes_back_the_same(given_parts: dict[str, str]) -> None:
    query = QueryDict(mutable=True)
    query.update(given_parts)
    with organization_scope(1):  # as in a request; a label is asked inside it
        wanted = listing.asked(query)
        assert listing.asked(QueryDict(wanted.query().removeprefix("?"))) == wanted


def test_filters_by_operator_and_day(
    scope: Organization, sender: Sender, olga: Person, bea: Person, browse: Browse
) -> None:
    old, mine = since(3 * 24 * 60, sender, "Vecchia"), since(10, sender, "Nuova", assignee=olga)
    assert shown(WAITING, olga, operator=olga.pk) == [mine]
    assert shown(WAITING, olga, operator=bea.pk) == []
    today = timezone.localdate()
    assert shown(WAITING, olga, first=today) == [mine]
    assert shown(WAITING, olga, last=today - timedelta(days=2)) == [old]
    text = browse(olga).get(DESK, {"operatore": bea.pk}).content.decode()
    assert "Nessuna conversazione con questi filtri." in text


def test_a_row_says_until_when_the_citizen_may_be_answered(
    conversation: Conversation, olga: Person, browse: Browse, settings: Any
) -> None:
    settings.ARENGO_LISTS_KEPT_SECONDS = 0  # nothing is announced when a window shuts
    assert "entro " in browse(olga).get(DESK).content.decode()
    Conversation.objects.update(citizen_wrote_at=timezone.now() - timedelta(hours=25))
    assert "serve un modello" in browse(olga).get(DESK).content.decode()


def test_the_answered_conversation_keeps_its_row_while_it_is_open(
    conversation: Conversation, olga: Person, browse: Browse
) -> None:
    replying.reply(conversation, by=olga, text="Alle 9.", key="1")
    part = browse(olga).get(f"{DESK}lista/", {"aperta": conversation.pk}).content.decode()
    assert "risposto" in part
    assert "risposto" not in browse(olga).get(f"{DESK}lista/").content.decode()


def test_several_are_closed_together_and_the_unanswered_ask_first(
    write: Writes, conversation: Conversation, olga: Person, rita: Person, carlo: Person, browse: Browse
) -> None:
    replying.reply(conversation, by=olga, text="Alle 9.", key="1")
    write(said(citizen("Bruno Esempio")))
    waits = Conversation.objects.get(contact__name="Bruno Esempio")
    path, both = f"{DESK}chiudi-insieme/", {"chosen": [conversation.pk, waits.pk, "x"]}
    assert browse(rita).post(path, both).status_code == 403
    assert browse(carlo).post(path, both).status_code == 404
    question = browse(olga).post(path, both).content.decode()
    assert "Una persona aspetta ancora una risposta." in question
    assert "Bruno Esempio" in question
    assert Conversation.objects.filter(state="open").count() == 2
    browse(olga).post(path, both | {"sure": "1"})
    assert Conversation.objects.filter(state="open").count() == 0
    answer = browse(olga).post(path, {}, follow=True).content.decode()
    assert "Scegli almeno una conversazione aperta." in answer


def test_a_view_is_kept_by_one_person_and_there_is_a_ceiling(
    scope: Organization, olga: Person, bea: Person, browse: Browse
) -> None:
    client = browse(olga)
    client.post(f"{DESK}viste/nuova/", {"name": "Le vecchie", "query": "?lista=mie&ordine=vecchie&altro=1"})
    view = SavedView.objects.get()
    assert (view.name, view.query) == ("Le vecchie", "?lista=mie&ordine=vecchie")
    assert "Le vecchie" in client.get(DESK).content.decode()
    assert "Le vecchie" not in browse(bea).get(DESK).content.decode()
    assert browse(bea).post(f"{DESK}viste/{view.pk}/togli/").status_code == 404
    again = client.post(f"{DESK}viste/nuova/", {"name": "Le vecchie", "query": ""}, follow=True)
    assert "Hai già una vista con questo nome." in again.content.decode()
    for number in range(MOST_VIEWS):
        client.post(f"{DESK}viste/nuova/", {"name": f"Vista {number}", "query": ""})
    assert SavedView.objects.count() == MOST_VIEWS
    assert "Togliere questa vista?" in client.get(f"{DESK}viste/{view.pk}/togli/").content.decode()
    client.post(f"{DESK}viste/{view.pk}/togli/")
    assert not SavedView.objects.filter(pk=view.pk).exists()


def test_a_message_never_sent_because_the_platform_refuses_its_words_waits(
    conversation: Conversation, olga: Person
) -> None:
    """An automatic answer, or what a person wrote: the row says since when."""
    (answer,) = replying.reply(conversation, by=olga, text="Alle 9.", key="1")
    Message.objects.filter(pk=answer.pk).update(failure="troppo lungo", delivery=None)
    Conversation.objects.filter(pk=conversation.pk).update(last_message=None)
    settle_latest([conversation.pk])
    conversation.refresh_from_db()
    assert conversation.undelivered_since == answer.sent_at
    assert shown(WAITING, olga) == [conversation]
