# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sending an update: exactly once, whatever the clicks, and to its end, whatever dies on the way.

1. ``publish`` marks the update and defers the job, in one transaction.
2. The job hands each copy over (``carry_out``): the post to the channel, the mailing to the outbox. Each step may be
   repeated: the post has a key, the mailing is opened once under a lock, each recipient is in it once.
3. ``resume`` takes up what a killed worker left.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from procrastinate.contrib.django import app

from arengo.core import audit
from arengo.core.live import announce
from arengo.core.models import Organization, Person
from arengo.core.scope import every_organization, organization_scope
from arengo.core.sentences import gettext as _, gettext_lazy, joined
from arengo.newsroom import gates, topics
from arengo.newsroom.drafts import draft_of
from arengo.newsroom.estimating import Readiness, readiness
from arengo.newsroom.gates import Shut
from arengo.newsroom.kinds.base import registry as kinds
from arengo.newsroom.kinds.base.contract import FollowsSending
from arengo.newsroom.models import Placement, Update
from arengo.newsroom.outlets.base import registry
from arengo.newsroom.outlets.base.contract import NotNow, Placed, Unsendable
from arengo.newsroom.writing import LIST_TOPIC, EditedMeanwhile, NoLongerDraft, locked

LATER = gettext_lazy("WhatsApp non risponde. Arengo ha riprovato più volte: riprova tu fra qualche minuto.")
OUR_ERROR = gettext_lazy(
    "Un errore di Arengo ha interrotto l’invio: è nel registro del server. Riprova più tardi."
)
log = logging.getLogger(__name__)

JOB = "newsroom.send_update"
MOST_TRIES = 12  # to hand over one copy, by jobs and by ``resume``: then it has failed, and a person decides
_LEFT_ALONE = timedelta(seconds=60)  # a job that began less than this ago is not taken for dead


class NotReady(Exception):
    """Something is missing, wrong or in the way: ``readiness`` has the words, or ``shut``."""

    def __init__(self, found: Readiness, shut: Sequence[Shut] = ()) -> None:
        super().__init__("the update is not ready")
        self.readiness = found
        self.shut = shut

    @property
    def words(self) -> list[str]:
        """Everything that keeps it back, what somebody can do most about first."""
        found = self.readiness
        told = [problem.words for problem in found.problems] + [each.words for each in self.shut]
        told += [objection.words for objection in found.objections if objection.stops]
        return told + ([found.obstacle.words] if found.obstacle else [])


def publish(organization: Organization, update_id: int, *, by: Person, key: str, version: int) -> Update:
    """Sends it. The same ``key`` (one for each page on which somebody may press «Invia») again changes nothing.

    Raises EditedMeanwhile when it is not the ``version`` that ``by`` has seen, NoLongerDraft when somebody else was
    faster, NotReady. Locks the update (``writing.locked``), checks, and in the same transaction marks it as leaving, makes a copy
    for each outlet, writes the log, defers the job, and announces the update and the list.
    """
    with transaction.atomic():
        update = locked(update_id)
        if not update.is_draft:
            if update.publish_key == key:
                return update
            raise NoLongerDraft(update)
        if update.version != version:
            raise EditedMeanwhile(update)
        found = readiness(draft_of(update), organization, deciding=True)
        if not found.may_go:
            raise NotReady(found)
        if shut := gates.shut(update, by=by):
            raise NotReady(found, shut)
        update.state, update.problem = Update.State.SENDING, ""
        update.publish_key, update.sent_by, update.sent_at = key, by, timezone.now()
        update.sender = found.sender
        update.topic_names = topics.names_of(update.topics) if topics.matter(found.draft) else []
        update.quarter_names = topics.quarter_names_of(update.quarters) if topics.matter(found.draft) else []
        update.version += 1
        update.save()
        update.placements.all().delete()
        Placement.objects.bulk_create(
            Placement(
                organization_id=update.organization_id,
                update=update,
                outlet=outlet,
                detail=found.kept_estimate(outlet),
            )
            for outlet in update.outlets
        )
        if isinstance(kind := kinds.of(update.kind), FollowsSending):
            kind.leaving(update)
        detail: dict[str, object] = {"outlets": list(update.outlets), "recipients": found.recipients}
        if update.topic_names:
            detail["topics"] = update.topic_names
        if update.quarter_names:
            detail["quarters"] = update.quarter_names
        audit.record(
            "newsroom.published", organization=update.organization_id, by=by, on=update, detail=detail
        )
        announce(update.organization_id, update.topic, LIST_TOPIC)
        _defer(update)
    return update


def retry_placement(placement_id: int, *, by: Person) -> None:
    """A copy that did not go out is tried again. Nothing happens to one that did.

    NotReady where something registered stops it (``sending_checks``): it costs as the first time. Locks the copy, then its
    update; the job is deferred in the same transaction.
    """
    with transaction.atomic():
        placement = Placement.objects.select_for_update(no_key=True).get(pk=placement_id)
        if placement.state != Placement.State.FAILED:
            return
        update = locked(placement.update_id)
        found = readiness_of_copy(update, placement.outlet, deciding=True)
        if found.is_stopped:
            raise NotReady(found)
        placement.state, placement.problem, placement.tries = Placement.State.WAITING, "", 0
        placement.detail = {**placement.detail, **found.kept_estimate(placement.outlet)}
        placement.save(update_fields=["state", "problem", "tries", "detail"])
        update.state = Update.State.SENDING
        update.save(update_fields=["state"])
        audit.record(
            "newsroom.retried",
            organization=placement.organization_id,
            by=by,
            on=update,
            detail={"outlet": placement.outlet},
        )
        announce(update.organization_id, update.topic, LIST_TOPIC)
        _defer(update)


def readiness_of_copy(update: Update, outlet: str, *, deciding: bool = False) -> Readiness:
    """What stands against sending one copy again, to whom it would go and at what cost."""
    alone = replace(draft_of(update), outlets=(outlet,))
    return readiness(alone, update.organization, deciding=deciding)


def _defer(update: Update) -> None:
    app.configure_task(JOB).defer(organization_id=update.organization_id, update_id=update.pk)


# --- the job --------------------------------------------------------------------------------------------------


def carry_out(organization_id: int, update_id: int) -> None:
    """Hands over every copy that waits, by outlet. NotNow when the platform was busy: the caller tries again later.

    One worker at a time is at an update (an advisory lock of its session); no transaction is open while an outlet talks. Each
    try is counted before it. What is out, or with the person who puts it there, holds the update up no more.
    """
    with organization_scope(organization_id), _alone(update_id) as mine:
        if not mine:  # another worker is at it
            return
        update = Update.objects.filter(pk=update_id, state=Update.State.SENDING).first()
        if update is None:
            return
        later: NotNow | None = None
        for placement in update.placements.filter(state=Placement.State.WAITING).order_by("outlet"):
            if placement.tries >= MOST_TRIES:
                _failed(placement, placement.problem or str(OUR_ERROR))
                continue
            Placement.objects.filter(pk=placement.pk).update(tries=F("tries") + 1)
            try:
                placed = place(placement)
            except NotNow as busy:
                later = busy
                Placement.objects.filter(pk=placement.pk).update(problem=busy.words)
                announce(organization_id, update.topic)
            except Unsendable as refused:
                _failed(placement, refused.words)
            else:
                placement.state = Placement.State.PERSON if placed.by_person else Placement.State.DONE
                placement.done_at = None if placed.by_person else timezone.now()
                placement.problem, placement.reference, placement.url = "", placed.reference, placed.url
                placement.detail = {**placement.detail, **placed.detail}
                placement.save(update_fields=["state", "problem", "done_at", "reference", "url", "detail"])
                announce(organization_id, update.topic)
        if later is not None:
            raise later
        _settle(update_id)


def place(placement: Placement) -> Placed:
    outlet = registry.of(placement)
    if outlet is None:
        raise Unsendable(_("Arengo non ha più questa uscita: «%(outlet)s».") % {"outlet": placement.outlet})
    if kinds.find(placement.update.kind) is None:
        raise Unsendable(_("Arengo non ha più questo tipo di aggiornamento."))
    return outlet.place(placement)


def give_up(organization_id: int, update_id: int) -> None:
    """The platform stayed out of reach: what still waits has failed, with the reason on screen."""
    with organization_scope(organization_id), _alone(update_id) as mine:
        if not mine:
            return
        waiting = Placement.objects.filter(update_id=update_id, state=Placement.State.WAITING)
        for placement in waiting:
            _failed(placement, placement.problem or str(LATER))
        _settle(update_id)


def _failed(placement: Placement, words: str) -> None:
    with transaction.atomic():
        placement.state, placement.problem = Placement.State.FAILED, words
        placement.save(update_fields=["state", "problem"])
        announce(placement.organization_id, placement.update.topic, LIST_TOPIC)


def _settle(update_id: int) -> None:
    """Published once every copy has ended; a draft again, with the reason, when not one of them went out. Locks the update."""
    with transaction.atomic():
        update = locked(update_id)
        placements = list(update.placements.all())
        if update.state != Update.State.SENDING or any(
            p.state == Placement.State.WAITING for p in placements
        ):
            return
        if any(p.state in (Placement.State.DONE, Placement.State.PERSON) for p in placements):
            update.state = Update.State.PUBLISHED
            update.published_at = update.published_at or timezone.now()
        else:
            update.state = Update.State.DRAFT
            update.problem = joined(p.problem for p in placements)
            kind: object = kinds.find(update.kind)  # what it can do beyond a kind is asked for
            if isinstance(kind, FollowsSending):
                kind.came_back(update)
        update.save(update_fields=["state", "published_at", "problem"])
        announce(update.organization_id, update.topic, LIST_TOPIC)


def resume() -> int:
    """Takes up updates whose worker died: they are marked as leaving, and nobody is at them. Returns how many."""
    before = timezone.now() - _LEFT_ALONE
    with every_organization("a worker serves all organizations, and so does what it left behind"):
        left = list(
            Update.objects.filter(state=Update.State.SENDING, sent_at__lt=before).values_list(
                "organization_id", "pk"
            )
        )
    for organization_id, update_id in left:
        try:
            carry_out(organization_id, update_id)
        except NotNow:
            log.info("Update %d still waits for its platform.", update_id)
        except Exception:  # the next one is not to wait for it
            log.exception("Update %d could not be taken up.", update_id)
    return len(left)


class _alone:
    """A lock on one update that lives as long as the worker's session: a killed worker's lock is free at once."""

    _FAMILY = 0x6E657773  # tells these locks from others of the database

    def __init__(self, update_id: int) -> None:
        self._key = (self._FAMILY, update_id % 2**31)

    def __enter__(self) -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", self._key)
            row = cursor.fetchone()
        self._mine = bool(row and row[0])
        return self._mine

    def __exit__(self, *_error: object) -> None:
        if self._mine:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", self._key)


__all__ = [
    "EditedMeanwhile",
    "NoLongerDraft",
    "NotReady",
    "carry_out",
    "give_up",
    "place",
    "publish",
    "readiness_of_copy",
    "resume",
    "retry_placement",
]
