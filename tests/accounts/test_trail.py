# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The log knows who entered, who tried, and what changed about the ways in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client

from arengo.accounts.models import FailureCount
from arengo.core.console import retention
from arengo.core.log_entries import verb_words as words
from arengo.core.models import Attempt, AuditEntry, Membership, Organization, Person, Role
from arengo.core.scope import organization_scope
from tests.accounts.codes import SECRET, set_up_codes
from tests.accounts.signing_in import ENTRANCE, NEW, confirmed, is_in, mailed_link, sign_in
from tests.factories.core import HOST, PASSWORD, STRANGER_HOST, join

Browse = Callable[..., Client]


@pytest.fixture(autouse=True)
def _no_rate_limits(settings: Any) -> None:
    """Ceilings of attempts have tests of their own; here each attempt must reach the log."""
    settings.ACCOUNT_RATE_LIMITS = False


def verbs(organization: Organization) -> list[str]:
    return list(
        AuditEntry.objects.filter(organization=organization, verb__startswith="accounts.")
        .order_by("pk")
        .values_list("verb", flat=True)
    )


def test_who_enters_and_leaves_is_in_the_log(olga: Person, esempio: Organization) -> None:
    client = sign_in(olga.email)
    client.post(f"{ENTRANCE}logout/")
    assert verbs(esempio) == ["accounts.signed_in", "accounts.signed_out"]
    assert set(AuditEntry.objects.values_list("person", flat=True)) == {olga.pk}
    with organization_scope(esempio):
        assert Membership.objects.get(person=olga).entered_at is not None


def test_a_wrong_password_is_in_the_log_of_the_town_and_nobody_did_it(
    olga: Person, esempio: Organization
) -> None:
    sign_in(olga.email, "sbagliata")
    entry = AuditEntry.objects.get(verb="accounts.sign_in_failed")
    assert entry.organization == esempio
    assert entry.person is None
    assert entry.detail == {"person": olga.pk}


def test_a_flood_of_failures_is_a_few_lines(olga: Person, esempio: Organization) -> None:
    for _time in range(41):
        sign_in(olga.email, "sbagliata")
        Attempt.objects.all().delete()  # as an hour's windows end, and other browsers and networks have their own
    entries = AuditEntry.objects.filter(verb="accounts.sign_in_failed").order_by("pk")
    assert [entry.detail.get("count") for entry in entries] == [None] * 5 + [10, 20, 40]
    assert FailureCount.unscoped.get().count == 41


def test_addresses_of_nobody_here_are_counted_and_not_written(
    esempio: Organization, carlo: Person, altrove: Organization
) -> None:
    for number in range(5):
        sign_in(f"nessuno{number}@altrove.test", "sbagliata")
        sign_in(carlo.email, "sbagliata")
    entry = AuditEntry.objects.get(organization=esempio)
    assert (entry.verb, entry.detail) == ("accounts.unknown_failed", {"count": 10})
    assert not AuditEntry.objects.filter(organization=altrove).exists()
    assert "@" not in str(AuditEntry.objects.values())


def test_a_wrong_code_is_in_the_log(olga: Person, esempio: Organization) -> None:
    TOTP.activate(olga, SECRET)
    client = sign_in(olga.email)
    client.post(f"{ENTRANCE}2fa/authenticate/", {"code": "abcdef"})
    assert verbs(esempio) == ["accounts.factor_failed"]


def test_changes_of_the_ways_in_are_in_the_log_of_each_town_where_one_works(
    carlo: Person, esempio: Organization, altrove: Organization
) -> None:
    join(esempio, carlo, Role.OPERATOR)
    client = confirmed(sign_in(carlo.email, host=STRANGER_HOST))
    change = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    client.post(f"{ENTRANCE}password/change/", change)
    assert "accounts.changed_password" in verbs(esempio)
    assert "accounts.changed_password" in verbs(altrove)
    assert "accounts.signed_in" not in verbs(esempio)


def test_a_changed_password_ends_the_other_sessions(olga: Person) -> None:
    held = sign_in(olga.email)
    client = confirmed(sign_in(olga.email))
    change = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    client.post(f"{ENTRANCE}password/change/", change)
    assert not is_in(held)
    assert is_in(client)


@pytest.mark.django_db(transaction=True)
def test_a_factor_that_comes_and_goes_is_in_the_log(olga: Person, esempio: Organization) -> None:
    client = confirmed(sign_in(olga.email))
    set_up_codes(client)
    client.post(f"{ENTRANCE}2fa/recovery-codes/generate/")
    client.post(f"{ENTRANCE}2fa/totp/deactivate/")
    found = [verb for verb in verbs(esempio) if "signed" not in verb]
    assert sorted(found) == sorted(
        ["accounts.added_factor"] * 2 + ["accounts.renewed_codes"] + ["accounts.removed_factor"] * 2
    )


def test_a_password_chosen_by_mail_is_in_the_log(olga: Person, esempio: Organization) -> None:
    guest = Client(headers={"host": HOST})
    guest.post(f"{ENTRANCE}password/reset/", {"email": olga.email})
    form = guest.get(mailed_link(olga.email), follow=True)
    guest.post(form.request["PATH_INFO"], {"password1": NEW, "password2": NEW})
    assert verbs(esempio) == ["accounts.reset_password"]


def test_nothing_of_the_network_or_the_browser_is_written(olga: Person) -> None:
    client = Client(headers={"host": HOST, "user-agent": "Browser/9"}, REMOTE_ADDR="203.0.113.77")
    for password in ("sbagliata", PASSWORD):
        client.post(f"{ENTRANCE}login/", {"login": olga.email, "password": password})
    written = str(AuditEntry.objects.values())
    assert "203.0" not in written
    assert "Browser" not in written


def test_the_page_of_the_log_says_it_in_words(alice: Person, olga: Person, browse: Browse) -> None:
    sign_in(olga.email, "sbagliata")
    sign_in(olga.email)
    page = browse(alice).get("/console/impostazioni/registro/?room=accounts").content.decode()
    assert "è entrato nella console" in page
    assert "un accesso non riuscito" in page
    assert "persona: Olga Esempio" in page


def test_every_verb_of_this_room_has_its_words() -> None:
    import re
    from pathlib import Path

    import arengo

    source = "".join(path.read_text() for path in Path(arengo.__file__).parent.rglob("*.py"))
    found = set(re.findall(r'"(accounts\.[a-z_]+)"', source)) - {
        "accounts.factor_added",
        "accounts.factor_removed",
    }
    known = {verb for verb in found if words(verb) != verb}
    uids = {verb for verb in found if f'dispatch_uid="{verb}"' in source}
    kept = {each.name for each in retention.kept()}
    assert found - known - uids - kept == set()
