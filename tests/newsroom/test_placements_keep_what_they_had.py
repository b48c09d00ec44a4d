# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The migration that gives placements of every outlet the same columns loses nothing, in both directions."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from arengo.channel.models import Post
from arengo.core.models import Organization, Person
from arengo.delivery.models import Fanout
from arengo.newsroom import publishing
from arengo.newsroom.models import Placement
from arengo.newsroom.outlets.channel import KEY as CHANNEL
from arengo.newsroom.outlets.whatsapp_list import KEY as LIST
from tests.factories.newsroom import publish
from tests.newsroom.pages import Write

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]

BEFORE = [("newsroom", "0120_spared")]


def migrate(targets: list[tuple[str, str]]) -> None:
    executor = MigrationExecutor(connection)
    executor.migrate(targets)


@pytest.fixture
def leaves() -> Iterator[list[tuple[str, str]]]:
    """The newest migrations; whatever happens, the database is there again afterwards."""
    targets = list(MigrationExecutor(connection).loader.graph.leaf_nodes())
    yield targets
    migrate(targets)


def test_mailings_posts_images_and_counts_come_back(
    leaves: list[tuple[str, str]], town: Organization, write: Write, edo: Person, uploads: list[str]
) -> None:
    update = publish(town, write(photo=True), edo)
    publishing.carry_out(town.pk, update.pk)
    Placement.objects.filter(outlet=LIST).update(detail={"media_id": "media-1", "spared": 7})
    fanout, post = Fanout.objects.get(), Post.objects.get()
    migrate(BEFORE)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT outlet, fanout_id, post_id, media_id, spared FROM newsroom_placement ORDER BY outlet"
        )
        assert cursor.fetchall() == [
            (CHANNEL, None, post.pk, "", 0),
            (LIST, fanout.pk, None, "media-1", 7),
        ]
    migrate(leaves)
    placement = Placement.objects.get(outlet=LIST)
    assert (placement.reference, placement.detail) == (str(fanout.pk), {"media_id": "media-1", "spared": 7})
    placement = Placement.objects.get(outlet=CHANNEL)
    assert (placement.reference, placement.url) == (str(post.pk), post.get_absolute_url())
