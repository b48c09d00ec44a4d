# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""How much of a body is taken, from whom, how slowly, and how many at once."""

from __future__ import annotations

import asyncio
import tracemalloc
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.db import connections

from arengo.audience.imports.models import Import
from arengo.config.serving import limits
from arengo.config.serving.handler import Handler
from arengo.core.models import Organization, Person
from tests.config.hand_made import Conversation, bare
from tests.support.waiting import NEVER
from tests.support.web_process import session_cookie

__all__ = ["bare"]  # fixtures

pytestmark = pytest.mark.django_db(transaction=True)


class Upload(Conversation):
    def __init__(
        self, path: str, pieces: list[bytes], *, declared: int | None = None, pause: float = 0
    ) -> None:
        super().__init__(path)
        self.scope["method"] = "POST"
        if declared is not None:
            self.scope["headers"] = [*self.scope["headers"], (b"content-length", str(declared).encode())]
        self._pieces, self._pause, self.taken = pieces, pause, 0

    async def receive(self) -> dict[str, Any]:
        if self._pieces:
            await asyncio.sleep(self._pause)
            piece = self._pieces.pop(0)
            self.taken += 1
            return {"type": "http.request", "body": piece, "more_body": bool(self._pieces)}
        await self.leaves.wait()
        return {"type": "http.disconnect"}


@pytest.mark.parametrize("declared", [True, False], ids=["declared", "in pieces"])
async def test_a_stranger_may_send_a_form_and_no_more(bare: Handler, declared: bool) -> None:
    pieces = [b"x" * 65536] * 10
    talk = Upload("/takes", pieces, declared=655_360 if declared else None)
    await asyncio.wait_for(bare(talk.scope, talk.receive, talk.send), NEVER)
    # Without middleware the view answers all the same, to an empty body: nothing of the large one was kept.
    assert talk.body == b"0"
    assert talk.scope["arengo.refused"].status == 413


async def test_a_small_body_needs_no_question(bare: Handler) -> None:
    talk = Upload("/takes", [b"x" * 1000, b"y" * 500])
    await asyncio.wait_for(bare(talk.scope, talk.receive, talk.send), NEVER)
    assert talk.body == b"1500"


async def test_a_member_may_send_what_the_view_takes(bare: Handler, olga: Person) -> None:
    cookie = await sync_to_async(session_cookie)(olga)
    for size, kept in ((490_000, b"490000"), (510_000, b"0")):
        talk = Upload("/takes", [b"x" * 10_000] * (size // 10_000))
        talk.scope["headers"] = [*talk.scope["headers"], (b"cookie", cookie.encode())]
        await asyncio.wait_for(bare(talk.scope, talk.receive, talk.send), NEVER)
        assert talk.body == kept
    assert talk.scope["arengo.refused"].most_bytes == 500_000


async def test_a_body_that_comes_too_slowly_is_given_up(
    bare: Handler, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "BODY_SILENCE", 0.2)
    talk = Upload("/takes", [b"x", b"y"], pause=0.5)
    await asyncio.wait_for(bare(talk.scope, talk.receive, talk.send), NEVER)
    assert talk.scope["arengo.refused"].status == 408


async def test_a_body_that_drips_is_given_up(bare: Handler, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "BODY_SILENCE", 0.3)
    talk = Upload("/takes", [b"x"] * 1000, pause=0.02)
    await asyncio.wait_for(bare(talk.scope, talk.receive, talk.send), NEVER)
    assert talk.scope["arengo.refused"].status == 408
    assert talk.taken < 500


async def test_only_so_many_large_bodies_come_in_at_once(
    bare: Handler, olga: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "LARGE_AT_ONCE", 1)
    monkeypatch.setattr(limits, "SIGNED_IN_MOST_BYTES", 150_000)
    cookie = await sync_to_async(session_cookie)(olga)
    talks = [Upload("/takes", [b"x" * 100_000] * 4, pause=0.2) for _ in range(2)]
    for talk in talks:
        talk.scope["headers"] = [*talk.scope["headers"], (b"cookie", cookie.encode())]
    await asyncio.gather(*(bare(talk.scope, talk.receive, talk.send) for talk in talks))
    assert sorted(talk.body for talk in talks) == [b"0", b"400000"]
    assert [talk.scope["arengo.refused"].status for talk in talks if "arengo.refused" in talk.scope] == [503]
    again = Upload("/takes", [b"x" * 100_000] * 4)  # the place is free again
    again.scope["headers"] = [*again.scope["headers"], (b"cookie", cookie.encode())]
    await bare(again.scope, again.receive, again.send)
    assert again.body == b"400000"


@pytest.mark.parametrize("declared", [True, False], ids=["declared", "in pieces"])
async def test_a_list_of_two_gigabytes_is_refused_before_it_fills_anything(
    esempio: Organization, alice: Person, declared: bool
) -> None:
    two_gigabytes, piece = 2 * 2**30, b"3330000001\r\n" * 5_000
    cookie = await sync_to_async(session_cookie)(alice)
    talk = Upload(
        "/console/iscritti/importa/",
        [piece] * (two_gigabytes // len(piece)),  # one object, many times
        declared=two_gigabytes if declared else None,
    )
    talk.scope["headers"] = [*talk.scope["headers"], (b"cookie", cookie.encode())]
    tracemalloc.start()
    try:
        await asyncio.wait_for(Handler()(talk.scope, talk.receive, talk.send), NEVER)
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
        await sync_to_async(connections.close_all)()
    assert peak < (30 if declared else 90) * 2**20  # what comes after the answer is let go, piece by piece
    assert talk.scope["arengo.refused"].status == 413
    assert talk.scope["arengo.refused"].most_bytes < 51 * 2**20
    assert talk.sent[0]["status"] == 413
    assert not await Import.unscoped.aexists()
