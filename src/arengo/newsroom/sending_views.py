# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The question before sending, and what became of an update."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from arengo.core import outside
from arengo.core.access import FORM, membership_of, organization_of, person_of, staff
from arengo.core.clean_text import isolated
from arengo.core.console.confirming import asks
from arengo.core.models import Role
from arengo.core.screens import Screen, render_screen
from arengo.newsroom import estimating, gates, publishing, templates
from arengo.newsroom.copies import Copy, copies_of, stoppable
from arengo.newsroom.drafts import draft_of
from arengo.newsroom.gates import Shut
from arengo.newsroom.kinds.base import registry as kinds
from arengo.newsroom.kinds.base.contract import Heard, Hears, Kind
from arengo.newsroom.models import Placement, Update
from arengo.newsroom.outcome.staleness import Passed, passed
from arengo.newsroom.outcome.standing import headline, is_published
from arengo.newsroom.outlets.base import registry
from arengo.newsroom.outlets.base.contract import Again, Plan, Retries, Said, Stops
from arengo.newsroom.panes import Tab, tabs
from arengo.newsroom.parts import Place, Shown, shown
from arengo.newsroom.roles import WRITERS
from arengo.newsroom.schedule import asking
from arengo.newsroom.schedule.asking import Answer
from arengo.newsroom.views import AboutUpdate, said_when

Capable = TypeVar("Capable")


@dataclass(frozen=True)
class SendPage(Screen):
    """``key``: sent twice with it, it goes out once. ``shut``: what must happen first; then there is no button."""

    update: Update
    ready: estimating.Readiness
    key: str
    has_links: bool
    shut: Sequence[Shut]
    parts: Sequence[Shown]


@staff(*WRITERS, methods=FORM)
def send(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks once, in words: who, where, how much. A POST is the answer."""
    update = get_object_or_404(Update.objects, pk=pk)
    return _send(request, update) if request.method == "POST" else ask_to_send(request, update)


def ask_to_send(
    request: HttpRequest, update: Update, *, asked: QueryDict | None = None, answer: Answer | None = None
) -> HttpResponse:
    """The question before sending: now, or when. ``asked``, ``answer``: a moment that was chosen, and cannot be."""
    if not update.is_draft:
        return redirect("newsroom:update", update.pk)
    draft = draft_of(update)
    ready = estimating.readiness(draft, organization_of(request))
    if not ready.may_go:
        return redirect("newsroom:edit", update.pk)
    page = SendPage(
        update,
        ready,
        key=uuid.uuid4().hex,
        has_links=any(flash.url for flash in draft.items),
        shut=gates.shut(update, by=person_of(request)),
        parts=shown(Place.SENDING, request, update),
    )
    when = asking.when(request, update, ready, asked=asked, answer=answer)
    unasked = request.method == "POST" and not answer
    return render_screen(request, "newsroom/send.html", page, when, status=422 if answer or unasked else 200)


def _send(request: HttpRequest, update: Update) -> HttpResponse:
    if asking.must_ask(request, update):  # the page was opened before the quiet hours began
        return ask_to_send(request, update)
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
        messages.warning(request, words % {"who": isolated(meanwhile.update.edited_by)})
        return redirect("newsroom:send", update.pk)
    except publishing.NoLongerDraft as gone:
        words = _("L'ha già inviato %(who)s (%(when)s): non parte una seconda volta.")
        messages.info(request, words % {"who": isolated(gone.update.sent_by), "when": said_when(gone.update)})
    except publishing.NotReady as not_ready:
        for each in not_ready.shut:
            messages.warning(request, each.words)
        if not_ready.shut:
            return redirect("newsroom:send", update.pk)
        messages.warning(request, _("Nel frattempo è cambiato qualcosa: l'invio non è partito."))
        return redirect("newsroom:edit", update.pk)
    return redirect("newsroom:update", update.pk)


@dataclass(frozen=True)
class ProgressPart(Screen):
    """What is known of a sent update. ``stoppable``: the keys of outlets where something can be kept from leaving.
    ``headline``: whom and where it reached, in one sentence.

    ``fragment``: it is asked for alone; ``stop_changed``: the way to stop comes along, since it came or went.
    """

    update: Update
    copies: Sequence[Copy]
    stoppable: Sequence[str]
    kind: Kind | None
    heard: Heard | None
    headline: str
    fragment: bool = False
    stop_changed: bool = False


@dataclass(frozen=True)
class UpdatePage(Screen):
    """Beside ProgressPart: how it looks at each outlet. ``published``: it went to nobody by name."""

    plans: Sequence[Plan]
    panes: Sequence[Tab]
    notes: Sequence[Shown]
    parts: Sequence[Shown]
    published: bool
    live_topics: str


def _found(pk: int) -> Update:
    found: Update = get_object_or_404(Update.objects.select_related("sent_by", "sender"), pk=pk)
    return found


def _progress(update: Update, *, shown: str | None = None) -> ProgressPart:
    """``shown``: for the part alone, what the page shows as stoppable."""
    copies = copies_of(update)
    kind = kinds.find(update.kind)
    stops = stoppable(copies)
    return ProgressPart(
        update=update,
        copies=copies,
        stoppable=stops,
        kind=kind,
        heard=kind.heard(update) if isinstance(kind, Hears) else None,
        headline=headline([(copy.placement, copy.figures) for copy in copies]),
        fragment=shown is not None,
        stop_changed=shown is not None and shown != ",".join(stops),
    )


@staff(*WRITERS)
def update(request: HttpRequest, pk: int) -> HttpResponse:
    found = _found(pk)
    if found.is_draft:
        return redirect("newsroom:edit", pk)
    part = _progress(found)
    page = UpdatePage(
        estimating.plans_of(draft_of(found), organization_of(request)),
        tabs(found),
        shown(Place.SENT_NOTE, request, found),
        shown(Place.SENT, request, found),
        is_published(found),
        found.topic,
    )
    return render_screen(request, "newsroom/update.html", page, part)


@staff(*WRITERS)
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    found = _found(pk)
    if found.is_draft:  # it came back among the drafts: the page itself must change
        answer = HttpResponse(status=200)
        answer["HX-Redirect"] = found.get_absolute_url()
        return answer
    # The way to stop stands beside this part, for its question may be open: sent along only when it comes or goes.
    part = _progress(found, shown=outside.text(request.GET.get("ferma")))
    return render_screen(request, "newsroom/progress.html", part)


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


@dataclass(frozen=True)
class RetryPage(Screen):
    """``passed``: flashes that speak of days that are over. ``code`` "": all reasons. ``outlet``: its key."""

    update: Update
    outlet_name: str | Promise
    found: Again
    passed: Sequence[Passed]
    code: str
    outlet: str


@staff(*WRITERS, methods=FORM)
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Failed parts of a copy again, those of one reason or all: a GET says to whom, at what cost and how often, and asks."""
    asked = request.POST if request.method == "POST" else request.GET
    code = outside.whole(asked.get("code"), most=outside.MOST_INTEGER)
    codes = None if code is None else [code]
    only = outside.text(asked.get("outlet"), most=40)
    able = _able(pk, Retries, only)  # type: ignore[type-abstract]  # protocols are asked for, not made
    if request.method == "POST":
        attempt = outside.whole(request.POST.get("attempt"))
        by = person_of(request)
        _say(request, [one.retry(copy, by=by, codes=codes, attempt=attempt) for copy, one in able])
        return redirect("newsroom:update", pk)
    [(placement, outlet), *_others] = able
    organization, update = organization_of(request), placement.update
    name = registry.chosen([placement.outlet])[0].words.name
    found = outlet.again(placement, organization, codes=codes)
    written = (update.sent_at or update.edited_at).astimezone(organization.zone).date()
    today = timezone.now().astimezone(organization.zone).date()
    over = passed(draft_of(update), written=written, today=today)
    page = RetryPage(update, name, found, over, "" if code is None else str(code), placement.outlet)
    return render_screen(request, "newsroom/retry.html", page)


def _stopping(request: HttpRequest, pk: int) -> AboutUpdate:
    [(placement, _outlet), *_others] = _able(pk, Stops)  # type: ignore[type-abstract]  # likewise
    update = placement.update
    return AboutUpdate(update.get_absolute_url(), isolated(update), update)


@staff(*WRITERS, methods=FORM)
@asks("newsroom/stop_question.html", _stopping)
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    """What has not left yet, at whatever outlet, does not leave."""
    able = _able(pk, Stops)  # type: ignore[type-abstract]  # likewise
    _say(request, [outlet.stop(placement, by=person_of(request)) for placement, outlet in able])
    return redirect("newsroom:update", pk)


@dataclass(frozen=True)
class RetryCopyPage(Screen):
    """``ready``: of that copy alone."""

    update: Update
    placement: Placement
    ready: estimating.Readiness


@staff(*WRITERS, methods=FORM)
def retry_outlet(request: HttpRequest, pk: int, outlet: str) -> HttpResponse:
    """A copy that did not go out at all, again. A GET says to whom and at what cost, and asks."""
    placement = get_object_or_404(
        Placement.objects.select_related("update__organization"), update_id=pk, outlet=outlet
    )
    if request.method != "POST":
        if placement.state != Placement.State.FAILED:
            return redirect("newsroom:update", pk)
        ready = publishing.readiness_of_copy(placement.update, outlet)
        page = RetryCopyPage(placement.update, placement, ready)
        return render_screen(request, "newsroom/retry_copy.html", page)
    try:
        publishing.retry_placement(placement.pk, by=person_of(request))
    except publishing.NotReady as stopped:
        words = [objection.words for objection in stopped.readiness.objections if objection.stops]
        messages.warning(request, " ".join(words))
    else:
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
