# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What many values in one request find is what each alone would."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.test import RequestFactory

from tests.security.asked import together

NAMES = ["a", "b", "c"]


def broken(view: Callable[[HttpRequest], object], value: str = "x") -> list[list[str]]:
    """The names that were sent where the view broke."""
    found = []

    def send(names: list[str]) -> HttpResponse:
        request = RequestFactory().get("/?" + urlencode(dict.fromkeys(names, value)))
        try:
            view(request)
        except Http404:
            return HttpResponse(status=404)
        except ValueError:
            found.append(names)
            return HttpResponse(status=500)
        return HttpResponse()

    list(together(NAMES, set(NAMES), send))
    return found


def test_what_each_reads_well_is_asked_for_once() -> None:
    asked = []

    def view(request: HttpRequest) -> None:
        asked.append([request.GET.get(name) for name in NAMES])

    assert broken(view) == []
    assert asked == [["x", "x", "x"]]


def test_what_breaks_among_others_is_found() -> None:
    assert broken(lambda request: int(request.GET.get("b", "0"))) == [["a", "b", "c"], ["b"]]


def test_what_is_read_behind_a_refusal_is_found() -> None:
    def view(request: HttpRequest) -> None:
        if "x" in request.GET.getlist("a"):
            raise Http404
        int(request.GET.get("c", "0"))

    assert ["b", "c"] in broken(view)


def test_what_is_read_before_a_refusal_and_used_after_it_is_found() -> None:
    def view(request: HttpRequest) -> None:
        late = request.GET.get("c", "0")
        if request.GET.get("a") == "x":
            raise Http404
        int(late)

    assert ["c"] in broken(view)
