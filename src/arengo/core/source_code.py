# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The source's files, and one .tar.gz of them. Needs no Django: the wheel is built with it too (tools/build_hook.py).

Only what ``pyproject.toml`` names for the source distribution (``only-include``) is part of it: keys, data and whatever
else lies beside the program never are.
"""

from __future__ import annotations

import gzip
import tarfile
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

PACKAGES = ("arengo", "arengo_sandbox", "embedded_postgres")
_ROOT = "arengo"  # the folder inside of the archive
_NO_SOURCE = {
    ".env",
    ".mo",
    ".orig",
    ".pyc",
    ".rej",
}  # settings, what machines make of the source, what tools leave behind
_MADE_FOLDERS = {"__pycache__", "artifacts", "built"}


@dataclass(frozen=True, slots=True)
class Source:
    """One file: its path below the project's folder, and what it holds."""

    name: str
    content: bytes
    executable: bool = False


def of_packages(sources: Path, *, without: Path | None = None) -> Iterator[Source]:
    """The files of the program's packages, which lie in ``sources``; none below ``without`` (a data folder)."""
    for package in PACKAGES:
        for path in _files(sources / package, without):
            yield _read(path, f"src/{path.relative_to(sources).as_posix()}")


def of_project(project: Path, *, without: Path | None = None) -> Iterator[Source]:
    """The files around the packages: pages, papers, tests, tools, what builds and installs them."""
    settings = tomllib.loads((project / "pyproject.toml").read_text())
    for named in settings["tool"]["hatch"]["build"]["targets"]["sdist"]["only-include"]:
        if named.split("/")[0] in {"src", "build"}:
            continue
        place = project / named
        for path in _files(place, without) if place.is_dir() else [place]:
            yield _read(path, path.relative_to(project).as_posix())


def packed(sources: Iterable[Source]) -> bytes:
    """A .tar.gz, the same bytes for the same files."""
    written = BytesIO()
    with (
        gzip.GzipFile(fileobj=written, mode="wb", mtime=0) as zipped,
        tarfile.open(fileobj=zipped, mode="w", format=tarfile.PAX_FORMAT) as tar,
    ):
        for source in sorted(sources, key=lambda each: each.name):
            member = tarfile.TarInfo(f"{_ROOT}/{source.name}")
            member.size = len(source.content)
            member.mode = 0o755 if source.executable else 0o644
            tar.addfile(member, BytesIO(source.content))
    return written.getvalue()


def unpacked(archive: Path) -> Iterator[Source]:
    """The files of an archive that ``packed`` has written."""
    with tarfile.open(archive, "r:gz") as tar:
        for member in tar:
            file = tar.extractfile(member)
            if file is not None:
                name = member.name.removeprefix(f"{_ROOT}/")
                yield Source(name, file.read(), bool(member.mode & 0o100))


def _read(path: Path, name: str) -> Source:
    return Source(name, path.read_bytes(), bool(path.stat().st_mode & 0o100))


def _files(folder: Path, without: Path | None) -> Iterator[Path]:
    for path in folder.rglob("*"):
        parts = path.relative_to(folder).parts
        hidden = any(part.startswith(".") or part in _MADE_FOLDERS for part in parts)
        if hidden or path.suffix in _NO_SOURCE or path.is_symlink() or not path.is_file():
            continue
        if without is None or not path.resolve().is_relative_to(without):
            yield path
