# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Meta's price list for Italy, as a file with its day and source (``prices.json``).

Euro: as a third party quoted the rates publicly on 2026-10-02, not read on Meta's own card; they agree with the card in USD of the
same day (0.0795 and 0.0300) at a rate of 0.8277. Since 1 October 2026 answers inside the window are charged too, past 1,000 a month and
number (Meta, non-template messages). Volume tiers for utility and authentication exist; no source of ours has their steps, so none
is in the file. Rates change on the first day of a quarter: a new list is a new entry, old ones stay.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import msgspec

from arengo.platforms.contract import PriceList


class _File(msgspec.Struct):
    about: str
    lists: tuple[PriceList, ...]


@cache
def price_lists() -> tuple[PriceList, ...]:
    return msgspec.json.decode((files(__package__) / "prices.json").read_bytes(), type=_File).lists
