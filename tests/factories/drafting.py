# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""One of everything that stands around a draft: a review that waits, a comment, a link for the mayor, a reason, a period that is over."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from arengo.core.models import Organization, Person
from arengo.newsroom.comments import verbs as comments
from arengo.newsroom.electoral import verbs as electoral
from arengo.newsroom.models import Update
from arengo.newsroom.review import verbs as reviews
from arengo.newsroom.review.models import ReviewRule
from arengo.newsroom.sharing import links


def of_drafting(organization: Organization, update: Update, editor: Person, administrator: Person) -> None:
    ReviewRule.objects.create(organization=organization, four_eyes=False)
    reviews.ask(update.pk, by=editor, version=update.version, note="Guarda l'orario.")
    comments.comment(update.pk, "Fino a che ora?", by=editor, about="text_1")
    links.make(update.pk, days=3, to="la sindaca", by=editor)
    over = timezone.localdate() - timedelta(days=30)
    electoral.add(organization, name="Referendum", begins=over, ends=over, by=administrator)
    electoral.give_reason(update.pk, "Cambia la viabilità in centro.", by=editor)
