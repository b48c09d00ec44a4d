# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What keeps an update from going out, field by field, with the exact counts.

These limits are ours, so that a memo stays a memo; the platform's own stand in its folder (``Platform.limits``).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _, ngettext

from arengo.core.clean_text import place
from arengo.core.lengths import Limit
from arengo.platforms.registry import common_limits, platforms

TITLE = 100
TEXT = 800
LINE = 200  # of an item of a digest: two lines on a narrow telephone
ALT = 300
URL = 500

_SPACES = re.compile(r" {2,}")
_SCHEME = re.compile(r"\A[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_HOST_AND_PORT = re.compile(r"\A[a-z0-9.-]+\.[a-z]{2,}:\d", re.IGNORECASE)
_WEB = URLValidator(schemes=["http", "https"])


@dataclass(frozen=True)
class Problem:
    """``field`` is the editor's name of the place; ``missing`` when nothing is wrong but something is not there yet."""

    field: str
    words: str
    missing: bool = False


def with_scheme(url: str) -> str:
    """``www.comune.example.it/x`` as people write it becomes an address; anything with a scheme stays as it is."""
    url = url.strip()
    if not url or (_SCHEME.match(url) and not _HOST_AND_PORT.match(url)):
        return url
    return f"https://{url}"


def line_problems(text: str, limit: int) -> Iterator[str]:
    """Of a text that must stand on one line."""
    if problem := Limit(limit).problem(text):
        yield problem
    breaks = len(re.findall(r"\r\n|[\r\n\v\f\x85\u2028\u2029]", text))
    if breaks:
        yield ngettext(
            "Deve stare su una riga sola: togli l'a capo (%(count)d).",
            "Deve stare su una riga sola: togli gli a capo (%(count)d).",
            breaks,
        ) % {"count": breaks}
    if "\t" in text:
        yield _("Togli le tabulazioni: %(platform)s non le accetta.") % {"platform": _strictest()}
    most = common_limits().template_spaces.most
    if any(len(spaces) > most for spaces in _SPACES.findall(text)):
        yield _("Ci sono più di %(most)d spazi di fila: %(platform)s non li accetta.") % {
            "most": most,
            "platform": _strictest(),
        }
    unseen = next((at for at, character in enumerate(text) if _invisible(character)), None)
    if unseen is not None:
        yield _(
            "C'è un carattere invisibile che non si può inviare, %(where)s: riscrivi quel punto a mano."
        ) % {"where": place(text, unseen)}


def _strictest() -> str:
    """The name of the platform whose templates want their values so."""
    known = platforms().values()
    return min(known, key=lambda each: each.limits.template_spaces.most).words.name


def _invisible(character: str) -> bool:
    """Control characters, halves of emoji, marks that turn the direction of writing; not the joiners of emoji."""
    if character in "\t\r\n\v\f\x85":
        return False
    category = unicodedata.category(character)
    return category in ("Cc", "Cs") or unicodedata.bidirectional(character) in (
        "LRE",
        "RLE",
        "LRO",
        "RLO",
        "PDF",
        "LRI",
        "RLI",
        "FSI",
        "PDI",
    )


def url_problem(url: str) -> str:
    """Empty when it is a web address that may be shown to everyone."""
    if not url:
        return ""
    if problem := Limit(URL).problem(url):
        return problem
    not_web = _(
        "Non è un indirizzo web. Deve cominciare con https:// (o http://), per esempio https://www.comune.example.it/pagina."
    )
    if any(character.isspace() or _invisible(character) for character in url):
        return not_web
    try:
        _WEB(url)
        parts = urlsplit(url)
    except (ValidationError, ValueError):
        return not_web
    if parts.username is not None or parts.password is not None:
        return _("Il collegamento contiene un nome utente o una password: toglili.")
    return ""
