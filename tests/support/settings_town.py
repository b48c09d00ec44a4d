# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A town whose settings hold something on each page, and the addresses of those pages.

The conftest of each room whose tests open them imports these fixtures.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from arengo.accounts.models import Invitation
from arengo.audience.defaults import create_defaults
from arengo.core.models import Membership, Organization, Person, Role
from arengo.delivery.models import Price, Sender
from arengo.intake.models import Journal
from tests.factories.accounts import invitation
from tests.factories.core import member
from tests.factories.delivery import set_price
from tests.factories.intake import marked_journal


@pytest.fixture
def settings_town(scope: Organization, sender: Sender, settings: Any, tmp_path: Path) -> Organization:
    settings.MEDIA_ROOT = tmp_path
    create_defaults(scope)
    return scope


@pytest.fixture
def rita(esempio: Organization) -> Person:
    return member(esempio, "rita@esempio.test", "Rita Esempio", Role.AUDITOR)


@pytest.fixture
def price(settings_town: Organization) -> Price:
    return set_price(settings_town, "0.0795")


@pytest.fixture
def marked(settings_town: Organization, sender: Sender) -> Journal:
    return marked_journal(sender)


@pytest.fixture
def invited(settings_town: Organization) -> Invitation:
    return invitation(settings_town, "ugo@esempio.test", "Ugo Esempio", Role.EDITOR)


@pytest.fixture
def places(
    settings_town: Organization,
    sender: Sender,
    olga: Person,
    price: Price,
    marked: Journal,
    invited: Invitation,
) -> dict[str, str]:
    of_olga = Membership.objects.get(person=olga)
    return {
        "home": reverse("settings:home"),
        "organization": reverse("settings:organization"),
        "list": reverse("settings:list"),
        "policies": reverse("settings:policies"),
        "policy_new": reverse("settings:policy_new", args=["privacy"]),
        "senders": reverse("settings:senders"),
        "sender_new": reverse("settings:sender_new"),
        "sender": reverse("settings:sender", args=[sender.pk]),
        "templates": reverse("settings:templates"),
        "prices": reverse("settings:prices"),
        "staff": reverse("settings:staff"),
        "member": reverse("settings:member", args=[of_olga.pk]),
        "log": reverse("settings:log"),
        "unread": reverse("settings:unread"),
        "status": reverse("settings:status"),
        "status_now": reverse("settings:status_now"),
        "sender_try": reverse("settings:sender_try", args=[sender.pk]),
        "sender_resume": reverse("settings:sender_resume", args=[sender.pk]),
        "sender_subscribe": reverse("settings:sender_subscribe", args=[sender.pk]),
        "templates_sync": reverse("settings:templates_sync", args=[sender.pk]),
        "templates_create": reverse("settings:templates_create", args=[sender.pk]),
        "price_remove": reverse("settings:price_remove", args=[price.pk]),
        "member_renew": reverse("settings:member_renew", args=[of_olga.pk]),
        "member_remove": reverse("settings:member_remove", args=[of_olga.pk]),
        "invitation_renew": reverse("settings:invitation_renew", args=[invited.pk]),
        "invitation_revoke": reverse("settings:invitation_revoke", args=[invited.pk]),
        "second_factor": reverse("settings:second_factor"),
        "unread_replay": reverse("settings:unread_replay", args=[marked.pk]),
        "unread_archive": reverse("settings:unread_archive", args=[marked.pk]),
    }


def own_data(**changed: Any) -> dict[str, Any]:
    """What the form of the organization sends."""
    return {"name": "Comune di Esempio", "palette": "forest", **changed}
