# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Addresses that leave in messages and mails: of the organization's own host, never of the request's."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings

from arengo.core.models import Organization, OrganizationHost


def organization_url(organization: Organization, path: str) -> str:
    """The absolute address of a page of this organization; ``path`` begins with a slash, or is empty.

    The host is that of ``ARENGO_PUBLIC_URL`` where it serves this organization, else the organization's first own one.
    The Host header of a request has no part in it: who sends the request chooses that.
    """
    base = urlsplit(settings.PUBLIC_URL)
    hosts = list(
        OrganizationHost.objects.filter(organization=organization)
        .order_by("pk")
        .values_list("host", flat=True)
    )
    if not hosts or base.hostname in hosts or not Organization.objects.exclude(pk=organization.pk).exists():
        return f"{settings.PUBLIC_URL.rstrip('/')}{path}"
    return f"{base.scheme}://{hosts[0]}{f':{base.port}' if base.port else ''}{path}"
