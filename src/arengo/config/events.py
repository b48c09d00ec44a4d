# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The listeners of each event. The one place that knows both sides.

A listener is a function, so that mypy compares what it takes with what it hears.
"""

from __future__ import annotations

from arengo.audience.events import (
    AddressErased,
    CitizenWrote,
    ConversationMoved,
    IdentitiesMerged,
    NewsStopped,
    ReplyWanted,
    SubscriptionAffirmed,
    SubscriptionEnded,
)
from arengo.core.events import listen
from arengo.delivery.events import OptedOut, SenderMended
from arengo.intake.events import AddressesOfPeople, MayBeKept, MayWait, SenderHeard
from arengo.platforms.contract import (
    HandedOver,
    IdentityChanged,
    MessageReceived,
    PreferenceChanged,
    ReceiptReceived,
    SenderNotice,
    TemplateChanged,
)


def connect() -> None:
    """Called once, when Django is set up: the listeners' modules need its models. Listeners hear in the order of these lines."""
    _connect_what_arrives()
    from arengo.audience import arrivals
    from arengo.desk import answering, arrivals as desk_arrivals, routing, transfers
    from arengo.desk.hours import notice

    listen(CitizenWrote, desk_arrivals.citizen_wrote)
    listen(CitizenWrote, notice.citizen_wrote)
    listen(ReplyWanted, answering.reply_wanted)
    listen(ConversationMoved, routing.moved)
    listen(SenderMended, transfers.sender_mended)
    listen(OptedOut, arrivals.opted_out)
    from arengo.audience.double_opt_in import hearing as confirming
    from arengo.audience.renewals import hearing
    from arengo.audience.retention import verbs as holds
    from arengo.audience.rights import merging
    from arengo.delivery.queue import cancellation
    from arengo.desk import privacy
    from arengo.intake import scrubbing
    from arengo.newsroom.votes import hearing as votes

    listen(NewsStopped, cancellation.news_stopped)
    listen(SubscriptionEnded, cancellation.subscription_ended)
    listen(SubscriptionEnded, hearing.subscription_ended)
    listen(SubscriptionAffirmed, hearing.subscription_affirmed)
    listen(AddressErased, cancellation.address_erased)
    listen(AddressErased, scrubbing.address_erased)
    listen(IdentitiesMerged, merging.identities_merged)
    listen(IdentitiesMerged, hearing.identities_merged)
    listen(IdentitiesMerged, confirming.identities_merged)
    listen(IdentitiesMerged, votes.identities_merged)
    listen(IdentitiesMerged, holds.identities_merged)
    listen(IdentitiesMerged, privacy.identities_merged)
    listen(IdentitiesMerged, notice.identities_merged)


def _connect_what_arrives() -> None:
    from arengo.audience import arrivals
    from arengo.delivery.limits import inbound
    from arengo.delivery.receipts import applying
    from arengo.delivery.senders import notices
    from arengo.delivery.templates import events as templates
    from arengo.intake import responders

    listen(MessageReceived, inbound.heard)
    listen(MessageReceived, responders.heard)
    listen(MessageReceived, arrivals.receive)
    listen(HandedOver, responders.handed_over)
    listen(HandedOver, arrivals.handed_over)
    listen(PreferenceChanged, arrivals.preference_changed)
    listen(IdentityChanged, arrivals.identity_changed)
    listen(SenderHeard, inbound.arrived)
    listen(MayWait, arrivals.may_wait)
    listen(MayBeKept, arrivals.may_be_kept)
    listen(AddressesOfPeople, arrivals.addresses_of_people)
    listen(ReceiptReceived, applying.apply)
    listen(TemplateChanged, templates.changed)
    listen(SenderNotice, notices.noticed)
