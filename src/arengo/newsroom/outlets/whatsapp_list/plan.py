# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A draft as the list would get it: the template that carries it, to how many, at what cost, and what stands in the way."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import timedelta
from functools import cached_property

from django.utils.translation import gettext as _, ngettext

from arengo.core.clean_text import isolated
from arengo.core.lengths import Limit, grouped
from arengo.delivery.limits import tier
from arengo.delivery.models import MessageTemplate, Sender
from arengo.delivery.prices import pricing
from arengo.delivery.templates.fitting import Unfit
from arengo.newsroom.checking import Problem
from arengo.newsroom.kinds.base import registry as kinds
from arengo.newsroom.kinds.base.contract import Kind
from arengo.newsroom.outlets.base.contract import Estimate, Obstacle, Plan, Recipients
from arengo.newsroom.outlets.whatsapp_list.carrying import Plain, carrier
from arengo.newsroom.outlets.whatsapp_list.phone import Phone, preview
from arengo.newsroom.outlets.whatsapp_list.recipients import of_draft
from arengo.newsroom.senders import sender_of
from arengo.newsroom.templates import CATEGORY
from arengo.newsroom.topics import matter, names_of, quarter_names_of
from arengo.platforms.contract import Capabilities
from arengo.platforms.registry import platform


class ListPlan(Plan):
    @cached_property
    def _kind(self) -> Kind:
        return kinds.of(self.draft.kind)

    @cached_property
    def _sender(self) -> Sender | None:
        return sender_of(self.draft)

    @property
    def sender(self) -> Sender | None:
        return self._sender

    @cached_property
    def _fit(self) -> MessageTemplate | Plain | Unfit | None:
        return carrier(self._kind, self.draft, self.sender) if self.sender else None

    @property
    def template(self) -> MessageTemplate | Plain | None:
        return None if isinstance(self._fit, Unfit) else self._fit

    @property
    def is_final(self) -> bool:
        """What has arrived can be neither changed nor taken back: on the platform that it goes to."""
        can = platform(self.sender.platform).can if self.sender else Capabilities()
        return not (can.edits or can.deletes)

    @cached_property
    def _phone(self) -> Phone:
        return preview(self._kind, self.draft, self.organization, self.sender)

    @property
    def preview(self) -> Phone:
        return self._phone

    @property
    def problems(self) -> Sequence[Problem]:
        too_long = body_problem(self.preview.used, self.preview.limit, self.preview.platform)
        return [too_long] if too_long else []

    @property
    def recipients(self) -> Recipients | None:
        if self.sender is None:
            return None
        return of_draft(self.draft, self.sender)

    def estimate(self, recipients: Recipients) -> Estimate | None:
        sender = self.sender
        if sender is None:
            return None
        reach = recipients.reach()
        count = reach.reached
        category = (self.template.category if self.template else CATEGORY).lower()
        outlook = tier.outlook(sender, count, recipients.among)
        today = outlook.today if outlook else count
        return Estimate(
            recipients=count,
            cost=pricing.estimate(self.organization, sender, category, count),
            duration=timedelta(seconds=math.ceil(today / max(1, sender.rate))),
            outlook=outlook,
            spared=reach.stopped,
            other_topics=reach.other_topics,
            listed=reach.listed,
            other_quarters=reach.other_quarters,
            other_frequency=reach.other_frequency,
        )

    @cached_property
    def topics(self) -> list[str]:
        """Names of those for whom it is; none: for everybody."""
        return names_of(self.draft.topics) if matter(self.draft) else []

    @cached_property
    def quarters(self) -> list[str]:
        """Likewise; none: the whole town."""
        return quarter_names_of(self.draft.quarters) if matter(self.draft) else []

    @property
    def to(self) -> str:
        count = self.estimated.recipients if self.estimated else 0
        return ngettext("a %(shown)s persona", "a %(shown)s persone", count) % {"shown": grouped(count)}

    @property
    def obstacle(self) -> Obstacle | None:
        sender, fit, estimated = self.sender, self._fit, self.estimated
        if sender is None:
            return Obstacle(_("Non c'è ancora un numero WhatsApp da cui scrivere alla lista."), "sender")
        if sender.state != Sender.State.ACTIVE:
            words = _("Il mittente «%(name)s» è fermo: %(platform)s non accetta i suoi messaggi.")
            return Obstacle(words % {"name": isolated(sender.name), "platform": sender.words.name}, "sender")
        if estimated is not None and estimated.recipients == 0 and estimated.other_topics:
            return Obstacle(
                _("Nessuno degli iscritti vuole questi temi. Scegline altri; senza temi va a tutti."),
                "topics",
            )
        if estimated is not None and estimated.recipients == 0 and estimated.other_quarters:
            return Obstacle(
                _(
                    "Nessuno degli iscritti è di questi quartieri. Scegline altri; senza quartieri va a tutti."
                ),
                "topics",
            )
        if estimated is not None and estimated.recipients == 0 and estimated.other_frequency:
            return Obstacle(
                _("Tutti gli iscritti hanno chiesto di ricevere solo altro: questo non lo riceve nessuno."),
                "subscribers",
            )
        if estimated is not None and estimated.recipients == 0 and estimated.spared:
            return Obstacle(
                _("Tutti gli iscritti hanno fermato le notizie su %(platform)s: ricevono solo le allerte.")
                % {"platform": sender.words.name},
                "subscribers",
            )
        if estimated is not None and estimated.recipients == 0:
            return Obstacle(
                _(
                    "Alla lista non è ancora iscritto nessuno. Ci si iscrive scrivendo al numero: fallo sapere con il sito e i manifesti."
                ),
                "subscribers",
            )
        if isinstance(fit, Unfit):
            return Obstacle(fit.words, "wait" if fit.waiting else "templates")
        return None


def body_problem(used: int, limit: Limit, platform_name: str) -> Problem | None:
    """Of the whole message, with the template's own words: ``used`` units of the platform's ``limit``."""
    if used <= limit.most:
        return None
    return Problem(
        "body",
        _(
            "Il messaggio intero è di %(used)s caratteri: %(platform)s ne accetta %(limit)s, %(over)s di troppo. Accorcia il testo."
        )
        % {
            "used": grouped(used),
            "limit": grouped(limit.most),
            "over": grouped(used - limit.most),
            "platform": platform_name,
        },
    )
