# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A running sandbox, a subscribed business, and citizens of one's own for each test."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.sandbox.catcher import Catcher, catching
from tests.sandbox.town import Town
from tests.support.browser_kit import chromium, visit
from tests.support.sandbox_server import SandboxProcess, sandbox_process

__all__ = ["chromium", "visit"]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[SandboxProcess]:
    with sandbox_process(SANDBOX_MPS="1000", SANDBOX_WEBHOOK_RETRY_BASE="0.2") as running:
        yield running


@pytest.fixture(scope="module")
def _address() -> Iterator[Catcher]:
    with catching() as catcher:
        yield catcher


@pytest.fixture
def catcher(sandbox: SandboxProcess, _address: Catcher) -> Iterator[Catcher]:
    """A webhook address that is subscribed, empty and willing."""
    _address.answer = 200
    subscribed = sandbox.graph(
        "POST",
        f"/{sandbox.waba_id}/subscribed_apps",
        {"override_callback_uri": _address.url, "verify_token": _address.verify_token},
    )
    assert subscribed.body == {"success": True}
    _address.posts.clear()
    _address.refused = 0
    yield _address
    sandbox.control("DELETE", "/conditions")


@pytest.fixture
def town(sandbox: SandboxProcess) -> Iterator[Town]:
    yield Town(sandbox)
    sandbox.control("DELETE", "/conditions")


@pytest.fixture
def anna(town: Town) -> dict[str, Any]:
    """A citizen who has just written: her window is open."""
    person = town.citizen("Anna Esempio")
    town.writes(person, "Buongiorno")
    return person
