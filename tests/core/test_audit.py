# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from arengo.core import audit
from arengo.core.models import AuditEntry, Organization, Person, StaffKey


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


def test_who_it_was_is_sealed_under_their_own_key(esempio: Organization, alice: Person) -> None:
    audit.record("core.renamed", organization=esempio, by=alice)
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(e::text, '') FROM core_auditentry e")
        [(row,)] = cursor.fetchall()
    assert "Alice" not in row
    assert b"Alice".hex() not in row


def test_without_the_key_an_entry_stays_and_names_nobody(esempio: Organization, alice: Person) -> None:
    audit.record("core.renamed", organization=esempio, by=alice)
    StaffKey.objects.all().delete()
    assert AuditEntry.objects.get().person_label == "persona cancellata"


def test_what_arengo_does_by_itself_is_said_so(esempio: Organization) -> None:
    assert audit.record("core.renamed", organization=esempio, by=None).person_label == "Arengo"


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("anna.esempio+x@comune.example.it non va", "… non va"),
        ("Not +39 333 000-0001 today", "Not … today"),
        ("wa_id 393330000001", "wa_id …"),
        ("a@localhost", "…"),
        ("2026-11-29 10:30:59", "2026-11-29 10:30:59"),
        ("131026", "131026"),
        ("avviso_mensile_2", "avviso_mensile_2"),
    ],
)
def test_a_detail_names_nobody_whatever_it_is_given(esempio: Organization, said: str, kept: str) -> None:
    entry = audit.record(
        "core.renamed", organization=esempio, by=None, detail={"reason": said, "several": [{"deep": said}]}
    )
    entry.refresh_from_db()
    assert entry.detail == {"reason": kept, "several": [{"deep": kept}]}


def test_a_page_of_the_log_asks_for_all_names_at_once(
    esempio: Organization, alice: Person, olga: Person
) -> None:
    for person in (alice, olga, alice):
        audit.record("core.renamed", organization=esempio, by=person)
    entries = list(AuditEntry.objects.select_related("person__log_key").order_by("pk"))
    with CaptureQueriesContext(connection) as queries:
        assert [entry.person_label for entry in entries] == ["Alice Esempio", "Olga Esempio", "Alice Esempio"]
    assert len(queries) == 0
