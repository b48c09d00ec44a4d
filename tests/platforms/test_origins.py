# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""When two addresses are one origin, and where a token may go."""

from __future__ import annotations

import base64
from urllib.parse import quote

import pytest
from hypothesis import given, strategies as st

from arengo.platforms.authorizing import authorization
from arengo.platforms.contract import Refusal
from arengo.platforms.origins import origin, same_site
from arengo.platforms.whatsapp import client
from arengo.platforms.wording import printable, without_secrets
from tests.factories.platforms import credentials

LABEL = st.from_regex(r"[a-z]([a-z0-9-]{0,10}[a-z0-9])?", fullmatch=True).filter(
    lambda label: label[2:4] != "--"
)
HOST = st.lists(LABEL, min_size=2, max_size=4).map(".".join)
PATH = st.lists(st.from_regex(r"[A-Za-z0-9_~-]{1,8}", fullmatch=True), max_size=3).map(
    lambda parts: "".join(f"/{part}" for part in parts)
)


@given(HOST, PATH, st.data())
def test_every_spelling_of_an_address_is_one_origin(host: str, path: str, data: st.DataObject) -> None:
    plain = f"https://{host}{path}"
    spelt = data.draw(st.sampled_from(["https", "HTTPS", "Https"])) + "://"
    spelt += "".join(data.draw(st.sampled_from([each, each.upper()])) for each in host)
    spelt += data.draw(st.sampled_from(["", "."])) + data.draw(st.sampled_from(["", ":443", ":0443"]))
    spelt += (
        data.draw(st.sampled_from(["", "/.", "/x/.."])) + path + data.draw(st.sampled_from(["", "/", "//"]))
    )
    assert origin(spelt) == origin(plain)


@given(HOST, HOST, PATH, PATH, st.integers(1, 65535), st.integers(1, 65535))
def test_another_host_port_scheme_or_path_is_another_origin(
    host: str, other: str, path: str, elsewhere: str, port: int, door: int
) -> None:
    first, second = f"https://{host}:{port}{path}", f"https://{other}:{door}{elsewhere}"
    assert (origin(first) == origin(second)) == ((host, port, path) == (other, door, elsewhere))
    assert origin(first) != origin(first.replace("https", "http", 1))


def test_letters_beyond_ascii_and_their_code_are_one_host() -> None:
    assert (
        origin("https://bücher.example")
        == origin("https://XN--BCHER-KVA.example/")
        == origin("https://BÜCHER.example.")
    )
    assert origin("https://ｇraph.facebook.com") == origin("https://graph.facebook.com")
    assert origin("https://gráph.facebook.com") != origin("https://graph.facebook.com")


@pytest.mark.parametrize(
    "address",
    [
        "", "graph.facebook.com", "//graph.facebook.com", "ftp://h", "https:h", "https:///x", "https://", "https://.",
        "https://user@h", "https://user:word@h", "https://:@h", "https://@h", "https://h?x", "https://h#x", "https://h/?",
        "https://h x", " https://h", "https://h\t", "https://h\n.evil.example", "https://h\\@evil.example", "https://h\x00",
        "https://h:porta", "https://h:70000", "https://[::1", "https://[fe80::1%25eth0]", "https://h\u202e/",
        "javascript:alert(1)", "file:///etc/passwd",
    ],
)  # fmt: skip
def test_what_is_no_plain_address_has_no_origin(address: str) -> None:
    with pytest.raises(ValueError):
        origin(address)


@given(st.text(max_size=60))
def test_no_text_breaks_the_reading_of_an_address(text: str) -> None:
    for address in (text, f"https://{text}", f"https://h.example/{text}"):
        try:
            found = origin(address)
        except ValueError:
            continue
        assert same_site(address, address)
        assert origin(found) == found


# --- where a token may go -------------------------------------------------------------------------------------

HERE = credentials("https://waba.example/api")


@pytest.mark.parametrize(
    "address",
    [
        "https://waba.example/apiary", "https://waba.example/", "https://waba.example", "http://waba.example/api/x",
        "https://waba.example:8443/api/x", "https://waba.example.evil.example/api/x", "https://evil.example/api/x",
        "https://waba.example@evil.example/api/x", "", "/api/x",
    ],
)  # fmt: skip
def test_a_token_stays_below_the_address_it_was_entered_for(address: str) -> None:
    with pytest.raises(Refusal):
        authorization(HERE, address)
    assert authorization(HERE, "https://waba.example/api/v24.0/1/messages") == {
        "Authorization": "Bearer sandbox-access-token"
    }


def test_with_files_a_token_goes_to_the_same_host_and_to_the_hosts_that_are_named() -> None:
    for address in (
        "https://waba.example/elsewhere",
        "https://lookaside.fbsbx.com/x",
        "https://a.fbcdn.net/x",
    ):
        assert authorization(HERE, address, files=("lookaside.fbsbx.com", ".fbcdn.net"))
    for address in (
        "https://waba.example:444/x",
        "http://a.fbcdn.net/x",
        "https://fbcdn.net.evil.example/x",
        "https://b",
    ):
        with pytest.raises(Refusal):
            authorization(HERE, address, files=("lookaside.fbsbx.com", ".fbcdn.net"))


@pytest.mark.parametrize("up", [".", ".."])
def test_no_identifier_leads_out_of_the_providers_part_of_its_host(up: str) -> None:
    with pytest.raises(Refusal):
        client.url(HERE, up, "messages")


# --- what is shown of a foreign answer ------------------------------------------------------------------------


def test_a_secret_does_not_come_back_in_any_dress() -> None:
    token = "EAAGm0PX4ZCpsBAKZCw7Uq9l2bXZAB"
    account = credentials()
    account = type(account)(**{**{n: getattr(account, n) for n in account.__struct_fields__}, "token": token})
    for said in (
        token,
        f"Bearer {token}",
        token.lower(),
        token[:15],
        token[7:22],
        f"«{token[3:14]}»",
        quote(token),
        base64.b64encode(token.encode()).decode(),
        base64.b64encode(f"Bearer {token}".encode()).decode(),
        token.encode().hex(),
        f"{token[:12]} {token[12:]}",
        account.app_secret,
        account.verify_token,
    ):
        shown = client.clean(f"Nome {said} fine", account)
        for part in (said, token[2:12], token[14:26]):
            assert part.lower() not in shown.lower(), (said, shown)
        assert shown.startswith("Nome")


def test_ordinary_words_of_the_platform_stay() -> None:
    said = "(#131009) Parameter value is not valid: template['components'][0] messaging_limit_tier"
    assert client.clean(said, credentials()) == said


def test_a_short_secret_does_not_eat_the_words_around_it() -> None:
    account = credentials()
    account = type(account)(
        **{**{n: getattr(account, n) for n in account.__struct_fields__}, "verify_token": "a"}
    )
    assert without_secrets("la prova a mano", account) == "la prova … mano"


@given(st.text(max_size=300), st.integers(0, 50))
def test_a_foreign_text_is_one_short_visible_line(text: str, most: int) -> None:
    shown = printable(text, most)
    assert len(shown) <= most
    assert shown.isprintable()
    assert not set(shown) & set("\u200b\u200e\u200f\u202a\u202e\u2066\u2069\ufeff\u0085\n\r\t")
