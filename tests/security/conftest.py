# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pytest
from django.db import connection, transaction
from django.template.loader_tags import IncludeNode
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from tests.security.town import Town, two_towns
from tests.security.visiting import draw_frame_once


def _forget(*_args: object, **_kwargs: object) -> None:
    """A ``Mock`` would remember each call."""


@pytest.fixture(scope="module")
def towns(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Town, Town]]:
    """Both towns for a whole module, in a transaction that is never committed; each request of a sweep is undone by itself."""
    media: Path = tmp_path_factory.mktemp("media")
    with (
        django_db_blocker.unblock(),
        override_settings(MEDIA_ROOT=media),
        # Nobody asks which templates made a page: their contexts are not copied, dozens a page.
        patch("django.test.client.store_rendered_templates", _forget),
        patch.object(IncludeNode, "render", draw_frame_once),
        transaction.atomic(),
    ):
        towns = two_towns()
        with connection.cursor() as cursor:
            # The reader sets a short one for its own transaction, which here goes on.
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        yield towns
        transaction.set_rollback(True)
