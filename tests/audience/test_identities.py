# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""One person stays one, and two stay two, in whatever order and form a change of number is told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from arengo.audience.models import Contact, Identity, Subscription
from arengo.core.models import Organization
from arengo.core.scope import organization_scope
from arengo.delivery.models import Sender
from arengo.desk.models import Message
from arengo.intake.models import Journal
from arengo.platforms.contract import Address
from tests.factories.audience import known
from tests.factories.intake import arrive, problems
from tests.factories.webhooks import NOON, body, change, message, preference, system, written

pytestmark = pytest.mark.django_db(transaction=True)

A, B, C = "+393330000011", "+393330000012", "+393330000013"
ANNA, ANNA2, ANNA3 = "IT.ANNA0001", "IT.ANNA0002", "IT.ANNA0003"
BRUNO, BRUNO2 = "IT.BRUNO0001", "IT.BRUNO0002"


@pytest.fixture
def town(esempio: Organization, sender: Sender) -> Iterator[Sender]:
    from arengo.audience.defaults import create_defaults

    with organization_scope(esempio):
        create_defaults(esempio)
        yield sender


def moved(before: Address, after: Address, **more: Any) -> dict[str, Any]:
    """As it is told since summer 2026: both numbers where they are known, else only the ids."""
    told: dict[str, Any] = {"type": "user_changed_user_id"}
    if after.phone:
        told = {"type": "user_changed_number", "wa_id": after.phone.removeprefix("+")}
    if after.user_id:
        told["user_id"] = after.user_id
    if before.user_id:
        told["previous_user_id"] = before.user_id
    who = {"from": before.phone.removeprefix("+")} if before.phone else {}
    return system(told, **who, **more)


def said(person: Identity) -> set[str]:
    return set(Message.objects.filter(conversation__contact=person.contact).values_list("text", flat=True))


FORMS: dict[str, dict[str, Any]] = {
    "numbers and ids": moved(Address(A, ANNA), Address(B, ANNA2)),
    "ids alone": moved(Address(user_id=ANNA), Address(user_id=ANNA2)),
    "the new id beside the message": {
        **moved(Address(user_id=ANNA), Address(user_id=ANNA2)),
        "from_user_id": ANNA2,
    },
    "the old id beside the message": {
        **system({"type": "user_changed_user_id", "user_id": ANNA2}),
        "from_user_id": ANNA,
    },
    "the old number beside the new id": {**moved(Address(A, ANNA), Address(B, ANNA2)), "from_user_id": ANNA2},
    "the new number beside the new id": {
        **system({"type": "user_changed_number", "user_id": ANNA2, "previous_user_id": ANNA}),
        "from_user_id": ANNA2,
        "from": B[1:],
    },
    "parents beside them": system(
        {
            "type": "user_changed_user_id",
            "user_id": ANNA2,
            "previous_user_id": ANNA,
            "parent_user_id": "IT.ENT.2",
            "previous_parent_user_id": "IT.ENT.1",
        }
    ),
    "only Meta's sentence": system(
        {
            "type": "user_changed_user_id",
            "body": f"User Anna Esempio changed from {ANNA} to {ANNA2}",
            "user_id": ANNA2,
        }
    ),
    "numbers alone": moved(Address(A), Address(B)),
    "as until 2024": system({"type": "customer_changed_number", "customer": A[1:], "new_wa_id": B[1:]}),
    "as until 2024, from the old number": {
        **system({"type": "customer_changed_number", "wa_id": B[1:]}),
        "from": A[1:],
    },
}


@pytest.mark.parametrize("order", ["join, change", "change, join", "one list", "two fields"])
@pytest.mark.parametrize("form", FORMS)
def test_who_joins_and_then_changes_number_is_on_the_list_under_the_new_one(
    town: Sender, form: str, order: str
) -> None:
    told = {**FORMS[form], "id": f"wamid.{form}"}
    new = Address(user_id=ANNA2) if "system" in told and told["system"].get("user_id") else Address(B)
    arrive(town, written(message(A, ANNA)))
    join = message(A, ANNA, "ISCRIVIMI", at=NOON + 60)
    if order == "join, change":
        rows = arrive(town, written(join), written(told))
    elif order == "one list":
        rows = arrive(town, written(join, told))
    elif order == "two fields":
        rows = arrive(
            town,
            body(
                change("user_preferences", user_preferences=[preference(A, ANNA, "resume")]),
                change(messages=[join, told]),
            ),
        )
    else:
        afterwards = message(new.phone, new.user_id, "ISCRIVIMI", at=NOON + 60)
        rows = arrive(town, written(told, afterwards))
    assert problems(rows) == []
    person = known(new)
    assert Contact.objects.count() == 1
    assert Subscription.objects.get(active=True).identity_id == person.pk


def test_who_writes_from_the_new_number_before_the_change_is_told_is_one_person(town: Sender) -> None:
    arrive(town, written(message(A, ANNA, "ISCRIVIMI")))
    arrive(town, written(message(B, ANNA2, "Ho cambiato numero", at=NOON + 60)))
    assert Contact.objects.count() == 2
    arrive(town, written(moved(Address(A, ANNA), Address(B, ANNA2))))
    person = known(Address(B))
    assert Contact.objects.count() == Identity.objects.count() == 1
    assert person.subscription.active
    assert said(person) >= {"ISCRIVIMI", "Ho cambiato numero"}


def test_a_change_told_twice_in_two_forms_and_much_later_moves_nobody_else(town: Sender) -> None:
    arrive(town, written(message(A, ANNA, "ISCRIVIMI")))
    told = moved(Address(A, ANNA), Address(B, ANNA2))
    update = {
        "wa_id": A[1:],
        "user_id": {"previous": ANNA, "current": ANNA2},
        "timestamp": str(NOON),
    }
    arrive(town, written(told), body(change("user_id_update", user_id_update=[update])))
    assert known(Address(user_id=ANNA2)).address == Address(B, ANNA2)
    arrive(town, written(message(A, BRUNO, "Questo numero ora è mio", at=NOON + 500)))
    bruno = known(Address(user_id=BRUNO))
    arrive(town, written(told), written({**told, "id": "wamid.again"}))
    arrive(town, body(change("user_id_update", user_id_update=[update])))
    assert known(Address(user_id=BRUNO)) == bruno
    assert known(Address(A)) == bruno
    assert known(Address(B)).subscription.active
    assert Contact.objects.count() == 2


@pytest.mark.parametrize("batches", ["one", "two", "reversed"])
def test_a_chain_of_changes_is_one_person(town: Sender, batches: str) -> None:
    arrive(town, written(message(A, ANNA, "ISCRIVIMI")))
    first = moved(Address(A, ANNA), Address(B, ANNA2), at=NOON + 60)
    second = moved(Address(B, ANNA2), Address(C, ANNA3), at=NOON + 120)
    if batches == "one":
        arrive(town, written(first, second))
    elif batches == "two":
        arrive(town, written(first))
        arrive(town, written(second))
    else:
        arrive(town, written(second, first))
    assert known(Address(user_id=ANNA3)).address == Address(C, ANNA3)
    assert known(Address(C)).subscription.active
    assert Contact.objects.count() == 1


def test_a_chain_told_in_reverse_finds_who_wrote_from_its_end(town: Sender) -> None:
    arrive(town, written(message(A, ANNA, "ISCRIVIMI")))
    arrive(town, written(message(C, ANNA3, "Sono io", at=NOON + 200)))
    arrive(town, written(moved(Address(B, ANNA2), Address(C, ANNA3))))
    arrive(town, written(moved(Address(A, ANNA), Address(B, ANNA2))))
    person = known(Address(C))
    assert Contact.objects.count() == Identity.objects.count() == 1
    assert person.address == Address(C, ANNA3)
    assert person.subscription.active


def test_what_was_sent_before_the_change_and_comes_late_is_theirs(town: Sender) -> None:
    arrive(town, written(message(A, ANNA)))
    arrive(town, written(moved(Address(A, ANNA), Address(B, ANNA2))))
    arrive(town, written(message(A, ANNA, "Arrivo in ritardo")))
    person = known(Address(user_id=ANNA2))
    assert person.address == Address(B, ANNA2)
    assert "Arrivo in ritardo" in said(person)
    assert Contact.objects.count() == 1


@pytest.mark.parametrize("ids", [True, False], ids=["with user ids", "numbers alone"])
@pytest.mark.parametrize("together", [True, False], ids=["one list", "two webhooks"])
def test_two_who_swap_their_numbers_stay_two(town: Sender, ids: bool, together: bool) -> None:
    anna, bruno = Address(A, ANNA if ids else None), Address(B, BRUNO if ids else None)
    arrive(town, written(message(anna.phone, anna.user_id, "ISCRIVIMI")))
    arrive(town, written(message(bruno.phone, bruno.user_id, "Sono Bruno")))
    changes = [
        moved(anna, Address(B, ANNA2 if ids else None), at=NOON + 60),
        moved(bruno, Address(A, BRUNO2 if ids else None), at=NOON + 61),
    ]
    rows = arrive(town, written(*changes)) if together else arrive(town, *map(written, changes))
    assert problems(rows) == []
    assert known(Address(B)).subscription.active
    assert said(known(Address(A))) == {"Sono Bruno"}
    assert Contact.objects.count() == Identity.objects.count() == 2


def test_two_who_swap_numbers_and_ids_in_one_telling_stay_two(town: Sender) -> None:
    arrive(town, written(message(A, ANNA, "ISCRIVIMI")), written(message(B, BRUNO, "Sono Bruno")))
    anna, bruno = Address(A, ANNA), Address(B, BRUNO)
    rows = arrive(town, written(moved(anna, bruno, at=NOON + 60), moved(bruno, anna, at=NOON + 61)))
    assert problems(rows) == []
    assert known(bruno).subscription.active
    assert said(known(anna)) == {"Sono Bruno"}
    assert Contact.objects.count() == Identity.objects.count() == 2


@pytest.mark.parametrize("together", [True, False], ids=["one list", "two webhooks"])
def test_who_goes_back_to_the_number_of_before_is_there(town: Sender, together: bool) -> None:
    arrive(town, written(message(A, ANNA, "ISCRIVIMI")))
    first, back = Address(A, ANNA), Address(B, ANNA2)
    told = [moved(first, back, at=NOON + 60), moved(back, first, at=NOON + 120)]
    for each in [told] if together else [[one] for one in told]:
        arrive(town, written(*each))
    assert known(first).address == first
    assert known(first).subscription.active
    assert Contact.objects.count() == 1


def test_a_number_given_to_somebody_else_brings_nothing_of_its_former_owner(town: Sender) -> None:
    arrive(town, written(message(A, ANNA, "ISCRIVIMI")))
    arrive(town, written(message(A, BRUNO, "Chi siete?", at=NOON + 60)))
    bruno = known(Address(A))
    assert said(bruno) == {"Chi siete?"}
    assert not Subscription.objects.filter(identity=bruno).exists()
    assert known(Address(user_id=ANNA)).subscription.active
    arrive(town, written(moved(Address(A, ANNA), Address(B, ANNA2), at=NOON + 30)))
    assert known(Address(B)).subscription.active
    assert known(Address(A)) == bruno


@pytest.mark.parametrize("before", [Address(user_id=ANNA), Address(A, ANNA), Address(A)], ids=str)
@pytest.mark.parametrize(
    "others",
    [
        [Address(B, BRUNO)],
        [Address(B), Address(user_id=ANNA2)],
        [Address(B, BRUNO), Address(C, ANNA2)],
        [Address(B, ANNA2)],
        [Address(A, BRUNO), Address(B)],
        [Address(B, ANNA)],
    ],
    ids=str,
)
def test_a_new_number_and_id_that_are_both_known_never_raise(
    town: Sender, before: Address, others: list[Address]
) -> None:
    for number, one in enumerate([Address(A, ANNA), *others]):
        arrive(town, written(message(one.phone, one.user_id, f"Numero {number}")))
    neighbour = message("+393330000099", "IT.VICINA0001", "Sono la vicina")
    rows = arrive(town, written(moved(before, Address(B, ANNA2)), neighbour))
    assert problems(rows) == []
    arrive(town, written(message(B, ANNA2, "Eccomi")))
    assert known(Address(B)) == known(Address(user_id=ANNA2))
    assert Message.objects.filter(text="Sono la vicina").count() == 1


def test_a_batch_whose_numbers_and_ids_contradict_each_other_is_read_as_one(
    town: Sender, caplog: pytest.LogCaptureFixture
) -> None:
    contradicting = [
        message(A, None, "uno"),
        message(A, ANNA, "due"),
        message(B, ANNA, "tre"),
        message(A, BRUNO, "quattro"),
        message(None, ANNA, "cinque"),
        message(A, None, "sei"),
        message(B, BRUNO, "sette"),
        message(A, ANNA, "otto"),
    ]
    rows = arrive(town, *(written(each) for each in contradicting))
    assert problems(rows) == []
    assert "could not be applied" not in caplog.text
    assert said(known(Address(user_id=ANNA))) == {"uno", "due", "tre", "cinque", "otto"}
    assert said(known(Address(user_id=BRUNO))) == {"quattro", "sei", "sette"}


def test_a_choice_about_marketing_keeps_its_place_between_the_words(town: Sender) -> None:
    arrive(town, written(message(A, ANNA)))
    arrive(
        town,
        body(
            change("user_preferences", user_preferences=[preference(None, ANNA, "stop", at=NOON + 10)]),
            change(messages=[message(A, None, "ISCRIVIMI", at=NOON + 20)]),
        ),
        body(change("user_preferences", user_preferences=[preference(A, None, "signup", at=NOON + 30)])),
    )
    person = known(Address(A))
    assert person.subscription.active
    assert person.marketing_stopped_at is None


def test_a_choice_that_is_brought_again_changes_nothing(town: Sender) -> None:
    stop = body(change("user_preferences", user_preferences=[preference(A, ANNA, "stop", at=NOON + 10)]))
    resume = body(change("user_preferences", user_preferences=[preference(A, ANNA, "resume", at=NOON + 20)]))
    arrive(town, written(message(A, ANNA, "ISCRIVIMI")))
    arrive(town, stop, resume)
    arrive(town, stop)
    assert known(Address(A)).marketing_stopped_at is None


def test_a_refusal_for_silence_does_not_undo_what_was_said_after_it(town: Sender) -> None:
    arrive(town, written(message(A, ANNA)))
    failed = {
        "id": "wamid.sent",
        "status": "failed",
        "timestamp": str(NOON + 5),
        "recipient_id": A[1:],
        "errors": [{"code": 131050, "title": "Stopped"}],
    }
    arrive(
        town,
        body(change(statuses=[failed])),
        written(message(None, ANNA, "ISCRIVIMI", at=NOON + 60)),
    )
    assert Journal.objects.filter(state=Journal.State.MARKED).count() == 0
    assert known(Address(A)).subscription.active
