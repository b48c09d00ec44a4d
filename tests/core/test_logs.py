# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""No exception's words reach a log file, whichever way it goes there."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.core.leaking import ADDRESS, WAYS
from tests.support.waiting import NEVER

ROOT = Path(__file__).resolve().parents[2]
_SILENT_ABOUT_THE_CLASS = {"warning", "unformattable"}


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a file for each way: all that its process wrote."""
    folder = tmp_path_factory.mktemp("output")
    subprocess.run(
        [sys.executable, "-m", "tests.core.leaking", folder],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
            "ARENGO_DATA": str(tmp_path_factory.mktemp("data")),
            "ARENGO_VAULT_KEYS": os.environ["ARENGO_VAULT_KEYS"],
            "PYTHONWARNINGS": "always",
        },
        timeout=NEVER,
        check=True,
    )
    return folder


@pytest.mark.processes
@pytest.mark.parametrize("way", WAYS)
def test_the_log_says_what_and_where_but_no_words(output: Path, way: str) -> None:
    written = (output / way).read_text(encoding="utf-8")
    assert written.strip(), "nothing was logged"
    assert ADDRESS not in written
    assert "mario" not in written
    assert "DETAIL" not in written
    if way not in _SILENT_ABOUT_THE_CLASS:
        assert "IntegrityError" in written or "ValueError" in written


@pytest.mark.processes
def test_every_logger_ends_in_our_handler_and_no_mail_is_written(tmp_path: Path) -> None:
    """Django's own mail to administrators and uvicorn's handlers would print an exception as it is."""
    code = (
        "import logging, os, uvicorn\n"
        "uvicorn.Config('x:y')\n"
        "os.environ['DJANGO_SETTINGS_MODULE'] = 'arengo.config.settings'\n"
        "import arengo.config.asgi\n"
        "known = [logging.getLogger(name) for name in logging.root.manager.loggerDict] + [logging.root]\n"
        "print({type(each).__module__ + '.' + type(each).__name__ for one in known for each in one.handlers})\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT / "src"),
            "ARENGO_DATA": str(tmp_path),
            "ARENGO_VAULT_KEYS": os.environ["ARENGO_VAULT_KEYS"],
        },
        capture_output=True,
        text=True,
        timeout=NEVER,
        check=True,
    )
    assert set(ast.literal_eval(done.stdout)) - {"logging.NullHandler"} == {"arengo.core.logs.Handler"}


def _mentions(node: ast.AST, name: str) -> bool:
    """Whether the exception itself is put into the line: not its class, nor a number that it carries."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"type", "named"}:
        return False
    if isinstance(node, ast.Attribute):
        allowed = {"errno", "code", "status", "sqlstate"}
        return node.attr not in allowed and _mentions(node.value, name)
    if isinstance(node, ast.Name):
        return node.id == name
    return any(_mentions(child, name) for child in ast.iter_child_nodes(node))


def _offences(source: str) -> list[int]:
    handlers = [
        node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ExceptHandler) and node.name
    ]
    return [
        call.lineno
        for handler in handlers
        for call in ast.walk(handler)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id in {"log", "logger", "logging"}
        and any(_mentions(argument, str(handler.name)) for argument in call.args)
    ]


def test_no_line_of_ours_puts_an_exception_into_the_log() -> None:
    for path in (ROOT / "src").rglob("*.py"):
        assert _offences(path.read_text()) == [], path


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ('log.error("%s", error)', True),
        ('log.error(f"{error}")', True),
        ('log.error("%s", str(error))', True),
        ('log.error("%s", error.args)', True),
        ('log.error("%s", type(error).__name__)', False),
        ('log.error("%s", named(error))', False),
        ('log.error("%d", error.errno)', False),
    ],
)
def test_the_check_of_our_lines_finds_what_it_is_for(line: str, wrong: bool) -> None:
    source = f"try:\n    pass\nexcept OSError as error:\n    {line}\n"
    assert bool(_offences(source)) is wrong
