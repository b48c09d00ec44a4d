# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The cards and pages of the settings that no room has yet."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _, ngettext

from arengo.config.settings_unread import unread_count
from arengo.core.console import cards, pages
from arengo.core.console.cards import Card, State


def _unread_state() -> State | None:
    count = unread_count()
    words = ngettext("%(count)d da guardare", "%(count)d da guardare", count) % {"count": count}
    return State(words, "warning") if count else None


def register() -> None:
    pages.register("arengo.config.settings_urls")
    cards.register(
        Card(
            "settings:status",
            "chart-line",
            _("Stato del servizio"),
            _(
                "Se tutto funziona adesso: invii, ricevute, posta in arrivo, e che cosa fare quando qualcosa non va."
            ),
            order=100,
        )
    )
    cards.register(
        Card(
            "settings:unread",
            "mail",
            _("Posta in arrivo non letta"),
            _("Ciò che è arrivato da WhatsApp e Arengo non ha saputo leggere."),
            order=110,
            state=_unread_state,
        )
    )
