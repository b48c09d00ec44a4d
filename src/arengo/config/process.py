# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What every process of Arengo is from its first moment: alone with the files it makes, and in production not root."""

from __future__ import annotations

import os
import sys

from arengo.config import environment


def keep_files_private() -> None:
    """Files and folders that this process makes, and those of processes that it starts, are its account's alone."""
    os.umask(0o077)


def is_root_in_production() -> bool:
    return os.geteuid() == 0 and environment.is_production()


def begin() -> None:
    """For a process that is started without the command line, which asks the same (cli/folder.py)."""
    keep_files_private()
    if is_root_in_production():
        sys.exit("arengo: in production Arengo does not run as root (systemd: User=arengo)")
