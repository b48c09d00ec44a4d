# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is wrong with files: the antivirus is away, or does not look at some of them. The page, the command line, the banner."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Exists
from django.db.models.expressions import Combinable
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _, ngettext

from arengo.core.access import membership_of
from arengo.core.banners import Banner, Link
from arengo.core.console.conditions import Snapshot
from arengo.core.console.troubles import Kind, Trouble
from arengo.core.models import Role
from arengo.core.time_words import in_words
from arengo.desk.condition.sections import Unscanned, unscanned, waiting

KINDS = (Kind("antivirus_away"), Kind("antivirus_refuses"))


def find(snapshot: Snapshot) -> Iterator[Trouble]:
    found = snapshot.of(Unscanned)
    if found.away and found.since is not None:
        values = {"age": in_words(snapshot.at - found.since)}
        yield Trouble(
            "antivirus_away",
            _away(found.away),
            _(
                "Il primo aspetta da %(age)s. Nessuno va perso: finché non sono controllati quelli dei cittadini non si aprono, "
                "i nostri non partono. Chi gestisce il server guardi se clamd è in funzione e se ARENGO_CLAMD lo indica "
                "(«arengo doctor» lo prova); poi riprendono da soli, entro cinque minuti."
            )
            % values,
        )
    if found.not_taken:
        yield Trouble(
            "antivirus_refuses",
            ngettext(
                "L’antivirus risponde, e non controlla %(count)d file",
                "L’antivirus risponde, e non controlla %(count)d file",
                found.not_taken,
            )
            % {"count": found.not_taken},
            _(
                "Di solito sono più grandi di ciò che clamd accetta: in clamd.conf servono «StreamMaxLength 110M» e "
                "«MaxFileSize 110M». Il file si riprova ogni ora."
            ),
        )


def _away(count: int) -> str:
    return ngettext(
        "L’antivirus non risponde: %(count)d file aspetta",
        "L’antivirus non risponde: %(count)d file aspettano",
        count,
    ) % {"count": count}


def when() -> Combinable:
    """For a query of organizations."""
    return Exists(waiting().filter(in_a_row=0))


def banner(request: HttpRequest) -> list[Banner]:
    """For administrators, while files wait for an antivirus that does not answer."""
    membership = membership_of(request)
    if membership is None or not membership.has(Role.ADMINISTRATOR):
        return []
    found = unscanned()
    if not found.away:
        return []
    status = reverse("settings:status")
    return [
        Banner(
            "antivirus-away",
            _("L’antivirus non risponde."),
            _("I file delle conversazioni aspettano che li controlli: non si aprono e non partono."),
            (Link(_("Che cosa fare"), status),),
            page=status,
        )
    ]
