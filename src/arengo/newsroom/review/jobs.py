# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Mails about reviews: one job for each question and each answer."""

from __future__ import annotations

from procrastinate.contrib.django import app

from arengo.core.scope import organization_scope
from arengo.newsroom.review import mails, verbs


@app.task(name=verbs.JOB)
def mail_review(organization_id: int, review_id: int) -> None:
    with organization_scope(organization_id):
        mails.send_of(review_id)
