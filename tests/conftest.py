# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A small fixed cast.

Comune di Esempio: Alice administers, Olga is an operator, Edo an editor. Comune di Altrove: Carlo administers there and
must see nothing here – every view's test has its Carlo.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.core.cache import cache
from django.db.backends.postgresql.operations import DatabaseOperations
from django.test import Client

from arengo.core.models import Membership, Organization, OrganizationHost, Person, Role
from arengo.core.scope import organization_scope
from arengo.delivery.models import Sender
from arengo.platforms.contract import Credentials

HOST = "esempio.test"
STRANGER_HOST = "altrove.test"


@pytest.fixture
def esempio(db: None) -> Organization:
    organization = Organization.objects.create(name="Comune di Esempio", slug="esempio")
    OrganizationHost.objects.create(organization=organization, host=HOST)
    return organization


@pytest.fixture
def altrove(db: None) -> Organization:
    organization = Organization.objects.create(name="Comune di Altrove", slug="altrove")
    OrganizationHost.objects.create(organization=organization, host=STRANGER_HOST)
    return organization


@pytest.fixture
def scope(esempio: Organization) -> Iterator[Organization]:
    """The test itself runs inside the scope of Comune di Esempio."""
    with organization_scope(esempio):
        yield esempio


def member(organization: Organization, email: str, name: str, *roles: str) -> Person:
    person = Person.objects.create_user(email, "una password lunga", name=name)
    with organization_scope(organization):  # the test may run inside another one
        Membership.objects.create(organization=organization, person=person, roles=list(roles))
    return person


@pytest.fixture
def alice(esempio: Organization) -> Person:
    return member(esempio, "alice@esempio.test", "Alice Esempio", Role.ADMINISTRATOR)


@pytest.fixture
def olga(esempio: Organization) -> Person:
    return member(esempio, "olga@esempio.test", "Olga Esempio", Role.OPERATOR)


@pytest.fixture
def edo(esempio: Organization) -> Person:
    return member(esempio, "edo@esempio.test", "Edo Esempio", Role.EDITOR)


@pytest.fixture
def carlo(altrove: Organization) -> Person:
    return member(altrove, "carlo@altrove.test", "Carlo Altrove", Role.ADMINISTRATOR)


@pytest.fixture
def browse() -> Callable[..., Client]:
    """``browse(olga)`` is a client signed in as Olga, at Comune di Esempio unless another host is named."""

    def signed_in(person: Person | None = None, host: str = HOST) -> Client:
        client = Client(headers={"host": host})
        if person is not None:
            client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return signed_in


def credentials(base_url: str = "http://127.0.0.1:9") -> Credentials:
    """The sandbox's documented account; the default address answers nobody."""
    return Credentials(
        base_url=base_url,
        version="v24.0",
        number_id="100000000000001",
        account_id="200000000000001",
        token="sandbox-access-token",
        app_secret="sandbox-app-secret",
        verify_token="sandbox-verify-token",
    )


@pytest.fixture
def sender(esempio: Organization) -> Sender:
    sender = Sender(organization=esempio, name="Comune di Esempio", display_phone="+39 055 000 0001")
    sender.credentials = credentials()
    with organization_scope(esempio):
        sender.save()
    return sender


@pytest.fixture(autouse=True, scope="session")
def _tests_may_empty_the_log() -> Iterator[None]:
    """Tests that commit end by truncating every table; only here may that include the append-only ones."""
    original = DatabaseOperations.execute_sql_flush

    def flush(self: DatabaseOperations, sql_list: list[str]) -> None:
        original(
            self,
            ["SET session_replication_role = replica", *sql_list, "SET session_replication_role = origin"],
        )

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "execute_sql_flush", flush)
        yield


@pytest.fixture(autouse=True)
def _clean_cache() -> Iterator[None]:
    """Sign-in attempts are counted in the cache; one test's must not lock out the next."""
    yield
    cache.clear()
