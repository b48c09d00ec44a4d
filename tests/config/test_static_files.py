# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Collected files are named by their content: a browser keeps them for ever and never shows an old one."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command
from django.templatetags.static import static

import arengo
from arengo.config.web import Web
from arengo.core.templatetags import arengo as tags
from arengo.core.templatetags.arengo import icon

PACKAGE = Path(arengo.__file__).parent
BUILT = PACKAGE.parents[1] / "build" / "static" / "arengo"
HASH = r"\.[0-9a-f]{12}\."

pytestmark = pytest.mark.skipif(not BUILT.is_dir(), reason="the browser's files are not built")


@pytest.fixture
def collected(tmp_path: Path, settings: Any) -> Iterator[Path]:
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "arengo.config.static_files.HashedFiles"},
    }
    call_command("collectstatic", interactive=False, verbosity=0)
    drawn = tags._silent_icon  # drawn once a process, which has one storage
    drawn.cache_clear()
    yield tmp_path
    drawn.cache_clear()


def _file(collected: Path, address: str) -> Path:
    return collected / address.removeprefix("/static/")


def test_fonts_and_modules_are_asked_for_by_their_new_names(collected: Path) -> None:
    fonts = _file(collected, static("arengo/fonts/fonts.css")).read_text()
    named = re.findall(r'url\("([^"]+)"\)', fonts)
    assert named
    assert all(re.search(HASH, name) and (collected / "arengo/fonts" / name).is_file() for name in named)
    module = _file(collected, static("arengo/js/arengo.js")).read_text()
    imports = re.findall(r'import\s*"\./([^"]+)"', module)
    assert imports
    assert all(re.search(HASH, name) and (collected / "arengo/js" / name).is_file() for name in imports)


def test_an_icon_keeps_its_place_in_the_sheet(collected: Path) -> None:
    found = re.search(r'href="([^"#]+)#it-mail"', icon("mail"))
    assert found
    assert re.search(HASH, found[1])
    assert 'id="it-mail"' in _file(collected, found[1]).read_text()


def test_every_file_that_a_template_names_was_collected(collected: Path) -> None:
    named = {
        name
        for template in PACKAGE.glob("*/templates/**/*.html")
        for name in re.findall(r"""{%\s*static\s+['"]([^'"]+)['"]""", template.read_text())
    }
    assert "arengo/arengo.css" in named
    assert {name for name in named if not _file(collected, staticfiles_storage.url(name)).is_file()} == set()


def test_a_file_named_by_its_content_is_kept_and_another_is_asked_for_each_time(collected: Path) -> None:
    web = Web(None)  # type: ignore[arg-type]  # no request of this test goes on to Django
    assert "immutable" in _cache_control(web, static("arengo/arengo.css"))
    assert _cache_control(web, "/static/arengo/arengo.css") == "max-age=0, public"


def _cache_control(web: Web, path: str) -> str:
    scope = {"type": "http", "method": "GET", "path": path, "headers": [], "query_string": b""}
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(web(scope, receive, send))
    assert sent[0]["status"] == 200
    headers: dict[bytes, bytes] = dict(sent[0]["headers"])
    return headers[b"cache-control"].decode()
