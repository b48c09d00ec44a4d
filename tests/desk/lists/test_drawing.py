# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A list is drawn once for all who see the same, and again as soon as anything was announced to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from arengo.audience.models import Identity
from arengo.core.models import LiveEvent, Organization, Person
from arengo.delivery.models import Sender
from arengo.desk import handling
from arengo.desk.lists import drawing
from arengo.desk.lists.models import Promise
from arengo.desk.lists.verbs import promise_to_answer
from arengo.desk.models import Conversation, Desk
from tests.desk.listing import member_of
from tests.desk.road import DESK, Writes, page_of
from tests.factories.audience import citizen
from tests.factories.desk import make_conversation, said

pytestmark = pytest.mark.django_db

Browse = Callable[..., Client]
_drawn: list[int] = []


@pytest.fixture(autouse=True)
def _patient(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A slow machine reads the same drawing."""
    settings.ARENGO_LISTS_KEPT_SECONDS = 3600
    drawing.kept.clear()
    draw = drawing.draw
    monkeypatch.setattr(drawing, "draw", lambda *given, **named: _drawn.append(1) or draw(*given, **named))  # type: ignore[func-returns-value]  # None


def seen(client: Client, path: str = DESK) -> str:
    return client.get(path).content.decode()


def drawn_anew(client: Client, path: str = DESK) -> bool:
    before = len(_drawn)
    seen(client, path)
    return len(_drawn) > before


def test_it_is_drawn_once_while_nothing_happens(
    conversation: Conversation, olga: Person, bea: Person, browse: Browse
) -> None:
    one, other = browse(olga), browse(bea)
    assert drawn_anew(one)
    assert not drawn_anew(one)
    assert not drawn_anew(other)
    assert not drawn_anew(one, page_of(conversation))
    assert drawn_anew(one, DESK + "?lista=libere")


@pytest.mark.parametrize("listing", ["", "?lista=libere", "?ordine=recenti"])
def test_what_happens_is_there_on_the_next_page(
    write: Writes, anna: Identity, olga: Person, bea: Person, browse: Browse, listing: str
) -> None:
    client, path = browse(olga), DESK + listing
    write(said(anna, "Prima domanda"))
    assert "Prima domanda" in seen(client, path)
    write(said(anna, "Seconda domanda"))
    assert "Seconda domanda" in seen(client, path)
    write(said(citizen("Bruno"), "Anch’io"))
    assert "Bruno" in seen(client, path)
    taken = Conversation.objects.get(contact=anna.contact)
    handling.take(taken, by=bea)
    page = seen(client, path)
    assert (
        (f'id="row-{taken.pk}"' in page) is ("<bdi>Bea Esempio</bdi>" in page) is (listing != "?lista=libere")
    )


def test_a_transaction_that_ends_late_is_heard_of_too(
    conversation: Conversation, esempio: Organization, olga: Person, browse: Browse
) -> None:
    """Its event has a lower number than one that is known already."""
    client = browse(olga)
    event = LiveEvent.objects.create(organization=esempio, topic="inbox", at=timezone.now())
    number = event.pk
    event.delete()
    LiveEvent.objects.create(organization=esempio, topic="inbox", at=timezone.now())
    assert drawn_anew(client)
    assert not drawn_anew(client)
    LiveEvent.objects.create(pk=number, organization=esempio, topic="inbox", at=timezone.now())
    assert drawn_anew(client)


def test_what_others_are_told_does_not_count(
    conversation: Conversation, esempio: Organization, altrove: Organization, olga: Person, browse: Browse
) -> None:
    client = browse(olga)
    seen(client)
    LiveEvent.objects.create(organization=altrove, topic="inbox")
    LiveEvent.objects.create(organization=esempio, topic="fanout:3")
    assert not drawn_anew(client)


def test_each_reads_their_own_rows_and_numbers(
    conversation: Conversation, olga: Person, bea: Person, browse: Browse
) -> None:
    handling.take(conversation, by=olga)
    mine, others = seen(browse(olga)), seen(browse(bea))
    assert not drawn_anew(browse(bea))
    assert "In carico a</span> te" in mine
    assert "Olga Esempio" not in mine.split('id="rows"')[1].split('class="desk-nothing"')[0]
    assert "<bdi>Olga Esempio</bdi>" in others
    assert 'aria-current="true"' in seen(browse(bea), page_of(conversation)).split('id="rows"')[1]


def test_who_sees_other_desks_gets_another_drawing(
    conversation: Conversation, sender: Sender, olga: Person, bea: Person, browse: Browse
) -> None:
    closed = Desk.objects.create(name="Polizia locale", slug="polizia", everyone=False)
    closed.members.add(member_of(bea))
    secret = make_conversation(citizen("Segreto"), sender, desk_id=closed.pk, unread=1)
    Conversation.objects.filter(pk=secret.pk).update(waiting_since=secret.last_message_at)
    assert "Segreto" in seen(browse(bea))
    assert "Segreto" not in seen(browse(olga))
    closed.members.clear()  # rights are read with each page
    assert "Segreto" not in seen(browse(bea))


def test_a_promise_that_changes_draws_it_anew(
    conversation: Conversation, esempio: Organization, olga: Person, browse: Browse
) -> None:
    client = browse(olga)
    seen(client)
    promise_to_answer(esempio, 30, by=olga)
    assert "30 minuti" in seen(client)
    Promise.objects.update(minutes=45)  # also where nothing was announced
    assert "45 minuti" in seen(client)


def test_it_is_not_kept_for_long(
    conversation: Conversation, olga: Person, browse: Browse, settings: Any
) -> None:
    client = browse(olga)
    assert drawn_anew(client)
    settings.ARENGO_LISTS_KEPT_SECONDS = 0
    assert drawn_anew(client)


def test_few_are_kept(conversation: Conversation, olga: Person, browse: Browse) -> None:
    client = browse(olga)
    for number in range(drawing.MOST_KEPT + 3):
        seen(client, f"{DESK}?dopo=o{number + 1}-1")
    assert len(drawing.kept) == drawing.MOST_KEPT
    assert drawn_anew(client, f"{DESK}?dopo=o1-1")
