# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A poll opens with the sending of its update: what it asks is fixed, its keys are made, the log notes which."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db import transaction

from arengo.core import audit, automatic
from arengo.newsroom.models import Update
from arengo.newsroom.votes import answers, keys
from arengo.newsroom.votes.models import Poll


@dataclass(frozen=True)
class Question:
    """What is asked. ``outlets``: where a vote can be pressed."""

    text: str
    options: Sequence[str]
    closes_at: datetime
    page_url: str = ""
    shows_so_far: bool = False
    outlets: Sequence[str] = ()


def open_poll(update: Update, question: Question) -> Poll:
    """In the transaction that marks the update as leaving; the update is locked. A file whose poll was undone with its transaction
    is taken away by the job that counts."""
    poll = Poll(
        organization_id=update.organization_id,
        update=update,
        question=question.text,
        options=list(question.options),
        page_url=question.page_url,
        shows_so_far=question.shows_so_far,
        closes_at=question.closes_at,
        outlets=list(question.outlets),
        counted=[0] * len(question.options),
    )
    public = keys.make(poll.code)
    poll.public_key, poll.signing_key = public.box, public.signing
    entry = audit.record(
        "newsroom.opened_poll",
        organization=update.organization_id,
        by=update.sent_by,
        on=update,
        detail={"key": keys.mark(public.signing)},
    )
    poll.opened_entry = entry.pk
    poll.save()
    automatic.switch_on_new(answers.ALL)
    return poll


def take_back(update: Update) -> None:
    """Nobody got it: the next sending makes a poll of its own, with other keys. In the transaction that makes a draft of it again."""
    for poll in Poll.objects.filter(update=update):
        poll.delete()
        transaction.on_commit(partial(keys.destroy, poll.code))
