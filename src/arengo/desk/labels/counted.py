# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Figures by label."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from arengo.core import outside
from arengo.desk import counted
from arengo.desk.counted import Grouping, Groups
from arengo.desk.labels.models import Label, Labelled


def register() -> None:
    counted.register(Grouping("label", _("Etichetta"), _of, _names))


def _of(since: Mapping[int, datetime], until: datetime) -> Groups:
    """The labels that they carry now, whenever they were put on."""
    found: defaultdict[int, list[str]] = defaultdict(list)
    carried = Labelled.objects.filter(conversation__in=list(since), removed_at=None)
    for conversation, label in carried.values_list("conversation_id", "label_id"):
        found[conversation].append(str(label))
    return found


def _names(keys: Collection[str]) -> Mapping[str, str]:
    ids = [pk for key in keys if (pk := outside.whole(key)) is not None]
    return {str(pk): name for pk, name in Label.objects.filter(pk__in=ids).values_list("pk", "name")}
