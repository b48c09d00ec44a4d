# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What of a request says which public page is meant, and the request from which that page is rendered."""

from __future__ import annotations

from collections.abc import Iterable, MutableMapping
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode

from django.conf import settings
from django.urls import Resolver404, resolve

from arengo.config.serving.public_memory import Key
from arengo.core.client_address import said_scheme
from arengo.core.public_forms import is_public_form
from arengo.core.public_pages import PublicPage, page_of

Scope = MutableMapping[str, Any]

NOWHERE = "/404/"  # leads to no view: all addresses that lead to none share its answer
_MOST_PARAMETERS = 50


class Place(NamedTuple):
    """Where an address leads. ``page`` is None for what is no public page; ``readers``: who asks needs no account."""

    page: PublicPage | None
    path: str
    readers: bool


class Head(NamedTuple):
    """What of a request's head counts here."""

    host: bytes | None  # None: none, or several
    cookies: bytes
    proto: str
    encodings: bytes
    seen: bytes  # If-None-Match
    since: bytes  # If-Modified-Since
    body: bool


@lru_cache(maxsize=8192)
def place_of(path: str, urlconf: str) -> Place:
    try:
        view = resolve(path, urlconf).func
    except Resolver404:
        if not path.endswith("/") and _resolves(
            f"{path}/", urlconf
        ):  # Django leads to the address with a slash
            there = place_of(f"{path}/", urlconf)
            return Place(there.page, path, readers=there.readers)
        return Place(PublicPage(frozenset()), NOWHERE, readers=True)
    page = page_of(view)
    return Place(page, path, readers=page is not None or is_public_form(view))


def _resolves(path: str, urlconf: str) -> bool:
    try:
        resolve(path, urlconf)
    except Resolver404:
        return False
    return True


def read_head(headers: Iterable[tuple[bytes, bytes]]) -> Head:
    host: bytes | None = None
    hosts = 0
    cookies, protos, encodings, seen, since, body = b"", "", b"", b"", b"", False
    for name, value in headers:
        if name == b"host":
            host, hosts = value, hosts + 1
        elif name == b"cookie":
            cookies = cookies + b"; " + value if cookies else value
        elif name == b"accept-encoding":
            encodings = value
        elif name == b"if-none-match":
            seen = seen + b"," + value if seen else value
        elif name == b"if-modified-since":
            since = value
        elif name == b"x-forwarded-proto":
            protos = f"{protos},{value.decode('latin1')}" if protos else value.decode("latin1")
        elif name == b"transfer-encoding" or (name == b"content-length" and value != b"0"):
            body = True
    return Head(host if hosts == 1 else None, cookies, protos, encodings, seen, since, body)


def is_https(scope: Scope, proto: str) -> bool:
    if not proto:
        return bool(scope["scheme"] == "https")
    client = scope.get("client")
    said = _said_scheme(client[0] if client else "", proto, str(settings.ARENGO_TRUSTED_PROXY))
    return bool((said or scope["scheme"]) == "https")


@lru_cache(maxsize=1024)
def _said_scheme(peer: str, proto: str, trusted: str) -> str | None:
    return said_scheme(peer, proto)


def known_parameters(query: bytes, page: PublicPage) -> str:
    """The page's own parameters in their normal form; all others are as if they had not been written."""
    if not query or not page.parameters:
        return ""
    try:
        given = dict(
            parse_qsl(query.decode("latin1"), keep_blank_values=True, max_num_fields=_MOST_PARAMETERS)
        )
    except ValueError:
        return ""
    known = {name: read(given[name]) for name, read in page.parameters.items() if name in given}
    return urlencode({name: value for name, value in known.items() if value})


def request_of(key: Key) -> dict[str, Any]:
    """A request that says what the key says, and nothing else."""
    cookie = f"{settings.LANGUAGE_COOKIE_NAME}={key.language}".encode("latin1")
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "https" if key.https else "http",
        "path": key.path,
        "root_path": "",
        "query_string": key.query.encode("latin1"),
        "headers": [(b"host", key.host.encode("latin1")), (b"cookie", cookie)],
        "client": None,
        "server": None,
    }
