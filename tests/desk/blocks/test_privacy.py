# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Warnings and blocks are handed out, erased, and follow a citizen who turns out to be somebody known."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from arengo.audience.events import IdentitiesMerged
from arengo.audience.models import Identity
from arengo.core.console import personal_data
from arengo.core.events import Batch
from arengo.core.models import Organization, Person
from arengo.desk import privacy as desk_privacy
from arengo.desk.blocks import standing
from arengo.desk.blocks.models import Block, Evidence, Reprimand
from arengo.desk.blocks.rules import Rule
from arengo.desk.models import Conversation
from tests.desk.road import Writes
from tests.factories.audience import citizen
from tests.factories.desk import said
from tests.factories.house_rules import block

pytestmark = pytest.mark.django_db


def merge(scope: Organization, kept: Identity, gone: Identity) -> None:
    event = IdentitiesMerged(
        kept_identity_id=kept.pk,
        gone_identity_id=gone.pk,
        kept_contact_id=kept.contact_id,
        gone_contact_id=gone.contact_id,
    )
    with transaction.atomic():
        desk_privacy.identities_merged(Batch(scope.pk, 0, [event]))


def test_they_are_handed_out_with_their_evidence(
    conversation: Conversation, rule: Rule, anna: Identity, olga: Person
) -> None:
    block(conversation, rule, olga)
    given = personal_data.export(anna.contact_id)
    assert [one["rule"] for one in given["warnings"]] == ["Niente offese"] * 2
    [only] = given["blocks"]
    assert only["reason"] == "Continua a offendere."
    assert only["evidence"][0]["text"] == "A che ora apre l'anagrafe?"
    assert "Olga" not in str(only)


def test_of_an_erased_citizen_nothing_stays(
    conversation: Conversation, rule: Rule, anna: Identity, olga: Person
) -> None:
    block(conversation, rule, olga)
    personal_data.erase(anna.contact_id)
    for model in (Reprimand, Block, Evidence):
        assert not model.objects.exists()


def test_a_block_follows_its_citizen_and_closes_what_is_open_with_them(
    write: Writes, scope: Organization, conversation: Conversation, rule: Rule, anna: Identity, olga: Person
) -> None:
    other = citizen("Anna di nuovo")
    block(conversation, rule, olga)
    write(said(other, "Buongiorno"))
    merge(scope, other, anna)
    assert standing.blocked_among([other.contact_id]) == {other.contact_id}
    assert not Conversation.objects.filter(state=Conversation.State.OPEN).exists()
    assert Reprimand.objects.filter(contact=other.contact_id).count() == 2


def test_of_two_blocks_the_one_that_ends_later_stays(
    write: Writes, scope: Organization, conversation: Conversation, rule: Rule, anna: Identity, olga: Person
) -> None:
    other = citizen("Anna di nuovo")
    first = block(conversation, rule, olga)
    write(said(other, "Buongiorno"))
    second = block(Conversation.objects.get(identity=other), rule, olga, days=90)
    merge(scope, anna, other)
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.end == Block.End.MERGED
    assert second.in_force
    assert second.contact_id == anna.contact_id
    assert second.ends_at > timezone.now() + timedelta(days=80)
