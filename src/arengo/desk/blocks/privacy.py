# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What becomes of warnings and blocks when a citizen is erased, asks for their data, or turns out to be somebody known."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from arengo.audience.retention import staying
from arengo.core.console import personal_data, retention
from arengo.core.console.personal_data import Holding
from arengo.core.console.retention import RetentionRule
from arengo.desk.blocks.models import Block, Evidence, Reprimand
from arengo.desk.models import Conversation


def register() -> None:
    personal_data.register(
        Holding("desk_blocks", _("richiami, blocchi e le loro prove"), export=_export, erase=_erase)
    )
    staying.register("blocks", _still_blocked)
    retention.register(
        RetentionRule(
            "desk.blocks", _("richiami, blocchi e le loro prove"), _("si cancellano con il cittadino")
        )
    )


def _still_blocked(contact_ids: Collection[int]) -> Iterable[int]:
    """A block that has not ended keeps who left the list: forgotten, they would write again before its day."""
    kept = Block.objects.filter(contact_id__among=list(contact_ids), ended_at=None)
    return kept.values_list("contact_id", flat=True)


def _export(contact_id: int) -> dict[str, object]:
    """The rule, the reason and the words kept; of the staff only that somebody decided it."""
    return {
        "warnings": [
            {"at": one.at.isoformat(), "rule": one.rule, "quote": one.quote, "evidence": _kept(one)}
            for one in Reprimand.objects.filter(contact=contact_id).prefetch_related("evidence")
        ],
        "blocks": [
            {
                "asked_at": one.at.isoformat(),
                "rule": one.rule,
                "quote": one.quote,
                "reason": one.reason,
                "begins_at": one.begins_at.isoformat() if one.begins_at else None,
                "ends_at": one.ends_at.isoformat(),
                "ended_at": one.ended_at.isoformat() if one.ended_at else None,
                "end": one.end or None,
                "evidence": _kept(one),
            }
            for one in Block.objects.filter(contact=contact_id)
            .order_by("at", "pk")
            .prefetch_related("evidence")
        ],
    }


def _kept(one: Reprimand | Block) -> list[dict[str, object]]:
    return [
        {"at": each.sent_at.isoformat(), "kind": each.kind, "text": each.text} for each in one.evidence.all()
    ]


def _erase(contact_id: int) -> None:
    Reprimand.objects.filter(contact=contact_id).delete()
    Block.objects.filter(contact=contact_id).delete()


def message_erased(message_id: int) -> None:
    """Its words were received by mistake: no warning or block keeps them."""
    Evidence.objects.filter(message=message_id).update(text="")


def conversations_merged(kept_id: int, gone_id: int) -> None:
    for model in (Reprimand, Block):
        model.objects.filter(conversation=gone_id).update(conversation_id=kept_id)


def contacts_merged(kept_id: int, gone_id: int) -> None:
    """Of two open blocks the one in force stays, else the one that ends later; what is open with somebody blocked is closed."""
    taken = Reprimand.objects.filter(contact=kept_id).values("key")
    Reprimand.objects.filter(contact=gone_id).exclude(key__in=taken).update(contact_id=kept_id)
    both = list(
        Block.objects.select_for_update(no_key=True)
        .filter(contact__in=(kept_id, gone_id), ended_at=None)
        .order_by("pk")
    )
    if len(both) == 2:  # each has one at most
        stays = max(both, key=lambda one: (one.in_force, one.ends_at))
        for one in both:
            if one is not stays:
                one.ended_at, one.end = timezone.now(), Block.End.MERGED
                one.save(update_fields=["ended_at", "end"])
    Block.objects.filter(contact=gone_id).update(contact_id=kept_id)
    if any(one.in_force for one in both if one.ended_at is None):
        Conversation.objects.filter(contact=kept_id, state=Conversation.State.OPEN).update(
            state=Conversation.State.CLOSED, closed_at=timezone.now(), waiting_since=None, unread=0
        )
