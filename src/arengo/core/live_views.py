# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from __future__ import annotations

from collections.abc import AsyncIterator
from importlib import import_module

from django.conf import settings
from django.contrib.auth import get_user
from django.db import connections
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import get_language, gettext as _

from arengo.core import outside
from arengo.core.access import READ, membership_of, organization_of, person_of, refused_method
from arengo.core.live import Listener, Place, TooManyStreams, session_digest, switchboard
from arengo.core.live_pushes import Viewer
from arengo.core.live_topics import may_listen
from arengo.core.models import Membership
from arengo.core.scope import organization_scope
from arengo.core.sessions import seconds_if_idle

_MOST_TOPICS, _LONGEST_TOPIC = 50, 80
_LONGEST_SHOWN = 500


class _Stream(StreamingHttpResponse):
    """Gives its place back when it is closed."""

    def __init__(self, frames: AsyncIterator[bytes], place: Place) -> None:
        super().__init__(frames, content_type="text/event-stream")
        self._place = place

    def close(self) -> None:
        self._place.release()
        super().close()


def live(request: HttpRequest) -> HttpResponseBase:
    """``GET /console/live/?topics=inbox,conversation:12&since=345`` → server-sent events named by topic.

    With ``shows=…``, what the page shows, topics that are pushed come as «<topic>-pushed» with their new state (live_pushes.py).

    404 for strangers, for the signed-out, and for topics that the person may not hear: a stream has no sign-in page to go
    to · 429 too many open streams, with words · 400 no topics. HEAD answers the same without opening a stream.
    """
    membership = membership_of(request)
    if not request.user.is_authenticated or membership is None:
        raise Http404
    if refused := refused_method(request, READ):
        return refused
    asked = outside.text(request.GET.get("topics"), most=_MOST_TOPICS * (_LONGEST_TOPIC + 1))
    topics = [topic for topic in asked.split(",") if topic]
    if not topics or len(topics) > _MOST_TOPICS or any(len(topic) > _LONGEST_TOPIC for topic in topics):
        return HttpResponseBadRequest("topics", content_type="text/plain")
    if not may_listen(membership, topics):
        raise Http404
    organization, person = organization_of(request), person_of(request)
    try:
        place = switchboard.take_place(organization.pk, person.pk)
    except TooManyStreams as full:
        return _too_many(full.whose)
    if request.method == "HEAD":
        place.release()
        return HttpResponse(status=204)
    since = outside.whole(request.headers.get("Last-Event-ID")) or outside.whole(request.GET.get("since"))
    listener = _listener(request, organization.pk, person.pk, topics)
    viewer = _viewer(request, person.pk)
    stream = switchboard.stream(organization.pk, topics, since, listener, viewer)
    response = _Stream(stream, place)
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"
    return response


def _viewer(request: HttpRequest, person_id: int) -> Viewer | None:
    if "shows" not in request.GET:
        return None
    return Viewer(person_id, outside.text(request.GET["shows"], most=_LONGEST_SHOWN), get_language() or "")


def _too_many(whose: str) -> HttpResponse:
    if whose == "person":
        words = _(
            "Hai già molte finestre di Arengo aperte: questa non si aggiorna da sola. Chiudine qualcuna e ricarica."
        )
    else:
        words = _(
            "Troppe finestre aperte insieme: questa non si aggiorna da sola. Ricaricala per vedere le novità."
        )
    return HttpResponse(
        words, status=429, content_type="text/plain; charset=utf-8", headers={"Retry-After": "60"}
    )


def _listener(request: HttpRequest, organization_id: int, person_id: int, topics: list[str]) -> Listener:
    """Holds ids and the session's key only: a stream lives for hours, and there are many."""
    session_key = request.session.session_key or ""

    def seconds_allowed() -> float:
        asked = HttpRequest()
        asked.session = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
        try:
            if get_user(asked).pk != person_id:  # signed out, or the password was changed
                return 0
            with organization_scope(organization_id):
                membership = Membership.objects.filter(person_id=person_id).first()
                if membership is None or not may_listen(membership, topics):
                    return 0
            return seconds_if_idle(asked.session)
        finally:
            connections.close_all()

    seconds = seconds_if_idle(request.session)
    return Listener(person_id, session_digest(session_key), seconds, seconds_allowed)
