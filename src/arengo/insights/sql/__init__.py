# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The hand-written SQL of figures, by name."""

from __future__ import annotations

from arengo.audience.models import Consent
from arengo.audience.reasons import Reason
from arengo.core.statements import Statements
from arengo.delivery.models import DeliveryState
from arengo.desk.models import Assignment, Attachment, Message

statement = Statements(
    __name__,
    Message.Direction,
    Message.Kind,
    Assignment.Action,
    DeliveryState,
    Attachment.State,
    Consent.Action,
    Reason,
)
