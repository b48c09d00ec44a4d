# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""People read in their language: what they chose, else the browser's cookie, else the organization's."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.conf import LazySettings
from django.core import mail
from django.test import Client

from arengo.config.serving.public_changes import sites
from arengo.core.models import Organization, Person
from tests.factories.core import HOST

DESK = "/console/sportello/"
OWN = "/console/accesso/lingua/"
Browse = Callable[..., Client]


def language_of(client: Client, path: str) -> str:
    answer = client.get(path)
    said = str(answer["Content-Language"])
    assert f'<html lang="{said}">' in answer.content.decode()
    return said


def speaks(who: Person | Organization, language: str) -> None:
    who.language = language
    who.save(update_fields=["language"])


def test_italian_where_nobody_chose(olga: Person, browse: Browse) -> None:
    assert language_of(browse(olga), DESK) == "it"
    assert language_of(browse(), "/") == "it"


def test_a_persons_choice_holds_in_every_browser(olga: Person, browse: Browse) -> None:
    answer = browse(olga).post(OWN, {"language": "en", "next": DESK})
    assert answer["Location"] == DESK
    olga.refresh_from_db()
    assert olga.language == "en"
    assert language_of(browse(olga), DESK) == "en"


def test_a_persons_choice_goes_before_the_cookie_of_the_computer(olga: Person, browse: Browse) -> None:
    speaks(olga, "it")
    client = browse(olga)
    client.cookies["arengo_language"] = "en"
    assert language_of(client, DESK) == "it"
    assert language_of(client, "/") == "en"  # public pages know no person


def test_who_chose_nothing_reads_the_cookies_language(olga: Person, browse: Browse) -> None:
    client = browse(olga)
    client.cookies["arengo_language"] = "en"
    assert language_of(client, DESK) == "en"


def test_the_organizations_language_is_the_sites(esempio: Organization, olga: Person, browse: Browse) -> None:
    speaks(esempio, "en")
    assert language_of(browse(), "/") == "en"
    assert language_of(browse(olga), DESK) == "en"
    client = browse()
    client.cookies["arengo_language"] = "it"
    assert language_of(client, "/") == "it"
    speaks(olga, "it")
    assert language_of(browse(olga), DESK) == "it"


@pytest.mark.parametrize("language", ["", "xx", "../it", "EN"])
def test_a_language_that_arengo_does_not_speak_changes_nothing(
    language: str, esempio: Organization, olga: Person, browse: Browse
) -> None:
    browse(olga).post(OWN, {"language": language})
    olga.refresh_from_db()
    assert olga.language == ""
    speaks(esempio, language[:5])
    speaks(olga, language[:5])
    assert language_of(browse(olga), DESK) == "it"


def test_the_choice_of_the_console_is_the_persons_and_wants_the_token(olga: Person, browse: Browse) -> None:
    page = browse(olga).get(DESK).content.decode()
    assert f'action="{OWN}"' in page
    client = Client(enforce_csrf_checks=True, headers={"host": HOST})
    client.force_login(olga, backend="arengo.accounts.backend.StaffBackend")
    assert client.post(OWN, {"language": "en"}).status_code == 403
    olga.refresh_from_db()
    assert olga.language == ""


def test_nobody_who_is_not_signed_in_has_a_language_of_their_own(
    esempio: Organization, browse: Browse
) -> None:
    assert browse().post(OWN, {"language": "en"}).status_code == 302
    assert "/login/" in browse().post(OWN, {"language": "en"})["Location"]


def test_the_public_choice_is_the_browsers_alone(olga: Person, browse: Browse) -> None:
    client = browse(olga)
    client.post("/lingua/", {"language": "en", "next": "/"})
    olga.refresh_from_db()
    assert olga.language == ""
    assert client.cookies["arengo_language"].value == "en"


def test_a_mail_is_in_the_language_of_who_reads_it(
    esempio: Organization, alice: Person, carlo: Person, browse: Browse, settings: LazySettings
) -> None:
    settings.EMAIL_LEAVES = True
    settings.ARENGO_ADMINISTRATORS_NEED_SECOND_FACTOR = False
    speaks(carlo, "en")  # works elsewhere, and is invited here
    invite = {"name": "Carlo", "email": carlo.email, "roles": ["operator"]}
    browse(alice).post("/console/impostazioni/personale/", invite)
    browse(alice).post("/console/impostazioni/personale/", {**invite, "email": "nuova@esempio.test"})
    to_carlo, to_somebody = mail.outbox
    assert to_carlo.to == [carlo.email]
    assert "Il tuo accesso" not in to_carlo.subject
    assert "Il tuo accesso alla console" in to_somebody.subject
    speaks(esempio, "en")
    browse(alice).post("/console/impostazioni/personale/", {**invite, "email": "altra@esempio.test"})
    assert "Il tuo accesso" not in mail.outbox[-1].subject


def test_a_forgotten_password_is_written_about_in_the_persons_language(
    olga: Person, browse: Browse, settings: LazySettings
) -> None:
    settings.EMAIL_LEAVES = True
    speaks(olga, "en")
    browse().post("/console/accesso/password/reset/", {"email": olga.email})
    assert "Scegli una password" not in mail.outbox[0].subject


def test_the_organization_chooses_its_language_in_its_settings(
    esempio: Organization, alice: Person, browse: Browse
) -> None:
    page = "/console/impostazioni/ente/"
    assert 'name="language"' in browse(alice).get(page).content.decode()
    browse(alice).post(page, {"name": esempio.name, "palette": esempio.palette, "language": "en"})
    esempio.refresh_from_db()
    assert esempio.language == "en"
    refused = browse(alice).post(page, {"name": esempio.name, "palette": esempio.palette, "language": "xx"})
    assert refused.status_code == 422


def test_the_door_of_public_pages_knows_each_sites_language() -> None:
    found = sites({"a.test": 1, "b.test": 2}, None, {1: "en", 2: "it"})
    assert (found["a.test"].language, found["b.test"].language) == ("en", "it")
