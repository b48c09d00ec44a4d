# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What people read when something goes wrong: what it is, and what to do."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.conf import LazySettings
from django.http import Http404
from django.test import Client, RequestFactory
from django.utils import timezone

from arengo.core.attempts import TooManyAttempts
from arengo.core.error_views import server_error
from arengo.core.models import Membership, Organization, Person, Role
from arengo.core.scope import organization_scope
from tests.factories.core import HOST, STRANGER_HOST


def test_a_page_that_is_not_there_leads_to_the_home_page(
    esempio: Organization, browse: Callable[..., Client]
) -> None:
    answer = browse().get("/non-c-e/")
    page = answer.content.decode()
    assert answer.status_code == 404
    assert "Questa pagina non c'è" in page
    assert "Vai alla pagina iniziale" in page


def test_an_expired_form_says_to_reload(esempio: Organization) -> None:
    answer = Client(enforce_csrf_checks=True, headers={"host": HOST}).post("/lingua/", {"language": "en"})
    assert answer.status_code == 403
    assert "Il modulo è scaduto" in answer.content.decode()


def test_a_missing_role_is_named(olga: Person, browse: Callable[..., Client]) -> None:
    answer = browse(olga).get("/console/canale/")
    assert answer.status_code == 403
    assert "Serve il ruolo di Redattore o Approvatore." in answer.content.decode()


def test_our_own_fault_is_told_even_without_the_database() -> None:
    # No «db» fixture: a query would fail the test, as it would when the database is what is broken.
    answer = server_error(RequestFactory().get("/"))
    assert answer.status_code == 500
    assert "Qualcosa non ha funzionato" in answer.content.decode()


def test_a_fault_in_a_view_shows_that_page(
    esempio: Organization, browse: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise RuntimeError("the details of the fault")

    monkeypatch.setattr("arengo.portal.views.number_in_use", broken)
    client = browse()
    client.raise_request_exception = False
    answer = client.get("/")
    assert answer.status_code == 500
    assert "Qualcosa non ha funzionato" in answer.content.decode()
    assert "the details of the fault" not in answer.content.decode()


def test_a_404_raised_by_a_view_tells_no_details(
    esempio: Organization, browse: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing() -> None:
        raise Http404("what is inside")

    monkeypatch.setattr("arengo.portal.views.number_in_use", missing)
    answer = browse().get("/")
    assert answer.status_code == 404
    assert "what is inside" not in answer.content.decode()


# --- in the console ---

NOBODYS = "/console/sportello/987654321/"


def is_the_console(page: str) -> bool:
    return 'class="console"' in page and 'id="console-tabs"' in page


def test_staff_who_miss_a_role_are_told_whom_to_ask(
    alice: Person, olga: Person, browse: Callable[..., Client]
) -> None:
    page = browse(olga).get("/console/canale/").content.decode()
    assert is_the_console(page)
    assert "Alice Esempio" in page
    assert 'href="mailto:alice@esempio.test"' in page
    assert "Vai all’inizio della console" in page


@pytest.mark.parametrize("path", ["/console/non-c-e/", NOBODYS, "/console/\x01/"])
def test_staff_who_find_nothing_stay_in_the_console(
    path: str, alice: Person, olga: Person, browse: Callable[..., Client]
) -> None:
    answer = browse(olga).get(path)
    page = answer.content.decode()
    assert answer.status_code == 404
    assert is_the_console(page)
    assert "alice@esempio.test" in page


def test_the_way_back_is_the_section_of_the_page(
    alice: Person, olga: Person, browse: Callable[..., Client]
) -> None:
    page = browse(olga).get(NOBODYS).content.decode()
    assert "Torna a Sportello" in page
    assert "Torna a" not in browse(olga).get("/console/non-c-e/").content.decode()


@pytest.mark.parametrize("path", ["/console/non-c-e/", NOBODYS, "/console/\x01/"])
def test_who_does_not_work_here_reads_no_name_and_the_same_words_as_nowhere(
    path: str, alice: Person, carlo: Person, browse: Callable[..., Client]
) -> None:
    elsewhere = browse(carlo).get("/non-c-e/").content
    for visitor in (browse(carlo), browse()):
        answer = visitor.get(path, follow=False)
        if answer.status_code == 302:  # nobody is signed in
            continue
        assert answer.status_code == 404
        assert answer.content == elsewhere
        assert b"alice" not in answer.content


def test_staff_of_two_organizations_read_the_names_of_the_one_they_visit(
    alice: Person, carlo: Person, altrove: Organization, browse: Callable[..., Client]
) -> None:
    with organization_scope(altrove):
        Membership.objects.create(organization=altrove, person=alice, roles=[Role.OPERATOR])
    page = browse(alice, STRANGER_HOST).get("/console/canale/").content.decode()
    assert "carlo@altrove.test" in page
    assert "mailto:alice@" not in page


def test_a_password_alone_reads_no_names_where_a_second_factor_is_required(
    alice: Person, edo: Person, esempio: Organization, browse: Callable[..., Client]
) -> None:
    esempio.require_second_factor = True
    esempio.save()
    answer = browse(edo).get("/console/accesso/non-c-e/")
    assert answer.status_code == 404
    assert "alice@esempio.test" not in answer.content.decode()


def test_who_alone_administers_is_not_sent_to_themselves(
    alice: Person, browse: Callable[..., Client], settings: LazySettings
) -> None:
    settings.ARENGO_ADMINISTRATORS_NEED_SECOND_FACTOR = False
    page = browse(alice).get("/console/non-c-e/").content.decode()
    assert is_the_console(page)
    assert "mailto:" not in page


def test_a_wrong_method_has_words_and_says_what_would_do(
    alice: Person, olga: Person, carlo: Person, browse: Callable[..., Client]
) -> None:
    answer = browse(olga).put("/console/sportello/")
    page = answer.content.decode()
    assert answer.status_code == 405
    assert answer["Allow"] == "GET, HEAD"
    assert is_the_console(page)
    assert "alice@esempio.test" in page
    assert browse(carlo).put("/console/sportello/").status_code == 404


def test_a_wrong_method_on_a_public_address_has_words_too(
    alice: Person, esempio: Organization, browse: Callable[..., Client]
) -> None:
    answer = browse().get("/lingua/")
    assert answer.status_code == 405
    assert "Questo indirizzo non si apre così" in answer.content.decode()
    assert "alice" not in answer.content.decode()


def test_a_form_that_cannot_be_read_is_refused_in_the_console(
    alice: Person, olga: Person, browse: Callable[..., Client]
) -> None:
    answer = browse(olga).post("/console/accesso/lingua/", {f"field-{number}": "" for number in range(1_001)})
    assert answer.status_code == 400
    assert is_the_console(answer.content.decode())
    assert "alice@esempio.test" in answer.content.decode()


def test_too_many_attempts_of_staff_say_whom_to_ask(
    alice: Person, olga: Person, browse: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*given: object, **more: object) -> None:
        raise TooManyAttempts(timezone.now())

    monkeypatch.setattr("arengo.core.console.views.banners", refused)
    answer = browse(olga).get("/console/schede/")
    page = answer.content.decode()
    assert answer.status_code == 429
    assert "alice@esempio.test" in page
    assert "Password dimenticata" not in page


def test_a_fault_in_the_console_is_told_within_it(
    alice: Person, olga: Person, browse: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*given: object, **more: object) -> None:
        raise RuntimeError("the details of the fault")

    monkeypatch.setattr("arengo.core.console.views.banners", broken)
    client = browse(olga)
    client.raise_request_exception = False
    answer = client.get("/console/schede/")
    page = answer.content.decode()
    assert answer.status_code == 500
    assert is_the_console(page)
    assert "alice@esempio.test" in page
    assert "the details of the fault" not in page


def test_a_fault_of_the_frame_itself_is_told_without_it(
    alice: Person, olga: Person, browse: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*given: object, **more: object) -> None:
        raise RuntimeError("the details of the fault")

    monkeypatch.setattr("arengo.core.context.entries", broken)
    client = browse(olga)
    client.raise_request_exception = False
    answer = client.get("/console/sportello/")
    assert answer.status_code == 500
    assert "Qualcosa non ha funzionato" in answer.content.decode()
    assert 'href="/console/"' in answer.content.decode()
