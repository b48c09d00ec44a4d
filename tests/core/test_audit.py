# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

import pytest
from django.db import DatabaseError, connection, transaction

from arengo.core import audit
from arengo.core.models import AuditEntry, Organization, Person


def test_an_entry_says_who_did_what_to_whom(esempio: Organization, alice: Person) -> None:
    entry = audit.record("core.renamed", organization=esempio, by=alice, on=esempio, detail={"field": "name"})
    assert (entry.person_label, entry.object_type, entry.object_id) == (
        "Alice Esempio",
        "core.Organization",
        str(esempio.pk),
    )


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE core_auditentry SET verb = 'nothing'",
        "DELETE FROM core_auditentry",
        "TRUNCATE core_auditentry",
    ],
)
def test_the_database_refuses_to_change_the_log(esempio: Organization, statement: str) -> None:
    audit.record("core.renamed", organization=esempio, by=None)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert AuditEntry.objects.filter(verb="core.renamed").count() == 1
