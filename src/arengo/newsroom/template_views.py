# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Modelli: the messages that the platform approved, as it lists them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _, ngettext

from arengo.core.access import WRITE, person_of
from arengo.core.console.settings_access import record, setting, show
from arengo.delivery import templates
from arengo.delivery.models import MessageTemplate, Sender
from arengo.delivery.refusal_messages import refused
from arengo.newsroom.templates import create_missing
from arengo.platforms.contract import Refusal

_KINDS = {"APPROVED": "success", "PENDING": "info", "IN_APPEAL": "info"}


@dataclass(frozen=True)
class Shown:
    """A template as its card shows it. ``kind`` is the look of its state."""

    template: MessageTemplate
    kind: str
    state: str
    header: str
    body: str
    footer: str
    buttons: list[dict[str, str]]

    @classmethod
    def of(cls, template: MessageTemplate) -> Shown:
        parts: dict[str, dict[str, Any]] = {
            str(part.get("type", "")).upper(): part for part in template.components if isinstance(part, dict)
        }
        header = parts.get("HEADER", {})
        return cls(
            template=template,
            kind=_KINDS.get(template.status, "danger"),
            state=_state(template.status),
            header=str(header.get("text", "")) or (_("[foto]") if header.get("format") == "IMAGE" else ""),
            body=str(parts.get("BODY", {}).get("text", "")),
            footer=str(parts.get("FOOTER", {}).get("text", "")),
            buttons=[
                {
                    "label": str(button.get("text", "")),
                    "icon": "link" if button.get("type") == "URL" else "reply",
                }
                for button in parts.get("BUTTONS", {}).get("buttons", [])
            ],
        )


def _state(status: str) -> str:
    words = {
        "APPROVED": _("approvato"),
        "PENDING": _("in esame presso Meta"),
        "IN_APPEAL": _("in riesame presso Meta"),
        "REJECTED": _("respinto"),
        "PAUSED": _("sospeso da Meta"),
        "DISABLED": _("disattivato da Meta"),
        "PENDING_DELETION": _("in eliminazione"),
    }
    return words.get(status, status)


@setting()
def template_list(request: HttpRequest) -> HttpResponse:
    senders = Sender.objects.prefetch_related("templates").order_by("pk")
    groups = [
        {
            "sender": sender,
            "templates": [
                Shown.of(template)
                for template in sorted(sender.templates.all(), key=lambda each: (each.name, each.language))
            ],
        }
        for sender in senders
    ]
    return show(request, "newsroom/settings/templates.html", {"groups": groups})


@setting(methods=WRITE)
def sync_templates(request: HttpRequest, pk: int) -> HttpResponse:
    sender = get_object_or_404(Sender.objects, pk=pk)
    try:
        count = templates.sync(sender)
    except Refusal as refusal:
        refused(request, sender, refusal)
    else:
        record(request, "delivery.synced_templates", on=sender, count=count)
        words = ngettext(
            "Elenco aggiornato: %(count)d modello.", "Elenco aggiornato: %(count)d modelli.", count
        )
        messages.success(request, words % {"count": count})
    return redirect("settings:templates")


@setting(methods=WRITE)
def create_templates(request: HttpRequest, pk: int) -> HttpResponse:
    """Arengo's own templates, those that the platform does not have yet."""
    sender = get_object_or_404(Sender.objects, pk=pk)
    try:
        creation = create_missing(sender, by=person_of(request))
    except Refusal as refusal:
        refused(request, sender, refusal)
        return redirect("settings:templates")
    if creation.created:
        words = _("Inviati a Meta per l’approvazione: %(names)s.")
        messages.success(request, words % {"names": ", ".join(creation.created)})
    for problem in creation.refused:
        messages.error(request, f"{problem.name}: {problem.reason}")
    if not creation.created and not creation.refused:
        messages.info(request, _("I modelli di Arengo ci sono già tutti."))
    return redirect("settings:templates")
