# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every header that the code reads, and those that Django reads, with what no browser sends."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings as configured

import arengo
from arengo.core.models import Role
from tests.security.town import OURS, Town
from tests.security.visiting import SWEEP, Visitor, why

pytestmark = [pytest.mark.django_db, *SWEEP]

SOURCE = Path(arengo.__file__).parent
_OF_DJANGO = {
    "Accept", "Accept-Encoding", "Accept-Language", "Authorization", "Content-Length", "Content-Type", "Cookie", "Forwarded",
    "Host", "If-Modified-Since", "If-None-Match", "Last-Event-ID", "Origin", "Range", "Referer", "X-CSRFToken",
    "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-HTTP-Method-Override", "X-Requested-With",
}  # fmt: skip
VALUES = {
    "nothing": "",
    "NUL": "a\x00b",
    "5,000 digits": "9" * 5000,
    "negative": "-1",
    "not ASCII": "é€👍",
    "as latin-1": "\xff\xfe",
    "a list of nothing": ",;=,;=",
    "a list": "a;q=1e400,b;q=NaN,*/*;q=x",
    "quoted": 'sessionid="\\000\\777"; csrftoken="\\000"; messages="x"; a',
    "encoded": "x; charset*=bogus''y",
    "script": "\"'><script>alert(1)</script>",
    "long": "x" * 20_000,
}
# Where a header is read; all are tried on a public page and on a part of the console, both quick.
EVERYWHERE = ("/note-legali/", "/console/schede/")
READ_AT = {
    "Authorization": ("/metrics",),
    "Accept": ("/metrics",),
    "Last-Event-ID": ("/console/live/?topics=inbox",),
    "Range": (f"/console/sportello/allegati/{OURS}/",),
    "HX-Request": (f"/console/sportello/{OURS}/",),
    "HX-Target": (f"/console/sportello/{OURS}/",),
}


_ASKED = re.compile(
    r'headers(?:\.get\(|\[)"([A-Z][A-Za-z-]+)"|"([A-Z][A-Za-z-]+)" (?:not )?in request\.headers'
)


def names() -> list[str]:
    """``request.headers.get("X")``, ``request.headers["X"]``, ``"X" in request.headers``."""
    found = set(_OF_DJANGO)
    for path in SOURCE.rglob("*.py"):
        if "platforms" not in path.parts:
            for asked, tested in _ASKED.findall(path.read_text(encoding="utf-8")):
                found.add(asked or tested)
    return sorted(found)


def test_the_sweep_knows_the_headers() -> None:
    assert {"HX-Request", "HX-Target", "Authorization", "Last-Event-ID"} <= set(names())


@pytest.mark.parametrize("header", names())
def test_no_header_breaks_a_page(
    towns: tuple[Town, Town], monkeypatch: pytest.MonkeyPatch, header: str
) -> None:
    monkeypatch.setattr(configured, "ARENGO_METRICS_TOKEN", "a-token-for-tests")
    visitor = Visitor(towns[0].host, towns[0].people[Role.ADMINISTRATOR])
    name = header.upper().replace("-", "_")
    key = name if name in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{name}"
    broken = {}
    for path in (*EVERYWHERE, *READ_AT.get(header, ())):
        for what, value in VALUES.items():
            if key == "CONTENT_TYPE" and what == "encoded":
                continue  # Django refuses it before any middleware: tests/core/test_clean_requests.py
            answer = visitor.ask("GET", path, **{key: value.encode().decode("latin-1")})
            if answer.status_code >= 500:
                broken[f"{path} {what}"] = why(answer)
    assert broken == {}
