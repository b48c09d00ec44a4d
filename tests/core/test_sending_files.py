# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Stored files go out piece by piece over ASGI, without the warning that Django read them whole."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest
from django.core.files.base import File
from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.test import AsyncRequestFactory, RequestFactory

from arengo.core.sending_files import file_response

SIZE = 600_000  # bytes: three pieces


@pytest.fixture
def stored(tmp_path: Path) -> File[bytes]:
    path = tmp_path / "modulo.pdf"
    path.write_bytes(b"x" * SIZE)
    return File(path.open("rb"))


async def test_over_asgi_a_file_goes_piece_by_piece_and_is_closed(stored: File[bytes]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        response = file_response(AsyncRequestFactory().get("/"), stored, "application/pdf")
        assert response.is_async
        pieces = [piece async for piece in response]
    assert [len(piece) for piece in pieces] == [262_144, 262_144, 75_712]
    assert response["Content-Length"] == str(SIZE)
    assert response["Content-Type"] == "application/pdf"
    assert stored.closed


@pytest.mark.django_db  # the end of a response looks after the thread's database connection
def test_over_wsgi_it_goes_as_django_does_it(stored: File[bytes]) -> None:
    response = file_response(RequestFactory().get("/"), stored, "application/pdf")
    assert not response.is_async
    assert response["Content-Length"] == str(SIZE)
    assert b"".join(response) == b"x" * SIZE  # type: ignore[arg-type]  # not async: bytes
    response.close()
    assert stored.closed


@pytest.mark.parametrize(
    ("asked", "sent", "told"),
    [
        ("bytes=0-", "0123456789", "bytes 0-9/10"),
        ("bytes=3-5", "345", "bytes 3-5/10"),
        ("bytes=8-99", "89", "bytes 8-9/10"),
        ("bytes=-4", "6789", "bytes 6-9/10"),
        ("bytes=-99", "0123456789", "bytes 0-9/10"),
    ],
)
async def test_a_part_is_sent_where_one_is_asked_for(
    tmp_path: Path, asked: str, sent: str, told: str
) -> None:
    for factory in (AsyncRequestFactory, RequestFactory):
        response = file_response(
            factory().get("/", headers={"range": asked}), digits(tmp_path), "audio/ogg; codecs=opus"
        )
        assert (response.status_code, response["Content-Range"]) == (206, told)
        assert response["Content-Length"] == str(len(sent))
        assert response["Accept-Ranges"] == "bytes"
        assert await whole(response) == sent
        response.close()


@pytest.mark.parametrize("asked", ["bytes=10-", "bytes=10-12", "bytes=-0", f"bytes={'9' * 30}-"])
def test_a_part_that_a_file_does_not_have_is_refused(tmp_path: Path, asked: str) -> None:
    file = digits(tmp_path)
    response = file_response(AsyncRequestFactory().get("/", headers={"range": asked}), file, "audio/ogg")
    assert (response.status_code, response["Content-Range"]) == (416, "bytes */10")
    assert file.closed


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"range": "bytes=5-3"},
        {"range": "bytes=-"},
        {"range": "bytes=0-1,4-5"},
        {"range": "bytes=²-"},
        {"range": "lines=1-2"},
        {"range": "bytes=1-2", "if-range": '"of another day"'},
    ],
    ids=str,
)
async def test_what_is_no_part_is_answered_with_the_whole(tmp_path: Path, headers: dict[str, str]) -> None:
    request = AsyncRequestFactory().get("/", headers=headers)
    response = file_response(request, digits(tmp_path), "audio/ogg")
    assert (response.status_code, response["Content-Length"]) == (200, "10")
    assert await whole(response) == "0123456789"


def digits(folder: Path) -> File[bytes]:
    path = folder / "voce.ogg"
    path.write_bytes(b"0123456789")
    return File(path.open("rb"))


async def whole(response: HttpResponseBase) -> str:
    assert isinstance(response, StreamingHttpResponse)
    if response.is_async:
        return b"".join([piece async for piece in response]).decode()
    return b"".join(response.streaming_content).decode()  # type: ignore[arg-type]  # not async: bytes
