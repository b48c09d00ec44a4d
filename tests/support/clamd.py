# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A daemon that speaks clamd's INSTREAM, and finds EICAR's test file as a real one does; or Debian's own, where it is installed."""

from __future__ import annotations

import os
import shutil
import socketserver
import struct
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.waiting import until

# In two parts, so that no scanner takes this file for one.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR" + b"-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
INSTALLED = shutil.which("clamd", path="/usr/sbin:/usr/bin:/usr/local/sbin")
# Where everything is tested (.ci/run installs it) it may not be missing.
needs_debians = pytest.mark.skipif(
    INSTALLED is None and not os.environ.get("CI"), reason="Debian's clamd is not installed"
)


class _Handler(socketserver.StreamRequestHandler):
    server: Clamd

    def handle(self) -> None:
        command = b""
        while not command.endswith(b"\0") and (byte := self.rfile.read(1)):
            command += byte
        if command == b"zPING\0":
            self.wfile.write(b"PONG\0")
            return
        if command != b"zINSTREAM\0":
            self.wfile.write(b"UNKNOWN COMMAND\0")
            return
        content = b""
        while size := struct.unpack("!I", self.rfile.read(4))[0]:
            content += self.rfile.read(size)
            if len(content) > self.server.most:
                self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
                return
        self.server.seen.append(len(content))
        self.wfile.write(b"stream: Eicar-Body.UNOFFICIAL FOUND\0" if EICAR in content else b"stream: OK\0")


class Clamd(socketserver.ThreadingUnixStreamServer):
    """``seen``: bytes of each file; ``most``: as ``StreamMaxLength``."""

    daemon_threads = True

    def __init__(self, path: Path) -> None:
        super().__init__(str(path), _Handler)
        self.seen: list[int] = []
        self.most = 110 * 1024 * 1024


@contextmanager
def speaking(folder: Path) -> Iterator[tuple[str, Clamd]]:
    """The socket's path, and the daemon."""
    path = folder / "clamd.ctl"
    with Clamd(path) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield str(path), server
        server.shutdown()
    path.unlink(missing_ok=True)


@contextmanager
def debians(folder: Path) -> Iterator[str]:
    """The real one, with a database of one line."""
    assert INSTALLED is not None
    (folder / "db").mkdir()
    (folder / "db" / "test.ndb").write_text(f"Eicar-Body:0:*:{EICAR.hex()}\n")
    path, settings = folder / "real.ctl", folder / "clamd.conf"
    settings.write_text(
        f"LocalSocket {path}\nDatabaseDirectory {folder / 'db'}\nForeground yes\nStreamMaxLength 110M\n"
    )
    process = subprocess.Popen([INSTALLED, "--config-file", str(settings)], stdout=subprocess.DEVNULL)
    try:
        until(path.exists)
        yield str(path)
    finally:
        process.terminate()
        process.wait(timeout=30)
