# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What we build on runs nothing of its own while it is installed."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.waiting import NEVER
from tools import setup

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("told", ["", "ignore-scripts"])
def test_a_package_with_a_script_is_installed_and_its_script_does_not_run(tmp_path: Path, told: str) -> None:
    """Without our .npmrc it runs: else this test would say nothing."""
    package, site, trace = tmp_path / "package", tmp_path / "site", tmp_path / "trace"
    for folder in (package, site):
        folder.mkdir()
    script = {"name": "sample", "version": "1.0.0", "scripts": {"postinstall": f"touch '{trace}'"}}
    (package / "package.json").write_text(json.dumps(script))
    (site / "package.json").write_text(json.dumps({"dependencies": {"sample": "file:../package"}}))
    if told:
        shutil.copy(ROOT / ".npmrc", site)
    subprocess.run(
        ["npm", "install", "--offline", "--no-audit", "--install-links"],
        cwd=site,
        check=True,
        capture_output=True,
        timeout=NEVER,
    )
    assert (site / "node_modules" / "sample").is_dir()
    assert trace.exists() is not bool(told)


def test_the_setup_says_so_itself_whatever_the_environment_says(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    begun: list[list[str]] = []
    monkeypatch.setattr(setup, "ROOT", tmp_path)
    monkeypatch.setattr(setup, "PACKAGES", [ROOT / ".npmrc"])
    monkeypatch.setattr(setup, "Step", lambda what, command: begun.append(command))
    setup.begin_packages()
    assert "--ignore-scripts" in begun[0]


def test_a_change_of_npmrc_installs_the_packages_anew() -> None:
    assert ROOT / ".npmrc" in setup.PACKAGES


def test_python_packages_are_never_built() -> None:
    """A source package runs its setup.py."""
    assert "--only-binary=:all:" in (ROOT / "tools" / "setup.py").read_text()
