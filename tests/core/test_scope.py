# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from __future__ import annotations

import asyncio

import pytest

from arengo.audience.models import Contact
from arengo.core.models import Organization
from arengo.core.scope import (
    ScopeMissing,
    current_organization_id,
    every_organization,
    organization_scope,
)


@pytest.fixture
def two(esempio: Organization, altrove: Organization) -> tuple[Contact, Contact]:
    made = []
    for organization in (esempio, altrove):
        with organization_scope(organization):
            made.append(Contact.objects.create(name=f"Anna di {organization.slug}"))
    return made[0], made[1]


@pytest.mark.django_db
def test_outside_of_a_scope_nothing_is_answered() -> None:
    with pytest.raises(ScopeMissing):
        Contact.objects.count()
    with pytest.raises(ScopeMissing):
        current_organization_id()


def test_inside_only_the_rows_of_the_organization(
    two: tuple[Contact, Contact], esempio: Organization
) -> None:
    with organization_scope(esempio):
        assert list(Contact.objects.all()) == [two[0]]
        assert not Contact.objects.filter(pk=two[1].pk).exists()
        assert Contact.objects.filter(pk=two[1].pk).update(name="altro") == 0
        assert Contact.objects.filter(pk=two[1].pk).delete()[0] == 0


def test_scopes_nest_and_end(
    two: tuple[Contact, Contact], esempio: Organization, altrove: Organization
) -> None:
    with organization_scope(esempio):
        with organization_scope(altrove.pk):
            assert Contact.objects.get() == two[1]
        assert Contact.objects.get() == two[0]
    with pytest.raises(ScopeMissing):
        Contact.objects.count()


def test_an_exception_ends_the_scope(esempio: Organization) -> None:
    with pytest.raises(ZeroDivisionError), organization_scope(esempio):
        _ = 1 / 0
    with pytest.raises(ScopeMissing):
        current_organization_id()


def test_all_organizations_only_with_a_reason(two: tuple[Contact, Contact]) -> None:
    with every_organization("the test counts them"):
        assert Contact.objects.count() == 2
        assert current_organization_id() is None
    with pytest.raises(ValueError), every_organization(""):
        pass


def test_a_new_row_belongs_to_the_scope(esempio: Organization) -> None:
    with organization_scope(esempio):
        contact = Contact(name="Anna Esempio")
        contact.save()
    assert contact.organization == esempio


def test_a_row_of_another_organization_cannot_be_written(
    two: tuple[Contact, Contact], esempio: Organization
) -> None:
    with organization_scope(esempio), pytest.raises(ScopeMissing):
        two[1].save()
    with organization_scope(esempio), pytest.raises(ScopeMissing):
        two[1].delete()


def test_a_row_made_for_nobody_is_a_mistake(esempio: Organization) -> None:
    with every_organization("nothing says whose it would be"), pytest.raises(Exception, match="organization"):
        Contact(name="Di nessuno").save()


async def test_each_task_has_its_own_scope() -> None:
    async def look(organization_id: int) -> int | None:
        with organization_scope(organization_id):
            await asyncio.sleep(0.01)
            return current_organization_id()

    assert await asyncio.gather(look(1), look(2)) == [1, 2]
