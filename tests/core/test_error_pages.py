# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What people read when something goes wrong: what it is, and what to do."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.http import Http404
from django.test import Client, RequestFactory

from arengo.core.error_views import server_error
from arengo.core.models import Organization, Person
from tests.factories.core import HOST


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
