# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from __future__ import annotations

import ipaddress
from io import BytesIO
from typing import Any

import pytest
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from hypothesis import given, strategies as st
from pytest_django import Settings

from arengo.core.client_address import (
    ClientAddressMiddleware,
    client_address,
    client_network,
    parse_trusted,
    read_address,
)
from arengo.core.models import Organization

LOCAL = parse_trusted("127.0.0.1, 10.20.0.0/16, fd00::/16")
NONE, ANYBODY = parse_trusted("no"), parse_trusted("sì")


@pytest.mark.parametrize(
    ("peer", "header", "client"),
    [
        ("127.0.0.1", "198.51.100.7", "198.51.100.7"),
        ("127.0.0.1", "6.6.6.6, 198.51.100.7", "198.51.100.7"),  # what the client wrote stands further left
        ("127.0.0.1", "6.6.6.6, 198.51.100.7, 10.20.3.4", "198.51.100.7"),  # two proxies of ours
        ("127.0.0.1", "198.51.100.7:51234", "198.51.100.7"),
        ("127.0.0.1", "[2001:db8::7]:443", "2001:db8::7"),
        ("127.0.0.1", "[2001:db8::7]", "2001:db8::7"),
        ("127.0.0.1", '"[2001:db8::7]:443"', "2001:db8::7"),
        ("127.0.0.1", "fe80::1%eth0", "fe80::1"),
        ("127.0.0.1", "::ffff:198.51.100.7", "198.51.100.7"),
        ("::ffff:127.0.0.1", "198.51.100.7", "198.51.100.7"),
        ("127.0.0.1", "unknown", "127.0.0.1"),
        ("127.0.0.1", "198.51.100.7, unknown", "127.0.0.1"),
        ("127.0.0.1", "198.51.100.7, unknown, 10.20.0.1", "10.20.0.1"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", " , ,", "127.0.0.1"),
        ("127.0.0.1", "10.20.0.9", "10.20.0.9"),  # a machine of ours that asks by itself
        ("127.0.0.1", "300.1.1.1", "127.0.0.1"),
        ("127.0.0.1", "198.51.100.7:port", "127.0.0.1"),
        ("127.0.0.1", "[2001:db8::7", "127.0.0.1"),
        ("127.0.0.1", "1.2.3.4\x00", "127.0.0.1"),
        ("203.0.113.9", "198.51.100.7", "203.0.113.9"),  # nobody that we trust
        ("10.21.0.1", "198.51.100.7", "10.21.0.1"),
        ("127.0.0.1", ",".join(["6.6.6.6"] * 10_000) + ", 198.51.100.7", "198.51.100.7"),
        ("127.0.0.1", ",".join(["10.20.0.1"] * 10_000), "10.20.0.1"),
    ],
)
def test_the_client_is_the_right_most_address_that_no_trusted_proxy_has(
    peer: str, header: str, client: str
) -> None:
    assert client_address(peer, header, LOCAL) == client


@pytest.mark.parametrize("header", ["198.51.100.7", "6.6.6.6, 198.51.100.7", "127.0.0.1"])
def test_without_a_proxy_the_header_says_nothing(header: str) -> None:
    assert client_address("203.0.113.9", header, NONE) == "203.0.113.9"


def test_with_yes_whoever_connects_is_the_one_proxy() -> None:
    assert client_address("203.0.113.9", "6.6.6.6, 10.0.0.5", ANYBODY) == "10.0.0.5"
    assert client_address("203.0.113.9", "unknown", ANYBODY) == "203.0.113.9"
    assert client_address("203.0.113.9", "", ANYBODY) == "203.0.113.9"


_entry = st.one_of(
    st.ip_addresses().map(str),
    st.sampled_from(["unknown", "", "_hidden", "[::1]:80", "10.20.1.1"]),
    st.text(),
)


@given(peer=st.one_of(st.ip_addresses().map(str), st.text()), entries=st.lists(_entry, max_size=40))
def test_whatever_the_header_holds_a_stranger_is_counted_by_their_own_address(
    peer: str, entries: list[str]
) -> None:
    header = ",".join(entries)
    assert client_address(peer, header, NONE) == str(read_address(peer) or peer)
    # A client in front of our proxy cannot choose: the proxy writes last.
    assert client_address("127.0.0.1", f"{header}, 198.51.100.7", LOCAL) == "198.51.100.7"
    ipaddress.ip_address(client_address("127.0.0.1", header, LOCAL))


@given(st.text())
def test_reading_an_address_never_fails(text: str) -> None:
    assert read_address(text) is None or client_network(text) != "unknown"


def test_an_ipv6_client_is_counted_by_its_site() -> None:
    assert (
        client_network("2001:db8:1:2:3::4") == client_network("2001:db8:1:2:ffff::1") == "2001:db8:1:2::/64"
    )
    assert client_network("2001:db8:1:3::4") != client_network("2001:db8:1:2::4")
    assert client_network("198.51.100.7") == "198.51.100.7"
    assert client_network("") == client_network("somebody") == "unknown"


@pytest.mark.parametrize(
    "word", ["maybe", "proxy.example.it", "10.0.0.0/4", "0.0.0.0/0", "::/0", "10.0.0.1; 1"]
)
def test_a_proxy_that_is_no_address_is_refused(word: str) -> None:
    with pytest.raises(ValueError):
        parse_trusted(f"127.0.0.1, {word}")


def _seen(settings: Settings, trusted: str, peer: str, **headers: str) -> HttpRequest:
    settings.ARENGO_TRUSTED_PROXY = trusted
    request = RequestFactory().get("/", REMOTE_ADDR=peer, headers=dict(headers))
    ClientAddressMiddleware(lambda given: HttpResponse())(request)
    return request


FORGED = {
    "X-Forwarded-For": "6.6.6.6",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "b.test",
    "X-Real-IP": "6.6.6.6",
}


def test_a_strangers_headers_are_taken_away(settings: Settings) -> None:
    request = _seen(settings, "10.20.0.0/16", "203.0.113.9", **FORGED, Forwarded="for=6.6.6.6")
    assert request.META["REMOTE_ADDR"] == "203.0.113.9"
    assert not request.is_secure()
    assert not [
        name for name in request.headers if "forwarded" in name.lower() or name.lower() == "x-real-ip"
    ]


@pytest.mark.parametrize(
    ("said", "secure"),
    [("https", True), ("HTTPS", True), ("http", False), ("https, http", False), ("", False), ("wss", False)],
)
def test_a_trusted_proxy_says_whether_it_was_https(settings: Settings, said: str, secure: bool) -> None:
    request = _seen(
        settings, "127.0.0.1", "127.0.0.1", **{"X-Forwarded-Proto": said, "X-Forwarded-For": "198.51.100.7"}
    )
    assert request.is_secure() is secure
    assert request.META["REMOTE_ADDR"] == "198.51.100.7"


def test_several_lines_of_the_header_are_one_list_and_an_underscore_is_no_hyphen(settings: Settings) -> None:
    settings.ARENGO_TRUSTED_PROXY = "127.0.0.1, 10.20.0.0/16"
    lines = [b"6.6.6.6", b"198.51.100.7", b"10.20.0.1"]
    scope = {
        "type": "http",
        "method": "GET",
        "path": "/",
        "query_string": b"",
        "client": ("127.0.0.1", 4711),
        "headers": [
            *((b"x-forwarded-for", line) for line in lines),
            (b"x_forwarded_for", b"6.6.6.6"),
            (b"x_forwarded_proto", b"https"),
        ],
    }
    request = ASGIRequest(scope, BytesIO())
    ClientAddressMiddleware(lambda given: HttpResponse())(request)
    assert request.META["REMOTE_ADDR"] == "198.51.100.7"
    assert not request.is_secure()


def test_the_site_believes_no_strangers_scheme(esempio: Organization, settings: Settings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    settings.ARENGO_TRUSTED_PROXY = "10.20.0.0/16"
    ask: Any = Client(headers={"host": "esempio.test", "x-forwarded-proto": "https"}).get
    assert ask("/", REMOTE_ADDR="203.0.113.9").status_code == 301
    assert ask("/", REMOTE_ADDR="10.20.0.1").status_code == 200
