# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""House rules as the conversation and their own pages show them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from arengo.audience.people import name_of
from arengo.core import outside
from arengo.desk.blocks.models import Block, Evidence, Reprimand
from arengo.desk.blocks.standing import WARNINGS, Ladder, in_force
from arengo.desk.blocks.verbs import FARTHEST
from arengo.desk.marks import carries
from arengo.desk.models import Conversation, Desk, Message

PAGE = 50
_CHOICES = 30  # messages of the citizen that may be chosen as evidence


@dataclass(frozen=True)
class House:
    """How the citizen of a conversation stands. ``ladder`` None: they were erased."""

    ladder: Ladder | None

    @classmethod
    def of(cls, conversation: Conversation) -> House:
        """Two queries; none where the citizen was never warned nor blocked."""
        if conversation.identity_id is None:
            return cls(None)
        if not carries(conversation, "house_rules"):
            return cls(Ladder([], None))
        return cls(Ladder.of(conversation.contact_id))

    @property
    def is_blocked(self) -> bool:
        return self.ladder is not None and self.ladder.is_blocked


@dataclass(frozen=True)
class Step:
    """Of the ladder. ``state``: done, now or next."""

    title: str | Promise
    state: str
    at: datetime | None = None
    who: str = ""


def steps(ladder: Ladder) -> Sequence[Step]:
    titles = (_("Primo richiamo"), _("Secondo richiamo"))
    found = [
        Step(titles[number], "done", one.at, one.by.get_short_name() if one.by else "")
        for number, one in enumerate(ladder.warnings[:WARNINGS])
    ]
    found += [
        Step(titles[number], "now" if number == len(ladder.warnings) else "next")
        for number in range(len(found), WARNINGS)
    ]
    block = ladder.block
    if block is not None and not block.is_asked:
        last = Step(_("Blocco"), "done", block.begins_at, block.by.get_short_name() if block.by else "")
    else:
        last = Step(_("Blocco"), "now" if len(ladder.warnings) >= WARNINGS else "next")
    return [*found, last]


def choices(conversation: Conversation) -> Sequence[Message]:
    """What the citizen wrote of late, the newest first: what may be chosen as evidence."""
    return list(
        conversation.messages.filter(
            direction=Message.Direction.IN, command="", erased_at=None, deleted_at=None
        )
        .exclude(kind=Message.Kind.SYSTEM)
        .order_by("-sent_at", "-id")[:_CHOICES]
    )


@dataclass(frozen=True)
class Days:
    """What «fino a quando» offers: the last days of one, three and six months, and the bounds of another one."""

    offered: Sequence[tuple[date, str | Promise]]
    first: date
    last: date

    @classmethod
    def from_today(cls) -> Days:
        today = timezone.localdate()
        offered = [
            (today + timedelta(days=30), _("1 mese")),
            (today + timedelta(days=91), _("3 mesi")),
            (today + timedelta(days=182), _("6 mesi")),
        ]
        return cls(offered, today + timedelta(days=1), today + FARTHEST)


class Listing(StrEnum):
    """Of citizens. Addresses say it in Italian: ``in_address``."""

    BLOCKED = "blocked"
    WARNED = "warned"
    ENDED = "ended"

    @property
    def in_address(self) -> str:
        return _IN_ADDRESSES[self]

    @property
    def label(self) -> str | Promise:
        return {
            Listing.BLOCKED: _("Bloccati"),
            Listing.WARNED: _("Richiamati"),
            Listing.ENDED: _("Finiti"),
        }[self]


_IN_ADDRESSES: dict[Listing, str] = {
    Listing.BLOCKED: "bloccati",
    Listing.WARNED: "richiamati",
    Listing.ENDED: "finiti",
}


def listing(word: str | None) -> Listing:
    return next((one for one in Listing if one.in_address == word), Listing.BLOCKED)


@dataclass(frozen=True)
class Line:
    """A citizen of one of the lists. ``wrote``: how many messages since the block began."""

    name: str
    block: Block | None
    reprimand: Reprimand | None
    evidence: int
    wrote: int


@dataclass(frozen=True)
class Lines:
    rows: Sequence[Line]
    next_key: str


def asked() -> Sequence[Line]:
    """Blocks that wait for an administrator, the oldest first."""
    found = _blocks().filter(begins_at=None, ended_at=None, ends_at__gt=timezone.now()).order_by("at", "pk")
    return _lines(list(found[:PAGE]))


def counts(desks: QuerySet[Desk]) -> Mapping[Listing, int]:
    """Of those that are not over; of warnings those of these desks."""
    return {
        Listing.BLOCKED: Block.objects.filter(in_force()).count(),
        Listing.WARNED: _warned(desks).count(),
    }


def lines(which: Listing, desks: QuerySet[Desk], *, after: str = "") -> Lines:
    """Fifty of a list; of warnings those of these desks. ``after`` is the ``next_key`` of the page before."""
    place = outside.whole(after)
    if which is Listing.WARNED:
        warned = _warned(desks).select_related("contact", "by").prefetch_related("contact__identities")
        warned = warned.annotate(kept=Count("evidence")).order_by("-pk")
        shown = list((warned.filter(pk__lt=place) if place is not None else warned)[: PAGE + 1])
        rows = [Line(name_of(one.contact), None, one, one.kept, 0) for one in shown[:PAGE]]
        return Lines(rows, str(shown[PAGE - 1].pk) if len(shown) > PAGE else "")
    found = _blocks().order_by("-pk")
    found = found.filter(in_force()) if which is Listing.BLOCKED else found.filter(_over())
    blocks = list((found.filter(pk__lt=place) if place is not None else found)[: PAGE + 1])
    return Lines(_lines(blocks[:PAGE]), str(blocks[PAGE - 1].pk) if len(blocks) > PAGE else "")


def line(block: Block) -> Line:
    return _lines([block])[0]


def evidence(block: Block, desks: QuerySet[Desk]) -> Sequence[Evidence]:
    """Its own and that of the warnings that led to it, the oldest first; of these desks, who said it to another is not read here."""
    since = block.at - timedelta(days=365)
    before = Reprimand.objects.filter(contact=block.contact_id, at__gt=since, at__lte=block.at)
    found = Evidence.objects.filter(
        Q(block=block) | Q(reprimand__in=before.values("pk")), message__conversation__desk__in=desks
    )
    return list(found.select_related("message", "reprimand__by").order_by("sent_at", "pk"))


def _blocks() -> QuerySet[Block]:
    found: QuerySet[Block] = Block.objects.select_related(
        "contact", "by", "confirmed_by", "ended_by"
    ).prefetch_related("contact__identities")
    return found.annotate(kept=Count("evidence"))


def _over() -> Q:
    return Q(ended_at__isnull=False) | Q(ends_at__lte=timezone.now())


def _warned(desks: QuerySet[Desk]) -> QuerySet[Reprimand]:
    """The latest warning of each citizen of the last year who is not blocked."""
    since = timezone.now() - timedelta(days=365)
    later = Reprimand.objects.filter(contact=OuterRef("contact"), pk__gt=OuterRef("pk"))
    blocked = Block.objects.filter(in_force(), contact=OuterRef("contact"))
    found: QuerySet[Reprimand] = Reprimand.objects.filter(
        ~Exists(later), ~Exists(blocked), at__gt=since, conversation__desk__in=desks
    )
    return found


def _lines(blocks: Sequence[Block]) -> list[Line]:
    return [
        Line(name_of(one.contact), one, None, getattr(one, "kept", 0), _wrote_since(one)) for one in blocks
    ]


def _wrote_since(block: Block) -> int:
    """One query a block that began; along the conversations of its citizen."""
    if block.begins_at is None:
        return 0
    found = Message.objects.filter(
        conversation__contact=block.contact_id,
        direction=Message.Direction.IN,
        sent_at__gt=block.begins_at,
        command="",
    )
    if block.ended_at is not None:
        found = found.filter(sent_at__lte=block.ended_at)
    return int(found.count())
