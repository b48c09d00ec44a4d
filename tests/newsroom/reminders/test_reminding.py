# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Drafts that wait are remembered once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from arengo.core.models import Membership, Organization, Person
from arengo.newsroom.archive import verbs
from arengo.newsroom.models import Update
from arengo.newsroom.reminders import jobs, reminding
from tests.newsroom.pages import Write


def aged(days: int) -> None:
    Update.objects.update(edited_at=timezone.now() - timedelta(days=days))


def test_who_wrote_last_is_told_once_in_one_mail(town: Organization, write: Write, edo: Person) -> None:
    write(title="Il mercato")
    write(title="Il teatro")
    aged(6)
    assert reminding.remind(town) == 1
    [message] = mail.outbox
    assert message.to == [edo.email]
    assert "Il mercato" in message.body
    assert "Il teatro" in message.body
    assert "/console/redazione/" in message.body
    assert reminding.remind(town) == 0


@pytest.mark.parametrize("days", [1, 4, 31, 400])
def test_neither_what_is_fresh_nor_what_nobody_wants_any_more(
    town: Organization, write: Write, days: int
) -> None:
    write()
    aged(days)
    assert reminding.remind(town) == 0


def test_nothing_of_what_was_put_away_or_sent(
    town: Organization, write: Write, out: Update, edo: Person
) -> None:
    verbs.put_away(write().pk, by=edo)
    aged(6)
    assert reminding.remind(town) == 0


def test_who_left_is_not_written_to(town: Organization, write: Write, edo: Person) -> None:
    write()
    aged(6)
    Membership.objects.filter(person=edo).delete()
    assert reminding.remind(town) == 0
    assert mail.outbox == []


def test_the_job_goes_on_to_the_next_organization(
    town: Organization, altrove: Organization, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    write()
    aged(6)
    reminded: list[str] = []

    def remind(organization: Organization) -> int:
        reminded.append(organization.slug)
        raise ValueError(organization)

    monkeypatch.setattr(reminding, "remind", remind)
    jobs.remind(timestamp=0)
    assert set(reminded) == {town.slug, altrove.slug}


def test_a_morning_has_a_bound(town: Organization, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reminding, "MOST_DRAFTS", 2)
    for number in range(5):
        write(title=f"Bozza {number}")
    aged(6)
    assert reminding.remind(town) == 1
    assert mail.outbox[0].body.count("- ") == 2
    assert "e altre 3." in mail.outbox[0].body
