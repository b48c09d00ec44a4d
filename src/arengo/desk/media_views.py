# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Files of conversations, to who may read those. What a browser could run is only ever downloaded."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from arengo.core import outside
from arengo.core.access import membership_of, staff
from arengo.core.clean_text import file_name
from arengo.core.models import Role
from arengo.core.sending_files import file_response
from arengo.desk.desks import desks_of
from arengo.desk.models import Attachment, Message

# Shown in the page: the content of the images was read by Pillow; sound and moving pictures cannot run anything.
_IMAGES = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif"})
_PLAYED = frozenset(
    {"audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg", "video/mp4", "video/3gpp"}
)
_SANDBOX = "sandbox; default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'"


def _found(request: HttpRequest, pk: int) -> Attachment:
    """Of a conversation that this person sees; 404 for any other."""
    seen = Attachment.objects.filter(message__conversation__desk__in=desks_of(membership_of(request)))
    attachment: Attachment = get_object_or_404(seen.select_related("message"), pk=pk)
    return attachment


@staff(Role.OPERATOR, Role.AUDITOR)
def attachment(request: HttpRequest, pk: int) -> HttpResponseBase:
    found = _found(request, pk)
    if not found.may_be_opened:
        raise Http404
    bare = found.mime_type.partition(";")[0].strip().lower()
    shown = (bare in _IMAGES and bool(found.thumbnail)) or bare in _PLAYED
    try:
        file = found.file.open("rb")
    except FileNotFoundError as missing:
        raise Http404 from missing
    response = file_response(request, file, found.mime_type if shown else "application/octet-stream")
    name = file_name(found.filename)
    if not name:  # photos and voice messages come without one
        kind = str(Message.Kind(found.message.kind).label).replace(" ", "-")
        suffix = bare.rpartition("/")[2]
        name = f"{kind}-{found.message_id}.{suffix}" if suffix.isalnum() else _("allegato")
    response["Content-Disposition"] = (
        content_disposition_header(not shown or bool(outside.text(request.GET.get("scarica"))), name)
        or "attachment"
    )
    return _guarded(response)


@staff(Role.OPERATOR, Role.AUDITOR)
def thumbnail(request: HttpRequest, pk: int) -> HttpResponseBase:
    found = _found(request, pk)
    if not found.thumbnail or not found.may_be_opened:
        raise Http404
    with found.thumbnail.open("rb") as stored:
        content = stored.read()
    mime_type = "image/png" if content.startswith(b"\x89PNG") else "image/jpeg"
    return _guarded(HttpResponse(content, content_type=mime_type))


def _guarded(response: HttpResponseBase) -> HttpResponseBase:
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = _SANDBOX
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
