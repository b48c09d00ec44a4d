# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""One conversation as a row of a list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext as _, ngettext

from arengo.core.lengths import grouped
from arengo.core.templatetags.arengo import ago
from arengo.desk.absences.state import freed_words
from arengo.desk.bubbles import Status, attachment_of, preview, status_of
from arengo.desk.labels.shown import RowLabels, of_row
from arengo.desk.lists.queries import Place
from arengo.desk.lists.waiting import Clock, long_words
from arengo.desk.models import Conversation
from arengo.desk.names import called
from arengo.desk.window import length, window_ends
from arengo.platforms.registry import platform

_SOON = timedelta(hours=3)
_MOST_UNREAD = 99


@dataclass(frozen=True)
class Wait:
    """How long the citizen waits. ``spoken``: in a sentence, with since when."""

    words: str
    spoken: str
    late: bool


@dataclass(frozen=True)
class Deadline:
    """Until when the citizen may be answered freely. ``shut``: not any more."""

    words: str
    soon: bool
    shut: bool


@dataclass(frozen=True)
class Row:
    """What the row shows, and nothing that it would have to look up: two people who see the same have equal rows.

    ``pk`` and ``key``: for addresses, and what the page after this row begins with. ``mark``: what became of one that left the
    list while it is open. At most one of ``is_held``, ``is_mine``, ``assignee``, ``is_free`` says who has it.
    """

    pk: str
    key: str
    name: str
    preview: str
    status: Status | None
    clip: bool
    href: str
    is_new: bool
    unread: str
    unread_words: str
    wait: Wait | None
    when: str  # how long ago something was said, where nobody waits
    deadline: Deadline | None
    desk: str
    is_held: bool  # by another responder
    is_mine: bool
    assignee: str
    is_free: bool
    labels: RowLabels | None
    freed: str  # why it is free, where somebody's absence made it so
    chooses: bool = False
    current: bool = False
    mark: str = ""


@dataclass(frozen=True)
class Look:
    """What the rows of one list have in common. ``person``: who looks; ``opened``: the conversation beside the list."""

    person: int
    clock: Clock
    query: str
    shows_desk: bool
    chooses: bool
    opened: int | None


def row(place: Place, look: Look, *, mark: str = "") -> Row:
    conversation = place.conversation
    last, unread = conversation.last_message, conversation.unread
    is_open, is_held, mine = conversation.is_open, conversation.held_by_other, look.person
    other = conversation.assignee if conversation.assignee_id not in (None, mine) and not is_held else None
    wait = _wait(conversation, look.clock)
    words = ngettext("%(number)s messaggio non letto", "%(number)s messaggi non letti", unread)
    return Row(
        pk=str(conversation.pk),
        key=place.start.written(),
        name=called(conversation),
        preview=preview(last) if last else "",
        status=status_of(last) if last else None,
        clip=last is not None and attachment_of(last) is not None,
        href=reverse("desk:conversation", args=[conversation.pk]) + look.query,
        is_new=unread > 0,
        unread="" if not unread else f"{_MOST_UNREAD}+" if unread > _MOST_UNREAD else str(unread),
        unread_words=words % {"number": grouped(unread)} if unread else "",
        wait=wait,
        when="" if wait else ago(conversation.last_message_at),
        deadline=_deadline(conversation, look.clock.now) if is_open else None,
        desk=conversation.desk.name if look.shows_desk else "",
        is_held=is_held,
        is_mine=conversation.assignee_id == mine and not is_held,
        assignee=str(other) if other else "",
        is_free=conversation.assignee_id is None and is_open and not is_held,
        labels=of_row(getattr(conversation, "label_names", ())),  # of one that is read with the list
        freed=freed_words(conversation),
        chooses=look.chooses and is_open,
        current=conversation.pk == look.opened,
        mark=mark,
    )


def waits_since(conversation: Conversation) -> datetime | None:
    """As ``WAITS_SINCE`` says it to the database."""
    found = (conversation.waiting_since, conversation.undelivered_since)
    return min((one for one in found if one is not None), default=None)


def _wait(conversation: Conversation, clock: Clock) -> Wait | None:
    since = waits_since(conversation)
    if since is None or not conversation.is_open:
        return None
    words = long_words(clock.waited(conversation.desk_id, since))
    spoken = clock.sentence(conversation.desk_id) % {"time": words, "since": _day_and_hour(since, clock.now)}
    return Wait(words, spoken, clock.is_late(conversation.desk_id, since))


def _day_and_hour(at: datetime, now: datetime) -> str:
    """«oggi, 9:00», «ieri, 9:00», «28 novembre, 9:00»."""
    local, today = timezone.localtime(at), timezone.localtime(now).date()
    clock = date_format(local, "H:i")
    if local.date() == today:
        return _("oggi, %(clock)s") % {"clock": clock}
    if local.date() == today - timedelta(days=1):
        return _("ieri, %(clock)s") % {"clock": clock}
    return f"{_small(date_format(local, 'j F' if local.year == today.year else 'j F Y'))}, {clock}"


def _small(words: str) -> str:
    """Days and months stand in small letters inside of an Italian sentence."""
    return words.lower() if get_language() == "it" else words


def _deadline(conversation: Conversation, now: datetime) -> Deadline | None:
    """None where nothing shuts, or nobody is there any more."""
    ends = window_ends(conversation)
    if conversation.identity_id is None or length(conversation) is None:
        return None
    if ends is None or ends <= now:
        templates = platform(conversation.sender.platform).can.needs_templates
        return Deadline(_("serve un modello") if templates else _("finestra chiusa"), soon=False, shut=True)
    local = timezone.localtime(ends)
    if local.date() == timezone.localtime(now).date():
        words = _("entro le %(clock)s") % {"clock": date_format(local, "H:i")}
    else:
        words = _("entro %(day)s") % {"day": _small(date_format(local, "D H:i"))}
    return Deadline(words, soon=ends - now < _SOON, shut=False)
