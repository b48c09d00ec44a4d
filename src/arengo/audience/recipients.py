# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The subscribers that a message is meant for: one value that counts them, says who is left out and why, and gives their addresses.

Of those who are on the list, three kinds are spared:

- who stopped news at the platform, of news: the platform would refuse it;
- who wants other topics, of news: a subscription without topics wants all, and news without topics is for everybody;
- who is excluded by hand.

An alert goes to everybody but the excluded, whatever their topics.

Each kind is one condition on a subscription (:meth:`Recipients._spared`), and :meth:`Recipients.reach`,
:meth:`Recipients.addresses` and :meth:`Recipients.keys` are made of the same conditions. A quarter of the town and a
frequency ("only the digest") are not known of anybody yet. Each will be a column of ``Subscription``, a field here and one
more condition.
"""

from __future__ import annotations

import enum
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection

from arengo.audience.sql import statement
from arengo.core import bulk
from arengo.core.hash_sets import HashSet
from arengo.core.scope import current_organization_id
from arengo.core.vault import vault
from arengo.platforms.contract import Address
from arengo.platforms.registry import platforms

MOST_EXCLUDED = 1000  # citizens
_PAGE = 5000  # rows


class Purpose(enum.StrEnum):
    """What the message is, as far as it decides who is meant."""

    NEWS = "news"  # people may stop it at the platform, and choose its topics
    ALERT = "alert"  # matters to everybody

    @classmethod
    def of(cls, *, marketing: bool) -> Purpose:
        """``marketing``: whether people may stop it at the platform."""
        return cls.NEWS if marketing else cls.ALERT


@dataclass(frozen=True)
class Reach:
    """How many are on the list, and who of them is spared: each under the first reason that holds."""

    listed: int
    stopped: int  # told the platform that they want no news
    other_topics: int  # want topics, and none of these
    excluded: int

    @property
    def reached(self) -> int:
        return self.listed - self.stopped - self.other_topics - self.excluded


# Conditions under which a subscription ``s``, whose identity ``i`` is in hand, is spared.
_STOPPED = "i.marketing_stopped_at IS NOT NULL"
_OTHER_TOPICS = statement("other_topics")
_EXCLUDED = "i.contact_id = ANY(%(meant_excluded)s::bigint[])"


@dataclass(frozen=True)
class Recipients:
    """The subscribers of the scope's organization that are meant. Nothing is read until it is asked.

    ``sender``: the id of the number to which they subscribed; None: any. ``topics``: ids; none: all topics. ``excluded``: ids
    of contacts, at most ``MOST_EXCLUDED``. Somebody who is merged into another contact is excluded no longer; a mailing
    that was filled before holds no row of theirs.

    :meth:`as_json` and :meth:`from_json` keep it beside a mailing: asked again a week later, it means the same people,
    without those who left and with those who joined.
    """

    sender: int | None = None
    purpose: Purpose = Purpose.NEWS
    topics: tuple[int, ...] = ()
    excluded: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if len(self.excluded) > MOST_EXCLUDED:
            raise ValueError(f"At most {MOST_EXCLUDED} citizens can be excluded, not {len(self.excluded)}.")

    # --- kept beside a mailing ------------------------------------------------------------------------------------

    def as_json(self) -> dict[str, Any]:
        return {
            "sender": self.sender,
            "purpose": self.purpose.value,
            "topics": list(self.topics),
            "excluded": list(self.excluded),
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Recipients:
        """ValueError for what :meth:`as_json` did not write: to leave a condition out would reach people who are not meant."""
        if kept.keys() != {"sender", "purpose", "topics", "excluded"}:
            raise ValueError(f"These are no recipients: {sorted(kept)}.")
        ids = [*kept["topics"], *kept["excluded"], *([] if kept["sender"] is None else [kept["sender"]])]
        if not all(type(one) is int for one in ids):
            raise ValueError("The ids of recipients are whole numbers.")
        return cls(kept["sender"], Purpose(kept["purpose"]), tuple(kept["topics"]), tuple(kept["excluded"]))

    # --- asking ---------------------------------------------------------------------------------------------------

    def count(self) -> int:
        """How many are meant."""
        return self.reach().reached

    def among(self, hashes: Collection[bytes]) -> int:
        """How many of them have an ``Address.key`` with one of these hashes."""
        keys = self.keys()
        with connection.cursor() as cursor:
            cursor.execute(
                statement("count_hashes", which=keys.condition("h.hash")),
                {**keys.values, "hashes": bulk.array("bytea", set(hashes))},
            )
            return int(cursor.fetchone()[0])

    def reach(self) -> Reach:
        """How many are meant and how many are spared, in one statement.

        Those who are spared are counted, not those who are left: most conditions hold for a few, and have an index.
        """
        spared = self._spared()
        counts = [self._counted("count_list"), "0", "0", "0"]
        if _STOPPED in spared:
            counts[1] = self._counted("count_people", _STOPPED)
        if _OTHER_TOPICS in spared:
            both = self._counted("count_people", _STOPPED, _OTHER_TOPICS)
            counts[2] = f"{self._counted('count_list', statement('chose_other_topics'))} - {both}"
        if _EXCLUDED in spared:
            earlier = (f"NOT {one}" for one in spared if one != _EXCLUDED)
            counts[3] = self._counted("count_people", _EXCLUDED, *earlier)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {', '.join(counts)}", self._values())
            return Reach(*map(int, cursor.fetchone()))

    def addresses(self) -> Iterator[Address]:
        """Where each is reached, in the order in which they first subscribed: a page of rows at a time, in constant memory."""
        values = self._values()  # now, in the caller's scope
        return _walk(statement("addresses", on_list=self._on_list(), meant=self._meant()), values)

    def keys(self) -> HashSet:
        """The keyed hashes of their addresses, as a mailing's rows have them."""
        return HashSet(
            statement("is_meant", on_list=self._on_list(), meant=self._meant(), hash="{hash}"),
            {**self._values(), "meant_platforms": list(platforms())},
        )

    # --- the conditions -------------------------------------------------------------------------------------------

    def _counted(self, name: str, *conditions: str) -> str:
        """A subquery. ``name``: the file that counts."""
        return f"({statement(name, which=' AND '.join([self._on_list(), *conditions]))})"

    def _spared(self) -> list[str]:
        """The conditions under which somebody on the list is spared."""
        found = []
        if self.purpose is Purpose.NEWS:
            found.append(_STOPPED)
            if self.topics:
                found.append(_OTHER_TOPICS)
        if self.excluded:
            found.append(_EXCLUDED)
        return found

    def _meant(self) -> str:
        return "".join(f" AND NOT {one}" for one in self._spared())

    def _on_list(self) -> str:
        one_sender = "" if self.sender is None else " AND s.sender_id = %(meant_sender)s"
        return f"s.active AND s.organization_id = %(meant_organization)s{one_sender}"

    def _values(self) -> dict[str, Any]:
        organization = current_organization_id()
        if organization is None:
            raise ValueError("A list belongs to one organization.")
        return {
            "meant_organization": organization,
            "meant_sender": self.sender,
            "meant_topics": bulk.array("bigint", self.topics),
            "meant_excluded": bulk.array("bigint", self.excluded),
        }


def _walk(pages: str, values: Mapping[str, Any]) -> Iterator[Address]:
    after, open_text = 0, vault().open_text
    while True:
        with connection.cursor() as cursor:
            cursor.execute(pages, {**values, "after": after, "page": _PAGE})
            page = cursor.fetchall()
        for _pk, phone, user_id in page:
            if phone or user_id:
                yield Address(
                    phone=open_text(bytes(phone), purpose="phone") if phone else None,
                    user_id=open_text(bytes(user_id), purpose="user_id") if user_id else None,
                )
        if len(page) < _PAGE:
            return
        after = page[-1][0]
