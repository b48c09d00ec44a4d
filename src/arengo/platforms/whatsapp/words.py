# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""How WhatsApp is called on screen, and the links that open a chat with a number."""

from __future__ import annotations

from urllib.parse import quote

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from arengo.platforms.contract import Words

WORDS = Words(
    name="WhatsApp",
    icon="whatsapp",
    write=_("Scrivi su WhatsApp"),
    join=_("Iscriviti su WhatsApp"),
)


def chat_url(shown: str, text: str = "") -> str:
    """wa.me wants the number in international form, digits only: no plus, no spaces."""
    url = str(settings.ARENGO_CHAT_URL) + "".join(character for character in shown if character.isdigit())
    return f"{url}?text={quote(text)}" if text else url
