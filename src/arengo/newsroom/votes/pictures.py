# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The result as a picture to share, in two forms, and the words that say the same."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext as _

from arengo.core.clean_text import for_xml
from arengo.core.documents.pdf import Document
from arengo.core.documents.pictures import picture
from arengo.core.models import Organization
from arengo.newsroom.votes.results import Result, not_scientific
from arengo.newsroom.votes.words import many, until

_TEMPLATE = Path(__file__).with_name("result.typ")


def drawn(result: Result, organization: Organization, form: Literal["svg", "png"]) -> bytes:
    """Of a result whose shares are told."""
    poll = result.poll
    at = poll.closed_at or poll.counted_at or poll.closes_at
    document = Document(
        title=_one_line(poll.question),
        template=_TEMPLATE,
        data={
            "organization": _one_line(organization.name),
            "question": _one_line(poll.question),
            "shares": [
                {
                    "option": _one_line(share.option),
                    "votes": many(share.votes),
                    "percent": share.percent,
                    "bar": float(share.bar),
                    "leads": share.leads,
                }
                for share in result.shares
            ],
            "foot": _("%(heading)s, %(when)s. %(scientific)s")
            % {"heading": result.heading, "when": until(localtime(at)), "scientific": not_scientific()},
        },
        language=get_language() or "it",
    )
    return picture(document, form, described=for_xml(result.text))


def _one_line(text: str) -> str:
    return " ".join(for_xml(text).split())
