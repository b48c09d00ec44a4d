# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an administrator types about a provider, as it may enter a request. Each function raises ValidationError with the reason."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from arengo.platforms import refusing
from arengo.platforms.networks import literal, may_connect
from arengo.platforms.origins import origin

_PORTS = {"https": 443, "http": 80}
_HEADER = re.compile(r"[A-Za-z0-9-]+")
_IDENTIFIER = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*")  # a part of an address: never a way up
_TOKEN = re.compile(r"[\x21-\x7e]*")
# They frame a request or belong to the connection: a token in one would break or bend it.
_FRAMING = re.compile(
    r"accept-encoding|connection|content-(encoding|length|type)|expect|host|keep-alive|te|trailer|transfer-encoding|upgrade",
    re.IGNORECASE,
)


def base_url(typed: str) -> str:
    """An address of a web server and nothing else; public, as far as it shows without resolving its name."""
    url = typed.rstrip("/")
    parts = urlsplit(url)
    if parts.scheme not in _PORTS:
        raise ValidationError(_("L’indirizzo deve cominciare con https://."))
    try:
        origin(url)
    except ValueError:
        raise ValidationError(
            _("Serve il solo indirizzo: senza nome utente, senza «?» e «#», senza spazi.")
        ) from None
    address = literal(parts.hostname or "")
    if address is not None and not may_connect(address, parts.port or _PORTS[parts.scheme]):
        raise ValidationError(refusing.explain(refusing.NOT_PUBLIC))
    if settings.PRODUCTION and parts.scheme != "https":
        raise ValidationError(_("L’indirizzo deve cominciare con https://: il token non viaggia in chiaro."))
    return url


def header(typed: str) -> str:
    if not _HEADER.fullmatch(typed):
        raise ValidationError(_("Solo lettere senza accento, cifre e trattini."))
    return typed


def token_header(typed: str) -> str:
    if _FRAMING.fullmatch(header(typed)):
        raise ValidationError(_("Questa intestazione serve alla connessione e non può portare il token."))
    return typed


def identifier(typed: str) -> str:
    if not _IDENTIFIER.fullmatch(typed):
        raise ValidationError(_("Solo lettere senza accento, cifre, trattini e punti."))
    return typed


def token_prefix(typed: str) -> str:
    if not _TOKEN.fullmatch(typed.replace(" ", "")):
        raise ValidationError(_("Solo lettere senza accento, cifre, segni e spazi."))
    return typed


def token(typed: str) -> str:
    if not _TOKEN.fullmatch(typed):
        raise ValidationError(_("Un token ha solo lettere senza accento, cifre e segni, senza spazi."))
    return typed
