# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Access to the views of the console.

In this order, whatever the method: nobody signed in: to the sign-in page. Signed in but a stranger to this host's
organization: 404, as if it were not there. A member without the role: 403, with words that say which role is needed. A
method that the view does not take: 405 with ``Allow``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, cast

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from arengo.core import typed
from arengo.core.models import Membership, Organization, Person, Role

View = Callable[..., HttpResponseBase]

METHODS = "arengo_methods"  # the attribute of a guarded view that says what it takes
# What a view takes. HEAD is answered wherever GET is.
READ = ("GET", "HEAD")
WRITE = ("POST",)
FORM = (*READ, *WRITE)


def organization_of(request: HttpRequest) -> Organization:
    """The organization of the request's host; 404 when the host is nobody's."""
    organization = getattr(request, "organization", None)
    if organization is None:
        raise Http404
    return cast(Organization, organization)


def membership_of(request: HttpRequest) -> Membership | None:
    return cast("Membership | None", getattr(request, "membership", None))


def person_of(request: HttpRequest) -> Person:
    """The person who is signed in. Only for views behind :func:`staff`."""
    return cast(Person, request.user)


def refused_method(request: HttpRequest, methods: Sequence[str]) -> HttpResponse | None:
    """405 for a method that is not among ``methods``. Asked after who asks, so that strangers learn nothing from it."""
    return None if request.method in methods else HttpResponseNotAllowed(methods)


def staff(*roles: str, methods: Sequence[str] = READ) -> Callable[[View], View]:
    """Members of the organization only; with ``roles``, members who have one of them (or are administrators).

    ``methods`` stands here, and nowhere else, so that a stranger's answer does not depend on it.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                if "HX-Request" in request.headers:
                    # A part of an open page: a redirect would put the sign-in form in the middle of it.
                    return HttpResponse(status=401)
                return typed.signed_out(request) or redirect_to_login(typed.page_of(request))
            organization_of(request)
            membership = membership_of(request)
            if membership is None:
                raise Http404
            if roles and not membership.has(*roles):
                names = _(" o ").join(str(Role(role).label) for role in roles)
                raise PermissionDenied(_("Serve il ruolo di %(roles)s.") % {"roles": names})
            return refused_method(request, methods) or view(request, *args, **kwargs)

        setattr(guarded, METHODS, tuple(methods))
        return guarded

    return decorate
