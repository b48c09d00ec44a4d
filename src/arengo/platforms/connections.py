# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The one place that makes sessions for requests to other machines.

Each connection is checked at the last moment, when its socket is made for one address: a name that resolves to another
address the second time, an address written as a number, an entry of the DNS cache change nothing. No proxy of the
environment, no cookies, certificates verified, a time for everything.
"""

from __future__ import annotations

import errno
import socket
from typing import Any

import aiohttp

from arengo.platforms.departing import WatchedRequest, watch
from arengo.platforms.networks import may_connect

CONNECT = 10.0  # seconds, the wait for a free connection included
_DNS = 60  # seconds that a resolved name is kept
# An answer's head: aiohttp's own defaults, so that another version changes nothing.
_MOST_LINE = 8190
_MOST_FIELDS = 128


class NotPublic(OSError):
    """The address is neither public nor allowed by the installation. Nothing was sent to it."""

    def __init__(self) -> None:
        super().__init__(errno.EACCES, "not a public address")


def _public_socket(
    info: tuple[int, int, int, str, tuple[Any, ...]],
) -> socket.socket:
    """The socket that is about to be connected to ``info``'s address, and to no other."""
    family, kind, protocol, _name, address = info
    if not may_connect(str(address[0]), int(address[1])):
        raise NotPublic
    return socket.socket(family, kind, protocol)


def _any_socket(info: tuple[int, int, int, str, tuple[Any, ...]]) -> socket.socket:
    return socket.socket(info[0], info[1], info[2])


def session(
    *, within: float, most: int = 20, keep: float = 15.0, to_itself: bool = False
) -> aiohttp.ClientSession:
    """For requests to other machines, through ``answers.ask``.

    ``within``: seconds a request may take, unless the request says less or more. ``most``: connections at once, 0 for
    no limit. ``keep``: seconds that an idle connection is kept. ``to_itself``: to the installation's own address only,
    which may be a private one; no provider's address goes there.
    """
    made = aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(
            limit=most,
            keepalive_timeout=keep,
            ttl_dns_cache=_DNS,
            socket_factory=_any_socket if to_itself else _public_socket,
        ),
        timeout=aiohttp.ClientTimeout(total=within, connect=min(CONNECT, within)),
        cookie_jar=aiohttp.DummyCookieJar(),
        trust_env=False,
        request_class=WatchedRequest,
        auto_decompress=False,
        max_line_size=_MOST_LINE,
        max_field_size=_MOST_LINE,
        max_headers=_MOST_FIELDS,
    )
    return watch(made)


def is_refused(error: BaseException) -> bool:
    """Whether a request failed because its address is neither public nor allowed."""
    return isinstance(error, aiohttp.ClientConnectorError) and isinstance(error.os_error, NotPublic)
