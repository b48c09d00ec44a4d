# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Stored files go out piece by piece over ASGI, without the warning that Django read them whole."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest
from django.core.files.base import File
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
