# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A link to one's own page: opened once, by one browser, for half an hour; forwarded, altered or old, it opens nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from arengo.audience.models import Consent, Identity, Subscription
from arengo.audience.personal import links
from arengo.audience.personal.models import PersonalLink
from arengo.audience.personal.views import COOKIE
from arengo.core.models import Organization
from arengo.core.scope import organization_scope
from arengo.delivery.models import Sender
from tests.factories.audience import citizen
from tests.factories.core import STRANGER_HOST
from tests.factories.personal import PAGE, link_to, page_of, visitor

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna(town: Organization) -> Identity:
    return citizen("Anna", phone="+393330000001")


def test_a_link_is_looked_at_as_often_as_one_likes_and_opened_by_a_press(
    anna: Identity, sender: Sender
) -> None:
    path = link_to(anna, sender)
    for _time in range(3):  # chats draw previews, scanners follow what is sent
        looked = visitor().get(path)
        assert looked.status_code == 200
        assert "Apri la mia pagina" in looked.text
        assert "Anna" not in looked.text
    assert PersonalLink.objects.get().opened_at is None
    client = visitor()
    assert client.post(path).status_code == 302
    page = client.get(PAGE)
    assert (page.status_code, "La pagina di" in page.text, "Anna" in page.text) == (200, True, True)
    assert "3330000001" not in page.text.replace(" ", "")


def test_what_is_private_is_neither_kept_nor_listed_nor_told_to_others(
    anna: Identity, sender: Sender
) -> None:
    path = link_to(anna, sender)
    client = visitor()
    looked, opened = client.get(path), client.post(path)
    for answer in (looked, opened, client.get(PAGE)):
        assert answer["Cache-Control"] == "no-store"
        assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert looked["Referrer-Policy"] == opened["Referrer-Policy"] == "no-referrer"
    cookie = client.cookies[COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Strict", PAGE)
    stored = PersonalLink.objects.get()
    assert cookie.value.encode() not in bytes(stored.browser_hash or b"")
    assert path.split("/")[2].encode() not in bytes(stored.token_hash)


def test_a_second_browser_is_refused_and_told_how_to_get_a_new_one(anna: Identity, sender: Sender) -> None:
    path = link_to(anna, sender)
    first, second = visitor(), visitor()
    first.post(path)
    for answer in (second.get(path), second.post(path)):
        assert answer.status_code == 410
        assert "già stato aperto" in answer.text
        assert "i miei dati" in answer.text
    assert second.get(PAGE).status_code == 410
    assert first.get(path).status_code == 302  # the one that opened it is led to the page
    assert first.get(PAGE).status_code == 200


def test_an_altered_link_is_nobodys(anna: Identity, sender: Sender) -> None:
    path = link_to(anna, sender)
    token = path.split("/")[2]
    altered = ("x" if token[0] != "x" else "y") + token[1:]
    for wrong in (altered, token[:-1], token + "a", "x" * 5000):
        answer = visitor().post(f"/miei/{wrong}/")
        assert (answer.status_code, "non esiste" in answer.text) == (404, True)
    assert visitor().get(path).status_code == 200


def test_an_old_link_says_how_to_get_a_new_one(anna: Identity, sender: Sender) -> None:
    path = link_to(anna, sender)
    PersonalLink.objects.update(expires_at=timezone.now())
    for answer in (visitor().get(path), visitor().post(path)):
        assert (answer.status_code, "scaduto" in answer.text, "i miei dati" in answer.text) == (
            410,
            True,
            True,
        )


def test_a_new_link_ends_the_one_that_nobody_opened(anna: Identity, sender: Sender) -> None:
    old, new = link_to(anna, sender), link_to(anna, sender)
    assert visitor().post(old).status_code == 404
    assert visitor().post(new).status_code == 302


def test_the_page_shuts_after_half_an_hour_and_when_it_is_closed(anna: Identity, sender: Sender) -> None:
    client = page_of(anna, sender)
    PersonalLink.objects.update(open_until=timezone.now())
    assert client.get(PAGE).status_code == 410
    assert client.post(f"{PAGE}fai/list/", {"what": "leave"}).status_code == 410
    client = page_of(anna, sender)
    held = client.cookies[COOKIE].value
    assert client.post(f"{PAGE}fai/chiudi/").status_code == 200
    client.cookies[COOKIE] = held  # who copied it before
    assert client.get(PAGE).status_code == 410


def test_another_site_cannot_open_a_link_nor_press_on_the_page(anna: Identity, sender: Sender) -> None:
    path = link_to(anna, sender)
    strict = Client(enforce_csrf_checks=True, headers={"host": "esempio.test"})
    foreign = {"Sec-Fetch-Site": "cross-site"}
    assert strict.post(path, headers=foreign).status_code == 403
    assert strict.post(path, headers={"Sec-Fetch-Site": "same-origin", "Origin": "null"}).status_code == 302
    assert strict.post(f"{PAGE}fai/list/", {"what": "join"}, headers=foreign).status_code == 403
    assert not Subscription.objects.exists()
    pressed = strict.post(f"{PAGE}fai/list/", {"what": "join"}, headers={"Sec-Fetch-Site": "same-origin"})
    assert pressed.status_code == 302


def test_a_link_opens_nothing_at_another_town(anna: Identity, sender: Sender, altrove: Organization) -> None:
    path = link_to(anna, sender)
    assert Client(headers={"host": STRANGER_HOST}).post(path).status_code == 404
    client = page_of(anna, sender)
    held = client.cookies[COOKIE].value
    stranger = Client(headers={"host": STRANGER_HOST})
    stranger.cookies[COOKIE] = held
    assert stranger.get(PAGE).status_code == 410


def test_one_joins_and_leaves_by_a_press_and_the_proof_says_where(anna: Identity, sender: Sender) -> None:
    client = page_of(anna, sender)
    joined = client.post(f"{PAGE}fai/list/", {"what": "join"}, follow=True)
    assert "Ora ricevi gli avvisi." in joined.text
    subscription = Subscription.objects.get()
    assert (subscription.active, subscription.sender_id) == (True, sender.pk)
    left = client.post(f"{PAGE}fai/list/", {"what": "leave"}, follow=True)
    assert "Non ricevi più gli avvisi." in left.text
    assert not Subscription.objects.get().active
    assert list(Consent.objects.order_by("pk").values_list("action", "source", "effective")) == [
        ("given", "page", True),
        ("withdrawn", "page", True),
    ]
    assert Consent.objects.order_by("pk")[0].policy is not None


def test_reading_the_page_changes_nothing(anna: Identity, sender: Sender) -> None:
    client = page_of(anna, sender)
    before = PersonalLink.objects.values().get()
    client.get(PAGE)
    client.get(f"{PAGE}fai/list/")
    assert PersonalLink.objects.values().get() == before


def test_a_section_that_nobody_registered_is_not_there(anna: Identity, sender: Sender) -> None:
    assert page_of(anna, sender).post(f"{PAGE}fai/niente/").status_code == 404


def test_links_go_once_nobody_can_open_them(anna: Identity, sender: Sender) -> None:
    link_to(anna, sender)
    page_of(citizen("Bruno"), sender)
    assert links.forget_old() == 0
    with organization_scope(anna.organization_id):
        PersonalLink.objects.update(expires_at=timezone.now() - links.STAYS - timedelta(seconds=1))
    assert links.forget_old() == 1  # Bruno's page is open still
    PersonalLink.objects.update(open_until=timezone.now() - timedelta(seconds=1))
    assert links.forget_old() == 1
