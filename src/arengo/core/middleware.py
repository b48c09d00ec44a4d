# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which organization a request is for, and the headers that every answer carries."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port
from django.template.defaultfilters import filesizeformat
from django.utils import timezone, translation

from arengo.core import languages
from arengo.core.console_address import CONSOLE
from arengo.core.error_pages import error_page
from arengo.core.models import Membership, Organization, OrganizationHost
from arengo.core.prepared import prepared
from arengo.core.scope import organization_scope
from arengo.core.screens import Screen
from arengo.core.uploads import REFUSED, BodyRefused

Answer = Callable[[HttpRequest], HttpResponse]

# 'self' only: everything comes from our own server, nothing is inline. data: is for the browser's own form icons.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; media-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"
)


_PERMISSIONS = "camera=(), microphone=(), geolocation=(), payment=()"


def page_headers() -> dict[str, str]:
    """What every answer to a browser carries, also those that Django does not give: pages get the same from the middleware."""
    headers = {
        "Content-Security-Policy": CONTENT_SECURITY_POLICY,
        "Permissions-Policy": _PERMISSIONS,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": settings.SECURE_REFERRER_POLICY,
        "Cross-Origin-Opener-Policy": settings.SECURE_CROSS_ORIGIN_OPENER_POLICY,
        "X-Frame-Options": settings.X_FRAME_OPTIONS,
    }
    if settings.SECURE_HSTS_SECONDS:
        headers["Strict-Transport-Security"] = f"max-age={settings.SECURE_HSTS_SECONDS}"
    return headers


def organization_for(host: str) -> Organization | None:
    """The organization of a host name; an installation with only one serves it on every host."""
    domain, _ = split_domain_port(host.lower())
    own = OrganizationHost.objects.filter(organization=OuterRef("pk"), host=domain)
    with prepared():
        found = list(Organization.objects.annotate(is_named=Exists(own)).order_by("-is_named", "pk")[:2])
    return found[0] if found and (len(found) == 1 or found[0].is_named) else None


class OrganizationMiddleware:
    """Sets ``request.organization``, ``request.membership`` and the language, and opens the scope of that organization."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        organization = organization_for(request.get_host())
        request.organization = organization  # type: ignore[attr-defined]  # read through core.access
        request.membership = None  # type: ignore[attr-defined]
        with organization_scope(organization) if organization else nullcontext():
            if organization:
                timezone.activate(organization.zone)
                if request.user.is_authenticated:
                    with prepared():
                        request.membership = Membership.objects.filter(  # type: ignore[attr-defined]
                            person_id=request.user.pk
                        ).first()
            language = languages.of_request(request, organization)
            translation.activate(language)  # until LanguageMiddleware, which is around, takes it back
            request.LANGUAGE_CODE = language
            try:
                return self.get_response(request)
            finally:
                timezone.deactivate()


class LanguageMiddleware:
    """The language of the cookie, for what is said before it is known whose site this is; OrganizationMiddleware knows more."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = languages.of_cookie(request) or str(settings.LANGUAGE_CODE)
        with translation.override(language):
            request.LANGUAGE_CODE = language  # as Django's own middleware does
            response = self.get_response(request)
        response.setdefault("Content-Language", request.LANGUAGE_CODE)
        return response


@dataclass(frozen=True)
class BodyRefusedPage(Screen):
    """``most``: the largest body, with its unit."""

    status: int
    most: str


class BodyMiddleware:
    """Says why a request's body was not received, in the reader's language and with their organization's face."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        refused: BodyRefused | None = getattr(request, "scope", {}).get(REFUSED)
        if refused is None:
            return self.get_response(request)
        page = BodyRefusedPage(refused.status, filesizeformat(refused.most_bytes))
        response = error_page(request, "body_refused.html", page, status=refused.status)
        response["Connection"] = "close"  # what of the body is still on its way is not read
        if refused.status == 503:
            response["Retry-After"] = "30"
        return response


class HeadersMiddleware:
    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        response.setdefault("Permissions-Policy", _PERMISSIONS)
        if request.path.startswith(CONSOLE):
            # Also pictures: the next person at this computer finds nothing of them in its cache.
            response["Cache-Control"] = "no-store"
        return response
