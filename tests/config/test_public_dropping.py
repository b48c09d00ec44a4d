# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What changes drops the pages that show it, and no other; what nobody can be told of is kept for a moment."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import psycopg
import pytest
from asgiref.sync import sync_to_async
from django.core.files.base import ContentFile
from django.db import connections
from django.utils import timezone

from arengo.channel import board
from arengo.config.serving import limits
from arengo.config.serving.public_changes import sites
from arengo.core.models import Organization, Person
from arengo.core.scope import organization_scope
from arengo.delivery.models import Sender
from tests.config.public_site import Site, _steady, published, site, sql, towns
from tests.factories.core import HOST, STRANGER_HOST
from tests.factories.pictures import market_square
from tests.support.waiting import NEVER
from tests.support.web_process import database_url

__all__ = ["_steady", "site", "towns"]  # fixtures

pytestmark = pytest.mark.django_db(transaction=True)


async def test_a_new_post_is_on_every_page_at_once(site: Site, esempio: Organization) -> None:
    for address in ("/", "/wa", "/canale/", "/canale/feed.xml"):
        assert b"Strada chiusa" not in (await site.ask(address))[1]
    await published(esempio)
    await site.heard()
    for address in ("/", "/wa", "/canale/", "/canale/feed.xml"):
        assert b"Strada chiusa" in (await site.ask(address))[1]


async def test_a_withdrawn_post_is_gone_from_every_page(
    site: Site, esempio: Organization, edo: Person
) -> None:
    post = await published(
        esempio, image=ContentFile(market_square((1200, 628)), name="x.jpg"), image_alt="x"
    )
    mine = [f"/canale/{post.pk}/", f"/canale/{post.pk}/immagine"]
    lists = ["/", "/wa", "/canale/", "/canale/feed.xml"]
    await site.heard()
    for address in [*mine, *lists]:
        status, body, _headers = await site.ask(address)
        assert status == 200
        assert b"Strada chiusa" in body or body.startswith(b"\xff\xd8")

    def withdraw() -> None:
        with organization_scope(esempio):
            board.withdraw(post, edo)

    await sync_to_async(withdraw)()
    await site.heard()
    for address in lists:
        assert b"Strada chiusa" not in (await site.ask(address))[1]
    for address in mine:
        assert (await site.ask(address))[0] == 404


_OURS = "FROM core_organization WHERE slug = 'esempio'"
CHANGES = {
    "the name": "UPDATE core_organization SET name = 'Parole nuove' WHERE slug = 'esempio'",
    "the telephone": "UPDATE core_organization SET phone = 'Parole nuove' WHERE slug = 'esempio'",
    "the channel's title": (
        "INSERT INTO channel_channel (organization_id, title, description, whatsapp_url) "
        f"SELECT id, 'Parole nuove', '', '' {_OURS}"
    ),
    "a policy": (
        "INSERT INTO audience_policy (organization_id, kind, version, text, summary, published_at) "
        f"SELECT id, 'privacy', 1, 'Parole nuove', '', now() {_OURS}"
    ),
}
_SHOWN = {
    "the name": "/regole/",
    "the telephone": "/",
    "the channel's title": "/canale/",
    "a policy": "/informativa/",
}


@pytest.mark.parametrize("what", CHANGES)
async def test_a_change_by_hand_in_the_database_is_seen_too(site: Site, what: str) -> None:
    assert b"Parole nuove" not in (await site.ask(_SHOWN[what]))[1]
    await sql(CHANGES[what])
    await site.heard()
    assert b"Parole nuove" in (await site.ask(_SHOWN[what]))[1]


async def test_a_table_that_is_emptied_is_told_too(site: Site, esempio: Organization) -> None:
    await published(esempio)
    await site.heard()
    assert b"Strada chiusa" in (await site.ask("/canale/"))[1]
    await sql("TRUNCATE channel_post CASCADE")
    await site.heard()
    assert b"Strada chiusa" not in (await site.ask("/canale/"))[1]


async def test_a_change_of_one_town_leaves_the_others_pages(site: Site, esempio: Organization) -> None:
    await site.ask("/canale/")
    await site.ask("/canale/", host=STRANGER_HOST)
    await published(esempio)
    await site.heard()
    assert b"Strada" in (await site.ask("/canale/"))[1]
    rendered = len(site.django.rendered)
    await site.ask("/canale/", host=STRANGER_HOST)
    assert len(site.django.rendered) == rendered


async def test_a_host_that_goes_to_another_town_takes_no_page_along(site: Site) -> None:
    await site.ask("/")
    await sql(
        "UPDATE core_organizationhost SET organization_id = (SELECT id FROM core_organization WHERE slug = 'altrove') "
        "WHERE host = %s",
        HOST,
    )
    await site.heard()
    assert b"Comune di Altrove" in (await site.ask("/"))[1]


async def test_what_the_worker_writes_about_a_number_drops_nothing(site: Site, sender: Sender) -> None:
    await site.heard()
    assert b"055 000 0001" in (await site.ask("/"))[1]
    await sql("UPDATE delivery_sender SET epoch = epoch + 1")
    await site.heard()
    await site.ask("/")
    assert site.django.rendered == ["/"]
    await sql("UPDATE delivery_sender SET state = 'stopped'")
    await site.heard()
    assert b"055 000 0001" not in (await site.ask("/"))[1]


async def test_what_was_being_rendered_when_it_changed_is_not_kept(site: Site, esempio: Organization) -> None:
    read, go_on = asyncio.Event(), asyncio.Event()

    async def pause() -> None:
        read.set()
        await go_on.wait()

    site.django.pause = pause
    early = asyncio.create_task(site.ask("/canale/"))
    await asyncio.wait_for(read.wait(), NEVER)  # it has read the database, and is not kept yet
    site.django.pause = None
    await published(esempio)
    await site.until(
        lambda body: b"Strada chiusa" in body, "/canale/"
    )  # who asks now does not wait for the old one
    go_on.set()
    assert b"Strada chiusa" not in (await early)[1]
    assert b"Strada chiusa" in (await site.ask("/canale/"))[1]


async def test_after_a_lost_connection_nothing_old_is_believed(site: Site, esempio: Organization) -> None:
    await site.ask("/canale/")
    assert site.door.held

    def end() -> None:
        with psycopg.connect(database_url(), autocommit=True) as other:
            other.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'arengo public pages'"
            )

    await asyncio.to_thread(end)
    async with asyncio.timeout(NEVER):
        while site.door._hears:
            await asyncio.sleep(0.005)
    assert site.door.held == 0
    await published(esempio)
    await site.until(lambda body: b"Strada chiusa" in body, "/canale/")
    async with asyncio.timeout(NEVER):
        while not site.door._hears:
            await asyncio.sleep(0.01)


async def test_while_nothing_is_heard_a_page_is_kept_for_a_moment_only(
    towns: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = Site()
    site.door.hears(sites({HOST: towns.pk}, None), [])
    site.door.lost()
    kept: list[float] = []
    put = site.door._memory.put
    now = asyncio.get_running_loop().time
    monkeypatch.setattr(
        site.door._memory, "put", lambda *a, **k: (kept.append(a[4] - now()), put(*a, **k))[1]
    )
    await asyncio.gather(*(site.ask("/canale/") for _ in range(100)))
    assert site.django.rendered == ["/canale/"]
    assert kept
    assert max(kept) <= limits.UNHEARD_KEPT
    await sync_to_async(connections.close_all)()


# --- time ----------------------------------------------------------------------------------------------------------------


async def test_a_post_dated_later_comes_at_its_time(site: Site, esempio: Organization) -> None:
    await published(esempio, "Oggi pomeriggio", published_at=timezone.now() + timedelta(seconds=3))
    assert b"Oggi pomeriggio" not in (await site.ask("/canale/"))[1]
    began = asyncio.get_running_loop().time()
    await site.until(lambda body: b"Oggi pomeriggio" in body, "/canale/")
    assert asyncio.get_running_loop().time() - began < limits.PAGE_KEPT  # it did not wait for the ceiling
