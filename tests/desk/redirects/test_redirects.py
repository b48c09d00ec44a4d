# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reports and complaints are not taken here: one press sends the address of their category."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from arengo.audience.models import Identity
from arengo.core.console import personal_data
from arengo.core.models import AuditEntry, Organization, Person
from arengo.delivery.models import Delivery
from arengo.desk import following
from arengo.desk.labels import shown as labels, verbs as label_verbs
from arengo.desk.labels.models import Label
from arengo.desk.models import Conversation, Message
from arengo.desk.redirects import ready, shown, verbs
from arengo.desk.redirects.models import MOST, Redirect, Redirected
from tests.desk.road import Writes, page_of, sent
from tests.factories.audience import citizen
from tests.factories.desk import said

pytestmark = pytest.mark.django_db

Browse = Callable[..., Client]
SETTINGS = "/console/impostazioni/rimandi/"
LINK = "https://segnala.esempio.test/"


@pytest.fixture
def holes(scope: Organization, alice: Person) -> Redirect:
    """«Buche e strade», once the address of the reporting system is written."""
    verbs.set_link(scope, LINK, by=alice)
    return Redirect.objects.get(name="Buche e strade")


def test_the_ready_categories_have_a_text_an_address_and_a_label(holes: Redirect) -> None:
    found = list(Redirect.objects.all())
    assert [one.name for one in found] == [name for name, _text in ready.CATEGORIES]
    for one in found:
        assert LINK in verbs.text_of(one)
        assert "{" not in verbs.text_of(one)
        assert one.label is not None
        assert one.label.name == one.name


def test_one_press_answers_labels_and_is_counted(
    conversation: Conversation, holes: Redirect, olga: Person, browse: Browse
) -> None:
    client = browse(olga)
    assert "Buche e strade" in client.get(page_of(conversation)).content.decode()
    for _press in range(2):
        client.post(f"{page_of(conversation)}rimanda/", {"redirect": holes.pk, "key": "k"})
    [row] = Redirected.objects.all()
    assert (row.redirect, row.conversation, row.by) == (holes, conversation, olga)
    assert row.message is not None
    assert LINK in sent(row.message).body  # type: ignore[union-attr]  # a text
    assert [label.name for label in labels.of(conversation, may_change=False).on] == ["Buche e strade"]
    assert shown.counted(timezone.now() - timedelta(days=1), timezone.now()) == {holes.pk: 1}
    conversation.refresh_from_db()
    assert conversation.waiting_since is None
    assert AuditEntry.objects.filter(verb="desk.redirected").count() == 1


def test_a_label_that_cannot_be_put_on_does_not_keep_the_answer_back(
    conversation: Conversation, holes: Redirect, olga: Person
) -> None:
    assert holes.label is not None
    label_verbs.offer(holes.label, on=False, by=olga)
    verbs.send(conversation, Redirect.objects.get(pk=holes.pk), by=olga, key="k")
    assert Delivery.objects.count() == 1
    assert labels.of(conversation, may_change=False).on == []


def test_one_that_is_out_of_use_is_not_offered_and_not_sent(
    conversation: Conversation, holes: Redirect, olga: Person, browse: Browse
) -> None:
    verbs.offer(holes, on=False, by=olga)
    client = browse(olga)
    assert f'id="redirect-{holes.pk}"' not in client.get(page_of(conversation)).content.decode()
    client.post(f"{page_of(conversation)}rimanda/", {"redirect": holes.pk, "key": "k"})
    assert not Message.objects.filter(direction=Message.Direction.OUT).exists()


def test_before_the_address_is_written_the_conversation_says_who_writes_it(
    conversation: Conversation, olga: Person, browse: Browse
) -> None:
    assert "lo scrive chi amministra" in browse(olga).get(page_of(conversation)).content.decode()


def test_an_address_written_anew_keeps_what_was_changed(
    scope: Organization, holes: Redirect, alice: Person
) -> None:
    verbs.change(holes, name="Buche", text="Qui: {link}", link="https://buche.esempio.test/", by=alice)
    verbs.set_link(scope, "https://altro.esempio.test/", by=alice)
    holes.refresh_from_db()
    assert verbs.text_of(holes) == "Qui: https://buche.esempio.test/"
    assert Redirect.objects.count() == len(ready.CATEGORIES)
    assert Label.objects.count() == len(ready.CATEGORIES)


def test_a_category_of_ones_own(scope: Organization, holes: Redirect, alice: Person, browse: Browse) -> None:
    client = browse(alice)
    refused = client.post(f"{SETTINGS}nuovo/", {"name": "Rumori", "text": "senza indirizzo", "link": ""})
    assert refused.status_code == 422
    assert "scrivi {link}" in refused.content.decode()
    client.post(f"{SETTINGS}nuovo/", {"name": "Rumori", "text": "Qui: {link}", "link": ""})
    assert Redirect.objects.get(name="Rumori").label is not None
    with pytest.raises(verbs.RedirectRefused, match="c’è già"):
        verbs.add(scope, name="RUMORI", text="{link}", link="", by=alice)
    with pytest.raises(verbs.RedirectRefused, match="c’è già"):
        verbs.change(holes, name="rumori", text="{link}", link="", by=alice)
    assert Redirect.objects.count() < MOST


def test_only_addresses_of_the_web_are_taken(scope: Organization, alice: Person, browse: Browse) -> None:
    for wrong in ("javascript:alert(1)", "", "ftp://esempio.test/x"):
        assert browse(alice).post(SETTINGS, {"link": wrong}).status_code == 422
    assert browse(alice).post(SETTINGS, {"link": "segnala.esempio.test"}).status_code == 302
    assert verbs.text_of(Redirect.objects.get(name="Reclami")).endswith("https://segnala.esempio.test")


def test_an_operator_and_an_auditor_change_nothing_and_a_stranger_finds_nothing(
    conversation: Conversation, holes: Redirect, olga: Person, rita: Person, carlo: Person, browse: Browse
) -> None:
    assert browse(olga).get(SETTINGS).status_code == 403
    assert browse(rita).get(SETTINGS).status_code == 200
    assert browse(rita).post(SETTINGS, {"link": LINK}).status_code == 403
    assert browse(rita).post(f"{page_of(conversation)}rimanda/", {"redirect": holes.pk}).status_code == 403
    for address in (SETTINGS, f"{SETTINGS}{holes.pk}/"):
        assert browse(carlo).get(address).status_code == 404
    assert browse(carlo).post(f"{page_of(conversation)}rimanda/", {"redirect": holes.pk}).status_code == 404


def test_what_was_sent_is_handed_out_follows_its_conversation_and_is_erased(
    write: Writes, conversation: Conversation, holes: Redirect, anna: Identity, olga: Person
) -> None:
    verbs.send(conversation, holes, by=olga, key="k")
    [given] = personal_data.export(anna.contact_id)["redirects"]
    assert given["category"] == "Buche e strade"
    bruno = citizen("Bruno Esempio")
    write(said(bruno, "Altro"))
    other = Conversation.objects.get(identity=bruno)
    following.conversations_merged(other.pk, conversation.pk)
    assert Redirected.objects.get().conversation == other
    personal_data.erase(bruno.contact_id)
    assert not Redirected.objects.exists()
