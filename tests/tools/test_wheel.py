# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an operator installs: all of the program with its pages and words, and nothing that lay beside it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
from email import message_from_bytes
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.support.waiting import NEVER
from tools import built

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
PACKAGES = {"arengo", "arengo_sandbox", "embedded_postgres"}


def build(project: Path, target: Path, kind: str = "wheel") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", str(target)],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
        timeout=NEVER,
    )


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of all that is published, with fresh products: what other tests do to ours does not matter."""
    copy = tmp_path_factory.mktemp("project")
    for name in PROJECT["tool"]["hatch"]["build"]["targets"]["sdist"]["only-include"]:
        source, target = ROOT / name, copy / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        elif source.is_file():
            shutil.copy(source, target)
    for product in built.products(copy):
        product.put_stamp()
    return copy


@pytest.fixture(scope="module")
def wheel(project: Path, tmp_path_factory: pytest.TempPathFactory) -> ZipFile:
    """Built beside what should not be in it."""
    for name in (
        "src/arengo/.env",
        "src/arengo/desk/.notes.py.swp",
        "src/arengo/desk/models.py.orig",
        "segreti.env",
    ):
        (project / name).write_text("ARENGO_SECRET_KEY=…")
    (project / "node_modules" / "sass").mkdir(parents=True)
    (project / "node_modules" / "sass" / "sass.js").write_text("")
    target = tmp_path_factory.mktemp("dist")
    done = build(project, target)
    assert done.returncode == 0, done.stderr
    (path,) = target.iterdir()
    return ZipFile(path)


def test_every_file_of_the_packages_is_in_it_and_nothing_else(wheel: ZipFile) -> None:
    source = ROOT / "src"
    files = {path.relative_to(source).as_posix() for path in source.rglob("*") if path.is_file()}
    wanted = {name for name in files if not name.endswith(".pyc")}
    pages = ROOT / "build" / "static"
    wanted |= {
        f"arengo/built/static/{path.relative_to(pages).as_posix()}"
        for path in pages.rglob("*")
        if path.is_file()
    }
    wanted |= {"arengo/built/project.tar.gz"}
    found = {name for name in wheel.namelist() if ".dist-info/" not in name}
    assert found - wanted == set()
    assert wanted - found == set()
    assert {name.split("/")[0] for name in found} == PACKAGES


@pytest.mark.parametrize(
    "part",
    [
        "arengo/core/templates/arengo/document.html",
        "arengo/core/documents/house.typ",
        "arengo/audience/texts/",
        "arengo/delivery/sql/",
        "arengo/cli/locale/en/LC_MESSAGES/django.mo",
        "arengo/accounts/static/accounts/",
        "arengo/built/static/arengo/arengo.css",
        "arengo/built/static/arengo/palettes/",
        "arengo/built/static/arengo/fonts/OFL.txt",
        "arengo/built/static/arengo/licences/bootstrap-italia.txt",
        "arengo/built/static/arengo/licences/htmx.org.txt",
        "arengo_sandbox/phones/static/index.html",
        "embedded_postgres/py.typed",
    ],
)
def test_what_no_import_would_miss_is_in_it(wheel: ZipFile, part: str) -> None:
    found = [name for name in wheel.namelist() if name.startswith(part)]
    assert found
    assert all(wheel.read(name) for name in found if not name.endswith("py.typed"))


def test_every_room_speaks_english(wheel: ZipFile) -> None:
    names = set(wheel.namelist())
    catalogues = {name for name in names if name.endswith(".po")}
    assert len(catalogues) > 10
    assert {name.removesuffix(".po") + ".mo" for name in catalogues} <= names


def name_of(demand: str) -> str:
    found = re.match(r"[\w.-]+", demand)
    assert found, demand
    return found[0].lower()


def test_its_papers_say_what_it_is_and_needs(wheel: ZipFile) -> None:
    (folder,) = {name.split("/")[0] for name in wheel.namelist() if ".dist-info/" in name}
    about = message_from_bytes(wheel.read(f"{folder}/METADATA"))
    demanded = {name_of(demand) for demand in about.get_all("Requires-Dist", [])}
    assert demanded == {name_of(demand) for demand in PROJECT["project"]["dependencies"]}
    assert about["License-Expression"] == "AGPL-3.0-or-later"
    assert b"GNU AFFERO" in wheel.read(f"{folder}/licenses/LICENSE")
    assert b"arengo.cli.main:main" in wheel.read(f"{folder}/entry_points.txt")


def test_it_carries_the_rest_of_the_source(wheel: ZipFile) -> None:
    with tarfile.open(fileobj=BytesIO(wheel.read("arengo/built/project.tar.gz"))) as tar:
        names = set(tar.getnames())
    for wanted in (
        "pyproject.toml",
        "frontend/build.mjs",
        "tools/build_hook.py",
        "tests/__init__.py",
        "bench/__main__.py",
    ):
        assert f"arengo/{wanted}" in names
    assert not [
        name for name in names if name.startswith(("arengo/src/", "arengo/build/")) or "node_modules" in name
    ]
    assert "arengo/segreti.env" not in names


def test_an_installed_package_finds_its_pages_and_its_source(wheel: ZipFile, tmp_path: Path) -> None:
    wheel.extractall(tmp_path / "site")  # noqa: S202 - we have built it
    program = (
        "import json, sys; from django.conf import settings; settings.configure(DATA=sys.argv[1]);"
        "from arengo.core import places; from arengo.portal import source; import pathlib;"
        "pages = sorted(p.name for p in places.BUILT_PAGES.glob('arengo/*.css'));"
        "print(json.dumps([str(places.PACKAGE), places.PROJECT, pages, len(source.archive()),"
        " str(places.collected(pathlib.Path('/data')))]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "data")],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(tmp_path / "site")},
        capture_output=True,
        text=True,
        check=True,
    )
    package, project, pages, length, collected = json.loads(done.stdout)
    assert package == str(tmp_path / "site" / "arengo")
    assert project is None
    assert pages == ["arengo.css"]
    assert length > 1_000_000
    assert collected == "/data/collected"


def test_from_the_source_distribution_the_same_wheel_is_built_without_node(
    project: Path, wheel: ZipFile, tmp_path: Path
) -> None:
    done = build(project, tmp_path / "dist", "sdist")
    assert done.returncode == 0, done.stderr
    (path,) = (tmp_path / "dist").iterdir()
    with tarfile.open(path) as tar:
        assert not [
            name for name in tar.getnames() if name.endswith((".env", ".orig")) or "node_modules" in name
        ]
        tar.extractall(tmp_path / "unpacked", filter="data")
    (unpacked,) = (tmp_path / "unpacked").iterdir()
    done = build(unpacked, tmp_path / "again")
    assert done.returncode == 0, done.stderr
    (again,) = (tmp_path / "again").iterdir()
    with ZipFile(again) as other:
        assert set(other.namelist()) == set(wheel.namelist())


@pytest.mark.parametrize("kind", ["wheel", "sdist"])
@pytest.mark.parametrize(
    "lost",
    ["build/static/arengo/arengo.css", "src/arengo/desk/locale/en/LC_MESSAGES/django.mo", "build/.frontend"],
)
def test_without_pages_or_catalogues_nothing_is_built(
    project: Path, tmp_path: Path, lost: str, kind: str
) -> None:
    path = project / lost
    kept = path.read_bytes()
    path.unlink()
    try:
        done = build(project, tmp_path / "dist", kind)
    finally:
        path.write_bytes(kept)
    assert done.returncode != 0
    assert "run «make setup»" in done.stdout + done.stderr
    assert not list((tmp_path / "dist").glob("arengo-*"))
