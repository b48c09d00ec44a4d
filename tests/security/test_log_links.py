# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the log names is there behind its link, and nothing of another town."""

from __future__ import annotations

import pytest
from django.apps import apps

from arengo.core import log_entries
from arengo.core.models import AuditEntry, Role
from arengo.core.scope import organization_scope
from tests.security.everybody import person_of
from tests.security.town import SAMPLES, Town

pytestmark = [pytest.mark.django_db, pytest.mark.long]


def entry(town: Town, label: str, pk: int) -> AuditEntry:
    return AuditEntry(pk=pk, organization=town.organization, verb="", object_type=label, object_id=str(pk))


@pytest.mark.parametrize("label", sorted(log_entries.known_objects()))
def test_each_kind_of_object_is_named_with_a_link_that_opens(towns: tuple[Town, Town], label: str) -> None:
    ours, _theirs = towns
    visitor = person_of(towns, Role.ADMINISTRATOR)
    with organization_scope(ours.organization):
        model = apps.get_model(label)
        rows = [pk for pk in SAMPLES if model._default_manager.filter(pk=pk).exists()]  # Django documents it
        named = log_entries.named([entry(ours, label, pk) for pk in rows])
    assert rows, f"the town has no {label}"
    for pk in rows:
        assert named[pk].words
        assert visitor.ask("GET", named[pk].url, follow=True).status_code == 200


def test_what_was_recorded_while_the_town_came_to_be_is_of_known_kinds(towns: tuple[Town, Town]) -> None:
    ours, _theirs = towns
    with organization_scope(ours.organization):
        found = set(
            AuditEntry.objects.filter(organization=ours.organization).values_list("object_type", flat=True)
        )
    assert found - {""}
    assert found - {""} <= log_entries.known_objects().keys()
