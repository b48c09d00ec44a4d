# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The digest as a kind. It travels in the message templates of news, so a town needs no others approved."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _, gettext_lazy

from arengo.audience.frequencies import Frequency
from arengo.delivery.models import Urgency
from arengo.newsroom.checking import LINE, Problem
from arengo.newsroom.drafts import Flash
from arengo.newsroom.kinds.base.contract import KindPartials
from arengo.newsroom.kinds.base.flashes import Flashes
from arengo.newsroom.kinds.digest import KEY
from arengo.newsroom.models import Rubric

ONLY_DIGESTS = Frequency(
    "digests",
    gettext_lazy("Solo le notizie flash"),
    gettext_lazy("solo con le notizie flash"),
    ("notizie flash", "flash", "riepilogo", "solo il riepilogo"),
    order=20,
)


class Digest(Flashes):
    key = KEY
    name = gettext_lazy("Notizie flash")
    about = gettext_lazy("Fino a quattro righe, ognuna con il suo collegamento.")
    urgency = Urgency.NEWS
    partials = KindPartials(editor="newsroom/digest/editor.html")
    rubrics = (Rubric.EVENT.value, Rubric.EVENT.value, Rubric.USE.value, Rubric.USE.value)
    frequency = ONLY_DIGESTS.key
    most = LINE

    def _flash_problems(self, flash: Flash, number: int) -> Iterator[Problem]:
        yield from super()._flash_problems(flash, number)
        if flash.text and not flash.url:
            words = _("Notizia %(number)d: manca il collegamento alla pagina che dice il resto.")
            yield Problem(f"url_{number}", words % {"number": number}, missing=True)
