# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Access to settings: administrators and auditors open them, administrators change them, and the log records it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from arengo.core import audit
from arengo.core.access import READ, View, membership_of, organization_of, person_of, staff
from arengo.core.console.confirming import does_ask
from arengo.core.models import Role
from arengo.core.screens import Screen, render_screen


def may_edit(request: HttpRequest) -> bool:
    membership = membership_of(request)
    return membership is not None and membership.has(Role.ADMINISTRATOR)


def setting(*, methods: Sequence[str] = READ) -> Callable[[View], View]:
    """Administrators read and change, auditors read. ``methods`` as in ``core.access.staff``."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if (request.method not in READ or does_ask(view)) and not may_edit(request):
                raise PermissionDenied(_("Le impostazioni si cambiano con il ruolo di amministratore."))
            return view(request, *args, **kwargs)

        return staff(Role.ADMINISTRATOR, Role.AUDITOR, methods=methods)(guarded)

    return decorate


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: nothing, unless it was sent."""
    return request.POST if request.method == "POST" else None


@dataclass(frozen=True)
class SettingsFrame(Screen):
    """What each page of the settings has."""

    may_edit: bool
    form: forms.BaseForm | None


def show(
    request: HttpRequest,
    template: str,
    *screens: Screen,
    form: forms.BaseForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """A page of the settings: ``form``, and what else it shows. An auditor sees the form and cannot fill it in."""
    editable = may_edit(request)
    if form is not None and not editable:
        for field in form.fields.values():
            field.disabled = True
    return render_screen(request, template, SettingsFrame(editable, form), *screens, status=status)


def record(request: HttpRequest, verb: str, *, on: models.Model | None = None, **detail: Any) -> None:
    """One line of the log: which setting, not what it holds."""
    audit.record(verb, organization=organization_of(request), by=person_of(request), on=on, detail=detail)
