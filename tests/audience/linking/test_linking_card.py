# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The two cards of a person who linked their chats; and what erasing, merging and others' pages make of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from arengo.audience import identities, privacy
from arengo.audience.linking.models import Link
from arengo.audience.models import Consent, Identity, Subscription
from arengo.audience.people_list import counts
from arengo.core.models import AuditEntry, Person
from arengo.delivery.models import Sender
from arengo.platforms.contract import Address
from tests.audience.linking.two_chats import anna, link, work
from tests.factories.audience import citizen, consented
from tests.factories.linking import linked, state
from tests.factories.personal import page_of

__all__ = ["anna", "link", "work"]

pytestmark = pytest.mark.django_db
Browse = Callable[..., Client]


def card(client: Client, identity: Identity) -> str:
    return str(client.get(f"/console/iscritti/{identity.contact_id}/").text)


def test_each_card_shows_the_other_and_where_she_receives(
    link: Link, anna: Identity, work: Identity, edo: Person, browse: Browse
) -> None:
    client = browse(edo)
    for own, other in ((anna, work), (work, anna)):
        page = card(client, own)
        assert "Recapiti" in page
        assert f'href="/console/iscritti/{other.contact_id}/"' in page
        assert "riceve qui" in page
        assert other.phone[-6:] not in page.replace(" ", "")  # the whole number is on its own card
    assert "riceve nella chat collegata" in card(client, work)
    assert "riceve nella chat collegata" not in card(client, anna)


def test_who_linked_nothing_has_no_such_panel(anna: Identity, edo: Person, browse: Browse) -> None:
    assert "ways-title" not in card(browse(edo), anna)


def test_staff_has_her_receive_elsewhere_and_the_log_says_so(
    link: Link, anna: Identity, work: Identity, edo: Person, browse: Browse
) -> None:
    path = f"/console/iscritti/{anna.contact_id}/collegamento/{link.pk}/ricevi/{work.pk}/"
    page = browse(edo).post(path, follow=True)
    assert "Da ora riceve su WhatsApp" in page.text
    assert Subscription.objects.get(active=True).identity == work
    entry = AuditEntry.objects.get(verb="audience.preferred")
    assert (entry.person, entry.object_id) == (edo, str(work.contact_id))
    assert "lì" in browse(edo).post(path, follow=True).text
    assert AuditEntry.objects.filter(verb="audience.preferred").count() == 1


def test_staff_takes_the_chats_apart_after_a_question(
    link: Link, anna: Identity, work: Identity, edo: Person, browse: Browse
) -> None:
    client, path = browse(edo), f"/console/iscritti/{work.contact_id}/collegamento/{link.pk}/scollega/"
    assert "Scollegare le due chat?" in client.get(path).text
    assert Link.objects.exists()
    assert "di nuovo la sua iscrizione" in client.post(path, follow=True).text
    assert Subscription.objects.filter(active=True).count() == 2
    assert AuditEntry.objects.get(verb="audience.unlinked").person == edo
    assert client.post(path).status_code == 404


def test_a_stranger_and_a_card_of_somebody_else_find_nothing(
    link: Link, anna: Identity, work: Identity, edo: Person, carlo: Person, browse: Browse
) -> None:
    bruno = citizen("Bruno Esempio")
    paths = [f"collegamento/{link.pk}/scollega/", f"collegamento/{link.pk}/ricevi/{work.pk}/"]
    for path in paths:
        assert browse(carlo).post(f"/console/iscritti/{anna.contact_id}/{path}").status_code == 404
        assert browse(edo).post(f"/console/iscritti/{bruno.contact_id}/{path}").status_code == 404
    other = f"/console/iscritti/{anna.contact_id}/collegamento/{link.pk}/ricevi/{bruno.pk}/"
    assert browse(edo).post(other).status_code == 404
    assert Link.objects.get().preferred == anna


def test_an_auditor_sees_and_changes_nothing(
    link: Link, anna: Identity, rita: Person, browse: Browse
) -> None:
    client = browse(rita)
    page = card(client, anna)
    assert "Recapiti" in page
    assert "Fai ricevere qui" not in page
    path = f"/console/iscritti/{anna.contact_id}/collegamento/{link.pk}/scollega/"
    assert client.post(path).status_code in (403, 404)


def test_erasing_one_gives_the_other_back_what_it_had(
    anna: Identity, work: Identity, sender: Sender, alice: Person
) -> None:
    consented(anna, sender)
    consented(work, sender)
    before = state(work)
    linked(anna, work, sender)
    privacy.erase(anna.contact, by=alice)
    assert state(work) == before
    assert not Link.objects.exists()


def test_two_linked_numbers_that_turn_out_to_be_one_have_one_subscription(
    link: Link, anna: Identity, sender: Sender
) -> None:
    identities.rename(
        "whatsapp", sender.pk, [(Address(phone="+393330000002"), Address(phone="+393330000001"))]
    )
    [left] = Identity.objects.all()
    assert not Link.objects.exists()
    own = Subscription.objects.get()
    assert (own.identity, own.active, own.replaced_by) == (left, True, None)


def test_one_of_two_that_becomes_a_third_person_frees_the_other(
    link: Link, work: Identity, sender: Sender
) -> None:
    clara = citizen("Clara Esempio", phone="+393330000003")
    identities.rename("whatsapp", sender.pk, [(clara.address, Address(phone="+393330000001"))])
    assert not Link.objects.exists()
    assert Subscription.objects.get(identity=work).active


def test_the_database_keeps_two_from_being_reached(link: Link) -> None:
    with pytest.raises(IntegrityError, match="audience_sub_one_of_two"), transaction.atomic():
        Subscription.objects.filter(identity=link.other).update(active=True)


def test_who_is_put_aside_is_counted_neither_as_there_nor_as_gone(link: Link) -> None:
    found = counts.counts()
    assert (found.subscribed.many, found.left.many) == (1, 0)


def test_her_own_page_says_where_she_receives_and_leaves_for_both(
    link: Link, work: Identity, sender: Sender
) -> None:
    client = page_of(work, sender)
    assert "Non ricevo" in client.get("/miei/").text or "ricevi" in client.get("/miei/").text.lower()
    client.post("/miei/fai/list/", {"what": "leave"})
    assert not Subscription.objects.filter(active=True).exists()
    assert Consent.objects.filter(action="withdrawn", effective=True).count() == 1


def test_the_proof_of_the_other_chat_says_that_it_counted(
    link: Link, work: Identity, edo: Person, browse: Browse
) -> None:
    client = browse(edo)
    client.post(f"/console/iscritti/{work.contact_id}/cancella-iscrizione/{work.pk}/")
    row = Consent.objects.get(identity=work, action="withdrawn")
    proof = client.get(f"/console/iscritti/prova/{row.pk}/").text
    assert "Sull’altra chat di questa persona" in proof
    assert "Non ha cambiato nulla" not in proof
    assert "vale nella chat collegata" in card(client, work)


def test_what_is_handed_out_names_the_platforms_and_no_number(link: Link, anna: Identity) -> None:
    [found] = privacy.everything(anna.contact)["linked_chats"]
    assert found["received_on"] == "whatsapp"
    assert found["platforms"] == ["whatsapp", "whatsapp"]
