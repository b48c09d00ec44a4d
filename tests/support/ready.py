# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A PostgreSQL cluster in which today's migrations were carried out, and nothing else: made once, then copied.

Carrying them out takes ten seconds of a processor, copying a tenth of one. The copy lies in build/tests until a migration, a
module that one imports, or a library changes.
"""

from __future__ import annotations

import ast
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg

from arengo.cli import embedded
from arengo.core.vault import new_key
from embedded_postgres.cluster import Layout, prepare
from tests.support import leftovers

ROOT = Path(__file__).resolve().parents[2]
_SOURCE = ROOT / "src"
_KEPT = ROOT / "build" / "tests"
# Without looks for circles: each operation makes the models anew, and the looks are a third of the time.
_MIGRATE = (
    "import gc; gc.disable(); from django.core.management import execute_from_command_line as run; "
    "run(['django-admin', 'migrate', '--verbosity', '0'])"
)
_OURS = ("ARENGO_", "SANDBOX_", "DATABASE_URL", "DJANGO_", "PYTHONPATH")


def make_ready(data: Path) -> Path:
    """Put the cluster into a data folder that has none. Its lookup keys are made by the first ``migrate`` there."""
    layout = Layout(data.absolute())
    prepare(layout)
    _KEPT.mkdir(parents=True, exist_ok=True)
    with (_KEPT / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        kept = _KEPT / _fingerprint()
        if not kept.exists():
            for older in _KEPT.glob("*/"):
                shutil.rmtree(older, ignore_errors=True)
            _make(kept)
        fcntl.flock(lock, fcntl.LOCK_SH)  # others may copy, nobody may take it away
        shutil.copytree(kept, layout.cluster)
    return data


def _make(kept: Path) -> None:
    """Beside its place, then one rename: it is whole or is not there. As root, PostgreSQL could not enter our folder."""
    data = leftovers.own_folder()
    try:
        cluster = embedded.start(data, for_tests=True)
        _migrate(cluster.url, data)
        with psycopg.connect(cluster.url) as database:
            database.execute("SET session_replication_role = replica; DELETE FROM core_lookupkeys")
        embedded.stop(data)
        fresh = kept.with_name(f"{kept.name}.new")
        shutil.copytree(Layout(data).cluster, fresh)
        fresh.rename(kept)
    finally:
        leftovers.remove(data)


def _migrate(url: str, data: Path) -> None:
    others = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
    subprocess.run(
        [sys.executable, "-c", _MIGRATE],
        env={
            **others,
            "PYTHONPATH": str(_SOURCE),
            "DJANGO_SETTINGS_MODULE": "arengo.config.settings",
            "DATABASE_URL": url,
            "ARENGO_DATA": str(data),
            "ARENGO_SECRET_KEY": "only-for-tests-" * 5,
            "ARENGO_VAULT_KEYS": new_key("test"),
        },
        check=True,
    )


def _fingerprint() -> str:
    """Of all that decides what the migrations do."""
    migrations = sorted(_SOURCE.glob("arengo/*/migrations/*.py"))
    imported = {path for migration in migrations for path in _imported(migration)}
    libraries = ROOT.glob("requirements/*.txt")
    digest = hashlib.sha256()
    for path in [*migrations, *sorted(imported), *sorted(libraries), *sorted(_SOURCE.rglob("*.sql"))]:
        digest.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    arengo = _SOURCE / "arengo"
    own = [arengo / "cli" / "embedded.py", arengo / "core" / "lookup_keys.py"]
    for path in [*own, *sorted((_SOURCE / "embedded_postgres").glob("*.py"))]:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:32]


def _imported(migration: Path) -> Iterator[Path]:
    """The files of our modules that it names; of a package, all of it."""
    for node in ast.walk(ast.parse(migration.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        else:
            continue
        for name in names:
            place = _SOURCE.joinpath(*name.split("."))
            if name.startswith("arengo.") and place.is_dir():
                yield from place.rglob("*.py")
            elif name.startswith("arengo.") and place.with_suffix(".py").is_file():
                yield place.with_suffix(".py")
