# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The list that is pushed to open screens: drawn once for all who see the same, and never to anybody who may not see it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from arengo.audience.models import Identity
from arengo.core.live_pushes import Viewer
from arengo.core.models import Membership, Organization, Person, Role
from arengo.core.scope import organization_scope
from arengo.delivery.models import Sender
from arengo.desk import handling
from arengo.desk.desks import desks_of, desks_of_each
from arengo.desk.lists.pushing import pushed
from arengo.desk.models import Conversation, Desk
from tests.desk.listing import member_of
from tests.desk.road import DESK, Writes
from tests.factories.audience import citizen
from tests.factories.core import member
from tests.factories.desk import make_conversation, said

pytestmark = pytest.mark.django_db

Browse = Callable[..., Client]


def screen(person: Person, shows: str = "", language: str = "it") -> Viewer:
    return Viewer(person.pk, shows, language)


def news(person: Person, shows: str = "", *others: Viewer) -> dict[str, Any]:
    """What this person's screen is told; empty where it has to ask."""
    own = screen(person, shows)
    line = pushed([own, *others]).get(own)
    return json.loads(line) if line else {}


def asked_for(browse: Browse, person: Person, shows: str = "") -> str:
    """The rows of the list that the person's own request gets."""
    page = browse(person).get(f"{DESK}lista/{shows}").content.decode()
    found = re.search(r'<div id="rows">(.*?)</div>\s*(?:<a class="desk-more"|</div>)', page, re.S)
    assert found
    return found.group(1)


def words(html: str) -> str:
    return " ".join(html.split())


def test_it_is_what_each_would_have_got_by_asking(
    browse: Browse, conversation: Conversation, write: Writes, olga: Person, bea: Person, rita: Person
) -> None:
    write(said(citizen("Bruno"), "Buongiorno"))
    handling.take(conversation, by=olga)
    for shows in ("", "?lista=libere", "?ordine=recenti", "?scegli=1", "?lista=chiuse"):
        for person in (olga, bea, rita):
            found = news(person, shows, screen(olga, shows), screen(bea, shows))
            assert words(found["rows"]) == words(asked_for(browse, person, shows)), (shows, person)
            assert found["shown"] == shows


def test_only_the_one_who_has_it_reads_that_it_is_theirs(
    conversation: Conversation, olga: Person, bea: Person
) -> None:
    handling.take(conversation, by=olga)
    mine, others = news(olga, "", screen(bea)), news(bea, "", screen(olga))
    assert "Olga Esempio" in others["rows"]
    assert "Olga Esempio" not in mine["rows"]
    assert (mine["tabs"][1], others["tabs"][1]) == ("1", "")


def test_a_desk_that_is_not_theirs_is_never_told(
    scope: Organization, conversation: Conversation, sender: Sender, olga: Person, bea: Person, rita: Person
) -> None:
    closed = Desk.objects.create(name="Polizia locale", slug="polizia", everyone=False)
    closed.members.add(member_of(bea))
    secret = make_conversation(citizen("Segreto"), sender, desk_id=closed.pk, unread=1)
    Conversation.objects.filter(pk=secret.pk).update(waiting_since=secret.last_message_at)
    everybody = [screen(one, shows) for one in (olga, bea, rita) for shows in ("", f"?sportello={closed.pk}")]
    told = {viewer: json.loads(line)["rows"] for viewer, line in pushed(everybody).items()}
    assert "Segreto" in told[screen(bea)]
    assert "Segreto" in told[screen(rita)]
    for shows in ("", f"?sportello={closed.pk}"):
        assert "Segreto" not in told[screen(olga, shows)]
        assert "Anna Esempio" in told[screen(olga, shows)]
    closed.members.clear()
    assert "Segreto" not in news(bea)["rows"]


def test_who_has_no_right_any_more_is_told_nothing(
    conversation: Conversation, olga: Person, bea: Person, edo: Person, carlo: Person
) -> None:
    assert "Anna Esempio" in news(olga)["rows"]
    for person in (edo, carlo):  # an editor, and an operator of another town
        assert news(person) == {}
    Membership.objects.filter(person=olga).update(roles=[Role.EDITOR])
    Person.objects.filter(pk=bea.pk).update(is_active=False)
    assert news(olga) == news(bea) == {}


@pytest.mark.parametrize("shows", ["?lista=mie", "?operatore=1", "?da=2026-01-01", "?etichetta=1"])
def test_a_list_of_ones_own_is_asked_for(conversation: Conversation, olga: Person, shows: str) -> None:
    assert news(olga, shows) == {}


@pytest.mark.parametrize("shows", ["?", "?lista=x&dopo=y&pagine=99999999999", "?sportello=999", "%%%", "?\0"])
def test_an_address_that_means_nothing_is_the_usual_list(
    conversation: Conversation, olga: Person, shows: str
) -> None:
    found = news(olga, shows)
    assert not found or "Anna Esempio" in found["rows"]


def test_fifty_screens_cost_no_more_than_two(
    esempio: Organization,
    conversation: Conversation,
    olga: Person,
    bea: Person,
    django_assert_num_queries: Callable[..., Any],
) -> None:
    many = [
        member(esempio, f"o{number}@esempio.test", f"Operatore {number}", Role.OPERATOR)
        for number in range(20)
    ]
    for people in ((olga, bea), (olga, bea, *many)):
        with django_assert_num_queries(9):
            assert len(pushed([screen(one) for one in people])) == len(people)


def test_each_language_has_its_own(conversation: Conversation, olga: Person) -> None:
    italian, english = screen(olga), screen(olga, language="en")
    told = pushed([italian, english])
    assert "libera" in told[italian]
    assert "libera" not in told[english]


def test_the_desks_of_many_are_those_of_each(
    esempio: Organization,
    scope: Organization,
    urp: Desk,
    olga: Person,
    bea: Person,
    rita: Person,
    edo: Person,
) -> None:
    other = Desk.objects.create(name="Polizia locale", slug="polizia", everyone=False, order=5)
    other.members.add(member_of(bea))
    alma = member(esempio, "alma@esempio.test", "Alma", Role.ADMINISTRATOR)
    members = [member_of(one) for one in (olga, bea, rita, edo, alma)]
    found = desks_of_each(members)
    for one in members:
        assert list(found[one.pk]) == [desk.pk for desk in desks_of(one)]


def test_the_list_of_one_town_holds_nothing_of_another(
    esempio: Organization, altrove: Organization, anna: Identity, conversation: Conversation, olga: Person
) -> None:
    with organization_scope(altrove):
        assert pushed([screen(olga)]) == {}
