# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pages and catalogues that are missing, or older than their source, are known as such."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from tools import built

SHEET = Path("build/static/arengo/arengo.css")
WORDS = Path("src/arengo/desk/locale/en/LC_MESSAGES/django.po")


def compiled(path: Path, word: str) -> None:
    catalogue = Catalog(locale="en")
    catalogue.add("parola", word)
    with path.open("wb") as file:
        write_mo(file, catalogue)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Everything is fresh."""
    for name in (
        *built.PACKAGES,
        "frontend/scss/arengo.scss",
        SHEET,
        "build/static/arengo/js/htmx.min.js",
        WORDS,
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(str(name))
    compiled((tmp_path / WORDS).with_suffix(".mo"), "word")
    for product in built.products(tmp_path):
        product.put_stamp()
    return tmp_path


def stale(project: Path) -> list[str]:
    return [product.what for product in built.products(project) if not product.is_fresh()]


def test_what_was_just_made_is_fresh(project: Path) -> None:
    assert stale(project) == []


def test_it_stays_so_where_the_project_is_moved_to(project: Path, tmp_path: Path) -> None:
    """A source distribution is unpacked anywhere."""
    elsewhere = tmp_path / "elsewhere"
    for part in ("build", "frontend", "src"):
        shutil.copytree(project / part, elsewhere / part)
    for name in built.PACKAGES:
        shutil.copy(project / name, elsewhere)
    assert stale(elsewhere) == []


PAGES, CATALOGUES = "styles, fonts and modules", "catalogues"


@pytest.mark.parametrize(
    ("what", "happened"),
    [
        (PAGES, lambda root: shutil.rmtree(root / "build" / "static")),
        (PAGES, lambda root: (root / SHEET).unlink()),
        (PAGES, lambda root: (root / SHEET).write_text("by hand")),
        (PAGES, lambda root: (root / "frontend" / "scss" / "arengo.scss").write_text("newer")),
        (PAGES, lambda root: (root / "frontend" / "scss" / "_new.scss").write_text("new")),
        (PAGES, lambda root: (root / "frontend" / "scss" / "arengo.scss").unlink()),
        (PAGES, lambda root: (root / "package-lock.json").write_text("another version")),
        (PAGES, lambda root: (root / "build" / ".frontend").unlink()),
        (CATALOGUES, lambda root: (root / WORDS).write_text("newer")),
        (CATALOGUES, lambda root: (root / WORDS).with_suffix(".mo").unlink()),
        (CATALOGUES, lambda root: (root / WORDS).with_suffix(".mo").write_bytes(b"half")),
        (CATALOGUES, lambda root: compiled((root / WORDS).with_suffix(".mo"), "older word")),
        (CATALOGUES, lambda root: (root / WORDS).with_name("djangojs.po").write_text("a second one")),
        (CATALOGUES, lambda root: (root / "build" / ".catalogues").unlink()),
    ],
)
def test_what_is_missing_or_older_is_not(
    project: Path, what: str, happened: Callable[[Path], object]
) -> None:
    happened(project)
    assert stale(project) == [what]


def test_a_catalogue_compiled_again_says_the_same(project: Path) -> None:
    """Its header holds the time at which it was compiled; its words count."""
    path = (project / WORDS).with_suffix(".mo")
    catalogue = Catalog(locale="en", project="another header")
    catalogue.add("parola", "word")
    before = path.read_bytes()
    with path.open("wb") as file:
        write_mo(file, catalogue)
    assert path.read_bytes() != before
    assert stale(project) == []
