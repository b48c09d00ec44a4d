# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The subscribers that a message is meant for: one value that counts them, says who is left out and why, and gives their addresses.

Of those who are on the list, these are spared:

- who stopped news at the platform, of news: the platform would refuse it;
- who wants other topics, of news: a subscription without topics wants all, and news without topics is for everybody;
- who chose other quarters, likewise;
- who chose another frequency («only digests», ``frequencies.py``), of news that does not belong to it;
- who is excluded by hand.

An alert goes to everybody but the excluded, whatever they chose.

Each kind is one condition on a subscription (:meth:`Recipients._spared`), and :meth:`Recipients.reach`,
:meth:`Recipients.addresses` and :meth:`Recipients.keys` are made of the same conditions.
"""

from __future__ import annotations

import enum
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from arengo.audience.frequencies import EVERYTHING
from arengo.audience.models import Quarter, Topic
from arengo.audience.naming import Named
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
    other_quarters: int = 0  # chose quarters, and none of these
    other_frequency: int = 0  # want only what this is not

    @property
    def reached(self) -> int:
        chose_otherwise = self.other_topics + self.other_quarters + self.other_frequency
        return self.listed - self.stopped - chose_otherwise - self.excluded


# What as_json writes. Mailings of before there were quarters hold the first alone: nobody was left out by the others.
_KEPT_FROM_THE_START = {"sender", "purpose", "topics", "excluded"}
_KEPT_SINCE = {"quarters", "frequency"}

# Conditions under which a subscription ``s``, whose identity ``i`` is in hand, is spared.
_STOPPED = "i.marketing_stopped_at IS NOT NULL"
_OTHER_TOPICS = statement("other_topics")
_OTHER_QUARTERS = statement("other_quarters")
_OTHER_FREQUENCY = "s.frequency <> '' AND s.frequency <> %(meant_frequency)s"
# The same conditions for counting, where they may hold for most of the list: sets that are made once (``chose_….sql``).
_FOR_MANY = {
    _OTHER_TOPICS: "s.id IN (SELECT subscription_id FROM chose_other_topics)",
    _OTHER_QUARTERS: "s.id IN (SELECT subscription_id FROM chose_other_quarters)",
}
_EXCLUDED = "i.contact_id = ANY(%(meant_excluded)s::bigint[])"


@dataclass(frozen=True)
class Recipients:
    """The subscribers of the scope's organization that are meant. Nothing is read until it is asked.

    ``sender``: the id of the number to which they subscribed; None: any. ``topics``: ids; none: all topics. ``excluded``: ids
    of contacts, at most ``MOST_EXCLUDED``. ``quarters``: ids; none: the whole town. ``frequency``: the one to which the message
    belongs; news that belongs to none goes to who wants everything. Somebody who is merged into another contact is excluded
    no longer; a mailing that was filled before holds no row of theirs.

    :meth:`as_json` and :meth:`from_json` keep it beside a mailing: asked again a week later, it means the same people,
    without those who left and with those who joined.
    """

    sender: int | None = None
    purpose: Purpose = Purpose.NEWS
    topics: tuple[int, ...] = ()
    excluded: tuple[int, ...] = ()
    quarters: tuple[int, ...] = ()
    frequency: str = EVERYTHING

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
            "quarters": list(self.quarters),
            "frequency": self.frequency,
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Recipients:
        """ValueError for what :meth:`as_json` did not write: to leave a condition out would reach people who are not meant."""
        if kept.keys() not in (_KEPT_FROM_THE_START, _KEPT_FROM_THE_START | _KEPT_SINCE):
            raise ValueError(f"These are no recipients: {sorted(kept)}.")
        quarters, frequency = kept.get("quarters", ()), kept.get("frequency", EVERYTHING)
        ids = [*kept["topics"], *kept["excluded"], *quarters]
        ids += [] if kept["sender"] is None else [kept["sender"]]
        if not all(type(one) is int for one in ids) or not isinstance(frequency, str):
            raise ValueError("The ids of recipients are whole numbers, the frequency is a key.")
        return cls(
            kept["sender"],
            Purpose(kept["purpose"]),
            tuple(kept["topics"]),
            tuple(kept["excluded"]),
            tuple(quarters),
            frequency,
        )

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
        counts = [self._counted("count_list"), "0", "0", "0", "0", "0"]
        if _STOPPED in spared:
            counts[1] = self._counted("count_people", _STOPPED)
        if _OTHER_TOPICS in spared:
            both = self._counted("count_people", _STOPPED, _OTHER_TOPICS)
            counts[2] = f"{self._counted('count_list', _FOR_MANY[_OTHER_TOPICS])} - {both}"
        if _OTHER_QUARTERS in spared:
            earlier = self._earlier(spared, _OTHER_QUARTERS, many=True)
            counts[4] = self._counted("count_people", _FOR_MANY[_OTHER_QUARTERS], *earlier)
        if _OTHER_FREQUENCY in spared:
            earlier = self._earlier(spared, _OTHER_FREQUENCY)
            counts[5] = self._counted("count_people", _OTHER_FREQUENCY, *earlier)
        if _EXCLUDED in spared:
            earlier = self._earlier(spared, _EXCLUDED)
            counts[3] = self._counted("count_people", _EXCLUDED, *earlier)
        with connection.cursor() as cursor:
            cursor.execute(f"{_sets(spared)} SELECT {', '.join(counts)}", self._values())
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

    @staticmethod
    def _earlier(spared: Sequence[str], condition: str, *, many: bool = False) -> list[str]:
        """Nobody is counted under two reasons. ``many``: the condition may hold for most of the list."""
        before = spared[: spared.index(condition)]
        return [f"NOT ({_FOR_MANY.get(one, one) if many else one})" for one in before]

    def _spared(self) -> list[str]:
        """The conditions under which somebody on the list is spared."""
        found = []
        if self.purpose is Purpose.NEWS:
            found.append(_STOPPED)
            if self.topics:
                found.append(_OTHER_TOPICS)
            if self.quarters:
                found.append(_OTHER_QUARTERS)
            found.append(_OTHER_FREQUENCY)
        if self.excluded:
            found.append(_EXCLUDED)
        return found

    def _meant(self) -> str:
        return "".join(f" AND NOT ({one})" for one in self._spared())

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
            "meant_topics": bulk.array("bigint", _with_merged(Topic, self.topics)),
            "meant_quarters": bulk.array("bigint", _with_merged(Quarter, self.quarters)),
            "meant_frequency": self.frequency,
            "meant_excluded": bulk.array("bigint", self.excluded),
        }


def _sets(spared: Sequence[str]) -> str:
    """Those of ``_FOR_MANY``, before a statement that counts."""
    files = {_OTHER_TOPICS: "chose_other_topics", _OTHER_QUARTERS: "chose_other_quarters"}
    made = [statement(name) for condition, name in files.items() if condition in spared]
    return f"WITH {', '.join(made)}" if made else ""


def _with_merged(model: type[Named], ids: Sequence[int]) -> list[int]:
    """With what they went into meanwhile: there are the people who had chosen them."""
    if not ids:
        return []
    into = dict(model.objects.exclude(merged_into=None).values_list("pk", "merged_into"))
    found = list(ids)
    for one in found:
        if (target := into.get(one)) is not None and target not in found:
            found.append(target)
    return found


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
