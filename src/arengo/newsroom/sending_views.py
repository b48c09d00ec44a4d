# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The question before sending, and what became of an update."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any, TypeVar

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from arengo.core import outside
from arengo.core.access import FORM, WRITE, membership_of, organization_of, person_of, staff
from arengo.core.console.confirming import asks
from arengo.core.models import Role
from arengo.newsroom import estimating, publishing, templates
from arengo.newsroom.copies import copies_of, stoppable
from arengo.newsroom.drafts import draft_of
from arengo.newsroom.kinds.base import registry as kinds
from arengo.newsroom.kinds.base.contract import Hears
from arengo.newsroom.models import Placement, Update
from arengo.newsroom.outlets.base import registry
from arengo.newsroom.outlets.base.contract import Retries, Said, Stops
from arengo.newsroom.roles import WRITERS
from arengo.newsroom.views import said_when

Capable = TypeVar("Capable")


@staff(*WRITERS, methods=FORM)
def send(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks once, in words: who, where, how much. A POST is the answer."""
    update = get_object_or_404(Update.objects, pk=pk)
    if request.method == "POST":
        return _send(request, update)
    if not update.is_draft:
        return redirect("newsroom:update", pk)
    ready = estimating.readiness(draft_of(update), organization_of(request))
    if not ready.may_go:
        return redirect("newsroom:edit", pk)
    return render(request, "newsroom/send.html", {"update": update, "ready": ready, "key": uuid.uuid4().hex})


def _send(request: HttpRequest, update: Update) -> HttpResponse:
    try:
        publishing.publish(
            organization_of(request),
            update.pk,
            by=person_of(request),
            key=outside.text(request.POST.get("key"), most=40) or uuid.uuid4().hex,
            version=outside.whole(request.POST.get("version"), most=outside.MOST_INTEGER) or 0,
        )
    except publishing.EditedMeanwhile as meanwhile:
        words = _("Mentre leggevi, %(who)s ha cambiato il testo. Rileggilo: l'invio non è partito.")
        messages.warning(request, words % {"who": meanwhile.update.edited_by})
        return redirect("newsroom:send", update.pk)
    except publishing.NoLongerDraft as gone:
        words = _("L'ha già inviato %(who)s (%(when)s): non parte una seconda volta.")
        messages.info(request, words % {"who": gone.update.sent_by, "when": said_when(gone.update)})
    except publishing.NotReady:
        messages.warning(request, _("Nel frattempo è cambiato qualcosa: l'invio non è partito."))
        return redirect("newsroom:edit", update.pk)
    return redirect("newsroom:update", update.pk)


def _shown(request: HttpRequest, pk: int) -> dict[str, Any] | None:
    """What the page of a sent update and its live part say; None for a draft."""
    update: Update = get_object_or_404(Update.objects.select_related("sent_by", "sender"), pk=pk)
    if update.is_draft:
        return None
    copies = copies_of(update)
    kind = kinds.find(update.kind)
    return {
        "update": update,
        "copies": copies,
        "stoppable": stoppable(copies),
        "kind": kind,
        "heard": kind.heard(update) if isinstance(kind, Hears) else None,
        "live_topics": update.topic,
    }


@staff(*WRITERS)
def update(request: HttpRequest, pk: int) -> HttpResponse:
    context = _shown(request, pk)
    if context is None:
        return redirect("newsroom:edit", pk)
    draft = draft_of(context["update"])
    context["plans"] = estimating.plans_of(draft, organization_of(request))
    return render(request, "newsroom/update.html", context)


@staff(*WRITERS)
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    context = _shown(request, pk)
    if context is None:  # it came back among the drafts: the page itself must change
        answer = HttpResponse(status=200)
        answer["HX-Redirect"] = get_object_or_404(Update.objects, pk=pk).get_absolute_url()
        return answer
    # The way to stop stands beside this part, for its question may be open: sent along only when it comes or goes.
    context["stop_changed"] = outside.text(request.GET.get("ferma")) != ",".join(context["stoppable"])
    return render(request, "newsroom/progress.html", {**context, "fragment": True})


def _able(pk: int, capability: type[Capable], only: str = "") -> list[tuple[Placement, Capable]]:
    """The copies of an update whose outlets can do that; 404 when there is none."""
    placements = Placement.objects.select_related("update").filter(update_id=pk)
    found = [(one, outlet) for one in placements if isinstance(outlet := registry.of(one), capability)]
    found = [each for each in found if only in ("", each[0].outlet)]
    if not found:
        raise Http404
    return found


def _say(request: HttpRequest, said: Sequence[Said]) -> None:
    """What was done; where nothing was, why not."""
    for each in [one for one in said if one.done] or said[:1]:
        (messages.success if each.done else messages.info)(request, each.words)


@staff(*WRITERS, methods=WRITE)
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Failed parts of a copy again: those of one reason, or all."""
    code = outside.whole(request.POST.get("code"), most=outside.MOST_INTEGER)
    codes = None if code is None else [code]
    only = outside.text(request.POST.get("outlet"), most=40)
    able = _able(pk, Retries, only)  # type: ignore[type-abstract]  # protocols are asked for, not made
    _say(request, [outlet.retry(placement, by=person_of(request), codes=codes) for placement, outlet in able])
    return redirect("newsroom:update", pk)


def _stopping(request: HttpRequest, pk: int) -> dict[str, Any]:
    [(placement, _outlet), *_others] = _able(pk, Stops)  # type: ignore[type-abstract]  # likewise
    return {"update": placement.update, "back": placement.update.get_absolute_url()}


@staff(*WRITERS, methods=FORM)
@asks("newsroom/stop_question.html", _stopping)
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    """What has not left yet, at whatever outlet, does not leave."""
    able = _able(pk, Stops)  # type: ignore[type-abstract]  # likewise
    _say(request, [outlet.stop(placement, by=person_of(request)) for placement, outlet in able])
    return redirect("newsroom:update", pk)


@staff(*WRITERS, methods=WRITE)
def retry_outlet(request: HttpRequest, pk: int, outlet: str) -> HttpResponse:
    """A copy that did not go out at all, again."""
    placement = get_object_or_404(Placement.objects, update_id=pk, outlet=outlet)
    publishing.retry_placement(placement.pk, by=person_of(request))
    messages.success(request, _("Riprovo adesso."))
    return redirect("newsroom:update", pk)


# --- the message templates ------------------------------------------------------------------------------------


@staff(*WRITERS)
def message_templates(request: HttpRequest) -> HttpResponse:
    """They are in the settings; who may not look there finds how they stand at the foot of the updates."""
    membership = membership_of(request)
    sees_settings = membership is not None and membership.has(Role.ADMINISTRATOR, Role.AUDITOR)
    if not sees_settings:
        return redirect("newsroom:updates")
    return redirect(f"{reverse('settings:templates')}?apri={templates.PURPOSE.key}")
