# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A vault key is retired: what it sealed is sealed again while the service runs, and everybody is still found."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.db import connection, models, transaction

from arengo.audience.models import Consent, Identity, phone_hash
from arengo.core import resealing, sealed, vault as vaults
from arengo.core.database import conninfo
from arengo.core.models import Organization
from arengo.core.scope import organization_scope
from arengo.core.vault import VaultError, new_key, sealed_under, vault
from arengo.delivery.models import Delivery, Sender
from arengo.platforms.contract import Address
from tests.core.sealed_town import NEW, OLD, ROOT, lookup_row, phone, town, use, write
from tests.support.waiting import NEVER, until

__all__ = ["lookup_row", "town", "use"]  # fixtures

pytestmark = pytest.mark.django_db(transaction=True)


def test_every_column_of_bytes_says_what_it_holds() -> None:
    """What fails here would stay under a retired key: declare core.sealed.SealedField, LookupField or OpaqueField."""
    unsaid = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models(include_auto_created=True)
        if model.__module__.startswith("arengo.")
        for field in model._meta.local_concrete_fields
        if isinstance(field, models.BinaryField)
        and not isinstance(field, (sealed.SealedField, sealed.LookupField, sealed.OpaqueField))
    ]
    assert unsaid == []


def test_a_name_and_its_kind_agree() -> None:
    """The guard of what only grows knows these columns by their names (core/migrations/0030)."""
    for model in apps.get_models():
        for field in model._meta.local_concrete_fields:
            if isinstance(field, sealed.SealedField):
                assert field.column.endswith("_sealed"), f"{model._meta.label}.{field.name}"
            if isinstance(field, sealed.LookupField):
                assert field.column.endswith("_hash"), f"{model._meta.label}.{field.name}"


def test_the_new_key_alone_opens_everything_and_finds_everybody(
    town: Organization, sender: Sender, use: Callable[..., None]
) -> None:
    assert set(resealing.keys_in_use()) == {"test"}
    token = sender.credentials
    use(NEW, OLD)
    resealing.reseal()
    in_use = resealing.keys_in_use()
    assert set(in_use) == {"fresh"}
    assert {place for place, count in in_use["fresh"].items() if count} >= {
        "audience_contactkey.key_sealed",
        "audience_identity.phone_sealed",
        "audience_identity.user_id_sealed",
        "core_lookupkeys.keys_sealed",
        "delivery_delivery.address_sealed",
        "delivery_delivery.outgoing_sealed",
        "delivery_sender.credentials_sealed",
        "intake_journal.body_sealed",
    }
    use(NEW)
    for number in range(30):
        assert Identity.objects.get(phone_hash=phone_hash("whatsapp", phone(number))).address == Address(
            phone=phone(number), user_id=f"IT.{number}"
        )
    assert {consent.text for consent in Consent.objects.all()} == {"ISCRIVIMI"}
    assert Sender.objects.get().credentials == token


def test_the_retired_key_opens_nothing_of_the_present_database(
    town: Organization, use: Callable[..., None]
) -> None:
    use(NEW, OLD)
    resealing.reseal()
    use(OLD)
    with pytest.raises(VaultError):
        vault().lookup("anybody")
    with pytest.raises(VaultError):
        _ = Identity.objects.all()[0].address


def test_twice_is_as_good_as_once(town: Organization, use: Callable[..., None]) -> None:
    use(NEW, OLD)
    assert sum(table.resealed for table in resealing.reseal()) > 60
    before = [bytes(row) for row in Identity.objects.order_by("pk").values_list("phone_sealed", flat=True)]
    assert sum(table.resealed for table in resealing.reseal()) == 0
    assert before == [
        bytes(row) for row in Identity.objects.order_by("pk").values_list("phone_sealed", flat=True)
    ]


def test_a_row_in_somebody_elses_hands_is_waited_for_by_nobody_and_sealed_later(
    town: Organization, use: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    use(NEW, OLD)
    first = Identity.objects.order_by("pk")[0]
    with psycopg.connect(conninfo()) as other:
        other.execute("SELECT FROM audience_identity WHERE id = %s FOR UPDATE", (first.pk,))
        passes: list[float] = []

        def between(seconds: float) -> None:
            passes.append(seconds)
            assert sealed_under(bytes(Identity.objects.get(pk=first.pk).phone_sealed or b"")) == "test"
            other.rollback()

        monkeypatch.setattr(resealing, "_BETWEEN_PASSES", 0.0123)
        monkeypatch.setattr(
            resealing, "_pause", lambda seconds: between(seconds) if seconds == 0.0123 else None
        )
        [identities] = [table for table in resealing.reseal() if table.table == "audience_identity"]
    assert passes == [0.0123]
    assert (identities.busy, identities.resealed) == (0, 30)


def test_what_is_written_meanwhile_is_neither_lost_nor_left(
    town: Organization, use: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    use(NEW, OLD)
    monkeypatch.setattr(resealing, "_BATCH", 2)
    ended, written, wrong = threading.Event(), [100], []

    def service() -> None:
        try:
            with organization_scope(town):
                while not ended.is_set():
                    write(town, written[0])
                    moved = Identity.objects.order_by("?")[0]
                    with transaction.atomic():
                        held = Identity.objects.select_for_update().get(pk=moved.pk)
                        assert held.address.phone
                        held.move_to(Address(phone=held.address.phone, user_id=f"IT.moved.{held.pk}"))
                        held.save()
                    written[0] += 1
        except Exception as error:  # noqa: BLE001  # whatever it is, the test tells
            wrong.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=service)
    thread.start()
    try:
        until(lambda: written[0] > 105 or wrong)
        resealing.reseal()
    finally:
        ended.set()
        thread.join(NEVER)
    assert wrong == []
    use(NEW)
    assert set(resealing.keys_in_use()) == {"fresh"}
    for number in [*range(30), *range(100, written[0])]:
        identity = Identity.objects.get(phone_hash=phone_hash("whatsapp", phone(number)))
        assert identity.address.phone == phone(number)
        assert identity.address.user_id in (f"IT.{number}", f"IT.moved.{identity.pk}")


_KILLED = """
import os, signal, sys
import django
django.setup()
from django.conf import settings
settings.ARENGO_VAULT_KEYS = sys.argv[1]
settings.DATABASES["default"]["NAME"] = sys.argv[2]
from django.db import connection
connection.settings_dict["NAME"] = sys.argv[2]
from arengo.core import resealing
resealing._BATCH = 3
def watch(progress):
    if progress.table == "audience_identity" and progress.resealed >= 9:
        os.kill(os.getpid(), signal.SIGKILL)
resealing.reseal(watch)
"""


def test_killed_in_the_middle_it_goes_on_where_it_was(town: Organization, use: Callable[..., None]) -> None:
    killed = subprocess.run(
        [sys.executable, "-c", _KILLED, f"{NEW},{OLD}", connection.settings_dict["NAME"]],
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "arengo.config.settings",
            "PYTHONPATH": os.pathsep.join([os.path.join(ROOT, "src"), ROOT]),
        },
        capture_output=True,
        text=True,
        timeout=NEVER,
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    in_use = resealing.keys_in_use()
    assert in_use["fresh"]["audience_identity.phone_sealed"] == 9
    assert in_use["test"]["audience_identity.phone_sealed"] == 21
    use(NEW, OLD)
    resealing.reseal()
    use(NEW)
    assert set(resealing.keys_in_use()) == {"fresh"}
    assert Identity.objects.get(phone_hash=phone_hash("whatsapp", phone(29))).address.phone == phone(29)


def test_only_one_run_at_a_time(town: Organization) -> None:
    with psycopg.connect(conninfo()) as other:
        other.execute("SELECT pg_advisory_lock(%s)", (resealing._LOCK,))
        with pytest.raises(resealing.Running):
            resealing.reseal()


def test_what_no_key_opens_is_counted_and_left_as_it_is(town: Organization, use: Callable[..., None]) -> None:
    identity = Identity.objects.order_by("pk")[0]
    strange = vaults.Vault(vaults.parse_keys(new_key("lost"))).seal(b"?", purpose="phone")
    Identity.objects.filter(pk=identity.pk).update(phone_sealed=strange)
    use(NEW, OLD)
    [identities] = [table for table in resealing.reseal() if table.table == "audience_identity"]
    assert identities.unopened == 1
    in_use = resealing.keys_in_use()
    assert in_use["lost"] == {"audience_identity.phone_sealed": 1}
    identity.refresh_from_db()
    assert bytes(identity.phone_sealed or b"") == strange
    assert sealed_under(bytes(identity.user_id_sealed or b"")) == "fresh"  # the row's other value


def test_a_delivery_without_an_address_any_more_is_no_trouble(
    town: Organization, use: Callable[..., None]
) -> None:
    Delivery.objects.update(address_sealed=b"", outgoing_sealed=None)
    use(NEW, OLD)
    assert all(table.unopened == 0 for table in resealing.reseal())
    assert set(resealing.keys_in_use()) == {"fresh"}


def test_a_value_sealed_inside_another_is_sealed_again_where_it_lies(
    town: Organization, use: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As of a second factor's secret, which lies as text in another package's JSON."""
    from arengo.core.models import Heartbeat

    def rewrite(value: dict[str, Any], each: sealed.Each) -> dict[str, Any]:
        if "secret" not in value:
            return value
        return {**value, "secret": each(bytes.fromhex(value["secret"]), "mfa").hex()}

    monkeypatch.setattr(sealed, "_inside", {})
    sealed.register_inside("core.Heartbeat", "detail", rewrite)
    secret = {"kind": "totp", "secret": vault().seal(b"JBSWY3DP", purpose="mfa").hex()}
    Heartbeat.objects.create(name="a", kind="web", at="2026-11-01T00:00Z", detail=secret)
    Heartbeat.objects.create(name="b", kind="web", at="2026-11-01T00:00Z", detail={"other": 1})
    assert resealing.keys_in_use()["test"]["core_heartbeat.detail"] == 1
    use(NEW, OLD)
    [beats] = [table for table in resealing.reseal() if table.table == "core_heartbeat"]
    assert (beats.looked_at, beats.resealed) == (2, 1)
    assert resealing.keys_in_use()["fresh"]["core_heartbeat.detail"] == 1
    use(NEW)
    kept = Heartbeat.objects.get(name="a").detail
    assert kept["kind"] == "totp"
    assert vault().open(bytes.fromhex(kept["secret"]), purpose="mfa") == b"JBSWY3DP"
    assert Heartbeat.objects.get(name="b").detail == {"other": 1}


@pytest.mark.parametrize(
    ("said", "change"),
    [
        ("off", "text_sealed = '\\x0102'"),
        ("on", "action = 'withdrawn'"),
        ("on", "action = 'withdrawn', text_sealed = '\\x0102'"),
        ("on", "text_sealed = NULL"),
        ("on", "text_sealed = ''"),
        ("on", "text_sealed = '\\x0102'"),
        ("on", "at = now()"),
    ],
)
def test_of_a_consent_nothing_else_changes_while_it_is_sealed_again(
    town: Organization, said: str, change: str
) -> None:
    with psycopg.connect(conninfo()) as other:
        other.execute(f"SET LOCAL arengo.resealing = '{said}'")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            other.execute(f"UPDATE audience_consent SET {change}")  # noqa: S608


def test_the_log_stays_closed_also_to_who_seals_again(town: Organization, alice: Any) -> None:
    from arengo.core import audit

    audit.record("core.tried", organization=town, by=alice)
    for statement in (
        "UPDATE core_auditentry SET verb = 'x'",
        "DELETE FROM core_auditentry",
        "TRUNCATE core_auditentry",
    ):
        with psycopg.connect(conninfo()) as other:
            other.execute("SET LOCAL arengo.resealing = 'on'")
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                other.execute(statement)  # type: ignore[arg-type]  # three constants
