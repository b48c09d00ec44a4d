# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""``/metrics``: the state of the machine for Prometheus. Not public.

A request carries the token of ARENGO_METRICS_TOKEN; while none is set, the address is nobody's. There is no exemption for
this machine's own address: behind a proxy everybody comes from there. Numbers of the organization's own, no person's.
"""

from __future__ import annotations

import hmac

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import choose_encoder

from arengo.core.access import READ, refused_method
from arengo.core.console import conditions
from arengo.core.scope import every_organization
from arengo.monitoring.prometheus import Figures


def metrics(request: HttpRequest) -> HttpResponse:
    """404 while no token is set; 401 without it; else the figures, in the form that the asker prefers. Whatever the method."""
    if not settings.ARENGO_METRICS_TOKEN:
        raise Http404
    scheme, _blank, token = request.headers.get("Authorization", "").partition(" ")
    is_token = hmac.compare_digest(token.strip().encode(), settings.ARENGO_METRICS_TOKEN.encode())
    if not is_token or scheme.lower() != "bearer":
        return HttpResponse(
            "token", status=401, headers={"WWW-Authenticate": "Bearer"}, content_type="text/plain"
        )
    if refused := refused_method(request, READ):
        return refused
    with every_organization("who runs the installation watches all of it"):
        snapshot = conditions.read()
    registry = CollectorRegistry()
    registry.register(Figures(snapshot))
    encode, content_type = choose_encoder(request.headers.get("Accept", ""))
    return HttpResponse(encode(registry), content_type=content_type, headers={"Cache-Control": "no-store"})
