# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Personale e ruoli."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from arengo.core.models import AuditEntry, Membership, Organization, Person, Role
from arengo.core.scope import organization_scope
from tests.factories.core import HOST, member

Browse = Callable[..., Client]


INVITED = {"name": "Nora Esempio", "email": "Nora@esempio.test", "roles": ["operator", "editor"]}


def test_a_mail_that_does_not_leave_is_said(
    places: dict[str, str], alice: Person, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise OSError("no mail today")

    monkeypatch.setattr("arengo.accounts.mails.send_mail", fail)
    page = browse(alice).post(places["staff"], INVITED)
    assert "L’e-mail non è partita" in page.text
    assert "/accesso/invito/" not in page.text


@pytest.mark.parametrize(
    "changed",
    [{"email": "non una mail"}, {"roles": []}, {"roles": ["sindaco"]}, {"email": "olga@esempio.test"}],
)
def test_an_invitation_that_makes_no_sense_is_refused(
    places: dict[str, str], alice: Person, browse: Browse, changed: dict[str, Any]
) -> None:
    assert browse(alice).post(places["staff"], {**INVITED, **changed}).status_code == 422
    assert mail.outbox == []


def test_roles_change_and_the_log_says_from_what_to_what(
    places: dict[str, str], alice: Person, olga: Person, browse: Browse
) -> None:
    browse(alice).post(places["member"], {"roles": ["auditor"]})
    assert Membership.objects.get(person=olga).roles == ["auditor"]
    entry = AuditEntry.objects.get(verb="core.changed_roles")
    assert (entry.detail["before"], entry.detail["after"]) == (["operator"], ["auditor"])


def test_nobody_takes_away_their_own_administration_nor_the_last_one(
    places: dict[str, str], alice: Person, esempio: Organization, browse: Browse
) -> None:
    client = browse(alice)
    own = Membership.objects.get(person=alice)
    page = client.post(reverse("settings:member", args=[own.pk]), {"roles": ["operator"]})
    assert page.status_code == 422
    client.post(reverse("settings:member_remove", args=[own.pk]))
    assert Membership.objects.get(person=alice).roles == ["administrator"]


def test_a_second_administrator_may_be_taken_away(
    places: dict[str, str], alice: Person, esempio: Organization, browse: Browse
) -> None:
    second = member(esempio, "bea@esempio.test", "Bea Esempio", Role.ADMINISTRATOR)
    of_bea = Membership.objects.get(person=second)
    assert browse(alice).post(reverse("settings:member_remove", args=[of_bea.pk])).status_code == 302
    assert not Membership.objects.filter(person=second).exists()
    assert browse(second).get(places["home"]).status_code == 404


def test_a_removed_person_is_out_at_once(
    places: dict[str, str], alice: Person, olga: Person, browse: Browse
) -> None:
    olgas = browse(olga)
    assert olgas.get("/console/", headers={"host": HOST}).status_code == 302
    browse(alice).post(places["member_remove"])
    with organization_scope(olga_organization := Organization.objects.get(slug="esempio")):
        assert not Membership.objects.filter(person=olga, organization=olga_organization).exists()
    assert olgas.get(reverse("console")).status_code == 404
