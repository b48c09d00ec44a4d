# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the console shows of the message templates: their page in the settings, and its card."""

from __future__ import annotations

from django.utils.translation import gettext, gettext_lazy as _, ngettext

from arengo.core.console import cards, pages
from arengo.core.console.cards import Card, State
from arengo.delivery.models import MessageTemplate, Sender
from arengo.delivery.templates.fitting import APPROVED
from arengo.delivery.templates.presets import registered


def _state() -> State | None:
    """Of the number that is used where nobody chooses one. None without a number: its own card says so."""
    sender = (
        Sender.objects.order_by("state", "pk").values_list("pk", flat=True).first()
    )  # active before stopped
    if sender is None:
        return None
    ours = {(preset.name, preset.language) for preset in registered()}
    approved = MessageTemplate.objects.filter(sender_id=sender, status=APPROVED).values_list(
        "name", "language"
    )
    waiting = len(ours - set(approved))
    if waiting:
        words = ngettext("%(count)d non ancora approvato", "%(count)d non ancora approvati", waiting)
        return State(words % {"count": waiting}, "warning")
    return State(gettext("tutti approvati"), "success")


def register() -> None:
    pages.register("arengo.delivery.templates.settings_urls")
    cards.register(
        Card(
            "settings:templates",
            "files",
            _("Modelli"),
            _("I messaggi approvati da Meta: servono per gli avvisi e dopo 24 ore di silenzio."),
            order=60,
            state=_state,
        )
    )
