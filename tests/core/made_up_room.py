# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The settings page of a room that Arengo does not have (test_console.py)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path

from arengo.core.access import FORM
from arengo.core.console.settings_access import record, setting


@setting(methods=FORM)
def fountains(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        record(request, "made_up.opened_fountain", which="piazza")
        return redirect("settings:fountains")
    return HttpResponse("<!doctype html><title>Fontane</title><p>Le fontane del Comune.</p>")


urlpatterns = [path("fontane/", fountains, name="fountains")]
