# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Secrets of second factors that lie in the clear are sealed; claims to addresses of others are dropped.

An address that allauth had verified by a mailed link stays proved. All other accounts are without proof, and such an
account counts in one organization only: the first where it worked.
"""

import base64

from django.db import migrations
from django.utils import timezone

from arengo.core.vault import VaultError, vault


def _sealed(text):
    """The text sealed; as it is if it is sealed already."""
    try:
        vault().open_text(base64.b64decode(text, validate=True), purpose="mfa")
    except (VaultError, ValueError):
        return base64.b64encode(vault().seal_text(text, purpose="mfa")).decode()
    return text


def seal(apps, schema_editor):
    for row in apps.get_model("mfa", "Authenticator").objects.filter(type__in=["totp", "recovery_codes"]):
        for name in ("secret", "seed"):
            if name in row.data:
                row.data[name] = _sealed(row.data[name])
        if "migrated_codes" in row.data:
            row.data["migrated_codes"] = [_sealed(code) for code in row.data["migrated_codes"]]
        row.save(update_fields=["data"])


def prove(apps, schema_editor):
    Person = apps.get_model("core", "Person")
    Membership = apps.get_model("core", "Membership")
    for claim in apps.get_model("account", "EmailAddress").objects.select_related("user"):
        if claim.email.lower() != claim.user.email.lower():
            claim.delete()
        elif claim.verified and claim.user.proved_at is None:
            claim.user.proved_at = timezone.now()
            claim.user.save(update_fields=["proved_at"])
    for person in Person.objects.filter(proved_at__isnull=True):
        for later in Membership._base_manager.filter(person=person).order_by("created_at", "pk")[1:]:
            later.delete()


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("account", "0009_emailaddress_unique_primary_email"),
        ("mfa", "0003_authenticator_type_uniq"),
    ]

    operations = [
        migrations.RunPython(seal, migrations.RunPython.noop),
        migrations.RunPython(prove, migrations.RunPython.noop),
    ]
