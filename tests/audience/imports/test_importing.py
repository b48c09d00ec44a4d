# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who is imported joins with their proof, once; who left stays out; the whole can be undone and survives a kill."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.utils import timezone

from arengo.audience import consent, privacy
from arengo.audience.imports import checking, jobs, running, verbs
from arengo.audience.imports.models import Import, Part, Row
from arengo.audience.imports.verbs import NotNow, Told
from arengo.audience.models import Consent, Identity, Subscription, Topic
from arengo.core.models import AuditEntry, Organization, Person, Role
from arengo.delivery.models import Sender
from arengo.platforms.contract import Address
from tests.audience.imports.importing import ada, checked, imported, town
from tests.factories.audience import ANNA, BRUNO, citizen, known
from tests.factories.core import member
from tests.factories.imports import csv, people

__all__ = ["ada", "checked", "imported", "town"]  # fixtures

pytestmark = pytest.mark.django_db

Make = Callable[..., Import]


def _states(batch: Import) -> list[str]:
    return list(Row.objects.filter(batch=batch).order_by("number").values_list("state", flat=True))


def _listed() -> int:
    return Subscription.objects.filter(active=True).count()


def _says(identity: Identity, action: str, *, days_ago: int = 0) -> None:
    at = timezone.now() - timedelta(days=days_ago)
    consent.say(
        [consent.Words(identity, action, at, Consent.Source.MESSAGE, f"m{days_ago}{action}", "detto", 1)]
    )


def test_each_row_has_its_state_and_its_reason(checked: Make) -> None:
    listed, gone = citizen("Anna", phone=ANNA.phone), citizen("Bruno", phone=BRUNO.phone)
    _says(listed, Consent.Action.GIVEN)
    _says(gone, Consent.Action.GIVEN, days_ago=20)
    _says(gone, Consent.Action.WITHDRAWN, days_ago=10)
    batch = checked(
        csv(
            "CELLULARE;Cognome e nome;interessi",
            "333 000 0001;Esempio Anna;",
            "3330000002;Esempio Bruno;",
            "3,33E+09;Esempio Carla;",
            "333.000.0004;Forlì Dario;eventi",
            "+39 3330000004;Di nuovo Dario;",
            "",
            "3330000006;Esempio Elena;sport",
        )
    )
    rows = list(Row.objects.filter(batch=batch).order_by("number"))
    assert [(row.number, row.state, row.problem) for row in rows] == [
        (2, "listed", ""),
        (3, "left", ""),
        (4, "wrong", "rounded"),
        (5, "ready", ""),
        (6, "double", ""),
        (8, "wrong", "topic"),
    ]
    assert rows[1].detail == (timezone.localdate() - timedelta(days=10)).isoformat()
    assert rows[4].detail == "5"
    assert rows[3].entry.name == "Dario Forlì"


def test_people_join_with_the_proof_of_their_row(imported: Make, sender: Sender, ada: Person) -> None:
    told = Told(
        Import.Proof.DOCUMENT,
        Import.Way.PAPER,
        date(2019, 5, 3),
        date(2026, 9, 30),
        "Chiedo gli avvisi.",
        "faldone 12",
    )
    batch = imported(
        csv("Telefono;Nome;Data;Temi", "3330000001;Anna;03/05/2019;eventi", "3330000002;;;"), told=told
    )
    assert (batch.state, batch.joined, batch.listed, batch.left_out) == ("done", 2, 0, 0)
    anna, bruno = known(ANNA), known(BRUNO)
    subscription = Subscription.objects.get(identity=anna)
    assert subscription.active
    assert subscription.sender_id == sender.pk
    assert timezone.localdate(subscription.since) == date(2019, 5, 3)
    assert [topic.name for topic in subscription.topics.all()] == ["Eventi"]
    assert timezone.localdate(Subscription.objects.get(identity=bruno).since) == date(2026, 9, 30)
    proof = Consent.objects.get(identity=anna)
    assert (proof.source, proof.by, proof.effective) == (Consent.Source.IMPORT, ada, True)
    for words in (
        "Modulo di carta firmato",
        "3 maggio 2019",
        "Chiedo gli avvisi.",
        "faldone 12",
        "Riga 2",
        "iscritti.csv",
    ):
        assert words in proof.text
    assert anna.contact.name == "Anna"
    assert not Part.objects.exists()
    assert AuditEntry.objects.filter(verb="audience.imported_list", person=ada, detail={"count": 2}).exists()


def test_rows_without_a_proof_stay_out_where_each_needs_its_own(imported: Make) -> None:
    told = Told(Import.Proof.ROWS, Import.Way.WEB)
    batch = imported(
        csv(
            "Telefono;Prova;Data",
            "3330000001;prot. 1182;03/05/2019",
            "3330000002;;03/05/2019",
            "3330000003;x;",
        ),
        told=told,
    )
    assert _states(batch) == ["joined", "unproved", "unproved"]
    assert (batch.joined, batch.left_out) == (1, 2)
    assert "prot. 1182" in Consent.objects.get(identity=known(ANNA)).text


def test_who_is_on_the_list_or_left_meanwhile_is_left_alone(
    checked: Make, town: Organization, ada: Person
) -> None:
    batch = checked(csv("Telefono;Temi", "3330000001;eventi", "3330000002;", "3330000003;"))
    anna, bruno = citizen("Anna", phone=ANNA.phone), citizen("Bruno", phone=BRUNO.phone)
    _says(anna, Consent.Action.GIVEN)
    anna_topics = Topic.objects.filter(name="Viabilità")
    Subscription.objects.get(identity=anna).topics.set(anna_topics)
    _says(bruno, Consent.Action.WITHDRAWN)  # who was never on the list, and does not want to be
    verbs.start(batch.pk, by=ada)
    running.run(town.pk, batch.pk)
    assert _states(batch) == ["listed", "left", "joined"]
    assert list(Subscription.objects.get(identity=anna).topics.all()) == list(anna_topics)
    assert not Subscription.objects.get(identity=bruno).active


def test_topics_that_are_gone_meanwhile_never_become_all_topics(
    checked: Make, town: Organization, ada: Person
) -> None:
    batch = checked(csv("Telefono;Temi", "3330000001;eventi", "3330000002;eventi, viabilità"))
    Topic.objects.get(name="Eventi").delete()
    verbs.start(batch.pk, by=ada)
    running.run(town.pk, batch.pk)
    assert _states(batch) == ["wrong", "joined"]
    assert [topic.name for topic in Subscription.objects.get(identity=known(BRUNO)).topics.all()] == [
        "Viabilità"
    ]


def test_undone_those_leave_who_said_nothing_since(imported: Make, town: Organization, ada: Person) -> None:
    batch = imported(people(4))
    first, wrote, left, _other = (known(Address(phone=f"+3933300{number:05d}")) for number in range(4))
    Identity.objects.filter(pk=wrote.pk).update(last_wrote_at=timezone.now())
    _says(left, Consent.Action.WITHDRAWN)
    verbs.undo(batch.pk, by=ada)
    running.undo(town.pk, batch.pk)
    batch.refresh_from_db()
    assert _states(batch) == ["undone", "stayed", "left", "undone"]
    assert (batch.state, batch.taken_back, batch.stayed) == ("undone", 2, 1)
    assert _listed() == 1
    last = Consent.objects.filter(identity=first).order_by("-pk")[0]
    assert (last.action, last.source) == (Consent.Action.WITHDRAWN, Consent.Source.IMPORT)
    assert "iscritti.csv" in last.text
    assert not AuditEntry.objects.filter(verb="audience.unsubscribed").exists()


def test_who_was_taken_back_may_be_imported_again_unless_they_refused(
    imported: Make, town: Organization, ada: Person
) -> None:
    batch = imported(people(2))
    verbs.undo(batch.pk, by=ada)
    running.undo(town.pk, batch.pk)
    refused = known(Address(phone="+393330000000"))
    _says(refused, Consent.Action.WITHDRAWN)
    assert _states(imported(people(2))) == ["left", "joined"]


def test_seven_days_later_nothing_can_be_undone_and_rows_are_gone(imported: Make, ada: Person) -> None:
    batch = imported(people(2))
    Import.objects.update(finished_at=timezone.now() - timedelta(days=7, minutes=1))
    with pytest.raises(NotNow, match="7 giorni"):
        verbs.undo(batch.pk, by=ada)
    jobs.forget_imports(timestamp=0)
    assert not Row.objects.exists()
    assert Import.objects.get().joined == 2
    assert _listed() == 2


def test_a_draft_that_nobody_takes_up_goes(checked: Make) -> None:
    checked(people(2))
    Import.objects.update(touched_at=timezone.now() - timedelta(days=8))
    jobs.forget_imports(timestamp=0)
    assert not Import.objects.exists()
    assert not Part.objects.exists()


def test_killed_half_way_it_goes_on_and_nobody_joins_twice(
    checked: Make, town: Organization, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = checked(people(25))
    verbs.start(batch.pk, by=ada)
    monkeypatch.setattr(running, "BATCH", 10)
    kill_after, real = 2, consent.say

    def dying(said: list[consent.Words]) -> list[consent.Step]:
        nonlocal kill_after
        steps = real(said)
        if not kill_after:
            raise KeyboardInterrupt  # after all was written, before it was committed
        kill_after -= 1
        return steps

    monkeypatch.setattr(running.consent, "say", dying)
    with pytest.raises(KeyboardInterrupt):
        running.run(town.pk, batch.pk)
    assert _listed() == 20
    assert Consent.objects.count() == 20
    monkeypatch.setattr(running.consent, "say", real)
    running.run(town.pk, batch.pk)
    batch.refresh_from_db()
    assert (batch.state, batch.joined, batch.done) == ("done", 25, 25)
    assert Consent.objects.count() == _listed() == 25


def test_a_check_that_was_killed_begins_anew(
    checked: Make, town: Organization, sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = checked(people(25), told=None)
    verbs.confirm_columns(batch.pk, batch.columns, sender.pk)
    monkeypatch.setattr(checking, "BATCH", 10)
    monkeypatch.setattr(checking.bulk, "insert_columns", _dies_at_third(checking.bulk.insert_columns))
    with pytest.raises(KeyboardInterrupt):
        checking.check_rows(town.pk, batch.pk)
    checking.check_rows(town.pk, batch.pk)
    assert _states(batch) == ["ready"] * 25


def _dies_at_third(real: Callable[..., list[int]]) -> Callable[..., list[int]]:
    calls = 0

    def insert(*given: object) -> list[int]:
        nonlocal calls
        calls += 1
        if calls == 3:
            raise KeyboardInterrupt
        return real(*given)

    return insert


def test_of_two_imports_at_once_the_second_hears_of_whom_the_first_is(
    checked: Make, town: Organization, ada: Person
) -> None:
    edo = member(town, "edo2@esempio.test", "Edo Esempio", Role.ADMINISTRATOR)
    first, second = checked(people(3)), checked(people(3, first=10))
    verbs.start(first.pk, by=edo)
    with pytest.raises(NotNow, match="Edo Esempio"):
        verbs.start(second.pk, by=ada)
    assert Part.objects.filter(batch=second).exists()  # it is as it was
    running.run(town.pk, first.pk)
    verbs.start(second.pk, by=ada)
    with pytest.raises(NotNow, match="Ada Esempio"):
        verbs.undo(first.pk, by=edo)


def test_stopped_half_way_who_joined_is_taken_back(
    checked: Make, town: Organization, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = checked(people(25))
    verbs.start(batch.pk, by=ada)
    monkeypatch.setattr(running, "BATCH", 10)
    running.join_batch(batch.pk)
    verbs.undo(batch.pk, by=ada)
    running.run(town.pk, batch.pk)
    assert _listed() == 10
    running.undo(town.pk, batch.pk)
    assert _listed() == 0
    assert _states(batch).count("ready") == 15


def test_ten_thousand_times_the_same_number_is_one_person(imported: Make) -> None:
    batch = imported(csv("Telefono", *["333 0000001"] * 10_000))
    assert (batch.joined, batch.left_out, _listed()) == (1, 9_999, 1)


def test_a_number_that_is_corrected_is_ready(checked: Make) -> None:
    batch = checked(csv("Telefono;Nome", "333 000 001;Anna", "3330000002;Bruno", "33;Carla"))
    wrong = Row.objects.filter(batch=batch, state="wrong").order_by("number")
    first, second = wrong
    assert verbs.mend(batch.pk, {first.pk: "333 000 0001", second.pk: "333 000 0002"}) == 2
    assert _states(batch) == ["ready", "ready", "double"]
    assert Row.objects.get(pk=first.pk).entry.name == "Anna"


def test_who_is_erased_is_in_no_row_and_no_file(checked: Make, ada: Person) -> None:
    batch = checked(people(3))
    anna = citizen("Anna", phone="+393330000001")
    assert [part["row"] for part in privacy.export(anna.contact, by=ada)["imports"]] == [3]
    privacy.erase(anna.contact, by=ada)
    assert [row.entry.phone for row in Row.objects.filter(batch=batch)] == ["+393330000000", "+393330000002"]
    assert not Part.objects.exists()
    verbs.confirm_columns(batch.pk, batch.columns, batch.sender_id)
    checking.check_rows(batch.organization_id, batch.pk)
    batch.refresh_from_db()
    assert batch.state == "unreadable"
    assert "eliminare" in batch.problem


def test_words_that_are_no_topic_are_matched_by_hand(checked: Make, town: Organization) -> None:
    batch = checked(
        csv(
            "CELLULARE;nome;temi",
            "3330000001;Anna;Eventi culturali",
            "3330000002;Bruno;eventi culturali, Viabilità",
            "3330000003;Carla;Newsletter",
            "3330000004;Dario;Boh",
            "333000000;Elena;Eventi culturali",
        )
    )
    assert _states(batch) == ["wrong", "ready", "wrong", "wrong", "wrong"]
    assert dict(batch.by_hand.unknown) == {"eventi culturali": 3, "newsletter": 1, "boh": 1}
    events, roads = (Topic.objects.get(name=name).pk for name in ("Eventi", "Viabilità"))
    verbs.mend(batch.pk, {Row.objects.get(batch=batch, number=6).pk: "333 000 0005"})
    # The number is right now; the word is still no topic, and does not become all topics.
    assert _states(batch)[4] == "wrong"
    verbs.match_topics(
        batch.pk, {"eventi culturali": events, "newsletter": 0, "boh": None, "never asked": roads, "": 99}
    )
    checking.check_rows(town.pk, batch.pk)
    batch.refresh_from_db()
    assert _states(batch) == ["ready", "ready", "ready", "wrong", "ready"]
    rows = Row.objects.filter(batch=batch).order_by("number")
    assert [row.entry.topics for row in rows] == [[events], sorted([events, roads]), [], [], [events]]
    assert rows[4].entry.phone == "+393330000005"  # what was corrected is not lost
    assert dict(batch.by_hand.unknown) == {"boh": 1}
    assert batch.by_hand.topics == {"eventi culturali": events, "newsletter": 0}
    verbs.match_topics(batch.pk, {"newsletter": None})
    checking.check_rows(town.pk, batch.pk)
    assert _states(batch) == ["ready", "ready", "wrong", "wrong", "ready"]


def test_a_number_that_is_corrected_hides_no_other_trouble(checked: Make) -> None:
    batch = checked(
        csv(
            "CELLULARE;temi;data;stato",
            "333000;sport;;",
            "333001;;31/02/2019;",
            "3330000002;sport;;",
            "333003;;;unsubscribed",
        )
    )
    rows = list(Row.objects.filter(batch=batch).order_by("number"))
    verbs.mend(batch.pk, {row.pk: f"333 000 000{place}" for place, row in enumerate(rows)})
    assert [(row.state, row.problem) for row in Row.objects.filter(batch=batch).order_by("number")] == [
        ("wrong", "topic"),
        ("wrong", "day"),
        ("wrong", "topic"),
        ("wrong", "elsewhere"),
    ]


def test_columns_that_are_confirmed_again_keep_corrections_and_proofs(
    checked: Make, town: Organization, sender: Sender
) -> None:
    told = Told(Import.Proof.ROWS, Import.Way.PAPER)
    batch = checked(
        csv(
            "CELLULARE;data;prova",
            "333000;03/05/2019;faldone 1",
            "3330000002;03/05/2019;faldone 2",
            "3330000003;;",
        ),
        told=told,
    )
    verbs.mend(batch.pk, {Row.objects.get(batch=batch, number=2).pk: "3330000001"})
    assert _states(batch) == ["ready", "ready", "unproved"]
    verbs.confirm_columns(batch.pk, batch.columns, sender.pk)
    checking.check_rows(town.pk, batch.pk)
    assert _states(batch) == ["ready", "ready", "unproved"]


def test_what_was_matched_by_hand_goes_with_who_is_erased(checked: Make, ada: Person) -> None:
    person = citizen("Anna", phone=ANNA.phone)
    batch = checked(csv("CELLULARE;temi", "3330000001;Sport", "333;"))
    assert batch.by_hand_sealed
    privacy.erase(person.contact, by=ada)
    batch.refresh_from_db()
    assert batch.by_hand_sealed is None
