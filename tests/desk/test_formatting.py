# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is being written is shown as the citizen will read it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from arengo.core.models import Person
from tests.desk.road import DESK

pytestmark = pytest.mark.django_db

Browse = Callable[..., Client]


def test_marks_are_shown_by_the_rules_of_the_thread_and_nothing_runs(olga: Person, browse: Browse) -> None:
    page = browse(olga).post(f"{DESK}anteprima/", {"text": "*Alle 9* <script>x</script>"}).content.decode()
    assert "<strong>Alle 9</strong>" in page
    assert "<script>" not in page


def test_who_does_not_answer_sees_no_preview(rita: Person, browse: Browse) -> None:
    assert browse(rita).post(f"{DESK}anteprima/", {"text": "x"}).status_code == 403
