# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The privacy notice and the house rules: one version after the other, none ever changed."""

from __future__ import annotations

from django.db import connection, transaction

from arengo.audience.models import ListSettings, Policy
from arengo.core import audit
from arengo.core.models import Person
from arengo.core.scope import current_organization_id


def publish_policy(kind: str, text: str, summary: str, by: Person | None) -> Policy:
    """A new version, in force at once, in the scope's organization. Those before it stay as they were."""
    organization_id = current_organization_id()
    if organization_id is None:
        raise ValueError("A policy belongs to one organization.")
    with transaction.atomic():
        with connection.cursor() as cursor:  # two editors at once: one version after the other
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"policy:{organization_id}:{kind}"])
        latest = current(kind)
        policy: Policy = Policy.objects.create(
            organization_id=organization_id,
            kind=Policy.Kind(kind),
            version=latest.version + 1 if latest else 1,
            text=text,
            summary=summary,
            legal_basis=ListSettings.objects.values_list("legal_basis", flat=True).first() or "",
        )
        audit.record(
            "audience.published_policy",
            organization=organization_id,
            by=by,
            on=policy,
            detail={"kind": policy.kind, "version": policy.version},
        )
    return policy


def in_force() -> dict[str, Policy]:
    """Of each kind the version in force, by kind."""
    return {policy.kind: policy for policy in Policy.objects.order_by("kind", "-version").distinct("kind")}


def current(kind: str) -> Policy | None:
    """The version in force; None where none was published yet."""
    found: Policy | None = Policy.objects.filter(kind=kind).order_by("-version").first()
    return found
