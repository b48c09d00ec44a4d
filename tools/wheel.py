# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""`make wheel`: what an operator installs without node, in dist/.

arengo-<version>-py3-none-any.whl     the program with its pages and catalogues
arengo-<version>-requirements.txt     the libraries with which it was tested, exact and with hashes
arengo-<version>.tar.gz               the source distribution
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def main(target: Path) -> int:
    """Build into a folder. 0, or the exit code of the builder, which has said why."""
    if target.is_dir():
        for old in target.glob("arengo-*"):
            old.unlink()
    # Not in an environment of its own: the builder is the one of requirements/dev.txt, checked by its hash.
    built = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-d", str(target)], cwd=ROOT, check=False
    )
    if built.returncode:
        return built.returncode
    (wheel,) = target.glob("arengo-*.whl")
    name, version = wheel.name.split("-")[:2]
    shutil.copyfile(ROOT / "requirements" / "base.txt", target / f"{name}-{version}-requirements.txt")
    return 0


if __name__ == "__main__":
    sys.exit(main(ROOT / "dist"))
