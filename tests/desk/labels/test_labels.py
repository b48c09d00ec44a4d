# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Labels are put on, taken off, filtered by, and follow their conversation."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from arengo.audience.models import Identity
from arengo.core.console import personal_data
from arengo.core.models import AuditEntry, Organization, Person
from arengo.desk import following, privacy as desk_privacy
from arengo.desk.labels import shown, verbs
from arengo.desk.labels.models import Label, Labelled
from arengo.desk.lists.listing import WAITING
from arengo.desk.models import Conversation
from tests.desk.listing import shown as shown_in
from tests.desk.road import DESK, Writes, page_of
from tests.factories.audience import citizen
from tests.factories.desk import make_label, said

pytestmark = pytest.mark.django_db

Browse = Callable[..., Client]


def on(conversation: Conversation) -> list[str]:
    return [label.name for label in shown.of(conversation, may_change=False).on]


def test_an_operator_puts_a_label_on_and_takes_it_off(
    conversation: Conversation, olga: Person, browse: Browse
) -> None:
    label, client = make_label("Anagrafe"), browse(olga)
    client.post(f"{page_of(conversation)}etichetta/", {"label": label.pk})
    assert on(conversation) == ["Anagrafe"]
    page = client.get(page_of(conversation)).content.decode()
    assert "Togli l’etichetta Anagrafe" in page
    client.post(f"{page_of(conversation)}etichetta/togli/", {"label": label.pk})
    assert on(conversation) == []


def test_the_row_shows_the_first_and_counts_the_others(
    conversation: Conversation, olga: Person, browse: Browse
) -> None:
    for name in ("Anagrafe", "Eventi", "Tributi"):
        verbs.put_on(conversation, make_label(name), by=olga)
    page = browse(olga).get(DESK).content.decode()
    assert "Anagrafe, Eventi, Tributi" in page
    assert "+2" in page


def test_the_list_of_one_label_holds_what_carries_it(
    write: Writes, conversation: Conversation, olga: Person
) -> None:
    write(said(citizen("Bruno Esempio"), "Altro"))
    label = make_label("Anagrafe")
    verbs.put_on(conversation, label, by=olga)
    assert len(shown_in(WAITING, olga)) == 2
    assert shown_in(WAITING, olga, more={"etichetta": str(label.pk)}) == [conversation]
    verbs.take_off(conversation, label)
    assert shown_in(WAITING, olga, more={"etichetta": str(label.pk)}) == []


def test_twice_is_once_and_there_are_ceilings(conversation: Conversation, olga: Person) -> None:
    for number in range(verbs.MOST_ON_ONE):
        verbs.put_on(conversation, make_label(f"Etichetta {number}"), by=olga)
    first = Label.objects.get(name="Etichetta 0")
    verbs.put_on(conversation, first, by=olga)
    assert Labelled.objects.count() == verbs.MOST_ON_ONE
    with pytest.raises(verbs.LabelRefused, match="al massimo 20"):
        verbs.put_on(conversation, make_label("Una di troppo"), by=olga)


def test_a_label_out_of_use_stays_where_it_is_and_is_not_offered(
    conversation: Conversation, olga: Person
) -> None:
    label = make_label("Vecchia")
    verbs.put_on(conversation, label, by=olga)
    verbs.offer(label, on=False, by=olga)
    label.refresh_from_db()
    assert on(conversation) == ["Vecchia"]
    verbs.take_off(conversation, label)
    with pytest.raises(verbs.LabelRefused, match="non è più in uso"):
        verbs.put_on(conversation, label, by=olga)


def test_names_are_unique_whatever_their_capitals(
    esempio: Organization, scope: Organization, olga: Person
) -> None:
    label = verbs.add(esempio, "  Scuola   e nidi ", by=olga)
    assert label.name == "Scuola e nidi"
    with pytest.raises(verbs.LabelRefused, match="c’è già"):
        verbs.add(esempio, "SCUOLA E NIDI", by=olga)
    other = verbs.add(esempio, "Tributi", by=olga)
    with pytest.raises(verbs.LabelRefused, match="c’è già"):
        verbs.rename(other, "scuola e nidi", by=olga)
    for wrong in ("", " ", "x" * 41):
        with pytest.raises(verbs.LabelRefused):
            verbs.add(esempio, wrong, by=olga)
    assert AuditEntry.objects.filter(verb="desk.added_label").count() == 2


def test_one_that_was_out_of_use_comes_back_by_its_name(
    esempio: Organization, scope: Organization, olga: Person
) -> None:
    label = verbs.add(esempio, "Nidi", by=olga)
    verbs.offer(label, on=False, by=olga)
    assert verbs.add(esempio, "nidi", by=olga).pk == label.pk


def test_labels_of_both_stay_when_two_conversations_become_one(
    write: Writes, conversation: Conversation, olga: Person
) -> None:
    write(said(citizen("Bruno Esempio"), "Altro"))
    gone = Conversation.objects.exclude(pk=conversation.pk).get()
    both, own = make_label("Di tutti e due"), make_label("Di uno")
    for one, label in ((conversation, both), (gone, both), (gone, own)):
        verbs.put_on(one, label, by=olga)
    following.conversations_merged(conversation.pk, gone.pk)
    gone.delete()
    assert on(conversation) == ["Di tutti e due", "Di uno"]


def test_what_an_erased_citizen_asked_about_is_forgotten(
    conversation: Conversation, anna: Identity, olga: Person
) -> None:
    verbs.put_on(conversation, make_label("Tributi"), by=olga)
    handed_out = personal_data.export(anna.contact_id)
    assert "Tributi" in str(handed_out["conversation_labels"])
    personal_data.erase(anna.contact_id)
    assert not Labelled.objects.exists()
    assert desk_privacy  # the desk's own part ran as well


def test_the_button_of_a_label_says_what_it_does(scope: Organization, alice: Person, browse: Browse) -> None:
    label = make_label("Anagrafe")
    page = browse(alice).get(f"/console/impostazioni/etichette/{label.pk}/").content.decode()
    assert '<button type="submit" class="btn btn-primary">Salva</button>' in page


def test_an_administrator_keeps_the_list_and_others_only_read(
    alice: Person, rita: Person, olga: Person, scope: Organization, browse: Browse
) -> None:
    page = "/console/impostazioni/etichette/"
    assert browse(alice).post(page, {"name": "Eventi"}).status_code == 302
    label = Label.objects.get()
    again = browse(alice).post(page, {"name": "eventi"})
    assert again.status_code == 422
    assert "c’è già" in again.content.decode()
    browse(alice).post(f"{page}{label.pk}/", {"name": "Eventi e sagre"})
    browse(alice).post(f"{page}{label.pk}/uso/", {"on": "0"})
    label.refresh_from_db()
    assert (label.name, label.active) == ("Eventi e sagre", False)
    assert browse(rita).get(page).status_code == 200
    assert browse(rita).post(page, {"name": "No"}).status_code == 403
    assert browse(olga).get(page).status_code == 403
