# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Addresses of WhatsApp's channels and of their posts: ``https://whatsapp.com/channel/<channel>/<post>``."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from arengo.newsroom.checking import with_scheme

_HOSTS = ("whatsapp.com", "www.whatsapp.com")
_CHANNEL = re.compile(r"/channel/([A-Za-z0-9_-]{6,80})/?")
_POST = re.compile(r"/channel/([A-Za-z0-9_-]{6,80})/([0-9]{1,12})/?")
MOST = 200  # characters


def _path(typed: str) -> str | None:
    """What stands behind the host; None where that is not WhatsApp's."""
    try:
        parts = urlsplit(with_scheme(typed))
        port = parts.port
    except ValueError:
        return None
    ours = (parts.hostname or "") in _HOSTS and parts.scheme in ("http", "https")
    return parts.path if ours and port is None and parts.username is None else None


def channel_address(typed: str) -> str:
    """The channel's address in one writing, "" for none. ValidationError with words for the person who typed it."""
    typed = typed.strip()
    if not typed:
        return ""
    found = _CHANNEL.fullmatch(_path(typed) or "")
    if found is None:
        raise ValidationError(
            _(
                "Non è l'invito di un canale WhatsApp. Comincia con https://whatsapp.com/channel/ e si copia dal canale, in «Condividi»."
            )
        )
    return f"https://whatsapp.com/channel/{found[1]}"


def post_address(typed: str, channel: str) -> str:
    """A post's address in one writing, "" for none. ``channel``: the address of the organization's own; it must be there."""
    typed = typed.strip()
    if not typed:
        return ""
    found = _POST.fullmatch(_path(typed) or "")
    if found is None:
        raise ValidationError(
            _(
                "Non è l'indirizzo di un post su WhatsApp, come https://whatsapp.com/channel/…/118. "
                "Copialo di nuovo, o lascia vuoto: senza, qui non c'è il collegamento."
            )
        )
    if channel and found[1] != channel.rsplit("/", 1)[-1]:
        raise ValidationError(
            _(
                "È il post di un altro canale, non di quello dell'ente. Copia l'indirizzo del post appena messo."
            )
        )
    return f"https://whatsapp.com/channel/{found[1]}/{found[2]}"
