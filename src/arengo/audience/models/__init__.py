# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Citizens, their addresses, what they agreed to."""

from arengo.audience.models.consents import Consent, Policy
from arengo.audience.models.lists import ListSettings, Quarter, Subscription, Topic
from arengo.audience.models.people import (
    Contact,
    ContactKey,
    Edited,
    FormerAddress,
    Identity,
    phone_hash,
    user_hash,
)

__all__ = [
    "Consent",
    "Contact",
    "ContactKey",
    "Edited",
    "FormerAddress",
    "Identity",
    "ListSettings",
    "Policy",
    "Quarter",
    "Subscription",
    "Topic",
    "phone_hash",
    "user_hash",
]
