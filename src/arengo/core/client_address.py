# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where a request comes from: the one place that reads ``X-Forwarded-For`` and ``X-Forwarded-Proto``.

Both are believed only from a proxy that ``ARENGO_TRUSTED_PROXY`` names. :class:`ClientAddressMiddleware` stands before
all others: it sets ``REMOTE_ADDR`` and the scheme, and takes every forwarding header away, so that nothing after it can
read what a client made up.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

YES = frozenset({"1", "yes", "true", "sì", "si", "on"})
NO = frozenset({"", "0", "no", "false", "off"})
MOST_HOPS = 16  # addresses of one header that are looked at, from the right; real chains have two or three
_WIDEST = {4: 8, 6: 16}  # bits; a network wider than that is half the internet, and no proxy
_IPV6_CLIENT = 64  # bits; RFC 6177: a site has at least one /64, and may use any address of it

# Set by the middleware alone: a name without HTTP_ cannot come from a header. settings.SECURE_PROXY_SSL_HEADER reads it.
SCHEME = "arengo.scheme"
_ELSEWHERE = frozenset({"HTTP_FORWARDED", "HTTP_X_REAL_IP", "HTTP_X_CLIENT_IP", "HTTP_TRUE_CLIENT_IP"})


@dataclass(frozen=True, slots=True)
class TrustedProxies:
    """The peers whose forwarding headers are believed. ``whoever_connects``: the peer, whatever its address, is the one proxy."""

    networks: tuple[Network, ...] = ()
    whoever_connects: bool = False

    def includes(self, address: Address) -> bool:
        return any(address in network for network in self.networks)


def parse_trusted(text: str) -> TrustedProxies:
    """«no», «sì», or addresses and networks separated by commas. ValueError holds the word that is none of these."""
    word = text.strip().lower()
    if word in NO:
        return TrustedProxies()
    if word in YES:
        return TrustedProxies(whoever_connects=True)
    return TrustedProxies(tuple(_network(item) for item in word.split(",") if item.strip()))


def _network(item: str) -> Network:
    try:
        network = ipaddress.ip_network(item.strip(), strict=False)
    except ValueError as error:
        raise ValueError(item.strip()) from error
    if network.prefixlen < _WIDEST[network.version]:
        raise ValueError(item.strip())
    return network


def read_address(text: str) -> Address | None:
    """One entry of the header: with or without port, brackets, quotes or zone. None for anything else."""
    entry = text.strip().strip('"').strip()
    if entry.startswith("["):
        inside, closed, rest = entry[1:].partition("]")
        if not closed or (rest and not (rest.startswith(":") and rest[1:].isascii() and rest[1:].isdigit())):
            return None
        entry = inside
    elif entry.count(":") == 1:
        entry, _colon, port = entry.partition(":")
        if not (port.isascii() and port.isdigit()):
            return None
    try:
        address = ipaddress.ip_address(entry.partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address


def client_address(peer: str, forwarded_for: str, trusted: TrustedProxies) -> str:
    """The right-most address that no trusted proxy has; the peer's own when it is not to be believed.

    Where a proxy wrote something that is no address («unknown»), the client is the last address that is known: that proxy's.
    """
    known = read_address(peer)
    entries = reversed(forwarded_for.rsplit(",", MOST_HOPS)[-MOST_HOPS:]) if forwarded_for.strip() else ()
    if trusted.whoever_connects:
        said = next((read_address(entry) for entry in entries), None)
        return str(said or known or peer)
    if known is None or not trusted.includes(known):
        return str(known or peer)
    for entry in entries:
        address = read_address(entry)
        if address is None:
            break
        known = address
        if not trusted.includes(address):
            break
    return str(known)


def client_network(address: str) -> str:
    """What is counted as one client: an IPv4 address, or the /64 of an IPv6 one."""
    read = read_address(address)
    if isinstance(read, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((read, _IPV6_CLIENT), strict=False))
    return str(read or "unknown")


def network_of(request: HttpRequest) -> str:
    """The client's network, by which attempts are counted. Only behind the middleware."""
    return client_network(str(request.META.get("REMOTE_ADDR", "")))


@cache
def _trusted(text: str) -> TrustedProxies:
    return parse_trusted(text)


def said_scheme(peer: str, forwarded_proto: str) -> str | None:
    """«https» or «http» as a trusted proxy says it in ``X-Forwarded-Proto``; None when there is nothing to believe."""
    if not forwarded_proto:
        return None
    trusted = _trusted(settings.ARENGO_TRUSTED_PROXY)
    address = read_address(peer)
    if not trusted.whoever_connects and (address is None or not trusted.includes(address)):
        return None
    schemes = {word.strip().lower() for word in forwarded_proto.split(",")}
    if not schemes - {""}:
        return None
    return "https" if schemes == {"https"} else "http"


class ClientAddressMiddleware:
    """Sets ``REMOTE_ADDR`` and the scheme from what a trusted proxy says, and takes the forwarding headers away."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        names = [name for name in request.META if name.startswith("HTTP_X_FORWARDED") or name in _ELSEWHERE]
        said = {name: str(request.META.pop(name)) for name in names}
        request.__dict__.pop("headers", None)  # Django's copy, if something has looked already
        trusted = _trusted(settings.ARENGO_TRUSTED_PROXY)
        peer = str(request.META.get("REMOTE_ADDR", ""))
        scheme = said_scheme(peer, said.get("HTTP_X_FORWARDED_PROTO", ""))
        if scheme is not None:
            request.META[SCHEME] = scheme
        request.META["REMOTE_ADDR"] = client_address(peer, said.get("HTTP_X_FORWARDED_FOR", ""), trusted)
        return self.get_response(request)
