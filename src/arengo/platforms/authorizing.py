# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Secrets belong to the origin for which they were entered.

``Credentials`` keeps that origin beside the secrets, under the same seal. This module is the only place that puts a token
into a request (``tools/outside.py`` watches), and gives it to no other origin.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache

from arengo.platforms.contract import Credentials
from arengo.platforms.origins import is_file_host, origin, same_site
from arengo.platforms.refusing import other_origin


@lru_cache(maxsize=4096)
def _home(base_url: str, entered_for: str) -> str | None:
    """The beginning of every address to which the secrets may go; None if they were entered for another origin."""
    try:
        same = bool(entered_for) and origin(base_url) == entered_for
    except ValueError:
        return None
    return base_url.rstrip("/") if same else None


def authorization(credentials: Credentials, address: str, *, files: Collection[str] = ()) -> dict[str, str]:
    """The header that carries the token to ``address``.

    Raises ``other_origin`` unless the address lies under the origin that the token was entered for. With ``files``, the
    platform's own hosts of files (``.example.net``: all below it), the rest of the same host and those hosts over https
    will do as well.
    """
    home = _home(credentials.base_url, credentials.origin)
    if home is None:
        raise other_origin()
    if not (address.startswith(f"{home}/") or address == home) and not (
        files and _among(files, address, home)
    ):
        raise other_origin()
    return {credentials.auth_header: credentials.auth_prefix + credentials.token}


def _among(files: Collection[str], address: str, home: str) -> bool:
    return same_site(address, home) or is_file_host(address, files)
