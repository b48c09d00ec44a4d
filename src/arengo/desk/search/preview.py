# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""One conversation beside the hits: the messages around the one that was found, with the words marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse

from arengo.core import outside
from arengo.core.screens import Screen
from arengo.desk.models import Conversation, Message
from arengo.desk.names import called
from arengo.desk.search import finding, kinds
from arengo.desk.search.asking import Asked
from arengo.desk.search.finding import TooLong
from arengo.desk.search.kinds import Source
from arengo.desk.search.marks import Marker, Piece

_AROUND = 8  # messages before, and as many after


@dataclass(frozen=True)
class Line:
    """A message, or what else was found («note»). ``side``: in, out, or aside; ``file``: a file's name."""

    anchor: str
    at: datetime
    side: str
    who: str
    pieces: Sequence[Piece]
    file: Sequence[Piece]
    other: str
    found: bool
    tone: str


@dataclass(frozen=True)
class Preview:
    """``place`` of ``many`` hits, from 1; 0 of 0 where a name was found. ``up``: to an earlier hit; ``down``: to a later one."""

    conversation: Conversation
    title: str
    lines: Sequence[Line]
    place: int
    many: int
    up: str
    down: str
    opens: str
    back: str


@dataclass(frozen=True)
class PreviewPart(Screen):
    asked: Asked
    preview: Preview


def preview(request: HttpRequest, asked: Asked, conversation: Conversation) -> Preview:
    """``?colpo=<n>`` is the n-th newest hit of the conversation, from 0. One statement for the hits, three for what is around."""
    try:
        hits = finding.within(asked.query, asked.filters, conversation)
    except TooLong:
        hits = []
    hits = [hit for hit in hits if hit[0] != "name"]
    nth = min(outside.whole(request.GET.get("colpo")) or 0, max(len(hits) - 1, 0))
    source, at, tone = None, None, ""
    if hits:
        key, pk, at = hits[nth]
        kind = next(kind for kind in kinds.registered() if kind.key == key)
        source, tone = kind.load([pk]).get(pk), kind.tone
    messages = _around(conversation, source.message_id if source else None, at)
    lines = _lines(asked, messages, source, at, tone)
    at_message = (
        f"?messaggio={source.message_id}#m-{source.message_id}" if source and source.message_id else ""
    )
    return Preview(
        conversation=conversation,
        title=called(conversation),
        lines=lines,
        place=len(hits) - nth,
        many=len(hits),
        up=_step(asked, conversation, nth + 1) if nth + 1 < len(hits) else "",
        down=_step(asked, conversation, nth - 1) if nth else "",
        opens=reverse("desk:conversation", args=[conversation.pk]) + at_message,
        back=asked.address(da=asked.skip or None),
    )


def _step(asked: Asked, conversation: Conversation, nth: int) -> str:
    query = asked.address(colpo=nth, apri=conversation.pk, da=asked.skip or None).partition("?")[2]
    return f"{reverse('desk_search:preview', args=[conversation.pk])}?{query}"


def _around(conversation: Conversation, pk: int | None, at: datetime | None) -> list[Message]:
    """The messages about this one, or this moment; the last ones without either. The oldest first."""
    found = conversation.messages.select_related("author", "attachment")
    place = found.filter(pk=pk).values_list("sent_at", "pk").first() if pk is not None else None
    if place is None and at is not None:
        place = (at, 0)
    if place is None:
        return list(found.order_by("-sent_at", "-pk")[: 2 * _AROUND])[::-1]
    when, own = place
    before = found.filter(Q(sent_at__lt=when) | Q(sent_at=when, pk__lte=own))
    after = found.filter(Q(sent_at__gt=when) | Q(sent_at=when, pk__gt=own))
    return [
        *list(before.order_by("-sent_at", "-pk")[: _AROUND + 1])[::-1],
        *after.order_by("sent_at", "pk")[:_AROUND],
    ]


def _lines(
    asked: Asked, messages: Sequence[Message], source: Source | None, at: datetime | None, tone: str
) -> list[Line]:
    """The messages as lines; what was found and is no message stands among them at its time."""
    aside = source if source is not None and source.message_id is None else None
    files = {
        message.pk: message.attachment.filename for message in messages if hasattr(message, "attachment")
    }
    texts = [message.text for message in messages] + list(files.values()) + ([aside.text] if aside else [])
    marker = Marker(asked.query, texts)
    lines = [
        Line(
            anchor=f"p-{message.pk}",
            at=message.sent_at,
            side="in" if message.incoming else "out",
            who=message.author.get_short_name() if message.author else "",
            pieces=marker.whole(message.text),
            file=marker.whole(files[message.pk]) if files.get(message.pk) else [],
            other="" if message.text or files.get(message.pk) else message.get_kind_display(),
            found=source is not None and source.message_id == message.pk,
            tone="",
        )
        for message in messages
    ]
    if aside is not None and at is not None:
        own = Line(
            "p-found", at, "aside", aside.what, marker.whole(aside.text), [], "", found=True, tone=tone
        )
        lines = sorted([*lines, own], key=lambda line: line.at)
    return lines
