# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The card of the settings, the words of the log, and the notice of a trial on every public page."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext, gettext_lazy as _

from arengo.core import log_entries, public_notices
from arengo.core.clean_text import isolated
from arengo.core.console import cards, pages
from arengo.core.console.cards import Card, State
from arengo.core.public_pages import valid_until
from arengo.desk.front.models import FrontPage
from arengo.desk.front.reading import front_page, trial_of
from arengo.desk.hours.words import named


def _state() -> State | None:
    trial = trial_of(front_page())
    if trial is None:
        return None
    return State(gettext("in prova fino al %(day)s") % {"day": named(trial.last_day, "j F Y")})


def trial_notice(request: HttpRequest) -> str:
    """ "" when there is none."""
    trial = trial_of(front_page())
    if trial is None:
        return ""
    valid_until(trial.ends_at)
    day = named(trial.last_day, "j F Y")
    if not trial.words:
        return gettext("Questo servizio è in prova fino al %(day)s.") % {"day": day}
    return gettext("%(words)s In prova fino al %(day)s.") % {"words": isolated(trial.words), "day": day}


def register() -> None:
    pages.register("arengo.desk.front.settings_urls")
    log_entries.verbs({"desk.changed_front": _("ha cambiato la pagina pubblica dello sportello")})
    public_notices.register("trial", trial_notice, FrontPage)
    cards.register(
        Card(
            "settings:desk_front",
            "pa",
            _("Pagina dello sportello"),
            _(
                "Che cosa si può chiedere e che cosa no, gli altri modi, il nome in rubrica, il periodo di prova."
            ),
            order=14,
            state=_state,
        )
    )
