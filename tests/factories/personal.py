# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A citizen's own page: links that were made, browsers that opened one."""

from __future__ import annotations

import re

from django.test import Client

from arengo.audience.models import Identity
from arengo.audience.personal import links
from arengo.core.models import Organization
from arengo.delivery.models import Sender
from tests.factories.core import HOST

PAGE = "/miei/"
_LINK = re.compile(r"/miei/[\w-]{43}/")


def path_in(text: str) -> str:
    """The address of the page in a message, without the host."""
    found = _LINK.search(text)
    if found is None:
        raise ValueError(f"no link in: {text}")
    return found[0]


def link_to(identity: Identity, sender: Sender) -> str:
    organization = Organization.objects.get(pk=identity.organization_id)
    return path_in(links.make(identity, sender.pk, organization))


def visitor() -> Client:
    """A browser that knows nothing."""
    return Client(headers={"host": HOST})


def page_of(identity: Identity, sender: Sender) -> Client:
    """A browser in which that citizen's page is open."""
    client = visitor()
    opened = client.post(link_to(identity, sender))
    if opened.status_code != 302:
        raise ValueError(f"the link did not open: {opened.status_code}")
    return client
