# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""An opened card stands in the log: once for a while, so that reloading a page does not fill it."""

from __future__ import annotations

from datetime import timedelta

from arengo.audience.models import Contact
from arengo.core import attempts, audit
from arengo.core.ceilings import Ceiling
from arengo.core.models import Person

_ONCE = Ceiling("a citizen's card opened", 1, timedelta(minutes=15))


def note(contact: Contact, *, by: Person) -> None:
    """Somebody of the staff looks at the card."""
    if attempts.allowed(_ONCE, f"person:{by.pk} contact:{contact.pk}"):
        audit.record("audience.opened_card", organization=contact.organization_id, by=by, on=contact)
