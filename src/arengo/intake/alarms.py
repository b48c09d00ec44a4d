# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is wrong with hearing, in one question: numbers with a second responder, numbers that are silent for too long."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, F, IntegerField, Value

from arengo.core.scope import current_organization_id
from arengo.intake import responders
from arengo.intake.models import Silence
from arengo.intake.responders import Noticed


@dataclass(frozen=True)
class Alarms:
    """Of the scope's senders, the oldest first. The silences are not to be saved."""

    silences: tuple[Silence, ...] = ()
    responders: tuple[Noticed, ...] = ()

    def of(self, sender_id: int) -> Alarms:
        return Alarms(
            tuple(silence for silence in self.silences if silence.pk == sender_id),
            tuple(noticed for noticed in self.responders if noticed.sender_id == sender_id),
        )


def read() -> Alarms:
    organization_id = current_organization_id()
    of_scope = {} if organization_id is None else {"sender__organization_id": organization_id}
    silent = Silence.objects.filter(**of_scope).values_list(
        "pk", "since", F("since"), "usual_minutes", "answer", "code"
    )
    second = responders.unacknowledged().values_list(
        "pk",
        "since",
        "seen_at",
        Value(0, IntegerField()),
        Value(_SECOND, CharField()),
        Value(0, IntegerField()),
    )
    rows: Sequence[tuple[Any, ...]] = sorted(silent.union(second, all=True), key=lambda row: (row[1], row[0]))
    return Alarms(
        tuple(
            Silence(pk=pk, since=since, usual_minutes=usual, answer=answer, code=code)
            for pk, since, _seen, usual, answer, code in rows
            if answer != _SECOND
        ),
        tuple(
            Noticed(pk, since, seen) for pk, since, seen, _usual, answer, _code in rows if answer == _SECOND
        ),
    )


_SECOND = "second"  # no answer of a platform
