# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""An administrator with a list, and what the jobs do with it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from arengo.audience.defaults import create_defaults
from arengo.audience.imports import checking, running, verbs
from arengo.audience.imports.models import Import
from arengo.audience.imports.verbs import Told
from arengo.core.models import Organization, Person, Role
from arengo.delivery.models import Sender
from tests.factories.core import member

PAPER = Told(
    Import.Proof.DOCUMENT, Import.Way.PAPER, None, None, "Chiedo di ricevere gli avvisi.", "archivio URP"
)


@pytest.fixture
def town(scope: Organization, sender: Sender) -> Organization:
    create_defaults(scope)
    return scope


@pytest.fixture
def ada(town: Organization) -> Person:
    return member(town, "ada@esempio.test", "Ada Esempio", Role.ADMINISTRATOR)


@pytest.fixture
def checked(town: Organization, sender: Sender, ada: Person) -> Callable[..., Import]:
    """``checked(content)``: uploaded, columns as they were recognised, rows checked, one document for all."""

    def make(
        content: bytes, name: str = "iscritti.csv", told: Told | None = PAPER, encoding: str = ""
    ) -> Import:
        batch = verbs.upload(town, name, [content], sender_id=sender.pk, by=ada)
        checking.read_file(town.pk, batch.pk)
        batch.refresh_from_db()
        verbs.confirm_columns(batch.pk, batch.columns, sender.pk)
        checking.check_rows(town.pk, batch.pk)
        if told:
            verbs.tell_proof(batch.pk, told)
        batch.refresh_from_db()
        return batch

    return make


@pytest.fixture
def imported(checked: Callable[..., Import], town: Organization, ada: Person) -> Callable[..., Import]:
    """The same, and everybody who is ready has joined."""

    def make(content: bytes, **more: object) -> Import:
        batch = checked(content, **more)
        verbs.start(batch.pk, by=ada)
        running.run(town.pk, batch.pk)
        batch.refresh_from_db()
        return batch

    return make
