# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a citizen reads when they are warned or blocked: in the organization's language, and signed."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from arengo.core.languages import of_organization
from arengo.core.models import Organization, Person
from arengo.core.templatetags.arengo import named
from arengo.desk.blocks.models import BlockSettings
from arengo.desk.blocks.rules import Rule


def warning(rule: Rule, number: int, *, by: Person, organization: Organization, link: str) -> str:
    """``number``: 1 for the first warning. ``link``: the public address of the house rules."""
    with translation.override(of_organization(organization)):
        words = (
            _("È il primo richiamo: la preghiamo di rispettarle.")
            if number == 1
            else _("È il secondo richiamo. Al prossimo il numero può essere bloccato.")
        )
        return _(
            "Buongiorno, le ricordo le regole di questa chat:\n_«%(quote)s»_\n%(words)s\n"
            "Le regole: %(link)s\n%(name)s, %(organization)s"
        ) % {
            "quote": rule.quote,
            "words": words,
            "link": link,
            "name": by.get_short_name(),
            "organization": organization.name,
        }


def notice(ends_at: datetime, settings: BlockSettings, *, organization: Organization) -> str:
    """That they are blocked: for how long, how to object, the other ways, and what goes on."""
    with translation.override(of_organization(organization)):
        last_day = timezone.localdate(ends_at - timedelta(seconds=1))
        return _(
            "Dopo due richiami, fino al %(day)s compreso non leggiamo più ciò che scrive a questo numero.\n"
            "Per opporsi: %(objection)s\n"
            "Può sempre rivolgersi a noi: %(ways)s\n"
            "Se è iscritto, allerte e aggiornamenti continuano ad arrivare, e può cancellarsi quando vuole.\n"
            "%(organization)s"
        ) % {
            "day": named(last_day, "j F Y"),
            "objection": settings.objection,
            "ways": settings.other_ways,
            "organization": organization.name,
        }
