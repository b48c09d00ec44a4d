# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The proof of one consent as data, for who reads it by machine."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from arengo.audience.models import Consent, Policy
from arengo.audience.proofs.models import Told
from arengo.core.models import Organization


def of(consent: Consent, organization: Organization) -> dict[str, Any]:
    told = Told.objects.filter(consent=consent).select_related("key", "policy", "rules").order_by("at", "pk")
    address = consent.identity.address if consent.identity else None
    return {
        "exported_at": timezone.now().isoformat(),
        "organization": organization.name,
        "record": consent.pk,
        "action": consent.action,
        "effective": consent.effective,
        "counted_in_linked_chat": consent.elsewhere,
        "confirms_record": consent.confirms_id,
        "said_at": consent.at.isoformat(),
        "recorded_at": consent.recorded_at.isoformat(),
        "source": consent.source,
        "way": consent.way,
        "poster": consent.poster,
        "platform": consent.identity.platform if consent.identity else None,
        "phone": address.phone if address else None,
        "user_id": address.user_id if address else None,
        "subject_hash": consent.subject_hash.hex(),
        "message_id": consent.message_id,
        "text": consent.text,
        "privacy_in_force": _policy(consent.policy),
        "rules_in_force": _policy(consent.rules),
        "answers": [
            {
                "at": each.at.isoformat(),
                "text": each.text,
                "privacy_shown": each.policy.version if each.policy else None,
                "rules_shown": each.rules.version if each.rules else None,
            }
            for each in told
        ],
    }


def _policy(policy: Policy | None) -> dict[str, Any] | None:
    if policy is None:
        return None
    return {
        "version": policy.version,
        "published_at": policy.published_at.isoformat(),
        "legal_basis": policy.legal_basis,
        "summary": policy.summary,
        "text": policy.text,
    }
