# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Starts the server of a data folder, finds it again, and ends it.

The server is started once for a data folder and found again by processes that call `start` later, also
after everything was killed. It leads its own session: a Ctrl-C in the terminal does not reach it,
only `stop` ends it.

Whether something lives on the data is known by a file lock which the server inherits and each of its
processes holds until it ends; the number in postmaster.pid, which after a crash may be anybody's, is
not trusted for that.
"""

from __future__ import annotations

import fcntl
import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote

from .account import Account, candidates, with_least_privilege
from .cluster import (
    SOCKET_NAME,
    Layout,
    check_version,
    clean_environment,
    configure,
    create,
    give,
    last_words,
    owner,
    prepare,
    programs,
    socket_folder,
)
from .errors import (
    FolderUnusable,
    InUse,
    NamelessAccount,
    NoAccount,
    NotReady,
    StartFailed,
)

_NAME = re.compile(r"[a-z][a-z0-9_]{0,30}")
_READY_WITHIN = 120.0  # seconds; after a crash the log is replayed first
_ORPHANS_END_WITHIN = 15.0
_STOP_WITHIN = 8.0
# Ways of stopping, and the share of the time that each gets: end all sessions; end now; be killed.
_STOPS = ((signal.SIGINT, 0.6), (signal.SIGQUIT, 0.25), (signal.SIGKILL, 0.15))
_STEP = 0.02
_CARELESS = {"fsync": "off", "full_page_writes": "off", "shared_buffers": "64MB"}

_started: dict[Path, subprocess.Popen[bytes]] = {}
"""Servers that are children of this process, so that they are reaped when they end."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """A running server: its URL for libpq, its data folder, its process, the folder of its socket."""

    url: str
    data: Path
    pid: int
    socket_dir: Path


def start(
    data: Path,
    *,
    name: str,
    member_of: Sequence[str] = (),
    settings: Mapping[str, str] | None = None,
    for_tests: bool = False,
    given_up: Callable[[], bool] = lambda: False,
) -> Cluster:
    """Start the server of this data folder, making it on first use, or find the one that runs already.

    `name` is the role that the program signs in as (by its system account, without a password), the database that it
    owns, and for root the system account tried first; it does not change afterwards. A new cluster makes the role a
    member of PostgreSQL's roles `member_of`. `settings` are added to postgresql.conf. `for_tests` never waits for the
    disk, ends with this process, and lets the role switch triggers off, so that tests may empty what is append-only.
    Once `given_up` says so, a start that is under way fails. Raises EmbeddedError.
    """
    if not _NAME.fullmatch(name):
        raise ValueError(f"no name for a role, a database and a folder: {name}")
    layout = Layout(data.absolute())
    prepare(layout)
    with _locked(layout):
        found = _running(layout, name, given_up)
        if found:
            return found
        _reap(layout)
        account = _account(layout, name)
        sockets = _made(layout, account, name, member_of, settings or {}, for_tests=for_tests)
        pid = _launched(layout, account, given_up, ending_with_us=for_tests)
        return _cluster(layout, name, pid, sockets)


def stop(data: Path, *, within: float = _STOP_WITHIN) -> None:
    """End the server and all its processes, within so many seconds; nothing to do when none runs."""
    layout = Layout(data.absolute())
    if not layout.start_lock.exists():
        return
    with _locked(layout):
        first = _postmaster(layout)
        for number, share in _STOPS:
            pid = _postmaster(layout)
            if pid is not None:
                with suppress(ProcessLookupError):
                    os.kill(pid, number)
            if _ended(layout, within * share):
                break
        else:
            raise InUse(layout.data)
        if first is not None:
            _wait_until_gone(layout, first)
    # A socket folder outside the data folder is left behind only by a crash.
    with suppress(OSError):
        for line in layout.configuration.read_text().splitlines():
            name, _, value = line.partition(" = ")
            folder = Path(value.strip("'\""))
            if name == "unix_socket_directories" and layout.data not in folder.parents:
                folder.rmdir()


def is_running(data: Path) -> bool:
    """Whether a server accepts connections, or is about to, on this data folder."""
    layout = Layout(data.absolute())
    return _alive(layout) and _postmaster(layout) is not None


def _made(
    layout: Layout,
    account: Account,
    name: str,
    member_of: Sequence[str],
    settings: Mapping[str, str],
    *,
    for_tests: bool,
) -> Path:
    """The cluster whole, its configuration written, and nobody's leftovers in the way; the folder of its socket."""
    try:
        if not layout.cluster.exists():
            create(layout, account, name, member_of, for_tests=for_tests)
        check_version(layout)
        give(layout.cluster, account)
        layout.pid_file.unlink(missing_ok=True)
        sockets = socket_folder(layout, account, name)
        configure(layout, account, name, sockets, {**(_CARELESS if for_tests else {}), **settings})
    except OSError as error:
        raise FolderUnusable(layout.data, error.strerror or str(error)) from error
    return sockets


def _launched(layout: Layout, account: Account, given_up: Callable[[], bool], *, ending_with_us: bool) -> int:
    """Start postgres and wait until it is ready; its process."""
    process = _launch(layout, account.launcher(ending_with_us=ending_with_us))
    deadline = time.monotonic() + _READY_WITHIN
    while process.poll() is None and time.monotonic() < deadline and not given_up():
        lines = _pid_file(layout)
        if len(lines) >= 8 and lines[0] == str(process.pid) and lines[7] == "ready":
            _started[layout.data] = process
            return process.pid
        time.sleep(_STEP)
    if process.poll() is None:
        process.send_signal(signal.SIGQUIT)
        process.wait()
        raise NotReady(_READY_WITHIN, layout.start_log)
    raise StartFailed(last_words(layout), layout.start_log)


def _account(layout: Layout, name: str) -> Account:
    must_read = [layout.data, programs().parent / "share" / "postgresql" / "postgres.bki"]
    for account in candidates(owner(layout), (name, "postgres", "nobody")):
        if account.name is None and account.uid == os.geteuid():
            raise NamelessAccount(account.uid)
        able = with_least_privilege(replace(account), programs() / "postgres", must_read)
        if able is not None:
            return able
    raise NoAccount(layout.data)


def _launch(layout: Layout, launcher: list[str]) -> subprocess.Popen[bytes]:
    """Start postgres with the alive lock in its hands."""
    command = [*launcher, str(programs() / "postgres"), f"--config-file={layout.configuration}"]
    with layout.alive_lock.open("rb") as lock, layout.start_log.open("wb") as log:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            env=clean_environment(),
            cwd="/",
            pass_fds=[lock.fileno()],
            start_new_session=True,
        )


def _running(layout: Layout, name: str, given_up: Callable[[], bool]) -> Cluster | None:
    """The server that runs already; waits while one starts or ends, or a dead one's processes go."""
    deadline = time.monotonic() + _ORPHANS_END_WITHIN
    while _alive(layout):
        pid, lines = _postmaster(layout), _pid_file(layout)
        if pid is not None and len(lines) >= 8 and lines[7] == "ready" and _listens(Path(lines[4])):
            return _cluster(layout, name, pid, Path(lines[4]))
        starting = pid is not None and len(lines) >= 8 and lines[7] == "starting"
        if given_up() or time.monotonic() > deadline + (_READY_WITHIN if starting else 0):
            raise InUse(layout.data)
        time.sleep(_STEP)
    return None


def url_of(name: str, sockets: Path | str) -> str:
    """Where the database is reached: by libpq, through the socket in this folder."""
    return f"postgresql://{name}@/{name}?host={quote(str(sockets), safe='')}"


def _cluster(layout: Layout, name: str, pid: int, sockets: Path) -> Cluster:
    return Cluster(url_of(name, sockets), layout.data, pid, sockets)


def _pid_file(layout: Layout) -> list[str]:
    """postmaster.pid: 1 process, 2 data directory, 5 socket folder, 8 status. Empty when there is none."""
    try:
        return [line.strip() for line in layout.pid_file.read_text(errors="replace").splitlines()]
    except FileNotFoundError:
        return []


def _postmaster(layout: Layout) -> int | None:
    """The server's process, if the number that it left is still its own."""
    lines = _pid_file(layout)
    if not lines or not lines[0].isdigit():
        return None
    pid = int(lines[0])
    return pid if f"--config-file={layout.configuration}" in _command_line(pid) else None


def _command_line(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        if Path("/proc/self").exists():
            return ""
    listed = subprocess.run(["ps", "-ww", "-o", "command=", "-p", str(pid)], capture_output=True, check=False)
    return listed.stdout.decode(errors="replace")


def _listens(sockets: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as client:
        return client.connect_ex(str(sockets / SOCKET_NAME)) == 0


def _alive(layout: Layout) -> bool:
    """Whether any process of the server lives. Several may ask at once: asking takes the lock shared."""
    child = _started.get(layout.data)
    if child is not None and child.poll() is not None:
        del _started[layout.data]
    try:
        with layout.alive_lock.open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def _ended(layout: Layout, patience: float) -> bool:
    deadline = time.monotonic() + patience
    while _alive(layout):
        if time.monotonic() > deadline:
            return False
        time.sleep(_STEP)
    return True


def _wait_until_gone(layout: Layout, pid: int) -> None:
    """Not even a name in the list of processes is left behind; init may need a moment for one that is not ours."""
    if layout.data in _started:
        _reap(layout)
        return
    deadline = time.monotonic() + 1
    while _exists(pid) and time.monotonic() < deadline:
        time.sleep(_STEP)


def _reap(layout: Layout) -> None:
    """Take leave of a child of ours that has let go of its lock: a busy machine may need a moment to end it."""
    child = _started.pop(layout.data, None)
    if child is not None:
        with suppress(subprocess.TimeoutExpired):
            child.wait(_ORPHANS_END_WITHIN)


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


@contextmanager
def _locked(layout: Layout) -> Iterator[None]:
    """One at a time starts or stops; the others wait."""
    try:
        lock = layout.start_lock.open("rb")
    except OSError as error:
        raise FolderUnusable(layout.data, error.strerror or str(error)) from error
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
