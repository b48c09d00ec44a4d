# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Views that take something away ask first.

``@asks(template, about)`` stands below the guard: ``GET`` shows the question on a page of its own, so that it is asked
without JavaScript too; ``POST`` is the answer. Where the button stands, the same template is included: it shows the button
and the question as a dialog (``arengo/partials/confirm.html``).

``tests/security/test_taking_away.py`` posts every form of the console and finds a view that deletes rows without this.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from arengo.core.access import READ, View
from arengo.core.screens import Screen, render_screen

_ASKS = "arengo_asks"  # the attribute of a view that asks


@dataclass(frozen=True)
class Question(Screen):
    """Derived by what a question shows. ``back``: the address of the page to which one returns without a change.

    ``subject``: what it is about, in words of people, for the question's own page, where nothing else says it; foreign
    words in it are isolated. "" where the question itself names it.
    """

    back: str
    subject: str


@dataclass(frozen=True)
class _Alone(Screen):
    """The page that shows nothing but a question."""

    question: str
    question_alone: bool = True


def ask(request: HttpRequest, template: str, question: Question, *, status: int = 200) -> HttpResponse:
    """The question on a page of its own; also once more, where the answer could not be taken."""
    return render_screen(request, "arengo/question.html", _Alone(template), question, status=status)


def asks(template: str, about: Callable[..., Question]) -> Callable[[View], View]:
    """``about(request, **arguments of the view)`` gives what ``template`` shows; it raises Http404 for what is not there.

    The guard takes ``FORM``.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def asking(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method not in READ:
                return view(request, *args, **kwargs)
            return ask(request, template, about(request, *args, **kwargs))

        setattr(asking, _ASKS, True)
        return asking

    return decorate


def does_ask(view: Callable[..., Any]) -> bool:
    """Whether a view, guarded or not, asks before it takes something away."""
    return bool(getattr(view, _ASKS, False))
