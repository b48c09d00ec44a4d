# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The frame of a page that says what went wrong.

A member of the organization who asked for an address of the console gets the console's frame, the names of its
administrators, and a way back. Everybody else gets the public frame, which is the same for all: it does not
tell whether the address exists.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse

from arengo.core.console_address import CONSOLE
from arengo.core.models import Membership, Person, Role
from arengo.core.screens import Screen, render_screen

MOST_NAMED = 5  # administrators; an organization has few


@dataclass(frozen=True)
class PublicFrame(Screen):
    """``public_notices``: none, so that this page asks no database, which may be what is wrong."""

    frame: str = "arengo/base.html"
    public_notices: Sequence[str] = ()


@dataclass(frozen=True)
class ConsoleFrame(Screen):
    """``draft_answered``: none, so that the draft of a form that was refused stays in the browser (frontend/js/kept.js)."""

    helpers: Sequence[Person]
    frame: str = "arengo/console.html"
    draft_answered: str = ""


def error_page(request: HttpRequest, template: str, *screens: Screen, status: int) -> HttpResponse:
    """``template`` extends ``arengo/error.html``. Without a database that answers, the frame is the public one."""
    membership = staff_membership(request)
    if membership is not None:
        is_ours = connection.connection is None  # Django draws it in a thread that closes none
        try:
            # A password alone, where a second factor is required, is not enough to learn names.
            unproved = getattr(request, "second_factor_is_missing", False)
            frame = ConsoleFrame([] if unproved else administrators(besides=membership.person_id))
            return render_screen(request, template, *screens, frame, status=status)
        except DatabaseError:
            pass  # the frame of the console asks the database for tabs and names, the public one does not
        finally:
            if is_ours:
                connection.close()
    return render_screen(request, template, *screens, PublicFrame(), status=status)


def staff_membership(request: HttpRequest) -> Membership | None:
    """Of a member who asked for a page of the console; None for everybody else and everywhere else."""
    if not request.path.startswith(CONSOLE):
        return None
    membership: Membership | None = getattr(request, "membership", None)
    return membership


def administrators(besides: int) -> list[Person]:
    """The administrators of the scope's organization, by name, without the person of that id."""
    found = (
        Membership.objects.filter(roles__contains=[Role.ADMINISTRATOR], person__is_active=True)
        .exclude(person_id=besides)
        .select_related("person")
        .order_by("person__name", "person_id")[:MOST_NAMED]
    )
    return [membership.person for membership in found]
