# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The source of the running program as one file: the AGPL (§13) gives it to everyone who uses the site."""

from __future__ import annotations

import gzip
import tarfile
from collections.abc import Iterator
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from django.conf import settings

import arengo

_PACKAGE = Path(arengo.__file__).resolve().parent
_ROOT = "arengo"  # the folder inside of the archive
# What is named here and nothing else: keys, data and whatever else lies beside the program are never in it.
_FOLDERS = (".ci", "LICENSES", "bench", "docs", "faults", "frontend", "requirements", "src", "tests", "tools")
_FILES = (
    ".gitignore",
    ".npmrc",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "LICENSE",
    "Makefile",
    "README.it.md",
    "README.md",
    "REUSE.toml",
    "SECURITY.md",
    "package-lock.json",
    "package.json",
    "publiccode.yml",
    "pyproject.toml",
)
# Made by machines, from what is in the archive.
_MADE = {".mo", ".pyc"}
_MADE_FOLDERS = {"__pycache__", "artifacts"}


@lru_cache(maxsize=1)
def archive() -> bytes:
    """A .tar.gz, the same bytes for the same source."""
    written = BytesIO()
    with (
        gzip.GzipFile(fileobj=written, mode="wb", mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as tar,
    ):
        for name, path in sorted(_sources()):
            content = path.read_bytes()
            member = tarfile.TarInfo(f"{_ROOT}/{name}")
            member.size = len(content)
            member.mode = 0o755 if path.stat().st_mode & 0o100 else 0o644
            tar.addfile(member, BytesIO(content))
    return written.getvalue()


def _sources() -> Iterator[tuple[str, Path]]:
    """Each file's name in the archive and where it is. An installed package has no project around it."""
    project = _PACKAGE.parents[1]
    if not (project / "pyproject.toml").is_file():
        for path in _files(_PACKAGE):
            yield f"src/arengo/{path.relative_to(_PACKAGE).as_posix()}", path
        return
    for folder in _FOLDERS:
        for path in _files(project / folder):
            yield path.relative_to(project).as_posix(), path
    for name in _FILES:
        if (project / name).is_file():
            yield name, project / name


def _files(folder: Path) -> Iterator[Path]:
    data = Path(settings.DATA).resolve()
    for path in folder.rglob("*"):
        parts = path.relative_to(folder).parts
        hidden = any(
            part.startswith(".") or part in _MADE_FOLDERS or part.endswith(".egg-info") for part in parts
        )
        if hidden or path.suffix in _MADE or path.is_symlink() or not path.is_file():
            continue
        if not path.resolve().is_relative_to(data):
            yield path
