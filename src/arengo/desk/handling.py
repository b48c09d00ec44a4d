# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Assignment of conversations, closing and reopening.

One conversation, one voice: of two operators who take it at once one wins and the other is told who has it.

Each verb is a transaction of its own, which :func:`locked` begins: it holds the person, then the conversation, judges the row
as it is now, writes it with a line of its history and of the log, and announces the inbox and the conversation. A
transaction that the database undid is done again (``again_if_undone``). ``mark_seen`` alone takes no lock beforehand.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from arengo.core import audit
from arengo.core.clean_text import isolated
from arengo.core.database import again_if_undone
from arengo.core.live import announce
from arengo.core.models import Membership, Person, Role
from arengo.desk import jobs
from arengo.desk.absences import state as absences
from arengo.desk.blocks import standing
from arengo.desk.desks import who_sees
from arengo.desk.follow_ups import state as follow_ups
from arengo.desk.models import Assignment, Conversation, Message
from arengo.desk.names import called
from arengo.desk.sql import statement

UNDO_FOR = timedelta(
    seconds=60
)  # the page offers it for ten: this leaves room for slow lines and slow fingers


class HandlingRefused(ValueError):
    """Why it cannot be done, in the user's language."""


class TakenByAnother(HandlingRefused):
    def __init__(self, holder: Person) -> None:
        super().__init__(
            _("È già in carico a %(name)s. Per rispondere tu, premi «Passa a me».")
            % {"name": isolated(holder)}
        )
        self.holder = holder


class ConversationClosed(HandlingRefused):
    def __init__(self) -> None:
        super().__init__(_("La conversazione è chiusa: per scrivere, riaprila."))


class StillWaiting(HandlingRefused):
    """Closing asks before it ends what nobody answered."""

    def __init__(self, held: Conversation) -> None:
        super().__init__(_("%(name)s aspetta ancora una risposta.") % {"name": isolated(called(held))})


def locked(conversation: Conversation) -> Conversation:
    """The row as it is now, FOR NO KEY UPDATE until the transaction ends; before it its person, FOR KEY SHARE.

    Without joins on purpose: after waiting for the lock PostgreSQL shows this row anew, but joined rows as they were.
    """
    with connection.cursor() as cursor:
        cursor.execute(statement("lock_person"), {"conversation": conversation.pk})
    found: Conversation = Conversation.objects.select_for_update(no_key=True).get(pk=conversation.pk)
    return found


@again_if_undone
def take(conversation: Conversation, *, by: Person) -> None:
    """A free conversation becomes mine; mine already, nothing happens. TakenByAnother, ConversationClosed."""
    with transaction.atomic():
        take_locked(locked(conversation), by=by)


def take_locked(held: Conversation, *, by: Person) -> None:
    """As :func:`take`; ``held`` comes from :func:`locked` in the caller's transaction."""
    _must_be_open(held)
    if held.assignee_id == by.pk:
        return
    if held.assignee is not None:
        raise TakenByAnother(held.assignee)
    _hand(held, to=by, by=by, action=Assignment.Action.TOOK)


@again_if_undone
def assign(conversation: Conversation, *, to: Person, by: Person) -> None:
    """To a colleague, or from one to me: on purpose, also when a colleague has it now.

    HandlingRefused for somebody who does not work at the desk, or is absent today; ConversationClosed.
    """
    absence = absences.of(to.pk) if to.pk != by.pk else None
    if absence is not None:
        raise HandlingRefused(
            _("%(name)s è assente fino al %(day)s: scegli un altro collega.")
            % {"name": isolated(to), "day": date_format(absence.last, "j F").lower()}
        )
    with transaction.atomic():
        held = locked(conversation)
        if not colleagues([held.desk_id]).filter(person_id=to.pk).exists():
            raise HandlingRefused(_("Questa persona non lavora a questo sportello."))
        _must_be_open(held)
        if held.assignee_id != to.pk:
            _hand(held, to=to, by=by, action=Assignment.Action.ASSIGNED)


@again_if_undone
def release(conversation: Conversation, *, by: Person) -> None:
    """Back among the free ones; nothing happens to one that is free. ConversationClosed."""
    with transaction.atomic():
        held = locked(conversation)
        _must_be_open(held)
        if held.assignee_id is not None:
            _hand(held, to=None, by=by, action=Assignment.Action.RELEASED)


@again_if_undone
def close(conversation: Conversation, *, by: Person) -> None:
    """Nothing more to do, nothing unread; if the citizen writes again a new conversation opens."""
    with transaction.atomic():
        _close_locked(locked(conversation), by=by)


@again_if_undone
def close_answered(conversation: Conversation, *, by: Person) -> None:
    """As :func:`close`, unless the citizen still waits for an answer at that moment: StillWaiting, and nothing is changed."""
    with transaction.atomic():
        held = locked(conversation)
        if held.is_open and is_unanswered(held):
            raise StillWaiting(held)
        _close_locked(held, by=by)


def is_unanswered(conversation: Conversation) -> bool:
    """Whether the citizen has no answer of ours yet: none was written, or the last one did not go."""
    if conversation.waiting_since is not None:
        return True
    last = conversation.last_message
    return last is not None and last.did_not_go


def _close_locked(held: Conversation, *, by: Person) -> None:
    """``held`` comes from :func:`locked`; a closed one stays as it is."""
    if not held.is_open:
        return
    waited, unread = held.waiting_since, held.unread
    held.state = Conversation.State.CLOSED
    held.closed_at = timezone.now()
    held.waiting_since = None
    held.unread = 0
    held.save(update_fields=["state", "closed_at", "waiting_since", "unread"])
    follow_ups.closed(held)
    _write_down(held, Assignment.Action.CLOSED, by=by, to=None, waiting_since=waited, unread=unread)


@again_if_undone
def undo_close(conversation: Conversation, *, by: Person) -> None:
    """The closing that ``by`` has just made, undone: open as it was, with the same operator, as long waited for, as unread.

    HandlingRefused once it is longer ago than UNDO_FOR, somebody else closed it, or the citizen has opened another since.
    """
    with transaction.atomic():
        held = locked(conversation)
        if held.is_open:
            return
        closing = closing_of(held, by)
        if closing is None:
            raise HandlingRefused(_("Non si può più annullare: puoi riaprire la conversazione."))
        if held.identity_id is None or later(held) is not None:
            raise HandlingRefused(
                _("Nel frattempo è cambiata: con questo cittadino c’è altro di più recente.")
            )
        follow_ups.closing_undone(held, held.closed_at)
        held.state = Conversation.State.OPEN
        held.closed_at = None
        held.waiting_since = closing.waiting_since
        held.unread = closing.unread
        held.save(update_fields=["state", "closed_at", "waiting_since", "unread"])
        _write_down(held, Assignment.Action.UNDONE, by=by, to=held.assignee)


def closing_of(conversation: Conversation, person: Person) -> Assignment | None:
    """The closing that ``person`` may still undo; None: it is too long ago, somebody else's, or something came after it."""
    last: Assignment | None = conversation.assignments.order_by("-at", "-id").first()
    if last is None or last.action != Assignment.Action.CLOSED or last.by_id != person.pk:
        return None
    return last if timezone.now() - last.at <= UNDO_FOR else None


@again_if_undone
def reopen(conversation: Conversation, *, by: Person) -> None:
    """The latest conversation with a citizen, open again and mine; an open one stays as it is.

    HandlingRefused when there is a later one, or the citizen was erased or is blocked.
    """
    with transaction.atomic():
        held = locked(conversation)
        if held.is_open:
            return
        if held.identity_id is None:
            raise HandlingRefused(_("I dati di questo cittadino sono stati cancellati."))
        if standing.blocked_among([held.contact_id]):
            raise HandlingRefused(_("Questo cittadino è bloccato: per scrivergli, prima sbloccalo."))
        if later(held) is not None:
            raise HandlingRefused(_("Con questo cittadino c’è una conversazione più recente."))
        held.state = Conversation.State.OPEN
        held.closed_at = None
        held.assignee = by
        held.save(update_fields=["state", "closed_at", "assignee"])
        _write_down(held, Assignment.Action.REOPENED, by=by, to=by)


def later(conversation: Conversation) -> Conversation | None:
    """The newest conversation with the same citizen through the same number, when this is not it."""
    if conversation.identity_id is None:
        return None
    newest: Conversation | None = (
        Conversation.objects.filter(
            identity_id=conversation.identity_id, sender_id=conversation.sender_id, pk__gt=conversation.pk
        )
        .order_by("-pk")
        .first()
    )
    return newest


@again_if_undone
def mark_seen(conversation: Conversation, *, shown: int | None = None, last: int | None = None) -> None:
    """An operator has seen a page of the conversation: it is read as far as that page showed it.

    ``shown``: the ``incoming_count`` of that page; by default that of ``conversation`` as it was read. ``last``: the
    highest message id on it. What came later stays unread and gets no blue ticks on the citizen's phone. Once and again
    are the same. One UPDATE decides, from the count of that moment: no lock is taken before it.
    """
    if not conversation.unread:
        return
    seen = conversation.incoming_count if shown is None else shown
    left = Greatest(F("incoming_count") - seen, 0)
    with transaction.atomic():
        if not Conversation.objects.filter(pk=conversation.pk, unread__gt=left).update(unread=left):
            return
        tell_platform(conversation, last=last)
        announce(conversation.organization_id, "inbox")


def mark_answered(held: Conversation, *, shown: int | None, last: int | None) -> None:
    """We wrote on a page that showed ``shown`` and ``last`` (:func:`mark_seen`): that is read, and waits no more.

    What came later stays unread and goes on waiting. Without ``shown`` all that there is counts as answered. ``held`` comes
    from :func:`locked`.
    """
    left = 0 if shown is None else min(held.unread, max(held.incoming_count - shown, 0))
    if shown is not None and left < held.unread:  # nothing said yet that it was seen
        tell_platform(held, last=last)
    held.unread = left
    held.waiting_since = held.waiting_since if left else None
    held.save(update_fields=["waiting_since", "unread"])


def typing(conversation: Conversation, *, last: int | None = None) -> None:
    """The citizen's phone shows that somebody writes, for as long as the platform lets it (Meta: 25 s).

    The platform marks a message as read with it: the newest up to ``last``, as in :func:`mark_seen`.
    """
    if conversation.is_open and conversation.waiting_since is not None:
        tell_platform(conversation, last=last, typing=True)


def tell_platform(conversation: Conversation, *, last: int | None = None, typing: bool = False) -> None:
    """Blue ticks for the newest message of the citizen, or for the newest up to message ``last``."""
    found = conversation.messages.filter(direction=Message.Direction.IN, copy=False, awaited=False)
    if last is not None:
        found = found.filter(pk__lte=last)
    latest = found.order_by("-sent_at", "-id").values_list("pk", flat=True).first()
    if latest is not None:
        jobs.mark_read.defer(organization_id=conversation.organization_id, message_id=latest, typing=typing)


def colleagues(desks: Collection[int] | QuerySet[Any]) -> QuerySet[Membership]:
    """The members to whom a conversation of one of these desks may be assigned: those who answer citizens and see it."""
    found: QuerySet[Membership] = (
        Membership.objects.filter(
            who_sees(desks),
            roles__overlap=[Role.OPERATOR, Role.ADMINISTRATOR],
            person__is_active=True,
        )
        .select_related("person")
        .order_by("person__name", "person_id")
    )
    return found


def _must_be_open(held: Conversation) -> None:
    if not held.is_open:
        raise ConversationClosed


def _hand(held: Conversation, *, to: Person | None, by: Person, action: Assignment.Action) -> None:
    held.assignee = to
    held.save(update_fields=["assignee"])
    _write_down(held, action, by=by, to=to)


def _write_down(
    held: Conversation,
    action: Assignment.Action,
    *,
    by: Person,
    to: Person | None,
    waiting_since: datetime | None = None,
    unread: int = 0,
) -> None:
    line = Assignment(conversation=held, action=action, by=by, to=to)
    line.organization_id, line.waiting_since, line.unread = held.organization_id, waiting_since, unread
    line.save()
    audit.record(
        f"desk.{action.value}",
        organization=held.organization_id,
        by=by,
        on=held,
        detail={"to": to.pk} if to else None,
    )
    announce(held.organization_id, "inbox", held.topic)
