# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is made from the source and not kept in git: the pages' files (by node) and the catalogues (.mo).

Each has a stamp in build/: from what it was made, and what came of it. It is fresh while both are the same. The set-up
makes anew what is not fresh, and the wheel is not built with it (build_hook.py). Standard library only.
"""

from __future__ import annotations

import gettext
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

PACKAGES = ("package.json", "package-lock.json", ".npmrc")  # what npm installs, and how


@dataclass(frozen=True)
class Product:
    """Files that are made from others. ``what`` names it for people."""

    what: str
    stamp: Path
    sources: tuple[Path, ...]
    results: tuple[Path, ...]  # as many as there should be, or as there are where only the making knows
    root: Path

    def is_fresh(self) -> bool:
        return bool(self.results) and self.stamp.is_file() and self.stamp.read_text() == self._fingerprint()

    def put_stamp(self) -> None:
        """Right after it was made."""
        self.stamp.write_text(self._fingerprint())

    def _fingerprint(self) -> str:
        return f"{_digest(self.root, self.sources)}\n{_digest(self.root, self.results)}\n"


def pages(root: Path) -> Product:
    sources = [*(root / name for name in PACKAGES), *_files(root / "frontend")]
    results = _files(root / "build" / "static")
    return Product(
        "styles, fonts and modules", root / "build" / ".frontend", tuple(sources), tuple(results), root
    )


def catalogues(root: Path) -> Product:
    sources = sorted((root / "src").rglob("*.po"))
    results = [path.with_suffix(".mo") for path in sources]
    return Product("catalogues", root / "build" / ".catalogues", tuple(sources), tuple(results), root)


def products(root: Path) -> list[Product]:
    return [pages(root), catalogues(root)]


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _digest(root: Path, paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + _content(path))
    return digest.hexdigest()


def _content(path: Path) -> bytes:
    """What is in a file; of a compiled catalogue its words, since its header says when it was compiled."""
    if not path.is_file():
        return b"missing"
    if path.suffix != ".mo":
        return hashlib.sha256(path.read_bytes()).digest()
    with path.open("rb") as file:
        try:
            words = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]  # noqa: SLF001 - no public way
        except (OSError, UnicodeDecodeError):
            return b"unreadable"
    return repr(sorted((repr(key), value) for key, value in words.items() if key)).encode()
