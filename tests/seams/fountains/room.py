# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The room for one test."""

from __future__ import annotations

import importlib
from collections.abc import Iterator

import pytest
from django.conf import LazySettings
from django.urls import clear_url_caches

from arengo.config import urls
from arengo.core import log_entries
from arengo.core.console import cards, pages, settings_urls, tabs
from tests.seams.folders import templates_of
from tests.seams.fountains import console


def _read_addresses_again() -> None:
    """They are read once, with the first request: after every room has registered."""
    importlib.reload(settings_urls)
    importlib.reload(urls)
    clear_url_caches()


@pytest.fixture
def made_up(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A room whose tab stands between Canale and Iscritti, with a card and one page."""
    templates_of(settings, "fountains")
    with monkeypatch.context() as patched:
        patched.setattr(tabs, "_tabs", dict(tabs._tabs))
        patched.setattr(cards, "_cards", dict(cards._cards))
        patched.setattr(pages, "_modules", dict(pages._modules))
        patched.setattr(log_entries, "_rooms", dict(log_entries._rooms))
        patched.setattr(log_entries, "_verbs", dict(log_entries._verbs))
        patched.setattr(log_entries, "_details", dict(log_entries._details))
        console.register()
        _read_addresses_again()
        yield
    _read_addresses_again()
