# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The citizen is asked: something to press, a place, their number."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from arengo.core import audit, outside
from arengo.core.database import again_if_undone
from arengo.core.live import announce
from arengo.core.models import Person
from arengo.desk import replying, twice
from arengo.desk.asking.models import Asked
from arengo.desk.handling import locked, mark_answered, take_locked
from arengo.desk.latest import settle_latest
from arengo.desk.models import Conversation, Message
from arengo.desk.replying import ReplyRefused
from arengo.platforms.contract import (
    Buttons,
    Choice,
    Listing,
    LocationRequest,
    NumberRequest,
    Outgoing,
    Section,
)
from arengo.platforms.registry import platform

OPTION_ID = "desk"  # no command: what is pressed arrives as words for a person to read

_SENT_AS: dict[str, type] = {
    Asked.Kind.BUTTONS: Buttons,
    Asked.Kind.LIST: Listing,
    Asked.Kind.LOCATION: LocationRequest,
    Asked.Kind.NUMBER: NumberRequest,
}


def possible(conversation: Conversation) -> list[Asked.Kind]:
    """What this citizen may be asked for, by what their platform carries; the number only while nobody knows it."""
    can = platform(conversation.sender.platform).can
    if can.pressing is None or conversation.identity is None:
        return []
    known = bool(conversation.identity.address.phone)
    return [
        kind
        for kind in Asked.Kind
        if _SENT_AS[kind] in can.sends and not (kind == Asked.Kind.NUMBER and known)
    ]


@again_if_undone
def ask(
    conversation: Conversation,
    *,
    kind: str,
    text: str,
    options: Sequence[tuple[str, str]] = (),
    button: str = "",
    by: Person,
    key: str,
    shown: int | None = None,
    last: int | None = None,
) -> Message:
    """The question as a message of ours; with the same ``key`` it goes once.

    ``options``: title and description of each button or row. ``shown`` and ``last``: what the page showed
    (``handling.mark_seen``). Holds person and conversation until all is written; a free conversation becomes mine.
    ReplyRefused with what the platform would refuse, and as ``replying.reply``; then nothing was written.
    """
    text, button = outside.text(text).replace("\r\n", "\n").strip(), outside.text(button).strip()
    chosen = [(outside.text(title).strip(), outside.text(more).strip()) for title, more in options]
    with transaction.atomic():
        held = locked(conversation)
        already: Message | None = Message.objects.filter(conversation=held, key=f"{key}:0").first()
        if already is not None:
            return already
        if not (held.is_open and twice.ask(held, by, None)):
            take_locked(held, by=by)
        replying.must_be_in_window(held)
        if kind not in possible(held):
            raise ReplyRefused(_("A questo cittadino non si può chiedere."))
        message = replying.draft(held, by, text, None, f"{key}:0")
        message.delivery = replying.enqueue(held, _outgoing(kind, text, chosen, button))
        message.save()
        Asked.objects.create(
            organization_id=held.organization_id, message=message, kind=kind, button=button, options=chosen
        )
        if kind == Asked.Kind.NUMBER:
            audit.record("desk.asked_number", organization=held.organization_id, by=by, on=held)
        mark_answered(held, shown=shown, last=last)
        settle_latest([held.pk])
        announce(held.organization_id, "inbox", held.topic)
    return message


def _outgoing(kind: str, text: str, options: Sequence[tuple[str, str]], button: str) -> Outgoing:
    choices = [Choice(f"{OPTION_ID}:{n}", title, more) for n, (title, more) in enumerate(options, start=1)]
    if kind == Asked.Kind.BUTTONS:
        return Buttons(text, choices)
    if kind == Asked.Kind.LIST:
        return Listing(text, button, [Section("", choices)])
    return LocationRequest(text) if kind == Asked.Kind.LOCATION else NumberRequest(text)
