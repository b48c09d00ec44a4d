# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What tests of the newsroom's pages share."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.test import Client

from arengo.newsroom.models import Update

ROOT = "/console/redazione/"
Browse = Callable[..., Client]
Write = Callable[..., Update]


def filled(**changes: Any) -> dict[str, Any]:
    return {
        "title": "Gli appuntamenti della settimana",
        "text_1": "Sabato il mercato si sposta in piazza Roma",
        "url_1": "https://www.comune.example.it/mercato",
        "text_2": "La biblioteca apre anche di sera",
        "url_2": "www.comune.example.it/biblioteca",
        "outlets": ["list", "channel"],
        "action": "save",
        **changes,
    }


def words(response: HttpResponse) -> str:
    """The page's words, without marks and runs of spaces."""
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", text.replace("&#x27;", "'").replace("\xa0", " "))
