# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The least that can be done with Arengo's own HTTP client: the same messages, no record, no limit, no answer read twice."""

from __future__ import annotations

import argparse
import asyncio
from itertools import count

import aiohttp
import uvloop

from bench.messages import body, headers


async def _run(url: str, numbers: list[str], total: int, in_flight: int) -> None:
    connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=60, ttl_dns_cache=60)
    addresses = [f"{url}/v24.0/{number}/messages" for number in numbers]
    counter = count()
    sent_with = headers()

    async def work() -> None:
        while (index := next(counter)) < total:
            async with session.post(
                addresses[index % len(addresses)], data=body(index), headers=sent_with
            ) as response:
                await response.read()

    async with aiohttp.ClientSession(connector=connector) as session:
        await asyncio.gather(*(work() for _ in range(in_flight)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", required=True)
    parser.add_argument("--numbers", required=True)
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--in-flight", type=int, default=512)
    chosen = parser.parse_args()
    uvloop.run(_run(chosen.url, chosen.numbers.split(","), chosen.count, chosen.in_flight))


if __name__ == "__main__":
    main()
