# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What every view may rely on, whatever was sent."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from django.core.exceptions import BadRequest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DataError
from django.http import HttpResponse
from django.test import Client, RequestFactory

from arengo.core.clean_requests import CleanASGIHandler, CleanRequestMiddleware, CleanTypedMiddleware
from arengo.core.models import Organization, Person


def test_a_session_cookie_that_holds_a_nul_is_none(esempio: Organization) -> None:
    client = Client(headers={"host": "esempio.test"})
    # In quotes a cookie may hold any byte, written in octal.
    answer = client.get("/console/", headers={"cookie": r'sessionid="\000abc"; arengo_language="\000"'})
    assert answer.status_code == 302


def test_other_cookies_stay(alice: Person, browse: Callable[..., Client]) -> None:
    client = browse(alice)
    client.cookies["strange"] = "a\x01b"
    assert client.get("/console/impostazioni/").status_code == 200


def test_a_value_that_the_database_cannot_hold_is_a_bad_request_and_its_words_are_not_logged(
    esempio: Organization, caplog: pytest.LogCaptureFixture
) -> None:
    request = RequestFactory().get("/")
    answer = CleanRequestMiddleware(lambda _request: None).process_exception(  # type: ignore[arg-type,return-value]
        request, DataError("la via di Anna Esempio è troppo lunga")
    )
    assert answer is not None
    assert answer.status_code == 400
    assert "Non ho capito la richiesta" in answer.content.decode()
    assert "Anna" not in caplog.text


@pytest.mark.parametrize(
    "host", ["a\x00b", "esempio.test\x00", "x" * 5000, "esempio.test:99999999", "[::", "é.test"]
)
def test_a_host_that_is_none_is_refused_with_our_page(esempio: Organization, host: str) -> None:
    answer = Client(raise_request_exception=False, headers={"host": host}).get("/")
    assert answer.status_code in (200, 400, 404)


@pytest.mark.parametrize(
    "word", ["x", "a\x00b", "9" * 5000, "console", "portal:home", "//altrove.test", "\\\\a", ""]
)
def test_the_choice_of_a_language_leads_to_an_address_of_ours(esempio: Organization, word: str) -> None:
    client = Client(raise_request_exception=False, headers={"host": "esempio.test"})
    answer = client.post("/lingua/", {"language": "en", "next": word})
    assert (answer.status_code, answer["Location"]) == (302, "/")


@pytest.mark.parametrize("kind", [b"x; charset*=bogus''y", b"x; charset*=utf-7''+2D0-", b"x; charset*=''"])
def test_a_content_type_that_breaks_djangos_request_is_a_bad_request(kind: bytes) -> None:
    scope = {
        "type": "http",
        "method": "GET",
        "path": "/",
        "query_string": b"",
        "headers": [(b"content-type", kind)],
    }
    request, refused = CleanASGIHandler().create_request(scope, io.BytesIO())
    assert request is not None or (refused is not None and refused.status_code == 400)


@pytest.mark.parametrize("charset", [b"hex", b"base64", b"rot13", b"utf-7", b"utf-16", b"latin-1"])
def test_another_encoding_is_refused_before_anything_is_decoded_with_it(charset: bytes) -> None:
    scope = {
        "type": "http",
        "method": "GET",
        "path": "/",
        "query_string": b"next=+2D0-",
        "headers": [(b"content-type", b"text/plain; charset=" + charset)],
    }
    request, refused = CleanASGIHandler().create_request(scope, io.BytesIO())
    if request is None:
        assert refused is not None
        assert refused.status_code == 400
    else:
        with pytest.raises(BadRequest):
            CleanRequestMiddleware(lambda _request: HttpResponse())(request)


def typed(**fields: str) -> dict[str, str]:
    """What a view finds of a form."""
    request = RequestFactory().post("/lingua/", fields)
    CleanTypedMiddleware(lambda _request: HttpResponse()).process_view(request)
    return {name: str(value) for name, value in request.POST.items()}


def test_what_is_typed_comes_without_what_cannot_be_seen() -> None:
    assert typed(title="Mercato\u202a\u200b", name="perche\u0301") == {"title": "Mercato", "name": "perché"}


@pytest.mark.parametrize(
    "name", ["password", "password1", "token", "app_secret", "otp", "csrfmiddlewaretoken", "_draft"]
)
def test_a_secret_stays_as_it_was_typed(name: str) -> None:
    assert typed(**{name: "a\u200bb e\u0301"}) == {name: "a\u200bb e\u0301"}


def test_a_file_comes_with_its_true_name() -> None:
    upload = SimpleUploadedFile("fattura\u202egpj.exe", b"MZ")
    upload.name = "fattura\u202egpj.exe"
    request = RequestFactory().post("/", {"file": upload})
    CleanTypedMiddleware(lambda _request: HttpResponse()).process_view(request)
    assert request.FILES["file"].name == "fatturagpj.exe"


def test_a_body_that_is_no_form_is_not_read() -> None:
    request = RequestFactory().post("/", b"{}", content_type="application/json")
    CleanTypedMiddleware(lambda _request: HttpResponse()).process_view(request)
    assert request.read() == b"{}"
