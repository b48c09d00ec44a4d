# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an erasure, a restore or another host name leaves in the memory of several web processes: nothing that is over."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from asgiref.sync import sync_to_async
from django.db import connections

from arengo.channel.models import Post
from arengo.core import embedded, embedded_archive
from arengo.core.models import Organization
from arengo.core.scope import organization_scope
from tests.config.public_site import Site, _steady, listening, published, sql, towns
from tests.factories.core import HOST, STRANGER_HOST
from tests.support.web_process import database_url

__all__ = ["_steady", "towns"]  # fixtures: a page is not rendered anew by itself

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
async def both(towns: Organization) -> AsyncIterator[list[Site]]:
    """The doors of two processes."""
    one, two = Site(), Site()
    async with listening(one), listening(two):
        yield [one, two]
    await sync_to_async(connections.close_all)()


async def shown(both: list[Site], address: str, holds: Callable[[bytes], bool], host: str = HOST) -> None:
    """Each answers so, from its memory."""
    for site in both:
        await site.until(lambda body, site=site: holds(body) and site.door.held > 0, address, host=host)


@sync_to_async
def erase(organization: Organization, post: Post) -> None:
    with organization_scope(organization):
        Post.objects.filter(pk=post.pk).delete()


async def test_what_is_erased_is_gone_in_every_process(both: list[Site], esempio: Organization) -> None:
    post = await published(esempio, "Da cancellare")
    addresses = ["/canale/", "/canale/feed.xml", f"/canale/{post.pk}/", "/"]
    for address in addresses[:3]:
        await shown(both, address, lambda body: b"Da cancellare" in body)
    await erase(esempio, post)
    for address in addresses:
        await shown(both, address, lambda body: b"Da cancellare" not in body)
    for site in both:
        assert (await site.ask(addresses[2]))[0] == 404


async def test_a_host_that_goes_to_another_town_takes_no_page_along_in_any_process(
    both: list[Site], esempio: Organization
) -> None:
    await published(esempio)
    await shown(both, "/canale/", lambda body: b"Strada chiusa" in body)
    await shown(both, "/", lambda body: b"Comune di Esempio" in body)
    await sql(
        "UPDATE core_organizationhost SET organization_id = (SELECT id FROM core_organization WHERE slug = 'altrove') "
        "WHERE host = %s",
        HOST,
    )
    await shown(both, "/", lambda body: b"Altrove" in body and b"Comune di Esempio" not in body)
    await shown(both, "/canale/", lambda body: b"Strada chiusa" not in body)


async def test_a_new_host_name_takes_the_place_of_the_old_one_in_every_process(both: list[Site]) -> None:
    await shown(both, "/canale/feed.xml", lambda body: HOST.encode() in body)
    await sql("UPDATE core_organizationhost SET host = 'nuovo.test' WHERE host = %s", HOST)
    for address in ("/", "/canale/feed.xml"):
        for site in both:
            await site.until(lambda body: b"Comune di Esempio" not in body, address)
        await shown(both, address, lambda body: b"Comune di Esempio" in body, host="nuovo.test")
    for site in both:
        feed = (await site.ask("/canale/feed.xml", host="nuovo.test"))[1]
        assert (b"nuovo.test" in feed, HOST.encode() in feed) == (True, False)


async def test_a_town_whose_host_is_taken_away_has_no_page_in_any_process(both: list[Site]) -> None:
    for address in ("/", "/regole/"):
        await shown(both, address, lambda body: b"Comune di Altrove" in body, host=STRANGER_HOST)
    await sql("DELETE FROM core_organizationhost WHERE host = %s", STRANGER_HOST)
    for address in ("/", "/regole/"):
        for site in both:
            await site.until(lambda body: b"Comune di Altrove" not in body, address, host=STRANGER_HOST)


def by_hand(backup: Path) -> None:
    """As a guide to PostgreSQL tells it: nothing says that it was done."""
    reader = [embedded_archive._program("pg_restore", database_url()), "--file=-", str(backup)]
    dump = subprocess.run(reader, capture_output=True, check=True).stdout
    psql = [embedded_archive._program("psql", database_url()), "-X", "-q", "-v", "ON_ERROR_STOP=1", database_url()]  # fmt: skip
    begin = b"BEGIN; DROP SCHEMA public CASCADE; CREATE SCHEMA public;\n"
    subprocess.run(psql, input=begin + dump + b"COMMIT;\n", capture_output=True, check=True)


def by_the_command(backup: Path) -> None:
    embedded.restore(database_url(), backup)


@pytest.mark.parametrize("restore", [by_the_command, by_hand])
async def test_after_a_restore_every_process_shows_what_the_backup_holds(
    both: list[Site], esempio: Organization, tmp_path: Path, restore: Callable[[Path], None]
) -> None:
    """The command wants every process stopped; one that starts meanwhile, or runs elsewhere, shows nothing old all the same."""
    kept = await published(esempio, "Nel backup")
    await asyncio.to_thread(embedded.dump, database_url(), tmp_path / "backup")
    late = await published(esempio, "Dopo il backup")
    await sql("UPDATE core_organizationhost SET host = 'nuovo.test' WHERE host = %s", STRANGER_HOST)
    for address in ("/canale/", f"/canale/{late.pk}/"):
        await shown(both, address, lambda body: b"Dopo il backup" in body)
    await shown(both, "/", lambda body: b"Comune di Altrove" in body, host="nuovo.test")
    await asyncio.to_thread(restore, tmp_path / "backup")
    await shown(both, "/canale/", lambda body: b"Nel backup" in body and b"Dopo il backup" not in body)
    await shown(both, f"/canale/{late.pk}/", lambda body: b"Dopo il backup" not in body)
    await shown(both, "/", lambda body: b"Comune di Altrove" in body, host=STRANGER_HOST)
    for site in both:
        await site.until(lambda body: b"Comune di Altrove" not in body, "/", host="nuovo.test")
    await published(esempio, "Da oggi")  # is heard again
    await shown(both, "/canale/", lambda body: b"Da oggi" in body)
    assert (await both[1].ask(f"/canale/{kept.pk}/"))[0] == 200
