# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Several installations start from one program: the browser's files are put together once, by one of them at a time."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import arengo
from arengo.cli.collecting import collect
from tests.cli.commands import environment
from tests.support.waiting import NEVER

BUILT = Path(arengo.__file__).parents[2] / "build" / "static" / "arengo"

pytestmark = pytest.mark.skipif(not BUILT.is_dir(), reason="the browser's files are not built")

COLLECT = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "arengo.config.settings"
import django
from django.conf import settings
settings.STATIC_ROOT = sys.argv[1]
settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": "arengo.config.static_files.HashedFiles"}}
django.setup()
from arengo.cli.collecting import collect
print("ready", flush=True)
sys.stdin.readline()
collect()
"""


@pytest.fixture
def root(tmp_path: Path, settings: Any) -> Path:
    settings.STATIC_ROOT = tmp_path / "collected"
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "arengo.config.static_files.HashedFiles"},
    }
    return tmp_path / "collected"


def _files(root: Path) -> dict[str, int]:
    return {str(path): path.stat().st_mtime_ns for path in root.rglob("*") if path.is_file()}


def test_what_is_up_to_date_is_not_touched(root: Path) -> None:
    collect()
    first = _files(root)
    assert any("arengo." in path for path in first)
    collect()
    assert _files(root) == first


def test_a_folder_that_was_left_half_made_is_made_again(root: Path) -> None:
    collect()
    (root / ".collected").unlink()
    lost = next(root.glob("arengo/arengo.*.css"))
    lost.unlink()
    collect()
    assert lost.is_file()


def test_two_that_begin_at_once_do_not_take_files_from_each_other(tmp_path: Path) -> None:
    root = tmp_path / "collected"
    begun = [
        subprocess.Popen(
            [sys.executable, "-c", COLLECT, str(root)],
            env=environment(tmp_path / "data", DATABASE_URL=os.environ["DATABASE_URL"]),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    for process in begun:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    ended = [process.communicate("go\n", timeout=NEVER) for process in begun]
    assert [(process.returncode, words[1]) for process, words in zip(begun, ended, strict=True)] == [
        (0, "")
    ] * 3
    assert (root / "staticfiles.json").is_file()
