# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""For which hosts public pages are kept, and until when words about a moment hold."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import override_settings
from hypothesis import given, strategies

from arengo.cli import running
from arengo.config.serving.public_changes import sites
from arengo.core.templatetags.arengo import _other_words_at, _words

ROME = ZoneInfo("Europe/Rome")


def test_in_production_only_admitted_hosts_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARENGO_HOSTS", "esempio.test,altrove.test")
    admitted = ["esempio.test", "altrove.test", "arengo.test"]
    with override_settings(PRODUCTION=True, PUBLIC_URL="https://arengo.test", ALLOWED_HOSTS=admitted):
        found = sites({"esempio.test": 1, "altrove.test": 2, "non-ammesso.test": 1}, None)
    names = {host.partition(":")[0] for host in found}
    assert names == {"esempio.test", "altrove.test"}
    assert {found["esempio.test"].organization, found["altrove.test"].organization} == {1, 2}


def test_the_only_organization_is_served_on_every_name_of_the_installation(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ARENGO_PORT", "8123")
    with override_settings(PRODUCTION=False, PUBLIC_URL="http://arengo.test:8080", ALLOWED_HOSTS=["*"]):
        found = sites({}, 7)
        assert sites({}, None) == {}
    assert found["arengo.test:8080"].host == "arengo.test:8080"
    assert {found[host].organization for host in ("127.0.0.1:8123", "localhost", "[::1]:8123")} == {7}
    assert "127.0.0.1:9" not in found


@given(
    ago=strategies.timedeltas(timedelta(days=-3), timedelta(days=400)),
    now=strategies.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)),  # noqa: DTZ001 - made aware below
)
def test_words_about_a_moment_hold_until_they_are_said_to(ago: timedelta, now: datetime) -> None:
    here = now.replace(tzinfo=UTC).astimezone(ROME)
    moment = (here.astimezone(UTC) - ago).astimezone(ROME)
    until = _other_words_at(moment, here)
    assert until > here
    last = (until.astimezone(UTC) - timedelta(seconds=1)).astimezone(ROME)
    if last > here:
        assert _words(moment, last) == _words(moment, here)


def test_the_readers_process_is_the_same_server_at_its_own_port(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARENGO_PORT", "8123")
    monkeypatch.setenv("ARENGO_READERS_PORT", "8124")
    web, readers = running.web(1), running.readers()
    assert readers.name == "readers"
    assert readers.command[-len(web.command) :] == [
        "8124" if word == "8123" else word for word in web.command
    ]
    assert running._site_ports() == [
        "ARENGO_PORT",
        "ARENGO_READERS_PORT",
    ]  # both are looked at before the start
    monkeypatch.setenv("ARENGO_READERS_PORT", "")
    assert running._site_ports() == ["ARENGO_PORT"]
