# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The public site."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from arengo.audience.models import ListSettings, Policy
from arengo.core.models import Organization
from arengo.delivery.models import Sender
from tests.factories.audience import list_settings, policy

PAGES = ["/", "/wa", "/canale/", "/informativa/", "/regole/", "/note-legali/", "/accessibilita/"]


@pytest.fixture
def joining(scope: Organization) -> ListSettings:
    return list_settings(scope)


@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_while_nothing_is_set_up_yet(
    esempio: Organization, browse: Callable[..., Client], page: str
) -> None:
    answer = browse().get(page)
    assert answer.status_code == 200
    assert "Comune di Esempio" in answer.content.decode()


@pytest.mark.parametrize("page", [*PAGES, "/stemma", "/wa/qr.svg", "/canale/qr.svg", "/canale/feed.xml"])
def test_a_host_of_nobody_gets_a_plain_404(
    esempio: Organization, altrove: Organization, browse: Callable[..., Client], page: str
) -> None:
    answer = browse(host="nessuno.test").get(page)
    assert answer.status_code == 404
    assert "Comune di Esempio" not in answer.content.decode()
    assert "Comune di Altrove" not in answer.content.decode()


def test_home_shows_the_number_with_a_chat_link_and_the_joining_word(
    esempio: Organization, sender: Sender, joining: ListSettings, browse: Callable[..., Client]
) -> None:
    page = browse().get("/").content.decode()
    assert "+39 055 000 0001" in page
    assert 'href="https://wa.me/390550000001"' in page
    assert 'href="https://wa.me/390550000001?text=ISCRIVIMI"' in page


def test_home_does_not_show_the_number_of_another_organization(
    esempio: Organization,
    altrove: Organization,
    sender: Sender,
    joining: ListSettings,
    browse: Callable[..., Client],
) -> None:
    page = browse(host="altrove.test").get("/").content.decode()
    assert "055 000 0001" not in page
    assert "Il numero WhatsApp non è attivo" in page


def test_a_stopped_sender_is_not_offered(
    esempio: Organization, sender: Sender, joining: ListSettings, browse: Callable[..., Client]
) -> None:
    Sender.unscoped.filter(pk=sender.pk).update(state=Sender.State.STOPPED)
    assert "wa.me" not in browse().get("/").content.decode()
    assert browse().get("/wa/qr.svg").status_code == 404


def test_the_three_steps_name_the_word_and_carry_a_code(
    esempio: Organization, sender: Sender, joining: ListSettings, browse: Callable[..., Client]
) -> None:
    page = browse().get("/wa").content.decode()
    assert page.count("<li>") >= 3
    assert "ISCRIVIMI" in page
    code = browse().get("/wa/qr.svg")
    assert code.headers["Content-Type"] == "image/svg+xml"
    assert code.content.startswith(b"<svg")


def test_the_privacy_page_shows_the_newest_version_and_its_date(
    scope: Organization, browse: Callable[..., Client]
) -> None:
    for version, text in ((1, "Testo vecchio"), (2, "Testo nuovo")):
        policy(scope, Policy.Kind.PRIVACY, text, version)
    policy(scope, Policy.Kind.RULES, "Siate gentili", 7)
    page = browse().get("/informativa/").content.decode()
    assert "Testo nuovo" in page
    assert "Testo vecchio" not in page
    assert "Versione 2, del" in page
    assert "Siate gentili" in browse().get("/regole/").content.decode()


def test_a_policy_text_is_text_and_never_markup(scope: Organization, browse: Callable[..., Client]) -> None:
    policy(scope, Policy.Kind.PRIVACY, "<script>alert(1)</script>")
    assert "<script>alert" not in browse().get("/informativa/").content.decode()


def test_the_footer_carries_what_the_law_asks_for(
    esempio: Organization, browse: Callable[..., Client]
) -> None:
    esempio.accessibility_url = "https://form.agid.gov.it/view/esempio"
    esempio.save()
    page = browse().get("/").content.decode()
    for element in ("privacy-policy-link", "legal-notes", "accessibility-link"):
        assert f'data-element="{element}"' in page
    assert 'href="https://form.agid.gov.it/view/esempio"' in page


def test_pages_speak_english_to_who_chose_it(esempio: Organization, browse: Callable[..., Client]) -> None:
    client = browse()
    assert '<html lang="it">' in client.get("/").content.decode()
    client.post("/lingua/", {"language": "en", "next": "/"})
    page = client.get("/").content.decode()
    assert '<html lang="en">' in page
    assert "Ask" in page


def test_home_asks_the_database_a_fixed_number_of_questions(
    esempio: Organization,
    sender: Sender,
    joining: ListSettings,
    browse: Callable[..., Client],
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(7):  # host, channel, sender, joining words, latest post, hours, trial
        browse().get("/")


def test_a_public_page_allows_only_its_own_server(
    esempio: Organization, browse: Callable[..., Client]
) -> None:
    policy = browse().get("/").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
