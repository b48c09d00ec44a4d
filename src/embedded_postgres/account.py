# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The account that the embedded PostgreSQL runs as, and the words before a command that make it run so.

PostgreSQL refuses to run as root. When our own process is root, the server runs as an unprivileged account; so
that it reaches a data folder (or a virtual environment) below a directory nobody else may enter, it keeps one
single capability, and only if it is needed. No permission of any directory is changed. setpriv(1) of util-linux
becomes the account. See docs/decisions/0002-embedded-postgresql.md and 0038-setpriv.md.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from .errors import SetprivMissing

# Linux, include/uapi/linux/capability.h: numbers of the kernel's stable interface.
CAP_DAC_OVERRIDE = 1
CAP_DAC_READ_SEARCH = 2
NO_CAPABILITY = -1


def setpriv_program() -> str | None:
    """The path of setpriv(1), also where PATH names no folder of the system (a service, a wheel's own environment)."""
    return shutil.which("setpriv") or shutil.which("setpriv", path=os.defpath)


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
        SetprivMissing where another account needs setpriv and it is not there.
        """
        setpriv, own = setpriv_program(), self.uid == os.geteuid()
        if own and (setpriv is None or not ending_with_us):
            return []
        if setpriv is None:
            raise SetprivMissing
        words = [setpriv, *(["--pdeathsig=INT"] if ending_with_us else [])]
        if own:
            return words
        words += [f"--reuid={self.uid}", f"--regid={self.gid}", "--clear-groups"]
        if self.capability != NO_CAPABILITY:
            # Without no_setuid_fixup access(2), with which PostgreSQL finds its programs, ignores all but root's capabilities.
            words.append("--securebits=+noroot,+no_setuid_fixup")
            kept = f"-all,+cap_{self.capability}"
            words += [f"--bounding-set={kept}", f"--inh-caps={kept}", f"--ambient-caps={kept}"]
        return words


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


_PROBE = 'for name; do : <"$name" || exit; done; exec "$0" -V'


def with_least_privilege(account: Account, postgres: Path, must_read: list[Path]) -> Account | None:
    """The same account with the smallest privilege under which it runs `postgres` and reads `must_read`.

    None when it cannot, even with the strongest that we may hand over (a container may have dropped it).
    """
    if account.uid == os.geteuid():
        return account
    for capability in (NO_CAPABILITY, CAP_DAC_READ_SEARCH, CAP_DAC_OVERRIDE):
        tried = Account(account.uid, account.gid, account.name, capability)
        probe = [*tried.launcher(), "/bin/sh", "-c", _PROBE, str(postgres), *map(str, must_read)]
        if subprocess.run(probe, capture_output=True, check=False, env={}, cwd="/").returncode == 0:
            return tried
    return None
