# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""allauth's words and links as ours: mails name the organization and lead to its own host."""

from __future__ import annotations

from allauth.core import context
from django.urls import reverse

from arengo.core.accounts import StaffAccountAdapter
from arengo.core.clean_text import isolated
from arengo.core.links import organization_url


class AccountAdapter(StaffAccountAdapter):
    def format_email_subject(self, subject: str) -> str:
        organization = getattr(context.request, "organization", None)
        return f"[{isolated(organization.name)}] {subject}" if organization else str(subject)

    def get_reset_password_from_key_url(self, key: str) -> str:
        uid, _dash, token = key.partition("-")
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": token})
        return organization_url(context.request.organization, path)
