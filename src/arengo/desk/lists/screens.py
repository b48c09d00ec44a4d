# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The list pane of the desk: rows in their groups, tabs, menus and filters, and the addresses that keep them as they are."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.db import connection
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext as _

from arengo.core import outside
from arengo.core.access import membership_of, organization_of, person_of
from arengo.core.live import remember as remember_position
from arengo.core.models import Membership, Person, Role
from arengo.core.prepared import prepared
from arengo.core.screens import Screen
from arengo.desk.desks import sees
from arengo.desk.hours.reading import desk_hours_of
from arengo.desk.lists import queries
from arengo.desk.lists.drawing import (
    Beside,
    Drawn,
    Group,
    Kind,
    Named,
    draw,
    drawn,
    drawn_row,
    is_shared,
    tab_number,
    where,
)
from arengo.desk.lists.listing import CLOSED, FREE, MINE, WAITING, Asked, Listing, asked, listings
from arengo.desk.lists.models import MOST_VIEWS
from arengo.desk.lists.queries import MOST_COUNTED, MOST_PAGES, Place, Start
from arengo.desk.lists.rows import row, waits_since
from arengo.desk.lists.sql import statement
from arengo.desk.lists.waiting import clock, promised
from arengo.desk.models import Conversation
from arengo.desk.notes.shown import remember as remember_mentions

MOST_AT_ONCE = 100  # conversations that are closed with one press


@dataclass(frozen=True)
class Link:
    label: str
    href: str
    current: bool
    count: str = ""
    remove: str = ""  # of a view of one's own


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

    @classmethod
    def of(cls, wanted: Asked, desks: Sequence[Named], beside: Beside, home: str) -> Choices:
        form = {"sportello", "operatore", "da", "a", "etichetta"}
        label = outside.whole(wanted.more.get("etichetta"))
        bare = Asked(listing=wanted.listing, order=wanted.order)
        return cls(
            desks=desks if len(desks) > 1 else [],
            operators=beside.operators,
            asked=wanted,
            labels=[one for one in beside.labels if one.active or one.pk == label],
            label=label,
            first=wanted.first.isoformat() if wanted.first else "",
            last=wanted.last.isoformat() if wanted.last else "",
            hidden=[(name, value) for name, value in wanted.parts().items() if name not in form],
            clear=home + bare.query(),
        )


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
    kept: SafeString | None
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
    def has_rows(self) -> bool:
        return bool(self.groups)


@dataclass(frozen=True)
class ListPart(Screen):
    """``with_tabs``: the console's tabs come along, since they count what the list shows."""

    listed: Listed
    with_tabs: bool = True


def kept_query(request: HttpRequest) -> str:
    """The part of an address that keeps the list as it is: which, its filters and order, and where it begins."""
    return asked(request.GET).query(**where(request.GET))


def next_in_list(request: HttpRequest, *, but: Conversation) -> int | None:
    """The key of the first conversation of the list that the address names, other than this one; None in the list of closed ones."""
    person, wanted = person_of(request), asked(request.GET)
    if wanted.listing is CLOSED:
        return None
    own = Own.of(person, membership_of(request))
    shown = [one.pk for one in own.desks if wanted.desk in (None, one.pk)]
    if not shown:
        return None
    found = queries.page(wanted, person, shown, clock(shown, own.promise))
    return next((each.conversation.pk for each in found.places if each.conversation.pk != but.pk), None)


def listed(request: HttpRequest, opened: Conversation | None) -> Listed:
    """Of the desks that this person sees. Two queries where nothing changed since somebody saw the same; else six."""
    person, membership = person_of(request), membership_of(request)
    wanted, place = asked(request.GET), where(request.GET)
    own = Own.of(person, membership)
    query, home = wanted.query(**place), reverse("desk:inbox")
    handles = membership is not None and membership.has(Role.OPERATOR)
    kind = Kind(
        organization=organization_of(request).pk,
        language=get_language() or "",
        shows=query,
        desks=tuple(one.pk for one in own.desks),
        promise=own.promise,
        handles=handles,
    )
    if is_shared(wanted):
        drawing = drawn(kind, own.version, hours=lambda: desk_hours_of(membership))
    else:
        drawing = draw(kind, person, hours=lambda: desk_hours_of(membership))
    counted = {MINE.key: sum(own.in_hand.get(pk, 0) for pk in drawing.desks)} | drawing.counted.of
    if not wanted.filters:
        queries.remember(membership, drawing.counted)
    rows = drawing.rows_of(person.pk, opened.pk if opened else None)
    return Listed(
        which=wanted.listing,
        groups=drawing.groups(rows),
        kept=_kept(drawing, person, opened),
        tabs=[_tab(one, wanted, counted, home) for one in listings() if one.is_tab],
        others=[_tab(one, wanted, counted, home) for one in listings() if not one.is_tab],
        views=_views(own.views, wanted, home),
        may_save=len(own.views) < MOST_VIEWS and all(one.query != wanted.query() for one in own.views),
        orders=[
            Link(str(one.label), home + replace(wanted, order=one).query(), one is wanted.order)
            for one in wanted.listing.orders
        ],
        at_desks=_at_desks(wanted, own.desks, home),
        choices=Choices.of(wanted, own.desks, drawing.beside, home),
        filters=wanted.filters,
        query=query,
        opened=opened,
        top=home + wanted.query() if place["dopo"] else "",
        next=drawing.next_page(home),
        refresh=reverse("desk:list") + wanted.query(**place, aperta=str(opened.pk) if opened else ""),
        pages=int(place["pagine"] or 1),
        most_pages=MOST_PAGES,
        waiting=drawing.counted.of.get(WAITING.key, 0),
        latest=int(drawing.counted.latest.timestamp() * 1000) if drawing.counted.latest else 0,
        selecting=Selecting.of(wanted, home, may=handles, on="scegli" in place),
    )


@dataclass(frozen=True)
class Own:
    """What is known before anything is asked. ``version``: as ``drawing.drawn`` takes it; ``in_hand``: how many, by desk."""

    version: str
    desks: Sequence[Named]
    views: Sequence[Named]
    in_hand: Mapping[int, int]
    promise: int

    @classmethod
    def of(cls, person: Person, membership: Membership | None) -> Own:
        """One query, since every page of the desk asks for it. Of who is no member: nothing."""
        if membership is None:
            return cls("", [], [], {}, promised(None))
        values = {
            "organization": membership.organization_id,
            "membership": membership.pk,
            "person": person.pk,
            "views": MOST_VIEWS,
            "most": MOST_COUNTED,
        }
        with prepared(), connection.cursor() as cursor:
            cursor.execute(statement("own"), values)
            version, position, desks, views, in_hand, mentions, minutes = cursor.fetchone()
        remember_mentions(person, mentions)
        remember_position(person, position)
        return cls(
            version=version,
            desks=[
                Named(pk, name)
                for pk, name, everyone, its_own in json.loads(desks)
                if sees(membership, everyone=everyone, own=its_own)
            ],
            views=[Named(*view) for view in json.loads(views)],
            in_hand=dict(json.loads(in_hand)),
            promise=promised(minutes),
        )


def _tab(one: Listing, wanted: Asked, counted: Mapping[str, int], home: str) -> Link:
    number = tab_number(one, wanted.listing, counted)
    return Link(str(one.label), home + wanted.on(one).query(), one is wanted.listing, number)


def _kept(drawing: Drawn, person: Person, opened: Conversation | None) -> SafeString | None:
    """The open conversation that is not in the list any more, or never was; with what became of it."""
    if opened is None or any(place.conversation.pk == opened.pk for place in drawing.page.places):
        return None
    listing = drawing.wanted.listing
    if not opened.is_open:
        mark = _("chiusa") if listing is not CLOSED else ""
    elif listing is WAITING:
        mark = _("risposto") if waits_since(opened) is None else ""
    else:
        mark = _("presa in carico") if listing is FREE and opened.assignee_id is not None else ""
    if not mark:
        return None
    look = replace(drawing.look, person=person.pk, opened=opened.pk)
    return drawn_row(row(Place(opened, Start(opened.last_message_at, opened.pk)), look, mark=mark))


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
