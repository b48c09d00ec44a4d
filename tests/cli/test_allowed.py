# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The demonstration allows its sandbox, and nothing else of this machine."""

from __future__ import annotations

import pytest
from pytest_django.fixtures import Settings

from arengo.cli import running
from arengo.config import environment
from arengo.platforms.networks import may_connect


@pytest.mark.parametrize(("before", "more"), [("", []), ("10.1.0.0/16", ["10.1.0.0/16"])])
def test_the_demonstration_reaches_its_sandbox_and_no_other_port(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, before: str, more: list[str]
) -> None:
    monkeypatch.setenv("ARENGO_ALLOWED_ADDRESSES", before)
    monkeypatch.setenv("SANDBOX_PORT", "8123")
    running._allow_sandbox()
    settings.ARENGO_ALLOWED_ADDRESSES = environment.items("ARENGO_ALLOWED_ADDRESSES")
    assert [*more, "127.0.0.1:8123"] == settings.ARENGO_ALLOWED_ADDRESSES
    assert may_connect("127.0.0.1", 8123)
    assert not may_connect("127.0.0.1", 8000)
    assert not may_connect("127.0.0.2", 8123)
