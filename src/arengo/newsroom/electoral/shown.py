# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What pages say during an electoral period, and what the question before sending asks for."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext as _

from arengo.core.clean_text import isolated
from arengo.core.models import Person
from arengo.core.screens import Screen
from arengo.core.templatetags.arengo import named
from arengo.newsroom.electoral import verbs
from arengo.newsroom.electoral.forms import ReasonForm
from arengo.newsroom.electoral.models import ElectoralPeriod, ElectoralReason
from arengo.newsroom.gates import Shut
from arengo.newsroom.models import Update
from arengo.newsroom.parts import Part, Place


@dataclass(frozen=True)
class PeriodWarning(Screen):
    period: ElectoralPeriod
    words: str


@dataclass(frozen=True)
class ReasonWanted(Screen):
    update: Update
    period: ElectoralPeriod
    form: ReasonForm


@dataclass(frozen=True)
class ReasonGiven(Screen):
    given: ElectoralReason


def words_of(period: ElectoralPeriod) -> str:
    values = {"name": isolated(period.name), "day": named(period.ends, "j F")}
    return (
        _(
            "Periodo elettorale fino al %(day)s (%(name)s): si comunica solo ciò che è impersonale e indispensabile (L. 28/2000, art. 9)."
        )
        % values
    )


def _warning(_request: HttpRequest, _update: Update | None) -> Screen | None:
    period = verbs.current()
    return PeriodWarning(period, words_of(period)) if period else None


def _given(_request: HttpRequest, update: Update | None) -> Screen | None:
    if update is None or verbs.current() is None:
        return None
    given = ElectoralReason.objects.filter(update=update).select_related("by").first()
    return ReasonGiven(given) if given else None


def _kept(_request: HttpRequest, update: Update | None) -> Screen | None:
    """On the page of a sent update, also when the period is over."""
    given = ElectoralReason.objects.filter(update=update).select_related("by").first() if update else None
    return ReasonGiven(given) if given else None


def gate(update: Update, by: Person) -> Shut | None:
    """Of ``gates.register``: on the day on which it goes, whenever it was planned."""
    period = verbs.current()
    if period is None or ElectoralReason.objects.filter(update=update).exists():
        return None
    return Shut(words_of(period), "newsroom/electoral/gate.html", ReasonWanted(update, period, ReasonForm()))


PARTS = (
    Part("electoral.home", Place.HOME, "newsroom/electoral/warning.html", 1, _warning),
    Part("electoral.editor", Place.EDITOR, "newsroom/electoral/warning.html", 1, _warning),
    Part("electoral.sending", Place.SENDING, "newsroom/electoral/given.html", 1, _given),
    Part("electoral.sent", Place.SENT_NOTE, "newsroom/electoral/given.html", 1, _kept),
)
