# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The real web process of both towns."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from arengo.core.models import Organization
from tests.factories.core import HOST
from tests.support.web_process import WebProcess, web_process


@pytest.fixture
def web(esempio: Organization, altrove: Organization, tmp_path: Path) -> Iterator[WebProcess]:
    with web_process(HOST, tmp_path) as process:
        yield process
