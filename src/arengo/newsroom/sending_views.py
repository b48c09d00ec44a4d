# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The question before sending, what became of an update, and the message templates."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _, ngettext

from arengo.core import outside
from arengo.core.access import FORM, WRITE, membership_of, organization_of, person_of, staff
from arengo.core.models import Role
from arengo.delivery import doubts, templates as known_templates, tier
from arengo.delivery.models import Sender
from arengo.newsroom import estimating, outcome, publishing, templates
from arengo.newsroom.drafts import draft_of
from arengo.newsroom.models import Outlet, Placement, Update
from arengo.newsroom.preview import preview
from arengo.newsroom.views import WRITERS, said_when
from arengo.platforms.contract import Refusal


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
    placements = update.placements.select_related("fanout__sender", "post")
    by_outlet = {placement.outlet: placement for placement in placements}
    on_list = by_outlet.get(Outlet.LIST)
    fanout = on_list.fanout if on_list else None
    result = outcome.outcome_of(fanout) if fanout else None
    return {
        "update": update,
        "on_list": on_list,
        "on_channel": by_outlet.get(Outlet.CHANNEL),
        "outcome": result,
        "stoppable": bool(result and not result.is_over and not result.stopped_at),
        "held": tier.held(fanout) if fanout else None,
        "second_tries": tier.second_tries(fanout) if fanout else None,
        "reactions": outcome.reactions(fanout) if fanout else [],
        "unknown": doubts.unknown(fanout) if fanout and fanout.n_unknown else None,
        "may_send_unknown": bool(fanout and outcome.may_send_unknown(fanout)),
        "reasons": outcome.reasons(fanout) if fanout and fanout.n_failed else [],
        "sender": fanout.sender if fanout else update.sender,
        "live_topics": update.topic,
    }


@staff(*WRITERS)
def update(request: HttpRequest, pk: int) -> HttpResponse:
    context = _shown(request, pk)
    if context is None:
        return redirect("newsroom:edit", pk)
    sent = context["update"]
    draft = draft_of(sent)
    context["phone"] = preview(draft, organization_of(request), sent.sender)
    context["items"] = draft.items
    return render(request, "newsroom/update.html", context)


@staff(*WRITERS)
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    context = _shown(request, pk)
    if context is None:  # it came back among the drafts: the page itself must change
        answer = HttpResponse(status=200)
        answer["HX-Redirect"] = get_object_or_404(Update.objects, pk=pk).get_absolute_url()
        return answer
    # The way to stop stands beside this part, for its question may be open: sent along only when it comes or goes.
    context["stop_shown"] = "ferma" in request.GET
    return render(request, "newsroom/progress.html", {**context, "fragment": True})


def _placement(pk: int, outlet: str) -> Placement:
    found: Placement = get_object_or_404(
        Placement.objects.select_related("fanout__sender", "update"), update_id=pk, outlet=outlet
    )
    return found


@staff(*WRITERS, methods=WRITE)
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Failed messages again: those of one reason, or all."""
    code = outside.whole(request.POST.get("code"), most=outside.MOST_INTEGER)
    moved = outcome.retry(
        _placement(pk, Outlet.LIST), by=person_of(request), codes=None if code is None else [code]
    )
    if moved:
        words = ngettext("%(count)d messaggio riparte.", "%(count)d messaggi ripartono.", moved)
        messages.success(request, words % {"count": moved})
    else:
        messages.info(
            request,
            _("Nessun messaggio riparte: chi non l'ha ricevuto non è più iscritto, o è già ripartito."),
        )
    return redirect("newsroom:update", pk)


@staff(*WRITERS, methods=WRITE)
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    spared = outcome.stop(_placement(pk, Outlet.LIST), by=person_of(request))
    if spared:
        words = ngettext(
            "Invio fermato: %(count)d messaggio non parte.",
            "Invio fermato: %(count)d messaggi non partono.",
            spared,
        )
        messages.success(request, words % {"count": spared})
    else:
        messages.info(request, _("Non c'era più nulla da fermare: i messaggi erano già partiti."))
    return redirect("newsroom:update", pk)


@staff(*WRITERS, methods=WRITE)
def retry_outlet(request: HttpRequest, pk: int, outlet: str) -> HttpResponse:
    """A copy that did not go out at all, again."""
    publishing.retry_placement(_placement(pk, outlet).pk, by=person_of(request))
    messages.success(request, _("Riprovo adesso."))
    return redirect("newsroom:update", pk)


# --- the message templates ------------------------------------------------------------------------------------


@staff(*WRITERS)
def message_templates(request: HttpRequest) -> HttpResponse:
    organization = organization_of(request)
    shown = []
    for sender in estimating.senders():
        listed = list(templates.overview(organization, sender))
        shown.append((sender, listed, any(one.template is None for one in listed)))
    membership = membership_of(request)
    sees_settings = membership is not None and membership.has(Role.ADMINISTRATOR, Role.AUDITOR)
    context = {"shown": shown, "sees_settings": sees_settings, "live_topics": "senders"}
    return render(request, "newsroom/message_templates.html", context)


@staff(*WRITERS, methods=WRITE)
def create_templates(request: HttpRequest, sender_id: int) -> HttpResponse:
    sender = get_object_or_404(Sender.objects.select_related("organization"), pk=sender_id)
    try:
        done = templates.create_missing(sender, by=person_of(request))
    except Refusal as refusal:
        _say_unread(request, sender, refusal)
        return redirect("newsroom:templates")
    if done.created:
        words = ngettext(
            "%(count)d modello presentato a Meta: di solito lo approva in pochi minuti.",
            "%(count)d modelli presentati a Meta: di solito li approva in pochi minuti.",
            len(done.created),
        )
        messages.success(request, words % {"count": len(done.created)})
    for reason in dict.fromkeys(refused.reason for refused in done.refused):
        names = ", ".join(refused.name for refused in done.refused if refused.reason == reason)
        messages.error(request, f"{names}: {reason}")
    if not done.created and not done.refused:
        messages.info(request, _("Non manca nessun modello."))
    return redirect("newsroom:templates")


@staff(*WRITERS, methods=WRITE)
def sync_templates(request: HttpRequest, sender_id: int) -> HttpResponse:
    sender = get_object_or_404(Sender.objects, pk=sender_id)
    try:
        known_templates.sync(sender)
    except Refusal as refusal:
        _say_unread(request, sender, refusal)
    else:
        messages.success(request, _("Stato dei modelli aggiornato."))
    return redirect("newsroom:templates")


def _say_unread(request: HttpRequest, sender: Sender, refusal: Refusal) -> None:
    reason = templates.reason_of(sender, refusal)
    messages.error(request, _("Non riesco a leggere i modelli da WhatsApp: %(reason)s") % {"reason": reason})
