# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What failed of a mailing goes again, because a person said so: to whom, at what cost, and how often at most."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from arengo.core import audit
from arengo.core.live import announce
from arengo.core.models import Organization, Person
from arengo.delivery.models import Fanout, Sender
from arengo.delivery.prices import pricing
from arengo.delivery.queue import outbox
from arengo.delivery.sending.refusal_words import meaning
from arengo.delivery.spending import budgets
from arengo.newsroom.models import Placement
from arengo.newsroom.outlets.base.contract import Again
from arengo.newsroom.outlets.whatsapp_list.affording import too_dear
from arengo.newsroom.outlets.whatsapp_list.outcome import is_hopeless
from arengo.newsroom.outlets.whatsapp_list.placing import mailing_of
from arengo.newsroom.outlets.whatsapp_list.recipients import of_mailing

MOST_ATTEMPTS = (
    3  # for one reason, the first sending counted: each more costs the number its good name at the platform
)
_KEPT = "retried"  # in a placement's detail: how often, by reason
_ALL = "all"


def again(placement: Placement, organization: Organization, *, codes: list[int] | None) -> Again:
    """Reads only. People who are meant no longer, because they left or chose otherwise, are counted apart."""
    fanout = mailing_of(placement)
    attempt = _made(placement, codes) + 2
    if fanout is None:
        return Again(0, 0, None, attempt, MOST_ATTEMPTS)
    failed, people = outbox.count_failed(fanout, codes=codes, among=of_mailing(placement, fanout).keys())
    platform_name, only = fanout.sender.platform, codes[0] if codes and len(codes) == 1 else None
    return Again(
        people=people,
        gone=failed - people,
        cost=pricing.estimate(organization, fanout.sender, fanout.price_category, people),
        attempt=attempt,
        most=MOST_ATTEMPTS,
        reason="" if only is None else meaning(platform_name, only),
        hopeless=only is not None and is_hopeless(platform_name, only),
        obstacle=_obstacle(fanout) or too_dear(organization, fanout, people),
    )


def _obstacle(fanout: Fanout) -> str:
    if fanout.stopped_at:
        return _("L’invio è stato fermato: non riprende.")
    if fanout.withheld_at:
        return _("L’invio è trattenuto dopo un ripristino: decide un amministratore.")
    if fanout.forgotten_at:
        return _("A chi era stato scritto non si conserva più.")
    if fanout.sender.state != Sender.State.ACTIVE:
        return _("Il mittente è fermo: i suoi messaggi non partono.")
    return ""


def retry(
    placement: Placement, *, by: Person, codes: list[int] | None = None, attempt: int | None = None
) -> int:
    """Failed ones again, to those who are still meant: who left meanwhile hears nothing more. Returns how many.

    ``attempt`` as ``again`` told it: another one than the next does nothing, and so does one beyond the ceiling. Locks the
    copy, then the deliveries.
    """
    with transaction.atomic():
        locked: Placement = Placement.objects.select_for_update(of=("self",), no_key=True).get(
            pk=placement.pk
        )
        fanout = mailing_of(locked)
        made = _made(locked, codes)
        if fanout is None or fanout.stopped_at or fanout.withheld_at or fanout.forgotten_at:
            return 0
        if made + 2 > MOST_ATTEMPTS or attempt not in (None, made + 2):
            return 0
        budgets.hold()
        if again(locked, locked.organization, codes=codes).obstacle:
            return 0
        moved = outbox.retry_failed(fanout, codes=codes, among=of_mailing(locked, fanout).keys())
        if moved:
            tries = {**locked.detail.get(_KEPT, {}), _name(codes): made + 1}
            locked.detail = {**locked.detail, _KEPT: tries}
            locked.save(update_fields=["detail"])
        audit.record(
            "newsroom.retried_failed",
            organization=locked.organization_id,
            by=by,
            on=locked.update,
            detail={"codes": codes, "count": moved, "attempt": made + 2},
        )
        announce(locked.organization_id, fanout.topic)
    return moved


def _made(placement: Placement, codes: list[int] | None) -> int:
    """How often a person sent again for this reason."""
    return int(placement.detail.get(_KEPT, {}).get(_name(codes), 0))


def _name(codes: list[int] | None) -> str:
    return _ALL if codes is None else "+".join(str(code) for code in sorted(codes))
