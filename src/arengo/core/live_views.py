# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from __future__ import annotations

from asgiref.sync import sync_to_async
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest, StreamingHttpResponse

from arengo.core.access import membership_of, organization_of
from arengo.core.live import switchboard

_MOST_TOPICS = 50


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() else None


async def live(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """``GET /console/live/?topics=inbox,conversation:12&since=345`` → server-sent events named by topic.

    Strangers and the signed-out get 404: a stream has no sign-in page to go to.
    """
    user = await sync_to_async(lambda: request.user.is_authenticated)()
    if not user or membership_of(request) is None:
        raise Http404
    topics = [topic for topic in request.GET.get("topics", "").split(",") if topic]
    if not topics or len(topics) > _MOST_TOPICS or any(len(topic) > 80 for topic in topics):
        return HttpResponseBadRequest("topics", content_type="text/plain")
    since = _number(request.headers.get("Last-Event-ID")) or _number(request.GET.get("since"))
    response = StreamingHttpResponse(
        switchboard.stream(organization_of(request).pk, topics, since), content_type="text/event-stream"
    )
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"
    return response
