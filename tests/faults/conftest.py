# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The sweeps' own PostgreSQL, with fsync, for this folder's tests: the one that all other tests share is not to be killed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django.plugin import DjangoDbBlocker

from faults.ground import Ground, ground
from tests.support.ready import make_ready


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker) -> Iterator[Ground]:
    # The sweeps write to databases that pytest-django knows nothing of; each is dropped by whoever made it.
    folder = tmp_path_factory.mktemp("faults")
    make_ready(folder / "data")
    with django_db_blocker.unblock(), ground(folder) as made:
        yield made
