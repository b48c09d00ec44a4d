# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A hold keeps everything of one citizen: from the nights, and from their own request, which waits and says why."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from arengo.audience import privacy
from arengo.audience.models import Contact
from arengo.audience.retention import holding, jobs, verbs
from arengo.audience.retention.models import Hold
from arengo.audience.retention.verbs import NotHeld
from arengo.audience.rights import verbs as rights
from arengo.audience.rights.models import Check, Right, RightsRequest, Way
from arengo.audience.rights.verbs import Asked, NotDone
from arengo.core.console import holds
from arengo.core.models import AuditEntry, Organization, Person, Role
from arengo.core.scope import organization_scope
from arengo.delivery.models import Sender
from arengo.desk.models import Message
from arengo.platforms.contract import Address
from tests.factories.audience import ANNA, CLARA, known, message
from tests.factories.core import member
from tests.factories.personal import page_of
from tests.factories.retention import night

pytestmark = pytest.mark.django_db

Arrive = Callable[..., None]
Browse = Callable[..., Client]
PAGE = "/console/iscritti/conservazione/"


@pytest.fixture
def anna(arrive: Arrive) -> Contact:
    """She wrote a moment ago."""
    arrive(message(ANNA, "Il lampione è spento", name="Anna Esempio", sent_at=timezone.now()))
    return known(ANNA).contact


def path_of(contact: Contact) -> str:
    return f"/console/iscritti/{contact.pk}/blocco/"


def two_years_old() -> None:
    Message.objects.update(sent_at=timezone.now() - timedelta(days=800))


def asked(by: Person | None) -> Asked:
    return Asked(Way.COUNTER if by else Way.PAGE, Check.DOCUMENT if by else Check.LINK, by)


def test_while_it_stands_no_night_takes_what_is_theirs(
    anna: Contact, arrive: Arrive, esempio: Organization, alice: Person
) -> None:
    arrive(message(CLARA, "Anche qui", sent_at=timezone.now()))
    two_years_old()
    hold = verbs.place(anna, "Causa 4417/2026", None, by=alice)
    assert night(esempio, "desk.messages") == 1  # Clara's
    assert Message.objects.get(erased_at=None).text == "Il lampione è spento"
    verbs.release(hold, by=alice)
    assert night(esempio, "desk.messages") == 1
    assert not Message.objects.exclude(text="").exists()


def test_it_ends_by_itself_after_its_last_day(anna: Contact, esempio: Organization, alice: Person) -> None:
    two_years_old()
    hold = verbs.place(anna, "Richiesta del Garante", timezone.localdate(), by=alice)
    jobs.end_holds(0)
    assert holding.standing(anna) == [hold]  # on its last day it holds
    Hold.objects.update(until=timezone.localdate() - timedelta(days=1))
    assert holding.standing(anna) == []
    assert night(esempio, "desk.messages") == 1  # also before the job wrote its end
    jobs.end_holds(0)
    jobs.end_holds(0)
    hold.refresh_from_db()
    assert (hold.ended_at is not None, hold.ended_by) == (True, None)
    assert AuditEntry.objects.filter(verb="audience.hold_ended").count() == 1


def test_their_own_request_waits_is_written_down_once_and_says_why(anna: Contact, alice: Person) -> None:
    hold = verbs.place(anna, "Causa 4417/2026", date(2099, 4, 3), by=alice)
    for _time in range(2):
        with pytest.raises(NotDone, match=r"fino al 3 aprile 2099.*art\. 17") as why:
            rights.erase(anna, asked(None))
    assert "Causa" not in str(why.value)  # the staff's words are not for the page of a citizen
    anna.refresh_from_db()
    assert anna.erased_at is None
    request = RightsRequest.objects.get()
    assert (request.right, request.state, request.way) == (Right.ERASE, "open", Way.PAGE)
    verbs.release(hold, by=alice)
    rights.erase(anna, asked(alice))
    assert RightsRequest.objects.get().state == "done"


def test_nobody_erases_who_is_held(anna: Contact, alice: Person, browse: Browse) -> None:
    verbs.place(anna, "Causa 4417/2026", None, by=alice)
    with pytest.raises(privacy.Held):
        privacy.erase(anna, by=alice)
    answer = browse(alice).post(
        f"/console/iscritti/{anna.pk}/diritti/erase/",
        {"way": "counter", "check_way": "document", "press": "do"},
    )
    assert answer.status_code == 422
    assert "La richiesta è segnata, e aspetta" in answer.text
    anna.refresh_from_db()
    assert anna.erased_at is None


def test_on_their_page_a_citizen_reads_why_it_waits(anna: Contact, alice: Person, sender: Sender) -> None:
    verbs.place(anna, "Causa 4417/2026", None, by=alice)
    client = page_of(known(ANNA), sender)
    answer = client.post("/miei/fai/erase/", {"sure": "yes"}, follow=True)
    assert "La tua richiesta è segnata, e aspetta" in answer.text
    assert "Causa" not in answer.text
    anna.refresh_from_db()
    assert anna.erased_at is None


def test_an_administrator_places_and_releases_one_from_the_card(
    anna: Contact, alice: Person, browse: Browse
) -> None:
    client = browse(alice)
    assert "Blocca la cancellazione dei suoi dati" in client.get(f"/console/iscritti/{anna.pk}/").text
    client.post(path_of(anna), {"reason": "  Causa  4417/2026 ", "until": ""})
    hold = Hold.objects.get()
    assert (hold.reason, hold.until, hold.by) == ("Causa 4417/2026", None, alice)
    card = client.get(f"/console/iscritti/{anna.pk}/").text
    assert "Causa 4417/2026" in card
    page = client.get(PAGE).text
    assert "Causa 4417/2026" in page
    assert "Anna Esempio" in page
    answer = client.post(f"{PAGE}blocchi/{hold.pk}/togli/", {"to": "card"})
    assert answer["Location"] == f"/console/iscritti/{anna.pk}/"
    assert holding.standing(anna) == []
    assert [entry.verb for entry in AuditEntry.objects.filter(verb__endswith="_hold").order_by("pk")] == [
        "audience.placed_hold",
        "audience.released_hold",
    ]
    client.post(f"{PAGE}blocchi/{hold.pk}/togli/")  # a second press
    assert AuditEntry.objects.filter(verb="audience.released_hold").count() == 1


def test_what_was_typed_stays_when_something_is_wrong(anna: Contact, alice: Person, browse: Browse) -> None:
    client = browse(alice)
    for typed, words in (
        ({"reason": "", "until": ""}, "obbligatorio"),
        ({"reason": "Causa 1", "until": "2020-01-01"}, "non può essere passato"),
        ({"reason": "Causa 1", "until": "domani"}, "data valida"),
        ({"reason": "x" * 201, "until": ""}, "200"),
    ):
        answer = client.post(path_of(anna), typed)
        assert answer.status_code == 422
        assert words in answer.text
        assert typed["reason"] in answer.text
    assert not Hold.objects.exists()


def test_who_is_gone_is_not_held(anna: Contact, alice: Person, browse: Browse) -> None:
    privacy.erase(anna, by=alice)
    with pytest.raises(NotHeld):
        verbs.place(anna, "Causa 4417/2026", None, by=alice)
    assert browse(alice).get(path_of(anna)).status_code == 404


def test_there_is_a_ceiling(anna: Contact, alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verbs, "MOST", 1)
    verbs.place(anna, "Causa 4417/2026", None, by=alice)
    with pytest.raises(NotHeld, match="Ci sono già 1 blocchi"):
        verbs.place(anna, "Causa 2", None, by=alice)


def test_a_hold_follows_a_person_who_turns_out_to_be_two(
    anna: Contact, arrive: Arrive, alice: Person
) -> None:
    arrive(message(CLARA, "Buongiorno", sent_at=timezone.now()))
    verbs.place(known(CLARA).contact, "Causa 4417/2026", None, by=alice)
    both = Address(phone=ANNA.phone, user_id=CLARA.user_id)
    arrive(message(both, "Eccomi", sent_at=timezone.now()))
    assert [one.reason for one in holding.standing(known(ANNA).contact)] == ["Causa 4417/2026"]


def test_it_is_handed_out_and_tells_the_addresses_to_lower_rooms(anna: Contact, alice: Person) -> None:
    verbs.place(anna, "Causa 4417/2026", date(2099, 4, 3), by=alice)
    assert privacy.everything(anna)["holds"][0]["until"] == "2099-04-03"
    held = holds.held()
    assert set(held.contacts) == {anna.pk}
    assert bytes(known(ANNA).phone_hash or b"") in held.addresses


def test_others_see_that_there_is_one_but_not_why(
    anna: Contact, alice: Person, rita: Person, esempio: Organization, browse: Browse
) -> None:
    hold = verbs.place(anna, "Causa 4417/2026", None, by=alice)
    editor = member(esempio, "edo@esempio.test", "Edo Esempio", Role.EDITOR)
    card = browse(editor).get(f"/console/iscritti/{anna.pk}/").text
    assert "I suoi dati sono bloccati" in card
    assert "Causa 4417" not in card
    assert "Causa 4417" in browse(rita).get(f"/console/iscritti/{anna.pk}/").text  # an auditor
    for person in (editor, rita):
        assert browse(person).post(path_of(anna), {"reason": "Causa 2"}).status_code == 403
        assert browse(person).post(f"{PAGE}blocchi/{hold.pk}/togli/").status_code == 403
    assert browse(editor).get(PAGE).status_code == 403
    assert browse(rita).get(PAGE).status_code == 200


def test_carlo_of_another_organization_finds_nothing(
    anna: Contact, alice: Person, carlo: Person, altrove: Organization, browse: Browse
) -> None:
    hold = verbs.place(anna, "Causa 4417/2026", None, by=alice)
    own, ours = browse(carlo, "altrove.test"), browse(carlo)
    for client in (own, ours):
        assert client.get(path_of(anna)).status_code == 404
        assert client.post(path_of(anna), {"reason": "Causa 2"}).status_code == 404
        assert client.post(f"{PAGE}blocchi/{hold.pk}/togli/").status_code == 404
    assert "Causa 4417" not in own.get(PAGE).text
    with organization_scope(altrove):
        assert not holds.held().contacts
    assert holding.standing(anna) == [hold]
