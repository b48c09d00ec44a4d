# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whoever uses the site may have the source of the program that runs it (AGPL §13)."""

from __future__ import annotations

import shutil
import subprocess
import tarfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

import arengo
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
    for wanted in ("src/arengo/portal/source.py", "frontend/build.mjs", "LICENSE", "pyproject.toml"):
        assert f"arengo/{wanted}" in names
    assert not [name for name in names if "__pycache__" in name or name.endswith((".pyc", ".mo"))]


def test_a_file_in_the_archive_is_the_running_one(db: None, browse: Callable[..., Client]) -> None:
    """Also on a host of nobody: whoever reaches the program may have it."""
    content = browse(host="nessuno.test").get("/sorgente/").content
    with tarfile.open(fileobj=BytesIO(content)) as tar:
        kept = tar.extractfile("arengo/src/arengo/portal/source.py")
        assert kept is not None
        assert kept.read() == (PACKAGE / "portal" / "source.py").read_bytes()


def test_the_archive_is_what_git_keeps() -> None:
    """All of it, and nothing that git is told to leave out."""
    project = PACKAGE.parents[1]
    if not (project / ".git").exists():
        pytest.skip("the source was not checked out with git: there is nothing to compare with")
    names = {name.removeprefix("arengo/") for name in _names(source.archive())}
    tracked, ignored = _listed(project), _listed(project, "--others", "--ignored", "--exclude-standard")
    assert {name for name in tracked if (project / name).is_file()} - names == set()
    assert names & ignored == set()


def _listed(project: Path, *which: str) -> set[str]:
    git = shutil.which("git")
    assert git is not None
    listed = subprocess.run(  # a fixed command
        [git, "ls-files", "-z", *which], cwd=project, check=True, capture_output=True
    )
    return set(listed.stdout.decode().split("\0")) - {""}


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
