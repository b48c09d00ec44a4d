# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The queue, and what people do with it. Each action may be pressed twice: the second time changes nothing."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from arengo.channel.models import Channel
from arengo.core import audit
from arengo.core.live import announce
from arengo.core.models import Membership, Person, Role
from arengo.newsroom.models import Placement
from arengo.newsroom.outlets.byhand import TOPIC
from arengo.newsroom.outlets.byhand.models import Reading, Task
from arengo.newsroom.roles import WRITERS
from arengo.newsroom.writing import LIST_TOPIC

STEPS = {"text": "copied_at", "photo": "saved_at", "channel": "opened_at"}


class HandingRefused(Exception):
    """Why it cannot be handed over, in words for who asked."""

    def __init__(self, words: str) -> None:
        super().__init__("the task was not handed over")
        self.words = words


def channel_url() -> str:
    """The organization's channel on WhatsApp; "" where there is none."""
    return Channel.objects.values_list("whatsapp_url", flat=True).first() or ""


def waiting_count() -> int:
    return Task.objects.filter(done_at__isnull=True).count()


def waiting() -> QuerySet[Task]:
    """All that waits, the oldest first."""
    found: QuerySet[Task] = (
        Task.objects.filter(done_at__isnull=True)
        .select_related("placement__update", "assignee")
        .order_by("created_at", "id")
    )
    return found


def queue_of(person: Person) -> list[Task]:
    """First what is this person's or nobody's, then what colleagues have."""
    return sorted(waiting(), key=lambda task: task.assignee_id not in (None, person.pk))


def done() -> QuerySet[Task]:
    """The latest first."""
    found: QuerySet[Task] = (
        Task.objects.filter(done_at__isnull=False)
        .select_related("placement__update", "done_by")
        .order_by("-done_at", "-id")
    )
    return found


def done_today() -> int:
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    return Task.objects.filter(done_at__gte=midnight).count()


def task_of(placement: Placement) -> Task | None:
    found: Task | None = (
        Task.objects.select_related("assignee", "done_by").filter(placement_id=placement.pk).first()
    )
    return found


def open_task(placement: Placement) -> Task:
    """The placement's one task: a second call finds it."""
    task: Task
    with transaction.atomic():
        task, fresh = Task.objects.get_or_create(
            placement=placement, defaults={"organization_id": placement.organization_id}
        )
        if fresh:
            announce(placement.organization_id, TOPIC)
    return task


def note_step(task_id: int, step: str) -> Task:
    """``step`` is one of STEPS. What was noted keeps its first time. Task.DoesNotExist for one of another organization."""
    with transaction.atomic():
        task = _locked(task_id)
        name = STEPS[step]
        if task.done_at is None and getattr(task, name) is None:
            setattr(task, name, timezone.now())
            task.save(update_fields=[name])
            announce(task.organization_id, TOPIC)
    return task


def finish(task_id: int, *, url: str, by: Person) -> bool:
    """It stands on the channel, at ``url`` ("" where nobody copied it). False when somebody had said so before."""
    with transaction.atomic():
        task = _locked(task_id)
        if task.done_at is not None:
            return False
        task.done_at, task.done_by = timezone.now(), by
        task.save(update_fields=["done_at", "done_by"])
        placement: Placement = Placement.objects.select_for_update(of=("self",), no_key=True).get(
            pk=task.placement_id
        )
        placement.state, placement.url, placement.done_at = Placement.State.DONE, url, task.done_at
        placement.save(update_fields=["state", "url", "done_at"])
        audit.record(
            "newsroom.put_by_hand",
            organization=task.organization_id,
            by=by,
            on=placement.update,
            detail={"outlet": placement.outlet},
        )
        announce(task.organization_id, TOPIC, placement.update.topic, LIST_TOPIC)
    return True


def colleagues() -> QuerySet[Membership]:
    """The members to whom a task may be handed."""
    found: QuerySet[Membership] = (
        Membership.objects.filter(roles__overlap=[*WRITERS, Role.ADMINISTRATOR], person__is_active=True)
        .select_related("person")
        .order_by("person__name", "person_id")
    )
    return found


def hand_over(task_id: int, *, to: Person, by: Person) -> None:
    if not colleagues().filter(person_id=to.pk).exists():
        raise HandingRefused(_("Questa persona non lavora in redazione."))
    with transaction.atomic():
        task = _locked(task_id)
        if task.done_at is not None:
            raise HandingRefused(_("È già sul canale: non c'è più nulla da passare."))
        if task.assignee_id == to.pk:
            return
        task.assignee = to
        task.save(update_fields=["assignee"])
        audit.record(
            "newsroom.handed_over",
            organization=task.organization_id,
            by=by,
            on=task.placement.update,
            detail={"to": to.pk},
        )
        announce(task.organization_id, TOPIC, task.placement.update.topic)


def note_reading(
    task_id: int,
    *,
    day: date,
    followers: int | None,
    reactions: int | None,
    votes: int | None,
    by: Person,
) -> None:
    """What was seen on WhatsApp that day. The same day again replaces it: somebody mistyped, or looked later."""
    with transaction.atomic():
        task = _locked(task_id)
        Reading.objects.update_or_create(
            task=task,
            day=day,
            defaults={
                "organization_id": task.organization_id,
                "followers": followers,
                "reactions": reactions,
                "votes": votes,
                "noted_by": by,
                "noted_at": timezone.now(),
            },
        )
        audit.record(
            "newsroom.noted_reading",
            organization=task.organization_id,
            by=by,
            on=task.placement.update,
        )
        announce(task.organization_id, task.placement.update.topic)


def _locked(task_id: int) -> Task:
    task: Task = Task.objects.select_for_update(of=("self",), no_key=True).get(pk=task_id)
    return task
