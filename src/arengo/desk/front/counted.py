# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Figures by topic: those of ``/sportello/``, whose titles begin what a citizen writes from there."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from arengo.desk import counted
from arengo.desk.counted import Grouping, Groups
from arengo.desk.front.reading import front_page, topics_of
from arengo.desk.models import Message


def register() -> None:
    counted.register(Grouping("topic", _("Tema"), _of, _names))


def _of(since: Mapping[int, datetime], until: datetime) -> Groups:
    """The topic with which the citizen began last. One whose title is written otherwise today is another topic."""
    titles = {topic.title.casefold(): topic.title for topic in topics_of(front_page())}
    if not titles or not since:
        return {}
    begins = Q()
    for title in titles.values():
        begins |= Q(text__istartswith=title)
    said = Message.objects.filter(
        begins,
        conversation__in=list(since),
        direction=Message.Direction.IN,
        sent_at__gte=min(since.values()),
        sent_at__lt=until,
    )
    found: dict[int, list[str]] = {}
    for conversation, at, text in said.order_by("sent_at", "pk").values_list(
        "conversation_id", "sent_at", "text"
    ):
        if at >= since[conversation]:
            written = text.casefold()
            longest = max((each for each in titles if written.startswith(each)), key=len, default=None)
            found[conversation] = [titles[longest]] if longest else []
    return found


def _names(keys: Collection[str]) -> Mapping[str, str]:
    return {key: key for key in keys}
