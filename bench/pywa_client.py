# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The same messages through pywa's async client, in a process of its own, with nothing recorded.

Its HTTP session gets no limit of connections, and it runs on uvloop: better than it comes.
"""

from __future__ import annotations

import argparse
import asyncio
from itertools import count

import httpx
import uvloop
from pywa_async.client import WhatsApp
from pywa_async.types.templates import TemplateLanguage

from bench.messages import TEMPLATE, TOKEN, WORDS, phone

_PARAMETERS = [{"type": "body", "parameters": [{"type": "text", "text": WORDS}]}]


def client(url: str, number: str) -> WhatsApp:
    session = httpx.AsyncClient(
        limits=httpx.Limits(max_connections=None, max_keepalive_connections=None), timeout=60, trust_env=False
    )
    made = WhatsApp(phone_id=number, token=TOKEN, session=session, server=None, api_version=24.0)
    # pywa has no setting for another host; its session decides where requests go.
    session.base_url = httpx.URL(f"{url}/v24.0")
    return made


async def _run(url: str, numbers: list[str], total: int, in_flight: int) -> None:
    clients = [client(url, number) for number in numbers]
    counter = count()

    async def work() -> None:
        while (index := next(counter)) < total:
            await clients[index % len(clients)].send_template(
                phone(index), TEMPLATE, TemplateLanguage.ITALIAN, _PARAMETERS, tracker=str(index + 1)
            )

    await asyncio.gather(*(work() for _ in range(in_flight)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", required=True)
    parser.add_argument("--numbers", required=True)
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--in-flight", type=int, required=True)
    chosen = parser.parse_args()
    uvloop.run(_run(chosen.url, chosen.numbers.split(","), chosen.count, chosen.in_flight))


if __name__ == "__main__":
    main()
