# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""``__among`` finds what ``__in`` finds; ``bulk.new`` makes what the model itself makes."""

from __future__ import annotations

import pytest

from arengo.audience.models import Contact, Identity
from arengo.core import bulk
from arengo.core.models import Organization
from arengo.core.scope import organization_scope
from arengo.desk.models import Conversation, Message

pytestmark = pytest.mark.django_db


def test_among_finds_by_key_relation_text_and_bytes_what_in_finds(esempio: Organization) -> None:
    with organization_scope(esempio):
        contacts = [
            Contact.objects.create(organization=esempio, name=name) for name in ('a,"b\\', "{}", "", "NULL")
        ]
        people = [
            Identity.objects.create(
                organization=esempio,
                contact=contact,
                platform="whatsapp",
                phone_hash=bytes([place, 0, 34, 92]),
            )
            for place, contact in enumerate(contacts)
        ]
        chosen = contacts[:2]
        assert set(Contact.objects.filter(pk__among={each.pk for each in chosen})) == set(chosen)
        for name in ('a,"b\\', "{}", "", "NULL"):
            assert [each.name for each in Contact.objects.filter(name__among=[name])] == [name]
        assert set(Identity.objects.filter(contact__among=[each.pk for each in chosen])) == set(people[:2])
        assert list(Identity.objects.filter(phone_hash__among=[people[3].phone_hash])) == [people[3]]
        assert not Contact.objects.filter(pk__among=[]).exists()


@pytest.mark.parametrize("model", [Contact, Identity, Conversation, Message])
def test_a_new_row_has_the_values_that_the_model_gives_it(model: type) -> None:
    made, own = bulk.new(model, organization_id=7), model(organization_id=7)
    moments = {"sent_at", "received_at", "opened_at", "last_message_at"}
    assert {k: v for k, v in made.__dict__.items() if k not in moments | {"_state"}} == {
        k: v for k, v in own.__dict__.items() if k not in moments | {"_state"}
    }
    assert all(getattr(made, name) is not None for name in moments & own.__dict__.keys())
    assert made._state.adding


def test_a_new_row_refuses_what_is_no_attribute_of_it() -> None:
    with pytest.raises(TypeError, match="nome"):
        bulk.new(Contact, nome="Anna")
