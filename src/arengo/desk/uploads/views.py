# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where the composer keeps words and brings files. Uploads are their owner's alone: 404 for everybody else."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from arengo.core import outside
from arengo.core.access import WRITE, person_of, staff
from arengo.core.models import Role
from arengo.desk import files
from arengo.desk.files import NotSendable
from arengo.desk.uploads import drafts, verbs
from arengo.desk.uploads.models import Upload
from arengo.desk.views import found_conversation

_FORMS = (
    "multipart/form-data",
    "application/x-www-form-urlencoded",
)  # they are read before a view sees the body


@staff(Role.OPERATOR, methods=WRITE)
def keep_draft(request: HttpRequest, pk: int) -> HttpResponse:
    conversation = found_conversation(request, pk)
    text, key = outside.text(request.POST.get("text")), outside.text(request.POST.get("key"), most=60)
    drafts.keep(conversation, by=person_of(request), text=text, key=key)
    return HttpResponse(status=204)


@staff(Role.OPERATOR, methods=WRITE)
def begin(request: HttpRequest, pk: int) -> HttpResponse:
    """``name``, ``size``, ``stamp`` and the first bytes as the file ``head``. 422 with the words why not."""
    head = request.FILES.get("head")
    try:
        upload = verbs.begin(
            found_conversation(request, pk),
            by=person_of(request),
            name=outside.text(request.POST.get("name")),
            size=outside.whole(request.POST.get("size")) or 0,
            head=head.read(files.JUDGED) if head else b"",
            stamp=outside.text(request.POST.get("stamp"), most=20),
        )
    except NotSendable as refused:
        return JsonResponse({"problem": str(refused)}, status=422)
    return JsonResponse(_told(upload))


@staff(Role.OPERATOR, methods=WRITE)
def append(request: HttpRequest, pk: int) -> HttpResponse:
    """The body is the piece, from ``?da=`` on. 409 with the offset from which to go on; 422 with the words why not; 415 for a form."""
    upload = _mine(request, pk)
    if request.content_type in _FORMS:
        return HttpResponse(status=415)
    try:
        upload = verbs.append(upload, offset=outside.whole(request.GET.get("da")) or 0, piece=request.body)
    except verbs.OutOfStep as step:
        return JsonResponse({"offset": step.offset}, status=409)
    except NotSendable as refused:
        return JsonResponse({"problem": str(refused)}, status=422)
    return JsonResponse(_told(upload))


@staff(Role.OPERATOR, methods=WRITE)
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    verbs.drop(_mine(request, pk))
    return HttpResponse(status=204)


@staff(Role.OPERATOR)
def thumbnail(request: HttpRequest, pk: int) -> HttpResponse:
    upload = _mine(request, pk)
    found = get_object_or_404(Upload.objects.exclude(thumbnail=""), pk=upload.pk)
    with found.thumbnail.open("rb") as stored:
        content = stored.read()
    mime_type = "image/png" if content.startswith(b"\x89PNG") else "image/jpeg"
    response = HttpResponse(content, content_type=mime_type)
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _mine(request: HttpRequest, pk: int) -> Upload:
    found: Upload = get_object_or_404(
        Upload.objects.filter(person=person_of(request)).select_related("conversation__sender"), pk=pk
    )
    found_conversation(request, found.conversation_id)  # whose desk it is may have changed
    return found


def _told(upload: Upload) -> dict[str, object]:
    return {
        "id": upload.pk,
        "offset": upload.received,
        "ready": upload.ready,
        "name": upload.filename or upload.name,
        "size": upload.size,
        "to": reverse("desk:append_upload", args=[upload.pk]),
        "off": reverse("desk:drop_upload", args=[upload.pk]),
        "thumbnail": reverse("desk:upload_thumbnail", args=[upload.pk]) if upload.thumbnail else "",
    }
