# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""How a poll stands, for the console and for its public page."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _, ngettext

from arengo.core import automatic
from arengo.newsroom.models import Update
from arengo.newsroom.outlets.base import registry
from arengo.newsroom.outlets.base.contract import Counts
from arengo.newsroom.votes import answers, receipts
from arengo.newsroom.votes.counting import FEWEST, LEAST
from arengo.newsroom.votes.models import Poll
from arengo.newsroom.votes.words import left, many, percent, until


class Standing(enum.StrEnum):
    OPEN = "open"
    COUNTING = "counting"  # its time is over, and its job has not come by yet
    CLOSED = "closed"
    FEW = "few"  # closed, with so few votes that their shares are not told
    LOST = "lost"


@dataclass(frozen=True)
class Share:
    """Of one answer. ``bar``: its length of 100, for a drawing. ``leads``: nobody has more."""

    option: str
    votes: int
    percent: str
    bar: str
    leads: bool


@dataclass(frozen=True)
class From:
    """One outlet. ``had``: how many got the poll there. ``votes``, ``percent`` "": hidden, for they are few."""

    name: str
    had: int
    votes: str
    percent: str


@dataclass(frozen=True)
class Result:
    """What everybody may know. ``total``: votes that are counted. ``shares`` empty: nothing is told of them yet, or ever."""

    poll: Poll
    standing: Standing
    until: str
    total: int
    shares: Sequence[Share]

    @property
    def is_open(self) -> bool:
        return self.standing is Standing.OPEN

    @property
    def is_closed(self) -> bool:
        return self.standing in (Standing.CLOSED, Standing.FEW)

    @property
    def heading(self) -> str:
        if self.is_closed:
            return ngettext("%(shown)s voto", "%(shown)s voti", self.total) % {"shown": many(self.total)}
        words = ngettext("%(shown)s voto fin qui", "%(shown)s voti fin qui", self.total)
        return words % {"shown": many(self.total)}

    @property
    def text(self) -> str:
        """The result in words: what the picture says, and what is read aloud in its place."""
        shares = "; ".join(
            _("%(option)s: %(votes)s (%(percent)s)")
            % {"option": share.option, "votes": many(share.votes), "percent": share.percent}
            for share in self.shares
        )
        return f"{self.poll.question} {self.heading}. {shares}. {not_scientific()}"


@dataclass(frozen=True)
class Report:
    """For the console. ``problems``: what does not agree with what was published. ``silent``: who votes is told nothing."""

    result: Result
    left: str
    outlets: Sequence[From]
    problems: Sequence[str]
    silent: bool
    no_key: bool
    fewest: int = FEWEST

    @property
    def poll(self) -> Poll:
        return self.result.poll


def not_scientific() -> str:
    return _("Non è un sondaggio scientifico: ha votato chi ha voluto.")


def result_of(poll: Poll) -> Result:
    whole = len(poll.counted) == len(poll.options)
    most = max(poll.counted, default=0)
    shares = [
        Share(
            option,
            votes,
            percent(votes, poll.votes),
            f"{100 * votes / max(1, poll.votes):.2f}",
            votes == most,
        )
        for option, votes in zip(poll.options, poll.counted, strict=False)
    ]
    return Result(
        poll, _standing(poll), until(poll.closes_at), poll.votes, shares if whole and poll.votes else []
    )


def report_of(update: Update) -> Report | None:
    """None for one that has no poll."""
    poll: Poll | None = Poll.objects.filter(update=update).first()
    if poll is None:
        return None
    return Report(
        result=result_of(poll),
        left=left(poll.closes_at - timezone.now()),
        outlets=_outlets(update, poll),
        problems=receipts.problems(poll) if poll.state == Poll.State.CLOSED else [],
        silent=poll.is_open and answers.TAKEN not in automatic.switched_on(),
        no_key=poll.is_open and poll.tries > 0,
    )


def _standing(poll: Poll) -> Standing:
    if poll.state == Poll.State.LOST:
        return Standing.LOST
    if poll.state == Poll.State.CLOSED:
        return Standing.CLOSED if len(poll.counted) == len(poll.options) else Standing.FEW
    return Standing.OPEN if poll.closes_at > timezone.now() else Standing.COUNTING


def _outlets(update: Update, poll: Poll) -> list[From]:
    """Those where one votes. Fewer votes than ``LEAST`` are hidden until it is closed."""
    placements = list(update.placements.all())
    found = []
    for outlet in registry.outlets():
        if outlet.key not in poll.outlets or not isinstance(outlet, Counts):
            continue
        mine = [one for one in placements if one.outlet == outlet.key and one.reference]
        had = sum(figures.delivered for figures in outlet.figures(mine).values())
        votes = poll.counted_from.get(outlet.key, 0)
        shown = votes >= (LEAST if poll.is_open else 1)
        found.append(
            From(
                str(outlet.words.name),
                had,
                many(votes) if shown else "",
                percent(votes, had) if shown and had else "",
            )
        )
    return found
