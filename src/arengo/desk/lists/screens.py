# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The list pane of the desk: rows in their groups, tabs, menus and filters, and the addresses that keep them as they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, Subquery, Value
from django.db.models.functions import Coalesce, JSONObject, NullIf
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _, ngettext

from arengo.core import outside
from arengo.core.access import membership_of, person_of
from arengo.core.lengths import grouped
from arengo.core.models import Membership, Organization, Person, Role
from arengo.core.screens import Screen
from arengo.desk import handling
from arengo.desk.desks import desks_of
from arengo.desk.hours.reading import desk_hours_of
from arengo.desk.labels.models import Label
from arengo.desk.lists import queries
from arengo.desk.lists.listing import CLOSED, FREE, WAITING, Asked, Listing, Order, asked, listings
from arengo.desk.lists.models import MOST_VIEWS, Promise, SavedView
from arengo.desk.lists.queries import MOST_COUNTED, MOST_COUNTED_OPEN, MOST_PAGES, Place, Start
from arengo.desk.lists.rows import Look, Row, row, waits_since
from arengo.desk.lists.waiting import Clock, clock, long_words, promised
from arengo.desk.models import Conversation
from arengo.desk.notes.shown import remember as remember_mentions, unseen_count

MOST_AT_ONCE = 100  # conversations that are closed with one press


@dataclass(frozen=True)
class Named:
    pk: int
    name: str
    query: str = ""  # of a saved view
    active: bool = True  # of a label


@dataclass(frozen=True)
class Link:
    label: str
    href: str
    current: bool
    count: str = ""
    remove: str = ""  # of a view of one's own


@dataclass(frozen=True)
class Group:
    """Rows under a heading; ``title`` is empty where a list has none."""

    key: str
    title: str
    count: str
    late: bool
    rows: Sequence[Row]


@dataclass(frozen=True)
class Choices:
    """What the form of the filters offers, and what it holds now. ``hidden``: what else the address keeps."""

    desks: Sequence[Named]
    operators: Sequence[Named]
    asked: Asked
    first: str
    last: str
    labels: Sequence[Named]
    label: int | None
    hidden: Sequence[tuple[str, str]]
    clear: str


@dataclass(frozen=True)
class Selecting:
    """Several conversations can be chosen, to be closed together."""

    on: bool
    possible: bool
    begin: str
    end: str
    action: str
    most: int

    @classmethod
    def of(cls, wanted: Asked, home: str, *, may: bool, on: bool) -> Selecting:
        """``may``: the person handles conversations."""
        return cls(
            on=may and on,
            possible=may and wanted.listing is not CLOSED,
            begin=home + wanted.query(scegli="1"),
            end=home + wanted.query(),
            action=reverse("desk:close_several") + wanted.query(),
            most=MOST_AT_ONCE,
        )


@dataclass(frozen=True)
class Listed:
    """The list. ``top``, ``next``, ``refresh``: addresses; "" where there is nothing to go to.

    ``kept``: the open conversation, once it has left the list; the page puts it back where it stood. ``latest``: as a number, when
    one of the waiting citizens last wrote: what is higher than a page has seen is news.
    """

    which: Listing
    groups: Sequence[Group]
    kept: Row | None
    tabs: Sequence[Link]
    others: Sequence[Link]
    views: Sequence[Link]
    may_save: bool
    orders: Sequence[Link]
    at_desks: Sequence[Link]
    choices: Choices
    filters: int
    query: str
    opened: Conversation | None
    top: str
    next: str
    refresh: str
    pages: int
    most_pages: int
    waiting: int
    latest: int
    selecting: Selecting

    @property
    def empty(self) -> str:
        """What stands where the list has no rows; a list with filters says how to take them away."""
        return "" if self.filters else str(self.which.empty)

    @property
    def rows(self) -> Sequence[Row]:
        return [one for group in self.groups for one in group.rows]


@dataclass(frozen=True)
class ListPart(Screen):
    """``with_tabs``: the console's tabs come along, since they count what the list shows."""

    listed: Listed
    with_tabs: bool = True


def kept_query(request: HttpRequest) -> str:
    """The part of an address that keeps the list as it is: which, its filters and order, and where it begins."""
    return asked(request.GET).query(**where(request.GET))


def where(given: QueryDict) -> dict[str, str]:
    """The part of an address that says where the list begins, and how it is used."""
    begins = queries.start(outside.text(given.get("dopo"), most=40))
    pages = outside.whole(given.get("pagine"), least=2, most=MOST_PAGES)
    chosen = {"scegli": "1"} if given.get("scegli") == "1" else {}
    return {
        "dopo": begins.written() if begins else "",
        "pagine": str(pages) if pages else "",
        **chosen,
    }


def next_in_list(request: HttpRequest, *, but: Conversation) -> int | None:
    """The key of the first conversation of the list that the address names, other than this one; None in the list of closed ones."""
    person, wanted = person_of(request), asked(request.GET)
    if wanted.listing is CLOSED:
        return None
    own = _own(person, membership_of(request))
    shown = [one.pk for one in own.desks if wanted.desk in (None, one.pk)]
    if not shown:
        return None
    found = queries.page(wanted, person, shown, clock(shown, own.promise))
    return next((each.conversation.pk for each in found.places if each.conversation.pk != but.pk), None)


def listed(request: HttpRequest, opened: Conversation | None) -> Listed:
    """Of the desks that this person sees. Four queries."""
    person, membership = person_of(request), membership_of(request)
    wanted = asked(request.GET)
    own = _own(person, membership)
    desks = own.desks
    shown = [one.pk for one in desks if wanted.desk in (None, one.pk)] or [one.pk for one in desks]
    now = clock(shown, own.promise, desk_hours_of(membership))
    place = where(request.GET)
    after = queries.start(place["dopo"])
    pages = int(place["pagine"] or 1)
    found = queries.page(wanted, person, shown, now, after=after, pages=pages)
    tabs = [one for one in listings() if one.is_tab]
    counted = queries.counts(wanted, person, shown, now, counted_of(wanted.listing))
    if not wanted.filters:
        queries.remember(membership, counted)
    query = wanted.query(**place)
    home = reverse("desk:inbox")
    handles = membership is not None and membership.has(Role.OPERATOR)
    selecting = Selecting.of(wanted, home, may=handles, on="scegli" in place)
    look = Look(person.pk, now, query, len(shown) > 1, selecting.on, opened.pk if opened else None)
    rows = [(each, row(each, look)) for each in found.places]
    return Listed(
        which=wanted.listing,
        groups=groups(wanted, rows, counted, now),
        kept=_kept(wanted, opened, found.places, look),
        tabs=[_tab(one, wanted, counted, home) for one in tabs],
        others=[_tab(one, wanted, counted, home) for one in listings() if not one.is_tab],
        views=_views(own.views, wanted, home),
        may_save=len(own.views) < MOST_VIEWS and all(one.query != wanted.query() for one in own.views),
        orders=[
            Link(str(one.label), home + replace(wanted, order=one).query(), one is wanted.order)
            for one in wanted.listing.orders
        ],
        at_desks=_at_desks(wanted, desks, home),
        choices=_choices(wanted, own, home),
        filters=wanted.filters,
        query=query,
        opened=opened,
        top=home + wanted.query() if after else "",
        next=next_page(wanted, found, home),
        refresh=reverse("desk:list") + wanted.query(**place, aperta=str(opened.pk) if opened else ""),
        pages=pages,
        most_pages=MOST_PAGES,
        waiting=counted.of.get(WAITING.key, 0),
        latest=int(counted.latest.timestamp() * 1000) if counted.latest else 0,
        selecting=selecting,
    )


@dataclass(frozen=True)
class _Own:
    """What was decided before anybody asks: the person's desks and views, the operators of these desks, the promise."""

    desks: Sequence[Named]
    views: Sequence[Named]
    operators: Sequence[Named]
    labels: Sequence[Named]
    promise: int


def _own(person: Person, membership: Membership | None) -> _Own:
    """In one query, since every page of the desk asks for it."""
    if membership is None:
        return _Own([], [], [], [], promised(None))
    desks = desks_of(membership)
    named = {"pk": F("pk"), "name": F("name")}
    called = Coalesce(NullIf("person__name", Value("")), "person__email")
    members = handling.colleagues(desks.values("pk"))
    views = SavedView.objects.filter(person=person).values(json=JSONObject(**named, query=F("query")))
    found = Organization.objects.values(
        own_desks=ArraySubquery(desks.values(json=JSONObject(**named))),
        own_views=ArraySubquery(views[:MOST_VIEWS]),
        own_operators=ArraySubquery(members.values(json=JSONObject(pk=F("person_id"), name=called))),
        own_labels=ArraySubquery(Label.objects.values(json=JSONObject(**named, active=F("active")))),
        own_mentions=unseen_count(person),
        own_promise=Subquery(Promise.objects.values("minutes")[:1]),
    ).get(pk=membership.organization_id)
    remember_mentions(person, found["own_mentions"])
    return _Own(
        desks=[Named(**each) for each in found["own_desks"]],
        views=[Named(**each) for each in found["own_views"]],
        operators=[Named(**each) for each in found["own_operators"]],
        labels=[Named(**each) for each in found["own_labels"]],
        promise=promised(found["own_promise"]),
    )


def next_page(wanted: Asked, found: queries.Page, home: str) -> str:
    """Its address; "" where there is none."""
    more = found.more and found.places
    return home + wanted.query(dopo=found.places[-1].start.written()) if more else ""


def counted_of(current: Listing) -> list[Listing]:
    """What is counted: the tabs, what asks for it, and the list that is open. The closed ones never: they only grow."""
    return [
        one for one in listings() if one.is_tab or one.counted or (one is current and current is not CLOSED)
    ]


def number(count: int, most: int) -> str:
    """As a tab shows it."""
    return "" if not count else f"{grouped(most - 1)}+" if count >= most else grouped(count)


def _tab(one: Listing, wanted: Asked, counted: queries.Counts, home: str) -> Link:
    current = one is wanted.listing
    count = counted.of.get(one.key, 0)
    return Link(
        str(one.label),
        home + wanted.on(one).query(),
        current,
        number(count, MOST_COUNTED_OPEN if current else MOST_COUNTED),
    )


def groups(
    wanted: Asked, rows: Sequence[tuple[Place, Row]], counted: queries.Counts, now: Clock
) -> list[Group]:
    if wanted.order is not Order.LONGEST:
        return [Group("all", "", "", False, [one for _place, one in rows])] if rows else []
    found = []
    total = counted.of.get(wanted.listing.key, 0)
    for late, key, title, count in (
        (True, "late", _("Aspettano da oltre %(time)s"), counted.late),
        (False, "in-time", _("Da meno di %(time)s"), max(total - counted.late, 0)),
    ):
        own = [one for place, one in rows if place.start.late is late]
        if own:
            words = title % {"time": _promised(now.promise)}
            found.append(Group(key, words, number(count, MOST_COUNTED_OPEN), late, own))
    return found


def _promised(minutes: int) -> str:
    """«un’ora», «2 ore», «45 minuti»: after «oltre», «meno di»."""
    hours, left = divmod(minutes, 60)
    if left and hours:
        return long_words(minutes)
    if left:
        return ngettext("%(count)d minuto", "%(count)d minuti", left) % {"count": left}
    return _("un’ora") if hours == 1 else _("%(count)d ore") % {"count": hours}


def _kept(
    wanted: Asked,
    opened: Conversation | None,
    places: Sequence[Place],
    look: Look,
) -> Row | None:
    """The open conversation that is not in the list any more, or never was; with what became of it."""
    if opened is None or any(place.conversation.pk == opened.pk for place in places):
        return None
    if not opened.is_open:
        mark = _("chiusa") if wanted.listing is not CLOSED else ""
    elif wanted.listing is WAITING:
        mark = _("risposto") if waits_since(opened) is None else ""
    else:
        mark = _("presa in carico") if wanted.listing is FREE and opened.assignee_id is not None else ""
    if not mark:
        return None
    return row(Place(opened, Start(opened.last_message_at, opened.pk)), look, mark=mark)


def _views(views: Sequence[Named], wanted: Asked, home: str) -> list[Link]:
    return [
        Link(
            one.name,
            home + one.query,
            one.query == wanted.query(),
            remove=reverse("desk:view_delete", args=[one.pk]),
        )
        for one in views
    ]


def _at_desks(wanted: Asked, desks: Sequence[Named], home: str) -> list[Link]:
    """The menu of the desks: nothing where there is no choice."""
    if len(desks) < 2:
        return []
    every = Link(_("Tutti gli sportelli"), home + replace(wanted, desk=None).query(), wanted.desk is None)
    return [
        every,
        *(
            Link(one.name, home + replace(wanted, desk=one.pk).query(), wanted.desk == one.pk)
            for one in desks
        ),
    ]


def _choices(wanted: Asked, own: _Own, home: str) -> Choices:
    form = {"sportello", "operatore", "da", "a", "etichetta"}
    label = outside.whole(wanted.more.get("etichetta"))
    bare = Asked(listing=wanted.listing, order=wanted.order)
    return Choices(
        desks=own.desks if len(own.desks) > 1 else [],
        operators=own.operators,
        asked=wanted,
        labels=[one for one in own.labels if one.active or one.pk == label],
        label=label,
        first=_iso(wanted.first),
        last=_iso(wanted.last),
        hidden=[(name, value) for name, value in wanted.parts().items() if name not in form],
        clear=home + bare.query(),
    )


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
