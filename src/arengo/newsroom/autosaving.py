# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The editor saves by itself after a pause (frontend/js/newsroom-saving.js), through the same verbs as the button, and so never over
somebody else's text. Without a script there is the button.

A picture that is taken away goes with the button alone: nobody gets its file back.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from arengo.core import outside
from arengo.core.access import WRITE, organization_of, person_of, staff
from arengo.core.clean_text import isolated
from arengo.core.screens import Screen, render_screen, render_screen_to_string
from arengo.core.uploads import accepts_body
from arengo.newsroom import writing
from arengo.newsroom.drafts import Draft, draft_of
from arengo.newsroom.forms import UpdateForm
from arengo.newsroom.models import Update
from arengo.newsroom.roles import WRITERS
from arengo.newsroom.senders import senders
from arengo.newsroom.views import EDITOR_MOST_BYTES, said_when


@accepts_body(EDITOR_MOST_BYTES)
@staff(*WRITERS, methods=WRITE)
def new(request: HttpRequest) -> HttpResponse:
    """204 while nobody has written anything: a draft begins with its first words."""
    return _saved(request, None)


@accepts_body(EDITOR_MOST_BYTES)
@staff(*WRITERS, methods=WRITE)
def stored(request: HttpRequest, pk: int) -> HttpResponse:
    return _saved(request, get_object_or_404(Update.objects, pk=pk))


def _saved(request: HttpRequest, update: Update | None) -> HttpResponse:
    """What the page needs to know, as JSON. 409: somebody else's text stands there. 410: it has been sent. 422: too much to be kept."""
    form = UpdateForm(
        request.POST,
        request.FILES,
        senders=senders(),
        stored=update.outlets if update else (),
        kind=update.kind if update else "",
    )
    form.is_valid()
    if not form.readable:
        return _refused(_("Non salvato: un testo è troppo lungo. Accorcialo."), 422)
    draft = form.draft(update)
    has_image = bool(update and update.image) or form.fitted is not None
    draft = replace(draft, has_image=has_image)
    if update is None and draft.is_blank:
        return HttpResponse(status=204)
    by, version = person_of(request), form.cleaned_data.get("version") or 0
    try:
        if update is None:
            born_as = form.cleaned_data.get("born_as", "")
            saved = writing.create(organization_of(request), draft, by=by, image=form.fitted, born_as=born_as)
        elif update.is_draft and update.version == version and _says(update, draft, form):
            saved = update
        else:
            saved = writing.save(update.pk, draft, version=version, by=by, image=form.fitted)
    except writing.EditedMeanwhile as meanwhile:
        words = _(
            "Non salvato: %(who)s ha salvato un'altra versione. Il tuo testo è qui: premi «Salva la bozza» per confrontarli."
        )
        return _refused(words % {"who": isolated(meanwhile.update.edited_by)}, 409)
    except writing.NoLongerDraft as gone:
        words = _("Non salvato: %(who)s l'ha già inviato (%(when)s). Il tuo testo è qui, da copiare.")
        sent = {"who": isolated(gone.update.sent_by), "when": said_when(gone.update)}
        return _refused(words % sent, 410)
    return _told(saved, form)


def _says(update: Update, draft: Draft, form: UpdateForm) -> bool:
    """Whether that is what is stored already."""
    if form.fitted is not None:
        return False
    kept = draft_of(update)
    return replace(draft, slots=tuple(draft.items)) == replace(kept, slots=tuple(kept.items))


@dataclass(frozen=True)
class ImageNow(Screen):
    """What the editor shows of the stored picture."""

    update: Update
    form: UpdateForm


def _told(saved: Update, form: UpdateForm) -> HttpResponse:
    picture = ""
    if form.fitted is not None:
        picture = render_screen_to_string("newsroom/image_now.html", ImageNow(saved, UpdateForm()))
    return JsonResponse(
        {
            "at": date_format(localtime(saved.edited_at), "H:i"),
            "version": saved.version,
            "update": saved.pk,
            "home": reverse("newsroom:edit", args=[saved.pk]),
            "save": reverse("newsroom:autosave", args=[saved.pk]),
            "picture": picture,
            "picture_problem": " ".join(str(error) for error in form.errors.get("image", [])),
        }
    )


def _refused(words: str, status: int) -> HttpResponse:
    return JsonResponse({"words": words}, status=status)


@dataclass(frozen=True)
class Meanwhile(Screen):
    """What the open editor says of a text that is not the stored one any more. ``by_other``: somebody else saved it."""

    update: Update
    by_other: bool


@staff(*WRITERS)
def meanwhile(request: HttpRequest, pk: int) -> HttpResponse:
    """Asked by the open editor whenever the update changes."""
    update = get_object_or_404(Update.objects.select_related("edited_by", "sent_by"), pk=pk)
    version = outside.whole(request.GET.get("version"), most=outside.MOST_INTEGER) or 0
    other = update.version > version and update.edited_by_id != person_of(request).pk
    return render_screen(request, "newsroom/meanwhile.html", Meanwhile(update, other))
