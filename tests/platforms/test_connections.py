# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which addresses Arengo connects to, looked at when the connection is made."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from typing import Any

import aiohttp
import msgspec
import pytest
from hypothesis import given, strategies as st
from pytest_django.fixtures import Settings

from arengo.config import environment, kinds
from arengo.platforms import answers, calls, connections, networks, refusing
from arengo.platforms.contract import Credentials, Refusal, Remedy, Text
from tests.factories.platforms import credentials
from tests.platforms.servers import ANNA, WHATSAPP, raw_server, saying

SENT = b'{"messages":[{"id":"wamid.A"}]}'


@pytest.fixture
def only_public(settings: Settings) -> None:
    settings.ARENGO_ALLOWED_ADDRESSES = []


def resolving(patch: pytest.MonkeyPatch, *each_time: list[str]) -> list[str]:
    """Names resolve to these addresses, at each question the next; the last for ever. Returns the names asked for."""
    asked: list[str] = []

    async def resolve(_self: Any, host: str, port: int = 0, family: int = 0) -> list[dict[str, Any]]:
        found = each_time[min(len(asked), len(each_time) - 1)]
        asked.append(host)
        return [
            {
                "hostname": host,
                "host": address,
                "port": port,
                "family": socket.AF_INET6 if ":" in address else socket.AF_INET,
                "proto": 0,
                "flags": socket.AI_NUMERICHOST,
            }
            for address in found
        ]

    patch.setattr(aiohttp.ThreadedResolver, "resolve", resolve)
    patch.setattr(aiohttp.DefaultResolver, "resolve", resolve)
    return asked


# --- addresses ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",  # noqa: S104 - not bound
        "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.255.255.254",
        "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.2.1", "192.88.99.1", "192.168.1.1",
        "198.18.0.1", "198.19.255.255", "198.51.100.7", "203.0.113.7", "224.0.0.1", "239.255.255.255", "240.0.0.1",
        "255.255.255.255", "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254",
        "64:ff9b::7f00:1", "64:ff9b::10.0.0.1", "64:ff9b:1::808:808", "100::1", "2001::1", "2001:db8::1",
        "2002:7f00:1::", "2002:808:808::1", "2001:0:7f00:1::", "3fff::1", "5f00::1", "fc00::1", "fd12::1", "fe80::1",
        "fe80::1%2", "2a00:1450::1%2", "fec0::1", "ff02::1", "4000::1", "nessuno", "",
    ],
)  # fmt: skip
@pytest.mark.usefixtures("only_public")
def test_an_address_that_is_not_public_is_not_connected_to(address: str) -> None:
    assert not networks.may_connect(address, 443)


@pytest.mark.parametrize(
    "address",
    ["1.1.1.1", "31.13.84.51", "100.128.0.1", "172.32.0.1", "192.169.0.1", "223.255.255.255", "2a03:2880::1",
     "2606:4700::1111", "::ffff:1.1.1.1", "64:ff9b::1.1.1.1"],
)  # fmt: skip
@pytest.mark.usefixtures("only_public")
def test_a_public_address_is_connected_to(address: str) -> None:
    assert networks.may_connect(address, 443)


@given(st.ip_addresses(v=4) | st.ip_addresses(v=6))
def test_nothing_that_python_calls_private_is_public_to_us(address: networks.IPAddress) -> None:
    if address.is_private or address.is_loopback or address.is_link_local or address.is_multicast:
        inside = networks.embedded(address) if isinstance(address, ipaddress.IPv6Address) else None
        assert not networks.is_public(address) or (inside is not None and networks.is_public(inside))


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_is_judged_alike_however_it_is_carried(address: ipaddress.IPv4Address) -> None:
    for carried in (f"::ffff:{address}", f"64:ff9b::{address}"):
        assert networks.is_public(ipaddress.IPv6Address(carried)) == networks.is_public(address)


@pytest.mark.parametrize(
    ("items", "host", "port", "may"),
    [
        (["10.1.0.0/16"], "10.1.2.3", 443, True),
        (["10.1.0.0/16"], "10.2.2.3", 443, False),
        (["10.1.2.3"], "10.1.2.3", 9, True),
        (["10.1.2.3:8443"], "10.1.2.3", 8443, True),
        (["10.1.2.3:8443"], "10.1.2.3", 443, False),
        (["10.1.2.3:8443"], "::ffff:10.1.2.3", 8443, True),
        (["192.0.2.1", "fd00::/8"], "fd00::9", 443, True),
        (["[fd00::1]:8443"], "fd00::1", 8443, True),
        (["[fd00::1]:8443"], "fd00::1", 443, False),
        (["[fd00::1]"], "fd00::1", 443, True),
    ],
)
def test_the_installation_allows_networks_and_addresses(
    settings: Settings, items: list[str], host: str, port: int, may: bool
) -> None:
    settings.ARENGO_ALLOWED_ADDRESSES = items
    assert networks.may_connect(host, port) is may
    assert kinds.Networks().fits(",".join(items), production=True)


@pytest.mark.parametrize(
    "item",
    ["localhost", "10.1.2.3:", "10.1.2.3:0", "10.1.2.3:70000", "10.1.2.3:٣", "10.1.2.300", "10.1.2.3/33", "[fd00::1",
     "[fd00::1]x", "10.0.0.1/8", "http://10.1.2.3", "*"],
)  # fmt: skip
def test_a_value_that_is_no_address_stops_the_start(monkeypatch: pytest.MonkeyPatch, item: str) -> None:
    monkeypatch.setenv("ARENGO_ALLOWED_ADDRESSES", f"127.0.0.1,{item}")
    [found] = [
        problem.in_words() for problem in environment.problems() if "ARENGO_ALLOWED" in problem.in_words()
    ]
    assert item in found


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.1", "127.0.0.1"),
        ("2130706433", "127.0.0.1"),
        ("0x7f.0.0.1", "127.0.0.1"),
        ("0177.0.0.1", "127.0.0.1"),
        ("017700000001", "127.0.0.1"),
        ("localhost", "127.0.0.1"),
        ("LOCALHOST.", "127.0.0.1"),
        ("x.localhost", "127.0.0.1"),
        ("::1", "::1"),
        ("graph.facebook.com", None),
        ("10.example", None),
        ("", None),
    ],
)
def test_a_host_that_is_an_address_is_read_as_the_system_reads_it(host: str, address: str | None) -> None:
    assert networks.literal(host) == address


# --- connections ----------------------------------------------------------------------------------------------

_LOCAL = [
    "127.0.0.1", "localhost", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "[::1]", "[::ffff:127.0.0.1]",
    "0.0.0.0",  # noqa: S104 - not bound
    "0", "[::]",
]  # fmt: skip


@pytest.mark.parametrize("host", _LOCAL)
@pytest.mark.usefixtures("only_public")
async def test_this_machine_is_not_reached_however_its_address_is_written(host: str) -> None:
    heads: list[bytes] = []

    async def answer(head: bytes, writer: asyncio.StreamWriter) -> None:
        heads.append(head)
        await saying(SENT)(head, writer)

    async with raw_server(answer) as (http, account):
        port = account.base_url.rpartition(":")[2]
        with pytest.raises(Refusal) as refused:
            await WHATSAPP.send(http, credentials(f"http://{host}:{port}"), ANNA, Text("ciao"), "")
    assert (refused.value.remedy, refused.value.certain) in (
        (Remedy.STOP_SENDER, True),
        (Remedy.RETRY, True),  # a spelling that this system does not resolve
    )
    assert heads == []


@pytest.mark.usefixtures("only_public")
async def test_the_refusal_stops_the_sender_and_says_how_to_allow_the_address() -> None:
    async with raw_server(saying(SENT)) as (http, account):
        with pytest.raises(Refusal) as refused:
            await WHATSAPP.send(http, account, ANNA, Text("ciao"), "")
    assert (refused.value.remedy, refused.value.certain, refused.value.code) == (
        Remedy.STOP_SENDER,
        True,
        refusing.NOT_PUBLIC,
    )
    assert "ARENGO_ALLOWED_ADDRESSES" in WHATSAPP.explain(refused.value.code)


async def test_exactly_the_allowed_port_is_reached(settings: Settings) -> None:
    async with raw_server(saying(SENT)) as (http, account):
        port = account.base_url.rpartition(":")[2]
        settings.ARENGO_ALLOWED_ADDRESSES = [f"127.0.0.1:{port}"]
        assert (await WHATSAPP.send(http, account, ANNA, Text("ciao"), "")).message_id == "wamid.A"
        settings.ARENGO_ALLOWED_ADDRESSES = [f"127.0.0.1:{int(port) - 1}"]
        async with connections.session(within=5) as fresh:
            with pytest.raises(Refusal):
                await WHATSAPP.send(fresh, account, ANNA, Text("ciao"), "")


@pytest.mark.usefixtures("only_public")
async def test_a_name_that_is_public_once_and_private_then_is_reached_neither_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The address that is connected to is the address that was looked at; nobody resolves twice."""
    connected: list[Any] = []

    async def connect(_self: Any, _sock: socket.socket, address: Any) -> None:
        connected.append(address[:2])
        raise OSError(111, "refused")

    monkeypatch.setattr(asyncio.SelectorEventLoop, "sock_connect", connect)
    asked = resolving(monkeypatch, ["1.1.1.1"], ["127.0.0.1"])
    for expected in ([("1.1.1.1", 443)], [("1.1.1.1", 443)]):
        async with connections.session(within=5) as http:
            with pytest.raises(aiohttp.ClientConnectorError):
                await answers.ask(http, "GET", "https://waba.example/")
        assert connected == expected
    assert asked == ["waba.example", "waba.example"]


@pytest.mark.usefixtures("only_public")
async def test_of_several_addresses_only_the_public_ones_are_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    connected: list[str] = []

    async def connect(_self: Any, _sock: socket.socket, address: Any) -> None:
        connected.append(address[0])
        raise OSError(111, "refused")

    monkeypatch.setattr(asyncio.SelectorEventLoop, "sock_connect", connect)
    resolving(monkeypatch, ["10.0.0.1", "1.1.1.1", "::ffff:127.0.0.1", "fd00::1", "169.254.169.254"])
    async with connections.session(within=5) as http:
        with pytest.raises(aiohttp.ClientConnectorError):
            await answers.ask(http, "GET", "https://waba.example/")
    assert set(connected) == {"1.1.1.1"}


@pytest.mark.usefixtures("only_public")
@pytest.mark.parametrize("name", ["stampante.local", "comune.internal", "server", "localhost.localdomain"])
async def test_a_name_of_the_house_is_judged_by_its_address(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolving(monkeypatch, ["192.168.1.9", "fd00::9"])
    with pytest.raises(Refusal) as refused:
        async with connections.session(within=5) as http:
            await WHATSAPP.describe(http, credentials(f"https://{name}"))
    assert refused.value.code == refusing.NOT_PUBLIC


@pytest.mark.usefixtures("only_public")
def test_synchronous_talks_go_by_the_same_door() -> None:
    with pytest.raises(Refusal) as refused:
        calls.call("whatsapp", lambda platform, http: platform.describe(http, credentials()))
    assert refused.value.code == refusing.NOT_PUBLIC


async def test_no_proxy_of_the_environment_and_no_cookie_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    heads: list[bytes] = []

    async def answer(head: bytes, writer: asyncio.StreamWriter) -> None:
        heads.append(head)
        await saying(SENT, "Set-Cookie: foreign=1; Path=/", "Connection: close")(head, writer)

    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)
    async with raw_server(answer) as (http, account):
        for _ in range(2):
            await WHATSAPP.send(http, account, ANNA, Text("ciao"), "")
    assert all(b"cookie" not in head.lower() for head in heads)
    assert heads[0].startswith(b"POST /v24.0/")


async def test_connections_are_kept_between_requests() -> None:
    opened = 0

    async def answer(head: bytes, writer: asyncio.StreamWriter) -> None:
        nonlocal opened
        opened += 1
        for _ in range(3):
            await saying(b"{}")(head, writer)
            await asyncio.sleep(0.1)

    async with raw_server(answer) as (http, account):
        for _ in range(2):
            assert (await answers.ask(http, "GET", account.base_url)).status == 200
    assert opened == 1


# --- secrets and their origin ---------------------------------------------------------------------------------


def moved(account: Credentials, base_url: str) -> Credentials:
    """As a later way of changing a sender might: the address alone."""
    return msgspec.structs.replace(account, base_url=base_url)


async def test_a_token_goes_to_no_other_address_than_it_was_entered_for() -> None:
    heads: list[bytes] = []

    async def answer(head: bytes, writer: asyncio.StreamWriter) -> None:
        heads.append(head)
        await saying(SENT)(head, writer)

    async with raw_server(answer) as (http, foreign):
        account = moved(credentials("https://graph.facebook.com"), foreign.base_url)
        talks = (
            WHATSAPP.send(http, account, ANNA, Text("ciao"), ""),
            WHATSAPP.describe(http, account),
            WHATSAPP.subscribe(http, account, "https://a.example/hooks/1"),
            WHATSAPP.download(http, account, "7", limit=10),
            WHATSAPP.upload(http, account, b"x", "image/png", "x.png"),
            WHATSAPP.templates(http, account),
            WHATSAPP.mark_read(http, account, "wamid.A"),
            WHATSAPP.block(http, account, ANNA),
            WHATSAPP.codes(http, account),
        )
        for talk in talks:
            with pytest.raises(Refusal) as refused:
                await talk
            assert (refused.value.remedy, refused.value.code) == (Remedy.STOP_SENDER, refusing.OTHER_ORIGIN)
    assert heads == []


def test_the_origin_is_kept_with_the_secrets_and_stays_when_the_address_changes() -> None:
    account = credentials("https://Waba.example:443/api/")
    assert account.origin == "https://waba.example:443/api"
    assert moved(account, "https://evil.example").origin == account.origin
    stored = msgspec.json.encode(moved(account, "https://evil.example"))
    assert msgspec.json.decode(stored, type=Credentials).origin == account.origin
    # Of a number sealed before there was an origin: that of its address.
    older = msgspec.json.encode({k: v for k, v in msgspec.to_builtins(account).items() if k != "origin"})
    assert msgspec.json.decode(older, type=Credentials) == account
