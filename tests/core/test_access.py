# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from arengo.core.access import staff
from arengo.core.middleware import organization_for
from arengo.core.models import Membership, Organization, Person, Role
from arengo.core.scope import organization_scope
from tests.factories.core import HOST, STRANGER_HOST, join

Browse = Callable[..., Client]


def ask(
    person: Person | None,
    organization: Organization | None,
    *roles: str,
    headers: dict[str, str] | None = None,
    method: str = "GET",
) -> HttpResponse:
    """A view for these roles, asked by this person at this organization's host."""
    request = RequestFactory().generic(method, "/console/prova/", headers=headers)
    request.user = person or AnonymousUser()
    membership = None
    if person and organization:
        with organization_scope(organization):
            membership = Membership.objects.filter(person=person).first()
    vars(request).update(organization=organization, membership=membership)

    @staff(*roles)
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse("dentro")

    answer = view(request)
    assert isinstance(answer, HttpResponse)
    return answer


def test_nobody_signed_in_is_sent_to_the_door(esempio: Organization) -> None:
    answer = ask(None, esempio)
    assert answer.status_code == 302
    assert answer["Location"].endswith("?next=/console/prova/")


def test_a_part_of_an_open_page_does_not_turn_into_the_door(esempio: Organization) -> None:
    answer = ask(None, esempio, headers={"HX-Request": "true"})
    assert (answer.status_code, answer.content) == (401, b"")


def test_a_stranger_finds_nothing(esempio: Organization, carlo: Person) -> None:
    with pytest.raises(Http404):
        ask(carlo, esempio)


def test_a_host_that_is_nobodys_has_no_console(alice: Person) -> None:
    with pytest.raises(Http404):
        ask(alice, None)


def test_a_member_without_the_role_is_told_which_one(esempio: Organization, olga: Person) -> None:
    with pytest.raises(PermissionDenied, match="Redattore o Revisore"):
        ask(olga, esempio, Role.EDITOR, Role.AUDITOR)


def test_a_role_opens_and_an_administrator_opens_everything(
    esempio: Organization, olga: Person, alice: Person
) -> None:
    assert ask(olga, esempio, Role.OPERATOR, Role.EDITOR).status_code == 200
    assert ask(olga, esempio).status_code == 200
    assert ask(alice, esempio, Role.AUDITOR).status_code == 200


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "OPTIONS"])
def test_who_asks_comes_before_the_method(
    esempio: Organization, alice: Person, olga: Person, carlo: Person, method: str
) -> None:
    assert ask(None, esempio, method=method).status_code == 302
    with pytest.raises(Http404):
        ask(carlo, esempio, method=method)
    with pytest.raises(PermissionDenied):
        ask(olga, esempio, Role.EDITOR, method=method)
    answer = ask(alice, esempio, Role.EDITOR, method=method)
    assert answer.status_code == (200 if method in ("GET", "HEAD") else 405)
    if answer.status_code == 405:
        assert answer["Allow"] == "GET, HEAD"


def test_an_organization_is_found_by_its_host_whatever_case_and_port(
    esempio: Organization, altrove: Organization
) -> None:
    assert organization_for(HOST) == esempio
    assert organization_for("Esempio.TEST:8000") == esempio
    assert organization_for(STRANGER_HOST) == altrove
    assert organization_for("nessuno.test") is None


def test_an_only_organization_answers_on_every_host(esempio: Organization) -> None:
    assert organization_for("qualunque.test") == esempio
    assert organization_for("[::1]:8000") == esempio


@pytest.mark.django_db
def test_an_installation_without_organizations_answers_for_none() -> None:
    assert organization_for("qualunque.test") is None


def test_a_person_of_two_organizations_is_a_member_of_each_at_its_own_host(
    esempio: Organization, altrove: Organization, carlo: Person, browse: Browse
) -> None:
    join(esempio, carlo, Role.EDITOR)
    assert browse(carlo, HOST).get("/console/impostazioni/").status_code == 403
    assert browse(carlo, STRANGER_HOST).get("/console/impostazioni/").status_code == 200


def test_every_answer_forbids_what_is_not_ours(esempio: Organization, olga: Person, browse: Browse) -> None:
    answer = browse(olga).get("/console/sportello/")
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert answer["Cache-Control"] == "no-store"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_the_language_is_a_choice_and_not_a_guess(esempio: Organization, browse: Browse) -> None:
    client = browse()
    assert client.get("/", headers={"accept-language": "en"})["Content-Language"] == "it"
    client.post("/lingua/", {"language": "en", "next": "/"})
    assert client.get("/")["Content-Language"] == "en"
    client.post("/lingua/", {"language": "xx", "next": "/"})
    assert client.get("/")["Content-Language"] == "en"


@pytest.mark.parametrize("target", ["https://altrove.example/", "//altrove.example", "javascript:alert(1)"])
def test_choosing_a_language_leads_nowhere_else(esempio: Organization, browse: Browse, target: str) -> None:
    assert browse().post("/lingua/", {"language": "en", "next": target})["Location"] == "/"


@pytest.mark.parametrize("role", Role.values)
def test_an_administrator_has_every_role_and_nobody_else_more_than_theirs(role: str) -> None:
    assert Membership(roles=[Role.ADMINISTRATOR]).has(role)
    for other in set(Role.values) - {Role.ADMINISTRATOR}:
        assert Membership(roles=[other]).has(role) == (other == role)
