# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Impostazioni: who opens which page, and who changes what."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from arengo.core.models import AuditEntry, Person
from tests.factories.core import STRANGER_HOST

Browse = Callable[..., Client]


PAGES = (
    "home",
    "organization",
    "list",
    "policies",
    "policy_new",
    "senders",
    "sender_new",
    "sender",
    "templates",
    "prices",
    "staff",
    "member",
    "log",
    "unread",
    "status",
    "status_now",
)
FORMS = ("organization", "list", "policy_new", "sender_new", "sender", "prices", "staff", "member")
ACTIONS = (
    "sender_try",
    "sender_resume",
    "sender_subscribe",
    "templates_sync",
    "templates_create",
    "price_remove",
    "member_renew",
    "member_remove",
    "invitation_renew",
    "invitation_revoke",
    "second_factor",
    "unread_replay",
    "unread_archive",
)
ASK = ("price_remove", "member_renew", "member_remove", "invitation_revoke", "unread_archive")
OF_ONE_THING = ("sender", "member", *(action for action in ACTIONS if action != "second_factor"))


@pytest.mark.parametrize("name", [*PAGES, *ACTIONS])
def test_carlo_sees_nothing_here(places: dict[str, str], carlo: Person, browse: Browse, name: str) -> None:
    client = browse(carlo)
    assert (client.post if name in ACTIONS else client.get)(places[name]).status_code == 404


@pytest.mark.parametrize("name", OF_ONE_THING)
def test_carlo_cannot_reach_our_things_from_his_own_address(
    places: dict[str, str], carlo: Person, browse: Browse, name: str
) -> None:
    assert browse(carlo, STRANGER_HOST).post(places[name]).status_code == 404


def test_carlos_own_pages_show_nothing_of_ours(places: dict[str, str], carlo: Person, browse: Browse) -> None:
    client = browse(carlo, STRANGER_HOST)
    for name in (
        "senders",
        "templates",
        "prices",
        "staff",
        "log",
        "unread",
        "policies",
        "status",
        "status_now",
    ):
        page = client.get(places[name])
        assert page.status_code == 200
        for ours in ("Comune di Esempio", "Olga Esempio", "entry[0]", "1 ottobre 2026", "+39 055"):
            assert ours not in page.text, name


@pytest.mark.parametrize("name", [*PAGES, *ACTIONS])
def test_an_operator_or_an_editor_may_not_open_the_settings(
    places: dict[str, str], olga: Person, edo: Person, browse: Browse, name: str
) -> None:
    for person in (olga, edo):
        client = browse(person)
        assert (client.post if name in ACTIONS else client.get)(places[name]).status_code == 403


@pytest.mark.parametrize("name", PAGES)
def test_an_auditor_reads_every_page_and_changes_none(
    places: dict[str, str], rita: Person, browse: Browse, name: str
) -> None:
    page = browse(rita).get(places[name])
    assert page.status_code == 200
    assert 'class="btn btn-primary">' not in page.text


@pytest.mark.parametrize("name", [*FORMS, *ACTIONS])
def test_an_auditor_who_posts_all_the_same_is_refused(
    places: dict[str, str], rita: Person, browse: Browse, name: str
) -> None:
    assert browse(rita).post(places[name], {}).status_code == 403


@pytest.mark.parametrize("name", PAGES)
def test_an_administrator_opens_every_page(
    places: dict[str, str], alice: Person, browse: Browse, name: str
) -> None:
    assert browse(alice).get(places[name]).status_code == 200


@pytest.mark.parametrize("name", ACTIONS)
def test_a_link_alone_does_nothing(places: dict[str, str], alice: Person, browse: Browse, name: str) -> None:
    assert browse(alice).get(places[name]).status_code == (200 if name in ASK else 405)
    assert not AuditEntry.objects.filter(person=alice).exists()


@pytest.mark.parametrize("name", ASK)
def test_an_auditor_is_not_asked_what_they_may_not_do(
    places: dict[str, str], rita: Person, browse: Browse, name: str
) -> None:
    assert browse(rita).get(places[name]).status_code == 403


@pytest.mark.parametrize("name", FORMS)
def test_an_empty_form_is_refused_with_words_and_changes_nothing(
    places: dict[str, str], alice: Person, browse: Browse, name: str
) -> None:
    page = browse(alice).post(places[name], {})
    assert page.status_code == 422
    assert page.context["form"].errors
    assert not AuditEntry.objects.filter(person=alice).exists()


def test_the_settings_in_english_are_english(places: dict[str, str], alice: Person, browse: Browse) -> None:
    client = browse(alice)
    client.cookies["arengo_language"] = "en"
    assert "Staff and roles" in client.get(places["home"]).text
