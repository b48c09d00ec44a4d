# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A conversation is put off to another day, comes back that morning, and is followed up."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _, gettext_lazy

from arengo.core import audit
from arengo.core.database import again_if_undone
from arengo.core.live import announce
from arengo.core.models import Person
from arengo.core.scope import every_organization, organization_scope
from arengo.desk import handling
from arengo.desk.absences import verbs as absences
from arengo.desk.follow_ups.models import FollowUp
from arengo.desk.handling import ConversationClosed, HandlingRefused, locked
from arengo.desk.models import Conversation

FARTHEST = timedelta(days=366)
_MORNING = timedelta(hours=6)  # after midnight: when the day begins at the desk
_AT_ONCE = 500  # that one run of the job brings back; the next one goes on


def words() -> Mapping[str, str | Promise]:
    """What the log says of these verbs."""
    return {
        "desk.set_follow_up": gettext_lazy("ha rimandato una conversazione a un altro giorno"),
        "desk.changed_follow_up": gettext_lazy("ha segnato come seguita una conversazione rimandata"),
    }


@again_if_undone
def put_off(conversation: Conversation, *, day: date, to: Person, by: Person) -> None:
    """The conversation rests until the morning of ``day``, in the hands of ``to``; until then nobody waits in it.

    A citizen who writes meanwhile waits at once. Locks the conversation. HandlingRefused for a day that is not to come or too far,
    and what ``handling.assign`` refuses; ConversationClosed.
    """
    today = timezone.localdate()
    if day <= today:
        raise HandlingRefused(_("Scegli un giorno che deve ancora venire."))
    if day > today + FARTHEST:
        raise HandlingRefused(_("Scegli un giorno entro un anno."))
    with transaction.atomic():
        held = locked(conversation)
        if not held.is_open:
            raise ConversationClosed
        if held.assignee_id != to.pk:
            handling.assign(held, to=to, by=by)
        before = FollowUp.objects.filter(conversation=held, done_at=None, back_at=None).first()
        since = [each for each in (held.waiting_since, before and before.waited_since) if each]
        FollowUp.objects.update_or_create(
            conversation=held,
            organization_id=held.organization_id,
            defaults={
                "day": day,
                "person": to,
                "by": by,
                "made_at": timezone.now(),
                "waited_since": min(since, default=None),
                "back_at": None,
                "done_at": None,
            },
        )
        Conversation.objects.filter(pk=held.pk).update(waiting_since=None)
        audit.record("desk.set_follow_up", organization=held.organization_id, by=by, on=held)
        announce(held.organization_id, "inbox", held.topic)


@again_if_undone
def done(conversation: Conversation, *, by: Person) -> None:
    """It was followed up, or need not be: before its day, who waited waits again. Locks the conversation."""
    with transaction.atomic():
        held = locked(conversation)
        follow_up = FollowUp.objects.filter(conversation=held, done_at=None).first()
        if follow_up is None:
            return
        if follow_up.back_at is None and held.is_open:
            _wait_again(held, follow_up)
        FollowUp.objects.filter(pk=follow_up.pk).update(done_at=timezone.now())
        audit.record("desk.changed_follow_up", organization=held.organization_id, by=by, on=held)
        announce(held.organization_id, "inbox", held.topic)


def bring_back() -> int:
    """Those whose morning has come wait for us again, the earliest day first; of those closed meanwhile nothing is left to do.

    Each in its own transaction, in which it locks its conversation. Returns how many; at most a run's worth.
    """
    today = timezone.localdate(timezone.now() - _MORNING)
    with every_organization("each organization's mornings"):
        due = list(
            FollowUp.objects.filter(done_at=None, back_at=None, day__lte=today)
            .order_by("day", "id")
            .values_list("pk", "organization_id")[:_AT_ONCE]
        )
    for pk, organization_id in due:
        with organization_scope(organization_id):
            _bring_back(pk)
    return len(due)


@again_if_undone
def _bring_back(pk: int) -> None:
    with transaction.atomic():
        found = (
            FollowUp.objects.filter(pk=pk, done_at=None, back_at=None).select_related("conversation").first()
        )
        if found is None:
            return
        held, now = locked(found.conversation), timezone.now()
        if not held.is_open:
            FollowUp.objects.filter(pk=pk).update(done_at=now)
            return
        _wait_again(held, found)
        FollowUp.objects.filter(pk=pk).update(back_at=now)
        announce(held.organization_id, "inbox", held.topic)
        absences.free(held)


def _wait_again(held: Conversation, follow_up: FollowUp) -> None:
    since = [each for each in (held.waiting_since, follow_up.waited_since) if each]
    if since:
        Conversation.objects.filter(pk=held.pk).update(waiting_since=min(since))
