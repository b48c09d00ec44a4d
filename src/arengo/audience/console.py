# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the console shows of this room: its tab and its settings."""

from __future__ import annotations

from django.db.models import Max
from django.utils.translation import gettext, gettext_lazy as _

from arengo.audience.models import Policy
from arengo.core.console import cards, pages, sections, tabs
from arengo.core.console.cards import Card, State
from arengo.core.console.sections import Section
from arengo.core.console.tabs import Tab
from arengo.core.models import Role


def _policies_state() -> State:
    versions: dict[str, int] = dict(
        Policy.objects.values("kind").annotate(last=Max("version")).values_list("kind", "last")
    )
    missing = [kind for kind in Policy.Kind if kind not in versions]
    if missing:
        words = gettext("manca: %(names)s")
        return State(words % {"names": ", ".join(str(kind.label) for kind in missing)}, "warning")
    return State(gettext("informativa %(privacy)d, regole %(rules)d") % versions, "success")


def register() -> None:
    pages.register("arengo.audience.settings_urls")
    tabs.register(
        Tab(
            _("Iscritti"),
            "audience:subscribers",
            "it-user",
            (Role.EDITOR, Role.AUDITOR),
            order=40,
        )
    )
    sections.register(
        Section(
            "audience:subscribers",
            _("Persone"),
            "audience:people",
            (Role.EDITOR, Role.AUDITOR),
            order=20,
        )
    )
    sections.register(
        Section("audience:subscribers", _("Importa"), "audience:imports", (Role.ADMINISTRATOR,), order=40)
    )
    cards.register(
        Card(
            "settings:list",
            "comment",
            _("Parole e messaggi della lista"),
            _("Con quali parole ci si iscrive e ci si cancella, che cosa risponde Arengo."),
            order=20,
        )
    )
    cards.register(
        Card(
            "settings:policies",
            "file",
            _("Informativa e regole"),
            _("I testi che si ricevono iscrivendosi e che si leggono sul sito. Ogni versione resta."),
            order=40,
            state=_policies_state,
        )
    )
