# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""House rules that can be quoted, and a citizen who does not keep them."""

from __future__ import annotations

from datetime import timedelta
from itertools import count

from django.utils import timezone

from arengo.audience.models import Policy
from arengo.core.models import Organization, Person
from arengo.desk.blocks import rules, verbs
from arengo.desk.blocks.models import Block, BlockSettings, Reprimand
from arengo.desk.blocks.rules import Rule
from arengo.desk.models import Conversation, Message
from tests.factories.audience import policy

_numbers = count(1)

TEXT = """Niente offese
Non sono ammessi insulti né attacchi personali.

Niente pubblicità
Questa chat non serve a vendere."""


def publish_rules(organization: Organization) -> Rule:
    """In the scope's organization; gives the first."""
    policy(organization, Policy.Kind.RULES, TEXT)
    return rules.in_force()[0]


def write_ways(*, confirm: bool = False) -> BlockSettings:
    """What a blocked citizen is told, so that there can be a block at all."""
    found: BlockSettings = BlockSettings.objects.create(
        objection="PEC protocollo@esempio.test", other_ways="telefono 071 000 000", confirm=confirm
    )
    return found


def said_by(conversation: Conversation) -> list[int]:
    return list(conversation.messages.filter(direction=Message.Direction.IN).values_list("pk", flat=True))


def warn(conversation: Conversation, rule: Rule, by: Person, *, past: int = 0) -> Reprimand:
    return verbs.warn(
        conversation,
        rule=rule,
        messages=said_by(conversation),
        words="La prego di rispettare le regole.",
        past=past,
        key=f"k{next(_numbers)}",
        by=by,
    )


def block(
    conversation: Conversation, rule: Rule, by: Person, *, administers: bool = False, days: int = 30
) -> Block:
    """After two warnings."""
    for past in (0, 1):
        warn(conversation, rule, by, past=past)
    return verbs.block(
        conversation,
        rule=rule,
        reason="Continua a offendere.",
        until=timezone.localdate() + timedelta(days=days),
        messages=said_by(conversation),
        past=2,
        by=by,
        administers=administers,
    )
