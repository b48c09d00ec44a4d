# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Files are looked at by ClamAV's daemon, where the installation names one (``ARENGO_CLAMD``): clamd(8), INSTREAM.

The daemon is named by who runs the installation, on this machine or in its network, as the database is: never by what
comes from outside.
"""

from __future__ import annotations

import contextlib
import socket
import struct
from typing import IO

from django.conf import settings

CHUNK = 1024 * 1024  # bytes
WITHIN = 120.0  # seconds of silence; 100 MB take clamd 7 s
_PING_WITHIN = 5.0  # seconds of silence
_LONGEST = 4096  # bytes of an answer: a path and a signature's name


class ScannerAway(Exception):
    """Nobody looked at the file: the daemon is not there. Another time it may be."""


class NotTaken(ScannerAway):
    """The daemon is there and did not look at this file: too long for it, or its talk broke off."""


def configured() -> bool:
    return bool(settings.ARENGO_CLAMD)


def answers() -> bool:
    """Whether a file can be looked at now; True where no daemon is named."""
    if not configured():
        return True
    try:
        with _connected(_PING_WITHIN) as line:
            line.sendall(b"zPING\0")
            return _answer(line) == "PONG"
    except OSError:
        return False


def found_in(content: IO[bytes]) -> str:
    """The name of what was found; "" for a clean file, and where no daemon is named. ``content`` is read from its beginning.

    Raises ScannerAway, NotTaken.
    """
    if not configured():
        return ""
    content.seek(0)
    try:
        line = _connected(WITHIN)
    except OSError as error:
        raise ScannerAway(type(error).__name__) from None
    try:
        with line:
            line.sendall(b"zINSTREAM\0")
            # A daemon that stops listening (its StreamMaxLength) says why before it hangs up.
            with contextlib.suppress(ConnectionError):
                while chunk := content.read(CHUNK):
                    line.sendall(struct.pack("!I", len(chunk)) + chunk)
                line.sendall(struct.pack("!I", 0))
            answer = _answer(line)
    except OSError as error:
        raise NotTaken(type(error).__name__) from None
    if answer.endswith(" FOUND"):
        return answer.removeprefix("stream: ").removesuffix(" FOUND")[:200]
    if answer != "stream: OK":
        raise NotTaken(answer[:200] or "no answer")
    return ""


def _connected(within: float) -> socket.socket:
    where = settings.ARENGO_CLAMD
    address: str | tuple[str, int]
    if where.startswith("/"):
        line, address = socket.socket(socket.AF_UNIX), where
    else:
        host, _colon, port = where.rpartition(":")
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        line, address = socket.socket(family), (host.strip("[]"), int(port))
    line.settimeout(within)
    try:
        line.connect(address)
    except OSError:
        line.close()
        raise
    return line


def _answer(line: socket.socket) -> str:
    said = b""
    while b"\0" not in said and len(said) < _LONGEST and (more := line.recv(_LONGEST)):
        said += more
    return said.partition(b"\0")[0].decode("utf-8", "replace").strip()
