# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The road out: who sends, what is sent, one row a recipient."""

from arengo.delivery.models.charges import Budget as Budget, Charge as Charge
from arengo.delivery.models.copies import Copy as Copy
from arengo.delivery.models.deliveries import (
    MESSAGE_ID as MESSAGE_ID,
    Delivery as Delivery,
    DeliveryState as DeliveryState,
    Fanout as Fanout,
)
from arengo.delivery.models.doubts import Acceptances as Acceptances, Doubt as Doubt
from arengo.delivery.models.limits import Heard as Heard, Inbound as Inbound, Reached as Reached
from arengo.delivery.models.senders import (
    LastArrival as LastArrival,
    MessageTemplate as MessageTemplate,
    Price as Price,
    Sender as Sender,
    _hook_key as _hook_key,  # the first migration names it
)
from arengo.delivery.models.urgency import Urgency as Urgency
from arengo.delivery.models.waiting import (
    Outbox as Outbox,
    OutboxState as OutboxState,
    SecondTry as SecondTry,
)
from arengo.delivery.timeline.models import Timeline as Timeline, TimelineRead as TimelineRead
