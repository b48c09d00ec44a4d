# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Several desks: whose conversations are seen by whom, how one goes to another desk, and how desks are set."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from arengo.core import live_topics
from arengo.core.models import AuditEntry, Organization, Person
from arengo.delivery.models import Sender
from arengo.desk import handling, moving
from arengo.desk.desks import desk_for
from arengo.desk.lists.listing import WAITING
from arengo.desk.lists.waiting import promise
from arengo.desk.models import Attachment, Conversation, Desk
from tests.desk.listing import member_of, shown, waiting_count
from tests.desk.road import DESK, Writes, page_of
from tests.factories.audience import citizen
from tests.factories.delivery import make_sender
from tests.factories.desk import keep, photo_said, said
from tests.factories.pictures import picture

pytestmark = pytest.mark.django_db

Browse = Callable[..., Client]
DESKS = "/console/impostazioni/sportelli/"


@pytest.fixture
def police(scope: Organization, sender: Sender, bea: Person) -> Desk:
    """The local police: Bea's alone."""
    desk_for(scope.pk, sender.pk)
    desk: Desk = Desk.objects.create(
        organization_id=scope.pk, name="Polizia locale", slug="polizia", order=9, everyone=False
    )
    desk.members.add(member_of(bea))
    return desk


@pytest.fixture
def theirs(write: Writes, police: Desk) -> Conversation:
    """A photo of a citizen, at the police's desk."""
    write(photo_said(citizen("Zoe Esempio"), "La targa"))
    found: Conversation = Conversation.objects.get(contact__name="Zoe Esempio")
    Conversation.objects.filter(pk=found.pk).update(desk=police)
    found.refresh_from_db()
    return found


def test_a_conversation_of_a_desk_that_one_does_not_see_is_nowhere(
    theirs: Conversation, olga: Person, bea: Person, alice: Person, rita: Person, browse: Browse
) -> None:
    photo = Attachment.objects.get()
    keep(photo, picture(), "image/jpeg")
    message = theirs.messages.get()
    for person, sees in ((olga, False), (bea, True), (alice, True), (rita, True)):
        client = browse(person)
        assert (shown(WAITING, person) == [theirs]) is sees
        assert waiting_count(person) == int(sees)
        assert ("Zoe Esempio" in client.get(DESK).content.decode()) is sees
        for path in (page_of(theirs), f"{page_of(theirs)}pannello/", f"{DESK}allegati/{photo.pk}/miniatura/"):
            assert client.get(path).status_code == (200 if sees else 404), path
        assert live_topics.may_hear(member_of(person), theirs.topic) is sees
    client = browse(olga)
    for path in (
        "prendi/",
        "rispondi/",
        "chiudi/",
        "rilascia/",
        "visto/",
        "scrive/",
        "sportello/",
        "etichetta/",
        "nota/",
    ):
        assert client.post(page_of(theirs) + path, {"text": "Ciao", "key": "k"}).status_code == 404, path
    assert client.post(f"{DESK}messaggi/{message.pk}/reazione/", {"emoji": "👍"}).status_code == 404
    assert client.post(f"{DESK}allegati/{photo.pk}/riprova/").status_code == 404
    client.post(f"{DESK}chiudi-insieme/", {"chosen": [theirs.pk], "sure": "1"})
    theirs.refresh_from_db()
    assert theirs.is_open
    assert theirs.assignee is None


def test_the_same_citizen_s_conversation_at_another_desk_is_not_named(
    theirs: Conversation, write: Writes, olga: Person, bea: Person, browse: Browse
) -> None:
    handling.close(theirs, by=bea)
    identity = theirs.identity
    assert identity is not None
    write(said(identity, "E il cinema?"))
    mine = Conversation.objects.exclude(pk=theirs.pk).get()
    assert page_of(theirs) not in browse(olga).get(page_of(mine)).content.decode()
    assert page_of(theirs) in browse(bea).get(page_of(mine)).content.decode()


def test_it_goes_to_another_desk_with_a_line_of_the_log(
    conversation: Conversation, police: Desk, olga: Person, bea: Person, browse: Browse
) -> None:
    handling.take(conversation, by=olga)
    answer = browse(olga).post(f"{page_of(conversation)}sportello/", {"desk": police.pk}, follow=True)
    text = answer.content.decode()
    assert "è passata a «" in text
    conversation.refresh_from_db()
    assert (conversation.desk, conversation.assignee) == (police, None)  # Olga does not see it there
    assert conversation.waiting_since is not None
    entry = AuditEntry.objects.get(verb="desk.moved")
    assert (entry.person, entry.detail["desk"]) == (olga, "Polizia locale")
    assert conversation.assignments.order_by("-id")[0].action == "moved"
    handling.take(conversation, by=bea)
    first = Desk.objects.exclude(pk=police.pk).get()
    part = browse(bea).post(
        f"{page_of(conversation)}sportello/", {"desk": first.pk}, headers={"HX-Request": "true"}
    )
    assert part.status_code == 200  # Bea sees both: it stays open before her, and hers
    conversation.refresh_from_db()
    assert (conversation.desk, conversation.assignee) == (first, bea)


def test_it_goes_only_where_its_number_is_answered(
    conversation: Conversation, police: Desk, scope: Organization, olga: Person, altrove: Organization
) -> None:
    police.senders.add(make_sender(scope, "second"))
    with pytest.raises(handling.HandlingRefused):
        moving.move(conversation, to=police, by=olga)
    police.senders.clear()
    Desk.objects.filter(pk=police.pk).update(active=False)
    assert not moving.other_desks(conversation).exists()


def test_it_is_given_only_to_who_sees_the_desk(theirs: Conversation, olga: Person, bea: Person) -> None:
    with pytest.raises(handling.HandlingRefused):
        handling.assign(theirs, to=olga, by=bea)
    handling.assign(theirs, to=bea, by=bea)


def facts(**changes: object) -> dict[str, object]:
    return {"name": "Biblioteca", "order": "5", "active": "on", "everyone": "on", **changes}


def test_an_administrator_makes_and_changes_desks(
    scope: Organization, sender: Sender, olga: Person, alice: Person, browse: Browse
) -> None:
    client = browse(alice)
    assert "Qui non c’è ancora uno sportello" in client.get(DESKS).content.decode()
    client.post(f"{DESKS}nuovo/", facts())
    desk = Desk.objects.get()
    assert (desk.name, desk.slug, desk.order, desk.everyone) == ("Biblioteca", "biblioteca", 5, True)
    path = reverse("settings:desk", args=[desk.pk])
    client.post(
        path, facts(name="La biblioteca", everyone="", members=[member_of(olga).pk], senders=[sender.pk])
    )
    desk.refresh_from_db()
    assert (desk.name, desk.everyone, desk.slug) == ("La biblioteca", False, "biblioteca")
    assert [member.person for member in desk.members.all()] == [olga]
    assert "La biblioteca" in client.get(DESKS).content.decode()
    assert set(AuditEntry.objects.values_list("verb", flat=True)) == {"desk.made_desk", "desk.changed_desk"}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": "Biblioteca"}, "C’è già uno sportello con questo nome."),
        ({"name": "biblioteca"}, "C’è già uno sportello con questo nome."),
        ({"name": "Altro", "everyone": ""}, "Scegli chi lo vede"),
        ({"name": ""}, "obbligatorio"),
        ({"name": "Altro", "order": "-1"}, "aria-invalid"),
    ],
)
def test_a_desk_that_cannot_be_is_refused_with_its_reason(
    scope: Organization, alice: Person, browse: Browse, changes: dict[str, object], words: str
) -> None:
    client = browse(alice)
    client.post(f"{DESKS}nuovo/", facts())
    answer = client.post(f"{DESKS}nuovo/", facts(**changes))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert Desk.objects.count() == 1


def test_the_last_desk_in_service_stays_in_service(
    scope: Organization, alice: Person, browse: Browse
) -> None:
    client = browse(alice)
    client.post(f"{DESKS}nuovo/", facts())
    desk = Desk.objects.get()
    answer = client.post(reverse("settings:desk", args=[desk.pk]), facts(active=""))
    assert "Almeno uno sportello resta in servizio" in answer.content.decode()
    desk.refresh_from_db()
    assert desk.active


def test_settings_are_the_administrator_s_and_the_auditor_reads(
    police: Desk, olga: Person, rita: Person, carlo: Person, browse: Browse
) -> None:
    path = reverse("settings:desk", args=[police.pk])
    for address in (DESKS, path):
        assert browse(olga).get(address).status_code == 403
        assert browse(rita).get(address).status_code == 200
    assert browse(carlo).get(path).status_code == 404
    assert browse(rita).post(path, facts()).status_code == 403
    assert browse(rita).post(f"{DESKS}tempo-di-risposta/", {"minutes": "30"}).status_code == 403


def test_the_promise_is_set_in_minutes(scope: Organization, alice: Person, browse: Browse) -> None:
    assert promise() == 60
    browse(alice).post(f"{DESKS}tempo-di-risposta/", {"minutes": "90"})
    assert promise() == 90
    assert browse(alice).post(f"{DESKS}tempo-di-risposta/", {"minutes": "1"}).status_code == 422
