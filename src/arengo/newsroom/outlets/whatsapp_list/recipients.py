# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Everybody on the list of one number."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from arengo.audience import subscribers
from arengo.delivery.models import Sender
from arengo.platforms.contract import Address


class WholeList:
    """``marketing``: without those who stopped news at the platform; an alert goes to them too."""

    def __init__(self, sender: Sender, *, marketing: bool) -> None:
        self._sender = sender
        self._marketing = marketing

    def count(self) -> int:
        return subscribers.subscriber_count(self._sender, marketing=self._marketing)

    def among(self, hashes: Collection[bytes]) -> int:
        return subscribers.subscriber_count(self._sender, marketing=self._marketing, among=hashes)

    def spared(self) -> int:
        return subscribers.stopped_count(self._sender) if self._marketing else 0

    def addresses(self) -> Iterator[Address]:
        return subscribers.subscribed(self._sender, marketing=self._marketing)
