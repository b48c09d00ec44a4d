# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Her own page, opened from either of two linked chats: both are shown, and what she does there is of the one subscription."""

from __future__ import annotations

import pytest

from arengo.audience import choosing, privacy, receiving
from arengo.audience.linking.chat import KIND
from arengo.audience.linking.models import Link
from arengo.audience.models import Consent, Identity, Subscription, Topic
from arengo.audience.rights import verbs as rights
from arengo.audience.topics.models import Choosing
from arengo.core import automatic
from arengo.core.console import personal_data
from arengo.core.models import AuditEntry
from arengo.delivery.models import Sender
from tests.audience.linking.two_chats import anna, link, work
from tests.factories.audience import at, citizen, consented
from tests.factories.linking import linked
from tests.factories.personal import PAGE, page_of

__all__ = ["anna", "link", "work"]

pytestmark = pytest.mark.django_db

ACT = f"{PAGE}fai/ways/"


def reached() -> list[str]:
    return [one.identity.phone for one in Subscription.objects.filter(active=True)]


def test_both_chats_are_shown_and_neither_number_in_full(
    link: Link, anna: Identity, work: Identity, sender: Sender
) -> None:
    for own in (anna, work):
        page = page_of(own, sender).get(PAGE).text
        assert "Le tue due chat" in page
        assert page.count("gli avvisi arrivano qui") == 1
        assert "+39 … 01" in page
        assert "+39 … 02" in page
        for identity in (anna, work):
            assert identity.phone[3:] not in page.replace(" ", "")
        assert "li ricevi" in page


def test_who_linked_nothing_is_shown_nothing_of_it(anna: Identity, sender: Sender) -> None:
    client = page_of(anna, sender)
    assert "Le tue due chat" not in client.get(PAGE).text
    assert client.get(ACT).status_code == 404
    assert "non erano già più collegate" in client.post(ACT, {"what": "unlink"}, follow=True).text


def test_who_linked_nothing_is_told_how_where_codes_are_sent(anna: Identity, sender: Sender) -> None:
    client = page_of(anna, sender)
    automatic.switch([KIND], on=False)
    assert "Scrivi anche da un’altra chat?" not in client.get(PAGE).text
    automatic.switch([KIND], on=True)
    assert "che vale 10 minuti" in client.get(PAGE).text
    assert client.post(f"{PAGE}fai/link/").status_code == 404


def test_who_linked_two_is_not_told_how(link: Link, anna: Identity, sender: Sender) -> None:
    automatic.switch([KIND], on=True)
    assert "Scrivi anche da un’altra chat?" not in page_of(anna, sender).get(PAGE).text


def test_she_has_notices_come_to_the_chat_that_she_prefers(
    link: Link, anna: Identity, work: Identity, sender: Sender
) -> None:
    client = page_of(work, sender)
    assert "nella chat che hai scelto" in client.post(ACT, {"what": "here"}, follow=True).text
    assert reached() == [work.phone]
    client.post(ACT, {"what": "here"})  # pressed twice
    assert reached() == [work.phone]
    client.post(ACT, {"what": "there"})
    assert reached() == [anna.phone]
    assert {entry.person for entry in AuditEntry.objects.filter(verb="audience.preferred")} == {None}


def test_she_takes_them_apart_after_a_question(
    link: Link, anna: Identity, work: Identity, sender: Sender
) -> None:
    client = page_of(work, sender)
    assert "Scollegare le due chat?" in client.get(ACT).text
    assert Link.objects.exists()
    answer = client.post(ACT, {"what": "unlink"}, follow=True)
    assert "di nuovo la sua iscrizione" in answer.text
    assert "Le tue due chat" not in answer.text
    assert sorted(reached()) == [anna.phone, work.phone]


def test_what_she_chooses_from_either_page_is_chosen_for_the_one_subscription(
    link: Link, anna: Identity, work: Identity, sender: Sender
) -> None:
    first, second, *_rest = Topic.in_use()
    client = page_of(work, sender)
    assert "Che cosa ricevo" in client.get(PAGE).text
    client.post(f"{PAGE}fai/choose/", {"topics_which": "some", "topics": [first.pk]})
    assert receiving.of(Subscription.objects.get(identity=anna)).topics == {first.pk}
    assert receiving.of(Subscription.objects.get(identity=work)).topics == frozenset()
    page_of(anna, sender).post(f"{PAGE}fai/choose/", {"topics_which": "some", "topics": [second.pk]})
    assert f"Ricevi: {second.name}." in client.get(PAGE).text


def test_leaving_on_either_page_leaves_for_both_and_joining_joins_once(
    link: Link, anna: Identity, work: Identity, sender: Sender
) -> None:
    client = page_of(work, sender)
    client.post(f"{PAGE}fai/list/", {"what": "leave"})
    assert reached() == []
    assert "non li ricevi" in client.get(PAGE).text
    assert Consent.objects.filter(action="withdrawn", effective=True).count() == 1
    client.post(f"{PAGE}fai/list/", {"what": "join"})
    assert reached() == [anna.phone]


def test_objecting_in_either_chat_objects_for_the_person_on_both_cards(
    link: Link, anna: Identity, work: Identity, sender: Sender
) -> None:
    client = page_of(work, sender)
    assert "Mi oppongo" in client.get(PAGE).text
    client.post(f"{PAGE}fai/object/")
    assert reached() == []
    for own in (anna, work):
        assert rights.objected(own.contact) is not None
    client.post(ACT, {"what": "unlink"})
    assert reached() == []  # taking the chats apart brings nobody back who objected
    page_of(anna, sender).post(f"{PAGE}fai/list/", {"what": "join"})
    assert rights.objected(anna.contact) is None
    assert rights.objected(work.contact) is not None  # by now each speaks for itself


def test_joining_in_one_chat_ends_the_objection_of_the_person(
    link: Link, anna: Identity, work: Identity, sender: Sender
) -> None:
    page_of(work, sender).post(f"{PAGE}fai/object/")
    page_of(work, sender).post(f"{PAGE}fai/list/", {"what": "join"})
    assert rights.objected(anna.contact) is None
    assert rights.objected(work.contact) is None


def test_who_objected_and_then_links_a_chat_that_is_on_the_list_receives_there(
    anna: Identity, work: Identity, sender: Sender
) -> None:
    """As after any leave: what they asked for in the other chat stands, and the card does not say the contrary."""
    consented(anna, sender)
    page_of(work, sender).post(f"{PAGE}fai/object/")
    assert rights.objected(work.contact) is not None
    linked(anna, work, sender)
    assert reached() == [anna.phone]
    assert rights.objected(work.contact) is None


def test_erasing_says_that_the_other_card_stays(
    link: Link, anna: Identity, work: Identity, sender: Sender
) -> None:
    client = page_of(anna, sender)
    question = client.get(f"{PAGE}fai/erase/").text
    assert "Resta l’altra chat" in question
    assert "1 collegamento con un’altra chat" in question
    client.post(f"{PAGE}fai/erase/", {"sure": "yes"})
    assert reached() == [work.phone]
    assert not Link.objects.exists()
    assert "Resta l’altra chat" not in page_of(work, sender).get(f"{PAGE}fai/erase/").text


def test_what_is_handed_out_says_where_she_receives_and_no_number(link: Link, work: Identity) -> None:
    [found] = privacy.everything(work.contact)["linked_chats"]
    assert found["platforms"] == ["whatsapp", "whatsapp"]
    assert found["received_on"] == "whatsapp"
    [chapter] = [one for one in personal_data.chapters(work.contact_id) if "collegato" in one.title]
    [line] = chapter.lines
    assert "… 01" in line.text
    assert "+393330000001" not in line.label.replace(" ", "")


def test_a_choice_by_page_of_somebody_else_changes_nothing_of_hers(
    link: Link, anna: Identity, sender: Sender
) -> None:
    bruno = citizen("Bruno Esempio")
    consented(bruno, sender)
    client = page_of(bruno, sender)
    client.post(ACT, {"what": "unlink"})
    client.post(ACT, {"what": "here"})
    assert Link.objects.get() == link
    choosing.choose(
        Subscription.objects.get(identity=bruno),
        topics=[Topic.in_use()[0].pk],
        way=Choosing.Way.PAGE,
        at=at(1),
    )
    assert receiving.of(Subscription.objects.get(identity=anna)).topics == frozenset()
