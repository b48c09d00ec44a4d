# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The origin of an address, in one spelling.

An origin is scheme, host, port and the path before the platform's own: two tenants of a shared host are two origins.
Read by yarl, the parser that makes the requests, so that nobody else's reading of an address counts.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from yarl import URL

# A name as DNS has it, an address of either kind; never a zone (%), a space, a sign that another parser might split at.
_HOST = re.compile(r"[a-z0-9_-][a-z0-9._-]*|[0-9a-f:.]*:[0-9a-f:.]*", re.ASCII)
_SCHEMES = ("http", "https")


def origin(address: str) -> str:
    """One spelling for all that mean the same: ``https://HOST.:443/api/`` and ``https://host/api`` are one.

    Case, default port, a final dot, letters beyond ASCII and dot segments are made even. ValueError
    for an address that is none, has a user, a query or a fragment, or holds spaces.
    """
    url = _parsed(address)
    if "?" in address or "#" in address:
        raise ValueError("a query or a fragment in a base address")
    return _site(url) + url.raw_path.rstrip("/")


def _parsed(address: str) -> URL:
    if any(character.isspace() or not character.isprintable() or character == "\\" for character in address):
        raise ValueError("a space in an address")
    url = URL(address)
    authority = re.split(r"[/?#]", address.partition("//")[2], maxsplit=1)[0]
    if url.scheme not in _SCHEMES or not _HOST.fullmatch(url.raw_host or "") or "@" in authority:
        raise ValueError("not the address of a web server")
    return url


def _site(url: URL) -> str:
    host = (url.raw_host or "").rstrip(".").lower()
    return f"{url.scheme}://{f'[{host}]' if ':' in host else host}:{url.port}"


def same_site(address: str, other: str) -> bool:
    """Whether both are on the same host, by the same scheme and port. An address that is none is nowhere."""
    try:
        return _site(_parsed(address)) == _site(_parsed(other))
    except ValueError:
        return False


def is_file_host(address: str, hosts: Collection[str]) -> bool:
    """Whether ``address`` is one of ``hosts`` over https at its usual port; ``.example.net`` means all below it."""
    try:
        url = _parsed(address)
    except ValueError:
        return False
    name = (url.raw_host or "").lower()
    return (
        url.scheme == "https"
        and url.port == 443
        and any(name.endswith(known) if known.startswith(".") else name == known for known in hosts)
    )
