# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whom the embedded PostgreSQL runs as, and the small launcher that becomes that account.

PostgreSQL refuses to run as root. When our own process is root, the server runs as an unprivileged account; so
that it reaches a data folder (or a virtual environment) below a directory nobody else may enter, it keeps one
single capability, and only if it is needed. No permission of any directory is changed.

This file is also the launcher, run as a script by root's Python: `python -I -S account.py UID GID
CAPABILITY COMMAND…`. It therefore imports the standard library only.
See docs/decisions/0002-embedded-postgresql.md.
"""

from __future__ import annotations

import ctypes
import os
import pwd
import signal
import struct
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

# Linux, include/uapi/linux/capability.h, prctl.h, securebits.h: numbers of the kernel's stable interface.
CAP_DAC_OVERRIDE = 1
CAP_DAC_READ_SEARCH = 2
NO_CAPABILITY = -1
_CAPABILITY_VERSION_3 = 0x20080522
_PR_SET_PDEATHSIG = 1
_PR_CAPBSET_DROP = 24
_PR_SET_SECUREBITS = 28
_PR_CAP_AMBIENT = 47
_PR_CAP_AMBIENT_RAISE = 2
# Without it access(2), with which PostgreSQL finds its own programs, ignores capabilities of anyone but root.
_SECBIT_NO_SETUID_FIXUP = 1 << 2
_SECBIT_NOROOT = 1 << 0


@dataclass(frozen=True, slots=True)
class Account:
    """The account the server runs as; `capability` is what it keeps of root's, or NO_CAPABILITY."""

    uid: int
    gid: int
    name: str | None
    capability: int = NO_CAPABILITY

    def launcher(self, *, ending_with_us: bool = False) -> list[str]:
        """The words to put before a command so that it runs as this account; none when it is our own.

        `ending_with_us`: the kernel ends it (SIGINT) when our process does, however that came (Linux).
        """
        if self.uid == os.geteuid() and not ending_with_us:
            return []
        become = [sys.executable, "-I", "-S", __file__, str(self.uid), str(self.gid), str(self.capability)]
        return [*become, "--end-with", str(os.getpid())] if ending_with_us else become


def account_name(uid: int) -> str | None:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return None


def candidates(owner_uid: int | None, names: Sequence[str]) -> list[Account]:
    """Accounts that may run the server: ourselves; for root, the cluster's owner or, for a new one, those of `names`."""
    mine = os.geteuid()
    if mine != 0:
        return [Account(mine, os.getegid(), account_name(mine))]
    if owner_uid:
        try:
            gid = pwd.getpwuid(owner_uid).pw_gid
        except KeyError:
            gid = owner_uid
        return [Account(owner_uid, gid, account_name(owner_uid))]
    found = []
    for name in names:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            found.append(Account(entry.pw_uid, entry.pw_gid, name))
    return found


def with_least_privilege(account: Account, postgres: Path, must_read: list[Path]) -> Account | None:
    """The same account with the smallest privilege under which it runs `postgres` and reads `must_read`.

    None when it cannot, even with the strongest that we may hand over (a container may have dropped it).
    """
    if account.uid == os.geteuid():
        return account
    for capability in (NO_CAPABILITY, CAP_DAC_READ_SEARCH, CAP_DAC_OVERRIDE):
        tried = Account(account.uid, account.gid, account.name, capability)
        probe = [*tried.launcher(), "--read", *map(str, must_read), "--", str(postgres), "-V"]
        done = subprocess.run(probe, capture_output=True, check=False, env={}, cwd="/")
        if done.returncode == 0:
            return tried
    return None


def _become(uid: int, gid: int, capability: int) -> None:
    if uid == os.geteuid():
        return
    if capability == NO_CAPABILITY:
        os.setgroups([])
        os.setresgid(gid, gid, gid)
        os.setresuid(uid, uid, uid)
        return
    libc = ctypes.CDLL(None, use_errno=True)

    def call(result: int) -> None:
        if result != 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number))

    def prctl(option: int, *values: int) -> None:
        call(libc.prctl(option, *(ctypes.c_ulong(value) for value in (*values, 0, 0, 0, 0)[:4])))

    last = int(Path("/proc/sys/kernel/cap_last_cap").read_text())
    for number in range(last + 1):
        if number != capability:
            prctl(_PR_CAPBSET_DROP, number)
    prctl(_PR_SET_SECUREBITS, _SECBIT_NO_SETUID_FIXUP | _SECBIT_NOROOT)
    os.setgroups([])
    os.setresgid(gid, gid, gid)
    os.setresuid(uid, uid, uid)
    header = struct.pack("Ii", _CAPABILITY_VERSION_3, 0)
    bit = 1 << capability
    call(libc.capset(header, struct.pack("6I", bit, bit, bit, 0, 0, 0)))
    prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE, capability)


def main(arguments: list[str]) -> None:
    uid, gid, capability = (int(word) for word in arguments[:3])
    command = arguments[3:]
    _become(uid, gid, capability)
    if command[0] == "--read":
        end = command.index("--")
        for name in command[1:end]:
            os.close(os.open(name, os.O_RDONLY))
        command = command[end + 1 :]
    if command[0] == "--end-with":
        if sys.platform == "linux":
            ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, ctypes.c_ulong(signal.SIGINT))
        if os.getppid() != int(command[1]):
            return
        command = command[2:]
    os.umask(0o077)
    os.execv(command[0], command)  # noqa: S606 - becoming the command is what a launcher does


if __name__ == "__main__":
    main(sys.argv[1:])
