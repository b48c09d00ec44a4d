# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The room's settings page, and what it is called by."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path

from arengo.core.access import FORM
from arengo.core.console.settings_access import record, setting, show


@setting(methods=FORM)
def fountains(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        record(request, "made_up.opened_fountain", which="piazza")
        return redirect("settings:fountains")
    return show(request, "seams/fountains/page.html")


urlpatterns = [path("fontane/", fountains, name="fountains")]
