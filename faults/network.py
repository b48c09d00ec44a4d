# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A worker in a network namespace of its own: one wire to PostgreSQL, another to the platform. For root on Linux.

The addresses are of 198.18.0.0/15 (RFC 2544), which no real network has, and each process uses its own eight: two that
cut wires side by side would otherwise cut each other off.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from ipaddress import ip_network

from psycopg.conninfo import conninfo_to_dict

from faults.processes import WORKER, Process
from faults.town import Town

_ADDRESSES = ip_network("198.18.0.0/15")


class Impossible(Exception):
    """This machine does not let us; says why."""


@dataclass
class Cut:
    """The wire to PostgreSQL. Cut, packets vanish: nobody is told that the connection is gone."""

    wire: str

    def cut(self) -> None:
        _ip("link", "set", self.wire, "down")

    def mend(self) -> None:
        _ip("link", "set", self.wire, "up")


@contextmanager
def cut_off_worker(town: Town) -> Iterator[tuple[Process, Cut]]:
    """A worker that reaches PostgreSQL and the platform each by a wire that can be cut. Impossible without root."""
    if sys.platform != "linux" or os.geteuid() != 0 or shutil.which("ip") is None:
        raise Impossible("network namespaces need Linux, root and iproute2")
    mark = f"{os.getpid() % 100000}"
    space, wires = f"arengo-{mark}", (f"fdb{mark}", f"fnet{mark}")
    (database, platform), inside = _addresses()
    with ExitStack() as stack:
        try:
            _ip("netns", "add", space)
            stack.callback(_forget, space)
            for wire, ours, theirs in ((wires[0], database, inside[0]), (wires[1], platform, inside[1])):
                _ip("link", "add", wire, "type", "veth", "peer", "name", f"{wire}i", "netns", space)
                stack.callback(_unplug, wire)
                _ip("addr", "add", f"{ours}/30", "dev", wire)
                _ip("link", "set", wire, "up")
                _ip("-n", space, "addr", "add", f"{theirs}/30", "dev", f"{wire}i")
                _ip("-n", space, "link", "set", f"{wire}i", "up")
        except subprocess.CalledProcessError as error:
            raise Impossible(f"no network namespace here: {error.stderr.strip()}") from error
        # Forwarders: PostgreSQL keeps its socket, and the sandbox its loopback.
        place = conninfo_to_dict(town.url)
        postgres_port = stack.enter_context(_forwarder(database, f"{place['host']}/.s.PGSQL.5432"))
        platform_port = stack.enter_context(_forwarder(platform, ("127.0.0.1", town.sandbox.port)))
        _write_to_platform_at(town, f"http://{platform}:{platform_port}")
        url = f"postgresql://{place['user']}@{database}:{postgres_port}/{place['dbname']}"
        worker = town.process("worker", ["ip", "netns", "exec", space, *WORKER], url=url)
        yield worker, Cut(wires[0])


def _addresses() -> tuple[tuple[str, str], tuple[str, str]]:
    """Our ends of the wires to PostgreSQL and to the platform, and the worker's."""
    first = _ADDRESSES.network_address + os.getpid() * 8 % _ADDRESSES.num_addresses
    return (str(first + 1), str(first + 5)), (str(first + 2), str(first + 6))


@contextmanager
def _forwarder(host: str, to: str | tuple[str, int]) -> Iterator[int]:
    """Bytes through, both ways; the port at which it listens."""
    stack: list[socket.socket] = []

    def carry(source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)
        with suppress(OSError):
            target.shutdown(socket.SHUT_WR)

    def accept(listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                near, _address = listener.accept()
                far = socket.socket(socket.AF_UNIX if isinstance(to, str) else socket.AF_INET)
                far.connect(to)
                stack.extend((near, far))
                for pair in ((near, far), (far, near)):
                    threading.Thread(target=carry, args=pair, daemon=True).start()

    with closing(socket.create_server((host, 0))) as listener:
        thread = threading.Thread(target=accept, args=(listener,), daemon=True)
        thread.start()
        try:
            yield int(listener.getsockname()[1])
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join(5)
            for each in stack:
                each.close()


def _write_to_platform_at(town: Town, address: str) -> None:
    """Both workers reach the platform at an address that exists in both networks."""
    import msgspec

    from arengo.core.scope import organization_scope
    from arengo.delivery.models import Sender
    from arengo.platforms.origins import origin
    from faults.ground import django_at

    with django_at(town.url), organization_scope(town.organization_id):
        for sender in Sender.objects.all():
            # The secrets are meant for this address too: entered for it, as a person would.
            sender.credentials = msgspec.structs.replace(
                sender.credentials, base_url=address, origin=origin(address)
            )
            sender.save()


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True, text=True, timeout=10)


def _unplug(wire: str) -> None:
    with suppress(subprocess.SubprocessError):
        _ip("link", "del", wire)


def _forget(space: str) -> None:
    with suppress(subprocess.SubprocessError):
        _ip("netns", "del", space)
