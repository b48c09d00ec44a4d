# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The conversation as a PDF that keeps: what was said, by whom, when; without internal notes."""

from __future__ import annotations

from pathlib import Path

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from arengo.core.chat_text import to_plain
from arengo.core.documents.pdf import Document
from arengo.core.models import Membership, Organization
from arengo.desk.bubbles import attachment_of, status_of
from arengo.desk.models import Conversation, Message
from arengo.desk.names import called, number

_TEMPLATE = Path(__file__).with_name("conversation.typ")
MOST_MESSAGES = 2_000  # the latest ones; a document of more is for another tool


def document(
    conversation: Conversation, organization: Organization, membership: Membership | None
) -> Document:
    """Two queries. The number is whole for who may see it, else masked."""
    found = conversation.messages.select_related("author", "delivery", "attachment").order_by(
        "-sent_at", "-id"
    )
    messages = list(found[: MOST_MESSAGES + 1])
    more = len(messages) > MOST_MESSAGES
    citizen = called(conversation)
    title = _("Conversazione con %(name)s") % {"name": citizen}
    facts = [
        [_("Ente"), organization.name],
        [_("Cittadino"), citizen],
        [_("Numero"), number(conversation, membership) or "—"],
        [_("Sportello"), conversation.desk.name],
        [_("Piattaforma"), conversation.sender.words.name],
        [_("Stampata il"), _moment(timezone.now())],
    ]
    if more:
        facts.append([_("Messaggi"), _("gli ultimi %(most)d") % {"most": MOST_MESSAGES}])
    lines = [_line(message, citizen) for message in messages[:MOST_MESSAGES][::-1]]
    return Document(title, _TEMPLATE, {"heading": title, "facts": facts, "lines": lines})


def _moment(at: object) -> str:
    return date_format(timezone.localtime(at), "j F Y, H:i")  # type: ignore[arg-type]  # a datetime


def _line(message: Message, citizen: str) -> dict[str, object]:
    """«facts» are short words under the text: the file, how it went, what became of the words."""
    if message.incoming:
        who = citizen
    elif message.copy:
        who = _("Altro risponditore")
    else:
        who = str(message.author) if message.author else _("Risposta automatica")
    facts = []
    attachment = attachment_of(message)
    if attachment is not None:
        kind = str(Message.Kind(message.kind).label)
        facts.append(f"{kind}: {attachment.filename}" if attachment.filename else kind)
    if message.latitude is not None and message.longitude is not None:
        facts.append(f"{message.latitude:.5f}, {message.longitude:.5f}")
    if message.edited_at:
        facts.append(_("modificato il %(when)s") % {"when": _moment(message.edited_at)})
    if message.deleted_at or message.erased_at:
        facts.append(_("eliminato"))
    status = status_of(message)
    if status is not None:
        facts.append(str(status.words))
    return {
        "who": who,
        "at": _moment(message.sent_at),
        "text": to_plain(message.text).split("\n"),
        "facts": facts,
    }
