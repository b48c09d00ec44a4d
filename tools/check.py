# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""`make test`, `make lint`, `make format`, inside the virtual environment that tools/setup.py made.

What is in order says little; what is not says everything.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = ROOT / ".venv" / "bin"
PYTHON = str(BIN / "python")
TEMPLATES = ["src"]
# Two processes more than the processors that CI has, each with a database server and a browser of its own: many tests
# wait more than they work.
# In the order of tests/conftest.py: by itself xdist leaves files of few tests to the end, and ours of few are the longest.
_SIDE_BY_SIDE = ["-n", "4", "--dist", "loadfile", "--no-loadscope-reorder"]
_INTERRUPTED, _NONE_FOUND = 2, 5  # exit codes of pytest

LINTS: dict[str, list[str]] = {
    "ruff": [str(BIN / "ruff"), "check", "--quiet"],
    "ruff format": [str(BIN / "ruff"), "format", "--check", "--quiet"],
    "mypy": [str(BIN / "mypy"), "--no-error-summary"],
    "import-linter": [str(BIN / "lint-imports"), "--no-cache"],
    "outside": [PYTHON, "tools/outside.py"],
    "isolation": [PYTHON, "tools/isolation.py"],
    "style": [PYTHON, "-m", "tools.style"],
    "glossary": [PYTHON, "tools/glossary.py"],
    "Italian keys": [PYTHON, "tools/italian_keys.py"],
    "djlint": [str(BIN / "djlint"), *TEMPLATES, "--lint", "--quiet"],
    "djlint format": [str(BIN / "djlint"), *TEMPLATES, "--check", "--quiet"],
    "migrations": [PYTHON, "-m", "django", "makemigrations", "--check", "--dry-run"],
    "messages": [PYTHON, "tools/messages.py", "check"],
    "licences": [str(BIN / "reuse"), "lint", "--quiet"],
}
_SPEAKS = "style"  # its figures are printed whatever they are
FORMATS = [
    [str(BIN / "ruff"), "check", "--fix", "--quiet"],
    [str(BIN / "ruff"), "format", "--quiet"],
    [str(BIN / "djlint"), *TEMPLATES, "--reformat", "--quiet"],
]


def test() -> int:
    """All tests in one call; whoever ends us ends them."""
    fetch_chromium()
    # The tests start hundreds of processes: what one of them compiled the others read.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    with subprocess.Popen(
        [PYTHON, "-m", "pytest", *_SIDE_BY_SIDE, *sys.argv[2:]], cwd=ROOT, env=environment
    ) as process:
        signal.signal(signal.SIGTERM, lambda number, frame: process.terminate())
        signal.signal(signal.SIGINT, lambda number, frame: None)  # the terminal sends it to them as well
        code = process.wait()
    if code < 0 or code == _INTERRUPTED:
        sys.exit(130)
    return 0 if code == _NONE_FOUND else code


def lint() -> int:
    """Every check, also after one that fails. 0 when all are content."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
    }
    failed = []
    for name, command in LINTS.items():
        began = time.monotonic()
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        print(
            f"{'ok  ' if done.returncode == 0 else 'NO  '} {name} ({time.monotonic() - began:.1f} s)",
            flush=True,
        )
        if done.returncode != 0:
            failed.append(name)
        if done.returncode != 0 or name == _SPEAKS:
            print(done.stdout.rstrip(), flush=True)
    return 1 if failed else 0


def tidy() -> int:
    return max(subprocess.run(command, cwd=ROOT, check=False).returncode for command in FORMATS)


def fetch_chromium() -> None:
    """Where no Chromium is found, try Playwright's own; without it the browser tests say that they were skipped."""
    sys.path[:0] = [str(ROOT), str(ROOT / "src")]
    from tests.support.browser_kit import find_chromium

    if find_chromium():
        return
    print("Chromium is not here: trying to install Playwright's…", flush=True)
    try:
        subprocess.run(
            [str(BIN / "playwright"), "install", "chromium"], capture_output=True, timeout=180, check=True
        )
    except (subprocess.SubprocessError, OSError):
        print("It could not be installed: the browser tests will be skipped.", flush=True)


COMMANDS: dict[str, Callable[[], int]] = {"test": test, "lint": lint, "format": tidy}

if __name__ == "__main__":
    os.chdir(ROOT)
    sys.exit(COMMANDS[sys.argv[1]]())
