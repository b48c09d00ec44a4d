# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Hatch's hook: a package is built only with pages and catalogues that are there and fresh, and carries them.

The pages go to ``arengo/built/static``. Beside them lies ``project.tar.gz``: what of the project is not in the wheel, for
the AGPL's source archive (``arengo/portal/source.py``). The source distribution carries both products as they are, so that
a wheel can be built from it without node.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_BUILT = "arengo/built"


class Hook(BuildHookInterface[Any]):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Stop the build with one line about what is missing, or add what git does not keep."""
        if version == "editable":
            return
        root = Path(self.root)
        sys.path[:0] = [str(root), str(root / "src")]
        try:
            from arengo.core import source_code
            from tools.built import pages, products
        finally:
            del sys.path[:2]
        for product in products(root):
            if not product.is_fresh():
                self.app.abort(
                    f"arengo: the {product.what} are missing, or older than their source: run «make setup» and build again"
                )
        if self.target_name != "wheel":
            return
        archive = Path(self.directory) / ".project.tar.gz"
        archive.parent.mkdir(parents=True, exist_ok=True)
        archive.write_bytes(source_code.packed(source_code.of_project(root)))
        build_data["force_include"][str(archive)] = f"{_BUILT}/project.tar.gz"
        for path in pages(root).results:
            name = path.relative_to(root / "build" / "static").as_posix()
            build_data["force_include"][str(path)] = f"{_BUILT}/static/{name}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        (Path(self.directory) / ".project.tar.gz").unlink(missing_ok=True)
