# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A block with its evidence as a PDF, for the Polizia locale or the legal office."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from arengo.audience.people import name_of
from arengo.core.chat_text import to_plain
from arengo.core.documents.pdf import Document
from arengo.core.models import Membership, Organization
from arengo.desk.blocks.models import Block, Evidence
from arengo.desk.names import number

_TEMPLATE = Path(__file__).with_name("dossier.typ")


def dossier(
    block: Block, evidence: Sequence[Evidence], organization: Organization, membership: Membership | None
) -> Document:
    """Words as they were when they were chosen. Files are named by their kind, not contained; the number is whole for who may see it."""
    title = _("Blocco di %(name)s") % {"name": name_of(block.contact)}
    facts = [
        [_("Ente"), organization.name],
        [_("Numero"), number(block.conversation, membership) or "—"],
        [_("Regola"), f"{block.rule}: «{block.quote}»"],
        [_("Motivo"), block.reason],
        [_("Deciso da"), f"{block.by or '—'}, {_moment(block.at)}"],
        *([[_("Confermato da"), str(block.confirmed_by)]] if block.confirmed_by else []),
        [_("Ultimo giorno"), date_format(block.last_day, "j F Y")],
        *([[_("Stato"), block.get_end_display()]] if block.end else []),
        [_("Stampata il"), _moment(timezone.now())],
    ]
    content = {
        "heading": title,
        "facts": facts,
        "evidence_heading": _("Prove"),
        "evidence": [_piece(one) for one in evidence],
    }
    return Document(title, _TEMPLATE, content)


def _piece(one: Evidence) -> dict[str, object]:
    told = _("richiamo di %(name)s") % {"name": one.reprimand.by or "—"} if one.reprimand else ""
    words = str(one.kind_words)
    return {
        "what": words[:1].upper() + words[1:],
        "at": _moment(one.sent_at),
        "text": to_plain(one.text).split("\n"),
        "note": told,
    }


def _moment(at: datetime) -> str:
    return date_format(timezone.localtime(at), "j F Y, H:i")
