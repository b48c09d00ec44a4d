# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which drafts wait, and the mails that say so."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from arengo.accounts import mails
from arengo.core.links import organization_url
from arengo.core.models import Membership, Organization, Person
from arengo.newsroom.models import Update

AFTER = timedelta(days=5)  # without a change
NO_LONGER = timedelta(days=30)  # what is older waits for nothing any more
MOST_DRAFTS = 10  # named in one mail
MOST_MAILS = 20  # of one organization in one morning


@dataclass(frozen=True)
class DraftsWait(mails.Mail):
    """``left``: how many are not named."""

    template = "newsroom/reminders/mail.txt"
    drafts: Sequence[Update]
    left: int
    link: str


def waiting() -> list[Update]:
    """Drafts of the scope's organization of which nobody was told yet, the oldest first."""
    now = timezone.now()
    found = Update.objects.filter(
        state=Update.State.DRAFT,
        archived_at=None,
        reminded_at=None,
        edited_at__lt=now - AFTER,
        edited_at__gt=now - NO_LONGER,
    )
    return list(found.order_by("edited_at", "pk")[: MOST_DRAFTS * MOST_MAILS])


def remind(organization: Organization) -> int:
    """In the organization's scope. How many mails left. A draft is marked before its mail leaves: it is told once or, if the mail is
    lost, not at all.
    """
    of_whom: dict[int, list[Update]] = defaultdict(list)
    for update in waiting():
        of_whom[update.edited_by_id].append(update)
    here = set(Membership.objects.filter(person__is_active=True).values_list("person_id", flat=True))
    people = {person.pk: person for person in Person.objects.filter(pk__in=here & of_whom.keys())}
    mailed = 0
    for person_id, drafts in list(of_whom.items())[:MOST_MAILS]:
        with transaction.atomic():
            Update.objects.filter(pk__in=[one.pk for one in drafts]).update(reminded_at=timezone.now())
        person = people.get(person_id)
        if person is None:
            continue
        mail = DraftsWait(
            organization,
            drafts[:MOST_DRAFTS],
            max(0, len(drafts) - MOST_DRAFTS),
            organization_url(organization, reverse("newsroom:updates")),
        )
        subject = gettext_lazy("una bozza ti aspetta")
        mailed += mails.send(mail, person.email, subject, language=person.language)
    return mailed
