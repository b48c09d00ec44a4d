# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""With «quattro occhi» nothing goes out without the yes of somebody who did not write it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from arengo.core.clean_text import isolated
from arengo.core.models import Person
from arengo.core.screens import Screen
from arengo.newsroom.estimating import joined
from arengo.newsroom.gates import Shut
from arengo.newsroom.models import Update
from arengo.newsroom.review import standing
from arengo.newsroom.review.models import Review


@dataclass(frozen=True)
class YesMissing(Screen):
    """``people``: who can say it."""

    update: Update
    review: Review | None
    people: Sequence[Person]


def second_yes(update: Update, by: Person) -> Shut | None:
    if not standing.wants_four_eyes() or standing.approval(update) is not None:
        return None
    review = standing.waiting(update)
    people = standing.others(update, review)
    own = by.pk in standing.writers_of(update, review)
    return Shut(words_of(people, own=own), "newsroom/review/gate.html", YesMissing(update, review, people))


def words_of(people: Sequence[Person], *, own: bool) -> str:
    if not people:
        return _(
            "Serve il sì di un'altra persona, e nessun'altra può darlo: chi amministra può dare a qualcuno il ruolo di Approvatore."
        )
    names = {"who": joined([isolated(person) for person in people])}
    if own:
        return _("L'hai scritto tu: serve il sì di un'altra persona (%(who)s).") % names
    return _("Prima di partire serve il sì di una seconda persona (%(who)s).") % names
