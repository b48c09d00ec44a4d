# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Modelli: what the rooms need approved, how it stands at the platform, and what can be done about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _, ngettext

from arengo.core import outside
from arengo.core.access import FORM, WRITE, organization_of, person_of
from arengo.core.clean_text import isolated
from arengo.core.console.confirming import Question, asks
from arengo.core.console.settings_access import record, setting, show
from arengo.core.screens import Screen
from arengo.delivery.models import Sender
from arengo.delivery.sending.refusal_words import in_words
from arengo.delivery.templates import administration, overview, presets
from arengo.platforms.contract import Refusal


@dataclass(frozen=True)
class TemplatesPage(Screen):
    """``opened``: the key of the purpose whose row is open, or ""."""

    groups: Sequence[overview.OfSender]
    opened: str
    live_topics: str = "senders"


@setting()
def template_list(request: HttpRequest) -> HttpResponse:
    """``?apri=``: the purpose whose row is open."""
    organization = organization_of(request)
    groups = [overview.of_sender(organization, sender) for sender in Sender.objects.order_by("pk")]
    page = TemplatesPage(groups, opened=outside.text(request.GET.get("apri"), most=60))
    return show(request, "delivery/settings/templates.html", page)


@setting(methods=WRITE)
def sync_templates(request: HttpRequest, pk: int) -> HttpResponse:
    sender = get_object_or_404(Sender.objects, pk=pk)
    try:
        count = administration.sync(sender)
    except Refusal as refusal:
        _say_refused(request, sender, refusal)
    else:
        record(request, "delivery.synced_templates", on=sender, count=count)
        words = ngettext(
            "Elenco aggiornato: %(count)d modello.", "Elenco aggiornato: %(count)d modelli.", count
        )
        messages.success(request, words % {"count": count})
    return redirect("settings:templates")


@setting(methods=WRITE)
def create_templates(request: HttpRequest, pk: int) -> HttpResponse:
    """Those that the rooms registered and the platform does not have yet."""
    sender = get_object_or_404(Sender.objects.select_related("organization"), pk=pk)
    try:
        creation = administration.create_missing(sender, by=person_of(request))
    except Refusal as refusal:
        _say_refused(request, sender, refusal)
        return redirect("settings:templates")
    if creation.created:
        words = ngettext(
            "%(count)d modello presentato a Meta: di solito lo approva in pochi minuti.",
            "%(count)d modelli presentati a Meta: di solito li approva in pochi minuti.",
            len(creation.created),
        )
        messages.success(request, words % {"count": len(creation.created)})
    for reason in dict.fromkeys(refused.reason for refused in creation.refused):
        names = ", ".join(refused.name for refused in creation.refused if refused.reason == reason)
        messages.error(request, f"{names}: {reason}")
    if not creation.created and not creation.refused:
        messages.info(request, _("Non manca nessun modello."))
    return redirect("settings:templates")


@dataclass(frozen=True)
class Renewing(Question):
    sender: Sender
    preset: presets.Preset


def _renewing(request: HttpRequest, pk: int, preset: str) -> Renewing:
    wanted = presets.preset(preset)
    if wanted is None:
        raise Http404
    sender = get_object_or_404(Sender.objects, pk=pk)
    return Renewing(_page_of(wanted), "", sender, wanted)


def _page_of(preset: presets.Preset) -> str:
    return f"{reverse('settings:templates')}?apri={preset.purpose.key}"


@setting(methods=FORM)
@asks("delivery/settings/template_renew_question.html", _renewing)
def renew_template(request: HttpRequest, pk: int, preset: str) -> HttpResponse:
    """One that no longer says what we would say goes to the platform anew. 404 for what no room registered."""
    sender = get_object_or_404(Sender.objects.select_related("organization"), pk=pk)
    wanted = presets.preset(preset)
    if wanted is None:
        raise Http404
    try:
        administration.renew(sender, wanted, by=person_of(request))
    except Refusal as refusal:
        _say_refused(request, sender, refusal)
    else:
        words = _("«%(name)s» presentato di nuovo a Meta: finché non lo approva non si può usare.")
        messages.success(request, words % {"name": wanted.name})
    return HttpResponseRedirect(_page_of(wanted))


def _say_refused(request: HttpRequest, sender: Sender, refusal: Refusal) -> None:
    reason = in_words(sender, refusal)
    messages.error(request, _("WhatsApp ha detto di no: %(reason)s") % {"reason": isolated(reason)})
