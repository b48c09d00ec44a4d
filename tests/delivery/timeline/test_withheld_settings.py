# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Dopo un ripristino: an administrator reads what waits and decides; others read that it waits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from arengo.core.models import Organization, Person
from arengo.delivery.models import Delivery, DeliveryState, Fanout, Sender, Timeline
from arengo.delivery.queue import outbox
from arengo.delivery.timeline import keeping
from arengo.delivery.timeline.folder_note import FolderNote
from arengo.newsroom.models import Update
from arengo.platforms.contract import Address, Text
from tests.factories.delivery import mailing
from tests.factories.newsroom import sent_update
from tests.factories.timeline import restore, watched

pytestmark = pytest.mark.django_db(transaction=True)

Browse = Callable[..., Client]
PAGE = "/console/impostazioni/ripristino/"
ANNA, BRUNO = Address(phone="+393330000001"), Address(phone="+393330000002")


@pytest.fixture
def back(scope: Organization, sender: Sender, edo: Person, tmp_path: Path) -> Fanout:
    """A mailing and a reply waited when the database was saved."""
    folder_note = watched(tmp_path)
    fanout = mailing(sender, [ANNA, BRUNO])
    outbox.enqueue(sender, ANNA, Text("Ciao"))
    sent_update(fanout, "Mercato spostato", edo, sent_by=edo)
    restore(folder_note)
    return fanout


def test_the_page_says_what_waits_by_name_and_since_when(back: Fanout, alice: Person, browse: Browse) -> None:
    page = browse(alice).get(PAGE).content.decode()
    assert "Mercato spostato" in page
    assert "Aspettano 2 messaggi su 2" in page
    assert "Aspetta 1 messaggio a una persona" in page
    assert "La banca dati è tornata a com’era il" in page


def test_months_are_written_as_the_language_writes_them(back: Fanout, alice: Person, browse: Browse) -> None:
    Person.objects.filter(pk=alice.pk).update(language="en")
    month = timezone.localdate().strftime("%B")
    page = browse(alice).get(PAGE).text
    assert f" {month} " in page
    assert f" {month.lower()} " not in page


@pytest.mark.parametrize("path", ["invia/", "annulla/"])
def test_the_question_on_its_own_page_says_about_which_messages(
    back: Fanout, alice: Person, browse: Browse, path: str
) -> None:
    client = browse(alice)
    assert "Mercato spostato" in client.get(f"{PAGE}{back.pk}/{path}").text
    assert "Messaggi singoli" in client.get(f"{PAGE}singoli/{path}").text
    Update.objects.all().delete()
    assert "Invio del " in client.get(f"{PAGE}{back.pk}/{path}").text


def test_the_banner_is_on_every_page_and_only_an_administrator_is_shown_the_way(
    back: Fanout, alice: Person, olga: Person, edo: Person, browse: Browse
) -> None:
    for person, page in ((olga, "/console/sportello/"), (edo, "/console/redazione/")):
        shown = browse(person).get(page).content.decode()
        assert 'data-banner="restored"' in shown
        assert PAGE not in shown
    assert PAGE in browse(alice).get("/console/redazione/").content.decode()


def test_the_page_that_says_it_itself_has_no_banner_also_when_it_asks_again(
    back: Fanout, alice: Person, browse: Browse
) -> None:
    client = browse(alice)
    assert 'data-banner="restored"' not in client.get(PAGE).content.decode()
    assert 'data-banner="restored"' not in client.get(reverse("console_tabs"), {"da": PAGE}).content.decode()
    asked = client.get(reverse("console_tabs"), {"da": "/console/redazione/"}).content.decode()
    assert asked.count('data-banner="restored"') == 1


def test_carlo_of_another_organization_reads_nothing_of_it_and_decides_nothing(
    back: Fanout, carlo: Person, browse: Browse
) -> None:
    theirs = browse(carlo, "altrove.test")
    assert "Mercato" not in theirs.get(PAGE).content.decode()
    for path in (f"{back.pk}/invia/", f"{back.pk}/annulla/"):
        assert theirs.post(PAGE + path).status_code == 404
    ours = browse(carlo)
    assert ours.get(PAGE).status_code == 404
    for path in (f"{back.pk}/invia/", f"{back.pk}/annulla/", "singoli/invia/", "singoli/annulla/", "letto/"):
        assert ours.post(PAGE + path).status_code == 404
    theirs.post(PAGE + "singoli/annulla/")
    back.refresh_from_db()
    assert back.withheld_at is not None
    assert set(Delivery.objects.filter(fanout=None).values_list("state", flat=True)) == {
        DeliveryState.WITHHELD
    }


def test_who_does_not_administer_decides_nothing(
    back: Fanout, olga: Person, edo: Person, browse: Browse
) -> None:
    for person in (olga, edo):
        assert browse(person).post(f"{PAGE}{back.pk}/invia/").status_code in (403, 404)
    back.refresh_from_db()
    assert back.withheld_at is not None


def test_a_mailing_is_sent_on_by_a_press_and_a_second_press_says_so(
    back: Fanout, alice: Person, browse: Browse
) -> None:
    client = browse(alice)
    first = client.post(f"{PAGE}{back.pk}/invia/", follow=True).content.decode()
    assert "2 messaggi ripartono." in first
    again = client.post(f"{PAGE}{back.pk}/annulla/", follow=True).content.decode()
    assert "Era già stato deciso" in again
    back.refresh_from_db()
    assert (back.n_waiting, back.stopped_at) == (2, None)


def test_what_is_dropped_is_said_to_be_cancelled_after_a_restore(
    back: Fanout, alice: Person, edo: Person, browse: Browse
) -> None:
    update = Update.objects.get()
    writer = browse(edo)
    assert "Trattenuto dopo un ripristino" in writer.get(update.get_absolute_url()).content.decode()
    browse(alice).post(f"{PAGE}{back.pk}/annulla/")
    assert "Annullato dopo un ripristino" in writer.get(update.get_absolute_url()).content.decode()


def test_all_decided_the_banner_is_gone(back: Fanout, alice: Person, browse: Browse) -> None:
    client = browse(alice)
    client.post(f"{PAGE}{back.pk}/invia/")
    client.post(PAGE + "singoli/annulla/")
    page = client.get(PAGE).content.decode()
    assert 'data-banner="restored"' not in client.get("/console/redazione/").content.decode()
    assert "Niente di ciò che era in coda" in page


def test_where_nothing_was_ever_taken_back_the_page_says_so(
    scope: Organization, alice: Person, browse: Browse
) -> None:
    assert "Nessun ripristino" in browse(alice).get(PAGE).content.decode()


def test_the_state_of_the_service_needs_a_person(back: Fanout, alice: Person, browse: Browse) -> None:
    page = browse(alice).get("/console/impostazioni/stato/").content.decode()
    assert 'data-trouble="outbox_withheld"' in page
    assert "3 messaggi che erano in coda aspettano" in page
    assert f'href="{PAGE}"' in page


def test_a_replica_that_took_over_is_said_for_a_day_and_needs_nobody(
    scope: Organization, sender: Sender, alice: Person, browse: Browse, tmp_path: Path
) -> None:
    keeping.keep(FolderNote(tmp_path))
    Timeline.objects.update(moved_place_at=timezone.now())
    client = browse(alice)
    assert 'data-trouble="database_moved"' in client.get("/console/impostazioni/stato/").content.decode()
    Timeline.objects.update(moved_place_at=timezone.now() - timedelta(days=2))
    assert "database_moved" not in client.get("/console/impostazioni/stato/").content.decode()


def test_an_operator_sees_which_messages_are_withheld_and_which_were_dropped(
    scope: Organization,
) -> None:
    from arengo.delivery.timeline.deciding import DROPPED
    from arengo.desk.bubbles import status_of
    from arengo.desk.models import Message

    def words(**delivery: Any) -> str:
        message = Message(direction=Message.Direction.OUT)
        message.delivery = Delivery(**delivery)
        found = status_of(message)
        assert found is not None
        return str(found.words)

    assert words(state=DeliveryState.WITHHELD) == "trattenuto dopo un ripristino"
    assert words(state=DeliveryState.CANCELLED, code=DROPPED) == "annullato dopo un ripristino"
    assert words(state=DeliveryState.CANCELLED) == "annullato"
