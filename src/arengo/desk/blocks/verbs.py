# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A citizen is warned, blocked, unblocked.

Each verb is one transaction that holds the citizen first (:func:`_hold`): their identities, by id, also against rows that refer
to them, so that two operators follow each other and a message that arrives at the same moment is placed before the block or after
it; then the conversations, by :func:`arengo.desk.handling.locked`. It judges what stands now, writes it with a line of the log, and
announces the inbox.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from arengo.audience.models import Identity
from arengo.core import audit, outside
from arengo.core.clean_text import isolated
from arengo.core.database import again_if_undone
from arengo.core.live import announce
from arengo.core.models import Person
from arengo.delivery.queue import outbox
from arengo.desk import handling, replying
from arengo.desk.blocks import standing, wording
from arengo.desk.blocks.models import LONGEST_REASON, Block, Evidence, Reprimand
from arengo.desk.blocks.rules import Rule
from arengo.desk.blocks.standing import WARNINGS, Ladder
from arengo.desk.handling import HandlingRefused, locked
from arengo.desk.latest import settle_latest
from arengo.desk.models import Conversation, Message
from arengo.desk.window import is_open
from arengo.platforms.contract import Text

MOST_EVIDENCE = 20  # messages of one warning or block
FARTHEST = timedelta(days=366)


class RuleRefused(HandlingRefused):
    """Why it cannot be done, in the user's language."""


@again_if_undone
def warn(
    conversation: Conversation,
    *,
    rule: Rule,
    messages: Collection[int],
    words: str,
    past: int,
    key: str,
    by: Person,
    shown: int | None = None,
    last: int | None = None,
) -> Reprimand:
    """Sends the warning in the operator's name, and keeps which rule and which messages it is about.

    ``past``: how many warnings the page showed; RuleRefused when a colleague was quicker. ``key``: of the form, the same one
    again changes nothing. ``shown``, ``last`` and what else may be refused: as in ``replying.reply``.
    """
    with transaction.atomic():
        contact_id = _hold(conversation)
        again: Reprimand | None = Reprimand.objects.filter(contact=contact_id, key=key).first()
        if again is not None:
            return again
        ladder = Ladder.of(contact_id)
        _must_be_as_shown(ladder, past)
        if len(ladder.warnings) >= WARNINGS:
            raise RuleRefused(_("Ha già avuto due richiami: il passo dopo è il blocco."))
        evidence = _evidence(contact_id, messages)
        sent = replying.reply(conversation, by=by, text=words, key=key, shown=shown, last=last)
        reprimand: Reprimand = Reprimand.objects.create(
            **_about(conversation, contact_id, rule), message=sent[0], key=key, by=by
        )
        for each in evidence:
            each.reprimand = reprimand
        Evidence.objects.bulk_create(evidence)
        number = len(ladder.warnings) + 1
        audit.record(
            "desk.warned",
            organization=conversation.organization_id,
            by=by,
            on=conversation,
            detail={"warning": number},
        )
    return reprimand


@again_if_undone
def block(
    conversation: Conversation,
    *,
    rule: Rule,
    reason: str,
    until: date | None,
    messages: Collection[int],
    past: int,
    by: Person,
    administers: bool,
) -> Block:
    """Blocks the citizen to the end of the day ``until``, or asks an administrator for it where the organization wants that.

    It begins at once for an operator of an organization that wants no confirmation, and for one who ``administers``. RuleRefused
    before two warnings, without a reason or evidence, for a day that is past or too far, or while they are blocked already.
    """
    ends_at = end_of(until)
    with transaction.atomic():
        contact_id = _hold(conversation)
        ladder = Ladder.of(contact_id)
        _must_be_as_shown(ladder, past)
        if len(ladder.warnings) < WARNINGS:
            raise RuleRefused(_("Prima del blocco servono due richiami."))
        decided = standing.settings()
        if not decided.is_ready:
            raise RuleRefused(
                _(
                    "Chi amministra deve prima scrivere, nelle impostazioni, come opporsi e gli altri modi per rivolgersi all’ente."
                )
            )
        reason = _checked_reason(reason)
        evidence = _evidence(contact_id, messages)
        # One that ended by itself, and was not written down yet, would stand in the way of this one.
        for old in Block.objects.filter(contact=contact_id, ended_at=None, ends_at__lte=timezone.now()):
            _expire(old)
        made: Block = Block.objects.create(
            **_about(conversation, contact_id, rule), reason=reason, by=by, ends_at=ends_at
        )
        for each in evidence:
            each.block = made
        Evidence.objects.bulk_create(evidence)
        if decided.confirm and not administers:
            _write_down("desk.asked_block", made, by=by)
        else:
            _begin(made, by=by)
    return made


@again_if_undone
def confirm(block: Block, *, by: Person) -> None:
    """An administrator agrees: it begins now. RuleRefused when somebody decided already, or its last day is past."""
    with transaction.atomic():
        held = _held(block)
        if not held.is_asked:
            raise RuleRefused(_("Su questa richiesta è già stato deciso."))
        if held.ends_at <= timezone.now():
            raise RuleRefused(_("L’ultimo giorno del blocco è già passato."))
        held.confirmed_by = by
        _begin(held, by=by)


@again_if_undone
def decline(block: Block, *, by: Person) -> None:
    """An administrator does not agree: nothing of it takes effect. RuleRefused when somebody decided already."""
    with transaction.atomic():
        held = _held(block)
        if not held.is_asked:
            raise RuleRefused(_("Su questa richiesta è già stato deciso."))
        _end(held, Block.End.DECLINED, by=by, verb="desk.declined_block")


@again_if_undone
def lift(block: Block, *, by: Person) -> None:
    """From now on what they write comes into the inbox again. One that has ended stays as it is."""
    with transaction.atomic():
        held = _held(block)
        if held.in_force:
            _end(held, Block.End.LIFTED, by=by, verb="desk.unblocked")


@again_if_undone
def prolong(block: Block, *, until: date | None, by: Person) -> None:
    """To the end of a later day; the citizen is told where the reply window is open. RuleRefused for one that is not in force."""
    ends_at = end_of(until)
    with transaction.atomic():
        held = _held(block)
        if not held.in_force:
            raise RuleRefused(_("Questo blocco è già finito."))
        if ends_at <= held.ends_at:
            raise RuleRefused(_("Scegli un giorno dopo quello in cui finisce adesso."))
        held.ends_at = ends_at
        _tell(held, by=by)
        held.save(update_fields=["ends_at", "told"])
        _write_down("desk.prolonged_block", held, by=by)


def write_expired(block_id: int) -> bool:
    """Writes the end of one whose last day is past; returns whether there was something to write. In the scope of its organization."""
    with transaction.atomic():
        found = (
            Block.objects.select_for_update(no_key=True)
            .filter(pk=block_id, ended_at=None, ends_at__lte=timezone.now())
            .first()
        )
        if found is None:
            return False
        _expire(found)
    return True


def _hold(conversation: Conversation) -> int:
    """The id of its citizen, whose identities are locked. RuleRefused for one who was erased."""
    contact_id = Conversation.objects.values_list("contact_id", flat=True).get(pk=conversation.pk)
    held = Identity.objects.select_for_update(no_key=False).filter(contact=contact_id).order_by("pk")
    if not list(held.values_list("pk", flat=True)):
        raise RuleRefused(_("I dati di questo cittadino sono stati cancellati."))
    return int(contact_id)


def _held(block: Block) -> Block:
    """The row as it is now, after its citizen."""
    list(
        Identity.objects.select_for_update(no_key=False)
        .filter(contact=block.contact_id)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    found: Block = Block.objects.select_for_update(no_key=True).get(pk=block.pk)
    return found


def _must_be_as_shown(ladder: Ladder, past: int) -> None:
    if ladder.block is not None:
        who = ladder.block.by
        words = (
            _("%(name)s ha già chiesto il blocco: aspetta la conferma di un amministratore.")
            if ladder.block.is_asked
            else _("Questo cittadino è già bloccato. Lo ha deciso %(name)s.")
        )
        raise RuleRefused(words % {"name": isolated(who or _("un collega"))})
    if len(ladder.warnings) < past:
        raise RuleRefused(
            _("Nel frattempo le cose sono cambiate: non è partito niente. Guarda prima a che punto si è.")
        )
    if len(ladder.warnings) > past:
        last = ladder.warnings[-1].by
        raise RuleRefused(
            _(
                "Nel frattempo %(name)s ha mandato un richiamo: non è partito niente altro. Guarda prima a che punto si è."
            )
            % {"name": isolated(last or _("un collega"))}
        )


def _evidence(contact_id: int, messages: Collection[int]) -> list[Evidence]:
    """Not stored. Only what this citizen wrote to us counts."""
    found = Message.objects.filter(
        pk__in=list(messages)[:MOST_EVIDENCE],
        conversation__contact=contact_id,
        direction=Message.Direction.IN,
        erased_at=None,
        deleted_at=None,
    ).order_by("sent_at", "pk")
    evidence = [
        Evidence(
            organization_id=each.organization_id,
            message=each,
            kind=each.kind,
            text=each.text,
            sent_at=each.sent_at,
        )
        for each in found
    ]
    if not evidence:
        raise RuleRefused(_("Scegli almeno un messaggio che lo mostra."))
    return evidence


def _checked_reason(typed: str) -> str:
    reason = outside.text(typed).replace("\r\n", "\n").strip()
    if not reason:
        raise RuleRefused(_("Scrivi il motivo: lo leggono i colleghi e l’amministratore."))
    if len(reason) > LONGEST_REASON:
        raise RuleRefused(
            _("Il motivo è troppo lungo: al massimo %(most)d caratteri.") % {"most": LONGEST_REASON}
        )
    return reason


def _about(conversation: Conversation, contact_id: int, rule: Rule) -> dict[str, Any]:
    """What a warning and a block have in common: whom they are about, and the rule as it reads today."""
    return {
        "organization_id": conversation.organization_id,
        "contact_id": contact_id,
        "conversation_id": conversation.pk,
        "rule": rule.title[:120],
        "quote": rule.quote,
    }


def end_of(until: date | None) -> datetime:
    today = timezone.localdate()
    if until is None or until <= today:
        raise RuleRefused(_("Scegli fino a quando: un giorno che deve ancora venire."))
    if until > today + FARTHEST:
        raise RuleRefused(_("Un blocco dura al massimo un anno: scegli un giorno più vicino."))
    return timezone.make_aware(datetime.combine(until + timedelta(days=1), time()))


def _begin(made: Block, *, by: Person) -> None:
    """The citizen is told, and what is open with them is closed."""
    made.begins_at = timezone.now()
    _tell(made, by=by)
    made.save(update_fields=["begins_at", "confirmed_by", "told"])
    for conversation in open_with(made.contact_id):
        handling.close(conversation, by=by)
    _write_down("desk.blocked", made, by=by)


def open_with(contact_id: int) -> list[Conversation]:
    return list(Conversation.objects.filter(contact=contact_id, state=Conversation.State.OPEN).order_by("pk"))


def _tell(held: Block, *, by: Person) -> None:
    """Sets ``told``; None where the platform does not let us write now. The caller saves."""
    conversation = locked(next(reversed(open_with(held.contact_id)), held.conversation))
    held.told = None
    if conversation.held_by_other or conversation.identity is None or not is_open(conversation):
        return
    text = wording.notice(held.ends_at, standing.settings(), organization=conversation.organization)
    try:
        delivery = outbox.enqueue(
            conversation.sender, conversation.identity.address, Text(text), topic=conversation.topic
        )
    except outbox.UnfitMessage as unfit:
        raise RuleRefused(" ".join(unfit.problems)) from unfit
    held.told = Message.objects.create(
        organization_id=held.organization_id,
        conversation=conversation,
        sender_id=conversation.sender_id,
        direction=Message.Direction.OUT,
        text=text,
        author=by,
        key=f"block:{held.pk}:{held.ends_at:%Y%m%d}",
        delivery=delivery,
    )
    settle_latest([conversation.pk])


def _expire(held: Block) -> None:
    end = Block.End.EXPIRED if held.begins_at is not None else Block.End.DECLINED
    held.ended_at, held.end = held.ends_at, end
    held.save(update_fields=["ended_at", "end"])
    _write_down("desk.block_ended", held, by=None)


def _end(held: Block, how: Block.End, *, by: Person, verb: str) -> None:
    held.ended_at, held.ended_by, held.end = timezone.now(), by, how
    held.save(update_fields=["ended_at", "ended_by", "end"])
    _write_down(verb, held, by=by)


def _write_down(verb: str, held: Block, *, by: Person | None) -> None:
    audit.record(verb, organization=held.organization_id, by=by, on=held)
    announce(held.organization_id, "inbox", f"conversation:{held.conversation_id}")
