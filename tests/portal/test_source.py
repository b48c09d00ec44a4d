# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whoever uses the site may have the source of the program that runs it (AGPL §13)."""

from __future__ import annotations

import subprocess
import tarfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

import arengo
from arengo.core import places, source_code
from arengo.core.models import Organization, Person
from arengo.core.templatetags import arengo as tags
from arengo.portal import source

PACKAGE = Path(arengo.__file__).parent


def _names(content: bytes) -> set[str]:
    with tarfile.open(fileobj=BytesIO(content)) as tar:
        return set(tar.getnames())


def test_the_archive_holds_the_program_and_what_builds_it(
    esempio: Organization, browse: Callable[..., Client]
) -> None:
    answer = browse().get("/sorgente/")
    assert answer["Content-Type"] == "application/gzip"
    names = _names(answer.content)
    for wanted in (
        "src/arengo/portal/source.py",
        "src/arengo_sandbox/app.py",
        "src/embedded_postgres/server.py",
        "frontend/build.mjs",
        "bench/__main__.py",
        "faults/__main__.py",
        ".ci/run",
        "LICENSE",
        "pyproject.toml",
    ):
        assert f"arengo/{wanted}" in names
    assert not [name for name in names if "__pycache__" in name or name.endswith((".pyc", ".mo"))]


def test_a_file_in_the_archive_is_the_running_one(db: None, browse: Callable[..., Client]) -> None:
    """Also on a host of nobody: whoever reaches the program may have it."""
    content = browse(host="nessuno.test").get("/sorgente/").content
    with tarfile.open(fileobj=BytesIO(content)) as tar:
        kept = tar.extractfile("arengo/src/arengo/portal/source.py")
        assert kept is not None
        assert kept.read() == (PACKAGE / "portal" / "source.py").read_bytes()


def test_an_installed_package_gives_the_project_that_came_with_it_and_the_code_as_it_runs(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    packed = tmp_path / "project.tar.gz"
    packed.write_bytes(
        source_code.packed([source_code.Source("frontend/build.mjs", b"node", executable=True)])
    )
    monkeypatch.setattr(places, "PROJECT", None)
    monkeypatch.setattr(places, "PACKED_PROJECT", packed)
    source.archive.cache_clear()
    try:
        content = source.archive()
    finally:
        source.archive.cache_clear()
    with tarfile.open(fileobj=BytesIO(content)) as tar:
        assert tar.getmember("arengo/frontend/build.mjs").mode == 0o755
        kept = tar.extractfile("arengo/src/arengo/portal/source.py")
        assert kept is not None
        assert kept.read() == (PACKAGE / "portal" / "source.py").read_bytes()
    assert "arengo/pyproject.toml" not in _names(content)


@pytest.mark.skipif(not (PACKAGE.parents[1] / ".git").exists(), reason="this is no checkout of git's")
def test_all_that_is_kept_in_git_is_published() -> None:
    """A new folder beside the others is named in pyproject.toml, or it is in no archive."""
    kept, ignored = _listed(), _listed("--others", "--ignored", "--exclude-standard")
    published = {name.removeprefix("arengo/") for name in _names(source.archive())}
    assert len(kept) > 1000
    assert kept - published == set()
    assert published & ignored == set()


def _listed(*which: str) -> set[str]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", *which], cwd=places.PROJECT, capture_output=True, text=True, check=True
    )
    return set(listed.stdout.split("\0")) - {""}


def test_the_same_source_is_the_same_archive() -> None:
    first = source.archive()
    source.archive.cache_clear()
    assert source.archive() == first


def test_a_data_folder_inside_of_the_program_stays_out(settings: Any) -> None:
    settings.DATA = PACKAGE / "portal"
    source.archive.cache_clear()
    try:
        names = _names(source.archive())
    finally:
        source.archive.cache_clear()
    assert "arengo/src/arengo/core/documents/qr.py" in names
    assert not [name for name in names if name.startswith("arengo/src/arengo/portal/")]


def test_public_pages_and_the_console_lead_to_it(
    esempio: Organization, olga: Person, browse: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tags, "_source_address", lambda: "")
    link = '<a href="/sorgente/">codice sorgente</a>'
    assert link in browse().get("/").content.decode()
    assert link in browse(olga).get("/console/sportello/").content.decode()


def test_an_address_named_by_the_project_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tags, "_source_address", lambda: "https://code.example.it/arengo")
    assert tags.source_address() == "https://code.example.it/arengo"
