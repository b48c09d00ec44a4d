# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which network addresses Arengo connects to: public ones, and those that the installation allows.

The tables are IANA's special-purpose registries of IPv4 and IPv6 (RFC 6890 and its updates), without the blocks that
are globally reachable. They stand here because Python's ``is_global`` differs from one version to the next.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from django.conf import settings

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
_Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_NOT_PUBLIC_4 = tuple(
    ipaddress.IPv4Network(block)
    for block in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",
        "100.64.0.0/10",  # carriers' translation
        "127.0.0.0/8",
        "169.254.0.0/16",  # link-local; the metadata of cloud machines
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and broadcast
    )
)
_GLOBAL_6 = ipaddress.IPv6Network("2000::/3")  # the only block that IANA gives out
_NOT_PUBLIC_6 = tuple(
    ipaddress.IPv6Network(block)
    for block in (
        "2001::/23",  # protocols: Teredo, ORCHID, benchmarking
        "2001:db8::/32",
        "2002::/16",  # 6to4: an IPv4 address inside
        "3fff::/20",
    )
)
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # an IPv4 address behind a translator (RFC 6052)


class Allowed(NamedTuple):
    """Addresses that the installation allows beside the public ones; ``port`` None: every port."""

    network: _Network
    port: int | None


def parse(items: Sequence[str]) -> tuple[Allowed, ...]:
    """``10.1.0.0/16``, ``10.1.2.3``, ``10.1.2.3:8443``, ``fd00::/8``, ``[fd00::1]:8443``. ValueError names the item."""
    return tuple(_parse(item) for item in items)


def _parse(item: str) -> Allowed:
    text, port = item, ""
    if item.startswith("["):
        text, bracket, rest = item[1:].partition("]")
        if not bracket or (rest and not rest.startswith(":")):
            raise ValueError(item)
        port = rest[1:] or ("0" if rest else "")
    elif item.count(":") == 1:
        text, port = item.split(":")
        port = port or "0"
    if port and not (port.isascii() and port.isdigit() and len(port) < 6 and 0 < int(port) < 65536):
        raise ValueError(item)
    try:
        return Allowed(ipaddress.ip_network(text), int(port) if port else None)
    except ValueError:
        raise ValueError(item) from None


@lru_cache(maxsize=8)
def _parsed(items: tuple[str, ...]) -> tuple[Allowed, ...]:
    return parse(items)


def is_public(address: IPAddress) -> bool:
    """Whether anybody on the Internet would reach the same machine under it."""
    if isinstance(address, ipaddress.IPv4Address):
        return not any(address in block for block in _NOT_PUBLIC_4)
    inside = embedded(address)
    if inside is not None:
        return is_public(inside)
    if address.scope_id:
        return False
    return address in _GLOBAL_6 and not any(address in block for block in _NOT_PUBLIC_6)


def embedded(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address to which a connection to ``address`` really goes: mapped into it, or behind a translator."""
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF) if address in _NAT64 else None


def may_connect(host: str, port: int) -> bool:
    """Whether Arengo opens a connection to this address, as the kernel is given it. A host that is no address: False."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    if is_public(address):
        return True
    inside = embedded(address) if isinstance(address, ipaddress.IPv6Address) else None
    return any(
        each.port in (None, port)
        and (address in each.network or (inside is not None and inside in each.network))
        for each in _parsed(tuple(settings.ARENGO_ALLOWED_ADDRESSES))
    )


def literal(host: str) -> str | None:
    """The address that a host name is by itself, as the system reads it: ``127.1`` and ``2130706433`` too.

    None: a name to be resolved.
    """
    name = host.rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return "127.0.0.1"
    try:
        return str(ipaddress.ip_address(host.strip("[]")))
    except ValueError:
        pass
    try:
        return socket.inet_ntoa(socket.inet_aton(name)) if name and " " not in name else None
    except (OSError, ValueError):
        return None
