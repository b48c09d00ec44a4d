# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""An update as a sheet of paper for the notice board."""

from __future__ import annotations

from pathlib import Path

from django.utils.formats import date_format
from django.utils.timezone import localdate, localtime
from django.utils.translation import get_language, gettext as _

from arengo.core.chat_text import to_plain
from arengo.core.documents import qr
from arengo.core.documents.pdf import Document
from arengo.core.models import Organization
from arengo.newsroom.checking import URL
from arengo.newsroom.drafts import draft_of
from arengo.newsroom.models import Update

_TEMPLATE = Path(__file__).with_name("sheet.typ")


def sheet(update: Update, organization: Organization) -> Document:
    """One side of A4 for what fits a memo: title, picture, each item with the code that opens its page."""
    draft = draft_of(update)
    pictures: dict[str, bytes] = {}
    items = []
    for number, flash in enumerate(draft.items, start=1):
        code = ""
        if flash.url.startswith(("https://", "http://")) and len(flash.url) <= URL:
            code = f"qr-{number}.png"
            pictures[code] = qr.png(flash.url)
        items.append({"text": to_plain(flash.text), "url": flash.url, "code": code})
    picture = _picture(update, pictures)
    title = to_plain(draft.title) or _("Senza titolo")
    day = localtime(update.sent_at).date() if update.sent_at else localdate()
    content = {
        "heading": title,
        "organization": organization.name,
        "day": date_format(day, "j F Y"),
        "items": items,
        "picture": picture,
        "picture_alt": to_plain(draft.image_alt) or title,
        "code_alt": _("Codice QR che apre la pagina"),
        "draft": "" if update.sent_at else _("Bozza: non ancora pubblicata"),
    }
    return Document(title, _TEMPLATE, content, language=get_language() or "it", pictures=pictures)


def _picture(update: Update, pictures: dict[str, bytes]) -> str:
    """Its name beside the template; "" where there is none, or its file is gone."""
    if not update.image:
        return ""
    name = "picture.png" if (update.image.name or "").endswith(".png") else "picture.jpg"
    try:
        with update.image.open("rb") as file:
            pictures[name] = file.read()
    except FileNotFoundError:
        return ""
    return name
