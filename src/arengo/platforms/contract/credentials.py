# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""How a sender talks to its provider."""

from __future__ import annotations

import contextlib

import msgspec

from arengo.platforms.origins import origin


class Credentials(msgspec.Struct, frozen=True):
    """How one sender talks to its provider: Meta or a Solution Provider, the same client with other values.

    ``version`` and ``number_id`` are left out of the addresses when they are empty. ``auth_header`` and
    ``auth_prefix``: ``Authorization``/``Bearer `` at Meta, e.g. ``D360-API-KEY``/`` `` elsewhere.
    ``signature``: ``sha256`` (Meta: ``X-Hub-Signature-256`` over the raw body with the app secret) or
    ``token`` (the provider repeats a secret that we chose in ``signature_header``).

    ``origin`` is that of the address for which the secrets were entered; it stays when ``base_url`` is replaced, and
    ``authorizing`` gives the token to no other. Left out, it is that of ``base_url``: somebody enters them for it now.
    """

    base_url: str
    version: str
    number_id: str
    account_id: str
    token: str
    app_secret: str
    verify_token: str
    auth_header: str = "Authorization"
    auth_prefix: str = "Bearer "
    signature: str = "sha256"
    signature_header: str = "X-Hub-Signature-256"
    origin: str = ""

    def __post_init__(self) -> None:
        if not self.origin:
            with contextlib.suppress(ValueError):  # what is no address has no origin, and gets no secret
                msgspec.structs.force_setattr(self, "origin", origin(self.base_url))

    def __repr__(self) -> str:
        """Without the secrets: a repr ends in logs and reports of errors."""
        return f"<Credentials for {self.origin or 'no address'}>"
