# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the search finds, and what it must not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.utils import timezone
from hypothesis import given, settings, strategies as st

from arengo.audience import privacy
from arengo.audience.models import Contact, Identity
from arengo.core.folding import fold
from arengo.core.models import Organization, Person
from arengo.core.scope import organization_scope
from arengo.delivery.models import Sender
from arengo.desk import replying
from arengo.desk.models import Attachment, Conversation, Desk, Message
from arengo.desk.notes.models import Note
from arengo.desk.search import finding, query
from arengo.desk.search.finding import Filters, Order, State
from arengo.desk.search.models import SearchEntry
from tests.desk.road import Writes
from tests.factories.audience import citizen
from tests.factories.desk import said, upload

pytestmark = pytest.mark.django_db

Find = Callable[..., list[int]]


def _desks() -> tuple[int, ...]:
    return tuple(Desk.objects.values_list("pk", flat=True))


@pytest.fixture
def find(scope: Organization) -> Find:
    """``find("carta", kinds=…)``: the sources that are found, the newest first."""

    def found(typed: str, *, order: Order = Order.NEWEST, **filters: object) -> list[int]:
        filters.setdefault("desks", _desks())
        chosen = Filters(**filters)  # type: ignore[arg-type]  # of a test
        return [hit.source for hit in finding.search(query.read(typed), chosen, order=order).hits]

    return found


def _message(write: Writes, who: Identity, text: str) -> int:
    write(said(who, text))
    return int(Message.objects.latest("pk").pk)


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("La città è chiusa al traffico?", "citta"),
        ("La citta e chiusa", "città"),
        ("L'università è aperta", "università"),
        ("Ho perso la carta d'identità", "carta d’identità"),
        ("Ho perso la carta d’identità", "carte identità"),
        ("Quando pagano le bollette?", "bolletta"),
        ("PERCHÉ NON RISPONDETE", "perché rispondete"),
        ("perche non rispondete", "perché rispondete"),
        ("Scrivete a anagrafe@example.it", "anagrafe@example.it"),
        ("Scrivete a anagrafe@example.it", "example"),
        ("Il 12/10/2026 alle 9.30", "12/10/2026"),
        ("Il bus 3-bis", "3-bis"),
        ("مرحبا متى تفتح البلدية", "البلدية"),
        ("Chiedo or ora", "or"),
    ],
)
def test_words_are_found_as_people_write_them(
    written: str, typed: str, find: Find, write: Writes, anna: Identity
) -> None:
    expected = _message(write, anna, written)
    assert find(typed) == [expected]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ('"carta scaduta"', False),
        ('"carta d\'identità scaduta"', True),
        ("«identità scaduta»", True),
        ("scaduta carta", True),
        ("carta -scaduta", False),
        ("carta -rinnovata", True),
        ("carta patente", False),
        ("-patente", False),
        ("", False),
        ("della", False),
        ("%$&", False),
        ("' & | ! <-> :* \\", False),
    ],
)
def test_phrases_exclusions_and_what_is_no_word(
    typed: str, found: bool, find: Find, write: Writes, anna: Identity
) -> None:
    pk = _message(write, anna, "Ho la carta d'identità scaduta, della zia")
    assert find(typed) == ([pk] if found else [])


@given(st.text(max_size=60))
@settings(max_examples=60, deadline=None)
def test_nothing_that_is_typed_breaks_the_search(typed: str) -> None:
    read = query.read(typed.replace("\0", ""))
    assert all(word == fold(word) for word in read.words)
    assert len(read.names) == len(set(read.names))


@given(
    st.lists(
        st.sampled_from(['"', "'", "-", "carta", " ", "\\", ":*", "&", "è", "«", "%s", "#d1"]), max_size=8
    )
)
@settings(max_examples=40, deadline=None)
@pytest.mark.django_db
def test_no_mixture_of_signs_is_an_error_of_the_database(parts: list[str]) -> None:
    with organization_scope(1):
        finding.search(query.read("".join(parts)), Filters(desks=(1,)), order=Order.BEST)


def test_a_name_is_found_by_the_beginnings_of_its_words(find: Find, write: Writes, anna: Identity) -> None:
    write(said(anna, "Buongiorno"))
    conversation = Conversation.objects.get()
    assert find("esem ann") == [conversation.pk]
    assert find("nna") == []
    Contact.objects.update(name="José Núñez")
    assert find("nunez jo") == [conversation.pk]
    assert find("anna") == []


def test_a_file_is_found_by_its_name_with_accents_or_not(
    find: Find, conversation: Conversation, olga: Person
) -> None:
    replying.reply(
        conversation, by=olga, text="Ecco", files=[upload("Carta_identità-scaduta.pdf", b"%PDF-1.7")], key="k"
    )
    assert find("identita scaduta", kinds=frozenset(["file"])) == [Attachment.objects.get().pk]


def test_desks_that_one_does_not_see_are_not_searched(find: Find, write: Writes, anna: Identity) -> None:
    pk = _message(write, anna, "Contravvenzione")
    [here] = _desks()
    police = Desk.objects.create(name="Polizia locale", slug="polizia")
    assert find("contravvenzione", desks=(here,)) == [pk]
    assert find("contravvenzione", desks=(police.pk,)) == []
    assert find("contravvenzione", desks=()) == []


def test_a_conversation_that_goes_to_another_desk_is_found_there(
    find: Find, write: Writes, anna: Identity
) -> None:
    pk = _message(write, anna, "Contravvenzione")
    [here] = _desks()
    police = Desk.objects.create(name="Polizia locale", slug="polizia")
    Conversation.objects.update(desk=police)
    assert find("contravvenzione", desks=(here,)) == []
    assert find("contravvenzione", desks=(police.pk,)) == [pk]
    assert find("anna", desks=(police.pk,)) == [Conversation.objects.get().pk]


def test_a_citizen_cannot_write_the_mark_of_a_desk(find: Find, write: Writes, anna: Identity) -> None:
    here = Desk.objects.create(name="URP", slug="urp")
    police = Desk.objects.create(name="Polizia locale", slug="polizia", order=1)
    pk = _message(write, anna, f"#d{police.pk} '#d{police.pk}' #kmessage #n/anna segreto")
    assert find("segreto", desks=(here.pk,)) == [pk]
    assert find("segreto", desks=(police.pk,)) == []


def test_another_organization_is_not_searched(
    find: Find, write: Writes, anna: Identity, altrove: Organization
) -> None:
    _message(write, anna, "Contravvenzione")
    desks = _desks()
    with organization_scope(altrove):
        found = finding.search(query.read("contravvenzione"), Filters(desks=desks), order=Order.BEST)
    assert not found.hits


def test_what_was_edited_erased_or_deleted_is_not_found_any_more(
    find: Find, write: Writes, anna: Identity, olga: Person
) -> None:
    pk = _message(write, anna, "Il segreto è grande")
    message = Message.objects.get()
    message.text = "La sorpresa è grande"
    message.save()
    assert find("segreto") == []
    assert find("sorpresa") == [pk]
    privacy.erase(anna.contact, by=olga)
    assert find("sorpresa") == find("anna") == []
    assert not SearchEntry.objects.exists()


def test_entries_go_with_their_conversation(find: Find, write: Writes, anna: Identity) -> None:
    _message(write, anna, "Il segreto è grande")
    Conversation.objects.all().delete()
    assert not SearchEntry.objects.exists()


def test_what_nobody_said_to_a_person_is_not_found(find: Find, write: Writes, anna: Identity) -> None:
    write(said(anna, "ISCRIVIMI", command="join"))
    assert find("iscrivimi") == []


def test_filters_narrow(find: Find, write: Writes, anna: Identity, olga: Person) -> None:
    pk = _message(write, anna, "La carta")
    today = timezone.localdate()
    assert find("carta", first=today, last=today) == [pk]
    assert find("carta", last=today - timedelta(days=1)) == []
    assert find("carta", first=date(2199, 1, 1)) == []
    assert find("carta", state=State.OPEN) == [pk]
    assert find("carta", state=State.CLOSED) == []
    assert find("carta", assignee=olga.pk) == []
    Conversation.objects.update(assignee=olga)
    assert find("carta", assignee=olga.pk) == [pk]
    assert find("carta", kinds=frozenset(["file"])) == []


def test_hits_of_one_conversation_stand_together_and_the_best_is_shown(
    write: Writes, anna: Identity, scope: Organization, find: Find
) -> None:
    best = _message(write, anna, "Carta scaduta")
    _message(write, anna, "La carta di cui parlavo ieri mattina con voi non è ancora scaduta")
    wanted = query.read("carta scaduta")
    [hit] = finding.search(wanted, Filters(desks=_desks()), order=Order.BEST).hits
    assert (hit.source, hit.together) == (best, 2)
    within = finding.within(wanted, Filters(desks=_desks()), Conversation.objects.get())
    assert [kind for kind, _source, _at in within] == ["message", "message"]


def test_counts_are_of_all_kinds_and_stop_at_their_limit(
    write: Writes, anna: Identity, sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "MOST", 3)
    bruno = citizen("Carta Esempio", phone="+393330000042")
    for number in range(5):
        _message(write, anna, f"Carta numero {number}")
    _message(write, bruno, "Buongiorno")
    found = finding.search(
        query.read("carta"), Filters(desks=_desks(), kinds=frozenset(["name"])), order=Order.BEST
    )
    assert found.counts == {"message": 4, "name": 1}
    assert len(found.hits) == 1


def test_an_internal_note_is_found_and_a_removed_one_is_not(
    find: Find, conversation: Conversation, olga: Person
) -> None:
    note = Note.objects.create(
        contact=conversation.contact, conversation=conversation, text="Ha perso la patente", author=olga
    )
    assert find("patente", kinds=frozenset(["note"])) == [note.pk]
    note.removed_at = timezone.now()
    note.save()
    assert find("patente") == []
