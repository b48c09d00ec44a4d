# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What imports, the list of people, the overview, the rule of numbers that receive nothing and new numbers make of a linked person."""

from __future__ import annotations

import csv as csv_module
import io
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from arengo.audience import consent, identities
from arengo.audience.imports import verbs as imports
from arengo.audience.imports.models import Import, Row
from arengo.audience.imports.running import run, undo
from arengo.audience.linking import verbs
from arengo.audience.linking.models import Link
from arengo.audience.models import Consent, Identity, Subscription
from arengo.audience.overview import keeping
from arengo.audience.people_list.asking import Asked
from arengo.audience.people_list.walking import walk
from arengo.audience.reasons import Reason
from arengo.audience.recipients import Recipients
from arengo.audience.unreached import verbs as unreached
from arengo.audience.unreached.verbs import NotNow
from arengo.core.models import Organization, Person
from arengo.delivery.models import Sender
from arengo.desk.models import Conversation
from arengo.platforms.contract import Address
from tests.audience.imports.importing import ada, checked, imported
from tests.audience.linking.two_chats import anna, link, work
from tests.desk.road import page_of
from tests.factories.audience import BRUNO, citizen, consented, message
from tests.factories.imports import csv
from tests.factories.linking import linked

__all__ = ["ada", "anna", "checked", "imported", "link", "work"]

pytestmark = pytest.mark.django_db
Browse = Callable[..., Client]
Imported = Callable[..., Import]
Arrive = Callable[..., None]

BOTH = csv("Cellulare;Nome", "+393330000001;Anna Esempio", "+393330000002;Anna al lavoro")


def reached() -> list[str]:
    return sorted(address.phone or "" for address in Recipients().addresses())


def states(batch: Import) -> list[str]:
    return list(Row.objects.filter(batch=batch).order_by("number").values_list("state", flat=True))


# --- imports ----------------------------------------------------------------------------------------------------------


def test_the_check_of_a_file_knows_her_under_both_numbers(link: Link, checked: Imported) -> None:
    assert states(checked(BOTH)) == [Row.State.LISTED, Row.State.LISTED]


def test_the_check_of_a_file_knows_that_she_left_in_the_other_chat(
    link: Link, anna: Identity, checked: Imported
) -> None:
    consent.withdraw(anna, at=timezone.now(), source="message", message_id="l", text="STOP")
    assert states(checked(BOTH)) == [Row.State.LEFT, Row.State.LEFT]


def test_who_links_two_chats_while_an_import_waits_is_written_to_once(
    anna: Identity, work: Identity, sender: Sender, checked: Imported, town: Organization, ada: Person
) -> None:
    batch = checked(BOTH)
    assert states(batch) == [Row.State.READY, Row.State.READY]
    consented(anna, sender)
    linked(anna, work, sender)
    imports.start(batch.pk, by=ada)
    run(town.pk, batch.pk)
    assert states(batch) == [Row.State.LISTED, Row.State.LISTED]
    assert reached() == ["+393330000001"]


def test_who_links_two_chats_and_leaves_while_an_import_waits_stays_off(
    anna: Identity, work: Identity, sender: Sender, checked: Imported, town: Organization, ada: Person
) -> None:
    batch = checked(BOTH)
    consented(anna, sender)
    linked(anna, work, sender)
    consent.withdraw(work, at=timezone.now(), source="message", message_id="l", text="STOP")
    imports.start(batch.pk, by=ada)
    run(town.pk, batch.pk)
    assert states(batch) == [Row.State.LEFT, Row.State.LEFT]
    assert reached() == []


def test_who_linked_two_chats_and_asked_for_nothing_may_be_imported(
    anna: Identity, work: Identity, sender: Sender, imported: Imported
) -> None:
    linked(anna, work, sender)
    batch = imported(csv("Cellulare;Nome", "+393330000002;Anna al lavoro"))
    assert states(batch) == [Row.State.JOINED]
    assert reached() == ["+393330000001"]


def test_an_import_of_a_linked_number_is_taken_back_where_it_counted(
    anna: Identity, work: Identity, sender: Sender, imported: Imported, ada: Person, town: Organization
) -> None:
    linked(anna, work, sender)
    batch = imported(csv("Cellulare;Nome", "+393330000002;Anna al lavoro"))
    imports.undo(batch.pk, by=ada)
    undo(town.pk, batch.pk)
    assert states(batch) == [Row.State.UNDONE]
    assert reached() == []


def test_who_spoke_in_the_other_chat_since_stays_when_the_import_is_taken_back(
    anna: Identity, work: Identity, sender: Sender, imported: Imported, ada: Person, town: Organization
) -> None:
    linked(anna, work, sender)
    batch = imported(csv("Cellulare;Nome", "+393330000002;Anna al lavoro"))
    Identity.objects.filter(pk=anna.pk).update(last_wrote_at=timezone.now())
    imports.undo(batch.pk, by=ada)
    undo(town.pk, batch.pk)
    assert states(batch) == [Row.State.STAYED]
    assert reached() == ["+393330000001"]


# --- the list of people, its search and its file ----------------------------------------------------------------------


def test_a_search_finds_both_cards_and_says_that_one_receives_in_the_other_chat(
    link: Link, edo: Person, browse: Browse
) -> None:
    page = browse(edo).post("/console/iscritti/persone/cerca/", {"text": "anna"}).text
    assert page.count("riceve in un’altra sua chat") == 1
    assert "non è nella lista" not in page
    by_number = browse(edo).post("/console/iscritti/persone/cerca/", {"text": "+39 333 000 0002"}).text
    assert "riceve in un’altra sua chat" in by_number


def test_the_list_has_her_once_under_the_way_in_which_she_came(
    link: Link, work: Identity, edo: Person, browse: Browse
) -> None:
    assert len(walk(Asked(), Asked().start()).found) == 1
    assert walk(Asked(left=True), Asked(left=True).start()).found == []
    verbs.prefer(link, work)
    found = walk(Asked(way="message"), Asked().start()).found
    assert found == [Subscription.objects.get(identity=work).pk]


def test_who_came_in_one_chat_and_is_reached_in_the_other_came_as_they_came(
    anna: Identity, work: Identity, sender: Sender, edo: Person, browse: Browse
) -> None:
    consented(anna, sender)
    verbs.prefer(linked(anna, work, sender), work)
    assert walk(Asked(way="message"), Asked().start()).found
    assert "con un messaggio" in browse(edo).get("/console/iscritti/persone/").text


def test_the_file_has_her_once(link: Link, work: Identity, alice: Person, browse: Browse) -> None:
    verbs.prefer(link, work)
    answer = browse(alice).post("/console/iscritti/esporta/")
    whole = b"".join(answer.streaming_content).decode("utf-8-sig")
    _head, row = csv_module.reader(io.StringIO(whole, newline=""), delimiter=";")
    assert row[0].replace(" ", "").endswith("3330000002")


# --- the overview -----------------------------------------------------------------------------------------------------


def test_the_overview_counts_one_person_who_left_once(link: Link, work: Identity, town: Organization) -> None:
    assert keeping.now(town).listed == 1
    consent.withdraw(work, at=timezone.now(), source="message", message_id="l", text="STOP")
    assert keeping.now(town).listed == 0
    today = keeping.today(town)
    assert dict(keeping.count(town, today, today)[today].left) == {Reason.UNSUBSCRIBED: 1}


def test_who_only_asks_and_linked_two_chats_is_one_who_only_asks(
    anna: Identity, work: Identity, sender: Sender, town: Organization
) -> None:
    Identity.objects.update(last_wrote_at=timezone.now())
    assert keeping.now(town).only_ask == 2
    found = linked(anna, work, sender)
    assert keeping.now(town).only_ask == 1
    consented(work, sender)
    assert keeping.now(town).only_ask == 0
    verbs.unlink(found)
    assert keeping.now(town).only_ask == 1


# --- numbers that receive nothing, and numbers that change --------------------------------------------------------------


def test_the_rule_does_not_put_back_one_of_two_chats(
    anna: Identity, work: Identity, sender: Sender, edo: Person
) -> None:
    consented(work, sender, reason=Reason.NEVER_REACHED)
    gone = Consent.objects.get(identity=work, action="withdrawn")
    consented(anna, sender)
    linked(anna, work, sender)
    with pytest.raises(NotNow, match="È già nella lista"):
        unreached.put_back(gone, by=edo)
    consent.withdraw(anna, at=timezone.now(), source="message", message_id="l", text="STOP")
    with pytest.raises(NotNow, match="ha collegato questa chat a un’altra"):
        unreached.put_back(gone, by=edo)
    assert reached() == []


def test_a_new_number_keeps_the_link_and_is_where_she_is_reached(
    link: Link, anna: Identity, work: Identity, sender: Sender
) -> None:
    for old, new in (("+393330000001", "+393330000011"), ("+393330000002", "+393330000012")):
        identities.rename("whatsapp", sender.pk, [(Address(phone=old), Address(phone=new))])
    assert Link.objects.get() == link
    assert reached() == ["+393330000011"]
    verbs.prefer(link, work)
    assert reached() == ["+393330000012"]


def test_somebody_who_gets_her_number_later_is_not_linked_with_it(town: Organization, sender: Sender) -> None:
    anna = citizen("Anna Esempio", phone="+393330000001", user_id="IT.ANNA0001")
    work = citizen("Anna al lavoro", phone="+393330000002", user_id="IT.ANNA0002")
    consented(anna, sender)
    linked(anna, work, sender)
    [stranger] = identities.resolve(
        "whatsapp", sender.pk, [Address(phone="+393330000002", user_id="IT.BRUNO0001")]
    )
    assert stranger.pk not in (anna.pk, work.pk)
    assert verbs.of(stranger) is None
    assert {Link.objects.get().preferred_id, Link.objects.get().other_id} == {anna.pk, work.pk}


# --- the desk ---------------------------------------------------------------------------------------------------------


def test_the_desk_sees_that_she_is_on_the_list(
    anna: Identity, work: Identity, sender: Sender, olga: Person, browse: Browse, arrive: Arrive
) -> None:
    """Also where her message comes near to a command of the list."""
    arrive(message(BRUNO, "mi potete dire se mi cancellate dalla lista?", sent_at=timezone.now()))
    address = page_of(Conversation.objects.get())
    page = browse(olga).get(address).text
    assert "Adesso non è fra gli iscritti." in page
    consented(anna, sender)
    linked(anna, work, sender)
    page = browse(olga).get(address).text
    assert "sì, riceve in un’altra sua chat" in page
    assert "Adesso non è fra gli iscritti." not in page
