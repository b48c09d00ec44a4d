# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A room brings what it holds of a citizen: registered here, handed out and erased with everything else."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from django.apps import apps
from django.utils import translation

from arengo.audience import privacy
from arengo.audience.models import Contact, Identity
from arengo.core.console import personal_data
from arengo.core.console.personal_data import Holding, NameTaken
from arengo.core.models import AuditEntry, Person
from arengo.desk.models import Message
from tests.factories.audience import ANNA, BRUNO, known, message

Arrive = Callable[..., None]


class Library:
    """A made-up room: books that citizens borrowed."""

    def __init__(self) -> None:
        self.loans: dict[int, list[str]] = {}
        self.could_still_read: list[str | None] = []

    def export(self, contact_id: int) -> dict[str, object]:
        return {"loans": [{"title": title} for title in self.loans.get(contact_id, [])]}

    def erase(self, contact_id: int) -> None:
        self.could_still_read = [each.address.phone for each in Identity.objects.filter(contact=contact_id)]
        self.loans.pop(contact_id, None)


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch) -> Library:
    library = Library()
    monkeypatch.setattr(personal_data, "_holdings", dict(personal_data._holdings))
    personal_data.register(Holding("library", "prestiti", library.export, library.erase))
    return library


def test_a_room_that_registers_hands_out_its_part(arrive: Arrive, alice: Person, library: Library) -> None:
    arrive(message(ANNA, "Buongiorno"), message(BRUNO, "Salve"))
    library.loans = {known(ANNA).contact_id: ["Il barone rampante"], known(BRUNO).contact_id: ["Marcovaldo"]}
    exported = json.loads(json.dumps(privacy.export(known(ANNA).contact, by=alice)))
    assert exported["loans"] == [{"title": "Il barone rampante"}]
    assert exported["identities"][0]["phone"] == ANNA.phone
    assert exported["conversations"][0]["text"] == "Buongiorno"
    assert "Marcovaldo" not in json.dumps(exported)


def test_a_room_that_registers_is_asked_to_erase(arrive: Arrive, alice: Person, library: Library) -> None:
    arrive(message(ANNA, "Buongiorno"), message(BRUNO, "Salve"))
    anna, bruno = known(ANNA).contact, known(BRUNO).contact
    library.loans = {anna.pk: ["Il barone rampante"], bruno.pk: ["Marcovaldo"]}
    privacy.erase(anna, by=alice)
    assert library.loans == {bruno.pk: ["Marcovaldo"]}
    assert library.could_still_read == [ANNA.phone]
    assert not Identity.objects.filter(contact=anna).exists()


def test_a_room_that_cannot_erase_undoes_the_whole_erasure(
    arrive: Arrive, alice: Person, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrive(message(ANNA, "Buongiorno", name="Anna Esempio"))
    anna = known(ANNA).contact

    def fail(contact_id: int) -> None:
        raise RuntimeError("the shelf is locked")

    # Before the desk is registered, so that it is asked after it.
    broken = {"archive": Holding("archive", "archivio", erase=fail), **personal_data._holdings}
    monkeypatch.setattr(personal_data, "_holdings", broken)
    with pytest.raises(RuntimeError, match="locked"):
        privacy.erase(anna, by=alice)
    assert Contact.objects.get(pk=anna.pk).name == "Anna Esempio"
    assert Message.objects.get(direction="in").text == "Buongiorno"
    assert not AuditEntry.objects.filter(verb="audience.erased").exists()


def test_two_rooms_cannot_hand_out_under_one_name(arrive: Arrive, alice: Person, library: Library) -> None:
    arrive(message(ANNA))
    personal_data.register(Holding("archive", "archivio", lambda _contact_id: {"loans": []}))
    with pytest.raises(NameTaken, match="archive: loans"):
        privacy.export(known(ANNA).contact, by=alice)
    assert not AuditEntry.objects.filter(verb="audience.exported").exists()


def test_a_room_that_keeps_rows_of_a_contact_has_registered() -> None:
    """A new room with a relation to a contact or an identity hands out and erases."""
    holding = {
        model._meta.app_label
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if field.is_relation and not field.auto_created and field.related_model in {Contact, Identity}
    }
    assert "desk" in holding
    assert holding <= {each.room for each in personal_data.holdings() if each.export}


def test_the_words_are_in_both_languages() -> None:
    for holding in personal_data.holdings():
        with translation.override("it"):
            italian = str(holding.words)
        with translation.override("en"):
            assert str(holding.words) != italian
