# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""During an electoral period what goes out has a reason."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from arengo.core.models import AuditEntry, Membership, Organization, Person, Role
from arengo.newsroom import publishing
from arengo.newsroom.electoral import verbs
from arengo.newsroom.electoral.models import ElectoralPeriod, ElectoralReason
from arengo.newsroom.models import Update
from tests.factories.core import STRANGER_HOST
from tests.factories.newsroom import publish
from tests.newsroom.pages import ROOT, Browse, Write, words

SETTINGS = "/console/impostazioni/periodo-elettorale/"
WHY = "Cambia la viabilità: riguarda chi abita in centro."


@pytest.fixture
def period(town: Organization) -> ElectoralPeriod:
    today = timezone.localdate()
    found: ElectoralPeriod = ElectoralPeriod.objects.create(
        organization=town, name="Elezioni comunali", begins=today - timedelta(days=3), ends=today
    )
    return found


def test_carlo_of_another_organization_gives_no_reason_and_changes_no_period(
    town: Organization,
    altrove: Organization,
    period: ElectoralPeriod,
    carlo: Person,
    write: Write,
    browse: Browse,
) -> None:
    update = write()
    for client in (browse(carlo), browse(carlo, host=STRANGER_HOST)):
        assert client.get(f"{ROOT}{update.pk}/motivo/").status_code == 404
        assert client.post(f"{ROOT}{update.pk}/motivo/", {"reason": WHY}).status_code == 404
        assert client.get(f"{SETTINGS}{period.pk}/togli/").status_code == 404
        assert client.post(f"{SETTINGS}{period.pk}/togli/").status_code == 404
    assert not ElectoralReason.objects.exists()
    assert ElectoralPeriod.objects.count() == 1


def test_outside_of_a_period_nobody_asks(town: Organization, write: Write, edo: Person) -> None:
    today = timezone.localdate()
    for begins, ends in ((-9, -1), (1, 9)):
        ElectoralPeriod.objects.create(
            organization=town,
            name="Referendum",
            begins=today + timedelta(days=begins),
            ends=today + timedelta(days=ends),
        )
    publish(town, write(), edo)


@pytest.mark.usefixtures("period")
def test_within_one_nothing_goes_without_a_reason(town: Organization, write: Write, edo: Person) -> None:
    update = write()
    with pytest.raises(publishing.NotReady) as refused:
        publish(town, update, edo)
    assert "L. 28/2000" in refused.value.shut[0].words
    verbs.give_reason(update.pk, WHY, by=edo)
    publish(town, update, edo)
    assert AuditEntry.objects.get(verb="newsroom.gave_reason").detail == {"reason": WHY}


@pytest.mark.usefixtures("period")
def test_the_way_of_an_editor_through_it(
    town: Organization, write: Write, edo: Person, browse: Browse
) -> None:
    update, client = write(), browse(edo)
    assert "Periodo elettorale" in words(client.get(ROOT))
    assert "Periodo elettorale" in words(client.get(f"{ROOT}{update.pk}/modifica/"))
    question = words(client.get(f"{ROOT}{update.pk}/invio/"))
    assert "Perché va comunicato adesso" in question
    assert "Invia a 3 persone" not in question
    short = client.post(f"{ROOT}{update.pk}/motivo/", {"reason": "boh"})
    assert short.status_code == 422
    assert "boh" in short.content.decode()
    answer = client.post(f"{ROOT}{update.pk}/motivo/", {"reason": WHY})
    assert answer["Location"] == f"{ROOT}{update.pk}/invio/"
    question = words(client.get(answer["Location"]))
    assert WHY in question
    assert "Invia a 3 persone" in question
    client.post(answer["Location"], {"key": "k", "version": "1"})
    assert Update.objects.get().state == Update.State.SENDING
    assert WHY in words(client.get(f"{ROOT}{update.pk}/"))


@pytest.mark.parametrize(
    ("role", "status"), [(Role.ADMINISTRATOR, 302), (Role.AUDITOR, 403), (Role.EDITOR, 403)]
)
def test_only_administrators_write_the_days(
    town: Organization, edo: Person, browse: Browse, role: str, status: int
) -> None:
    Membership.objects.filter(person=edo).update(roles=[role])
    sent = {"name": "Referendum", "begins": "2027-03-01", "ends": "2027-04-12"}
    assert browse(edo).post(SETTINGS, sent).status_code == status
    assert ElectoralPeriod.objects.exists() == (status == 302)


def test_days_that_cannot_be_are_refused_in_words(town: Organization, alice: Person, browse: Browse) -> None:
    for ends, said in (("2027-02-01", "viene prima del primo"), ("2029-01-01", "più di un anno")):
        answer = browse(alice).post(SETTINGS, {"name": "Voto", "begins": "2027-03-01", "ends": ends})
        assert answer.status_code == 422
        assert said in words(answer)
    assert not ElectoralPeriod.objects.exists()


def test_a_period_is_taken_away_after_a_question(
    town: Organization, period: ElectoralPeriod, alice: Person, browse: Browse
) -> None:
    assert "Togliere il periodo elettorale?" in words(browse(alice).get(f"{SETTINGS}{period.pk}/togli/"))
    browse(alice).post(f"{SETTINGS}{period.pk}/togli/")
    assert not ElectoralPeriod.objects.exists()


def test_there_are_never_more_than_the_most(
    town: Organization, alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verbs, "MOST", 1)
    day = date(2027, 3, 1)
    verbs.add(town, name="Voto", begins=day, ends=day, by=alice)
    with pytest.raises(verbs.Refused):
        verbs.add(town, name="Voto", begins=day, ends=day, by=alice)
